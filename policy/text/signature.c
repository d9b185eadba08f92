/*
 * The sign-off block at the end of what the author wrote: after a "-- " line,
 * after closing words, where the author's name stands alone, or below the
 * name in lines of telephone numbers and addresses.  Elements that the mail
 * program calls a signature are one anyway.
 */
#include <string.h>

#include "policy/text/lines.h"
#include "policy/text/signoff.h"
#include "policy/text/speech.h"

/* How long a sign-off can be, in lines that are not empty. */
enum {
	BLOCK_LINES = 25,
	PROSE_LINES = 3, /* of sentences: slogans, office hours */
	WRAP_MIN = 45,   /* bytes; a longer line may go on in the next … */
	WRAP_LINES = 6,  /* … as often as this */
	NAMES_MAX = 3,   /* paragraphs that may be name and office */
	OFFICES_MAX = 3, /* lines between the name and another one's */
};

struct signature {
	struct document *d;
	guint from, to; /* the run; to: without what is no own text */
};

static bool
is_own(const struct line *line)
{
	return line->origin == ORIGIN_OWN && line->depth == 0;
}

static bool
has_words(const struct line *line)
{
	return !line_is_empty(line) && is_own(line) && line->cut > line->words;
}

static gsize
words_length(const struct line *line)
{
	return line->cut - line->words;
}

static bool
speaks(const struct signature *s, guint i)
{
	const struct line *line = document_line(s->d, i);

	return has_words(line) &&
	       speech_addresses(line_text(s->d, line), words_length(line));
}

/* Does line i go on in the next one? */
static bool
goes_on(const struct signature *s, guint i)
{
	const struct line *line = document_line(s->d, i), *next;

	if (s->d->input->paragraphs || !has_words(line) ||
	    words_length(line) < WRAP_MIN ||
	    strchr(".?!", s->d->input->text[line->cut - 1]) != NULL)
		return false;
	next = document_line(s->d, i + 1);
	return has_words(next) &&
	       !g_unichar_isupper(g_utf8_get_char(line_text(s->d, next)));
}

/*
 * Is the line a part of what the author says to somebody?  That is no
 * signature, whatever stands around it.
 */
static bool
is_said(const struct signature *s, guint i)
{
	guint first = i, last = i;

	for (unsigned n = 0;
	     n < WRAP_LINES && first > s->from && goes_on(s, first - 1); n++)
		first--;
	for (unsigned n = 0;
	     n < WRAP_LINES && last + 1 < s->to && goes_on(s, last); n++)
		last++;
	for (; first <= last; first++)
		if (speaks(s, first))
			return true;
	return false;
}

static void
sign(const struct signature *s, guint from, guint to)
{
	for (guint i = from; i < to; i++) {
		struct line *line = document_line(s->d, i);

		if (is_own(line) && (!has_words(line) || !is_said(s, i)))
			line->origin = ORIGIN_SIGNATURE;
	}
}

/* The line with words before i, or G_MAXUINT. */
static guint
line_before(const struct signature *s, guint i)
{
	while (i-- > s->from)
		if (has_words(document_line(s->d, i)))
			return i;
	return G_MAXUINT;
}

/* "Sent from my iPhone" and the like, wherever they stand at the end. */
static void
sign_tails(const struct signature *s)
{
	guint i = s->to;

	for (unsigned n = 0;
	     n < BLOCK_LINES && (i = line_before(s, i)) != G_MAXUINT;) {
		struct line *line = document_line(s->d, i);

		if (signoff_is_tail(line_text(s->d, line), words_length(line)))
			line->origin = ORIGIN_SIGNATURE;
		else
			n++;
	}
}

/* What the format calls a signature. */
static void
sign_hinted(const struct signature *s)
{
	for (guint i = s->from; i < s->to; i++)
		if (document_line(s->d, i)->hint->signature)
			sign(s, i, i + 1);
}

/* After a "-- " line, the last one that is not too far from the end. */
static bool
sign_separated(const struct signature *s)
{
	guint i = s->to, found = G_MAXUINT;

	for (unsigned n = 0;
	     n <= BLOCK_LINES && (i = line_before(s, i)) != G_MAXUINT; n++) {
		const struct line *line = document_line(s->d, i);

		if (words_length(line) == 2 && line->words == line->start &&
		    strncmp(line_text(s->d, line), "--", 2) == 0)
			found = i;
	}
	if (found == G_MAXUINT)
		return false;
	sign(s, found, s->to);
	return true;
}

static bool
is_postscript(const struct document *d, const struct line *line)
{
	const char *text = line_text(d, line);
	gsize len = line_length(line);

	return (len > 2 && strncmp(text, "PS", 2) == 0 &&
		   !g_ascii_isalnum(text[2])) ||
	       (len > 4 && g_ascii_strncasecmp(text, "p.s.", 4) == 0) ||
	       (len > 4 && strncmp(text, "O.N.", 4) == 0);
}

/*
 * Where the block that begins with closing words at i ends: at the end of the
 * run, or before sentences that are too many for a slogan; i: it is none.
 */
static guint
block_end(const struct signature *s, guint i)
{
	unsigned lines = 0, prose = 0, names = 0;
	guint paragraph = i;
	bool gap = false;

	for (guint k = i + 1; k < s->to; k++) {
		const struct line *line = document_line(s->d, k);
		const char *text = line_text(s->d, line);

		if (!has_words(line)) {
			gap = true;
			continue;
		}
		if (gap || s->d->input->paragraphs)
			paragraph = k;
		gap = false;
		if (is_postscript(s->d, line) || is_said(s, k))
			return names > 0 ? k : i;
		if (signoff_is_prose(text, words_length(line)))
			prose++;
		else if (prose == 0)
			names++;
		if (names == 0 && prose > 0)
			return i;
		if (++lines > BLOCK_LINES || prose > PROSE_LINES)
			return paragraph;
	}
	return s->to;
}

/* From closing words on; the block is the last one in the run. */
static bool
sign_closed(const struct signature *s)
{
	guint i = s->to, found = G_MAXUINT, found_end = 0, end, above;

	for (unsigned n = 0;
	     n <= BLOCK_LINES && (i = line_before(s, i)) != G_MAXUINT; n++) {
		const struct line *line = document_line(s->d, i);
		enum closing closing =
		    signoff_closing(line_text(s->d, line), words_length(line));

		if (closing == CLOSING_NONE)
			continue;
		/* Thanks alone, at the end or as the answer, are a word. */
		if (closing == CLOSING_THANKS &&
		    (line_before(s, i) == G_MAXUINT || n == 0))
			continue;
		if ((end = block_end(s, i)) == i)
			continue;
		found = i;
		found_end = end;
		break;
	}
	if (found == G_MAXUINT)
		return false;
	/* "Many thanks" above "Kind regards" belongs to it. */
	for (i = found; (above = line_before(s, i)) != G_MAXUINT &&
			line_before(s, above) != G_MAXUINT;
	     i = above) {
		const struct line *line = document_line(s->d, above);

		if (signoff_closing(line_text(s->d, line),
			words_length(line)) == CLOSING_NONE)
			break;
		found = above;
	}
	sign(s, found, found_end);
	return true;
}

/* The first line of the paragraph of line i. */
static guint
paragraph_start(const struct signature *s, guint i)
{
	while (i > s->from && has_words(document_line(s->d, i - 1)))
		i--;
	return i;
}

/* Are there words of the author's own below the history that follows? */
static bool
speaks_later(const struct signature *s)
{
	for (guint i = s->to; i < s->d->lines->len; i++) {
		const struct line *line = document_line(s->d, i);

		if (line->depth == 0 && line->origin == ORIGIN_OWN &&
		    !line_is_empty(line))
			return true;
	}
	return false;
}

/*
 * Without closing words: the last paragraphs, if they are short lines that
 * begin with a name.
 */
static bool
sign_named(const struct signature *s)
{
	guint i = s->to, last, found = G_MAXUINT, lines = 0, apart = 0;
	bool contact = false, author = false;

	while (
	    (last = line_before(s, i)) != G_MAXUINT && ++lines <= BLOCK_LINES) {
		const struct line *line = document_line(s->d, last);
		const char *text = line_text(s->d, line);
		gsize len = words_length(line);
		enum naming naming;

		if (signoff_is_prose(text, len))
			break;
		contact |= signoff_is_contact(text, len);
		naming = signoff_naming(text, len, s->d->input->author);
		/* A name after text needs a new paragraph or a title. */
		if (naming == NAMING_AUTHOR || naming == NAMING_TITLED ||
		    (naming == NAMING_DASHED &&
			last == paragraph_start(s, last)) ||
		    (naming == NAMING_NAME && contact && lines > 1 &&
			apart == 0 &&
			(last == paragraph_start(s, last) ||
			    s->d->input->paragraphs))) {
			found = last;
			author = naming == NAMING_AUTHOR;
			/* "Jane" above "Cllr Jane Jones" is found next. */
		} else if (found != G_MAXUINT && ++apart > OFFICES_MAX)
			break;
		i = last;
	}
	/* Nothing but a name says something, unless more is said later. */
	if (found == G_MAXUINT || (line_before(s, found) == G_MAXUINT &&
				      !(author && speaks_later(s))))
		return false;
	sign(s, found, s->to);
	return true;
}

/* Above a postscript, which is the author's own. */
static void
skip_postscript(struct signature *s)
{
	guint i = s->to;

	for (unsigned n = 0;
	     n < BLOCK_LINES && (i = line_before(s, i)) != G_MAXUINT; n++)
		if (is_postscript(s->d, document_line(s->d, i))) {
			s->to = i;
			return;
		}
}

void
signature_find(struct document *d, guint from, guint to)
{
	struct signature s = {d, from, to};
	guint last;

	sign_hinted(&s);
	sign_tails(&s);
	last = line_before(&s, to);
	if (last == G_MAXUINT)
		return;
	s.to = last + 1;
	if (sign_separated(&s)) {
		/* Closing words and a name may stand above the separator. */
		last = line_before(&s, s.to);
		if (last == G_MAXUINT)
			return;
		s.to = last + 1;
	}
	if (sign_closed(&s))
		return;
	skip_postscript(&s);
	sign_named(&s);
}
