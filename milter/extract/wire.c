#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "milter/extract/name.h"
#include "milter/extract/wire.h"

enum {
	NAME_MAX_BYTES = 16384,
	TYPE_MAX = 16,
	REASON_MAX = 4096,
	PROPERTIES_MAX = 1000,
};

static const guint32 MAGIC = 0x636d7831;

struct header {
	guint32 magic, kind;
	guint64 len;
};

/* False at the deadline. */
static bool
wait_for(int socket, short events, gint64 deadline)
{
	struct pollfd poller = {.fd = socket, .events = events};

	for (;;) {
		gint64 left = deadline - g_get_monotonic_time();
		int wait = -1, got;

		if (deadline != 0) {
			if (left <= 0)
				return false;
			wait = (int)MIN(left / 1000 + 1, 1000 * 1000);
		}
		got = poll(&poller, 1, wait);
		if (got > 0)
			return true;
		if (got == -1 && errno != EINTR)
			return false;
	}
}

static bool
again(void)
{
	return errno == EAGAIN || errno == EINTR;
}

bool
wire_send_raw(int socket, const void *data, gsize len, gint64 deadline)
{
	const char *p = data;

	while (len > 0) {
		ssize_t sent =
		    send(socket, p, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent >= 0) {
			p += sent;
			len -= (gsize)sent;
		} else if (!again() || !wait_for(socket, POLLOUT, deadline))
			return false;
	}
	return true;
}

bool
wire_receive_raw(int socket, void *data, gsize len, gint64 deadline)
{
	char *p = data;

	while (len > 0) {
		ssize_t got = recv(socket, p, len, MSG_DONTWAIT);

		if (got == 0)
			return false;
		if (got > 0) {
			p += got;
			len -= (gsize)got;
		} else if (!again() || !wait_for(socket, POLLIN, deadline))
			return false;
	}
	return true;
}

/* Room for one descriptor, aligned as the kernel wants it. */
union control {
	char space[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

static bool
send_header(
    int socket, const struct header *header, int descriptor, gint64 deadline)
{
	struct header copy = *header;
	struct iovec vector = {&copy, sizeof(copy)};
	union control control;
	struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};

	if (descriptor != -1) {
		struct cmsghdr *c;

		memset(&control, 0, sizeof(control));
		message.msg_control = control.space;
		message.msg_controllen = sizeof(control.space);
		c = CMSG_FIRSTHDR(&message);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &descriptor, sizeof(int));
	}
	for (;;) {
		ssize_t sent =
		    sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent > 0)
			return wire_send_raw(socket, (char *)&copy + sent,
			    sizeof(copy) - (gsize)sent, deadline);
		if (sent == 0 || !again() ||
		    !wait_for(socket, POLLOUT, deadline))
			return false;
	}
}

bool
wire_send(int socket, enum wire_kind kind, const void *payload, gsize len,
    int descriptor, gint64 deadline)
{
	struct header header = {MAGIC, kind, len};

	return send_header(socket, &header, descriptor, deadline) &&
	       wire_send_raw(socket, payload, len, deadline);
}

static void
take_descriptor(struct msghdr *message, int *descriptor)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL;
	     c = CMSG_NXTHDR(message, c)) {
		gsize len = c->cmsg_len - CMSG_LEN(0);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		/* There is room for two, where one is padded. */
		for (gsize at = 0; at + sizeof(int) <= len; at += sizeof(int)) {
			int got;

			memcpy(&got, CMSG_DATA(c) + at, sizeof(int));
			if (descriptor != NULL && *descriptor == -1)
				*descriptor = got;
			else
				close(got);
		}
	}
}

static bool
receive_header(
    int socket, struct header *header, int *descriptor, gint64 deadline)
{
	struct iovec vector = {header, sizeof(*header)};
	union control control;

	for (;;) {
		struct msghdr message = {.msg_iov = &vector,
		    .msg_iovlen = 1,
		    .msg_control = control.space,
		    .msg_controllen = sizeof(control.space)};
		ssize_t got =
		    recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

		if (got > 0) {
			take_descriptor(&message, descriptor);
			return wire_receive_raw(socket, (char *)header + got,
			    sizeof(*header) - (gsize)got, deadline);
		}
		if (got == 0 || !again() || !wait_for(socket, POLLIN, deadline))
			return false;
	}
}

static bool
receive_payload(int socket, GByteArray *payload, gsize len, gint64 deadline)
{
	g_byte_array_set_size(payload, (guint)len);
	return wire_receive_raw(socket, payload->data, len, deadline);
}

bool
wire_receive(int socket, enum wire_kind *kind, GByteArray *payload, gsize most,
    int *descriptor, gint64 deadline)
{
	struct header header;

	if (descriptor != NULL)
		*descriptor = -1;
	if (receive_header(socket, &header, descriptor, deadline) &&
	    header.magic == MAGIC && header.kind <= WIRE_RAN &&
	    header.len <= MIN(most, G_MAXINT) &&
	    receive_payload(socket, payload, header.len, deadline)) {
		*kind = header.kind;
		return true;
	}
	if (descriptor != NULL && *descriptor != -1) {
		close(*descriptor);
		*descriptor = -1;
	}
	return false;
}

void
wire_put_number(GByteArray *to, guint64 number)
{
	g_byte_array_append(to, (const guint8 *)&number, sizeof(number));
}

void
wire_put_text(GByteArray *to, const char *text, gssize length)
{
	gsize len;

	if (text == NULL) {
		wire_put_number(to, G_MAXUINT64);
		return;
	}
	len = length < 0 ? strlen(text) : (gsize)length;
	wire_put_number(to, len);
	g_byte_array_append(to, (const guint8 *)text, (guint)len);
}

struct wire_reader
wire_reader(const GByteArray *from)
{
	return (struct wire_reader){from->data, from->data + from->len, false};
}

static guint64
get_number(struct wire_reader *reader)
{
	guint64 number;

	if (reader->bad || (gsize)(reader->end - reader->p) < sizeof(number)) {
		reader->bad = true;
		return 0;
	}
	memcpy(&number, reader->p, sizeof(number));
	reader->p += sizeof(number);
	return number;
}

guint64
wire_get_number(struct wire_reader *reader, guint64 most)
{
	guint64 number = get_number(reader);

	if (number > most) {
		reader->bad = true;
		return 0;
	}
	return number;
}

char *
wire_get_text(struct wire_reader *reader, gsize most)
{
	guint64 len = get_number(reader);
	const char *text = (const char *)reader->p;

	if (reader->bad || len == G_MAXUINT64)
		return NULL;
	if (len > most || len > (gsize)(reader->end - reader->p) ||
	    !g_utf8_validate_len(text, len, NULL)) {
		reader->bad = true;
		return NULL;
	}
	reader->p += len;
	return g_strndup(text, len);
}

void
wire_put_attachment(
    GByteArray *to, unsigned index, const struct attachment *attachment)
{
	wire_put_number(to, index);
	wire_put_text(to, attachment->name, -1);
	wire_put_text(to, attachment->type, -1);
	wire_put_number(to, attachment->state);
	wire_put_text(to, attachment->reason, -1);
	wire_put_text(to, attachment->opening, -1);
	wire_put_text(to, attachment->text, -1);
	wire_put_number(to, attachment->properties->len);
	for (guint i = 0; i < attachment->properties->len; i++) {
		const struct property *property =
		    attachment->properties->pdata[i];

		wire_put_text(to, property->name, -1);
		wire_put_text(to, property->value, -1);
	}
}

/* No required text is missing, and a reason is there when it should be. */
static bool
is_whole(const struct attachment *a)
{
	return a->name != NULL && a->type != NULL &&
	       strspn(a->type, "abcdefghijklmnopqrstuvwxyz0123456789") ==
		   strlen(a->type) &&
	       (a->reason == NULL || a->state != ATTACHMENT_READ);
}

/* A line, whatever was put; or NULL. */
static char *
get_line(struct wire_reader *reader, gsize most)
{
	g_autofree char *text = wire_get_text(reader, most);

	return text != NULL ? name_clean(text) : NULL;
}

struct attachment *
wire_get_attachment(const GByteArray *from, unsigned *index)
{
	struct wire_reader reader = wire_reader(from);
	struct attachment *a = attachment_new();
	guint64 count;

	*index = (unsigned)wire_get_number(&reader, G_MAXINT);
	g_free(a->name);
	a->name = get_line(&reader, NAME_MAX_BYTES);
	g_free(a->type);
	a->type = wire_get_text(&reader, TYPE_MAX);
	a->state = (enum attachment_state)wire_get_number(
	    &reader, ATTACHMENT_STATE_COUNT - 1);
	a->reason = get_line(&reader, REASON_MAX);
	a->opening = wire_get_text(&reader, from->len);
	a->text = wire_get_text(&reader, from->len);
	count = wire_get_number(&reader, PROPERTIES_MAX);
	for (guint64 i = 0; i < count && !reader.bad; i++) {
		g_autofree char *name = wire_get_text(&reader, from->len);
		g_autofree char *value = wire_get_text(&reader, from->len);

		if (name != NULL && value != NULL)
			attachment_add_property(a, name, value);
	}
	if (!reader.bad && reader.p == reader.end && is_whole(a))
		return a;
	attachment_free(a);
	return NULL;
}
