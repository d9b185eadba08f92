/*
 * What single lines of a sign-off say: closing words, names, telephone
 * numbers, and what they do not: sentences.
 *
 * Lines are UTF-8 and normalised, and not terminated.  Pure functions.
 */
#ifndef POLICY_TEXT_SIGNOFF_H
#define POLICY_TEXT_SIGNOFF_H

#include <glib.h>
#include <stdbool.h>

enum closing {
	CLOSING_NONE,
	CLOSING_THANKS, /* may as well be all that was to be said */
	CLOSING_WORDS,  /* "Kind regards", "Yn gywir", "pp Jane Jones" */
};
enum closing signoff_closing(const char *line, gsize len);

enum naming {
	NAMING_NONE,
	NAMING_NAME,   /* two to four words with capitals */
	NAMING_DASHED, /* "-Jane" */
	NAMING_TITLED, /* "Cllr Jane Jones", "Jane Jones, Clerk" */
	NAMING_AUTHOR, /* the name in From, or a part of it */
};
/* author: the display name of From, or NULL. */
enum naming signoff_naming(const char *line, gsize len, const char *author);

/* A telephone number, an address on the net, … */
bool signoff_is_contact(const char *line, gsize len);
/* A line of running text rather than of names and addresses. */
bool signoff_is_prose(const char *line, gsize len);
/* "Sent from my iPhone", "Get Outlook for Android" */
bool signoff_is_tail(const char *line, gsize len);

#endif
