#include <string.h>

#include "milter/message/flowed.h"
#include "policy/text/marks.h"

struct line {
	gsize start, words; /* words: without quote marks and stuffing */
	gsize end, next;    /* end: without the line end */
	unsigned depth;
};

/*
 * Quote marks stand together (4.5), but some programs put a space between
 * them; taken as such, it keeps the two halves of a line at one depth.
 */
static void
read_line(const char *text, gsize len, gsize pos, struct line *line)
{
	const char *lf = memchr(text + pos, '\n', len - pos);

	*line = (struct line){.start = pos, .words = pos};
	line->end = lf != NULL ? (gsize)(lf - text) : len;
	line->next = lf != NULL ? line->end + 1 : len;
	if (line->end > pos && text[line->end - 1] == '\r')
		line->end--;
	for (; pos < line->end; pos++) {
		if (text[pos] == '>') {
			line->words = pos + 1;
			line->depth++;
		} else if (text[pos] != ' ' || line->depth == 0 ||
			   pos > line->words)
			break;
	}
	if (line->words < line->end && text[line->words] == ' ')
		line->words++;
}

static bool
is_separator(const char *text, const struct line *line)
{
	return line->end - line->words == 3 &&
	       strncmp(text + line->words, "-- ", 3) == 0;
}

/* Lines of nothing but space are empty ones that somebody forgot to trim. */
static bool
is_blank(const char *text, const struct line *line)
{
	gsize pos = line->words;

	while (pos < line->end && text[pos] == ' ')
		pos++;
	return pos == line->end;
}

static bool
goes_on(const char *text, const struct line *line, const struct line *next)
{
	return line->next > line->end && line->end > line->words &&
	       text[line->end - 1] == ' ' && line->depth == next->depth &&
	       !is_blank(text, line) && !is_blank(text, next) &&
	       !is_separator(text, line) && !is_separator(text, next);
}

static void
append(GString *out, GArray *marks, const char *text, gsize start, gsize end)
{
	if (marks != NULL)
		text_marks_add(marks, out->len, start);
	g_string_append_len(out, text + start, (gssize)(end - start));
}

char *
flowed_read(
    const char *text, gsize len, bool delsp, gsize *out_len, GArray *marks)
{
	GString *out = g_string_sized_new(len + 1);
	struct line line, next = {0};
	bool joined = false;

	if (len > 0)
		read_line(text, len, 0, &next);
	while (next.start < len) {
		gsize start;

		line = next;
		start = joined ? line.words : line.start;
		next = (struct line){.start = len};
		if (line.next < len)
			read_line(text, len, line.next, &next);
		joined = next.start < len && goes_on(text, &line, &next);
		append(out, marks, text, start,
		    joined ? line.end - delsp : line.next);
	}
	*out_len = out->len;
	return g_string_free(out, FALSE);
}
