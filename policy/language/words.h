/*
 * The language written out: for messages, explanations and comparisons.
 */
#ifndef POLICY_LANGUAGE_WORDS_H
#define POLICY_LANGUAGE_WORDS_H

#include "policy/policy.h"

/* Appends a text as it stands in a policy, in quotation marks. */
void words_append_text(GString *, const char *text);

/* Candidates for diag_suggest(); the array holds const char *. */
GArray *words_new(void);
void words_add(GArray *, const char *);
const char *words_nearest(const GArray *, const char *word);

#endif
