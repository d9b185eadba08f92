/*
 * A session: one connection from the MTA and the messages that come over it,
 * from the first MAIL to what is to be done with each.  It knows neither
 * libmilter nor MTAs; the callbacks translate, and councilctl feeds it from
 * files, so that explain shows exactly what the daemon does.
 *
 * A session belongs to one thread at a time.  Its service is shared.
 */
#ifndef MILTER_SESSION_H
#define MILTER_SESSION_H

#include <glib.h>
#include <stdbool.h>

#include "milter/edit/edit.h"
#include "milter/extract/extract.h"
#include "milter/journal/journal.h"
#include "milter/message/message.h"
#include "policy/policy.h"
#include "policy/judging/verdict.h"

/*
 * What all sessions share.  The policy is swapped by service_set_policy() and
 * taken at MAIL FROM; the rest is fixed for the life of the service.
 */
struct service;

/*
 * journal: NULL for a dry run, which records nothing and sends nothing.
 * extractor: reads the attachments, borrowed; NULL: nothing does.
 * key: of the marker's HMAC, copied.
 */
struct service *service_new(struct policy *, struct journal *,
    struct extractor *, const struct message_limits *, const guint8 *key,
    gsize key_len);
void service_free(struct service *);
/* From now on new messages are judged by this policy; takes a reference. */
void service_set_policy(struct service *, struct policy *);
struct policy *service_policy(struct service *); /* a new reference */

/* What the MTA should do after a step. */
enum session_next {
	SESSION_CONTINUE,
	SESSION_ACCEPT, /* nothing can concern this message: let it pass */
	SESSION_SKIP,   /* no more of the body is wanted */
};

/* What becomes of the message; owns all that it points to. */
struct outcome {
	enum disposition disposition;
	const char *reply_code;       /* "550", "451"; NULL when accepted */
	const char *reply_status;     /* "5.7.1", "4.7.1" (RFC 3463) */
	char *reply;                  /* one line of printable ASCII */
	char *hold_reason;            /* DISPOSITION_HOLD */
	struct edit *edit;            /* NULL: never computed */
	struct edit_request *request; /* what the edit was asked for */
	struct verdict *verdict;      /* NULL: never judged to the end */
	char *log;                    /* the one line to be logged, no text of
				       * the message; NULL: nothing to say */
	bool error;                   /* the line is about a failure */
};

struct session;

struct session *session_new(struct service *);
void session_free(struct session *);

/* client: textual IP address, or NULL for local submission. */
void session_connect(struct session *, const char *client);
/* Starts a message, forgetting any earlier one. */
void session_mail(struct session *, const char *sender, const char *login);
void session_rcpt(struct session *, const char *argument, const char *resolved);
void session_header(struct session *, const char *name, const char *value);
enum session_next session_end_of_headers(struct session *);
enum session_next session_body(struct session *, const void *, gsize);
/*
 * Judges, computes the edits and commits the journal.  queue_id may be NULL
 * when the MTA tells none.  The outcome lives until the next session_mail(),
 * session_abort() or session_free().
 */
const struct outcome *session_end_of_message(
    struct session *, const char *queue_id);
void session_abort(struct session *);

/* For explanations: evidence for every test; set before session_mail(). */
void session_set_trace(struct session *, bool);
/* Overrides the clock; 0: now. */
void session_set_time(struct session *, gint64 unix_seconds);
struct message *session_message(struct session *);
const struct facts *session_facts(const struct session *);
/* What the message and its attachments say; NULL when no rule needed it. */
const struct content *session_text(const struct session *);
const struct content *session_attachments(const struct session *);

typedef struct session session; /* for g_autoptr */
typedef struct service service;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(session, session_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(service, service_free)

#endif
