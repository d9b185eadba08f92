#include <string.h>

#include "policy/detect/names_private.h"
#include "policy/utf8.h"

/* Of a sign-off without a valediction, and how long its lines may be. */
enum { TAIL_LINES_MAX = 6, LINE_BYTES_MAX = 160 };

/* What is looked at behind a valediction, in bytes. */
enum { SIGNOFF_MAX = 4096 };

gsize
name_line_end(const char *text, gsize len, gsize p)
{
	const char *end = memchr(text + p, '\n', len - p);

	return end != NULL ? (gsize)(end - text) : len;
}

static gsize
line_start(const char *text, gsize p)
{
	while (p > 0 && text[p - 1] != '\n')
		p--;
	return p;
}

bool
name_line_blank(const char *text, gsize start, gsize end)
{
	for (; start < end; start++)
		if (strchr(" \t\r\n*_-=>|.", text[start]) == NULL)
			return false;
	return true;
}

/* What follows a closing on its own line must be set off, or nothing. */
static bool
closes_line(const char *text, gsize len, const struct hit *cue)
{
	gsize end = name_line_end(text, len, cue->end);
	gsize p = cue->end;

	if (cue->cue == CUE_SIGNED)
		return true;
	if (p < end && strchr(",:-", text[p]) != NULL &&
	    cue->cue == CUE_VALEDICTION)
		return true;
	while (p < end && strchr(" ,.!:-", text[p]) != NULL)
		p++;
	return p == end;
}

/* The cues of a letter's end, as far as they count here. */
static bool
is_closing(const char *text, gsize len, const struct hit *hit)
{
	gsize start = line_start(text, hit->start);

	return (hit->cue == CUE_VALEDICTION || hit->cue == CUE_THANKS ||
		   hit->cue == CUE_SIGNED) &&
	       name_line_blank(text, start, hit->start) &&
	       closes_line(text, len, hit);
}

bool
name_cues_have(const GArray *cues, enum cue cue)
{
	guint i;

	for (i = 0; i < cues->len; i++)
		if (g_array_index(cues, struct hit, i).cue == cue)
			return true;
	return false;
}

/* Is there a line that is too long for a sign-off, or that is a sentence? */
static bool
is_prose(
    const struct name_rules *rules, const char *text, gsize start, gsize end)
{
	g_autoptr(GArray) hits = NULL;
	guint i;

	if (end - start > LINE_BYTES_MAX)
		return true;
	hits = name_rules_hits(rules, text + start, end - start);
	for (i = 0; i < hits->len; i++) {
		const struct hit *hit = &g_array_index(hits, struct hit, i);

		if (hit->office == NULL && hit->cue == CUE_CLOSE)
			return false;
		if (hit->office == NULL && hit->cue == CUE_SENTENCE)
			return true;
	}
	return false;
}

/* Is what follows the closing a sign-off, or does the text just go on? */
static bool
begins_signoff(
    const struct name_rules *rules, const char *text, gsize start, gsize len)
{
	while (start < len) {
		gsize end = name_line_end(text, len, start);

		if (!name_line_blank(text, start, end))
			return !is_prose(rules, text, start, end);
		start = end + 1;
	}
	return false;
}

/* As much as a sign-off may have, up to the end of a line. */
gsize
name_lines_end(const char *text, gsize len, gsize start)
{
	gsize end = start + SIGNOFF_MAX;

	if (end >= len)
		return len;
	while (end > start && text[end] != '\n')
		end--;
	return end;
}

static bool
find_closing(const struct name_rules *rules, const char *text, gsize len,
    const GArray *cues, enum lines_of of, struct lines *lines)
{
	bool greets =
	    of == LINES_OF_LETTER && name_cues_have(cues, CUE_SALUTATION);
	guint i;

	greets = greets || of == LINES_OF_GREETED_LETTER;

	for (i = cues->len; i-- > 0;) {
		const struct hit *hit = &g_array_index(cues, struct hit, i);

		/* "Signed" in the middle of a mail is a word like others. */
		if (hit->cue == CUE_SIGNED && !greets)
			continue;
		if (of != LINES_OF_MAIL && hit->cue == CUE_THANKS)
			continue;
		if (!is_closing(text, len, hit) ||
		    !begins_signoff(rules, text, hit->end, len))
			continue;
		lines->start = hit->cue == CUE_SIGNED
				   ? line_start(text, hit->start)
				   : hit->end;
		lines->end = name_lines_end(text, len, lines->start);
		lines->closing = true;
		return true;
	}
	return false;
}

/* Does the text before p end in a line that goes on in the next one? */
static bool
is_wrapped(const char *text, gsize p)
{
	while (p > 0 && (text[p - 1] == ' ' || text[p - 1] == '\n')) {
		p--;
		if (text[p] == '\n' && p > 0 && text[p - 1] == '\n')
			return false;
	}
	return p > 0 && strchr(".!?:;)*-_,\"'", text[p - 1]) == NULL;
}

/* "Thanks, Cllr Jones" is said to Cllr Jones. */
static bool
is_thanks(const char *text, const GArray *cues, gsize start)
{
	guint i;

	for (i = 0; i < cues->len; i++) {
		const struct hit *hit = &g_array_index(cues, struct hit, i);

		if (hit->cue == CUE_THANKS && hit->start >= start &&
		    name_line_blank(text, start, hit->start))
			return true;
	}
	return false;
}

/*
 * Without a valediction: the last short lines, back to a sentence, a greeting
 * or the second blank line.
 */
static bool
find_tail(const struct name_rules *rules, const char *text, gsize len,
    const GArray *cues, struct lines *lines)
{
	gsize end = len, first = len, salutation = 0;
	guint count = 0, blank = 0, i;
	bool prose = false;

	for (i = 0; i < cues->len; i++) {
		const struct hit *hit = &g_array_index(cues, struct hit, i);

		if (hit->cue == CUE_SALUTATION &&
		    name_line_blank(
			text, line_start(text, hit->start), hit->start))
			salutation = name_line_end(text, len, hit->end);
	}
	while (end > salutation && count < TAIL_LINES_MAX) {
		gsize start = line_start(text, end);

		if (start < salutation)
			break;
		if (name_line_blank(text, start, end)) {
			if (count > 0 && ++blank == 2)
				break;
		} else if (is_thanks(text, cues, start) ||
			   is_prose(rules, text, start, end)) {
			prose = true;
			break;
		} else {
			first = start;
			count++;
		}
		if (start == 0)
			break;
		end = start - 1;
	}
	if (count > 0 && prose && is_wrapped(text, first)) {
		first = name_line_end(text, len, first);
		count--;
	}
	if (count == 0)
		return false;
	*lines = (struct lines){
	    .text = text, .start = first, .end = len, .closing = false};
	return true;
}

bool
name_lines_find(const struct name_rules *rules, const char *text, gsize len,
    const GArray *cues, enum lines_of of, struct lines *lines)
{
	*lines = (struct lines){.text = text};
	if (find_closing(rules, text, len, cues, of, lines))
		return true;
	return of == LINES_OF_MAIL && find_tail(rules, text, len, cues, lines);
}
