#include "policy/pattern/shadow.h"
#include "policy/utf8.h"

enum { BEYOND = 0x80 };

void
shadow_text_init(struct shadow_text *shadow)
{
	*shadow = (struct shadow_text){
	    .buffer = g_string_new(NULL),
	    .marks = g_array_new(FALSE, FALSE, sizeof(gsize)),
	};
}

void
shadow_text_clear(struct shadow_text *shadow)
{
	g_string_free(shadow->buffer, TRUE);
	g_array_unref(shadow->marks);
}

bool
shadow_text_set(struct shadow_text *shadow, const char *text, gsize len)
{
	const char *p = text, *end = text + len;
	char *out;
	gsize offset;
	gunichar c;

	g_array_set_size(shadow->marks, 0);
	shadow->bytes = text;
	shadow->len = shadow->source_len = len;
	while (p < end && (guchar)*p < 128)
		p++;
	if (p == end)
		return true;
	g_string_set_size(shadow->buffer, len);
	out = shadow->buffer->str;
	for (p = text; p < end; p = utf8_next(p)) {
		if ((out - shadow->buffer->str) % SHADOW_STEP == 0) {
			offset = (gsize)(p - text);
			g_array_append_val(shadow->marks, offset);
		}
		if ((guchar)*p < 128) {
			*out++ = *p;
			continue;
		}
		c = g_utf8_get_char(p);
		if (c == SHADOW_LONG_S || c == SHADOW_KELVIN)
			return false;
		*out++ = (char)BEYOND;
	}
	shadow->bytes = shadow->buffer->str;
	shadow->len = (gsize)(out - shadow->buffer->str);
	return true;
}

gsize
shadow_text_before(const struct shadow_text *shadow, gsize character)
{
	if (shadow->marks->len == 0)
		return character;
	return g_array_index(shadow->marks, gsize, character / SHADOW_STEP);
}

gsize
shadow_text_behind(const struct shadow_text *shadow, gsize character)
{
	gsize mark = character / SHADOW_STEP + 1;

	if (shadow->marks->len == 0)
		return MIN(character, shadow->source_len);
	return mark < shadow->marks->len
		   ? g_array_index(shadow->marks, gsize, mark)
		   : shadow->source_len;
}

/* What stands for all beyond ASCII may be white space or not. */
struct runs
shadow_text_runs(const struct shadow_text *shadow)
{
	struct runs runs = {0, 0};
	gsize i, word = 0, space = 0;

	for (i = 0; i < shadow->len; i++) {
		guchar c = (guchar)shadow->bytes[i];
		bool is_space = c == ' ' || (c >= '\t' && c <= '\r');

		word = is_space ? 0 : word + 1;
		space = is_space || c == BEYOND ? space + 1 : 0;
		runs.word = MAX(runs.word, word);
		runs.space = MAX(runs.space, space);
	}
	return runs;
}
