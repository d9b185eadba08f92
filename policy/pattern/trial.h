/*
 * Does a regex backtrack badly?  Every one is tried before it is used, on texts
 * that are made to bring that out.
 *
 * Pure functions.
 */
#ifndef POLICY_PATTERN_TRIAL_H
#define POLICY_PATTERN_TRIAL_H

#include <glib.h>

/*
 * NULL when the regex, which compiles, may be used; else what is wrong with it,
 * for people, freed by the caller.
 */
char *trial_fault(const char *regex);

#endif
