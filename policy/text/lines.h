/*
 * A text in lines, and whose words each line is: what the files that split a
 * text share among themselves.  split.h is for everybody else.
 */
#ifndef POLICY_TEXT_LINES_H
#define POLICY_TEXT_LINES_H

#include <glib.h>
#include <stdbool.h>

#include "policy/text/split.h"

enum { NO_WRITER = -1 };

struct line {
	gsize start, end;      /* without the line end */
	gsize words;           /* after quote marks and space; end: empty */
	unsigned depth_marked; /* by ">" and by elements that quote */
	const struct line_hint *hint; /* never NULL */
	enum origin origin;
	unsigned depth;  /* 0: the author's own */
	int writer;      /* index in document.writers, or NO_WRITER */
	unsigned fields; /* of a header block, by line_fields() */
	gsize cut;       /* from here on the line is a disclaimer; or
			  * end */
	bool dropped;    /* no words at all: armour of a signature */
};

struct document {
	const struct split_input *input;
	GArray *lines;      /* struct line */
	GPtrArray *writers; /* struct writer */
};

void document_init(struct document *, const struct split_input *);
void document_clear(struct document *);

static inline struct line *
document_line(const struct document *d, guint i)
{
	return &g_array_index(d->lines, struct line, i);
}

static inline bool
line_is_empty(const struct line *line)
{
	return line->words == line->end;
}

static inline gsize
line_length(const struct line *line)
{
	return line->end - line->words;
}

/* Its words; not terminated. */
static inline const char *
line_text(const struct document *d, const struct line *line)
{
	return d->input->text + line->words;
}

/* The next line from i on that is not empty, before "to"; else "to". */
guint document_next(const struct document *, guint i, guint to);

/* history_find.c, for history.c */
/* The line of a rule above i with nothing between; else i. */
guint rule_above(const struct document *, guint i);
/*
 * Where a block of From, Sent and To or Subject lines that begins at i ends;
 * 0: none begins.  whole: it has enough fields to be no letter's head.
 */
guint header_block(
    const struct document *, guint i, bool after_separator, bool *whole);
/* The same for what Notes writes. */
guint notes_block(const struct document *, guint i);
/* The first line of the attribution that ends with line i; else i + 1. */
guint attribution_start(const struct document *, guint i, bool quote_follows);
bool ends_attribution(
    const struct document *, const struct line *, bool quote_follows);

/* claims.c: lines whose elements only claim to be history lose their marks. */
void claims_check(struct document *);
/* Does history begin in the lines from i on? */
bool claims_begin(const struct document *, guint i);

/* history.c: sets origin, depth and writer of what others wrote. */
void history_find(struct document *);
/* answers.c: what the author wrote into it is the author's own. */
void answers_find(struct document *);
/* disclaimer.c, signature.c: in the author's own lines [from, to). */
void disclaimers_find(struct document *, guint from, guint to);
void signature_find(struct document *, guint from, guint to);

#endif
