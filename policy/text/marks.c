#include "policy/text/marks.h"

GArray *
text_marks_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(struct text_mark));
}

void
text_marks_add(GArray *marks, gsize text, gsize source)
{
	struct text_mark mark = {text, source};
	struct text_mark *last;

	if (marks->len == 0) {
		if (text != source)
			g_array_append_val(marks, mark);
		return;
	}
	last = &g_array_index(marks, struct text_mark, marks->len - 1);
	if (last->text == text)
		last->source = source;
	else if (text - last->text + last->source != source)
		g_array_append_val(marks, mark);
}

/* How many marks stand at or before the offset. */
static guint
marks_before(const GArray *marks, gsize offset)
{
	guint low = 0, high = marks != NULL ? marks->len : 0;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (g_array_index(marks, struct text_mark, middle).text <=
		    offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static gsize
source_after(const GArray *marks, guint count, gsize offset)
{
	const struct text_mark *mark;

	if (count == 0)
		return offset;
	mark = &g_array_index(marks, struct text_mark, count - 1);
	return mark->source + (offset - mark->text);
}

gsize
text_marks_source(const GArray *marks, gsize offset)
{
	return source_after(marks, marks_before(marks, offset), offset);
}

/* Where the next mark stands; G_MAXSIZE: there is none. */
static gsize
next_mark(const GArray *marks, guint count)
{
	return marks != NULL && count < marks->len
		   ? g_array_index(marks, struct text_mark, count).text
		   : G_MAXSIZE;
}

void
text_marks_compose(GArray *out, gsize at, const GArray *outer, gsize start,
    gsize end, const GArray *inner)
{
	guint outer_count = marks_before(outer, start);
	gsize pos = start;

	while (pos < end) {
		gsize middle = source_after(outer, outer_count, pos);
		gsize stop = MIN(next_mark(outer, outer_count), end);
		guint inner_count = marks_before(inner, middle);

		/* One run of the outer marks, cut where the inner ones are. */
		for (;;) {
			gsize next = next_mark(inner, inner_count);

			text_marks_add(out, at + (pos - start),
			    source_after(inner, inner_count, middle));
			if (next == G_MAXSIZE || next - middle >= stop - pos)
				break;
			pos += next - middle;
			middle = next;
			inner_count++;
		}
		pos = stop;
		outer_count++;
	}
}
