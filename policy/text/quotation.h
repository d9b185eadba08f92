/*
 * A few words of a text, fit for a letter about it.
 */
#ifndef POLICY_TEXT_QUOTATION_H
#define POLICY_TEXT_QUOTATION_H

#include <glib.h>

/*
 * The text from start to end on one line, at most max characters with "..." for
 * what is left out at a word's end; long numbers and mail addresses are masked
 * ("*****").  The caller frees.
 */
char *text_quotation(const char *text, gsize start, gsize end, gsize max);

#endif
