/*
 * What the lexers of policies and of pattern files have in common.  Texts are
 * valid UTF-8 and end with NUL.
 */
#ifndef POLICY_SCANNING_H
#define POLICY_SCANNING_H

#include <glib.h>
#include <stdbool.h>

/* Goes on to a place further on in the text, counting lines and columns. */
void scanning_advance(
    const char **p, unsigned *line, unsigned *column, const char *to);

/* What a word may hold. */
bool scanning_is_word_char(gunichar);

/*
 * The quotation marks that word processors and habit put in place of ": the
 * pair whose first one begins at p, or NULL.
 */
struct quotation_marks {
	const char *open, *close;
};

const struct quotation_marks *scanning_wrong_marks(const char *p);

/* How the fault is told. */
#define SCANNING_WRONG_MARKS "texts stand between plain quotation marks: \"…\""

#endif
