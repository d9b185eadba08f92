/*
 * libFuzzer: any bytes as text.  Normalising is checked to settle and to lead
 * back; splitting, to give every line once, in order.  The first byte says
 * what is known of the text, the second whether its lines have hints.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/text/marks.h"
#include "policy/text/normalise.h"
#include "policy/text/segments.h"

int LLVMFuzzerTestOneInput(const unsigned char *, size_t);

static void
check_normal(const char *text, gsize len, const GArray *marks, gsize source)
{
	g_autofree char *again = NULL;
	gsize again_len, before = 0;

	if (strlen(text) != len || !g_utf8_validate(text, -1, NULL))
		abort();
	again = text_normalise(text, len, &again_len, NULL);
	if (again_len != len || memcmp(again, text, len) != 0)
		abort();
	for (gsize i = 0; i < len; i++) {
		gsize place = text_marks_source(marks, i);

		/* Of what one character becomes, some may point behind it. */
		if (place > source + 18 || place + 18 < before)
			abort();
		before = place;
	}
}

static struct line_hint *
make_hints(const char *text, gsize len, unsigned seed)
{
	gsize lines = 2;
	struct line_hint *hints;

	for (gsize i = 0; i < len; i++)
		lines += text[i] == '\n';
	hints = g_new0(struct line_hint, lines);
	for (gsize i = 0; i < lines; i++) {
		seed = seed * 1103515245 + 12345;
		hints[i].containers = seed >> 16 & 3;
		hints[i].quotes = seed >> 18 & 3;
		hints[i].indents = seed >> 20 & 1;
		hints[i].mixes = (seed >> 21 & 3) == 0;
		hints[i].over = (seed >> 23 & 31) == 0;
		hints[i].signature = (seed >> 28 & 3) == 0;
	}
	return hints;
}

static void
check_split(const struct split_input *input)
{
	g_autoptr(split) split = text_split(input);
	g_autoptr(content) content = content_new();
	gsize end = 0;

	for (guint i = 0; i < split->pieces->len; i++) {
		const struct piece *piece =
		    &g_array_index(split->pieces, struct piece, i);

		if (piece->start < end || piece->end < piece->start ||
		    piece->end > input->len)
			abort();
		end = piece->end;
	}
	split_add_segments(split, input, NULL, content);
	for (guint i = 0; i < content->segments->len; i++) {
		const struct segment *s = content->segments->pdata[i];

		if (strlen(s->text) != s->len || s->len == 0 ||
		    segment_source(s, s->len) > input->len + 1)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	g_autofree char *text = NULL;
	g_autofree struct line_hint *hints = NULL;
	g_autoptr(GArray) marks = text_marks_new();
	struct split_input input = {.author = "Jane Jones"};
	gsize len;

	if (size < 2)
		return 0;
	text = text_normalise((const char *)data + 2, size - 2, &len, marks);
	check_normal(text, len, marks, size - 2);
	input.text = text;
	input.len = len;
	input.expected = (data[0] & 1) != 0;
	input.forward = (data[0] & 2) != 0;
	input.paragraphs = (data[0] & 4) != 0;
	if ((data[1] & 1) != 0)
		input.hints = hints = make_hints(text, len, data[1]);
	check_split(&input);
	return 0;
}
