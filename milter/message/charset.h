/*
 * Character sets, as far as text is read and written in them.
 */
#ifndef MILTER_MESSAGE_CHARSET_H
#define MILTER_MESSAGE_CHARSET_H

#include <glib.h>
#include <stdbool.h>

enum charset_kind {
	CHARSET_NONE,		/* no label, or us-ascii */
	CHARSET_UTF8,
	CHARSET_SUPERSET,	/* bytes below 128 are ASCII; also labels that
				 * nobody knows, since in mail they are that */
	CHARSET_ISO2022,	/* ASCII, left and entered by escapes */
	CHARSET_UTF7,
	CHARSET_UTF16,		/* also UCS-2 */
	CHARSET_CLOSED,		/* can be read perhaps, but not added to */
};

enum charset_kind charset_kind(const char *label);

/*
 * Between a charset and UTF-8, exactly: NULL when anything does not convert
 * or the label is unknown.  The caller frees.
 */
char *charset_to_utf8(
    const char *label, const guint8 *octets, gsize len, gsize *utf8_len);
guint8 *charset_from_utf8(
    const char *label, const char *text, gsize len, gsize *octets_len);

/* Are all bytes below 128? */
bool is_ascii(const void *, gsize);

#endif
