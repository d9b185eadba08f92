/*
 * Where in a text which of many regexes may match, found in one pass by
 * Hyperscan.  Where the build or the machine has none there is no prefilter.
 *
 * A prefilter is read-only; each thread has a scratch of its own.
 */
#ifndef POLICY_PATTERN_PREFILTER_H
#define POLICY_PATTERN_PREFILTER_H

#include "policy/pattern/windows.h"

struct prefilter;
struct prefilter_scratch;

/*
 * regexes: const char *, that compile; NULL where another is responsible for
 * the one of this id.  NULL: there is no prefilter.
 */
struct prefilter *prefilter_new(const GPtrArray *regexes);
void prefilter_free(struct prefilter *);

struct prefilter_scratch *prefilter_scratch_new(const struct prefilter *);
void prefilter_scratch_free(struct prefilter_scratch *);

/* Adds every window; false when it cannot tell, whatever it added. */
bool prefilter_scan(const struct prefilter *, struct prefilter_scratch *,
    const struct shadow_text *, struct runs, struct windows *);

#endif
