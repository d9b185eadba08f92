/*
 * What single elements mean to the reader of a mail.
 */
#ifndef MILTER_MESSAGE_HTML_ELEMENT_H
#define MILTER_MESSAGE_HTML_ELEMENT_H

#include <gumbo.h>
#include <stdbool.h>

/* What an element says about the words in it. */
enum voice {
	VOICE_SAME,
	VOICE_SIGNATURE,
	VOICE_QUOTED,	/* this element is history */
	VOICE_OVER,	/* so is everything that follows */
};

/* As mail programs mark what they quote and what they sign with. */
enum voice element_voice(const GumboElement *);

/*
 * More than edits rely on: it is a signature block; the author's own words may
 * stand in it between quotations, although it holds history; it is one of our
 * own insertions.
 */
bool element_signs(const GumboElement *);
bool element_mixes(const GumboElement *);
bool element_is_insertion(const GumboElement *);

/* Its content is not shown, whatever its attributes say. */
bool element_is_unseen(const GumboElement *);
/* It has no content, and no end tag. */
bool element_is_void(GumboTag);
/* It begins a line. */
bool element_is_block(GumboTag);
/* A table part or list item: nothing may stand between two of them. */
bool element_is_inner(GumboTag);

#endif
