/*
 * Does a regex backtrack badly?  Every one is tried before it is used, on texts
 * that are made to bring that out.
 *
 * A struct trial belongs to one thread.
 */
#ifndef POLICY_PATTERN_TRIAL_H
#define POLICY_PATTERN_TRIAL_H

#include "policy/pattern/regex.h"

struct trial;

struct trial *trial_new(void);
void trial_free(struct trial *);

/*
 * NULL when the regex, compiled without further options, may be used; else what
 * is wrong with it, for people, freed by the caller.
 */
char *trial_fault(struct trial *, const char *regex, const pcre2_code *);

typedef struct trial trial; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(trial, trial_free)

#endif
