/*
 * A regex taken apart at its top: "a|(?:b|c)" matches where "a", "b" or "c"
 * does.  Apart, each is tried only near its own literals.
 *
 * Pure functions.
 */
#ifndef POLICY_PATTERN_ALTERNATIVES_H
#define POLICY_PATTERN_ALTERNATIVES_H

#include <glib.h>

/*
 * char *, freed with the array: the regex itself when there is but one, or
 * when options in it reach over several.
 */
GPtrArray *pattern_alternatives(const char *regex);

#endif
