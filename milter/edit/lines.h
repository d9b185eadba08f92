/*
 * Is a line already there?  Whether we put it or somebody wrote it by hand:
 * case, spaces, full stops, commas and colons do not count, and "Cllr" is
 * "councillor".  The name has to be the same.
 */
#ifndef MILTER_EDIT_LINES_H
#define MILTER_EDIT_LINES_H

#include <glib.h>
#include <stdbool.h>

/* The form in which two spellings of a line are equal.  The caller frees. */
char *line_fold(const char *text, gsize len);

/*
 * Does a line of the text, or several that follow each other, say the same as
 * folded, a folded line?  Lines quoted with ">" do not count.
 */
bool lines_hold(const char *text, gsize len, const char *folded);

/* Where the last count lines that are not empty begin. */
gsize lines_last(const char *text, gsize len, unsigned count);
/* Where the first count lines that are not empty end. */
gsize lines_first(const char *text, gsize len, unsigned count);

#endif
