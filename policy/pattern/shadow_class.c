#include <string.h>

#include "policy/pattern/scan.h"
#include "policy/pattern/shadow.h"
#include "policy/utf8.h"

#define BEYOND "\\x80"

typedef bool (*ascii_test)(int);

static bool
is_digit(int c)
{
	return g_ascii_isdigit(c);
}

static bool
is_word(int c)
{
	return g_ascii_isalnum(c) || c == '_';
}

static bool
is_vertical(int c)
{
	return c >= '\n' && c <= '\r';
}

static bool
is_horizontal(int c)
{
	return c == ' ' || c == '\t';
}

static bool
is_space(int c)
{
	return is_vertical(c) || is_horizontal(c);
}

static bool
is_alpha(int c)
{
	return g_ascii_isalpha(c);
}

static bool
is_alnum(int c)
{
	return g_ascii_isalnum(c);
}

static bool
is_punct(int c)
{
	return g_ascii_ispunct(c);
}

static bool
is_xdigit(int c)
{
	return g_ascii_isxdigit(c);
}

static void
add_members(struct shadow_class *class, ascii_test test, bool negated)
{
	int c;

	for (c = 0; c < 128; c++) {
		if (test(c) == negated)
			continue;
		class->may[c] = true;
		class->must[c] = true;
	}
	class->beyond = class->vague = true;
}

/* What is not known better: it may match anything, and need match nothing. */
static void
add_anything(struct shadow_class *class)
{
	memset(class->may, true, sizeof(class->may));
	class->beyond = class->vague = true;
}

bool
shadow_class_type(struct shadow_class *class, char type)
{
	static const struct {
		char type;
		ascii_test test;
	} types[] = {
	    {'d', is_digit},
	    {'w', is_word},
	    {'s', is_space},
	    {'h', is_horizontal},
	    {'v', is_vertical},
	};
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(types); i++) {
		if (g_ascii_tolower(type) != types[i].type)
			continue;
		add_members(class, types[i].test, g_ascii_isupper(type));
		return true;
	}
	return false;
}

/* [:alpha:], [:^alpha:]; p is behind the colon. */
static void
add_posix(struct shadow_class *class, const char *p)
{
	/* Caseless, upper and lower are both any letter of either case. */
	static const struct {
		const char *name;
		ascii_test test;
	} classes[] = {
	    {"alpha:", is_alpha},
	    {"alnum:", is_alnum},
	    {"digit:", is_digit},
	    {"punct:", is_punct},
	    {"space:", is_space},
	    {"word:", is_word},
	    {"xdigit:", is_xdigit},
	};
	bool negated = *p == '^';
	size_t i;

	p += negated;
	for (i = 0; i < G_N_ELEMENTS(classes); i++) {
		if (!g_str_has_prefix(p, classes[i].name))
			continue;
		add_members(class, classes[i].test, negated);
		return;
	}
	add_anything(class);
}

static void
add_range(struct shadow_class *class, gunichar first, gunichar last)
{
	gunichar c;

	for (c = first; c <= last && c < 128; c++) {
		class->may[c] = true;
		class->must[c] = true;
	}
	if (last < 128)
		return;
	class->beyond = true;
	if (first != last || shadow_fold(first) != *SHADOW_BEYOND_TEXT)
		class->vague = true;
	/* Its case folded, what lies beyond may be one of these. */
	class->may['k'] = class->may['s'] = true;
}

bool
shadow_escaped_char(const char **p, gunichar *c)
{
	static const char letters[] = "tnrfea", values[] = "\t\n\r\f\033\a";
	const char *q = *p + 1, *letter;
	char *end;

	if (g_str_has_prefix(q, "x{")) {
		*c = (gunichar)g_ascii_strtoull(q + 2, &end, 16);
		*p = end + 1;
		return *end == '}';
	}
	if (*q == 'x') {
		if (!g_ascii_isxdigit(q[1]) || !g_ascii_isxdigit(q[2]))
			return false;
		*c = (gunichar)(g_ascii_xdigit_value(q[1]) << 4 |
				g_ascii_xdigit_value(q[2]));
		*p = q + 3;
		return true;
	}
	if (*q == '\0')
		return false;
	letter = strchr(letters, *q);
	*c = letter != NULL ? (gunichar)values[letter - letters]
			    : g_utf8_get_char(q);
	*p = utf8_next(q);
	return letter != NULL || !g_ascii_isalnum(*q);
}

void
shadow_class_property(struct shadow_class *class, const char *p)
{
	static const struct {
		char category;
		ascii_test test;
	} categories[] = {
	    {'L', is_alpha},
	    {'N', is_digit},
	    {'P', is_punct},
	    {'S', is_punct},
	};
	const char *name = p + 2 + (p[2] == '{');
	size_t i, len = p[2] == '{' ? strcspn(name, "}") : 1;
	int c;

	for (i = 0; i < G_N_ELEMENTS(categories); i++) {
		/* Names of scripts and the like are longer. */
		if (p[1] != 'p' || *name != categories[i].category ||
		    (len != 1 && (len != 2 || !g_ascii_islower(name[1]))))
			continue;
		for (c = 0; c < 128; c++)
			class->may[c] = class->may[c] || categories[i].test(c);
		class->beyond = class->vague = true;
		return;
	}
	add_anything(class);
}

const char *
shadow_property_end(const char *p)
{
	const char *end = expand_escape_end(p);

	return p[2] == '{' ? end : utf8_next(end);
}

/* One character, as an end of a range or by itself. */
static bool
read_char(const char **p, gunichar *c)
{
	if (**p != '\\') {
		*c = g_utf8_get_char(*p);
		*p = utf8_next(*p);
		return true;
	}
	/* In a class it is a backspace. */
	if ((*p)[1] == 'b') {
		*c = '\b';
		*p += 2;
		return true;
	}
	return shadow_escaped_char(p, c);
}

static bool
read_range(struct shadow_class *class, const char **p)
{
	const char *start = *p;
	gunichar first, last;

	/* Whether "--" begins a range depends on what stands before it. */
	if (!read_char(p, &first) || (start[0] == '-' && start[1] == '-'))
		return false;
	last = first;
	if ((*p)[0] == '-' && (*p)[1] != ']') {
		++*p;
		/* In "[a-\d]" the hyphen is one of the characters. */
		if (!read_char(p, &last) || last < first)
			return false;
	}
	add_range(class, first, last);
	return true;
}

static bool
read_item(struct shadow_class *class, const char **p)
{
	const char *item = *p;

	if (expand_posix_end(item) > item) {
		add_posix(class, item + 2);
		*p = expand_posix_end(item);
		return true;
	}
	if (*item == '\\' && (item[1] == 'p' || item[1] == 'P')) {
		shadow_class_property(class, item);
		*p = shadow_property_end(item);
		return true;
	}
	if (*item == '\\' && shadow_class_type(class, item[1])) {
		*p += 2;
		return true;
	}
	return read_range(class, p);
}

bool
shadow_class_read(struct shadow_class *class, const char **p)
{
	*class = (struct shadow_class){.beyond = false};
	++*p;
	class->negated = **p == '^';
	*p += class->negated;
	/* A bracket that comes first is one of the characters. */
	do
		if (**p == '\0' || !read_item(class, p))
			return false;
	while (**p != ']');
	++*p;
	return true;
}

void
shadow_class_write(const struct shadow_class *class, GString *out)
{
	const bool *set = class->negated ? class->must : class->may;
	gsize start = out->len;
	unsigned c, last;

	g_string_append(out, class->negated ? "[^" : "[");
	for (c = 0; c < 128; c = last + 1) {
		last = c;
		if (!set[c])
			continue;
		while (last < 127 && set[last + 1])
			last++;
		g_string_append_printf(out, "\\x%02x", c);
		if (last > c)
			g_string_append_printf(out, "-\\x%02x", last);
	}
	if (!class->negated && class->beyond)
		g_string_append(out, SHADOW_BEYOND);
	/* Nothing at all is left out. */
	if (g_str_has_suffix(out->str, "[^")) {
		g_string_truncate(out, start);
		g_string_append(out, "[\\x00-\\xff");
	}
	g_string_append_c(out, ']');
}

enum width_kind
shadow_class_kind(const struct shadow_class *class)
{
	bool spaces = false, others = false;
	int c;

	for (c = 0; c < 128; c++) {
		bool may = class->negated ? !class->must[c] : class->may[c];

		spaces = spaces || (may && is_space(c));
		others = others || (may && !is_space(c));
	}
	if (spaces && others)
		return WIDTH_MIXED;
	return spaces ? WIDTH_SPACE : WIDTH_WORD;
}
