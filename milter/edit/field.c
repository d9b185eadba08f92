#include <string.h>

#include "milter/edit/field.h"

static const char *
skip_space(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

static const char *
skip_quoted(const char *p)
{
	for (p++; *p != '\0' && *p != '"'; p++)
		if (*p == '\\' && p[1] != '\0')
			p++;
	return *p == '"' ? p + 1 : p;
}

static const char *
skip_comment(const char *p)
{
	unsigned depth = 0;

	do {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')')
			depth--;
		p++;
	} while (depth > 0 && *p != '\0');
	return p;
}

static const char *
skip_filler(const char *p)
{
	for (;; p = skip_comment(p)) {
		p = skip_space(p);
		if (*p != '(')
			return p;
	}
}

/* One parameter: where its name, its value and what follows begin. */
struct parameter {
	const char *name, *value, *value_end, *next;
	gsize name_len;
};

/* False when it is not written as RFC 2045, 5.1, has it. */
static bool
read_parameter(const char *p, struct parameter *parameter)
{
	parameter->name = p = skip_filler(p);
	parameter->name_len = strcspn(p, "= \t\r\n;\"()");
	p = skip_filler(p + parameter->name_len);
	if (parameter->name_len == 0 || *p != '=')
		return false;
	parameter->value = p = skip_filler(p + 1);
	p = *p == '"' ? skip_quoted(p) : p + strcspn(p, " \t\r\n;\"()");
	parameter->value_end = p;
	parameter->next = p = skip_filler(p);
	return parameter->value_end > parameter->value &&
	    (*p == ';' || *p == '\0');
}

/* "charset", or one of the forms of RFC 2231: "charset*", "charset*0". */
static bool
is_charset(const struct parameter *p)
{
	return p->name_len >= 7 &&
	    g_ascii_strncasecmp(p->name, "charset", 7) == 0 &&
	    (p->name_len == 7 || p->name[7] == '*');
}

char *
field_with_charset(const char *value, const char *charset)
{
	const char *slash = strchr(value, '/'), *p = strchr(value, ';');
	gsize type = p != NULL ? (gsize)(p - value) : strlen(value);
	g_autoptr(GString) result = g_string_new_len(value, (gssize)type);
	bool done = false;

	if (slash == NULL || slash > value + type)
		return NULL;
	while (p != NULL && *p == ';') {
		struct parameter parameter;
		const char *start = p;

		p = skip_filler(p + 1);
		if (*p == '\0' || *p == ';')
			continue; /* a ";" too many */
		if (!read_parameter(start + 1, &parameter))
			return NULL;
		p = parameter.next;
		if (!is_charset(&parameter)) {
			g_string_append_len(result, start, p - start);
			continue;
		}
		if (done)
			continue;
		g_string_append_len(result, start, parameter.name - start);
		g_string_append_printf(result, "charset=%s", charset);
		g_string_append_len(
		    result, parameter.value_end, p - parameter.value_end);
		done = true;
	}
	if (!done)
		g_string_append_printf(result, "; charset=%s", charset);
	return g_string_free(g_steal_pointer(&result), FALSE);
}

void
edit_add_splice(
    struct edit *e, gsize start, gsize end, char *text, gsize len)
{
	struct splice splice = { start, end, g_bytes_new_take(text, len) };

	g_array_append_val(e->splices, splice);
}

void
edit_add_header(struct edit *e, enum header_op op, const char *name,
    unsigned index, char *value)
{
	struct header_change *change = g_new(struct header_change, 1);

	change->op = op;
	change->name = g_strdup(name);
	change->index = index;
	change->value = value;
	g_ptr_array_add(e->headers, change);
}

void
edit_insert_header(struct edit *e, const struct message *m, const char *name,
    char *value)
{
	edit_add_header(e, HEADER_INSERT, name,
	    message_header_count(m) + e->headers->len + 1, value);
}

/* A field in the source: its name, its value, and the line end after it. */
struct source_field {
	const char *start, *value, *value_end, *end;
};

/* The first field of that name at or after from, within the part's header. */
static bool
find_field(const char *from, const char *end, const char *name,
    struct source_field *field)
{
	gsize len = strlen(name);

	for (const char *p = from; p < end; p = field->end) {
		const char *lf;

		field->start = field->end = p;
		do {
			lf = memchr(field->end, '\n',
			    (gsize)(end - field->end));
			field->end = lf != NULL ? lf + 1 : end;
		} while (field->end < end &&
		    (*field->end == ' ' || *field->end == '\t'));
		if ((gsize)(field->end - p) <= len || p[len] != ':' ||
		    g_ascii_strncasecmp(p, name, len) != 0)
			continue;
		field->value = p + len + 1;
		field->value_end = field->end;
		while (field->value_end > field->value &&
		    strchr("\r\n", field->value_end[-1]) != NULL)
			field->value_end--;
		return true;
	}
	return false;
}

static bool
find_in_part(struct message *m, const struct part *part, const char *name,
    struct source_field *field)
{
	gsize len;
	const char *body = message_body(m, &len);

	return find_field(body + part->header_start, body + part->header_end,
	    name, field);
}

char *
field_get(struct message *m, const struct part *part, const char *name)
{
	struct source_field field;

	if (part->parent == NULL)
		return g_strdup(message_find_header(m, name));
	if (!find_in_part(m, part, name, &field))
		return NULL;
	while (field.value < field.value_end && g_ascii_isspace(*field.value))
		field.value++;
	return g_strndup(
	    field.value, (gsize)(field.value_end - field.value));
}

void
field_set(struct edit *e, struct message *m, const struct part *part,
    const char *name, const char *value, const char *eol)
{
	struct source_field field;
	gsize len;
	const char *body = message_body(m, &len);
	char *text;

	if (part->parent == NULL) {
		unsigned count = message_count_header(m, name);

		for (unsigned i = count; i > 1; i--)
			edit_add_header(e, HEADER_DELETE, name, i, NULL);
		if (count > 0)
			edit_add_header(
			    e, HEADER_CHANGE, name, 1, g_strdup(value));
		else
			edit_insert_header(e, m, name, g_strdup(value));
	} else if (find_in_part(m, part, name, &field)) {
		const char *from = field.end;

		text = g_strdup_printf(" %s", value);
		edit_add_splice(e, (gsize)(field.value - body),
		    (gsize)(field.value_end - body), text, strlen(text));
		for (; find_field(from, body + part->header_end, name, &field);
		     from = field.end)
			edit_add_splice(e, (gsize)(field.start - body),
			    (gsize)(field.end - body), g_strdup(""), 0);
	} else {
		text = g_strdup_printf("%s: %s%s", name, value, eol);
		edit_add_splice(e, part->header_start, part->header_start,
		    text, strlen(text));
	}
}

void
field_remove(struct edit *e, struct message *m, const struct part *part,
    const char *name)
{
	gsize len;
	const char *body = message_body(m, &len);
	const char *from = body + part->header_start;
	struct source_field field;

	if (part->parent == NULL) {
		for (unsigned i = message_count_header(m, name); i > 0; i--)
			edit_add_header(e, HEADER_DELETE, name, i, NULL);
		return;
	}
	for (; find_field(from, body + part->header_end, name, &field);
	     from = field.end)
		edit_add_splice(e, (gsize)(field.start - body),
		    (gsize)(field.end - body), g_strdup(""), 0);
}
