/*
 * Words of a text one after another, as the files that know words by heart
 * want them.
 */
#ifndef POLICY_TEXT_WORDS_H
#define POLICY_TEXT_WORDS_H

#include <glib.h>
#include <stdbool.h>

enum { WORD_MAX = 32 }; /* bytes kept of a word */

struct word {
	char text[WORD_MAX]; /* lower case, without "-" and "'" inside */
	gsize start, end;    /* in the text */
	bool capital;        /* begins with a capital letter or a digit */
};

/*
 * The next word from *pos on; false at the end.  Letters and digits are words;
 * "-", "'" and "&" may stand inside.
 */
bool word_next(const char *text, gsize len, gsize *pos, struct word *);

/* Is the word in a sorted list? */
bool word_is_in(const char *word, const char *const *sorted, gsize count);

#endif
