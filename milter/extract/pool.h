/*
 * The processes behind struct extractor.
 *
 *	filter --- supervisor --- runner --- worker
 *	   \_______________________________/
 *
 * The filter has threads and must not fork; the supervisor, forked before
 * there are any, does it for it.  For each place in the pool there is a runner
 * and its worker.  The worker reads one attachment and ends: nothing of one
 * message is left when the next one comes.  It can only compute, so a program
 * that it needs is run by its runner, which never looks into the bytes.  Each
 * process ends when the one before it does.
 */
#ifndef MILTER_EXTRACT_POOL_H
#define MILTER_EXTRACT_POOL_H

#include <sys/types.h>

#include "milter/extract/reading.h"

/* What every process of a pool knows. */
struct pool {
	struct extract_limits limits;  /* complete */
	char *programs[PROGRAM_COUNT]; /* absolute, or NULL */
	/* What a worker does with an attachment: reading_run(), but in tests.
	 */
	void (*read)(const struct extract_limits *,
	    const struct reading_events *, const char *name, const char *type,
	    const void *data, gsize len, bool cut);
};

/* extractor_new() with another reader: for tests of the pool itself. */
struct extractor *extractor_new_pool(struct pool *, GError **);

/* The processes; none returns.  The last argument is their socket. */
void supervisor_run(
    const struct pool *, pid_t parent, int filter) G_GNUC_NORETURN;
void runner_run(const struct pool *, pid_t parent, int filter) G_GNUC_NORETURN;
void worker_run(
    const struct pool *, pid_t parent, int filter, int runner) G_GNUC_NORETURN;

#endif
