/*
 * What the filter tells the MTA: an outcome as libmilter's calls, and the
 * conditions under which that works.
 *
 * For the callback of the connection that it is about.
 */
#ifndef MILTER_DAEMON_REPLY_H
#define MILTER_DAEMON_REPLY_H

#include <libmilter/mfapi.h>
#include <stdbool.h>

#include "milter/session.h"

/*
 * Does the MTA offer (SMFIF_ bits) every action that the policy may take?  If
 * not, the log says which, for whose sake, and what to do.
 */
bool reply_possible(const struct policy *, unsigned long offered);

/* Asks the MTA for the macros that are read, whatever its settings say. */
bool reply_request_macros(SMFICTX *);

/* The filter is going to stop, or cannot judge: try again later. */
sfsistat reply_later(SMFICTX *);

/*
 * Carries an outcome out and logs it.  Anything that the MTA does not take
 * makes it a deferral.  spaced: header values begin with their space
 * (SMFIP_HDR_LEADSPC).
 */
sfsistat reply_outcome(SMFICTX *, const struct outcome *, struct message *,
    const char *queue_id, bool spaced);

#endif
