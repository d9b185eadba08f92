/*
 * Disclaimers, footers of ours and of mailing lists in a run of lines.
 *
 * Sentence by sentence, since a disclaimer can be one line, several paragraphs
 * or the last sentence of the text.  A sentence that only a disclaimer says is
 * one wherever it stands; one that somebody might write is one beside those,
 * and at the end of the text.
 */
#include <string.h>

#include "policy/text/disclaimer.h"
#include "policy/text/lines.h"
#include "policy/text/speech.h"
#include "policy/text/words.h"

enum {
	SHORT_LINE = 45, /* bytes; longer lines may go on in the next */
	RULE_MIN = 5,
	LIST_LINES = 8, /* of a mailing list's footer */
};

struct sentence {
	guint line, last_line;
	gsize start, end; /* in the text */
	unsigned paragraph;
	enum disclaim disclaim;
	bool marked;
};

struct reader {
	struct document *d;
	GArray *sentences; /* struct sentence */
	unsigned paragraph;
	bool open;      /* the last sentence goes on */
	unsigned words; /* in it, about */
};

static struct sentence *
sentence_at(const struct reader *r, guint i)
{
	return &g_array_index(r->sentences, struct sentence, i);
}

/* "Sam Smith", "Zoë Müller and Owen ap Rhys": nothing but names. */
static bool
are_names(const char *text, gsize len)
{
	static const char *const particles[] = {"a", "ab", "ac", "and", "ap",
	    "da", "de", "der", "la", "o", "van", "von", "y"};
	struct word word;
	gsize pos = 0;

	while (word_next(text, len, &pos, &word))
		if (!word.capital &&
		    !word_is_in(word.text, particles, G_N_ELEMENTS(particles)))
			return false;
	return true;
}

static bool
is_ours(const struct document *d, const struct line *line)
{
	static const char *const begins[] = {"CC councillor", "CC y Cynghorydd",
	    "CC Cynghorydd", "CC y Cyng.", NULL};
	const char *text = line_text(d, line);

	if (line->hint->footer)
		return true;
	for (const char *const *b = begins; *b != NULL; b++)
		if (line_length(line) > strlen(*b) &&
		    strncmp(text, *b, strlen(*b)) == 0 &&
		    !g_ascii_islower(text[strlen(*b)]))
			return are_names(
			    text + strlen(*b), line_length(line) - strlen(*b));
	return false;
}

/* Does the sentence end with this byte of the line? */
static bool
ends_sentence(const char *text, gsize i, gsize end)
{
	if (strchr(".!?", text[i]) == NULL)
		return false;
	if (i + 1 < end && text[i + 1] != ' ')
		return false;
	/* "P. Jones", "No. 4" */
	return text[i] != '.' || i < 2 ||
	       !(g_ascii_isupper(text[i - 1]) && text[i - 2] == ' ');
}

static void
add_piece(struct reader *r, guint line, gsize start, gsize end)
{
	struct sentence fresh = {
	    .line = line,
	    .last_line = line,
	    .start = start,
	    .end = end,
	    .paragraph = r->paragraph,
	};
	struct sentence *last;

	if (!r->open) {
		g_array_append_val(r->sentences, fresh);
		r->words = 0;
		r->open = true;
		return;
	}
	last = sentence_at(r, r->sentences->len - 1);
	last->last_line = line;
	last->end = end;
}

static void
read_line(struct reader *r, guint i)
{
	const struct document *d = r->d;
	const struct line *line = document_line(d, i);
	const char *text = d->input->text;
	gsize start = line->words;

	for (gsize k = start; k < line->end; k++) {
		r->words += text[k] == ' ';
		if (!ends_sentence(text, k, line->end) &&
		    r->words < SENTENCE_WORDS)
			continue;
		add_piece(r, i, start, k + 1);
		r->open = false;
		r->words = 0;
		start = k + 1;
		while (start < line->end && text[start] == ' ')
			start++;
		k = MAX(k, start - 1);
	}
	if (start < line->end)
		add_piece(r, i, start, line->end);
	r->words++;
	if (line_length(line) < SHORT_LINE || d->input->paragraphs)
		r->open = false;
}

static bool
is_rule(const struct document *d, const struct line *line)
{
	const char *text = line_text(d, line);
	gsize len = line_length(line);

	return len >= RULE_MIN && strspn(text, "_-*=#~") >= len;
}

static bool
binds(const struct reader *r, const struct sentence *s)
{
	return speech_binds(r->d->input->text + s->start, s->end - s->start);
}

static void
read_sentences(struct reader *r, guint from, guint to)
{
	const struct document *d = r->d;

	for (guint i = from; i < to; i++) {
		struct line *line = document_line(d, i);

		if (line_is_empty(line) || is_rule(d, line)) {
			r->open = false;
			r->paragraph++;
		} else if (is_ours(d, line)) {
			line->origin = ORIGIN_FOOTER;
			r->open = false;
			r->paragraph++;
		} else
			read_line(r, i);
	}
	for (guint i = 0; i < r->sentences->len; i++) {
		struct sentence *s = sentence_at(r, i);

		s->disclaim = sentence_disclaims(
		    d->input->text + s->start, s->end - s->start);
		/* No disclaimer says so. */
		if (s->disclaim != DISCLAIM_NO && binds(r, s))
			s->disclaim = DISCLAIM_NO;
		s->marked = s->disclaim == DISCLAIM_YES;
	}
}

/* May be a disclaimer, and stands in a paragraph with others. */
static void
mark_paragraphs(struct reader *r)
{
	guint end;

	for (guint i = 0; i < r->sentences->len; i = end) {
		unsigned weight = 0;
		guint first = G_MAXUINT, last = 0;

		for (end = i; end < r->sentences->len &&
			      sentence_at(r, end)->paragraph ==
				  sentence_at(r, i)->paragraph;
		     end++) {
			struct sentence *s = sentence_at(r, end);

			if (s->disclaim < DISCLAIM_MAYBE)
				continue;
			weight += s->disclaim == DISCLAIM_YES ? 2 : 1;
			first = MIN(first, end);
			last = end;
		}
		if (weight < 2)
			continue;
		for (guint k = first; k <= last; k++)
			sentence_at(r, k)->marked |=
			    sentence_at(r, k)->disclaim >= DISCLAIM_MAYBE ||
			    (last - first <= 2 * weight &&
				!binds(r, sentence_at(r, k)));
	}
}

/* What comes after a disclaimer in its paragraph, and all at the end. */
static void
mark_tail(struct reader *r)
{
	for (guint i = r->sentences->len; i-- > 0;) {
		struct sentence *s = sentence_at(r, i);

		if (s->disclaim < DISCLAIM_MAYBE && !s->marked)
			break;
		s->marked = true;
	}
	for (guint i = r->sentences->len; i-- > 1;) {
		struct sentence *s = sentence_at(r, i - 1);
		const struct sentence *next = sentence_at(r, i);

		if (next->marked && (s->disclaim == DISCLAIM_HEADING ||
					(s->disclaim == DISCLAIM_OPENING &&
					    s->paragraph == next->paragraph)))
			s->marked = true;
	}
}

/* Is all of the line from some place on marked?  Then from where? */
static void
cut_line(const struct reader *r, guint i, guint first)
{
	struct line *line = document_line(r->d, i);
	gsize from = line->end;

	for (guint k = first; k < r->sentences->len; k++) {
		const struct sentence *s = sentence_at(r, k);

		if (s->line > i)
			break;
		if (!s->marked)
			from = line->end;
		else if (from == line->end)
			from = MAX(s->start, line->words);
	}
	if (from == line->words && !line_is_empty(line))
		line->origin = ORIGIN_DISCLAIMER;
	else if (line->depth == 0)
		line->cut = from;
}

static void
cut_lines(const struct reader *r, guint from, guint to)
{
	guint next = 0;

	for (guint i = from; i < to; i++) {
		/* The first sentence that this line has a part of. */
		while (next < r->sentences->len &&
		       sentence_at(r, next)->last_line < i)
			next++;
		if (document_line(r->d, i)->origin != ORIGIN_FOOTER)
			cut_line(r, i, next);
	}
}

/* A rule between disclaimers, or above the first, is one too. */
static void
mark_rules(struct document *d, guint from, guint to)
{
	for (guint i = to; i-- > from;) {
		struct line *line = document_line(d, i);
		guint next;

		if (line_is_empty(line) || !is_rule(d, line))
			continue;
		next = document_next(d, i + 1, to);
		if (next < to &&
		    document_line(d, next)->origin == ORIGIN_DISCLAIMER)
			line->origin = ORIGIN_DISCLAIMER;
	}
}

/* "_____" and a few lines about the mailing list, at the end. */
static void
mark_list_footer(struct document *d, guint from, guint to)
{
	guint i = to, lines = 0;
	bool list = false;

	while (i-- > from && lines <= LIST_LINES) {
		const struct line *line = document_line(d, i);
		const char *text = line_text(d, line);
		gsize len = line_length(line);

		if (line_is_empty(line))
			continue;
		lines++;
		if (list && is_rule(d, line)) {
			for (; i < to; i++)
				document_line(d, i)->origin = ORIGIN_DISCLAIMER;
			return;
		}
		list |= memmem(text, len, "mailing list", 12) != NULL ||
			memmem(text, len, "/listinfo/", 10) != NULL ||
			memmem(text, len, "@lists.", 7) != NULL;
	}
}

void
disclaimers_find(struct document *d, guint from, guint to)
{
	struct reader r = {
	    .d = d,
	    .sentences = g_array_new(FALSE, FALSE, sizeof(struct sentence)),
	};

	read_sentences(&r, from, to);
	mark_paragraphs(&r);
	mark_tail(&r);
	cut_lines(&r, from, to);
	g_array_unref(r.sentences);
	mark_rules(d, from, to);
	mark_list_footer(d, from, to);
}
