/*
 * The composer: a letter's texts in, RFC 5322 bytes out.  It is our own because
 * two text parts need little, GMime stays with milter/message, and libcurl's
 * MIME parts cannot be had as bytes.
 *
 * Pure functions; any thread.
 */
#ifndef MILTER_REPORT_MAIL_H
#define MILTER_REPORT_MAIL_H

#include <glib.h>

/* Everything is UTF-8 and may come from a message: it is made harmless here. */
struct mail {
	const char *from_name;	/* display name */
	const char *from, *to;	/* addr-specs */
	const char *subject;
	const char *message_id;	/* with brackets */
	const char *reference;	/* Message-ID of the message that it is about,
				 * so that mail programs show both together;
				 * or NULL */
	gint64 date;		/* Unix seconds */
	const char *text, *html;	/* lines end with LF */
};

/*
 * multipart/alternative in 7 bits with CRLF, no line over 78 octets but for an
 * unusually long address.  An address with a non-ASCII local part stands in
 * UTF-8 (RFC 6532), its domain always as an A-label.
 */
GBytes *mail_render(const struct mail *);

/*
 * Text that can stand in a line: valid UTF-8, every control character (line
 * ends too) a space, and without the characters that reorder text.
 */
char *mail_clean(const char *);

/*
 * The columns that such text takes: East Asian letters two, combining marks
 * none.
 */
gsize mail_columns(const char *);

#endif
