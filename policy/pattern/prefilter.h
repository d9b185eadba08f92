/*
 * Where in a text which of many regexes may match, found in one pass by
 * Hyperscan.  Where the build or the machine has none there is no prefilter.
 *
 * A prefilter is read-only; each thread has a scratch of its own.
 */
#ifndef POLICY_PATTERN_PREFILTER_H
#define POLICY_PATTERN_PREFILTER_H

#include <glib.h>
#include <stdbool.h>

struct prefilter;
struct prefilter_scratch;

/* A match of the regex may begin from first to last, both at a character. */
struct window {
	guint id;
	gsize first, last;
};

/* regexes: const char *, that compile.  NULL: there is no prefilter. */
struct prefilter *prefilter_new(const GPtrArray *regexes);
void prefilter_free(struct prefilter *);

struct prefilter_scratch *prefilter_scratch_new(const struct prefilter *);
void prefilter_scratch_free(struct prefilter_scratch *);

/*
 * Appends every window, by id, then ascending and apart: no regex matches
 * elsewhere.  False when it cannot tell.  The text is valid UTF-8.
 */
bool prefilter_scan(const struct prefilter *, struct prefilter_scratch *,
    const char *text, gsize len, GArray *windows);

#endif
