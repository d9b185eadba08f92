/*
 * Sentences that somebody says, where only names, numbers and small print are
 * to be expected: below a sign-off, among disclaimers.  Who signs or disclaims
 * something can still be promising something.
 *
 * Lines are UTF-8 and not terminated.  Pure functions.
 */
#ifndef POLICY_TEXT_SPEECH_H
#define POLICY_TEXT_SPEECH_H

#include <glib.h>
#include <stdbool.h>

/* Does it name a sum of money, or say that we do what binds us? */
bool speech_binds(const char *text, gsize len);

/*
 * Does it speak to somebody, as no name, office, telephone or slogan does?
 * Office hours do not, unless they bind.
 */
bool speech_addresses(const char *line, gsize len);

#endif
