#include <string.h>

#include "milter/message/quote.h"

/* How far the parts of one thing may stand apart, in lines. */
enum {
	BLOCK_LINES = 8,	/* From … Subject of a header block */
	ATTRIBUTION_LINES = 4,	/* "On …,\n… wrote:" */
	SIGNATURE_LINES = 25,
};

struct line {
	const char *text;
	gsize len;	/* without its end and surrounding space */
	gsize start;	/* offset of its first byte */
	gsize next;	/* offset of the line after */
};

static bool
next_line(const char *text, gsize len, gsize pos, struct line *line)
{
	const char *lf;

	if (pos >= len)
		return false;
	lf = memchr(text + pos, '\n', len - pos);
	line->start = pos;
	line->next = lf != NULL ? (gsize)(lf - text) + 1 : len;
	line->text = text + pos;
	line->len = line->next - pos;
	while (line->len > 0 && g_ascii_isspace(line->text[line->len - 1]))
		line->len--;
	while (line->len > 0 && g_ascii_isspace(line->text[0])) {
		line->text++;
		line->len--;
	}
	return true;
}

/* Does a block of From, Sent and To or Subject lines begin here? */
static bool
is_header_block(const char *text, gsize len, const struct line *first)
{
	struct line line = *first;
	unsigned dates = 0, others = 0;

	if (!line_is_from(line.text, line.len) ||
	    memchr(line.text, ':', line.len) == line.text + line.len - 1)
		return false;
	for (unsigned i = 0; i < BLOCK_LINES; i++) {
		if (!next_line(text, len, line.next, &line))
			break;
		if (line.len == 0) {
			if (dates + others > 0)
				break;
			continue;
		}
		dates += line_is_field(line.text, line.len, FIELD_DATE);
		others += line_is_field(line.text, line.len, FIELD_OTHER);
	}
	return dates >= 1 && others >= 1;
}

/*
 * The attribution whose last line this is: it may begin a few lines above.
 * Returns its start, or -1.
 */
static gssize
attribution_start(const char *text, const struct line *last)
{
	gsize start = last->start,
	      end = (gsize)(last->text + last->len - text);
	gssize found = -1;

	if (last->len == 0 || last->text[last->len - 1] != ':')
		return -1;
	for (unsigned i = 0; i < ATTRIBUTION_LINES; i++) {
		gsize above = start;

		if (line_is_attribution(text + start, end - start) &&
		    (i == 0 ||
			line_begins_attribution(text + start, end - start)))
			found = (gssize)start;
		if (above == 0)
			break;
		/* To the start of the line above, unless that is empty. */
		above--;
		while (above > 0 && text[above - 1] != '\n')
			above--;
		if (strspn(text + above, " \t\r") >= start - above - 1)
			break;
		start = above;
	}
	return found;
}

static bool
is_quoted(const struct line *line)
{
	return line->len > 0 && line->text[0] == '>';
}

/* The start of a rule of "_" or blank lines that lead up to pos. */
static gsize
with_rule_above(const char *text, gsize pos)
{
	gsize best = pos, above = pos;

	for (unsigned i = 0; i < 3 && above > 0; i++) {
		struct line line;
		gsize start = above - 1;

		while (start > 0 && text[start - 1] != '\n')
			start--;
		next_line(text, above, start, &line);
		if (line.len >= 5 &&
		    (strspn(line.text, "_") >= line.len ||
			strspn(line.text, "-") >= line.len))
			return start;
		if (line.len != 0)
			return best;
		above = start;
	}
	return best;
}

/* What is known while the lines go by. */
struct history {
	gsize quoted;		/* start of the last run of ">" lines, or of
				 * its attribution */
	gssize last_attribution;/* start of one whose text may follow, or -1 */
	gssize last_colon;	/* of a line that names somebody or a time and
				 * ends in a colon, likewise */
	gsize first;		/* start of the first line that is not empty */
	unsigned runs;		/* of ">" lines with own text between */
	bool open;		/* nothing but ">" since then */
	bool encoded;		/* inside a uuencoded file */
};

/* "begin 644 name": its lines may begin with anything. */
static bool
begins_file(const struct line *line)
{
	return line->len > 10 && strncmp(line->text, "begin ", 6) == 0 &&
	    g_ascii_isdigit(line->text[6]) && g_ascii_isdigit(line->text[7]) &&
	    g_ascii_isdigit(line->text[8]) && line->text[9] == ' ';
}

static void
see_quoted(struct history *h, const struct line *line)
{
	if (!h->open) {
		h->runs++;
		h->quoted = h->last_attribution >= 0 ?
		    (gsize)h->last_attribution :
		    h->last_colon >= 0 ? (gsize)h->last_colon :
					 line->start;
		h->open = true;
	}
	h->last_attribution = h->last_colon = -1;
}

/*
 * A line of the author's own, or one that begins the history for good: then
 * its start is returned, else -1.
 */
static gssize
see_own(struct history *h, const char *text, gsize len,
    const struct line *line, bool expected)
{
	char first = line->text[0];

	if (first == '-' || first == '_' || first == '=' || first == '*' ||
	    first == 'B') {
		if (line_is_separator(line->text, line->len))
			return (gssize)line->start;
	}
	if (is_header_block(text, len, line)) {
		gsize start = with_rule_above(text, line->start);

		if (expected || start != line->start)
			return (gssize)start;
	}
	/*
	 * An attribution, and then text without ">": it was for that, if what
	 * stands before it is the answer.
	 */
	if (h->last_attribution >= 0 && h->runs == 0 &&
	    (gsize)h->last_attribution > h->first &&
	    (expected || memchr(text + h->last_attribution, '@',
			     line->start - (gsize)h->last_attribution) != NULL))
		return h->last_attribution;
	h->open = false;
	h->last_attribution = attribution_start(text, line);
	h->last_colon = line->text[line->len - 1] == ':' &&
		line_has_date_or_address(line->text, line->len) ?
	    (gssize)line->start :
	    -1;
	return -1;
}

gsize
quote_start(const char *text, gsize len, bool expected)
{
	struct history h = {
		.quoted = len,
		.last_attribution = -1,
		.last_colon = -1,
		.first = len,
	};
	struct line line;
	gssize found;

	for (gsize pos = 0; next_line(text, len, pos, &line); pos = line.next) {
		if (line.len == 0)
			continue;
		h.first = MIN(h.first, line.start);
		if (h.encoded || begins_file(&line)) {
			h.encoded = !(line.len == 3 &&
			    memcmp(line.text, "end", 3) == 0);
			h.open = false;
			continue;
		}
		if (is_quoted(&line)) {
			see_quoted(&h, &line);
			continue;
		}
		found = see_own(&h, text, len, &line, expected);
		if (found >= 0)
			return h.open && h.runs == 1 ? h.quoted : (gsize)found;
	}
	return h.open && h.runs == 1 ? h.quoted : len;
}

gsize
signature_start(const char *text, gsize len)
{
	gsize pos = len;

	for (unsigned i = 0; i < SIGNATURE_LINES && pos > 0; i++) {
		gsize start = pos - 1;
		const char *lf = start > 0 ?
		    memrchr(text, '\n', start) :
		    NULL;

		start = lf != NULL ? (gsize)(lf - text) + 1 : 0;
		if (pos - start >= 3 && memcmp(text + start, "-- ", 3) == 0 &&
		    (pos - start == 3 ||
			strchr("\r\n", text[start + 3]) != NULL))
			return start;
		pos = start;
	}
	return len;
}
