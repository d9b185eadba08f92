/*
 * The literals of a part of a regex come from those of its parts.  As long as
 * they are few, all the texts that a part matches are kept, so that what
 * follows makes them longer: "(I|we) will" needs "i will" or "we will".  When
 * they become too many, or something follows that matches anything, those so
 * far are an offer, and it begins anew.  The best offer is what the part needs.
 *
 * What is not understood needs nothing, or the whole regex is given up: a text
 * too many is tried, never one too few.
 */
#include <stdbool.h>
#include <string.h>

#include "policy/pattern/required.h"
#include "policy/pattern/scan.h"
#include "policy/pattern/shadow.h"
#include "policy/utf8.h"

enum {
	TEXTS_MAX = 96, /* that a part matches, kept all */
	CLASS_MAX = 8,  /* characters of a class */
	LETTERS_MIN = 3,
};

/* The cost of an offer that is none. */
#define NO_USE G_MAXDOUBLE

/* Sets of folded texts, all of them in the chunk, so that equal is same. */
struct part {
	GPtrArray *texts;  /* all that it matches, or NULL */
	GPtrArray *needed; /* one of them is in each, or NULL */
	bool repeated;     /* it matches one or more of texts in a row */
};

struct reading {
	const char *p; /* what is left of the regex */
	GStringChunk *chunk;
	bool failed;
};

/* Parts one behind the other. */
struct sequence {
	struct reading *r;
	GPtrArray *run; /* what the last parts match */
	GPtrArray *best;
	double cost; /* of the best */
	bool whole;  /* the run is of all parts */
};

static void read_alternatives(struct reading *, struct part *);

static char
folded(gunichar c)
{
	return c >= '\t' && c <= '\r' ? ' ' : g_ascii_tolower((char)c);
}

static void
part_clear(struct part *part)
{
	g_clear_pointer(&part->texts, g_ptr_array_unref);
	g_clear_pointer(&part->needed, g_ptr_array_unref);
	part->repeated = false;
}

/* Adds a text that is not there; false when they are too many. */
static bool
add_text(GPtrArray *texts, char *text, guint max)
{
	if (g_ptr_array_find(texts, text, NULL))
		return true;
	if (texts->len == max)
		return false;
	g_ptr_array_add(texts, text);
	return true;
}

/* The set of one text. */
static GPtrArray *
texts_of(struct reading *r, const char *text)
{
	GPtrArray *texts = g_ptr_array_new();

	g_ptr_array_add(texts, g_string_chunk_insert_const(r->chunk, text));
	return texts;
}

/* Two texts as one; NULL when that is too long. */
static char *
join(struct reading *r, const char *a, const char *b)
{
	char text[REQUIRED_LENGTH_MAX + 1];
	size_t a_len = strlen(a), b_len;

	/* Two runs of white space that touch are one. */
	if (a_len > 0 && a[a_len - 1] == ' ' && *b == ' ')
		b++;
	b_len = strlen(b);
	if (a_len + b_len > REQUIRED_LENGTH_MAX)
		return NULL;
	memcpy(text, a, a_len);
	memcpy(text + a_len, b, b_len + 1);
	return g_string_chunk_insert_const(r->chunk, text);
}

/* Every one of a with every one of b behind it; NULL: too many or too long. */
static GPtrArray *
product(struct reading *r, const GPtrArray *a, const GPtrArray *b)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new();
	guint i, k;

	if (a->len * b->len > TEXTS_MAX)
		return NULL;
	for (i = 0; i < a->len; i++)
		for (k = 0; k < b->len; k++) {
			char *text = join(r, a->pdata[i], b->pdata[k]);

			if (text == NULL || !add_text(texts, text, TEXTS_MAX))
				return NULL;
		}
	return g_steal_pointer(&texts);
}

/* How often one of them will stand where it is of no use, about. */
static double
cost_of(const GPtrArray *texts)
{
	double cost = 0, one;
	guint i;

	for (i = 0; i < texts->len; i++) {
		const char *p = texts->pdata[i];
		int letters = 0;

		for (one = 1; *p != '\0'; p++) {
			letters += *p != ' ';
			one /= *p == ' ' ? 2 : 3;
		}
		if (letters < LETTERS_MIN)
			return NO_USE;
		cost += one;
	}
	return cost;
}

static void
offer(struct sequence *s, GPtrArray *texts)
{
	double cost = texts != NULL ? cost_of(texts) : NO_USE;

	if (cost >= s->cost)
		return;
	if (s->best != NULL)
		g_ptr_array_unref(s->best);
	s->best = g_ptr_array_ref(texts);
	s->cost = cost;
}

/* Offers the run and begins it anew with these texts, which it takes. */
static void
begin_run(struct sequence *s, GPtrArray *texts)
{
	offer(s, s->run);
	g_ptr_array_unref(s->run);
	s->run = texts;
	s->whole = false;
}

static void
append(struct sequence *s, const struct part *part)
{
	GPtrArray *longer;

	if (part->texts == NULL) {
		offer(s, part->needed);
		begin_run(s, texts_of(s->r, ""));
		return;
	}
	longer = product(s->r, s->run, part->texts);
	if (longer != NULL) {
		g_ptr_array_unref(s->run);
		s->run = longer;
	} else {
		begin_run(s, g_ptr_array_ref(part->texts));
	}
	/* What follows stands behind the last of them. */
	if (part->repeated)
		begin_run(s, g_ptr_array_ref(part->texts));
}

/* A quantifier; *min and *max of it are 0, 1 or 2, which is more. */
static bool
read_quantifier(struct reading *r, int *min, int *max)
{
	const char *p = r->p, *end;
	guint64 from, to;
	char *rest;

	if (*p == '*' || *p == '+' || *p == '?') {
		*min = *p == '+';
		*max = *p == '?' ? 1 : 2;
		end = p + 1;
	} else if (*p == '{' && g_ascii_isdigit(p[1])) {
		from = to = g_ascii_strtoull(p + 1, &rest, 10);
		if (*rest == ',')
			to = rest[1] == '}'
				 ? 2
				 : g_ascii_strtoull(rest + 1, &rest, 10);
		rest += *rest == ',';
		/* Newer versions of PCRE2 allow more. */
		r->failed = r->failed || *rest != '}';
		*min = (int)MIN(from, 1);
		*max = (int)MIN(MAX(from, to), 2);
		end = rest + (*rest == '}');
	} else {
		return false;
	}
	r->p = *end == '?' || *end == '+' ? end + 1 : end;
	return true;
}

/* The part any number of times from min to max. */
static void
repeat(struct reading *r, struct part *part, int min, int max)
{
	GPtrArray *texts = part->texts;
	const char *only =
	    texts != NULL && texts->len == 1 ? texts->pdata[0] : NULL;
	g_autoptr(GPtrArray) optional = NULL;

	/* White space any number of times is white space. */
	if (only != NULL && (*only == '\0' || strcmp(only, " ") == 0))
		max = MIN(max, 1);
	if (max == 0) {
		part_clear(part);
		part->texts = texts_of(r, "");
		return;
	}
	if (min == 0) {
		if (texts != NULL && max == 1 && !part->repeated) {
			optional = texts_of(r, "");
			g_ptr_array_extend(optional, texts, NULL, NULL);
		}
		part_clear(part);
		part->texts = g_steal_pointer(&optional);
	} else if (max > 1) {
		part->repeated = texts != NULL;
	}
}

static void
read_class(struct reading *r, struct part *part)
{
	struct shadow_class class;
	char text[2] = "";
	unsigned c;

	if (!shadow_class_read(&class, &r->p)) {
		r->failed = true;
		return;
	}
	if (class.negated || class.beyond)
		return;
	part->texts = g_ptr_array_new();
	for (c = 0; c < 128; c++) {
		if (!class.may[c])
			continue;
		text[0] = folded(c);
		/* A NUL is no part of a literal. */
		if (c == 0 || !add_text(part->texts,
				  g_string_chunk_insert_const(r->chunk, text),
				  CLASS_MAX)) {
			part_clear(part);
			return;
		}
	}
}

/* One character; one beyond ASCII is anything. */
static void
read_char(struct reading *r, struct part *part, gunichar c)
{
	char text[2] = {0};

	if (c == 0 || c >= 128)
		return;
	text[0] = folded(c);
	part->texts = texts_of(r, text);
}

static void
read_escape(struct reading *r, struct part *part)
{
	struct shadow_class class = {.beyond = false};
	const char *p = r->p;
	gunichar c;

	if (p[1] != '\0' && strchr("bBAzZ", p[1]) != NULL) {
		part->texts = texts_of(r, "");
		r->p += 2;
	} else if (p[1] == 's') {
		part->texts = texts_of(r, " ");
		r->p += 2;
	} else if (p[1] == 'p' || p[1] == 'P') {
		r->p = shadow_property_end(p);
	} else if (p[1] == 'R' || p[1] == 'X' ||
		   shadow_class_type(&class, p[1])) {
		r->p += 2;
	} else if (shadow_escaped_char(&p, &c)) {
		r->p = p;
		read_char(r, part, c);
	} else {
		r->failed = true;
	}
}

/* Behind what opens a group at p; NULL when it is another kind of group. */
static const char *
group_start(const char *p)
{
	const char *end;

	if (p[1] == '*')
		return NULL;
	if (p[1] != '?')
		return p + 1;
	if (p[2] == '>')
		return p + 3;
	end = p + 2 + (p[2] == 'P');
	if (*end == '<' && (g_ascii_isalpha(end[1]) || end[1] == '_')) {
		end = strchr(end, '>');
		return end != NULL ? end + 1 : NULL;
	}
	end = p + 2 + strspn(p + 2, "ims-");
	return *end == ':' ? end + 1 : NULL;
}

static void
read_group(struct reading *r, struct part *part)
{
	static const char *const around[] = {"(?=", "(?!", "(?<=", "(?<!"};
	const char *p = r->p, *start = group_start(p);
	size_t i;

	if (start != NULL) {
		r->p = start;
		read_alternatives(r, part);
		r->failed = r->failed || *r->p != ')';
		r->p += *r->p == ')';
		return;
	}
	part->texts = texts_of(r, "");
	for (i = 0; i < G_N_ELEMENTS(around); i++)
		if (g_str_has_prefix(p, around[i])) {
			r->p = shadow_group_end(p);
			return;
		}
	/* (?i) */
	r->p = p + 2 + strspn(p + 2, "ims-");
	r->failed = p[1] != '?' || *r->p != ')';
	r->p += *r->p == ')';
}

static bool
is_plain(char c)
{
	return c != '\0' && (guchar)c < 128 &&
	       strchr("\\[](){}|^$.?*+", c) == NULL;
}

/* Plain characters, but for the one that a quantifier is for. */
static void
read_plain(struct reading *r, struct part *part)
{
	char text[REQUIRED_LENGTH_MAX + 1];
	size_t len = 0;

	while (
	    len < REQUIRED_LENGTH_MAX && is_plain(*r->p) &&
	    (len == 0 || r->p[1] == '\0' || strchr("?*+{", r->p[1]) == NULL)) {
		char c = folded((guchar)*r->p++);

		if (c != ' ' || len == 0 || text[len - 1] != ' ')
			text[len++] = c;
		if (*r->p != '\0' && strchr("?*+{", *r->p) != NULL)
			break;
	}
	text[len] = '\0';
	part->texts = texts_of(r, text);
}

static void
read_part(struct reading *r, struct part *part)
{
	int min, max;

	if (*r->p == '\\') {
		read_escape(r, part);
	} else if (*r->p == '[') {
		read_class(r, part);
	} else if (*r->p == '(') {
		read_group(r, part);
	} else if (*r->p == '.') {
		r->p++;
	} else if (*r->p == '^' || *r->p == '$') {
		r->p++;
		part->texts = texts_of(r, "");
	} else if (*r->p == '{') {
		/* Versions of PCRE2 differ on it. */
		r->failed = true;
	} else if (is_plain(*r->p)) {
		read_plain(r, part);
	} else {
		read_char(r, part, g_utf8_get_char(r->p));
		r->p = utf8_next(r->p);
	}
	while (!r->failed && read_quantifier(r, &min, &max))
		repeat(r, part, min, max);
}

static void
read_sequence(struct reading *r, struct part *whole)
{
	struct sequence s = {.r = r, .cost = NO_USE, .whole = true};

	s.run = texts_of(r, "");
	while (!r->failed && *r->p != '\0' && *r->p != '|' && *r->p != ')') {
		struct part part = {.texts = NULL};

		read_part(r, &part);
		append(&s, &part);
		part_clear(&part);
	}
	offer(&s, s.run);
	whole->needed = s.best;
	if (s.whole)
		whole->texts = s.run;
	else
		g_ptr_array_unref(s.run);
}

/* What both have; NULL when that is too much, or one has none. */
static GPtrArray *
unite(GPtrArray *a, const GPtrArray *b, guint max)
{
	guint i;

	if (b == NULL)
		g_clear_pointer(&a, g_ptr_array_unref);
	for (i = 0; a != NULL && i < b->len; i++)
		if (!add_text(a, b->pdata[i], max))
			g_clear_pointer(&a, g_ptr_array_unref);
	return a;
}

static void
read_alternatives(struct reading *r, struct part *all)
{
	struct part next = {.texts = NULL};

	all->texts = g_ptr_array_new();
	all->needed = g_ptr_array_new();
	for (;;) {
		read_sequence(r, &next);
		all->texts = unite(all->texts, next.texts, TEXTS_MAX);
		all->needed = unite(all->needed, next.needed, REQUIRED_MAX);
		part_clear(&next);
		if (r->failed || *r->p != '|')
			return;
		r->p++;
	}
}

GPtrArray *
required_literals(const char *regex)
{
	struct reading r = {.p = regex, .chunk = g_string_chunk_new(4096)};
	struct part part = {.texts = NULL};
	GPtrArray *literals = NULL;
	guint i;

	/* A comment may have parentheses of its own. */
	r.failed = strstr(regex, "(?#") != NULL;
	read_alternatives(&r, &part);
	if (!r.failed && *r.p == '\0' && part.needed != NULL) {
		literals = g_ptr_array_new_with_free_func(g_free);
		for (i = 0; i < part.needed->len; i++)
			g_ptr_array_add(
			    literals, g_strdup(part.needed->pdata[i]));
	}
	part_clear(&part);
	g_string_chunk_free(r.chunk);
	return literals;
}
