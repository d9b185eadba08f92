#include <string.h>

#include "policy/detect/marking_shape.h"

/* As far as a sentence or a paragraph is looked for on either side. */
enum { REACH = 1200, SHORT_LINE = 50 };
/* A line as long as this may be one that a mail program broke. */
enum { WRAPPED_LINE = 55 };
/* A longer line is looked at only so far around the words. */
enum { LINE_REACH = 2000 };

struct span
shape_line(const char *text, gsize len, gsize at)
{
	struct span line = {at, at};

	while (line.start > 0 && text[line.start - 1] != '\n' &&
	       at - line.start < LINE_REACH)
		line.start--;
	while (line.end < len && text[line.end] != '\n' &&
	       line.end - at < LINE_REACH)
		line.end++;
	/* Whole characters only. */
	while (line.start < at && ((guchar)text[line.start] & 0xc0) == 0x80)
		line.start++;
	while (line.end > at && ((guchar)text[line.end] & 0xc0) == 0x80)
		line.end--;
	return line;
}

bool
shape_blank(const char *text, struct span span)
{
	for (gsize i = span.start; i < span.end; i++)
		if (strchr(" \t\n>", text[i]) == NULL)
			return false;
	return true;
}

/*
 * Is the line end at an offset the end of what is said?  A blank line is, and
 * so is a short line before one that begins like a sentence or a list.
 */
static bool
line_end_ends(const char *text, gsize len, gsize at)
{
	struct span line = shape_line(text, at, at);
	struct span next = shape_line(text, len, MIN(at + 1, len));
	gunichar first;

	while (next.start < next.end && strchr("> ", text[next.start]) != NULL)
		next.start++;
	if (next.start == next.end)
		return true;
	if (line.end - line.start >= SHORT_LINE)
		return false;
	first = g_utf8_get_char(text + next.start);
	return !g_unichar_islower(first);
}

static bool
full_stop(const char *text, gsize at)
{
	static const char *const short_forms[] = {"no", "nos", "para", "paras",
	    "cllr", "mr", "mrs", "ms", "dr", "sch", "st", "p", "pp", "s",
	    "cyng", NULL};
	gsize start = at;

	if (strchr("!?", text[at]) != NULL)
		return true;
	while (start > 0 && g_ascii_isalpha(text[start - 1]))
		start--;
	for (int i = 0; short_forms[i] != NULL; i++)
		if (strlen(short_forms[i]) == at - start &&
		    g_ascii_strncasecmp(
			short_forms[i], text + start, at - start) == 0)
			return false;
	return true;
}

/* Does a sentence end with the character at an offset? */
static bool
ends_sentence(const char *text, gsize len, gsize at)
{
	char next = at + 1 < len ? text[at + 1] : ' ';

	if (text[at] == '\n')
		return line_end_ends(text, len, at);
	return strchr(".!?", text[at]) != NULL && strchr(" \n", next) != NULL &&
	       full_stop(text, at);
}

struct span
shape_sentence(const char *text, gsize len, struct span words)
{
	struct span out = words;

	while (out.start > 0 && words.start - out.start < REACH &&
	       !ends_sentence(text, len, out.start - 1))
		out.start--;
	while (out.end < len && out.end - words.end < REACH &&
	       !ends_sentence(text, len, out.end))
		out.end++;
	/* With its full stop or question mark. */
	if (out.end < len && text[out.end] != '\n')
		out.end++;
	return out;
}

struct span
shape_paragraph(const char *text, gsize len, struct span words)
{
	struct span out = words;

	while (out.start > 0 && words.start - out.start < REACH &&
	       !(text[out.start - 1] == '\n' &&
		   shape_blank(text, shape_line(text, len, out.start - 1))))
		out.start--;
	while (out.end < len && out.end - words.end < REACH &&
	       !(text[out.end] == '\n' &&
		   shape_blank(
		       text, shape_line(text, len, MIN(out.end + 1, len)))))
		out.end++;
	return out;
}

/* The character before an offset; its offset goes to start. */
static gunichar
before(const char *text, gsize low, gsize at, gsize *start)
{
	const char *p;

	if (at <= low)
		return 0;
	p = g_utf8_find_prev_char(text + low, text + at);
	if (p == NULL)
		return 0;
	*start = (gsize)(p - text);
	return g_utf8_get_char(p);
}

static bool
is_one_of(gunichar c, const char *set)
{
	return c != 0 && c < 0x80 && strchr(set, (int)c) != NULL;
}

/* Bullets, guillemets, boxes and other marks that belong to no word. */
static bool
is_foreign_mark(gunichar c)
{
	return c >= 0x80 && !g_unichar_isalnum(c) && !g_unichar_ismark(c) &&
	       c != 0x20ac && c != 0xa3;
}

/*
 * Is the line that ends at an offset broken in the middle of a sentence, so
 * that its end cuts nothing off?
 */
static bool
goes_on(const char *text, gsize end)
{
	struct span line = shape_line(text, end, end);

	return line.end - line.start >= WRAPPED_LINE &&
	       strchr(".!?:;-*_=", text[end - 1]) == NULL;
}

bool
shape_cut_before(const char *text, struct span line, gsize at)
{
	bool space = false;
	gsize start = at;
	gunichar c;

	while ((c = before(text, line.start, at, &start)) != 0) {
		if (is_one_of(c, "([{|<>"))
			return true;
		if (is_one_of(c, " \t"))
			space = true;
		else if (!is_one_of(c, "\"'*_~=#+!"))
			break;
		at = start;
	}
	if (c == 0)
		return line.start == 0 || !goes_on(text, line.start - 1);
	if (is_one_of(c, ":;/\\)]}") || is_foreign_mark(c))
		return true;
	if (c == '-') {
		bool long_dash = start > line.start && text[start - 1] == '-';

		return space || long_dash;
	}
	/* Not "L.A. Confidential". */
	if (c == '.' && start > line.start && g_ascii_isupper(text[start - 1]))
		return false;
	return space && is_one_of(c, ".,");
}

bool
shape_cut_after(const char *text, struct span line, gsize at)
{
	bool space = false;

	while (at < line.end) {
		gunichar c = g_utf8_get_char(text + at);
		bool space_next = at + 1 >= line.end || text[at + 1] == ' ';

		if (is_one_of(c, ")]}>:;|/\\([{<") || is_foreign_mark(c))
			return true;
		if (is_one_of(c, " \t"))
			space = true;
		else if (c == '-')
			return space || space_next || text[at + 1] == '-' ||
			       g_ascii_isupper(text[at + 1]);
		else if (is_one_of(c, ".,!"))
			return space_next || c == '!';
		else if (!is_one_of(c, "\"'*_~="))
			return false;
		at++;
	}
	return text[line.end] == '\0' || !g_ascii_islower(text[line.end + 1]) ||
	       !goes_on(text, line.end);
}

bool
shape_opens(const char *text, struct span range, gsize at)
{
	for (gsize i = range.start; i < at; i++)
		if (strchr(" \t\n\"'([*_>-", text[i]) == NULL)
			return false;
	return true;
}

static unsigned
count_case(const char *text, struct span span, bool upper)
{
	unsigned n = 0;

	for (const char *p = text + span.start; p < text + span.end;
	     p += g_utf8_skip[(guchar)*p]) {
		gunichar c = g_utf8_get_char(p);

		n += upper ? g_unichar_isupper(c) : g_unichar_islower(c);
	}
	return n;
}

bool
shape_capitals(const char *text, struct span line, struct span words)
{
	enum { ENOUGH = 3 };

	return count_case(text, words, true) >= ENOUGH &&
	       count_case(text, words, false) == 0 &&
	       count_case(text, line, false) > 0;
}

bool
shape_joined(const char *text, gsize from, gsize to)
{
	static const char *const joints[] = {
	    "", "and", "&", "+", ",", "or", "a", "ac", "neu", ", and", NULL};
	enum { LONGEST = 8 };
	g_autofree char *between = NULL;

	if (to < from || to - from > LONGEST)
		return false;
	between = g_strndup(text + from, to - from);
	g_strstrip(between);
	for (int i = 0; joints[i] != NULL; i++)
		if (g_ascii_strcasecmp(between, joints[i]) == 0)
			return true;
	return false;
}
