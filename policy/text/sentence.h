/*
 * Sentences, and the clauses of a sentence, of English and Welsh as people
 * write them in mail: wrapped lines, lists, greetings, abbreviations, full
 * stops that nobody typed.
 *
 * Pure functions over text that text_normalise() has made plain.
 */
#ifndef POLICY_TEXT_SENTENCE_H
#define POLICY_TEXT_SENTENCE_H

#include <glib.h>

/* [start, end), in bytes, without the space around it. */
struct span {
	gsize start, end;
};

/*
 * The sentences of a text, struct span, in order.  A sentence ends with its
 * full stop, question or exclamation mark; else where the paragraph, the item
 * of a list or a line by itself (a greeting, a heading) ends.  A very long one
 * is cut between two words.  The caller frees.
 */
GArray *sentences_find(const char *text, gsize len);

/*
 * The clauses of one sentence, struct span relative to its start, in order.
 * Together they cover the sentence but for what divides them: semicolons,
 * colons, dashes, brackets, and conjunctions and relative pronouns that begin a
 * clause of their own, which belong to it ("but …", "who …").  The caller
 * frees.
 */
GArray *clauses_find(const char *sentence, gsize len);

#endif
