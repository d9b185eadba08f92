#include <string.h>

#include "tests/mail/mail.h"

static void
field_free(gpointer data)
{
	struct mail_field *field = data;

	g_free(field->name);
	g_free(field->value);
	g_free(field);
}

static struct mail_field *
field_new(const char *name, gsize name_len, const char *value, gsize len)
{
	struct mail_field *field = g_new(struct mail_field, 1);

	field->name = g_strndup(name, name_len);
	field->value = g_strndup(value, len);
	return field;
}

static struct mail *
mail_new(void)
{
	struct mail *m = g_new(struct mail, 1);

	m->fields = g_ptr_array_new_with_free_func(field_free);
	m->body = g_byte_array_new();
	return m;
}

/* The bytes with every bare LF as CRLF. */
static GString *
with_crlf(const char *data, gsize len)
{
	GString *out = g_string_sized_new(len + len / 16);

	for (gsize i = 0; i < len; i++) {
		if (data[i] == '\n' && (i == 0 || data[i - 1] != '\r'))
			g_string_append_c(out, '\r');
		g_string_append_c(out, data[i]);
	}
	return out;
}

static gsize
name_length(const char *line, gsize len)
{
	gsize i = 0;

	while (i < len && (guchar)line[i] > ' ' && (guchar)line[i] < 0x7f &&
	    line[i] != ':')
		i++;
	return i < len && line[i] == ':' ? i : 0;
}

/* Reads one field with its folds; returns its length, or 0. */
static gsize
read_field(struct mail *m, const char *data, gsize len)
{
	gsize name = name_length(data, len), end = 0;
	g_autoptr(GString) value = g_string_new(NULL);

	if (name == 0)
		return 0;
	do {
		const char *lf = memchr(data + end, '\n', len - end);
		gsize next = lf != NULL ? (gsize)(lf - data) + 1 : len;
		gsize stop = lf != NULL ? next - 1 : len;

		if (stop > end && data[stop - 1] == '\r')
			stop--;
		if (value->len > 0 || end > 0)
			g_string_append_c(value, '\n');
		g_string_append_len(value, data + end, (gssize)(stop - end));
		end = next;
	} while (end < len && (data[end] == ' ' || data[end] == '\t'));
	/* An MTA hands over C strings. */
	g_ptr_array_add(m->fields, field_new(data, name, value->str + name + 1,
		strlen(value->str) > name ? value->len - name - 1 : 0));
	return end;
}

struct mail *
mail_parse(const void *bytes, gsize len, bool crlf)
{
	struct mail *m = mail_new();
	const char *data = bytes;
	gsize pos = 0, size;

	if (len >= 5 && memcmp(data, "From ", 5) == 0) {
		const char *lf = memchr(data, '\n', len);

		pos = lf != NULL ? (gsize)(lf - data) + 1 : len;
	}
	while (pos < len &&
	    (size = read_field(m, data + pos, len - pos)) > 0)
		pos += size;
	if (pos < len && data[pos] == '\n')
		pos++;
	else if (len - pos >= 2 && memcmp(data + pos, "\r\n", 2) == 0)
		pos += 2;
	if (crlf) {
		g_autoptr(GString) body = with_crlf(data + pos, len - pos);

		if (body->len > 0 && body->str[body->len - 1] != '\n')
			g_string_append(body, "\r\n");
		g_byte_array_append(
		    m->body, (const guint8 *)body->str, (guint)body->len);
	} else
		g_byte_array_append(m->body, (const guint8 *)data + pos,
		    (guint)(len - pos));
	return m;
}

void
mail_free(struct mail *m)
{
	if (m == NULL)
		return;
	g_ptr_array_unref(m->fields);
	g_byte_array_unref(m->body);
	g_free(m);
}

struct message *
mail_message(const struct mail *m, const struct message_limits *limits)
{
	struct message *result = message_new(limits);

	for (guint i = 0; i < m->fields->len; i++) {
		const struct mail_field *f = m->fields->pdata[i];

		message_add_header(result, f->name, f->value);
	}
	message_add_body(result, m->body->data, m->body->len);
	return result;
}

static gint
find_field(const struct mail *m, const char *name, unsigned index)
{
	for (guint i = 0; i < m->fields->len; i++) {
		const struct mail_field *f = m->fields->pdata[i];

		if (g_ascii_strcasecmp(f->name, name) == 0 && --index == 0)
			return (gint)i;
	}
	return -1;
}

static void
apply(struct mail *m, const struct header_change *c)
{
	g_autofree char *value = g_strconcat(" ", c->value, NULL);
	gint at = find_field(m, c->name, c->index);

	switch (c->op) {
	case HEADER_INSERT:
		g_ptr_array_insert(m->fields,
		    (gint)MIN(c->index, m->fields->len),
		    field_new(
			c->name, strlen(c->name), value, strlen(value)));
		break;
	case HEADER_CHANGE:
		g_assert(at >= 0);
		g_free(((struct mail_field *)m->fields->pdata[at])->value);
		((struct mail_field *)m->fields->pdata[at])->value =
		    g_steal_pointer(&value);
		break;
	case HEADER_DELETE:
		g_assert(at >= 0);
		g_ptr_array_remove_index(m->fields, (guint)at);
		break;
	}
}

static bool
append(void *arg, const void *data, gsize len)
{
	g_byte_array_append(arg, data, (guint)len);
	return true;
}

struct mail *
mail_edit(
    const struct mail *m, struct message *source, const struct edit *e)
{
	struct mail *edited = mail_new();

	for (guint i = 0; i < m->fields->len; i++) {
		const struct mail_field *f = m->fields->pdata[i];

		g_ptr_array_add(edited->fields,
		    field_new(f->name, strlen(f->name), f->value,
			strlen(f->value)));
	}
	for (guint i = 0; i < e->headers->len; i++)
		apply(edited, e->headers->pdata[i]);
	edit_write_body(e, source, append, edited->body);
	return edited;
}

GByteArray *
mail_bytes(const struct mail *m)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < m->fields->len; i++) {
		const struct mail_field *f = m->fields->pdata[i];

		g_string_append_printf(out, "%s:", f->name);
		for (const char *p = f->value; *p != '\0'; p++) {
			if (*p == '\n')
				g_string_append_c(out, '\r');
			g_string_append_c(out, *p);
		}
		g_string_append(out, "\r\n");
	}
	g_string_append(out, "\r\n");
	g_string_append_len(
	    out, (const char *)m->body->data, m->body->len);
	return g_bytes_unref_to_array(g_string_free_to_bytes(out));
}
