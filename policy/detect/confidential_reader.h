/*
 * Walks the clauses and tokens of a block and tells what is wrong with them.
 * Only the evidence detector includes this header.
 */
#ifndef POLICY_DETECT_CONFIDENTIAL_READER_H
#define POLICY_DETECT_CONFIDENTIAL_READER_H

#include <glib.h>
#include <stdbool.h>

#include "policy/diag.h"
#include "policy/pattern/file.h"

struct confidential_rules;

struct reader {
	struct confidential_rules *rules;
	struct diags *diags;
	GHashTable *cue_ids;    /* regex to id in the cue matcher */
	GHashTable *identities; /* regexes of a clause to a number */
	const struct pattern_block *block;
	const struct pattern_clause *clause;
	guint next_clause, next_token;
	bool told; /* of a fault in this block */
};

void reader_begin(struct reader *, const struct pattern_block *);
/* False behind the last; what is left of a clause is a fault. */
bool reader_next_clause(struct reader *);
/* To the first clause again. */
void reader_rewind(struct reader *);
/* Passes over what is left of the clause. */
void reader_skip(struct reader *);

/* At the clause. */
void reader_fault(struct reader *, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
/* "unknown clause "ancor", did you mean "anchor"?" */
void reader_unknown(struct reader *, const struct place *, const char *what,
    const char *word, const char *const *known);
void reader_duplicate(struct reader *, const struct place *before);

/* The next token if it is of that kind, else a fault and NULL. */
const struct pattern_token *reader_take(
    struct reader *, enum pattern_token_kind, const char *what);
/* True when that word stood there; expect: else a fault. */
bool reader_take_word(struct reader *, const char *word);
bool reader_expect_word(struct reader *, const char *word);
bool reader_take_comma(struct reader *);
bool reader_take_number(
    struct reader *, double lowest, double highest, double *);
/* A regex, or a text as one; the caller frees.  NULL after a fault. */
char *reader_take_regex(struct reader *, struct place *);

/*
 * near and lowered by, of a category or of evidence: struct cue.  False when
 * the clause is something else.
 */
bool reader_take_cue(struct reader *, GPtrArray *near, GPtrArray *lowered);

#endif
