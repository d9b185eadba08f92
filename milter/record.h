/*
 * What the journal is told about a verdict.
 */
#ifndef MILTER_RECORD_H
#define MILTER_RECORD_H

#include "milter/session.h"

/*
 * The entry for a message with findings.  key makes its identity, which stays
 * the same for every try of the same message with the same result, so that a
 * retry after a crash is recognised, and so is a second pass through the filter
 * with our own edits in the message.
 */
struct journal_entry *record_new(const struct verdict *, const struct edit *,
    enum disposition, const struct facts *, const struct envelope *,
    struct message *, const char *queue_id, GBytes *key);

/* What the rule's actions came to, "footer, report"; for journal and log. */
char *record_actions(const struct rule *, bool failed);

#endif
