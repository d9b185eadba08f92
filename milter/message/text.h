/*
 * The text of one part: its octets with the transfer encoding undone, and its
 * characters.  Nothing is copied that need not be: most mail is read in place.
 *
 * A struct text borrows the message and must not outlive it.
 */
#ifndef MILTER_MESSAGE_TEXT_H
#define MILTER_MESSAGE_TEXT_H

#include "milter/message/charset.h"
#include "milter/message/message.h"
#include "policy/text/marks.h"

struct text {
	const guint8 *octets;	/* NULL: the transfer encoding is unknown or
				 * broken */
	gsize octets_len;
	/*
	 * UTF-8 as a rule.  Where label and octets disagree the octets stand
	 * for themselves: good enough to look for ASCII in.  NULL when even
	 * that makes no sense.
	 */
	const char *chars;	/* without a byte order mark */
	gsize chars_len;
	bool same;		/* chars are the octets themselves, after */
	gsize mark;		/* so many octets of byte order mark */
	bool exact;		/* chars are what the label says */
	enum charset_kind charset;
	bool little_endian;	/* CHARSET_UTF16 */
	guint8 *decoded;	/* private */
	char *converted;
};

/* Sets the octets. */
void text_init(struct text *, struct message *, const struct part *);
/* Sets the characters too. */
void text_read(struct text *, struct message *, const struct part *);
void text_clear(struct text *);

/*
 * The octet at which a character's line begins, for an offset in chars that
 * begins a line or is the end; false when it cannot be told.
 */
bool text_octet(const struct text *, gsize offset, gsize *octet);
/*
 * The same inside a line, with the part's charset label; false unless the text
 * before it converts back to the very octets.
 */
bool text_octet_inside(const struct text *, const char *label, gsize offset,
    gsize *octet);

/* Adds a mark for each line: from its first character to its octet. */
void text_lines_to_octets(const struct text *, GArray *marks);

#endif
