/*
 * Edits: a footer at the end of the author's text, a banner at its top, a
 * subject tag, header fields.  Each edit is computed as replacements of byte
 * ranges of the received body and as header changes; nothing outside them
 * changes.
 *
 * A struct edit owns its texts and borrows the message for its lifetime; it
 * belongs to the message's thread.
 */
#ifndef MILTER_EDIT_EDIT_H
#define MILTER_EDIT_EDIT_H

#include <glib.h>
#include <stdbool.h>

#include "milter/message/message.h"
#include "policy/policy.h"

/* One line of text for the foot, or a paragraph for the banner. */
struct edit_line {
	char *text;	/* UTF-8, no line end */
	char *language;	/* BCP 47 for HTML's lang, or "" */
};

/* What is wanted.  The caller owns it. */
struct edit_request {
	GPtrArray *footer;		/* struct edit_line; may be empty */
	enum placement placement;	/* of the footer */
	GPtrArray *banner;		/* struct edit_line; may be empty */
	char *subject_tag;		/* "[CONFIDENTIAL]", or NULL */
	char *sensitivity;		/* value of Sensitivity:, or NULL */
	enum protected_mail signed_mail, encrypted_mail;
	/*
	 * Mail from outside: a DKIM-Signature or ARC seal on it is somebody's
	 * signature over the whole body, which nothing can be wrapped around,
	 * so that PROTECTED_WRAP leaves it alone.  On submitted mail it counts
	 * for nothing: the council's own signer comes after us.
	 */
	bool inbound;
	const guint8 *key;		/* of the marker's HMAC */
	gsize key_len;
};

/* Replaces bytes [start, end) of the body by text. */
struct splice {
	gsize start, end;
	GBytes *text;
};

enum header_op { HEADER_INSERT, HEADER_CHANGE, HEADER_DELETE };

/* As libmilter wants it: index from 1 within the name; folds are LF. */
struct header_change {
	enum header_op op;
	char *name;
	unsigned index;	/* CHANGE, DELETE; for INSERT the position, 0: top */
	char *value;	/* without the leading space; NULL for DELETE */
};

enum edit_status {
	EDIT_NONE,	/* nothing was asked for */
	EDIT_DONE,	/* the message gains what was asked for */
	EDIT_THERE,	/* it has it already */
	EDIT_WRAPPED,	/* it is now the first part of a multipart/mixed whose
			 * other part says what was asked for: it is signed, or
			 * has no text that could be edited safely */
	EDIT_LEFT,	/* cannot or must not be edited; reason says why */
	EDIT_HOLD,	/* protected, and the policy says hold */
};

const char *edit_status_name(enum edit_status);	/* "done", "wrapped", … */

struct edit {
	enum edit_status status;
	char *reason;		/* EDIT_LEFT, _HOLD, _WRAPPED: "signed with
				 * S/MIME", for logs and reports; else NULL */
	GArray *splices;	/* struct splice, ascending, disjoint */
	GPtrArray *headers;	/* struct header_change, in order */
	GPtrArray *missing;	/* struct edit_line (borrowed): the footer lines
				 * that were not there yet */
};

/*
 * Computes an edit.  It never fails: what cannot be edited is EDIT_LEFT with
 * its reason.  A marker that we did not make is deleted in any case, even when
 * nothing was asked for.
 */
struct edit *edit_new(struct message *, const struct edit_request *);
void edit_free(struct edit *);

/* Does the message carry a marker header, ours or forged? */
bool edit_has_marker(const struct message *);

/*
 * Writes the edited body in pieces of any size, in one pass; stops when write
 * returns false and then returns false.
 */
bool edit_write_body(const struct edit *, struct message *,
    bool (*write)(void *arg, const void *data, gsize len), void *arg);

struct edit_request *edit_request_new(void);
void edit_request_free(struct edit_request *);
void edit_request_add_footer(
    struct edit_request *, const char *text, const char *language);
void edit_request_add_banner(
    struct edit_request *, const char *text, const char *language);

typedef struct edit edit; /* for g_autoptr */
typedef struct edit_request edit_request;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(edit, edit_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(edit_request, edit_request_free)

#endif
