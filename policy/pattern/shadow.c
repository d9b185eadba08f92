/*
 * What makes the shadow of a regex match more, never less:
 *   - a character, a class or an escape that can match beyond ASCII also
 *     matches the byte that stands for all of it;
 *   - look-around is left out, and so is \b unless an ASCII letter or digit
 *     stands beside it: there both agree, or the shadow sees a boundary more;
 *   - atomic and possessive parts become plain ones;
 *   - what cannot be widened so is refused.
 */
#include <string.h>

#include "policy/pattern/scan.h"
#include "policy/pattern/shadow.h"
#include "policy/utf8.h"

struct shadow {
	const char *p; /* what is left of the regex */
	GString *out;
	struct width_sum *width;
	bool after_word; /* an ASCII letter or digit came last */
	bool failed;
};

static void
emit_char(struct shadow *s, gunichar c)
{
	bool space = c == ' ' || (c >= '\t' && c <= '\r');

	if (c == SHADOW_LONG_S || c == SHADOW_KELVIN)
		s->failed = true;
	else if (c >= 128)
		g_string_append(s->out, SHADOW_BEYOND);
	else
		g_string_append_printf(s->out,
		    g_ascii_isalnum((char)c) ? "%c" : "\\x%02x", (int)c);
	width_sum_char(s->width, c >= 128 ? WIDTH_MIXED
				 : space  ? WIDTH_SPACE
					  : WIDTH_WORD);
	s->after_word = c < 128 && g_ascii_isalnum((char)c);
}

static void
emit_class(struct shadow *s, const struct shadow_class *class)
{
	shadow_class_write(class, s->out);
	width_sum_char(s->width, shadow_class_kind(class));
}

static void
emit_empty(struct shadow *s, const char *text)
{
	g_string_append(s->out, text);
	width_sum_empty(s->width);
}

/* Is an ASCII letter or digit sure to come next? */
static bool
before_word(const char *p)
{
	return g_ascii_isalnum(*p) && p[1] != '?' && p[1] != '*' && p[1] != '{';
}

static void
shadow_escape(struct shadow *s, bool after_word)
{
	struct shadow_class class = {.beyond = false};
	const char *p = s->p;
	gunichar c;

	s->p += 2;
	if (p[1] == 'b') {
		emit_empty(s, after_word || before_word(p + 2) ? "\\b" : "");
	} else if (p[1] == 'B') {
		emit_empty(s, "");
	} else if (p[1] != '\0' && strchr("AzZ", p[1]) != NULL) {
		emit_empty(s, "");
		g_string_append_len(s->out, p, 2);
	} else if (p[1] == 'p' || p[1] == 'P') {
		shadow_class_property(&class, p);
		emit_class(s, &class);
		s->p = shadow_property_end(p);
	} else if (shadow_class_type(&class, p[1])) {
		emit_class(s, &class);
	} else if (shadow_escaped_char(&p, &c)) {
		emit_char(s, c);
		s->p = p;
	} else {
		s->failed = true;
	}
}

const char *
shadow_group_end(const char *p)
{
	unsigned depth = 0;

	do {
		if (*p == '\\') {
			p = expand_escape_end(p);
		} else if (*p == '[') {
			p = expand_class_end(p);
		} else {
			depth += *p == '(';
			depth -= *p == ')';
			p++;
		}
	} while (depth > 0 && *p != '\0');
	return p;
}

static void
open_group(struct shadow *s, const char *behind)
{
	g_string_append(s->out, "(?:");
	width_sum_open(s->width);
	s->p = behind;
}

/* (?i), (?-i:…) */
static void
shadow_options(struct shadow *s)
{
	const char *end = s->p + 2 + strspn(s->p + 2, "ims-");

	if (*end == ':')
		width_sum_open(s->width);
	else if (*end == ')')
		width_sum_empty(s->width);
	else
		s->failed = true;
	g_string_append_len(s->out, s->p, end + 1 - s->p);
	s->p = end + 1;
}

static void
shadow_group(struct shadow *s)
{
	static const char *const around[] = {"(?=", "(?!", "(?<=", "(?<!"};
	const char *p = s->p, *name;
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(around); i++) {
		if (!g_str_has_prefix(p, around[i]))
			continue;
		/* An empty group can carry a quantifier. */
		emit_empty(s, "(?:)");
		s->p = shadow_group_end(p);
		return;
	}
	name = g_str_has_prefix(p, "(?<") || g_str_has_prefix(p, "(?P<")
		   ? strchr(p, '>')
		   : NULL;
	if (p[1] == '*')
		s->failed = true;
	else if (p[1] != '?')
		open_group(s, p + 1);
	else if (name != NULL)
		open_group(s, name + 1);
	else if (p[2] == '>')
		open_group(s, p + 3);
	else
		shadow_options(s);
}

/* Behind the quantifier at p, or NULL when there is none. */
static const char *
quantifier_end(const char *p, guint *max)
{
	const char *end = p + 1 + strspn(p + 1, "0123456789,");
	const char *comma = memchr(p, ',', (size_t)(end - p));

	*max = *p == '?' ? 1 : WIDTH_NO_MAX;
	if (*p == '*' || *p == '+' || *p == '?')
		return p + 1;
	if (*p != '{' || !g_ascii_isdigit(p[1]) || *end != '}')
		return NULL;
	if (comma == NULL || comma + 1 < end)
		*max = (guint)g_ascii_strtoull(
		    comma != NULL ? comma + 1 : p + 1, NULL, 10);
	return end + 1;
}

static void
shadow_next(struct shadow *s)
{
	struct shadow_class class;
	bool after_word = s->after_word;
	const char *end;
	guint max;

	s->after_word = false;
	if (*s->p == '\\') {
		shadow_escape(s, after_word);
	} else if (*s->p == '[') {
		s->failed = !shadow_class_read(&class, &s->p);
		emit_class(s, &class);
	} else if (*s->p == '(') {
		shadow_group(s);
	} else if ((end = quantifier_end(s->p, &max)) != NULL) {
		g_string_append_len(s->out, s->p, end - s->p);
		width_sum_repeat(s->width, max);
		/* Lazy or possessive. */
		s->p = *end == '?' || *end == '+' ? end + 1 : end;
	} else if (strchr(")|^$.", *s->p) != NULL) {
		if (*s->p == ')')
			width_sum_close(s->width);
		else if (*s->p == '|')
			width_sum_or(s->width);
		else if (*s->p == '.')
			width_sum_char(s->width, WIDTH_MIXED);
		else
			width_sum_empty(s->width);
		g_string_append_c(s->out, *s->p++);
	} else if (s->p[0] == '{' && s->p[1] == ',') {
		/* Versions of PCRE2 differ on it. */
		s->failed = true;
	} else {
		emit_char(s, g_utf8_get_char(s->p));
		s->p = utf8_next(s->p);
	}
}

char *
shadow_regex(const char *regex, struct width *width)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(width_sum) sum = width_sum_new();
	struct shadow s = {.p = regex, .out = out, .width = sum};

	/* A comment may have parentheses of its own. */
	if (strstr(regex, "(?#") != NULL)
		return NULL;
	while (*s.p != '\0' && !s.failed)
		shadow_next(&s);
	*width = width_sum_total(sum);
	return s.failed ? NULL : g_strdup(out->str);
}
