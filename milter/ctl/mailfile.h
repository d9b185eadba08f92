/*
 * A message that lies in a file: taken apart as an MTA does it on the way in,
 * given to a session, and written as it would leave.
 *
 * A struct mailfile borrows the file's bytes.  Offsets count from their start.
 */
#ifndef MILTER_CTL_MAILFILE_H
#define MILTER_CTL_MAILFILE_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#include "milter/session.h"
#include "policy/facts.h"

struct mailfield {
	gsize start, name_end;	/* the name, without blanks before the colon */
	gsize value;		/* after the colon */
	gsize end;		/* after the last fold's line end */
};

struct mailfile {
	const char *data;
	gsize len;
	bool crlf;		/* how the first line ends */
	GArray *fields;		/* struct mailfield */
	gsize header_end;	/* after the last field */
	gsize body;		/* after the empty line, if there is one */
};

/*
 * Finds the header fields and the body.  A "From " line at the top is passed
 * over.  A line that is no field ends the header and begins the body, as in
 * Postfix.  Any bytes are a message.
 */
void mailfile_init(struct mailfile *, const char *data, gsize len);
void mailfile_clear(struct mailfile *);

/* The field's name, and its value with LF folds and the leading space. */
char *mailfile_name(const struct mailfile *, const struct mailfield *);
char *mailfile_value(const struct mailfile *, const struct mailfield *);

/* The message by itself, with line ends as they come from an MTA. */
struct message *mailfile_message(
    const struct mailfile *, const struct message_limits *);

/*
 * Gives the message to the session in the envelope, as an MTA does.  Returns
 * NULL when the session accepts the message at the end of the header; then
 * mailfile_finish() gives it the rest and has it judged all the same.
 */
const struct outcome *mailfile_judge(const struct mailfile *,
    const struct envelope *, struct session *);
const struct outcome *mailfile_finish(
    const struct mailfile *, struct session *);

/*
 * Writes the message with the edit, or unchanged without one.  What is new gets
 * the line ends of the file; all else is copied.  False when the file cannot be
 * written.
 */
bool mailfile_write(
    const struct mailfile *, const struct edit *, FILE *);

/*
 * The envelope, as far as stored mail still tells it: Return-Path, Sender or
 * From; To, Cc, Bcc or their Resent- forms, X-Original-To and Delivered-To.
 * The time is that of the Date field, or 0.
 */
struct envelope *envelope_from_headers(const struct mailfile *);
/*
 * The envelope in a file: the sender on the first line, then a recipient on
 * each line, "auth LOGIN" or "ip ADDRESS".
 */
struct envelope *envelope_load(const char *path, GError **);
/* The address may stand in brackets. */
void envelope_set_sender(struct envelope *, const char *address);
/*
 * Stored mail does not tell where it came in.  What neither a person of the
 * roster nor an address of the council's domains sent came from outside.
 */
void envelope_guess_client(struct envelope *, const struct policy *);

#endif
