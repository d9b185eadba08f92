/*
 * Which language a text is in, by the words that a text cannot do without.
 *
 * Pure functions.
 */
#ifndef POLICY_TEXT_LANGUAGE_H
#define POLICY_TEXT_LANGUAGE_H

#include <glib.h>

/* "en" or "cy"; "" when it cannot be told.  Static. */
const char *text_language(const char *text, gsize len);

#endif
