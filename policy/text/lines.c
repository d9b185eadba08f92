#include <string.h>

#include "policy/text/history_line.h"
#include "policy/text/lines.h"

/* Deeper than this quotes are all one. */
enum { DEPTH_MAX = 64, BARS_MIN = 3, BARS_APART = 20 };

/*
 * The end of an attribution whose address was broken, "… <jane@a.example\n>:"
 * or "\n> wrote:", is no quotation.
 */
static bool
ends_broken_address(const char *text, gsize len)
{
	return (len == 2 && strncmp(text, ">:", 2) == 0) ||
	       (len == 8 && strncmp(text, "> wrote:", 8) == 0);
}

/* "> > >", ">>>", ">|": how often, and where the words begin. */
static void
read_marks(const char *text, struct line *line)
{
	gsize pos = line->start, after;

	line->words = line->start;
	line->depth_marked = 0;
	/* The end of "… <jane@a.example\n>:". */
	if (ends_broken_address(text + pos, line->end - pos) ||
	    line_is_fenced_attribution(text + pos, line->end - pos))
		return;
	for (;;) {
		while (pos < line->end && text[pos] == ' ')
			pos++;
		after = pos;
		if (pos == line->end || text[pos] != '>')
			break;
		pos++;
		line->depth_marked += line->depth_marked < DEPTH_MAX;
	}
	line->words = after;
}

/*
 * "| ", "JJ> ": so do some programs quote, but tables have bars at both ends.
 * The length of the mark; 0: none.
 */
static gsize
bar_length(const struct document *d, const struct line *line)
{
	const char *text = d->input->text + line->words;
	gsize len = line_length(line), initials = 0;

	if (line->depth_marked > 0 || len == 0)
		return 0;
	if (*text == '|')
		return len == 1 || text[len - 1] != '|';
	while (initials < MIN(len, 3) && g_ascii_isupper(text[initials]))
		initials++;
	return initials > 0 && initials < len && text[initials] == '>'
		   ? initials + 1
		   : 0;
}

/* Is it said right above whose words follow? */
static bool
is_attributed(const struct document *d, guint i)
{
	const struct line *line;

	while (i > 0 && line_is_empty(document_line(d, i - 1)))
		i--;
	if (i == 0)
		return false;
	line = document_line(d, i - 1);
	return d->input->text[line->end - 1] == ':' &&
	       (line_is_short_attribution(
		    line_text(d, line), line_length(line)) ||
		   line_mentions_writing(
		       line_text(d, line), line_length(line)));
}

/* Does a mark of initials stand on a later line, too? */
static bool
comes_again(const struct document *d, guint i)
{
	const struct line *line = document_line(d, i);
	gsize len = bar_length(d, line);
	guint limit = MIN(d->lines->len, i + 1 + BARS_APART);

	if (*line_text(d, line) == '|')
		return false;
	for (i++; i < limit; i++) {
		const struct line *other = document_line(d, i);

		if (bar_length(d, other) == len &&
		    strncmp(line_text(d, line), line_text(d, other), len) == 0)
			return true;
	}
	return false;
}

static void
read_bars(struct document *d)
{
	bool known = false; /* the marks are those of a quotation */
	guint end;

	for (guint i = 0; i < d->lines->len; i = end) {
		end = i;
		while (end < d->lines->len &&
		       bar_length(d, document_line(d, end)) > 0)
			end++;
		if (end > i)
			known |= end - i >= BARS_MIN || is_attributed(d, i) ||
				 comes_again(d, i);
		for (guint k = known ? i : end; k < end; k++) {
			struct line *line = document_line(d, k);

			line->words += bar_length(d, line);
			line->depth_marked = 1;
			while (line->words < line->end &&
			       d->input->text[line->words] == ' ')
				line->words++;
		}
		end = MAX(end, i + 1);
	}
}

/*
 * Some programs put the author's answers into the element that holds the
 * history, between what it quotes: those are not history.  Such an element
 * begins with the attribution, so what comes before the first quotation is.
 */
struct mixing {
	bool quoted; /* a quotation of this container has been seen */
};

static unsigned
marked_depth(struct mixing *mixing, const struct line_hint *hint)
{
	unsigned depth = MAX(hint->quotes, hint->containers);

	if (hint->containers == 0)
		mixing->quoted = false;
	else if (hint->quotes >= hint->containers)
		mixing->quoted = true;
	else if (hint->mixes && mixing->quoted)
		depth = hint->quotes;
	return MIN(depth, DEPTH_MAX);
}

void
document_init(struct document *d, const struct split_input *input)
{
	const char *text = input->text, *lf;
	static const struct line_hint no_hint;
	struct mixing mixing = {false};
	bool was_empty = false;

	d->input = input;
	d->lines = g_array_new(FALSE, FALSE, sizeof(struct line));
	d->writers = g_ptr_array_new();
	for (gsize pos = 0, n = 0; pos < input->len; n++) {
		struct line line = {
		    .start = pos,
		    .writer = NO_WRITER,
		    .hint = &no_hint,
		};

		lf = memchr(text + pos, '\n', input->len - pos);
		line.end = lf != NULL ? (gsize)(lf - text) : input->len;
		line.origin = ORIGIN_OWN;
		read_marks(text, &line);
		if (input->hints != NULL) {
			line.hint = &input->hints[n];
			line.depth_marked += marked_depth(&mixing, line.hint);
			line.depth_marked = MIN(line.depth_marked, DEPTH_MAX);
		}
		line.cut = line.end;
		line.fields =
		    line_fields(text + line.words, line.end - line.words);
		pos = line.end + 1;
		/* One empty line is as good as many. */
		if (!line_is_empty(&line) || !was_empty)
			g_array_append_val(d->lines, line);
		was_empty = line_is_empty(&line);
	}
	read_bars(d);
}

void
document_clear(struct document *d)
{
	g_array_unref(d->lines);
	g_ptr_array_unref(d->writers);
}

guint
document_next(const struct document *d, guint i, guint to)
{
	while (i < to && line_is_empty(document_line(d, i)))
		i++;
	return i;
}
