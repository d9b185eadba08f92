#include <string.h>

#include "tests/unit/reading.h"
#include "tests/unit/unit.h"

const struct letterhead test_letterhead = {
    .council = (char[]){"Woodland Parish Council"},
    .from = (char[]){"council-milter@woodland-pc.example"},
    .host = (char[]){"mx.woodland-pc.example"},
    .retention = 90,
};

static void
check_form(const char *raw)
{
	g_auto(GStrv) lines = g_strsplit(raw, "\r\n", -1);
	unsigned i;

	ck_assert_msg(g_str_is_ascii(raw), "not in 7 bits");
	for (i = 0; lines[i] != NULL; i++) {
		ck_assert_msg(strlen(lines[i]) <= 78, "too long: %s", lines[i]);
		ck_assert_msg(strpbrk(lines[i], "\r\n") == NULL,
		    "a bare line end: %s", lines[i]);
	}
}

static char *
part_text(GMimeObject *message, int i, const char *type)
{
	GMimeMultipart *multipart = GMIME_MULTIPART(message);
	GMimeObject *part = g_mime_multipart_get_part(multipart, i);
	g_auto(GStrv) lines = NULL;
	char *text;

	ck_assert_str_eq(g_mime_content_type_get_media_subtype(
			     g_mime_object_get_content_type(part)),
	    type);
	text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
	lines = g_strsplit(text, "\r\n", -1);
	g_free(text);
	return g_strjoinv("\n", lines);
}

struct reading
reading_of(GBytes *letter)
{
	gsize len;
	const char *data = g_bytes_get_data(letter, &len);
	struct reading reading = {.raw = g_strndup(data, len)};
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(data, len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeObject *body;

	ck_assert_uint_eq(strlen(reading.raw), len);
	check_form(reading.raw);
	reading.message = g_mime_parser_construct_message(parser, NULL);
	ck_assert_ptr_nonnull(reading.message);
	body = g_mime_message_get_mime_part(reading.message);
	ck_assert(GMIME_IS_MULTIPART(body));
	ck_assert_int_eq(g_mime_multipart_get_count(GMIME_MULTIPART(body)), 2);
	reading.text = part_text(body, 0, "plain");
	reading.html = part_text(body, 1, "html");
	g_object_unref(parser);
	g_object_unref(stream);
	g_bytes_unref(letter);
	return reading;
}

void
reading_clear(struct reading *reading)
{
	g_free(reading->raw);
	g_free(reading->text);
	g_free(reading->html);
	g_object_unref(reading->message);
}

const char *
reading_header(const struct reading *reading, const char *name)
{
	return g_mime_object_get_header(GMIME_OBJECT(reading->message), name);
}

struct outbox_item *
item_new(const char *kind)
{
	struct outbox_item *item = g_new0(struct outbox_item, 1);

	item->id = 1;
	item->kind = g_strdup(kind);
	item->address = g_strdup(CLERK);
	item->rule = g_strdup("silent-copy");
	item->message_id = g_strdup(LETTER_ID);
	item->created = NOON;
	item->entry = entry_new("aa", NOON);
	return item;
}

struct journal_finding *
first_finding(struct outbox_item *item)
{
	return item->entry->findings->pdata[0];
}

struct reading
reading_of_item(const struct outbox_item *item)
{
	return reading_of(letter_render(&test_letterhead, item));
}

char *
flatten(const char *text, bool html)
{
	GString *out = g_string_new(NULL);
	bool tag = false;
	char *s;

	for (; *text != '\0'; text++) {
		if (html && *text == '<')
			tag = true;
		if (!tag &&
		    (!g_ascii_isspace(*text) ||
			(out->len > 0 && out->str[out->len - 1] != ' ')))
			g_string_append_c(
			    out, g_ascii_isspace(*text) ? ' ' : *text);
		if (html && *text == '>')
			tag = false;
	}
	s = g_string_free(out, FALSE);
	if (html) {
		GString *plain = g_string_new(s);

		g_string_replace(plain, "&lt;", "<", 0);
		g_string_replace(plain, "&gt;", ">", 0);
		g_string_replace(plain, "&apos;", "'", 0);
		g_string_replace(plain, "&quot;", "\"", 0);
		g_string_replace(plain, "&amp;", "&", 0);
		g_free(s);
		s = g_string_free(plain, FALSE);
	}
	return s;
}
