/*
 * What somebody does in a message, told from single sentences: gives an
 * instruction, criticises an officer, makes a statement to the press.  One
 * detector for all such kinds; the words are in pattern files, blocks of
 * "phrase".
 *
 * Used like marking.h.
 */
#ifndef POLICY_DETECT_PHRASES_H
#define POLICY_DETECT_PHRASES_H

#include <glib.h>
#include <stdbool.h>

#include "policy/diag.h"
#include "policy/pattern/file.h"
#include "policy/text/content.h"

struct phrase {
	const char *kind;	/* "instruction", "official-letter", …; lives
				 * with the rules */
	const char *title;	/* for people: "an instruction to an officer" */
	double probability;	/* the certainty of its block */
	guint segment;
	gsize sentence_start, sentence_end;
	gsize start, end;	/* what matched */
};

struct phrase_rules;

struct phrase_rules *phrase_rules_new(
    const GPtrArray *blocks, struct diags *);
void phrase_rules_free(struct phrase_rules *);
void phrase_rules_try(const struct phrase_rules *, struct diags *);
/* Is that a kind of theirs? */
bool phrase_rules_have(const struct phrase_rules *, const char *kind);

/*
 * struct phrase, one a sentence and kind, the most probable first, else in the
 * order of reading; freed with the array.  Looks at the author's own words, and
 * beyond them only where a block says so.  *cut becomes true when a limit was
 * met, so that there may be more.
 */
GPtrArray *phrases_find(
    const struct phrase_rules *, const struct content *, bool *cut);
/* The most probable of a kind with at least that probability, or NULL. */
const struct phrase *phrases_of_kind(
    const GPtrArray *phrases, const char *kind, double at_least);

#endif
