/*
 * Which lines others wrote.
 *
 * Two things make history: marks on each line (">", elements that quote), and
 * blocks that begin with a separator, a header block or an attribution and go
 * on to the end of what they stand in.  A line's depth is that of its marks
 * and of the blocks that are open there.  Blocks nest: each header block in a
 * chain of answers opens one more.
 *
 * What is not recognised beyond doubt is the author's own.
 */
#include <string.h>

#include "policy/text/history_line.h"
#include "policy/text/lines.h"
#include "policy/text/writer.h"

enum {
	WRAP_MIN = 60,  /* a quoted line this long may have been wrapped … */
	WRAP_REST = 40, /* … and what was left stand unmarked */
	BLOCKS_MAX = 64,
	MARKS_MAX = 64,
};

struct block {
	unsigned marked;  /* depth of marks where it began */
	unsigned indents; /* it ends where there are fewer */
	enum origin origin;
	int writer;
	bool fresh;  /* nothing but its separator has been read */
	bool header; /* a header block has been read */
	bool counts; /* it is one level deeper than its marks */
};

struct history {
	struct document *d;
	GArray *blocks;             /* struct block */
	int writers[MARKS_MAX + 1]; /* by depth of marks */
	unsigned marked;            /* of the last line with words */
	guint header_end;           /* lines before it are fields */
	bool over;                  /* the hint was seen */
	bool answered;              /* a line of the author's own was seen */
};

static struct block *
top_block(const struct history *h)
{
	return h->blocks->len > 0
		   ? &g_array_index(h->blocks, struct block, h->blocks->len - 1)
		   : NULL;
}

static int
keep_writer(struct history *h, struct writer *writer)
{
	if (writer->name == NULL && writer->address == NULL) {
		writer_free(writer);
		return NO_WRITER;
	}
	g_ptr_array_add(h->d->writers, writer);
	return (int)h->d->writers->len - 1;
}

/* Is the line in an element that holds history, but not in a quotation? */
static bool
in_container(const struct line *line)
{
	return line->hint->containers > line->hint->quotes &&
	       line->depth_marked >= line->hint->containers;
}

/*
 * Does a quotation begin with line i?  What names its writer there adds no
 * depth to its marks.
 */
static bool
begins_quotation(const struct document *d, guint i)
{
	const struct line *line = document_line(d, i);

	if (line->depth_marked == 0)
		return false;
	while (i > 0 && line_is_empty(document_line(d, i - 1)))
		i--;
	return i > 0 &&
	       document_line(d, i - 1)->depth_marked < line->depth_marked;
}

static struct block *
open_block(struct history *h, guint i, enum origin origin)
{
	const struct line *line = document_line(h->d, i);
	struct block block = {
	    .marked = line->depth_marked,
	    .origin = origin,
	    .writer = NO_WRITER,
	    .fresh = true,
	    .counts = !in_container(line) && !begins_quotation(h->d, i),
	};

	if (h->blocks->len == BLOCKS_MAX)
		g_array_set_size(h->blocks, BLOCKS_MAX - 1);
	g_array_append_val(h->blocks, block);
	return top_block(h);
}

/* Of a block that begins with this line, unless its separator says it. */
static enum origin
block_origin(const struct history *h, const struct line *line)
{
	const struct block *block = top_block(h);

	if (block != NULL)
		return block->origin;
	return h->d->input->forward &&
		       (line->depth_marked == 0 || in_container(line))
		   ? ORIGIN_FORWARDED
		   : ORIGIN_QUOTED;
}

/* Who wrote it, by the From line of the header block [i, end). */
static int
header_writer(struct history *h, guint i, guint end)
{
	for (; i < end; i++) {
		const struct line *line = document_line(h->d, i);
		gsize len = line_length(line);
		const char *value;

		if ((line->fields & FIELD_FROM) == 0)
			continue;
		value = line_field_value(line_text(h->d, line), &len);
		/* In a narrow table the value stands on the next line. */
		if (len == 0 && i + 1 < end) {
			line = document_line(h->d, i + 1);
			value = line_text(h->d, line);
			len = line_length(line);
		}
		return keep_writer(h, writer_from_field(value, len));
	}
	return NO_WRITER;
}

/* The same where the line above the fields says it. */
static int
notes_writer(struct history *h, guint i)
{
	const struct line *line = document_line(h->d, i);

	return keep_writer(h,
	    writer_from_attribution(line_text(h->d, line), line_length(line)));
}

/* The same where all of it stands on the separator's line, as phones do. */
static int
separator_writer(struct history *h, const struct line *line)
{
	const char *text = line_text(h->d, line), *dashes, *value;
	gsize len = line_length(line);

	dashes = g_strrstr_len(text, (gssize)MIN(len, 200), "--");
	if (dashes == NULL)
		return NO_WRITER;
	len -= (gsize)(dashes + 2 - text);
	text = dashes + 2;
	if (!line_is_from(text, len))
		return NO_WRITER;
	value = line_field_value(text, &len);
	return keep_writer(h, writer_from_field(value, len));
}

/* Between the signs around it. */
static int
fenced_writer(struct history *h, const struct line *line)
{
	const char *text = line_text(h->d, line);
	gsize len = line_length(line);
	char fence = *text;

	while (len > 0 && *text == fence) {
		text++;
		len--;
	}
	while (len > 0 && (text[len - 1] == fence || text[len - 1] == ' '))
		len--;
	return keep_writer(h, writer_from_attribution(text, len));
}

/* Ends the blocks that a line with fewer marks is no part of. */
static void
close_blocks(struct history *h, const struct line *line)
{
	const struct block *top;

	while ((top = top_block(h)) != NULL &&
	       (line->depth_marked < top->marked ||
		   line->hint->indents < top->indents))
		g_array_set_size(h->blocks, h->blocks->len - 1);
	for (unsigned i = line->depth_marked + 1; i <= h->marked; i++)
		h->writers[i] = NO_WRITER;
}

/*
 * A separator may stand before marked lines: then it is over with them, and
 * adds no depth to their marks.
 */
static void
meet_content(struct history *h, guint i)
{
	const struct line *line = document_line(h->d, i);
	struct block *top = top_block(h);

	/* A line drawn above the header block is a part of it. */
	if (top == NULL || rule_above(h->d, i + 1) == i)
		return;
	if (top->fresh && !top->header && line->depth_marked > top->marked) {
		top->counts = false;
		top->marked = line->depth_marked;
	}
	top->fresh = false;
}

static void
label(struct history *h, struct line *line)
{
	unsigned depth = line->depth_marked;
	const struct block *top = top_block(h);

	for (guint i = 0; i < h->blocks->len; i++)
		depth += g_array_index(h->blocks, struct block, i).counts;
	line->depth = depth;
	line->writer = NO_WRITER;
	if (depth == 0) {
		line->origin = ORIGIN_OWN;
		h->answered = true;
		return;
	}
	line->origin = top != NULL ? top->origin : ORIGIN_QUOTED;
	if (line->depth_marked > (top != NULL ? top->marked : 0) ||
	    (top == NULL || (!top->counts && top->writer == NO_WRITER)))
		line->writer = h->writers[line->depth_marked];
	else
		line->writer = top->writer;
}

static void
label_lines(struct history *h, guint from, guint to)
{
	for (; from < to; from++)
		label(h, document_line(h->d, from));
}

/* An attribution that ends with line i.  True if it is one. */
static bool
read_attribution(struct history *h, guint i)
{
	struct document *d = h->d;
	struct line *line = document_line(d, i), *next = NULL;
	guint n = document_next(d, i + 1, d->lines->len), start;
	bool quote_follows, indent_follows, open, alone;
	struct block *block;
	int writer;

	if (n < d->lines->len)
		next = document_line(d, n);
	quote_follows =
	    next != NULL &&
	    (next->depth_marked > line->depth_marked || in_container(line));
	if (!ends_attribution(d, line, quote_follows))
		return false;
	indent_follows = next != NULL && !quote_follows &&
			 next->hint->indents > line->hint->indents;
	start = attribution_start(d, i, quote_follows || indent_follows);
	if (start > i)
		return false;
	open =
	    indent_follows ||
	    (!quote_follows && next != NULL &&
		(h->answered || line->depth_marked > 0) &&
		(d->input->expected ||
		    memchr(d->input->text + document_line(d, start)->words, '@',
			line->end - document_line(d, start)->words) != NULL));
	/* Above all else it stands for history that was cut out. */
	alone = !quote_follows && !open && d->input->expected && !h->answered &&
		line->depth_marked == 0;
	if (!quote_follows && !open && !alone)
		return false;
	writer =
	    keep_writer(h, writer_from_attribution(
			       d->input->text + document_line(d, start)->words,
			       line->end - document_line(d, start)->words));
	if (open) {
		block = open_block(h, start, block_origin(h, line));
		block->writer = writer;
		block->fresh = false;
		block->indents = indent_follows ? next->hint->indents : 0;
		label_lines(h, start, i + 1);
		/* The attribution itself stands before the indent. */
		return true;
	}
	if (alone) {
		for (guint k = start; k <= i; k++) {
			document_line(d, k)->origin = ORIGIN_QUOTED;
			document_line(d, k)->depth = 1;
			document_line(d, k)->writer = writer;
		}
		return true;
	}
	h->writers[next->depth_marked] = writer;
	for (guint k = start; k <= i; k++) {
		struct line *l = document_line(d, k);

		label(h, l);
		l->depth += next->depth_marked - line->depth_marked;
		if (l->origin == ORIGIN_OWN)
			l->origin = ORIGIN_QUOTED;
		l->writer = writer;
	}
	h->marked = MAX(h->marked, next->depth_marked);
	return true;
}

/* A separator or header block at line i; true if there is one. */
static bool
read_block(struct history *h, guint i)
{
	struct document *d = h->d;
	struct line *line = document_line(d, i);
	const char *text = line_text(d, line);
	struct block *top = top_block(h), *block;
	guint start = i, end;
	bool fresh = top != NULL && top->fresh, whole = false, notes = false;

	if (line_is_separator(text, line_length(line))) {
		enum origin origin =
		    separator_is_forward(text, line_length(line))
			? ORIGIN_FORWARDED
			: block_origin(h, line);

		if (fresh)
			top->origin = origin;
		else
			top = open_block(h, i, origin);
		top->writer = separator_writer(h, line);
		label_lines(h, rule_above(d, i), i + 1);
		return true;
	}
	if (line_is_fenced_attribution(text, line_length(line))) {
		block = open_block(h, i, block_origin(h, line));
		block->writer = fenced_writer(h, line);
		block->fresh = false;
		label(h, line);
		return true;
	}
	end = header_block(d, i, fresh, &whole);
	if (end == 0) {
		notes = true;
		end = notes_block(d, i);
	}
	if (end == 0)
		return false;
	start = rule_above(d, i);
	if (!fresh) {
		/* A letter may begin like this; what it goes on with, not. */
		whole = whole && h->answered &&
			memchr(text, '@', line_length(line)) != NULL;
		if (!d->input->expected && !whole && start == i &&
		    h->blocks->len == 0 && line->depth_marked == 0)
			return false;
	}
	block = fresh ? top : open_block(h, i, block_origin(h, line));
	if (line->depth_marked > block->marked) {
		block->counts = false;
		block->marked = line->depth_marked;
	}
	block->header = true;
	block->writer = notes ? notes_writer(h, i) : header_writer(h, i, end);
	h->header_end = end;
	label_lines(h, start, i + 1);
	return true;
}

/*
 * The rest of a quoted line that was wrapped on its way stands unmarked
 * between marked ones: "> … in the\nafternoon\n> and …".
 */
static bool
is_wrapped_rest(const struct document *d, guint i)
{
	const struct line *line = document_line(d, i), *above, *below;
	const char *text = line_text(d, line);

	if (i == 0 || i + 1 >= d->lines->len || line_length(line) > WRAP_REST ||
	    d->input->hints != NULL)
		return false;
	above = document_line(d, i - 1);
	below = document_line(d, i + 1);
	return above->depth_marked > 0 &&
	       below->depth_marked == above->depth_marked &&
	       line->depth_marked == 0 && line_length(above) >= WRAP_MIN &&
	       strchr(".?!:;", d->input->text[above->end - 1]) == NULL &&
	       g_unichar_islower(g_utf8_get_char(text));
}

/* It is said by whoever said the line before. */
static void
inherit(struct line *line, const struct line *before)
{
	line->origin = before->origin;
	line->depth = before->depth;
	line->writer = before->writer;
}

static void
read_line(struct history *h, guint i)
{
	struct line *line = document_line(h->d, i);

	if (is_wrapped_rest(h->d, i)) {
		inherit(line, document_line(h->d, i - 1));
		return;
	}
	close_blocks(h, line);
	if (line->hint->over && !h->over) {
		h->over = true;
		if (h->blocks->len == 0 && claims_begin(h->d, i))
			open_block(h, i, block_origin(h, line));
	}
	if (i >= h->header_end &&
	    (read_block(h, i) || read_attribution(h, i))) {
		h->marked = MAX(h->marked, line->depth_marked);
		return;
	}
	if (i >= h->header_end)
		meet_content(h, i);
	label(h, line);
	h->marked = line->depth_marked;
}

/* "begin 644 name": the lines of a file may begin with anything. */
static bool
begins_file(const struct document *d, const struct line *line)
{
	const char *text = line_text(d, line);

	return line_length(line) > 10 && strncmp(text, "begin ", 6) == 0 &&
	       g_ascii_isdigit(text[6]) && g_ascii_isdigit(text[7]) &&
	       g_ascii_isdigit(text[8]) && text[9] == ' ';
}

void
history_find(struct document *d)
{
	struct history h = {
	    .d = d,
	    .blocks = g_array_new(FALSE, FALSE, sizeof(struct block)),
	};
	const struct line *before = NULL;
	bool encoded = false;

	for (guint i = 0; i <= MARKS_MAX; i++)
		h.writers[i] = NO_WRITER;
	for (guint i = 0; i < d->lines->len; i++) {
		struct line *line = document_line(d, i);

		if (line_is_empty(line)) {
			if (before != NULL)
				inherit(line, before);
		} else if (encoded || begins_file(d, line)) {
			encoded = !(line_length(line) == 3 &&
				    strncmp(line_text(d, line), "end", 3) == 0);
			line->depth_marked = 0;
			label(&h, line);
		} else
			read_line(&h, i);
		before = line;
	}
	g_array_unref(h.blocks);
}
