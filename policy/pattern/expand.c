/*
 * From a regex as it is written to one that PCRE2 understands: fragments in
 * place of their names, white space in place of a space.  For each stretch of
 * the result it is kept where it was written, so that a fault is shown there.
 */
#include <string.h>

#include "policy/pattern/regex.h"
#include "policy/pattern/scan.h"
#include "policy/text/normalise.h"
#include "policy/utf8.h"

struct stretch {
	gsize offset; /* in the result */
	const char *source;
};

struct expansion {
	struct scanner *s;
	const char *p, *end; /* what is left of it */
	GString *regex;
	GArray *stretches; /* struct stretch, ascending */
	bool faulty;
};

static void G_GNUC_PRINTF(4, 5) fault(struct expansion *x, const char *from,
    const char *end, const char *fmt, ...)
{
	struct place place = scan_place_at(x->s, from, end);
	g_autofree char *message = NULL;
	va_list ap;

	va_start(ap, fmt);
	message = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	diags_add(x->s->diags, DIAG_ERROR, &place, "%s", message);
	x->faulty = true;
}

static bool
ends_line(const char *p)
{
	return *p == '\0' || *p == '\n' || (p[0] == '\r' && p[1] == '\n');
}

const char *
expand_span(const char *p)
{
	const char *end = p + 1;

	if (*p != '{' || !g_ascii_isalpha(*end))
		return NULL;
	while (
	    g_ascii_isalnum(*end) || *end == '-' || *end == '_' || *end == '.')
		end++;
	return *end == '}' ? end + 1 : NULL;
}

const char *
expand_escape_end(const char *p)
{
	const char *end = p + 1, *brace;

	if (ends_line(end))
		return end;
	end = utf8_next(end);
	if (*end != '{' || strchr("pPxkgNo", p[1]) == NULL)
		return end;
	for (brace = end; !ends_line(brace); brace++)
		if (*brace == '}')
			return brace + 1;
	return end;
}

const char *
expand_posix_end(const char *p)
{
	const char *end = p + 2;

	if (p[0] != '[' || p[1] != ':')
		return p;
	while (g_ascii_isalpha(*end) || *end == '^')
		end++;
	return end[0] == ':' && end[1] == ']' ? end + 2 : p;
}

const char *
expand_class_end(const char *p)
{
	const char *q;

	p++;
	if (*p == '^')
		p++;
	if (*p == ']')
		p++;
	while (!ends_line(p) && *p != ']') {
		q = expand_posix_end(p);
		if (q > p)
			p = q;
		else
			p = *p == '\\' ? expand_escape_end(p) : utf8_next(p);
	}
	return *p == ']' ? p + 1 : p;
}

/* Notes that what is appended now is written at x->p. */
static void
mark(struct expansion *x)
{
	struct stretch stretch = {x->regex->len, x->p};

	g_array_append_val(x->stretches, stretch);
}

/* Copies it as it is, up to end. */
static void
copy(struct expansion *x, const char *end)
{
	end = MIN(end, x->end);
	g_string_append_len(x->regex, x->p, end - x->p);
	x->p = end;
}

static int
compare_names(const void *p, const void *q)
{
	const char *const *a = p, *const *b = q;

	return strcmp(*a, *b);
}

static const char *
nearest_let(GHashTable *lets, const char *name)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	GHashTableIter iter;
	void *key;

	g_hash_table_iter_init(&iter, lets);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		g_ptr_array_add(names, key);
	/* Of names equally near, the first by the alphabet. */
	g_ptr_array_sort(names, compare_names);
	g_ptr_array_add(names, NULL);
	return diag_suggest(name, (const char *const *)names->pdata);
}

static void
expand_let(struct expansion *x, const char *end)
{
	g_autofree char *name = g_strndup(x->p + 1, (gsize)(end - x->p - 2));
	const struct pattern_let *let = g_hash_table_lookup(x->s->lets, name);
	const char *near;

	mark(x);
	if (let != NULL) {
		g_string_append_printf(x->regex, "(?:%s)", let->regex);
		x->s->let_depth = MAX(x->s->let_depth, let->depth);
	} else if ((near = nearest_let(x->s->lets, name)) != NULL) {
		fault(x, x->p, end,
		    "unknown fragment \"%s\", did you mean \"%s\"?", name,
		    near);
	} else {
		fault(x, x->p, end,
		    "unknown fragment \"%s\": \"let %s …\" must stand above",
		    name, name);
	}
	x->p = end;
	mark(x);
}

/*
 * A space: any white space, and a quantifier behind it says how much.  " ?"
 * must not become "\s+?" nor " *" "(?:\s+)*", which backtracks without end.
 */
static void
expand_space(struct expansion *x)
{
	mark(x);
	while (x->p < x->end && (*x->p == ' ' || *x->p == '\t'))
		x->p++;
	g_string_append(x->regex, "\\s");
	if (x->p < x->end && *x->p == '?') {
		g_string_append_c(x->regex, '*');
		x->p++;
	} else if (x->p == x->end ||
		   (strchr("*+", *x->p) == NULL &&
		       !(x->p[0] == '{' && g_ascii_isdigit(x->p[1])))) {
		g_string_append_c(x->regex, '+');
	}
	mark(x);
}

static void
expand_escape(struct expansion *x)
{
	const char *end = expand_escape_end(x->p);
	gunichar c = g_utf8_get_char(x->p + 1);

	if (x->p + 1 == x->end) {
		fault(x, x->p, x->end, "a backslash ends this regex");
	} else if (strchr("QKGEC", (int)(c < 0x80 ? c : '!')) != NULL) {
		fault(x, x->p, end, "\\%c has no place in a pattern file",
		    (char)c);
	} else if (c == '/') {
		x->p++;
		mark(x);
	}
	copy(x, end);
}

/* "(*…)", "(?C…)" and the option x change what the rest of a regex means. */
static void
expand_parenthesis(struct expansion *x)
{
	const char *p = x->p + 1, *end;

	if (p < x->end && *p == '*')
		fault(x, x->p, p + 1,
		    "\"(*\" has no place in a pattern file; write \"(\\*\" "
		    "for an asterisk");
	if (p < x->end && *p == '?') {
		for (end = p + 1;
		     g_ascii_isalpha(*end) || *end == '-' || *end == '^'; end++)
			;
		if (p[1] != 'P' && p[1] != 'R' && end < x->end &&
		    (*end == ')' || *end == ':') &&
		    memchr(p, 'x', (size_t)(end - p)) != NULL)
			fault(x, x->p, end + 1,
			    "the option x has no place in a pattern file: "
			    "a space already stands for white space");
		if (p[1] == 'C')
			fault(x, x->p, p + 2,
			    "\"(?C\" has no place in a pattern file");
		/* A comment, or the name of a group. */
		if (p[1] == '#') {
			while (end < x->end && *end != ')')
				end++;
			copy(x, end);
			return;
		}
	}
	copy(x, x->p + 1);
}

/* A character; some never stand in the text that patterns see. */
static void
expand_char(struct expansion *x)
{
	const char *end = utf8_next(x->p);
	gsize written = (gsize)(end - x->p), len;
	struct place place;

	if (written > 1) {
		g_autofree char *seen =
		    text_normalise(x->p, written, &len, NULL);

		place = scan_place_at(x->s, x->p, end);
		if (len == 0)
			diags_add(x->s->diags, DIAG_WARNING, &place,
			    "this character is taken out of a text before "
			    "patterns see it");
		else if (len != written || memcmp(seen, x->p, len) != 0)
			diags_add(x->s->diags, DIAG_WARNING, &place,
			    "patterns see \"%s\" in place of this character",
			    seen);
	}
	copy(x, end);
}

static void
expand_next(struct expansion *x)
{
	const char *end;

	if (*x->p == '\\') {
		expand_escape(x);
	} else if (*x->p == '[') {
		end = MIN(expand_class_end(x->p), x->end);
		while (x->p < end) {
			if (*x->p == '\\')
				expand_escape(x);
			else
				copy(x, utf8_next(x->p));
		}
	} else if (*x->p == ' ' || *x->p == '\t') {
		expand_space(x);
	} else if (*x->p == '(') {
		expand_parenthesis(x);
	} else if ((end = expand_span(x->p)) != NULL && end <= x->end) {
		expand_let(x, end);
	} else {
		expand_char(x);
	}
}

/* Where it was written, for an offset in the result. */
static const char *
source_of(const struct expansion *x, gsize offset)
{
	const char *source = NULL, *limit = x->end;
	guint i;

	for (i = 0; i < x->stretches->len; i++) {
		const struct stretch *stretch =
		    &g_array_index(x->stretches, struct stretch, i);

		if (stretch->offset > offset) {
			limit = stretch->source;
			break;
		}
		source = stretch->source + (offset - stretch->offset);
	}
	return MIN(source, limit);
}

/* Tells what PCRE2 has against it. */
static void
try(struct expansion *x, const char *start)
{
	g_autofree char *message = NULL;
	g_autoptr(pcre2_code) code = NULL;
	size_t offset;
	const char *at;

	/* It will not match anything. */
	code = regex_compile(x->regex->str,
	    PCRE2_NO_START_OPTIMIZE | PCRE2_NO_AUTO_POSSESS, &message, &offset);
	if (code != NULL)
		return;
	at = source_of(x, offset);
	/* PCRE2 stops behind what it does not like. */
	if (at > start)
		at = g_utf8_find_prev_char(start, at);
	fault(x, at, at, "%s", message);
}

char *
expand_regex(struct scanner *s, const char *p, const char *end)
{
	struct expansion x = {.s = s, .p = p, .end = end};
	g_autoptr(GString) regex = g_string_new(NULL);
	g_autoptr(GArray) stretches =
	    g_array_new(FALSE, FALSE, sizeof(struct stretch));

	x.regex = regex;
	x.stretches = stretches;
	mark(&x);
	while (x.p < x.end && regex->len <= PATTERN_REGEX_MAX)
		expand_next(&x);
	if (p == end)
		fault(&x, p, p, "this regex is empty");
	else if (regex->len > PATTERN_REGEX_MAX)
		fault(&x, p, end,
		    "this regex is longer than %d bytes when its fragments "
		    "are written out",
		    (int)PATTERN_REGEX_MAX);
	else if (!x.faulty)
		try(&x, p);
	return x.faulty ? g_strdup(REGEX_NEVER) : g_strdup(regex->str);
}
