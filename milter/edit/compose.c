#include <string.h>

#include "milter/edit/compose.h"
#include "milter/edit/edit.h"

/*
 * In characters.  A footer is one line if at all possible, so that people and
 * we ourselves find it; four bytes a character then stay below 998.
 */
enum { FOOTER_WIDTH = 240, BANNER_WIDTH = 76, HTML_WIDTH = 80 };

/*
 * Where a line that is too wide is broken: after the last space that fits,
 * else where the width ends.
 */
static const char *
find_break(const char *text, unsigned width)
{
	const char *p = text, *space = NULL;

	for (unsigned i = 0; i < width; i++) {
		if (*p == '\0')
			return p;
		if (*p == ' ')
			space = p + 1;
		p += g_utf8_skip[(guchar)*p];
	}
	return *p == '\0' || space == NULL ? p : space;
}

char *
compose_plain(const GPtrArray *lines, enum block block, bool flowed)
{
	unsigned width = block == BLOCK_FOOTER ? FOOTER_WIDTH : BANNER_WIDTH;
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < lines->len; i++) {
		const struct edit_line *line = lines->pdata[i];
		const char *p = line->text, *end;

		for (; *p != '\0'; p = end) {
			end = find_break(p, width);
			if (flowed && (*p == ' ' || *p == '>' ||
				g_str_has_prefix(p, "From ")))
				g_string_append_c(out, ' ');
			g_string_append_len(out, p, end - p);
			while (out->len > 0 && out->str[out->len - 1] == ' ')
				g_string_truncate(out, out->len - 1);
			g_string_append_c(out, '\n');
		}
	}
	return g_string_free(out, FALSE);
}

/* Escaped and in ASCII, so that it fits into every charset. */
static void
append_escaped(GString *out, const char *text, const char *end)
{
	for (; text < end; text += g_utf8_skip[(guchar)*text]) {
		gunichar c = g_utf8_get_char(text);

		if (c == '&')
			g_string_append(out, "&amp;");
		else if (c == '<')
			g_string_append(out, "&lt;");
		else if (c == '>')
			g_string_append(out, "&gt;");
		else if (c == '"')
			g_string_append(out, "&quot;");
		else if (c == '\'')
			g_string_append(out, "&#39;");
		else if (c >= 0x80)
			g_string_append_printf(out, "&#%u;", c);
		else if (c >= ' ')
			g_string_append_c(out, (char)c);
		else
			g_string_append_c(out, ' ');
	}
}

static void
append_language(GString *out, const char *language)
{
	bool valid = language[0] != '\0';

	for (const char *p = language; *p != '\0'; p++)
		valid = valid && (g_ascii_isalnum(*p) || *p == '-');
	if (valid)
		g_string_append_printf(out, " lang=\"%s\"", language);
}

/*
 * The message's own style sheet hides nothing of ours, not even with an
 * important rule (CSS Cascading 4, 6.1), and its colours for "div" are not
 * those of our lines.  Outlook, which ignores "!important", shows a block
 * anyway.
 */
#define SHOWN "display:block!important;visibility:visible!important"
#define LINE_STYLE SHOWN ";color:inherit;background:inherit"

char *
compose_html(const GPtrArray *lines, enum block block)
{
	GString *out = g_string_new("<div style=\"" SHOWN
				    ";clear:both;margin:1em 0;"
				    "padding:.3em .5em;color:#1a1a1a;"
				    "background-color:#fff");

	g_string_append(out, block == BLOCK_BANNER ?
	    ";border:2px solid #1a1a1a\">\n" : "\">\n");
	for (guint i = 0; i < lines->len; i++) {
		const struct edit_line *line = lines->pdata[i];
		const char *p = line->text, *end;

		g_string_append(out, "<div style=\"" LINE_STYLE "\" dir=\"auto\"");
		append_language(out, line->language);
		g_string_append_c(out, '>');
		for (; *p != '\0'; p = end) {
			if (p != line->text)
				g_string_append_c(out, '\n');
			end = find_break(p, HTML_WIDTH);
			append_escaped(out, p, end);
		}
		g_string_append(out, "</div>\n");
	}
	g_string_append(out, "</div>\n");
	return g_string_free(out, FALSE);
}

/* Is the line that begins here empty?  At the end of the text there is none. */
static bool
is_empty_line(const char *text, gsize len)
{
	while (len > 0 && (*text == ' ' || *text == '\t' || *text == '\r')) {
		text++;
		len--;
	}
	return len > 0 && *text == '\n';
}

/* Is the line that ends before pos empty, or is there none? */
static bool
is_after_empty(const char *text, gsize pos)
{
	const char *lf;

	if (pos == 0)
		return true;
	lf = pos >= 2 ? memrchr(text, '\n', pos - 1) : NULL;
	return is_empty_line(lf != NULL ? lf + 1 : text,
	    pos - (lf != NULL ? (gsize)(lf + 1 - text) : 0));
}

/* Does the line before pos end in the space that makes it flow on? */
static bool
flows_on(const char *text, gsize pos)
{
	while (pos > 0 && (text[pos - 1] == '\n' || text[pos - 1] == '\r'))
		pos--;
	return pos > 0 && text[pos - 1] == ' ';
}

char *
compose_insertion(
    const struct surroundings *at, enum block block, const char *plain)
{
	const char *text = at->text;
	gsize pos = at->pos;
	bool begun = pos > 0 && text[pos - 1] != '\n';
	GString *out = g_string_new(NULL);

	if (begun)
		g_string_append_c(out, '\n');
	if (begun || !is_after_empty(text, pos)) {
		if (at->flowed && flows_on(text, pos))
			g_string_append_c(out, '\n');
		g_string_append_c(out, '\n');
	}
	g_string_append(out, plain);
	if (pos < at->len) {
		if (!is_empty_line(text + pos, at->len - pos) ||
		    block == BLOCK_BANNER)
			g_string_append_c(out, '\n');
	} else if (!at->needs_end && (at->len == 0 || begun))
		g_string_truncate(out, out->len - 1);
	return g_string_free(out, FALSE);
}
