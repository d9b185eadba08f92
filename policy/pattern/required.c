/*
 * Reads a regex part by part.  What is not understood needs nothing, or the
 * whole regex is given up: a text too many is tried, never one too few.
 */
#include <string.h>

#include "policy/pattern/part.h"
#include "policy/pattern/scan.h"
#include "policy/pattern/shadow.h"
#include "policy/utf8.h"

enum {
	CLASS_MAX = 8, /* characters of a class */
	/* What is behind so many bytes of a literal tells hardly more. */
	LITERAL_MAX = 12,
};

struct required {
	GStringChunk *chunk; /* of all texts */
	GHashTable *groups;  /* char *: a group as it is written, to its
			      * struct part */
};

struct reading {
	const char *p; /* what is left of the regex */
	struct required *required;
	GStringChunk *chunk; /* of the former */
	bool failed;
};

static void read_alternatives(struct reading *, struct part *);

/* Of one beyond ASCII it does not matter: it counts as either. */
static enum width_kind
kind_of(gunichar c)
{
	return shadow_fold(c) == ' ' ? WIDTH_SPACE : WIDTH_WORD;
}

/* … and so is not written as itself in a text. */
static bool
is_mark(gunichar c)
{
	return c == '\0' || c == (gunichar)*PART_WORD;
}

/* A quantifier; *max of it may be WIDTH_NO_MAX. */
static bool
read_quantifier(struct reading *r, guint *min, guint *max)
{
	const char *p = r->p, *end;
	guint64 from, to;
	char *rest;

	if (*p == '*' || *p == '+' || *p == '?') {
		*min = *p == '+';
		*max = *p == '?' ? 1 : WIDTH_NO_MAX;
		end = p + 1;
	} else if (*p == '{' && g_ascii_isdigit(p[1])) {
		from = to = g_ascii_strtoull(p + 1, &rest, 10);
		if (*rest == ',')
			to = rest[1] == '}'
				 ? WIDTH_NO_MAX
				 : g_ascii_strtoull(rest + 1, &rest, 10);
		rest += *rest == ',';
		/* Newer versions of PCRE2 allow more. */
		r->failed = r->failed || *rest != '}';
		*min = (guint)MIN(from, WIDTH_NO_MAX);
		*max = (guint)MIN(MAX(from, to), WIDTH_NO_MAX);
		end = rest + (*rest == '}');
	} else {
		return false;
	}
	r->p = *end == '?' || *end == '+' ? end + 1 : end;
	return true;
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
	part->width.fixed = 1;
	part->kind = shadow_class_kind(&class);
	if (class.negated || class.vague)
		return;
	part->texts = class.beyond ? part_texts(r->chunk, SHADOW_BEYOND_TEXT)
				   : g_ptr_array_new();
	for (c = 0; c < 128; c++) {
		if (!class.may[c])
			continue;
		text[0] = shadow_fold(c);
		if (is_mark(c) ||
		    !part_add_text(part->texts,
			g_string_chunk_insert_const(r->chunk, text),
			CLASS_MAX)) {
			part_clear(part);
			return;
		}
	}
}

static void
read_char(struct reading *r, struct part *part, gunichar c)
{
	char text[2] = {0};

	part->width.fixed = 1;
	part->kind = kind_of(c);
	if (is_mark(c))
		return;
	text[0] = shadow_fold(c);
	part->texts = part_texts(r->chunk, text);
}

static void
read_escape(struct reading *r, struct part *part)
{
	struct shadow_class class = {.beyond = false};
	const char *p = r->p;
	gunichar c;

	if (p[1] != '\0' && strchr("bBAzZ", p[1]) != NULL) {
		part->texts =
		    part_texts(r->chunk, p[1] == 'b' ? PART_WORD : "");
		r->p += 2;
	} else if (p[1] == 's' || p[1] == 'd') {
		part->texts = part_texts(r->chunk, p[1] == 's' ? " " : "0");
		part->width.fixed = 1;
		part->kind = p[1] == 's' ? WIDTH_SPACE : WIDTH_WORD;
		r->p += 2;
	} else if (p[1] == 'p' || p[1] == 'P') {
		shadow_class_property(&class, p);
		part->width.fixed = 1;
		part->kind = shadow_class_kind(&class);
		r->p = shadow_property_end(p);
	} else if (p[1] == 'R' || p[1] == 'X') {
		part->width.fixed = 2;
		part->width.unbounded = p[1] == 'X';
		r->p += 2;
	} else if (shadow_class_type(&class, p[1])) {
		part->width.fixed = 1;
		part->kind = shadow_class_kind(&class);
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

/* What is looked for ahead is needed too, but takes no text. */
static void
read_ahead(struct reading *r, struct part *part)
{
	struct part inside;

	r->p += strlen("(?=");
	read_alternatives(r, &inside);
	r->failed = r->failed || *r->p != ')';
	r->p += *r->p == ')';
	part->cases = g_steal_pointer(&inside.cases);
	part->ahead = true;
	part_clear(&inside);
}

/* A group that stands for something, whose inside begins at start. */
static void
read_inside(struct reading *r, struct part *part, const char *start)
{
	const char *end = shadow_group_end(r->p);
	g_autofree char *group = g_strndup(r->p, (gsize)(end - r->p));
	const struct part *known =
	    g_hash_table_lookup(r->required->groups, group);

	if (known != NULL) {
		*part = part_copy(known);
		r->p = end;
		return;
	}
	r->p = start;
	read_alternatives(r, part);
	r->failed = r->failed || *r->p != ')';
	r->p += *r->p == ')';
	if (!r->failed && r->p == end) {
		struct part *copy = g_new(struct part, 1);

		*copy = part_copy(part);
		g_hash_table_insert(
		    r->required->groups, g_steal_pointer(&group), copy);
	}
}

static void
read_group(struct reading *r, struct part *part)
{
	static const char *const around[] = {"(?!", "(?<=", "(?<!"};
	const char *p = r->p, *start = group_start(p);
	size_t i;

	if (start != NULL) {
		read_inside(r, part, start);
		return;
	}
	part->texts = part_texts(r->chunk, "");
	if (g_str_has_prefix(p, "(?=")) {
		read_ahead(r, part);
		return;
	}
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
	return !is_mark((guchar)c) && (guchar)c < 128 &&
	       strchr("\\[](){}|^$.?*+", c) == NULL;
}

/* Plain characters, but for the one that a quantifier is for. */
static void
read_plain(struct reading *r, struct part *part)
{
	const char *start = r->p;
	char text[REQUIRED_LENGTH_MAX + 1];
	size_t len = 0;

	while (
	    len < REQUIRED_LENGTH_MAX && is_plain(*r->p) &&
	    (len == 0 || r->p[1] == '\0' || strchr("?*+{", r->p[1]) == NULL)) {
		char c = shadow_fold((guchar)*r->p++);

		if (c != ' ' || len == 0 || text[len - 1] != ' ')
			text[len++] = c;
		if (*r->p != '\0' && strchr("?*+{", *r->p) != NULL)
			break;
	}
	text[len] = '\0';
	part->texts = part_texts(r->chunk, text);
	part->width.fixed = (guint)(r->p - start);
	if (part->width.fixed == 1)
		part->kind = kind_of((guchar)*start);
}

static void
read_part(struct reading *r, struct part *part)
{
	guint min, max;

	if (*r->p == '\\') {
		read_escape(r, part);
	} else if (*r->p == '[') {
		read_class(r, part);
	} else if (*r->p == '(') {
		read_group(r, part);
	} else if (*r->p == '.') {
		r->p++;
		part->width.fixed = 1;
	} else if (*r->p == '^' || *r->p == '$') {
		r->p++;
		part->texts = part_texts(r->chunk, "");
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
		part_repeat(part, r->chunk, min, max);
}

static void
read_sequence(struct reading *r, struct part *whole)
{
	struct sequence sequence;

	sequence_init(&sequence, r->chunk);
	while (!r->failed && *r->p != '\0' && *r->p != '|' && *r->p != ')') {
		struct part part = {.texts = NULL};

		read_part(r, &part);
		sequence_append(&sequence, &part);
		part_clear(&part);
	}
	*whole = sequence_end(&sequence);
}

static void
read_alternatives(struct reading *r, struct part *all)
{
	struct part next;

	read_sequence(r, all);
	while (!r->failed && *r->p == '|') {
		r->p++;
		read_sequence(r, &next);
		part_unite(all, &next);
		part_clear(&next);
	}
}

static void
literal_clear(void *p)
{
	g_free((void *)(guintptr)((struct literal *)p)->text);
}

/* The literals, each with a text of its own. */
static GArray *
copy_literals(const GArray *needed)
{
	GArray *literals = g_array_sized_new(
	    FALSE, FALSE, sizeof(struct literal), needed->len);
	guint i;

	g_array_set_clear_func(literals, literal_clear);
	for (i = 0; i < needed->len; i++) {
		struct literal literal =
		    g_array_index(needed, struct literal, i);

		literal.word = *literal.text == *PART_WORD;
		literal.text += literal.word;
		literal.word =
		    literal.word &&
		    (g_ascii_isalnum(*literal.text) || *literal.text == '_');
		literal.text = g_strndup(literal.text, LITERAL_MAX);
		g_array_append_val(literals, literal);
	}
	return literals;
}

static GPtrArray *
copy_case(const GPtrArray *sets)
{
	GPtrArray *copy =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
	guint i;

	for (i = 0; i < sets->len; i++) {
		const struct part_set *set = sets->pdata[i];

		g_ptr_array_add(copy, copy_literals(set->literals));
	}
	return copy;
}

/* NULL when one of the cases needs nothing. */
static GPtrArray *
copy_cases(const GPtrArray *cases)
{
	g_autoptr(GPtrArray) copy =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	guint i;

	for (i = 0; i < cases->len; i++) {
		const GPtrArray *sets = cases->pdata[i];

		if (sets->len == 0)
			return NULL;
		g_ptr_array_add(copy, copy_case(sets));
	}
	return g_steal_pointer(&copy);
}

static void
part_free(void *p)
{
	part_clear(p);
	g_free(p);
}

struct required *
required_new(void)
{
	struct required *required = g_new0(struct required, 1);

	required->chunk = g_string_chunk_new(4096);
	required->groups =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, part_free);
	return required;
}

void
required_free(struct required *required)
{
	if (required == NULL)
		return;
	g_hash_table_unref(required->groups);
	g_string_chunk_free(required->chunk);
	g_free(required);
}

GPtrArray *
required_cases(struct required *required, const char *regex)
{
	struct reading r = {
	    .p = regex, .required = required, .chunk = required->chunk};
	GPtrArray *cases = NULL;
	struct part part;

	/* A comment may have parentheses of its own. */
	r.failed = strstr(regex, "(?#") != NULL;
	read_alternatives(&r, &part);
	if (!r.failed && *r.p == '\0')
		cases = copy_cases(part.cases);
	part_clear(&part);
	return cases;
}
