/*
 * The marker: a header field by which we know our own work again.  It lists
 * what was added as keyed digests, bound to the message's identity, so that a
 * forged or copied one fails and it tells nobody more than the text does.
 *
 *	X-Council-Milter: v=1; lines=6f1c02d4e5a7b890,…; mac=…
 */
#ifndef MILTER_EDIT_MARKER_H
#define MILTER_EDIT_MARKER_H

#include <glib.h>
#include <stdbool.h>

#include "milter/message/message.h"

#define MARKER_NAME "X-Council-Milter"

struct marker;

/* Reads the message's markers; both arguments are borrowed. */
struct marker *marker_new(
    struct message *, const guint8 *key, gsize key_len);
void marker_free(struct marker *);

/* How many marker fields there are, and whether the i-th (from 0) is ours. */
unsigned marker_count(const struct marker *);
bool marker_is_ours(const struct marker *, unsigned i);

/* Did we add this line, to this very message? */
bool marker_has(struct marker *, const char *line);
/* From now on we have. */
void marker_add(struct marker *, const char *line);

/* The value of the field that says all that.  The caller frees. */
char *marker_value(struct marker *);

#endif
