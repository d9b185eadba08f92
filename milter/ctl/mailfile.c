#include <string.h>

#include "milter/ctl/mailfile.h"

/* What an MTA hands over at a time. */
enum { CHUNK = 65535 };

/* The line that starts at, without its end; next is where the next starts. */
static gsize
line_length(const struct mailfile *mail, gsize at, gsize *next)
{
	const char *start = mail->data + at;
	const char *end = memchr(start, '\n', mail->len - at);
	gsize length;

	if (end == NULL) {
		*next = mail->len;
		return mail->len - at;
	}
	length = (gsize)(end - start);
	*next = at + length + 1;
	return length > 0 && end[-1] == '\r' ? length - 1 : length;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Name, blanks, colon; RFC 5322 3.6.8 with the blanks of section 4.5. */
static bool
read_name(const char *line, gsize len, struct mailfield *field)
{
	gsize i = 0;

	while (i < len && line[i] > ' ' && line[i] < 0x7f && line[i] != ':')
		i++;
	if (i == 0)
		return false;
	field->name_end = field->start + i;
	while (i < len && is_blank(line[i]))
		i++;
	field->value = field->start + i + 1;
	return i < len && line[i] == ':';
}

void
mailfile_init(struct mailfile *mail, const char *data, gsize len)
{
	struct mailfield field;
	gsize at = 0, length, next;

	*mail = (struct mailfile){.data = data, .len = len};
	mail->fields = g_array_new(FALSE, FALSE, sizeof(struct mailfield));
	length = line_length(mail, 0, &next);
	mail->crlf = next - length == 2;
	if (length >= 5 && memcmp(data, "From ", 5) == 0)
		at = next;
	while (at < len) {
		field.start = at;
		length = line_length(mail, at, &next);
		if (!read_name(data + at, length, &field))
			break;
		while (next < len && is_blank(data[next]))
			line_length(mail, next, &next);
		field.end = at = next;
		g_array_append_val(mail->fields, field);
	}
	mail->header_end = mail->body = at;
	if (at < len && line_length(mail, at, &next) == 0)
		mail->body = next;
}

void
mailfile_clear(struct mailfile *mail)
{
	g_array_unref(mail->fields);
}

char *
mailfile_name(const struct mailfile *mail, const struct mailfield *field)
{
	return g_strndup(
	    mail->data + field->start, field->name_end - field->start);
}

char *
mailfile_value(const struct mailfile *mail, const struct mailfield *field)
{
	GString *value = g_string_sized_new(field->end - field->value);
	gsize at = field->value, length, next;

	for (; at < field->end; at = next) {
		length = line_length(mail, at, &next);
		if (at > field->value)
			g_string_append_c(value, '\n');
		g_string_append_len(value, mail->data + at, (gssize)length);
	}
	return g_string_free(value, FALSE);
}

static void
give_header(const struct mailfile *mail, struct session *session)
{
	for (guint i = 0; i < mail->fields->len; i++) {
		const struct mailfield *field =
		    &g_array_index(mail->fields, struct mailfield, i);
		g_autofree char *name = mailfile_name(mail, field);
		g_autofree char *value = mailfile_value(mail, field);

		session_header(session, name, value);
	}
}

/*
 * The lines of the body from at on, as many as make a chunk.  Every line ends
 * in CRLF when it comes from an MTA, the last one too.
 */
static gsize
next_chunk(const struct mailfile *mail, gsize at, GString *chunk)
{
	gsize length, next;

	g_string_truncate(chunk, 0);
	for (; at < mail->len && chunk->len < CHUNK; at = next) {
		length = line_length(mail, at, &next);
		g_string_append_len(chunk, mail->data + at, (gssize)length);
		g_string_append(chunk, "\r\n");
	}
	return at;
}

static void
give_body(const struct mailfile *mail, struct session *session)
{
	g_autoptr(GString) chunk = g_string_sized_new(CHUNK);

	for (gsize at = mail->body; at < mail->len;) {
		at = next_chunk(mail, at, chunk);
		if (session_body(session, chunk->str, chunk->len) !=
		    SESSION_CONTINUE)
			return;
	}
}

struct message *
mailfile_message(
    const struct mailfile *mail, const struct message_limits *limits)
{
	struct message *message = message_new(limits);
	g_autoptr(GString) chunk = g_string_sized_new(CHUNK);

	for (guint i = 0; i < mail->fields->len; i++) {
		const struct mailfield *field =
		    &g_array_index(mail->fields, struct mailfield, i);
		g_autofree char *name = mailfile_name(mail, field);
		g_autofree char *value = mailfile_value(mail, field);

		message_add_header(message, name, value);
	}
	for (gsize at = mail->body; at < mail->len;) {
		at = next_chunk(mail, at, chunk);
		if (!message_add_body(message, chunk->str, chunk->len))
			break;
	}
	return message;
}

const struct outcome *
mailfile_finish(const struct mailfile *mail, struct session *session)
{
	give_body(mail, session);
	return session_end_of_message(session, NULL);
}

const struct outcome *
mailfile_judge(const struct mailfile *mail, const struct envelope *envelope,
    struct session *session)
{
	session_set_time(session, envelope->time);
	session_connect(session, envelope->client);
	session_mail(session, envelope->sender, envelope->login);
	for (guint i = 0; i < envelope->recipients->len; i++) {
		const struct envelope_recipient *recipient =
		    envelope->recipients->pdata[i];

		session_rcpt(session, recipient->argument, recipient->resolved);
	}
	give_header(mail, session);
	if (session_end_of_headers(session) == SESSION_ACCEPT)
		return NULL;
	return mailfile_finish(mail, session);
}
