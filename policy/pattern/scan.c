#include <string.h>

#include "policy/pattern/scan.h"
#include "policy/scanning.h"
#include "policy/utf8.h"

void
scan_advance(struct scanner *s, const char *to)
{
	scanning_advance(&s->p, &s->line, &s->column, to);
}

struct place
scan_place_at(const struct scanner *s, const char *from, const char *end)
{
	struct place place = {s->file, s->line, s->column, 1};

	place.column += (unsigned)g_utf8_strlen(s->p, from - s->p);
	if (end > from)
		place.width = (unsigned)g_utf8_strlen(from, end - from);
	return place;
}

struct place
scan_place(const struct scanner *s, const char *end)
{
	return scan_place_at(s, s->p, end);
}

static bool
at_line_end(const char *p)
{
	return *p == '\0' || *p == '\n' || (p[0] == '\r' && p[1] == '\n');
}

bool
scan_line_ends(struct scanner *s)
{
	const char *p = s->p;

	/* U+FFFD stands for a byte that was reported. */
	while (!at_line_end(p) && (g_unichar_isspace(g_utf8_get_char(p)) ||
				      g_utf8_get_char(p) == 0xfffd))
		p = utf8_next(p);
	if (*p == '#')
		p += strcspn(p, "\n");
	scan_advance(s, p);
	return at_line_end(p);
}

void
scan_skip_lines(struct scanner *s)
{
	struct scanner ahead = *s;

	while (*ahead.p != '\0' && scan_line_ends(&ahead)) {
		scan_advance(&ahead, ahead.p + strcspn(ahead.p, "\n"));
		if (*ahead.p == '\n')
			scan_advance(&ahead, ahead.p + 1);
		*s = ahead;
	}
}

/* The token up to end, and goes on behind it. */
static struct pattern_token *
take(struct scanner *s, enum pattern_token_kind kind, char *text,
    const char *end)
{
	struct pattern_token *token = g_new0(struct pattern_token, 1);

	token->kind = kind;
	token->text = text;
	token->place = scan_place(s, end);
	if (kind == TOKEN_NUMBER)
		token->number = g_ascii_strtod(text, NULL);
	scan_advance(s, end);
	return token;
}

void
pattern_token_free(void *p)
{
	struct pattern_token *token = p;

	if (token == NULL)
		return;
	g_free(token->text);
	g_free(token);
}

static bool
is_number(const char *text)
{
	size_t whole = strspn(text, "0123456789"), part = 0;

	if (whole > 0 && text[whole] == '.')
		part = strspn(text + whole + 1, "0123456789") + 1;
	return whole > 0 && whole <= 9 && part <= 9 && part != 1 &&
	       text[whole + part] == '\0';
}

static struct pattern_token *
scan_word(struct scanner *s)
{
	const char *end = s->p;
	char *word;

	while (scanning_is_word_char(g_utf8_get_char(end)))
		end = utf8_next(end);
	word = g_strndup(s->p, (gsize)(end - s->p));
	return take(s, is_number(word) ? TOKEN_NUMBER : TOKEN_WORD, word, end);
}

/* A text; close ends it.  An unclosed one ends with its line. */
static struct pattern_token *
scan_text(struct scanner *s, const char *open, const char *close)
{
	GString *text = g_string_new(NULL);
	const char *p = s->p + strlen(open);
	struct place place;

	for (; !at_line_end(p) && !g_str_has_prefix(p, close);
	     p = utf8_next(p)) {
		if (*p == '\\' && p[1] != '\0' && strchr("\"\\n", p[1])) {
			p++;
			g_string_append_c(text, *p == 'n' ? '\n' : *p);
			continue;
		}
		place = scan_place_at(s, p, p + 1);
		if (*p == '\\')
			diags_add(s->diags, DIAG_ERROR, &place,
			    "only \\\", \\\\ and \\n may follow a backslash "
			    "in a text; write \\\\ for a backslash");
		else if (g_ascii_iscntrl(*p) && *p != '\t')
			diags_add(s->diags, DIAG_ERROR, &place,
			    "control character in a text: take it out");
		g_string_append_unichar(text, g_utf8_get_char(p));
	}
	place = scan_place(s, p);
	if (at_line_end(p))
		diags_add(s->diags, DIAG_ERROR, &place,
		    "this text has no closing quotation mark on its line");
	else
		p += strlen(close);
	return take(s, TOKEN_TEXT, g_string_free(text, FALSE), p);
}

static struct pattern_token *
scan_wrong_quote(struct scanner *s)
{
	const struct quotation_marks *marks = scanning_wrong_marks(s->p);
	struct place place;

	if (marks == NULL)
		return NULL;
	place = scan_place(s, utf8_next(s->p));
	diags_add(s->diags, DIAG_ERROR, &place, "%s", SCANNING_WRONG_MARKS);
	return scan_text(s, marks->open, marks->close);
}

/* The slash that ends the regex, or the end of the line. */
static const char *
regex_end(const char *p)
{
	while (!at_line_end(p) && *p != '/') {
		if (*p == '\\')
			p = expand_escape_end(p);
		else if (*p == '[')
			p = expand_class_end(p);
		else
			p = utf8_next(p);
	}
	return p;
}

static struct pattern_token *
scan_regex(struct scanner *s)
{
	const char *end = regex_end(s->p + 1);
	struct place place = scan_place(s, end);
	char *regex;

	if (at_line_end(end)) {
		diags_add(s->diags, DIAG_ERROR, &place,
		    "this regex has no closing slash on its line");
		return take(s, TOKEN_REGEX, g_strdup("(?!)"), end);
	}
	regex = expand_regex(s, s->p + 1, end);
	return take(s, TOKEN_REGEX, regex, end + 1);
}

static struct pattern_token *
scan_fragment(struct scanner *s)
{
	const char *end = expand_span(s->p);
	struct place place = scan_place(s, s->p + 1);
	char *regex;

	if (end == NULL) {
		diags_add(s->diags, DIAG_ERROR, &place,
		    "a brace begins the name of a fragment here: {name}");
		scan_advance(s, s->p + 1);
		return NULL;
	}
	regex = expand_regex(s, s->p, end);
	return take(s, TOKEN_REGEX, regex, end);
}

static struct pattern_token *
scan_other(struct scanner *s)
{
	const char *end = utf8_next(s->p);
	g_autofree char *c = g_strndup(s->p, (gsize)(end - s->p));
	struct place place = scan_place(s, end);

	if (g_ascii_iscntrl(*s->p))
		diags_add(s->diags, DIAG_ERROR, &place,
		    "control character: take it out");
	else
		diags_add(s->diags, DIAG_ERROR, &place,
		    "\"%s\" means nothing here: take it out", c);
	scan_advance(s, end);
	return NULL;
}

struct pattern_token *
scan_token(struct scanner *s)
{
	struct pattern_token *token;

	switch (*s->p) {
	case '"':
		return scan_text(s, "\"", "\"");
	case '/':
		return scan_regex(s);
	case '{':
		return scan_fragment(s);
	case ',':
		return take(s, TOKEN_COMMA, g_strdup(","), s->p + 1);
	default:
		if (scanning_is_word_char(g_utf8_get_char(s->p)))
			return scan_word(s);
		token = scan_wrong_quote(s);
		return token != NULL ? token : scan_other(s);
	}
}
