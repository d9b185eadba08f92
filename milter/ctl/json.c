#include <string.h>

#include "milter/ctl/json.h"

struct json {
	GString *out;
	GString *open; /* the closing brackets still owed, innermost last */
	bool indent;
	bool first; /* nothing stands in the innermost bracket yet */
};

struct json *
json_new(bool indent)
{
	struct json *json = g_new0(struct json, 1);

	json->out = g_string_new(NULL);
	json->open = g_string_new(NULL);
	json->indent = indent;
	json->first = true;
	return json;
}

char *
json_finish(struct json *json)
{
	char *text;

	g_assert(json->open->len == 0);
	g_string_append_c(json->out, '\n');
	text = g_string_free(json->out, FALSE);
	g_string_free(json->open, TRUE);
	g_free(json);
	return text;
}

static void
new_line(struct json *json)
{
	gsize i;

	if (!json->indent)
		return;
	g_string_append_c(json->out, '\n');
	for (i = 0; i < json->open->len; i++)
		g_string_append(json->out, "  ");
}

/* The quotation mark, the reverse solidus and the controls must be escaped. */
static void
quote(struct json *json, const char *value)
{
	g_autofree char *valid = g_utf8_make_valid(value, -1);
	const char *p;

	g_string_append_c(json->out, '"');
	for (p = valid; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_printf(json->out, "\\%c", *p);
		else if (*p == '\n')
			g_string_append(json->out, "\\n");
		else if (*p == '\t')
			g_string_append(json->out, "\\t");
		else if ((guchar)*p < 0x20 || *p == 0x7f)
			g_string_append_printf(
			    json->out, "\\u%04x", (guchar)*p);
		else
			g_string_append_c(json->out, *p);
	}
	g_string_append_c(json->out, '"');
}

/* Everything that stands before a value: comma, line, name. */
static void
lead(struct json *json, const char *key)
{
	if (!json->first)
		g_string_append(json->out, json->indent ? "," : ", ");
	if (json->open->len > 0)
		new_line(json);
	json->first = false;
	if (key != NULL) {
		quote(json, key);
		g_string_append(json->out, ": ");
	}
}

static void
begin(struct json *json, const char *key, char opening, char closing)
{
	lead(json, key);
	g_string_append_c(json->out, opening);
	g_string_append_c(json->open, closing);
	json->first = true;
}

void
json_object(struct json *json, const char *key)
{
	begin(json, key, '{', '}');
}

void
json_array(struct json *json, const char *key)
{
	begin(json, key, '[', ']');
}

void
json_end(struct json *json)
{
	char closing = json->open->str[json->open->len - 1];

	g_string_truncate(json->open, json->open->len - 1);
	if (!json->first)
		new_line(json);
	g_string_append_c(json->out, closing);
	json->first = false;
}

void
json_string(struct json *json, const char *key, const char *value)
{
	lead(json, key);
	quote(json, value);
}

void
json_number(struct json *json, const char *key, gint64 value)
{
	lead(json, key);
	g_string_append_printf(json->out, "%" G_GINT64_FORMAT, value);
}

void
json_bool(struct json *json, const char *key, bool value)
{
	lead(json, key);
	g_string_append(json->out, value ? "true" : "false");
}

void
json_strings(struct json *json, const char *key, const GPtrArray *values)
{
	guint i;

	json_array(json, key);
	for (i = 0; i < values->len; i++)
		json_string(json, NULL, values->pdata[i]);
	json_end(json);
}
