/*
 * When letters go: the back-off after a failure and the hour of the digest.
 * Pure functions; any thread.
 */
#ifndef MILTER_REPORT_SCHEDULE_H
#define MILTER_REPORT_SCHEDULE_H

#include <glib.h>
#include <stdbool.h>

/*
 * Seconds from the failure of an attempt (the first is 0) to the next one:
 * min, doubling up to max, less up to an eighth that depends on the
 * Message-ID, so that letters which failed together do not all return
 * together.
 */
unsigned schedule_backoff(
    unsigned min, unsigned max, unsigned attempt, const char *message_id);

/* "07:00" as minutes after midnight; false if it is no time of day. */
bool schedule_parse_time(const char *text, unsigned *minutes);

/*
 * The latest moment, at or before now, at which the local clock showed that
 * time: letters from before it belong into a digest.
 */
gint64 schedule_last_digest(gint64 now, unsigned minutes);

#endif
