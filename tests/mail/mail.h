/*
 * A message as tests hold it: header fields and body apart, as an MTA would
 * hand them over, and what an edit makes of them.
 */
#ifndef TESTS_MAIL_MAIL_H
#define TESTS_MAIL_MAIL_H

#include <glib.h>
#include <stdbool.h>

#include "milter/edit/edit.h"
#include "milter/message/message.h"

struct mail_field {
	char *name, *value;	/* with its leading space and LF folds */
};

struct mail {
	GPtrArray *fields;	/* struct mail_field */
	GByteArray *body;
};

/*
 * Takes a file apart.  The header ends with an empty line, or before a line
 * that is no field.  crlf: lines end in CRLF afterwards, as over SMTP;
 * else the body keeps what it has.
 */
struct mail *mail_parse(const void *data, gsize len, bool crlf);
void mail_free(struct mail *);

/* A message of it; the caller frees. */
struct message *mail_message(
    const struct mail *, const struct message_limits *);

/* The mail as an MTA would pass it on after the edit. */
struct mail *mail_edit(
    const struct mail *, struct message *, const struct edit *);

/* All of it as bytes. */
GByteArray *mail_bytes(const struct mail *);

typedef struct mail mail; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(mail, mail_free)

#endif
