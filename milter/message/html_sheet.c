#include <string.h>

#include "milter/message/html_selector.h"
#include "milter/message/html_sheet.h"

enum {
	WALK_DEPTH_MAX = 600,
	SHEET_MAX = 256 * 1024, /* bytes of style elements that are read */
	RULES_MAX = 2000,
	WORK_MAX = 4 * 1000 * 1000, /* compounds compared */
	MATCHES_MAX = 64,           /* rules for one element */
	CLASSES_MAX = 32,           /* of one element */
};

/* A selector with what is declared for it. */
struct rule {
	struct selector selector;
	struct declarations declarations;
};

struct html_sheet {
	GArray *rules;     /* struct rule, in their order */
	GHashTable *index; /* "#id", ".class", "element" or "*", of the last
			    * compound: GArray of guint, ascending */
	GStringChunk *words;
	gsize left;      /* bytes that may still be read */
	unsigned budget; /* for matching */
	bool may_hide;
};

static void
unref_array(gpointer array)
{
	g_array_unref(array);
}

static bool
matters(const struct declarations *d)
{
	bool hides = d->set >> PROPERTY_COLOUR != 0;

	for (unsigned i = 0; i < PROPERTY_COLOUR; i++)
		hides |= declarations_hide(d, i);
	return hides;
}

/* Our own insertions say how they are displayed and coloured. */
static bool
may_hide_ours(const struct declarations *d)
{
	bool hides = d->important >> PROPERTY_COLOUR != 0;

	for (unsigned i = 0; i < PROPERTY_COLOUR; i++)
		hides |= declarations_hide(d, i);
	return hides;
}

static const char *
index_key(const struct selector *s, char *buffer, gsize size)
{
	const struct compound *last = &s->parts[s->count - 1];

	if (last->id != NULL)
		g_snprintf(buffer, size, "#%s", last->id);
	else if (last->count > 0)
		g_snprintf(buffer, size, ".%s", last->classes[0]);
	else
		return last->tag != NULL ? last->tag : "*";
	return buffer;
}

static void
add_rule(struct html_sheet *sheet, const char *text, gsize len,
    const struct declarations *d)
{
	struct rule rule = {.declarations = *d};
	char buffer[128];
	const char *key;
	GArray *same;
	guint number = sheet->rules->len;

	if (number == RULES_MAX ||
	    !selector_read(&rule.selector, text, len, sheet->words))
		return;
	g_array_append_val(sheet->rules, rule);
	key = index_key(&rule.selector, buffer, sizeof(buffer));
	same = g_hash_table_lookup(sheet->index, key);
	if (same == NULL) {
		same = g_array_new(FALSE, FALSE, sizeof(guint));
		g_hash_table_insert(sheet->index, g_strdup(key), same);
	}
	g_array_append_val(same, number);
	sheet->may_hide |= may_hide_ours(d);
}

/* "selector, selector" and what stands in its block. */
static void
add_rules(struct html_sheet *sheet, const char *selectors, gsize selectors_len,
    const char *block, gsize block_len)
{
	struct declarations d = {0};
	const char *p = selectors, *end = selectors + selectors_len, *comma;

	declarations_read(&d, block, block_len);
	if (d.set == 0)
		return;
	while (p < end) {
		comma = memchr(p, ',', (gsize)(end - p));
		if (comma == NULL)
			comma = end;
		add_rule(sheet, p, (gsize)(comma - p), &d);
		p = comma < end ? comma + 1 : end;
	}
}

/* Past white space, comments and the marks that hide a sheet from the old. */
static const char *
skip_space(const char *p, const char *end)
{
	const char *close;

	while (p < end) {
		if (g_ascii_isspace(*p))
			p++;
		else if (end - p >= 4 && memcmp(p, "<!--", 4) == 0)
			p += 4;
		else if (end - p >= 3 && memcmp(p, "-->", 3) == 0)
			p += 3;
		else if (end - p >= 2 && p[0] == '/' && p[1] == '*') {
			close = memmem(p + 2, (gsize)(end - p - 2), "*/", 2);
			p = close != NULL ? close + 2 : end;
		} else
			break;
	}
	return p;
}

/* The first of the characters at or after p outside strings, or the end. */
static const char *
find_any(const char *p, const char *end, const char *any)
{
	char quote = '\0';

	for (; p < end; p++) {
		if (quote != '\0')
			quote = *p == quote || *p == '\n' ? '\0' : quote;
		else if (*p == '"' || *p == '\'')
			quote = *p;
		else if (*p != '\0' && strchr(any, *p) != NULL)
			return p;
	}
	return end;
}

/* Past a block in braces whose first one is at p. */
static const char *
skip_block(const char *p, const char *end)
{
	unsigned depth = 0;

	while ((p = find_any(p, end, "{}")) < end) {
		depth += *p == '{' ? 1 : 0;
		if (*p++ == '}' && --depth == 0)
			break;
	}
	return p;
}

/* Is one of the media in the list the screen, without conditions? */
static bool
is_for_screen(const char *list, gsize len)
{
	g_autofree char *copy = g_ascii_strdown(list, (gssize)MIN(len, 400));
	g_auto(GStrv) media = g_strsplit(copy, ",", -1);

	for (char **m = media; *m != NULL; m++) {
		const char *name = g_strstrip(*m);

		if (g_str_has_prefix(name, "only "))
			name += 5;
		if (strcmp(name, "screen") == 0 || strcmp(name, "all") == 0)
			return true;
	}
	return false;
}

/* An at-rule; where to go on: in the block of a medium that is read. */
static const char *
read_at_rule(const char *p, const char *end)
{
	const char *stop = find_any(p, end, ";{");

	if (stop == end || *stop == ';')
		return stop < end ? stop + 1 : end;
	if (stop - p > 6 && g_ascii_strncasecmp(p, "@media", 6) == 0 &&
	    is_for_screen(p + 6, (gsize)(stop - p - 6)))
		return stop + 1;
	return skip_block(stop, end);
}

static void
read_sheet(struct html_sheet *sheet, const char *text, gsize len)
{
	const char *p = text, *end = text + MIN(len, sheet->left), *open,
		   *close;

	sheet->left -= (gsize)(end - text);
	while ((p = skip_space(p, end)) < end) {
		if (*p == '@') {
			p = read_at_rule(p, end);
			continue;
		}
		if (*p == '}' || *p == ';') {
			p++;
			continue;
		}
		open = find_any(p, end, "{}");
		if (open == end || *open == '}') {
			p = open;
			continue;
		}
		close = find_any(open + 1, end, "}");
		add_rules(sheet, p, (gsize)(open - p), open + 1,
		    (gsize)(close - open - 1));
		p = close;
	}
}

/* The words of a style element, in the source. */
static void
read_element(struct html_sheet *sheet, const struct html_tree *tree,
    const char *source, gsize len, const GumboElement *e)
{
	const GumboAttribute *media =
	    gumbo_get_attribute(&e->attributes, "media");

	if (media != NULL && *media->value != '\0' &&
	    !is_for_screen(media->value, strlen(media->value)))
		return;
	for (unsigned i = 0; i < e->children.length; i++) {
		const GumboNode *node = e->children.data[i];
		GumboStringPiece text;
		gsize start, end;

		if (node->type != GUMBO_NODE_TEXT &&
		    node->type != GUMBO_NODE_WHITESPACE)
			continue;
		text = node->v.text.original_text;
		start = html_tree_offset(tree, text.data);
		end = html_tree_offset(tree, text.data + text.length);
		if (start < end && end <= len)
			read_sheet(sheet, source + start, end - start);
	}
}

static void
find_elements(struct html_sheet *sheet, const struct html_tree *tree,
    const char *source, gsize len, const GumboNode *node, unsigned depth)
{
	const GumboVector *children = &node->v.element.children;

	if (node->type != GUMBO_NODE_ELEMENT || depth == WALK_DEPTH_MAX)
		return;
	if (node->v.element.tag == GUMBO_TAG_STYLE) {
		read_element(sheet, tree, source, len, &node->v.element);
		return;
	}
	for (unsigned i = 0; i < children->length; i++)
		find_elements(
		    sheet, tree, source, len, children->data[i], depth + 1);
}

static bool
has_style_element(const char *source, gsize len)
{
	const char *p = source, *end = source + len;

	while ((p = memchr(p, '<', (gsize)(end - p))) != NULL) {
		p++;
		if (end - p > 5 && g_ascii_strncasecmp(p, "style", 5) == 0)
			return true;
	}
	return false;
}

static bool
any_matters(const struct html_sheet *sheet)
{
	for (guint i = 0; i < sheet->rules->len; i++)
		if (matters(&g_array_index(sheet->rules, struct rule, i)
				 .declarations))
			return true;
	return false;
}

struct html_sheet *
html_sheet_new(const struct html_tree *tree, const char *source, gsize len)
{
	g_autoptr(html_sheet) sheet = NULL;

	if (!has_style_element(source, len))
		return NULL;
	sheet = g_new0(struct html_sheet, 1);
	sheet->rules = g_array_new(FALSE, FALSE, sizeof(struct rule));
	sheet->index =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_array);
	sheet->words = g_string_chunk_new(1024);
	sheet->left = SHEET_MAX;
	sheet->budget = WORK_MAX;
	find_elements(sheet, tree, source, len, html_tree_root(tree), 0);
	return any_matters(sheet) || html_sheet_is_exhausted(sheet)
		   ? g_steal_pointer(&sheet)
		   : NULL;
}

void
html_sheet_free(struct html_sheet *sheet)
{
	if (sheet == NULL)
		return;
	g_array_unref(sheet->rules);
	g_hash_table_unref(sheet->index);
	g_string_chunk_free(sheet->words);
	g_free(sheet);
}

/* The rules that match one element, the strongest last. */
struct matches {
	struct html_sheet *sheet;
	const GumboElement *element;
	guint rules[MATCHES_MAX];
	guint count;
};

static bool
is_stronger(const struct matches *m, guint a, guint b)
{
	const GArray *rules = m->sheet->rules;
	unsigned one =
	    g_array_index(rules, struct rule, a).selector.specificity;
	unsigned other =
	    g_array_index(rules, struct rule, b).selector.specificity;

	return one != other ? one > other : a > b;
}

static void
try_rules(struct matches *m, const char *key)
{
	const GArray *same = g_hash_table_lookup(m->sheet->index, key);

	for (guint i = 0; same != NULL && i < same->len; i++) {
		guint number = g_array_index(same, guint, i), at;
		const struct rule *rule =
		    &g_array_index(m->sheet->rules, struct rule, number);

		if (m->count == MATCHES_MAX)
			return;
		if (!selector_matches(
			&rule->selector, m->element, &m->sheet->budget))
			continue;
		for (at = m->count++;
		     at > 0 && is_stronger(m, m->rules[at - 1], number); at--)
			m->rules[at] = m->rules[at - 1];
		m->rules[at] = number;
	}
}

static void
try_classes(struct matches *m, const char *classes)
{
	char key[128];

	for (unsigned n = 0; n < CLASSES_MAX; n++) {
		gsize len;

		classes += strspn(classes, " \t\r\n\f");
		len = strcspn(classes, " \t\r\n\f");
		if (len == 0)
			break;
		g_snprintf(key, sizeof(key), ".%.*s", (int)len, classes);
		try_rules(m, key);
		classes += len;
	}
}

void
html_sheet_match(
    struct html_sheet *sheet, const GumboElement *e, struct declarations *d)
{
	struct matches m = {.sheet = sheet, .element = e};
	const GumboAttribute *class, *id;
	char key[128];

	try_rules(&m, "*");
	try_rules(&m, gumbo_normalized_tagname(e->tag));
	if (e->attributes.length > 0) {
		class = gumbo_get_attribute(&e->attributes, "class");
		id = gumbo_get_attribute(&e->attributes, "id");
		if (class != NULL)
			try_classes(&m, class->value);
		if (id != NULL) {
			g_snprintf(key, sizeof(key), "#%s", id->value);
			try_rules(&m, key);
		}
	}
	for (guint i = 0; i < m.count; i++)
		declarations_override(
		    d, &g_array_index(sheet->rules, struct rule, m.rules[i])
			    .declarations);
}

bool
html_sheet_is_exhausted(const struct html_sheet *sheet)
{
	return sheet->left == 0 || sheet->budget == 0 ||
	       sheet->rules->len == RULES_MAX;
}

bool
html_sheet_may_hide(const struct html_sheet *sheet)
{
	return sheet != NULL &&
	       (sheet->may_hide || html_sheet_is_exhausted(sheet));
}
