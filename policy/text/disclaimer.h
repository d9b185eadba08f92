/*
 * What single sentences of disclaimers are about, in English, Welsh and a few
 * languages more.
 *
 * Pure functions.
 */
#ifndef POLICY_TEXT_DISCLAIMER_H
#define POLICY_TEXT_DISCLAIMER_H

#include <glib.h>
#include <stdbool.h>

enum disclaim {
	DISCLAIM_NO,
	DISCLAIM_HEADING, /* "Disclaimer", "Confidentiality notice" */
	DISCLAIM_OPENING, /* "This message is confidential." */
	DISCLAIM_MAYBE,   /* a person might write it, too */
	DISCLAIM_YES,
};

/*
 * Any text; more than a sentence says nothing.  Sentences of more words than
 * this are read in pieces.
 */
enum { SENTENCE_WORDS = 120 };
enum disclaim sentence_disclaims(const char *text, gsize len);

#endif
