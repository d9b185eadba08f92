/*
 * Syntax errors in words that a clerk understands: what was expected, after
 * what, what stands there instead, and what may have been meant.
 */
#ifndef POLICY_LANGUAGE_SYNTAX_H
#define POLICY_LANGUAGE_SYNTAX_H

#include "policy/language/compile.h"

/* found and expected are token kinds as in gram.h. */
void syntax_report(struct compiler *, int found, const struct place *,
    const int *expected, int count);

#endif
