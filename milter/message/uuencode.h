/*
 * Files that stand in a plain text between "begin 644 NAME" and "end", as mail
 * carried them before MIME and Outlook still can.  Their lines stay part of the
 * text: a reader whose program does not know them sees them.
 *
 * Pure functions; any bytes are a text.
 */
#ifndef MILTER_MESSAGE_UUENCODE_H
#define MILTER_MESSAGE_UUENCODE_H

#include <glib.h>
#include <stdbool.h>

struct uuencoded {
	char *name;       /* valid UTF-8; freed by who found it */
	gsize start, end; /* of the lines between: octets of the text */
};

/* May there be one? A quick look, which also sees some that are none. */
bool uuencode_suspect(const void *text, gsize len);
/* The first one from *pos on, which is then behind it. */
bool uuencode_find(
    const void *text, gsize len, gsize *pos, struct uuencoded *);
/* The file itself. */
GBytes *uuencode_decode(const void *text, const struct uuencoded *);

#endif
