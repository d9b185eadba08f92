/*
 * What a message says: its text as struct content (policy/text/content.h), and
 * its attachments as they lie in it.
 *
 * Nothing is decoded before it is asked for.  Attachments live as long as
 * their message; content belongs to whoever asked for it.
 */
#ifndef MILTER_MESSAGE_CONTENT_H
#define MILTER_MESSAGE_CONTENT_H

#include "milter/message/message.h"
#include "milter/message/uuencode.h"
#include "policy/text/content.h"

/*
 * The subject, the texts told apart by whose words they are, and the names of
 * the attachments.  Parts that are encrypted are attachments of the content;
 * all others are added when they have been read, by content_add_attachments().
 *
 * html: text/html is read, too.  Where it says the same as its text/plain twin
 * it is read instead of it, since its elements tell more; where they differ
 * both are there.  Else HTML is read only where it has no twin.
 *
 * Source offsets of a segment count octets of its part with the transfer
 * encoding undone; content_place() leads on to the message's body.
 */
struct content *message_content(struct message *, bool html);

/*
 * Where in the body of the message an offset in a segment stands.  False for
 * what is not in the body, such as a subject or an attachment's text, and
 * where charset, encoding or a signature around it do not allow to tell.
 */
bool content_place(
    struct message *, const struct segment *, gsize offset, gsize *place);

/*
 * What is no text of the message itself: attachments and images, messages
 * inside, calendars, files that are uuencoded in a text.  Not signatures, and
 * not what is encrypted.
 */
struct message_attachment {
	struct message *message; /* that the part is of: perhaps one inside */
	const struct part *part;
	struct uuencoded *file; /* that in its text, or NULL: all of it */
	const char *name; /* decoded; "" if none */
	char *type;       /* as declared: "application/pdf" */
	unsigned leaf;    /* counted like segment.part */
	bool related;     /* shown in the HTML rather than attached */
};

/* struct message_attachment, in the order of the message. */
const GPtrArray *message_attachments(struct message *);
/* Its octets; NULL when the transfer encoding is unknown or broken. */
GBytes *message_attachment_data(const struct message_attachment *);

#endif
