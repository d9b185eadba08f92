/*
 * libFuzzer: any bytes as HTML, read as text.  What is asserted: marks ascend
 * and lead into the source, hints ascend, and the text has no tags of ours.
 */
#include <stdlib.h>

#include "milter/message/html_text.h"
#include "policy/text/marks.h"

int LLVMFuzzerTestOneInput(const unsigned char *, size_t);

static void
check_marks(const GArray *marks, gsize len, gsize source_len)
{
	gsize before = 0;

	for (guint i = 0; i < marks->len; i++) {
		const struct text_mark *mark =
		    &g_array_index(marks, struct text_mark, i);

		if ((i > 0 && mark->text <= before) || mark->text > len ||
		    mark->source > source_len)
			abort();
		before = mark->text;
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	g_autoptr(html_text) text = html_text_read((const char *)data, size);
	gsize before = 0;

	check_marks(text->seen_marks, text->seen->len, size);
	check_marks(text->unseen_marks, text->unseen->len, size);
	for (guint i = 0; i < text->hints->len; i++) {
		const struct html_hint *hint =
		    &g_array_index(text->hints, struct html_hint, i);

		if (hint->start < before || hint->start > text->seen->len)
			abort();
		before = hint->start;
	}
	return 0;
}
