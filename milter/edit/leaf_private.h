/*
 * What leaf.c, which knows text, and leaf_write.c, which knows encodings,
 * share.
 */
#ifndef MILTER_EDIT_LEAF_PRIVATE_H
#define MILTER_EDIT_LEAF_PRIVATE_H

#include "milter/edit/leaf.h"
#include "milter/message/html.h"
#include "milter/message/text.h"

/* Text to be inserted, with LF, at an offset of the source. */
struct insertion {
	char *text;
	gsize pos;
};

struct leaf {
	struct message *m;
	const struct part *part;
	struct text text;
	/*
	 * What positions count in: the characters, or for HTML in an ASCII
	 * superset the octets as they are.
	 */
	const char *source;
	gsize source_len;
	bool source_is_octets;
	struct html *html;	/* NULL for plain text */
	gsize own_len;		/* plain text: where history begins */
	gsize signature;	/* … and the signature block before it */
	struct insertion insertions[2];	/* banner first */
	unsigned count;
	const char *eol;	/* of the encoded text */
};

/* The line end that the message's body uses. */
const char *message_eol(struct message *);

#endif
