#include <string.h>

#include "policy/pattern/shadow.h"
#include "policy/utf8.h"

void
shadow_text_init(struct shadow_text *shadow)
{
	*shadow = (struct shadow_text){
	    .buffer = g_string_new(NULL),
	    .folded = g_string_new(NULL),
	    .marks = g_array_new(FALSE, FALSE, sizeof(gsize)),
	};
}

void
shadow_text_clear(struct shadow_text *shadow)
{
	g_string_free(shadow->buffer, TRUE);
	g_string_free(shadow->folded, TRUE);
	g_array_unref(shadow->marks);
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static char
fold_beyond(gunichar c)
{
	switch (c) {
	case SHADOW_LONG_S:
		return 's';
	case SHADOW_KELVIN:
		return 'k';
	case 0x85:   /* next line */
	case 0x180e: /* Mongolian vowel separator: to some versions a space */
		return ' ';
	default:
		break;
	}
	switch (g_unichar_type(c)) {
	case G_UNICODE_SPACE_SEPARATOR:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return ' ';
	case G_UNICODE_DECIMAL_NUMBER:
		return '0';
	default:
		return *SHADOW_BEYOND_TEXT;
	}
}

static inline char
fold_ascii(char c)
{
	if (is_space(c))
		return ' ';
	return g_ascii_isdigit(c) ? '0' : g_ascii_tolower(c);
}

char
shadow_fold(gunichar c)
{
	return c < 128 ? fold_ascii((char)c) : fold_beyond(c);
}

/* From the first character beyond ASCII: character by character. */
static void
set_beyond(struct shadow_text *shadow, const char *p)
{
	const char *text = shadow->source, *end = text + shadow->source_len;
	gsize i, offset;

	g_string_set_size(shadow->buffer, shadow->source_len);
	memcpy(shadow->buffer->str, text, (gsize)(p - text));
	for (offset = 0; offset < (gsize)(p - text); offset += SHADOW_STEP)
		g_array_append_val(shadow->marks, offset);
	for (i = (gsize)(p - text); p < end; p = utf8_next(p), i++) {
		if (i % SHADOW_STEP == 0) {
			offset = (gsize)(p - text);
			g_array_append_val(shadow->marks, offset);
		}
		if ((guchar)*p < 128) {
			shadow->buffer->str[i] = *p;
			shadow->folded->str[i] = fold_ascii(*p);
		} else {
			gunichar c = g_utf8_get_char(p);

			shadow->buffer->str[i] = *SHADOW_BEYOND_TEXT;
			shadow->folded->str[i] = fold_beyond(c);
			shadow->blurred = shadow->blurred ||
					  c == SHADOW_LONG_S ||
					  c == SHADOW_KELVIN;
		}
	}
	shadow->bytes = shadow->buffer->str;
	shadow->len = i;
}

void
shadow_text_set(struct shadow_text *shadow, const char *text, gsize len)
{
	gsize i;

	g_array_set_size(shadow->marks, 0);
	g_string_set_size(shadow->folded, len);
	shadow->source = shadow->bytes = text;
	shadow->source_len = shadow->len = len;
	shadow->blurred = false;
	for (i = 0; i < len && (guchar)text[i] < 128; i++)
		shadow->folded->str[i] = fold_ascii(text[i]);
	if (i < len)
		set_beyond(shadow, text + i);
}

gsize
shadow_text_offset(const struct shadow_text *shadow, gsize character)
{
	gsize offset, i;

	if (character >= shadow->len)
		return shadow->source_len;
	if (shadow->marks->len == 0)
		return character;
	offset = g_array_index(shadow->marks, gsize, character / SHADOW_STEP);
	for (i = character % SHADOW_STEP; i > 0; i--)
		offset = (gsize)(utf8_next(shadow->source + offset) -
				 shadow->source);
	return offset;
}

/* What stands for all beyond ASCII may be white space or not. */
struct runs
shadow_text_runs(const struct shadow_text *shadow)
{
	struct runs runs = {0, 0};
	gsize i, word = 0, space = 0;

	for (i = 0; i < shadow->len; i++) {
		bool blank = is_space(shadow->bytes[i]);

		word = blank ? 0 : word + 1;
		space = blank || shadow->bytes[i] == *SHADOW_BEYOND_TEXT
			    ? space + 1
			    : 0;
		runs.word = MAX(runs.word, word);
		runs.space = MAX(runs.space, space);
	}
	return runs;
}
