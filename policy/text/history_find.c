/*
 * Where header blocks and attributions stand among the lines of a text.
 */
#include <string.h>

#include "policy/text/history_line.h"
#include "policy/text/lines.h"

/* How far the parts of one thing may stand apart, in lines. */
enum {
	HEADER_LINES = 8,
	ATTRIBUTION_LINES = 4,
	RULE_LINES = 3,
	FROM_LINES = 3,
	LONE_LINES = 12,
};

static bool
is_rule(const struct document *d, const struct line *line)
{
	const char *text = line_text(d, line);
	gsize len = line_length(line);

	return len >= 5 &&
	       (strspn(text, "_") >= len || strspn(text, "-") >= len);
}

/* The line of a rule above i with nothing between; else i. */
guint
rule_above(const struct document *d, guint i)
{
	for (guint n = 1; n <= RULE_LINES && n <= i; n++) {
		const struct line *line = document_line(d, i - n);

		if (is_rule(d, line) ||
		    line_is_bare_separator(
			line_text(d, line), line_length(line)))
			return i - n;
		if (!line_is_empty(line))
			break;
	}
	return i;
}

static bool
is_field(const struct document *d, guint i, enum header_field field)
{
	return (document_line(d, i)->fields & field) != 0;
}

/* A From with an address right below other fields, as GMX writes it. */
static bool
from_follows(const struct document *d, guint i)
{
	if (document_line(d, i)->fields == 0)
		return false;
	for (guint k = i; k < d->lines->len && k < i + FROM_LINES; k++) {
		const struct line *line = document_line(d, k);

		if (line->fields == 0)
			return false;
		if (is_field(d, k, FIELD_FROM) &&
		    memchr(line_text(d, line), '@', line_length(line)) != NULL)
			return true;
	}
	return false;
}

/*
 * Where a block of From, Sent and To or Subject lines that begins at i ends;
 * 0: none begins.  after_separator: From and one more will do, in any order.
 */
guint
header_block(
    const struct document *d, guint i, bool after_separator, bool *whole)
{
	unsigned from = 0, dates = 0, others = 0;
	guint end = i, limit = MIN(d->lines->len, i + 1 + HEADER_LINES);

	if (!after_separator && !is_field(d, i, FIELD_FROM) &&
	    !from_follows(d, i))
		return 0;
	for (guint k = i; k < limit; k++) {
		const struct line *line = document_line(d, k);
		unsigned before = from + dates + others;

		if (line_is_empty(line)) {
			if (dates + others > 0)
				break;
			continue;
		}
		from += is_field(d, k, FIELD_FROM);
		dates += is_field(d, k, FIELD_DATE);
		others += is_field(d, k, FIELD_OTHER);
		if (from + dates + others > before)
			end = k + 1;
		else if (k == i)
			return 0;
	}
	if (after_separator)
		return from + dates + others >= 2 || (from == 1 && end > i)
			   ? end
			   : 0;
	*whole = dates >= 1 && others >= 2;
	return dates >= 1 && others >= 1 ? end : 0;
}

/*
 * In plain text it breaks after "To", "cc" and "Subject" and drops the colons.
 * Where that block ends; 0: none begins.
 */
static guint
notes_table(const struct document *d, guint i)
{
	const struct line *line = document_line(d, i);
	guint next = document_next(d, i + 1, MIN(d->lines->len, i + 3));
	guint limit = MIN(d->lines->len, i + LONE_LINES), end = 0, lone = 0;

	if (next >= limit || line_is_empty(line) ||
	    line_length(line) > ATTRIBUTION_MAX ||
	    !g_ascii_isdigit(*line_text(d, document_line(d, next))) ||
	    memchr(line_text(d, line), '@', line_length(line)) == NULL)
		return 0;
	for (guint k = next + 1; k < limit; k++) {
		line = document_line(d, k);
		if (!line_is_lone_field(line_text(d, line), line_length(line)))
			continue;
		lone++;
		end = document_next(d, k + 1, limit);
	}
	return lone >= 3 ? MIN(end + 1, d->lines->len) : 0;
}

/*
 * Notes names the writer and the time without a field, above To, cc and
 * Subject.  Where that block ends; 0: none begins.
 */
guint
notes_block(const struct document *d, guint i)
{
	const struct line *line = document_line(d, i);
	guint end = document_next(d, i + 1, MIN(d->lines->len, i + 3));
	guint limit = MIN(d->lines->len, end + HEADER_LINES), others = 0;

	if (end >= limit || !is_field(d, end, FIELD_OTHER) ||
	    !line_has_date_or_address(line_text(d, line), line_length(line)))
		return notes_table(d, i);
	for (guint k = end; k < limit && !line_is_empty(document_line(d, k));
	     k++)
		if (is_field(d, k, FIELD_OTHER)) {
			others++;
			end = k + 1;
		}
	return others >= 3 ? end : 0;
}

/* Does the attribution whose line i is go back to the line above? */
static bool
reaches_up(const struct document *d, guint i)
{
	const struct line *line = document_line(d, i), *above;
	const char *text = line_text(d, line), *close;

	if (i == 0)
		return false;
	above = document_line(d, i - 1);
	/* Some put the address below an empty line. */
	if (i > 1 && *text == '<' && line_length(line) == 1 &&
	    line_is_empty(above))
		return true;
	if (line_is_empty(line))
		return line_begins_attribution(
		    line_text(d, above), line_length(above));
	if (line_is_empty(above) || above->depth_marked != line->depth_marked)
		return false;
	/* An address that was broken: "… <" above "jane@…> wrote:". */
	close = memchr(text, '>', line_length(line));
	return close != NULL &&
	       memchr(text, '<', (gsize)(close - text)) == NULL;
}

/*
 * The first line of the attribution that ends with line i, which ends in a
 * colon; else i + 1.
 */
guint
attribution_start(const struct document *d, guint i, bool quote_follows)
{
	const struct line *last = document_line(d, i);
	const char *text = d->input->text;
	gsize end = last->end;
	guint found = i + 1;

	for (guint k = i;; k--) {
		const struct line *line = document_line(d, k);
		const char *from = text + line->words;
		gsize len = end - line->words;

		if (line_is_empty(line) || len > ATTRIBUTION_MAX ||
		    line->depth_marked != last->depth_marked)
			break;
		if (line_is_attribution(from, len) &&
		    (k == i || line_begins_attribution(from, len) ||
			text[last->words] == '>'))
			found = k;
		else if (found > i && quote_follows &&
			 line_mentions_writing(from, len))
			found = k;
		if (k == 0 || i - k + 1 == ATTRIBUTION_LINES)
			break;
	}
	/* A name or a time will do where a quotation follows. */
	if (found > i && quote_follows &&
	    (line_has_date_or_address(line_text(d, last), line_length(last)) ||
		line_is_short_attribution(
		    line_text(d, last), line_length(last))))
		found = i;
	while (
	    found <= i && i - found < ATTRIBUTION_LINES && reaches_up(d, found))
		found--;
	return found;
}

/* In a colon; a date and an address alone stand before a quotation only. */
bool
ends_attribution(
    const struct document *d, const struct line *line, bool quote_follows)
{
	char last = d->input->text[line->end - 1];

	return last == ':' || (last == '>' && quote_follows &&
				  g_ascii_isdigit(d->input->text[line->words]));
}
