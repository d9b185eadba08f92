/*
 * Letters of other scripts that look like Latin ones, and Latin ones that
 * look like plain ones, after the confusables of Unicode TR 39.
 */
#ifndef POLICY_TEXT_CONFUSABLE_H
#define POLICY_TEXT_CONFUSABLE_H

#include <glib.h>

/* The ASCII letter that a character looks like, or '\0'. */
char confusable_latin(gunichar);

#endif
