/*
 * Reading the blocks of pattern files: what the detectors of names and of
 * conduct have in common.  Every fault is told at the place where it stands.
 */
#ifndef POLICY_DETECT_WORDING_H
#define POLICY_DETECT_WORDING_H

#include <stdbool.h>

#include "policy/diag.h"
#include "policy/pattern/file.h"
#include "policy/pattern/matcher.h"

/* A block and one of its clauses, for messages. */
struct wording {
	const struct pattern_block *block;
	const struct pattern_clause *clause;
	struct diags *diags;
};

/*
 * Adds the regexes and texts of a clause, separated by commas, to a matcher.
 * Returns how many: their ids follow one another.
 */
guint wording_add(const struct wording *, struct matcher *);
/* The one word, text or number of a clause, or NULL after a fault. */
const struct pattern_token *wording_one(
    const struct wording *, enum pattern_token_kind);
/* "match" or "no match": its text, or NULL after a fault. */
const char *wording_example(const struct wording *, bool *wanted);
/* A clause whose key is none of these (ending with NULL). */
void wording_unknown(const struct wording *, const char *const *keys);

/* An example of a block, to be tried once everything is compiled. */
struct example {
	char *text;
	bool wanted;
	struct place place;
	gconstpointer of; /* what it is an example of */
};

GArray *examples_new(void); /* struct example */
/* Adds the example of a clause, if it is one without a fault. */
void examples_add(GArray *, const struct wording *, gconstpointer of);

#endif
