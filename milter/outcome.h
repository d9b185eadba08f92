/*
 * From a message to what becomes of it: verdict, edits, journal, and the words
 * for the MTA and the log.  The struct outcome itself is in session.h.
 */
#ifndef MILTER_OUTCOME_H
#define MILTER_OUTCOME_H

#include "milter/session.h"

/*
 * Judges a complete message.  Borrows facts and message for its lifetime.
 * Whatever goes wrong on the way makes the outcome a deferral.
 */
struct outcome *outcome_new(struct service *, struct facts *,
    const struct envelope *, struct message *, const char *queue_id,
    bool trace);
/* The MTA sent its commands in an order that makes no message: defer. */
struct outcome *outcome_new_out_of_order(const char *queue_id);
void outcome_free(struct outcome *);

#endif
