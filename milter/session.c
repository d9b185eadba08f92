#include <string.h>

#include "milter/gather.h"
#include "milter/message/content.h"
#include "milter/outcome.h"
#include "milter/service.h"
#include "milter/session.h"

/* How far the message has come. */
enum progress { NO_MESSAGE, IN_ENVELOPE, IN_HEADER, IN_BODY, JUDGED };

struct session {
	struct service *service;
	char *client; /* NULL: local submission */
	bool trace;
	gint64 clock; /* 0: the real one */
	/* Of the message in hand; forgotten by forget_message(). */
	enum progress progress;
	struct policy *policy;
	struct envelope *envelope;
	struct facts *facts;
	struct message *message;
	struct content *text, *attachments; /* NULL until a rule needs them */
	struct outcome *outcome;
	bool concerned; /* some rule may hold by what the envelope says */
};

struct session *
session_new(struct service *service)
{
	struct session *session = g_new0(struct session, 1);

	session->service = service;
	return session;
}

/*
 * Also what a step out of order comes to: half a message must not be judged as
 * if it were whole, so the end finds none and defers it.
 */
static void
forget_message(struct session *session)
{
	/* In the order of who borrows from whom. */
	g_clear_pointer(&session->outcome, outcome_free);
	g_clear_pointer(&session->message, message_free);
	g_clear_pointer(&session->facts, facts_free);
	g_clear_pointer(&session->text, content_free);
	g_clear_pointer(&session->attachments, content_free);
	g_clear_pointer(&session->envelope, envelope_free);
	g_clear_pointer(&session->policy, policy_unref);
	session->progress = NO_MESSAGE;
}

void
session_free(struct session *session)
{
	if (session == NULL)
		return;
	forget_message(session);
	g_free(session->client);
	g_free(session);
}

void
session_abort(struct session *session)
{
	forget_message(session);
}

void
session_set_trace(struct session *session, bool trace)
{
	session->trace = trace;
}

void
session_set_time(struct session *session, gint64 unix_seconds)
{
	session->clock = unix_seconds;
}

struct message *
session_message(struct session *session)
{
	return session->message;
}

const struct content *
session_text(const struct session *session)
{
	return session->text;
}

const struct content *
session_attachments(const struct session *session)
{
	return session->attachments;
}

const struct facts *
session_facts(const struct session *session)
{
	return session->facts;
}

void
session_connect(struct session *session, const char *client)
{
	forget_message(session);
	g_free(session->client);
	session->client = g_strdup(client);
}

void
session_mail(struct session *session, const char *sender, const char *login)
{
	forget_message(session);
	session->policy = service_policy(session->service);
	session->facts = facts_new(session->policy);
	session->message = message_new(service_limits(session->service));
	session->envelope = envelope_new();
	session->envelope->sender = g_strdup(sender);
	session->envelope->login =
	    login != NULL && *login != '\0' ? g_strdup(login) : NULL;
	session->envelope->client = g_strdup(session->client);
	session->envelope->time = session->clock != 0
				      ? session->clock
				      : g_get_real_time() / G_USEC_PER_SEC;
	session->progress = IN_ENVELOPE;
}

void
session_rcpt(
    struct session *session, const char *argument, const char *resolved)
{
	if (session->progress != IN_ENVELOPE)
		forget_message(session);
	else
		envelope_add_recipient(session->envelope, argument, resolved);
}

/*
 * Nothing is judged at RCPT: local submission in Postfix simulates it, and an
 * answer there would leave the mail in the queue for ever.
 */
static void
end_envelope(struct session *session)
{
	facts_set_envelope(session->facts, session->envelope);
	session->concerned = verdict_possible(session->policy, session->facts);
	session->progress = IN_HEADER;
}

void
session_header(struct session *session, const char *name, const char *value)
{
	if (session->progress == IN_ENVELOPE)
		end_envelope(session);
	if (session->progress != IN_HEADER)
		forget_message(session);
	else
		message_add_header(session->message, name, value);
}

static void
learn_header(struct session *session)
{
	if (facts_headers(session->facts) == NULL)
		facts_set_headers(
		    session->facts, message_header_facts(session->message));
}

enum session_next
session_end_of_headers(struct session *session)
{
	if (session->progress == IN_ENVELOPE)
		end_envelope(session);
	if (session->progress != IN_HEADER) {
		forget_message(session);
		return SESSION_CONTINUE;
	}
	session->progress = IN_BODY;
	/* A forged marker must go, whatever the rules say. */
	if (edit_has_marker(session->message))
		return SESSION_CONTINUE;
	if (!session->concerned)
		return SESSION_ACCEPT;
	learn_header(session);
	return verdict_possible(session->policy, session->facts)
		   ? SESSION_CONTINUE
		   : SESSION_ACCEPT;
}

enum session_next
session_body(struct session *session, const void *data, gsize len)
{
	if (session->progress != IN_BODY) {
		forget_message(session);
		return SESSION_CONTINUE;
	}
	return message_add_body(session->message, data, len) ? SESSION_CONTINUE
							     : SESSION_SKIP;
}

/* Does a rule, or whoever asks why, still want to know more? */
static bool
is_curious(const struct session *session)
{
	if (facts_exempt(session->facts) == TRUTH_TRUE)
		return false;
	return session->trace ||
	       verdict_undecided(session->policy, session->facts);
}

/* What it says, step by step, since each costs more than the one before. */
static void
learn_message(struct session *session)
{
	facts_set_message(session->facts, message_facts(session->message));
	if (!is_curious(session))
		return;
	session->text = message_content(session->message, true);
	facts_set_text(session->facts, session->text);
	if (!facts_await_attachments(session->facts) || !is_curious(session))
		return;
	session->attachments = content_new();
	gather_attachments(session->attachments, session->message,
	    service_extractor(session->service),
	    service_limits(session->service)->text);
	facts_set_attachments(session->facts, session->attachments);
}

const struct outcome *
session_end_of_message(struct session *session, const char *queue_id)
{
	if (queue_id == NULL)
		queue_id = "NOQUEUE"; /* Postfix's word for it */
	if (session->progress == IN_ENVELOPE || session->progress == IN_HEADER)
		(void)session_end_of_headers(session);
	if (session->progress == IN_BODY) {
		learn_header(session);
		learn_message(session);
		session->outcome = outcome_new(session->service, session->facts,
		    session->envelope, session->message, queue_id,
		    session->trace);
		session->progress = JUDGED;
	} else if (session->outcome == NULL) {
		session->outcome = outcome_new_out_of_order(queue_id);
	}
	return session->outcome;
}
