/*
 * A message as the MTA hands it over: the header fields in order and the body,
 * byte for byte, in one buffer; and its MIME structure over those bytes.  The
 * only part of the project that knows GMime, which reads what single fields
 * say (addresses, encoded words, parameters).  Where parts begin and end is
 * read here, in structure.c, since an edit needs it to the byte.
 *
 * A message belongs to one thread.  Parts live as long as their message.
 */
#ifndef MILTER_MESSAGE_MESSAGE_H
#define MILTER_MESSAGE_MESSAGE_H

#include <glib.h>
#include <stdbool.h>

#include "policy/facts.h"

struct message;

/* What a part is for, as far as edits and inspections care. */
enum part_kind {
	PART_MULTIPART,		/* entered */
	PART_TEXT,		/* inline text/plain or text/html */
	PART_SIGNED,		/* multipart/signed (entered, never edited),
				 * pkcs7-mime signed-data, or text that is
				 * signed inline with PGP */
	PART_ENCRYPTED,		/* multipart/encrypted, enveloped-data, or
				 * text that is encrypted inline with PGP */
	PART_CLOSED,		/* message/…, multipart/report, calendar, TNEF,
				 * …: never entered, never edited */
	PART_ATTACHMENT,	/* everything else */
};

enum transfer_encoding {
	ENCODING_7BIT,		/* also when there is no header */
	ENCODING_8BIT,
	ENCODING_BINARY,
	ENCODING_QP,
	ENCODING_BASE64,
	ENCODING_UNKNOWN,	/* left alone */
};

/*
 * Offsets count bytes from the start of the message's *body*; the root's
 * header is the message's own, so its header range is empty.  body_start to
 * body_end is the part's content without the line end that belongs to the
 * boundary after it.
 */
struct part {
	enum part_kind kind;
	const char *type, *subtype;	/* lower case; "text", "plain" */
	const char *charset;		/* text: as labelled, or NULL */
	const char *smime;		/* pkcs7-mime: its smime-type in lower
					 * case, or NULL */
	enum transfer_encoding encoding;
	bool html;			/* PART_TEXT: text/html */
	bool flowed, delsp;		/* format=flowed, RFC 3676 */
	bool attachment;		/* Content-Disposition says so */
	bool uuencoded;			/* PART_TEXT: a file may stand in it */
	bool named;			/* has a file name */
	const char *name;		/* that name, decoded; NULL also when
					 * it cannot be read */
	bool abuts;			/* a boundary follows body_end with no
					 * line end between them */
	bool unseparated;		/* no empty line ends the header */
	const char *boundary;		/* multipart: its boundary; else NULL */
	gsize header_start, header_end;	/* header_end: after the empty line */
	gsize body_start, body_end;
	unsigned depth;			/* root: 0 */
	struct message *inside;		/* signed-data: the message in it, with
					 * offsets of its own; or NULL */
	struct part *parent;
	GPtrArray *children;		/* struct part; NULL for leaves */
};

/* Limits; 0 means none.  Met limits show in message_facts.not_inspected. */
struct message_limits {
	gsize size;		/* bytes of header and body kept */
	unsigned parts;		/* MIME parts */
	unsigned depth;		/* of nesting */
	gsize text;		/* bytes of text that are inspected */
};

struct message *message_new(const struct message_limits *);
/*
 * The same with all that is in a file: header, empty line, body, perhaps after
 * mbox's From_ line.  The header may also be that of a part only.
 */
struct message *message_parse(
    const struct message_limits *, const void *, gsize len);
void message_free(struct message *);

/*
 * One header field as libmilter gives it: folds are LF, the space after the
 * colon is still there (SMFIP_HDR_LEADSPC).
 */
void message_add_header(struct message *, const char *name, const char *value);
/* False when the size limit is met: the rest is neither wanted nor kept. */
bool message_add_body(struct message *, const void *, gsize);

/* Whether the address header was as long as the MTAs cut them. */
const struct header_facts *message_header_facts(struct message *);

/* Reads the structure, once; any bytes are a message, so it cannot fail. */
const struct part *message_root(struct message *);
/*
 * Why two readers of this message may see different parts ("it has two
 * Content-Type fields"), or NULL when its structure is beyond doubt.
 */
const char *message_doubt(struct message *);
/*
 * How the message is signed or encrypted, at any depth ("signed with S/MIME"),
 * or NULL; message_facts() says the same as truth values.
 */
const char *message_signature(struct message *);
const char *message_encryption(struct message *);
const struct message_facts *message_facts(struct message *);

unsigned message_header_count(const struct message *);
/* The i-th field, from 0; value with its leading space. */
void message_header(const struct message *, unsigned i, const char **name,
    const char **value);
/* The first field with that name (any case), without leading space, or NULL. */
const char *message_find_header(const struct message *, const char *name);
/* How many fields have that name. */
unsigned message_count_header(const struct message *, const char *name);

const char *message_body(const struct message *, gsize *len);
/* Was the body cut by the size limit? */
bool message_is_cut(const struct message *);

typedef struct message message; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(message, message_free)

#endif
