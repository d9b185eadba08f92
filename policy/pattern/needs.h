/*
 * Where in a text those of many regexes may match that need literals.
 *
 * After needs_seal() it is read-only; each thread has a scratch of its own.
 */
#ifndef POLICY_PATTERN_NEEDS_H
#define POLICY_PATTERN_NEEDS_H

#include "policy/pattern/windows.h"

struct needs;
struct needs_scratch;

struct needs *needs_new(void);
void needs_free(struct needs *);
/* False when the regex id, which compiles, needs none. */
bool needs_add(struct needs *, const char *regex, guint id);
void needs_seal(struct needs *);

struct needs_scratch *needs_scratch_new(const struct needs *);
void needs_scratch_free(struct needs_scratch *);

/* Appends struct window, in no order. */
void needs_scan(const struct needs *, struct needs_scratch *,
    const struct shadow_text *, struct runs, GArray *windows);

#endif
