/*
 * Literals of which at least one stands in every text that a regex matches.
 * They are folded: ASCII letters are small, a run of white space is one space,
 * and what else is beyond ASCII is never part of one.
 *
 * Pure functions.
 */
#ifndef POLICY_PATTERN_REQUIRED_H
#define POLICY_PATTERN_REQUIRED_H

#include <glib.h>

/* Bytes of a literal, and literals of a regex, at most. */
enum { REQUIRED_LENGTH_MAX = 48, REQUIRED_MAX = 400 };

/*
 * char *, owned by the array; NULL when the regex, which compiles, has none
 * that are any help.
 */
GPtrArray *required_literals(const char *regex);

#endif
