/*
 * What a message says: its text in the order of reading, told apart by whose
 * words it is, and its attachments.  milter/message and milter/extract fill a
 * struct content, the detectors of policy/detect read it.
 *
 * A struct content owns everything reachable from it.  It belongs to one
 * thread.
 */
#ifndef POLICY_TEXT_CONTENT_H
#define POLICY_TEXT_CONTENT_H

#include <glib.h>
#include <stdbool.h>

/* Whose words a segment is, or where it stands. */
enum origin {
	ORIGIN_SUBJECT,		/* decoded, as it stands */
	ORIGIN_OWN,		/* the author's own new text */
	ORIGIN_QUOTED,		/* history that a reply carries */
	ORIGIN_FORWARDED,	/* a message that is passed on */
	ORIGIN_SIGNATURE,	/* sign-off block: name, title, office, … */
	ORIGIN_DISCLAIMER,	/* "intended recipient", virus scans, … */
	ORIGIN_FOOTER,		/* a footer or banner of ours */
	ORIGIN_UNSEEN,		/* HTML that its reader does not see */
	ORIGIN_NAME,		/* an attachment's file name */
	ORIGIN_ATTACHMENT,	/* an attachment's text */
	ORIGIN_PROPERTY,	/* a document property: "Name: value" */
	ORIGIN_COUNT
};

/* "own", "quoted", … */
const char *origin_name(enum origin);

/*
 * From an offset in a segment's text to one in what it was read from.  Between
 * two marks both run in step.
 */
struct text_mark {
	gsize text, source;
};

/*
 * A run of text of one origin.  The text is normalised by text_normalise() so
 * that patterns need not know how many ways there are to write an apostrophe.
 */
struct segment {
	enum origin origin;
	char *text;		/* UTF-8, NUL-terminated, lines end in \n */
	gsize len;
	const char *language;	/* "en", "cy", … (static); "" when unknown */
	unsigned part;		/* its leaf, counted from 0 in the order of the
				 * message; the same in both alternatives */
	bool html;		/* read from text/html */
	unsigned depth;		/* QUOTED, FORWARDED: 1 for the newest */
	char *writer_name;	/* QUOTED, FORWARDED: who wrote it, as its
				 * attribution or header block says; or NULL */
	char *writer_address;
	int attachment;		/* index in content->attachments, or -1 */
	bool opens;		/* ATTACHMENT: first page, page headers and
				 * footers: where a marking would stand */
	gsize source_start;	/* where the part's body begins in the body of
				 * the message: source offsets count octets
				 * from it, transfer encoding undone */
	GArray *marks;		/* struct text_mark, ascending; NULL: text and
				 * source run in step from 0 */
};

/* How far an attachment was read; each ends in exactly one state. */
enum attachment_state {
	ATTACHMENT_READ,
	ATTACHMENT_UNSUPPORTED,	/* nothing here reads such files */
	ATTACHMENT_ENCRYPTED,	/* with a password, or by the mail */
	ATTACHMENT_TRUNCATED,	/* a limit was met: the text is a beginning */
	ATTACHMENT_TIMED_OUT,
	ATTACHMENT_FAILED,	/* damaged, or the reader broke */
	ATTACHMENT_STATE_COUNT
};

/* "read", "unsupported", "encrypted", "truncated", "timed out", "failed" */
const char *attachment_state_name(enum attachment_state);

/* A document property that may carry a marking. */
struct property {
	char *name, *value;
};

struct attachment {
	char *name;		/* file name; inside an archive or message
				 * "papers.zip/minutes.docx"; "" if none */
	char *type;		/* what it is by its content, the usual
				 * extension in lower case: "docx", "pdf",
				 * "zip"; "" when unknown */
	enum attachment_state state;
	char *reason;		/* for people, lower case, without a full stop;
				 * NULL when READ */
	char *opening;		/* first page, page headers and footers; not
				 * repeated in text; UTF-8, or NULL */
	char *text;		/* the rest; UTF-8, or NULL */
	GPtrArray *properties;	/* struct property, never NULL */
};

struct content {
	GPtrArray *segments;	/* struct segment */
	GPtrArray *attachments;	/* struct attachment */
	char *not_read;		/* why some text was not read, or NULL */
};

struct content *content_new(void);
void content_free(struct content *);
/* Adds an empty segment or attachment, owned by the content. */
struct segment *content_add_segment(struct content *, enum origin);
struct attachment *content_add_attachment(struct content *);
void attachment_free(struct attachment *);
struct attachment *attachment_new(void);
void attachment_add_property(
    struct attachment *, const char *name, const char *value);

/* The source offset of an offset in the text. */
gsize segment_source(const struct segment *, gsize offset);

typedef struct content content; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(content, content_free)

#endif
