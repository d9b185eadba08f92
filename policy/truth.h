/*
 * Three-valued logic.  A fact that has not arrived yet, or that could not be
 * found out, is UNKNOWN; it is never taken for FALSE.  The order of the values
 * makes AND the minimum and OR the maximum of both sides.
 */
#ifndef POLICY_TRUTH_H
#define POLICY_TRUTH_H

#include <stdbool.h>

enum truth { TRUTH_FALSE = 0, TRUTH_UNKNOWN = 1, TRUTH_TRUE = 2 };

static inline enum truth
truth_of(bool b)
{
	return b ? TRUTH_TRUE : TRUTH_FALSE;
}

static inline enum truth
truth_and(enum truth a, enum truth b)
{
	return a < b ? a : b;
}

static inline enum truth
truth_or(enum truth a, enum truth b)
{
	return a > b ? a : b;
}

static inline enum truth
truth_not(enum truth a)
{
	return (enum truth)(TRUTH_TRUE - a);
}

#endif
