#include <string.h>

#include "policy/language/lex.h"
#include "policy/language/gram.h"
#include "policy/scanning.h"
#include "policy/utf8.h"

/* Bytes that are no text are told one by one up to here. */
enum { INVALID_MAX = 10 };

/* Where the lexer stands.  The text is valid UTF-8 and ends with NUL. */
struct scanner {
	struct compiler *compiler;
	struct reading *reading;
	const char *p;
	unsigned line, column;
};

static void
advance(struct scanner *s, const char *to)
{
	scanning_advance(&s->p, &s->line, &s->column, to);
}

static struct place
place_here(const struct scanner *s, const char *end)
{
	struct place place = {s->reading->file, s->line, s->column, 1};

	if (end > s->p)
		place.width = (unsigned)g_utf8_strlen(s->p, end - s->p);
	return place;
}

/* Joins the token with the one before where both make one. */
static bool
join(struct token *last, const struct token *token)
{
	int pair;

	if (last->kind == ',' && lex_begins_action(token->kind))
		last->kind = T_COMMA_ACTION;
	if (last->kind == T_STRING || token->kind == T_STRING)
		return false;
	pair = lex_lookup_pair(last->text, token->text);
	if (pair == 0)
		return false;
	last->kind = pair;
	if (last->place.line == token->place.line)
		last->place.width = token->place.column + token->place.width -
				    last->place.column;
	return true;
}

/* Adds the token up to end and goes on behind it. */
static void
add(struct scanner *s, int kind, const char *text, const char *end)
{
	GArray *tokens = s->reading->tokens;
	struct arena *arena = s->compiler->policy->arena;
	struct token token = {kind, place_here(s, end), text};
	struct token *last;

	advance(s, end);
	if (tokens->len > 0) {
		last = &g_array_index(tokens, struct token, tokens->len - 1);
		if (join(last, &token)) {
			last->text =
			    arena_printf(arena, "%s-%s", last->text, text);
			return;
		}
	}
	g_array_append_val(tokens, token);
}

/* U+FFFD stands for a byte reported before. */
static bool
is_word_char(gunichar c)
{
	return scanning_is_word_char(c) || c == 0xfffd;
}

static const char *
span_word(const char *p)
{
	while (is_word_char(g_utf8_get_char(p)))
		p = utf8_next(p);
	return p;
}

/* The local part of an address (RFC 5321 atext, dots; "#" begins a comment). */
static const char *
span_local_part(const char *p)
{
	while (is_word_char(g_utf8_get_char(p)) ||
	       (*p != '\0' && strchr("!$%&'*+/=?^`{|}~", *p) != NULL))
		p = utf8_next(p);
	return p;
}

/* An IP address or network: it has a colon or a slash.  NULL if it is none. */
static const char *
span_network(const char *p)
{
	const char *end = p;
	bool special = false;

	while (g_ascii_isxdigit(*end) || *end == '.' || *end == ':' ||
	       *end == '/') {
		special = special || *end == ':' || *end == '/';
		end++;
	}
	if (!special || end - p < 2 || span_local_part(end) != end ||
	    *end == '@')
		return NULL;
	return end;
}

static bool
is_form(const char *text, const char *form)
{
	for (; *text != '\0' && *form != '\0'; text++, form++)
		if (*form == 'd' ? !g_ascii_isdigit(*text) : *text != *form)
			return false;
	return *text == *form;
}

static void
scan_word(struct scanner *s, const char *end)
{
	g_autofree char *word = g_strndup(s->p, (gsize)(end - s->p));
	const char *kept = arena_string(s->compiler->policy->arena, word);
	int kind;

	if (strspn(word, "0123456789") == strlen(word))
		kind = T_NUMBER;
	else if (is_form(word, "dddd-dd-dd"))
		kind = T_DATE;
	else
		kind = lex_lookup(word);
	add(s, kind, kept, end);
}

static void
scan_simple(struct scanner *s, int kind, const char *end)
{
	g_autofree char *text = g_strndup(s->p, (gsize)(end - s->p));

	add(s, kind, arena_string(s->compiler->policy->arena, text), end);
}

/* Reports what is wrong at one character inside a text. */
static void
fault_in_text(
    const struct scanner *s, const char *p, unsigned width, const char *message)
{
	struct place place = place_here(s, s->p);

	place.column += (unsigned)g_utf8_strlen(s->p, p - s->p);
	place.width = width;
	compile_report(s->compiler, DIAG_ERROR, &place, "%s", message);
}

/* A text; close ends it.  An unclosed one ends with its line. */
static void
scan_text(struct scanner *s, const char *open, const char *close)
{
	GString *text = g_string_new(NULL);
	const char *p = s->p + strlen(open);
	bool closed = false;
	struct place place;

	while (*p != '\0' && *p != '\n' && !closed) {
		if (g_str_has_prefix(p, close)) {
			p += strlen(close);
			closed = true;
			continue;
		}
		if (*p == '\\' && (p[1] == '"' || p[1] == '\\'))
			p++;
		else if (*p == '\\')
			fault_in_text(s, p, 2,
			    "only \\\" and \\\\ may follow "
			    "a backslash; write \\\\ for a backslash");
		else if (g_ascii_iscntrl(*p) && *p != '\t' &&
			 !(p[0] == '\r' && p[1] == '\n'))
			fault_in_text(s, p, 1,
			    "control character in a text: take it out");
		if (*p != '\r')
			g_string_append_unichar(text, g_utf8_get_char(p));
		p = utf8_next(p);
	}
	place = place_here(s, p);
	if (!closed)
		compile_report(s->compiler, DIAG_ERROR, &place,
		    "this text has no closing quotation mark on its line");
	else if (g_utf8_strlen(text->str, -1) > POLICY_TEXT_MAX)
		compile_report(s->compiler, DIAG_ERROR, &place,
		    "this text is longer than %d characters",
		    (int)POLICY_TEXT_MAX);
	add(s, T_STRING, arena_string(s->compiler->policy->arena, text->str),
	    p);
	g_string_free(text, TRUE);
}

static bool
scan_wrong_quote(struct scanner *s)
{
	const struct quotation_marks *marks = scanning_wrong_marks(s->p);
	struct place place;

	if (marks == NULL)
		return false;
	place = place_here(s, utf8_next(s->p));
	compile_report(
	    s->compiler, DIAG_ERROR, &place, "%s", SCANNING_WRONG_MARKS);
	scan_text(s, marks->open, marks->close);
	return true;
}

/* "@example.org" and "@.example.org". */
static bool
scan_at_domain(struct scanner *s)
{
	const char *end = span_word(s->p + 1);

	if (*s->p != '@' || end == s->p + 1)
		return false;
	scan_simple(s, T_AT_DOMAIN, end);
	return true;
}

static void
scan_other(struct scanner *s)
{
	const char *end = utf8_next(s->p);
	g_autofree char *c = g_strndup(s->p, (gsize)(end - s->p));
	struct place place = place_here(s, end);

	if (g_ascii_iscntrl(*s->p))
		compile_report(s->compiler, DIAG_ERROR, &place,
		    "control character: take it out");
	else
		compile_report(s->compiler, DIAG_ERROR, &place,
		    "\"%s\" means nothing here: take it out", c);
	advance(s, end);
}

/* Alone, a byte that was reported is nothing. */
static bool
is_space(gunichar c)
{
	return g_unichar_isspace(c) || c == 0xfffd;
}

static void
scan(struct scanner *s)
{
	const char *end;

	while (*s->p != '\0') {
		if (is_space(g_utf8_get_char(s->p))) {
			advance(s, utf8_next(s->p));
		} else if (*s->p == '#') {
			advance(s, s->p + strcspn(s->p, "\n"));
		} else if (*s->p == '"') {
			scan_text(s, "\"", "\"");
		} else if (strchr(",()", *s->p) != NULL) {
			scan_simple(s, *s->p, s->p + 1);
		} else if ((end = span_network(s->p)) != NULL) {
			scan_simple(s, T_NETWORK, end);
		} else if ((end = span_local_part(s->p)) > s->p &&
			   *end == '@' && span_word(end + 1) > end + 1) {
			scan_simple(s, T_ADDRESS, span_word(end + 1));
		} else if ((end = span_word(s->p)) > s->p) {
			scan_word(s, end);
		} else if (!scan_at_domain(s) && !scan_wrong_quote(s)) {
			scan_other(s);
		}
	}
}

/*
 * Closes parentheses that are still open where a part of a rule or a statement
 * begins, so that what follows is not taken for more of the condition.
 */
static void
close_parentheses(struct compiler *compiler, struct reading *reading)
{
	g_autoptr(GArray) tokens = reading->tokens;
	GArray *closed =
	    g_array_sized_new(FALSE, FALSE, sizeof(struct token), tokens->len);
	g_autoptr(GArray) open =
	    g_array_new(FALSE, FALSE, sizeof(struct token));
	guint i;

	for (i = 0; i < tokens->len; i++) {
		const struct token *token =
		    &g_array_index(tokens, struct token, i);
		bool begins = lex_begins_statement(token->kind) ||
			      lex_begins_clause(token->kind) ||
			      token->kind == T_END_OF_FILE;

		if (begins && open->len > 0)
			compile_report(compiler, DIAG_ERROR,
			    &g_array_index(open, struct token, 0).place,
			    "this parenthesis is never closed");
		while (begins && open->len > 0) {
			struct token last =
			    g_array_index(open, struct token, open->len - 1);

			last.kind = ')';
			g_array_append_val(closed, last);
			g_array_set_size(open, open->len - 1);
		}
		if (token->kind == '(')
			g_array_append_vals(open, token, 1);
		else if (token->kind == ')' && open->len > 0)
			g_array_set_size(open, open->len - 1);
		g_array_append_vals(closed, token, 1);
	}
	reading->tokens = closed;
}

/* Reports the bytes that are not UTF-8, NUL among them. */
static void
report_invalid(struct scanner *s, const char *text, gsize len)
{
	const char *end = text + len, *p = text, *bad;
	unsigned line = 1, column = 1, count = 0;

	while (count < INVALID_MAX &&
	       !g_utf8_validate_len(p, (gsize)(end - p), &bad)) {
		struct place place = {s->reading->file, line, column, 1};

		for (; p < bad; p = utf8_next(p)) {
			column = *p == '\n' ? 1 : column + 1;
			line += *p == '\n';
		}
		place.line = line;
		place.column = column;
		if (*bad == '\0')
			compile_report(s->compiler, DIAG_ERROR, &place,
			    "NUL character: this is not a text file");
		else
			compile_report(s->compiler, DIAG_ERROR, &place,
			    "byte 0x%02x is not UTF-8: save the file as UTF-8",
			    (guchar)*bad);
		p = bad + 1;
		column++;
		count++;
	}
}

void
lex(struct compiler *compiler, struct reading *reading, const char *text,
    gsize len)
{
	struct scanner s = {compiler, reading, NULL, 1, 1};
	g_autofree char *valid = NULL;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	reading->tokens = g_array_new(FALSE, FALSE, sizeof(struct token));
	report_invalid(&s, text, len);
	valid = g_utf8_make_valid(text, (gssize)len);
	s.p = valid;
	scan(&s);
	add(&s, T_END_OF_FILE, "", s.p);
	close_parentheses(compiler, reading);
}
