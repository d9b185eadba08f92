#include <string.h>

#include "milter/message/html_selector.h"

/* Names are read as they stand; escapes in them are not. */
static gsize
name_length(const char *text, gsize len)
{
	gsize n = 0;

	while (n < len && (g_ascii_isalnum(text[n]) || text[n] == '-' ||
			      text[n] == '_' || (guchar)text[n] >= 0x80))
		n++;
	return n;
}

static const char *
keep(GStringChunk *words, const char *text, gsize len)
{
	return g_string_chunk_insert_len(words, text, (gssize)len);
}

static const char *
keep_lower(GStringChunk *words, const char *text, gsize len)
{
	g_autofree char *low = g_ascii_strdown(text, (gssize)len);

	return keep(words, low, len);
}

/* Returns its length, or 0. */
static gsize
read_compound(
    struct selector *s, const char *text, gsize len, GStringChunk *words)
{
	struct compound *c = &s->parts[s->count];
	gsize pos = 0, n;

	if (len > 0 && *text == '*')
		pos = 1;
	else if ((n = name_length(text, len)) > 0) {
		c->tag = keep_lower(words, text, n);
		s->specificity++;
		pos = n;
	}
	while (pos < len && (text[pos] == '.' || text[pos] == '#')) {
		n = name_length(text + pos + 1, len - pos - 1);
		if (n == 0)
			return 0;
		if (text[pos] == '#') {
			if (c->id != NULL)
				return 0;
			c->id = keep(words, text + pos + 1, n);
			s->specificity += 10000;
		} else {
			if (c->count == SELECTOR_CLASSES)
				return 0;
			c->classes[c->count++] = keep(words, text + pos + 1, n);
			s->specificity += 100;
		}
		pos += n + 1;
	}
	s->count++;
	return pos;
}

bool
selector_read(
    struct selector *s, const char *text, gsize len, GStringChunk *words)
{
	gsize pos = 0, n;

	*s = (struct selector){0};
	while (len > 0 && g_ascii_isspace(text[len - 1]))
		len--;
	while (pos < len && g_ascii_isspace(text[pos]))
		pos++;
	while (pos < len) {
		bool spaced = false, child = false;

		for (; pos < len && s->count > 0; pos++) {
			if (g_ascii_isspace(text[pos]))
				spaced = true;
			else if (text[pos] == '>' && !child)
				child = true;
			else
				break;
		}
		if (s->count == SELECTOR_PARTS ||
		    (s->count > 0 && !spaced && !child))
			return false;
		s->parts[s->count].child = child;
		n = read_compound(s, text + pos, len - pos, words);
		if (n == 0)
			return false;
		pos += n;
	}
	return s->count > 0;
}

static const char *
attribute(const GumboElement *e, const char *name)
{
	const GumboAttribute *a = gumbo_get_attribute(&e->attributes, name);

	return a != NULL ? a->value : NULL;
}

bool
has_class(const char *classes, const char *word)
{
	gsize len = strlen(word);

	for (const char *p = classes; (p = strstr(p, word)) != NULL; p++)
		if ((p == classes || g_ascii_isspace(p[-1])) &&
		    (p[len] == '\0' || g_ascii_isspace(p[len])))
			return true;
	return false;
}

static bool
compound_matches(const struct compound *c, const GumboElement *e)
{
	const char *value;

	if (c->tag != NULL &&
	    strcmp(gumbo_normalized_tagname(e->tag), c->tag) != 0)
		return false;
	if (c->id != NULL &&
	    ((value = attribute(e, "id")) == NULL || strcmp(value, c->id) != 0))
		return false;
	if (c->count == 0)
		return true;
	if ((value = attribute(e, "class")) == NULL)
		return false;
	for (unsigned i = 0; i < c->count; i++)
		if (!has_class(value, c->classes[i]))
			return false;
	return true;
}

static const GumboElement *
parent_of(const GumboElement *e)
{
	const GumboNode *node =
	    (const GumboNode *)(const void *)((const char *)e -
					      G_STRUCT_OFFSET(GumboNode, v));
	const GumboNode *parent = node->parent;

	return parent != NULL && parent->type == GUMBO_NODE_ELEMENT
		   ? &parent->v.element
		   : NULL;
}

/*
 * The compounds before the last one, from right to left.  After a descendant
 * that matches, the nearest match of the next one is the best, but for
 * children, which go further up.
 */
static bool
ancestors_match(const struct selector *s, unsigned part, const GumboElement *e,
    unsigned *budget)
{
	bool child = s->parts[part].child;

	if (part == 0)
		return true;
	while ((e = parent_of(e)) != NULL && *budget > 0) {
		--*budget;
		if (compound_matches(&s->parts[part - 1], e) &&
		    ancestors_match(s, part - 1, e, budget))
			return true;
		if (child)
			break;
	}
	return false;
}

bool
selector_matches(
    const struct selector *s, const GumboElement *e, unsigned *budget)
{
	if (*budget == 0)
		return false;
	--*budget;
	return compound_matches(&s->parts[s->count - 1], e) &&
	       ancestors_match(s, s->count - 1, e, budget);
}
