/*
 * What elements claim of the lines in them.  Anybody can write an element of a
 * mail program that holds history, so the lines must bear it out: history has
 * a header block, a separator or an attribution above it, or a quotation in
 * it.  Else they are the author's own.
 */
#include <string.h>

#include "policy/text/history_line.h"
#include "policy/text/lines.h"

enum {
	OPENING_LINES = 4, /* with words, in which history begins */
	LABEL_LINES = 3,   /* that make a header block in any language */
	LABEL_BYTES = 40,
};

/* "Word: value", in whatever language. */
static bool
is_labelled(const struct document *d, const struct line *line)
{
	const char *text = line_text(d, line), *colon;
	gsize len = line_length(line);

	colon = memchr(text, ':', MIN(len, LABEL_BYTES));
	return colon != NULL && colon > text && (gsize)(colon + 1 - text) < len;
}

/* So many of them on end, one with an address or a date. */
static bool
labels_begin(const struct document *d, guint i)
{
	bool known = false;
	unsigned lines = 0;

	for (; i < d->lines->len && lines < LABEL_LINES; i++) {
		const struct line *line = document_line(d, i);

		if (line_is_empty(line) || !is_labelled(d, line))
			break;
		known |= line_has_date_or_address(
		    line_text(d, line), line_length(line));
		lines++;
	}
	return known && lines == LABEL_LINES;
}

static bool
line_opens(const struct document *d, guint i)
{
	const struct line *line = document_line(d, i);
	const char *text = line_text(d, line);
	gsize len = line_length(line);
	bool whole;

	return line_is_separator(text, len) ||
	       line_is_fenced_attribution(text, len) ||
	       line_is_attribution(text, len) || labels_begin(d, i) ||
	       header_block(d, i, true, &whole) > 0 ||
	       (ends_attribution(d, line, true) &&
		   attribution_start(d, i, true) <= i);
}

bool
claims_begin(const struct document *d, guint i)
{
	for (unsigned n = 0; n < OPENING_LINES; i++) {
		i = document_next(d, i, d->lines->len);
		if (i == d->lines->len)
			return false;
		if (line_opens(d, i))
			return true;
		n++;
	}
	return false;
}

static bool
is_claimed(const struct line *line)
{
	return line->hint->containers > 0 && line->hint->quotes == 0;
}

/* The end of the lines from i on that nothing but a container marks. */
static guint
claim_end(const struct document *d, guint i)
{
	while (i < d->lines->len && (line_is_empty(document_line(d, i)) ||
					is_claimed(document_line(d, i))))
		i++;
	return i;
}

/* The lines [i, end): is there a quotation right below a few of them? */
static bool
leads_to_quotation(const struct document *d, guint i, guint end)
{
	const struct line *last = document_line(d, i);
	unsigned lines = 0;

	if (end == d->lines->len || document_line(d, end)->hint->quotes == 0)
		return false;
	for (; i < end; i++)
		if (!line_is_empty(document_line(d, i))) {
			last = document_line(d, i);
			lines++;
		}
	return lines <= OPENING_LINES && d->input->text[last->end - 1] == ':';
}

/* Is there an attribution right above? */
static bool
is_attributed(const struct document *d, guint i)
{
	while (i > 0 && line_is_empty(document_line(d, i - 1)))
		i--;
	return i > 0 && line_opens(d, i - 1);
}

void
claims_check(struct document *d)
{
	guint end;
	bool inside = false; /* a container that has been borne out */

	if (d->input->hints == NULL)
		return;
	for (guint i = 0; i < d->lines->len; i = end) {
		const struct line *line = document_line(d, i);

		end = i + 1;
		if (line_is_empty(line))
			continue;
		inside = inside && line->hint->containers > 0;
		if (!is_claimed(line)) {
			inside |= line->hint->containers > 0;
			continue;
		}
		end = claim_end(d, i);
		if (inside || claims_begin(d, i) || is_attributed(d, i) ||
		    leads_to_quotation(d, i, end)) {
			inside = true;
			continue;
		}
		for (; i < end; i++) {
			struct line *own = document_line(d, i);

			if (!line_is_empty(own))
				own->depth_marked -= MIN(
				    own->depth_marked, own->hint->containers);
		}
	}
}
