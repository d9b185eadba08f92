/*
 * The lexer: a policy's text as tokens, all at once, so that the parser can
 * look ahead where English needs it ("signed" is another word before "mail").
 * Words of the language are tokens of their own; their table is in lexicon.c.
 */
#ifndef POLICY_LANGUAGE_LEX_H
#define POLICY_LANGUAGE_LEX_H

#include "policy/language/compile.h"

struct token {
	int kind; /* as in gram.h */
	struct place place;
	const char *text; /* words as written; texts without quotes */
};

/*
 * Splits a text into reading->tokens, the last of them the end of the file,
 * which the caller frees.  Faults are reported and passed over.  reading->file
 * must be set.
 */
void lex(struct compiler *, struct reading *, const char *text, gsize len);

/* The kind of a word: T_WORD when it is none of the language. */
int lex_lookup(const char *word);
/* The kind of two words that make one token, or 0. */
int lex_lookup_pair(const char *word, const char *second);

/* Does the token begin a statement, or a part of a rule? */
bool lex_begins_statement(int kind);
bool lex_begins_clause(int kind);
bool lex_begins_action(int kind);

/* The word of a token kind, "footer"; NULL for others. */
const char *lex_word(int kind);
/* The word of the language nearest to another, or NULL. */
const char *lex_nearest(const char *);

#endif
