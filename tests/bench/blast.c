/*
 * blast: an MTA's side of the milter protocol, as fast as it goes.
 *
 *	blast [-c CONNECTIONS] [-t SECONDS] [-f FROM] [-a LOGIN] [-r RCPT]...
 *	    SOCKET FILE
 *
 * sends one message over and over and prints
 *
 *	messages N seconds S rate R edited E errors X
 *
 * SOCKET is the file of a unix socket.  The word SEQUENCE in the header is
 * replaced by a number of 8 digits that is new in every message, so that no
 * two are the same.  All packets between two answers go out at once.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MARK "SEQUENCE"

/* What is sent before an answer is waited for. */
struct segment {
	gsize start, end;
};

struct job {
	const char *socket, *sender, *login;
	GPtrArray *recipients;
	char *header, *body; /* the body with CRLF */
	gsize body_length;
	gint64 deadline; /* monotonic */
	gint sequence;   /* atomic */
};

struct client {
	struct job *job;
	int fd;
	unsigned long steps; /* SMFIP_ bits agreed upon */
	GByteArray *packets; /* one message */
	GArray *segments;
	GArray *marks;  /* offsets of MARK in packets */
	guint8 *answer; /* of the last packet received */
	unsigned done, edited, errors;
};

static void
client_init(struct client *client, struct job *job)
{
	client->job = job;
	client->packets = g_byte_array_new();
	client->segments = g_array_new(FALSE, FALSE, sizeof(struct segment));
	client->marks = g_array_new(FALSE, FALSE, sizeof(gsize));
	client->answer = g_malloc(MILTER_CHUNK_SIZE + 1);
}

static void
client_clear(struct client *client)
{
	g_byte_array_unref(client->packets);
	g_array_unref(client->segments);
	g_array_unref(client->marks);
	g_free(client->answer);
}

static void
put(struct client *client, char command, const void *data, gsize length)
{
	guint32 size = htonl((guint32)length + 1);

	g_byte_array_append(client->packets, (guint8 *)&size, sizeof size);
	g_byte_array_append(client->packets, (guint8 *)&command, 1);
	g_byte_array_append(client->packets, data, (guint)length);
}

static void
put_macro(
    struct client *client, char command, const char *name, const char *value)
{
	g_autoptr(GByteArray) data = g_byte_array_new();

	g_byte_array_append(data, (guint8 *)&command, 1);
	g_byte_array_append(
	    data, (const guint8 *)name, (guint)strlen(name) + 1);
	g_byte_array_append(
	    data, (const guint8 *)value, (guint)strlen(value) + 1);
	put(client, SMFIC_MACRO, data->data, data->len);
}

/* Everything from the last answer up to here goes out together. */
static void
end_segment(struct client *client)
{
	struct segment segment = {0, client->packets->len};

	if (client->segments->len > 0)
		segment.start = g_array_index(
		    client->segments, struct segment, client->segments->len - 1)
				    .end;
	g_array_append_val(client->segments, segment);
}

static void
put_step(struct client *client, char command, const void *data, gsize length,
    unsigned long unwanted, unsigned long silent)
{
	if ((client->steps & unwanted) != 0)
		return;
	put(client, command, data, length);
	if ((client->steps & silent) == 0)
		end_segment(client);
}

static void
put_header(struct client *client, const char *name, const char *value)
{
	g_autoptr(GByteArray) data = g_byte_array_new();
	const char *mark = strstr(value, MARK);
	gsize offset;

	if ((client->steps & SMFIP_HDR_LEADSPC) == 0 && *value == ' ')
		value++;
	g_byte_array_append(
	    data, (const guint8 *)name, (guint)strlen(name) + 1);
	if (mark != NULL) {
		/* After the packet's length and command. */
		offset = client->packets->len + 5 + data->len +
			 (gsize)(mark - value);
		g_array_append_val(client->marks, offset);
	}
	g_byte_array_append(
	    data, (const guint8 *)value, (guint)strlen(value) + 1);
	put_step(client, SMFIC_HEADER, data->data, data->len, SMFIP_NOHDRS,
	    SMFIP_NR_HDR);
}

static void
put_address(struct client *client, char command, const char *address,
    unsigned long unwanted, unsigned long silent)
{
	g_autofree char *path = g_strdup_printf("<%s>", address);

	put_step(client, command, path, strlen(path) + 1, unwanted, silent);
}

/* All packets of the message, as this filter wants them. */
static void
write_message(struct client *client)
{
	const struct job *job = client->job;
	g_auto(GStrv) fields = g_strsplit(job->header, "\n", -1);

	if (job->login != NULL)
		put_macro(client, SMFIC_MAIL, "{auth_authen}", job->login);
	put_address(
	    client, SMFIC_MAIL, job->sender, SMFIP_NOMAIL, SMFIP_NR_MAIL);
	for (guint i = 0; i < job->recipients->len; i++) {
		const char *recipient = job->recipients->pdata[i];

		put_macro(client, SMFIC_RCPT, "{rcpt_addr}", recipient);
		put_address(
		    client, SMFIC_RCPT, recipient, SMFIP_NORCPT, SMFIP_NR_RCPT);
	}
	put_step(client, SMFIC_DATA, NULL, 0, SMFIP_NODATA, SMFIP_NR_DATA);
	for (char **field = fields; *field != NULL; field++) {
		char *colon = strchr(*field, ':');

		if (colon == NULL)
			continue;
		*colon = '\0';
		put_header(client, *field, colon + 1);
	}
	put_step(client, SMFIC_EOH, NULL, 0, SMFIP_NOEOH, SMFIP_NR_EOH);
	for (gsize at = 0; at < job->body_length; at += MILTER_CHUNK_SIZE)
		put_step(client, SMFIC_BODY, job->body + at,
		    MIN(job->body_length - at, MILTER_CHUNK_SIZE), SMFIP_NOBODY,
		    SMFIP_NR_BODY);
	put_macro(client, SMFIC_BODYEOB, "i", "QUEUEID");
	put(client, SMFIC_BODYEOB, NULL, 0);
	end_segment(client);
}

static bool
write_all(int fd, const guint8 *data, gsize length)
{
	while (length > 0) {
		ssize_t part = send(fd, data, length, MSG_NOSIGNAL);

		if (part == -1 && errno == EINTR)
			continue;
		if (part <= 0)
			return false;
		data += part;
		length -= (gsize)part;
	}
	return true;
}

static bool
read_all(int fd, guint8 *data, gsize length)
{
	while (length > 0) {
		ssize_t part = read(fd, data, length);

		if (part == -1 && errno == EINTR)
			continue;
		if (part <= 0)
			return false;
		data += part;
		length -= (gsize)part;
	}
	return true;
}

/* The letter of the next packet, or 0 when the connection is gone. */
static char
receive(struct client *client)
{
	guint32 size;

	if (!read_all(client->fd, (guint8 *)&size, sizeof size) ||
	    (size = ntohl(size)) < 1 || size > MILTER_CHUNK_SIZE + 1 ||
	    !read_all(client->fd, client->answer, size))
		return 0;
	return (char)client->answer[0];
}

static bool
dial(struct client *client)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	guint32 offer[3] = {htonl(SMFI_PROT_VERSION), htonl(SMFI_CURR_ACTS),
	    htonl(SMFI_CURR_PROT)};
	static const guint8 local[] = "localhost\0"
				      "4"
				      "\0\0"
				      "127.0.0.1";
	guint32 steps;

	g_strlcpy(
	    address.sun_path, client->job->socket, sizeof address.sun_path);
	client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client->fd == -1 || connect(client->fd, (struct sockaddr *)&address,
				    sizeof address) == -1)
		return false;
	put(client, SMFIC_OPTNEG, offer, sizeof offer);
	if (!write_all(
		client->fd, client->packets->data, client->packets->len) ||
	    receive(client) != SMFIC_OPTNEG)
		return false;
	memcpy(&steps, client->answer + 9, sizeof steps);
	client->steps = ntohl(steps);
	g_byte_array_set_size(client->packets, 0);
	put_step(client, SMFIC_CONNECT, local, sizeof local, SMFIP_NOCONNECT,
	    SMFIP_NR_CONN);
	put_step(client, SMFIC_HELO, "localhost", sizeof "localhost",
	    SMFIP_NOHELO, SMFIP_NR_HELO);
	if (!write_all(client->fd, client->packets->data, client->packets->len))
		return false;
	for (guint i = 0; i < client->segments->len; i++)
		if (receive(client) != SMFIR_CONTINUE)
			return false;
	g_byte_array_set_size(client->packets, 0);
	g_array_set_size(client->segments, 0);
	return true;
}

/* The answer that ends the message. */
static char
receive_verdict(struct client *client)
{
	bool edited = false;

	for (;;) {
		char letter = receive(client);

		switch (letter) {
		case SMFIR_REPLBODY:
			edited = true;
			break;
		case SMFIR_INSHEADER:
		case SMFIR_CHGHEADER:
		case SMFIR_ADDHEADER:
		case SMFIR_QUARANTINE:
		case SMFIR_PROGRESS:
			break;
		default:
			client->edited += edited;
			return letter;
		}
	}
}

static bool
send_message(struct client *client)
{
	char number[sizeof MARK], letter = 0;

	snprintf(number, sizeof number, "%08u",
	    (unsigned)g_atomic_int_add(&client->job->sequence, 1) % 100000000u);
	for (guint i = 0; i < client->marks->len; i++)
		memcpy(client->packets->data +
			   g_array_index(client->marks, gsize, i),
		    number, sizeof MARK - 1);
	for (guint i = 0; i < client->segments->len; i++) {
		const struct segment *segment =
		    &g_array_index(client->segments, struct segment, i);

		if (!write_all(client->fd,
			client->packets->data + segment->start,
			segment->end - segment->start))
			return false;
		letter = receive_verdict(client);
		if (letter != SMFIR_CONTINUE)
			break;
	}
	client->done++;
	client->errors += letter != SMFIR_CONTINUE && letter != SMFIR_ACCEPT;
	return letter != 0;
}

static gpointer
run(gpointer arg)
{
	struct client *client = arg;

	if (!dial(client)) {
		client->errors++;
		return NULL;
	}
	write_message(client);
	while (g_get_monotonic_time() < client->job->deadline)
		if (!send_message(client)) {
			client->errors++;
			break;
		}
	close(client->fd);
	return NULL;
}

/* Reads the message; its line ends become CRLF, and its header unfolded. */
static bool
read_message(struct job *job, const char *path)
{
	g_autofree char *text = NULL;
	g_autoptr(GString) body = NULL;
	char *end;

	if (!g_file_get_contents(path, &text, NULL, NULL) ||
	    (end = strstr(text, "\n\n")) == NULL)
		return false;
	*end = '\0';
	body = g_string_new(end + 2);
	g_string_replace(body, "\n", "\r\n", 0);
	job->header = g_strdup(text);
	job->body_length = body->len;
	job->body = g_string_free(g_steal_pointer(&body), FALSE);
	return true;
}

static int
report(const struct client *clients, unsigned count, gint64 begun)
{
	double seconds = (double)(g_get_monotonic_time() - begun) / 1e6;
	unsigned done = 0, edited = 0, errors = 0;

	for (unsigned i = 0; i < count; i++) {
		done += clients[i].done;
		edited += clients[i].edited;
		errors += clients[i].errors;
	}
	printf("messages %u seconds %.3f rate %.0f edited %u errors %u\n", done,
	    seconds, done / seconds, edited, errors);
	return errors == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct job job = {.sender = "", .recipients = g_ptr_array_new()};
	unsigned count = 2, seconds = 2;
	g_autofree struct client *clients = NULL;
	g_autofree GThread **threads = NULL;
	gint64 begun;
	int option;

	while ((option = getopt(argc, argv, "c:t:f:a:r:")) != -1)
		switch (option) {
		case 'c':
			count = (unsigned)CLAMP(atoi(optarg), 1, 1000);
			break;
		case 't':
			seconds = (unsigned)CLAMP(atoi(optarg), 1, 3600);
			break;
		case 'f':
			job.sender = optarg;
			break;
		case 'a':
			job.login = optarg;
			break;
		case 'r':
			g_ptr_array_add(job.recipients, optarg);
			break;
		default:
			return 64;
		}
	if (argc - optind != 2 || !read_message(&job, argv[optind + 1])) {
		fputs("usage: blast [-c CONNECTIONS] [-t SECONDS] [-f FROM] "
		      "[-a LOGIN] [-r RCPT]... SOCKET FILE\n",
		    stderr);
		return 64;
	}
	job.socket = argv[optind];
	clients = g_new0(struct client, count);
	threads = g_new0(GThread *, count);
	begun = g_get_monotonic_time();
	job.deadline = begun + (gint64)seconds * G_USEC_PER_SEC;
	for (unsigned i = 0; i < count; i++) {
		client_init(&clients[i], &job);
		threads[i] = g_thread_new("client", run, &clients[i]);
	}
	for (unsigned i = 0; i < count; i++) {
		g_thread_join(threads[i]);
		client_clear(&clients[i]);
	}
	g_ptr_array_unref(job.recipients);
	g_free(job.header);
	g_free(job.body);
	return report(clients, count, begun);
}
