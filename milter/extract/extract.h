/*
 * The text of attachments, read by worker processes that can do nothing else:
 * no privileges, no network, no files, bounded memory and time.  A worker that
 * dies costs one attachment its text, never the message.
 *
 * extractor_new() must be called before there are threads, since it forks, and
 * better before a password or key is known, since its processes are copies of
 * this one.  Called as root they become "nobody", who cannot read what the
 * filter's own user can.  The calling thread must live as long as they do.
 * Afterwards any thread may call extractor_read(); it waits for a free worker.
 */
#ifndef MILTER_EXTRACT_EXTRACT_H
#define MILTER_EXTRACT_EXTRACT_H

#include <glib.h>
#include <stdbool.h>

#include "policy/text/content.h"

/* Each has its setting in council-milter.conf(5); 0 means the default. */
struct extract_limits {
	unsigned workers; /* processes */
	unsigned seconds; /* for one attachment, wall clock */
	gsize memory;     /* bytes of one worker's address space */
	gsize input;      /* bytes of one attachment */
	gsize text;       /* bytes of text kept of one attachment */
	unsigned depth;   /* archives within archives */
	unsigned files;   /* in one archive, all levels together */
	gsize expanded;   /* bytes that one attachment may unpack to */
};

/* What reads which type; NULL: not installed, "" : look in the usual places. */
struct extract_programs {
	const char *pdftotext, *catdoc, *antiword;
	const char *tika; /* URL of an Apache Tika server; NULL: none */
};

struct extractor;

/*
 * Domain G_FILE_ERROR: no such program, or the processes cannot be contained
 * on this machine; then they are not started at all.
 */
struct extractor *extractor_new(
    const struct extract_limits *, const struct extract_programs *, GError **);
/* Ends the workers. */
void extractor_free(struct extractor *);

/*
 * Reads one attachment and, if it is an archive or a message, what is in it:
 * struct attachment, the attachment itself first, freed with the array.  name
 * and type are what the message says of it, or NULL.  Never fails: each
 * attachment has a state.
 */
GPtrArray *extractor_read(struct extractor *, const char *name,
    const char *type, const void *data, gsize len);
/*
 * Seconds that one attachment waits for a worker at most, and how long those of
 * one message may take together: no MTA waits for ever.
 */
unsigned extractor_patience(const struct extractor *);

#endif
