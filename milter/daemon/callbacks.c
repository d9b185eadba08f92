#include <arpa/inet.h>
#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "milter/daemon/callbacks.h"
#include "milter/daemon/reply.h"

/* Steps that are answered by silence, wherever the MTA knows that. */
enum {
	SILENT_STEPS = SMFIP_NR_CONN | SMFIP_NR_MAIL | SMFIP_NR_RCPT |
		       SMFIP_NR_HDR | SMFIP_NR_BODY,
	UNWANTED_STEPS = SMFIP_NOHELO | SMFIP_NODATA | SMFIP_NOUNKNOWN,
	USED_ACTIONS =
	    SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_CHGBODY | SMFIF_QUARANTINE,
};

/* One connection; libmilter's private data. */
struct connection {
	unsigned long steps; /* SMFIP_ bits that were agreed upon */
	struct session *session;
	bool in_message; /* counted in filter.messages; false for a
			  * message that came while stopping */
	bool skip;       /* no more of this body is wanted */
};

/*
 * libmilter hands its callbacks a connection and nothing else, so what they
 * share stands here.
 */
static struct {
	struct service *service;
	GMutex lock; /* guards what follows */
	GCond idle;
	unsigned connections, messages;
	bool stopping;
} filter;

static void
begin_message(struct connection *connection)
{
	g_mutex_lock(&filter.lock);
	connection->in_message = !filter.stopping;
	if (connection->in_message)
		filter.messages++;
	g_mutex_unlock(&filter.lock);
	connection->skip = false;
}

/* Whatever became of the message, its memory is not kept for the next. */
static void
end_message(struct connection *connection)
{
	if (!connection->in_message)
		return;
	session_abort(connection->session);
	connection->in_message = false;
	g_mutex_lock(&filter.lock);
	if (--filter.messages == 0)
		g_cond_signal(&filter.idle);
	g_mutex_unlock(&filter.lock);
}

/* Silence where that was agreed upon, else CONTINUE: both mean "go on". */
static sfsistat
go_on(const struct connection *connection, unsigned long step)
{
	return (connection->steps & step) != 0 ? SMFIS_NOREPLY : SMFIS_CONTINUE;
}

/* False when the filter is stopping, and nobody may use the service. */
static bool
add_connection(void)
{
	bool welcome;

	g_mutex_lock(&filter.lock);
	welcome = !filter.stopping;
	if (welcome)
		filter.connections++;
	g_mutex_unlock(&filter.lock);
	return welcome;
}

static void
remove_connection(void)
{
	g_mutex_lock(&filter.lock);
	filter.connections--;
	g_mutex_unlock(&filter.lock);
}

static bool
policy_possible(unsigned long actions)
{
	g_autoptr(policy) policy = service_policy(filter.service);

	return reply_possible(policy, actions);
}

static sfsistat
on_negotiate(SMFICTX *ctx, unsigned long actions, unsigned long steps,
    unsigned long unused2, unsigned long unused3, unsigned long *want_actions,
    unsigned long *want_steps, unsigned long *want2, unsigned long *want3)
{
	struct connection *connection;

	(void)unused2;
	(void)unused3;
	if (!add_connection())
		return SMFIS_REJECT;
	if (!policy_possible(actions)) {
		remove_connection();
		return SMFIS_REJECT;
	}
	connection = g_new0(struct connection, 1);
	connection->steps =
	    steps & (SILENT_STEPS | UNWANTED_STEPS | SMFIP_HDR_LEADSPC);
	connection->session = session_new(filter.service);
	smfi_setpriv(ctx, connection);
	*want_actions = actions & USED_ACTIONS;
	if ((actions & SMFIF_SETSYMLIST) != 0 && reply_request_macros(ctx))
		*want_actions |= SMFIF_SETSYMLIST;
	*want_steps = connection->steps;
	*want2 = *want3 = 0;
	return SMFIS_CONTINUE;
}

/*
 * The client's address as text.  NULL stands for local submission, which the
 * MTAs show as a host "localhost" without any address; a client that they do
 * not know is a stranger.
 */
static const char *
client_name(
    const char *host, const _SOCK_ADDR *address, char *buf, socklen_t size)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)address;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;

	if (address == NULL)
		return strcmp(host, "localhost") == 0 ? NULL : "unknown";
	switch (address->sa_family) {
	case AF_INET:
		return inet_ntop(AF_INET, &in->sin_addr, buf, size);
	case AF_INET6:
		return inet_ntop(AF_INET6, &in6->sin6_addr, buf, size);
	case AF_UNIX:
		return NULL;
	default:
		return "unknown";
	}
}

static sfsistat
on_connect(SMFICTX *ctx, char *host, _SOCK_ADDR *address)
{
	struct connection *connection = smfi_getpriv(ctx);
	char buf[INET6_ADDRSTRLEN];

	if (connection == NULL)
		return SMFIS_TEMPFAIL;
	session_connect(
	    connection->session, client_name(host, address, buf, sizeof buf));
	return go_on(connection, SMFIP_NR_CONN);
}

/* An SMTP path without its brackets. */
static char *
strip_brackets(const char *path)
{
	gsize length = strlen(path);

	if (length >= 2 && path[0] == '<' && path[length - 1] == '>')
		return g_strndup(path + 1, length - 2);
	return g_strdup(path);
}

static const char *
macro(SMFICTX *ctx, const char *name)
{
	/* libmilter's prototypes know no const. */
	return smfi_getsymval(ctx, (char *)(uintptr_t)name);
}

static sfsistat
on_mail(SMFICTX *ctx, char **arguments)
{
	struct connection *connection = smfi_getpriv(ctx);
	g_autofree char *sender = NULL;

	if (connection == NULL)
		return SMFIS_TEMPFAIL;
	end_message(connection);
	begin_message(connection);
	if (connection->in_message) {
		sender = strip_brackets(arguments[0]);
		session_mail(
		    connection->session, sender, macro(ctx, "{auth_authen}"));
	}
	return go_on(connection, SMFIP_NR_MAIL);
}

/*
 * Never refused: with local submission Postfix only plays this step, and an
 * answer would leave the mail in the queue for good.
 */
static sfsistat
on_rcpt(SMFICTX *ctx, char **arguments)
{
	struct connection *connection = smfi_getpriv(ctx);
	g_autofree char *recipient = NULL;

	if (connection == NULL)
		return SMFIS_TEMPFAIL;
	/* The MTA itself has refused a recipient whose mailer is "error". */
	if (connection->in_message &&
	    g_strcmp0(macro(ctx, "{rcpt_mailer}"), "error") != 0) {
		recipient = strip_brackets(arguments[0]);
		session_rcpt(
		    connection->session, recipient, macro(ctx, "{rcpt_addr}"));
	}
	return go_on(connection, SMFIP_NR_RCPT);
}

static sfsistat
on_header(SMFICTX *ctx, char *name, char *value)
{
	struct connection *connection = smfi_getpriv(ctx);
	g_autofree char *spaced = NULL;

	if (connection == NULL)
		return SMFIS_TEMPFAIL;
	if (!connection->in_message)
		return go_on(connection, SMFIP_NR_HDR);
	/* An old MTA takes the space away; sessions want it back. */
	if ((connection->steps & SMFIP_HDR_LEADSPC) == 0)
		value = spaced = g_strconcat(" ", value, NULL);
	session_header(connection->session, name, value);
	return go_on(connection, SMFIP_NR_HDR);
}

static sfsistat
on_end_of_headers(SMFICTX *ctx)
{
	struct connection *connection = smfi_getpriv(ctx);

	if (connection == NULL)
		return SMFIS_TEMPFAIL;
	if (!connection->in_message)
		return reply_later(ctx);
	if (session_end_of_headers(connection->session) != SESSION_ACCEPT)
		return SMFIS_CONTINUE;
	end_message(connection);
	return SMFIS_ACCEPT;
}

/*
 * Silence about each chunk is worth more than SMFIS_SKIP, which would need an
 * answer to every one; a body over the limit is simply not kept.
 */
static sfsistat
on_body(SMFICTX *ctx, unsigned char *data, size_t length)
{
	struct connection *connection = smfi_getpriv(ctx);

	if (connection == NULL)
		return SMFIS_TEMPFAIL;
	if (connection->in_message && !connection->skip)
		connection->skip = session_body(connection->session, data,
				       length) == SESSION_SKIP;
	return go_on(connection, SMFIP_NR_BODY);
}

static sfsistat
on_end_of_message(SMFICTX *ctx)
{
	struct connection *connection = smfi_getpriv(ctx);
	const char *queue_id = macro(ctx, "i");
	const struct outcome *outcome;
	sfsistat status;

	if (connection == NULL || !connection->in_message)
		return reply_later(ctx);
	if (queue_id == NULL)
		queue_id = "NOQUEUE";
	outcome = session_end_of_message(connection->session, queue_id);
	status =
	    reply_outcome(ctx, outcome, session_message(connection->session),
		queue_id, (connection->steps & SMFIP_HDR_LEADSPC) != 0);
	end_message(connection);
	return status;
}

static sfsistat
on_abort(SMFICTX *ctx)
{
	struct connection *connection = smfi_getpriv(ctx);

	if (connection != NULL)
		end_message(connection);
	return SMFIS_CONTINUE;
}

/* Also for a monitor that only connected and left: then there is nothing. */
static sfsistat
on_close(SMFICTX *ctx)
{
	struct connection *connection = smfi_getpriv(ctx);

	if (connection == NULL)
		return SMFIS_CONTINUE;
	end_message(connection);
	session_free(connection->session);
	g_free(connection);
	smfi_setpriv(ctx, NULL);
	remove_connection();
	return SMFIS_CONTINUE;
}

bool
callbacks_register(void)
{
	char name[] = "council-milter";
	struct smfiDesc description = {
	    .xxfi_name = name,
	    .xxfi_version = SMFI_VERSION,
	    .xxfi_flags = USED_ACTIONS,
	    .xxfi_negotiate = on_negotiate,
	    .xxfi_connect = on_connect,
	    .xxfi_envfrom = on_mail,
	    .xxfi_envrcpt = on_rcpt,
	    .xxfi_header = on_header,
	    .xxfi_eoh = on_end_of_headers,
	    .xxfi_body = on_body,
	    .xxfi_eom = on_end_of_message,
	    .xxfi_abort = on_abort,
	    .xxfi_close = on_close,
	};

	return smfi_register(description) == MI_SUCCESS;
}

void
callbacks_set_service(struct service *service)
{
	filter.service = service;
}

bool
callbacks_drain(unsigned seconds)
{
	gint64 end = g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND;
	bool drained = true;

	g_mutex_lock(&filter.lock);
	filter.stopping = true;
	while (filter.messages > 0 && drained)
		drained = g_cond_wait_until(&filter.idle, &filter.lock, end);
	drained = filter.messages == 0;
	g_mutex_unlock(&filter.lock);
	return drained;
}

unsigned
callbacks_connections(void)
{
	unsigned count;

	g_mutex_lock(&filter.lock);
	count = filter.connections;
	g_mutex_unlock(&filter.lock);
	return count;
}
