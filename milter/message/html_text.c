#include <string.h>

#include "milter/message/html_element.h"
#include "milter/message/html_style.h"
#include "milter/message/html_text.h"
#include "milter/message/html_tree.h"
#include "policy/text/marks.h"

/* Deeper than this nobody nests text that is meant to be read. */
enum { WALK_DEPTH_MAX = 600 };

/* Lines that end before what comes next. */
enum { SAME_LINE, NEXT_LINE, NEXT_PARAGRAPH };

struct walk {
	struct html_text *out;
	const struct html_tree *tree;
	struct html_sheet *sheet; /* or NULL */
	const char *source;
	gsize source_len;
	struct line_hint hint;
	struct look look;
	bool unseen;
	int breaks;  /* before the next word */
	bool space;  /* likewise */
	bool blank;  /* a line with nothing but no-break space */
	bool bullet; /* the next word begins a list item */
	unsigned depth, pre;
};

static void
break_line(struct walk *w, int breaks)
{
	if (w->blank && w->breaks == NEXT_LINE)
		breaks = NEXT_PARAGRAPH;
	w->blank = false;
	w->breaks = MAX(w->breaks, breaks);
	w->space = false;
}

/* Begins the line that the next word stands on. */
static void
begin_line(struct walk *w)
{
	GString *seen = w->out->seen;
	struct html_hint hint = {0, w->hint};

	if (seen->len > 0)
		for (int i = SAME_LINE; i < w->breaks; i++)
			g_string_append_c(seen, '\n');
	hint.start = seen->len;
	g_array_append_val(w->out->hints, hint);
	if (w->bullet)
		g_string_append(seen, "- ");
	w->bullet = w->space = w->blank = false;
	w->breaks = SAME_LINE;
}

static void
add_word(struct walk *w, const char *word, gsize len, gsize source)
{
	struct html_text *out = w->out;
	GString *text = w->unseen ? out->unseen : out->seen;

	if (w->unseen) {
		if (text->len > 0 && (w->breaks > SAME_LINE || w->space))
			g_string_append_c(text, ' ');
	} else if (w->breaks > SAME_LINE || text->len == 0)
		begin_line(w);
	else if (w->space)
		g_string_append_c(text, ' ');
	w->space = false;
	if (!w->unseen)
		g_array_index(out->hints, struct html_hint, out->hints->len - 1)
		    .hint.inks |= 1U << look_ink(&w->look);
	text_marks_add(
	    w->unseen ? out->unseen_marks : out->seen_marks, text->len, source);
	g_string_append_len(text, word, (gssize)len);
}

/* Text that stands in the source, from "source" on, as it is. */
static void
add_text(struct walk *w, const char *text, gsize len, gsize source)
{
	const char *p = text, *end = text + len, *word;

	while (p < end) {
		if (*p == '\n' && w->pre > 0) {
			w->breaks = MIN(w->breaks + 1, NEXT_PARAGRAPH);
			w->space = false;
			p++;
			continue;
		}
		if (g_ascii_isspace(*p)) {
			w->space = true;
			p++;
			continue;
		}
		if (*p == '\302' && end - p > 1 && p[1] == '\240') {
			w->space = true;
			w->blank |= w->breaks > SAME_LINE;
			p += 2;
			continue;
		}
		for (word = p++; p < end && (guchar)*p > ' ' && *p != '\302';)
			p++;
		add_word(
		    w, word, (gsize)(p - word), source + (gsize)(word - text));
	}
}

/* Past a character reference, or what looks like one. */
static const char *
skip_reference(const char *q, const char *end)
{
	for (q++; q < end && (g_ascii_isalnum(*q) || *q == '#');)
		q++;
	return q < end && *q == ';' ? q + 1 : q;
}

/*
 * A node's text against the digest that it was read from: words that a run
 * stands for, character references, and else the same bytes.
 */
struct reading {
	const char *text; /* decoded */
	const char *digest, *digest_end;
};

/* The next stretch that is the same in both; then what parts them. */
static gsize
same_length(const struct walk *w, const struct reading *r)
{
	const char *p = r->text, *q = r->digest;
	gsize len;

	while (*p != '\0' && q < r->digest_end && *p == *q && *q != '&' &&
	       html_tree_run(w->tree, p, &len) == NULL) {
		p++;
		q++;
	}
	return (gsize)(p - r->text);
}

static void
add_different(struct walk *w, struct reading *r)
{
	const char *words;
	bool literal;
	gsize len, at = html_tree_offset(w->tree, r->digest);

	words = html_tree_run(w->tree, r->text, &len);
	if (words != NULL) {
		add_text(w, words, len, (gsize)(words - w->source));
		r->text += HTML_RUN_BYTES;
		if (r->digest < r->digest_end)
			r->digest += HTML_RUN_BYTES;
		return;
	}
	/* Tags that the parser dropped, and the CR of a line end. */
	if (r->digest < r->digest_end && *r->digest == '<') {
		while (r->digest < r->digest_end && *r->digest++ != '>')
			continue;
		return;
	}
	if (r->digest < r->digest_end && *r->digest == '\r') {
		r->digest++;
		if (*r->text != '\n')
			return;
		if (r->digest < r->digest_end && *r->digest == '\n')
			return;
	}
	literal = *r->text == '&' && r->digest + 4 < r->digest_end &&
		  g_ascii_strncasecmp(r->digest, "&amp", 4) != 0;
	len = strnlen(r->text, (gsize)g_utf8_skip[(guchar)*r->text]);
	add_text(w, r->text, len, MIN(at, w->source_len));
	r->text += len;
	if (!literal && r->digest < r->digest_end && *r->digest == '&')
		r->digest = skip_reference(r->digest, r->digest_end);
	else if (r->digest < r->digest_end)
		r->digest++;
}

static void
add_node_text(struct walk *w, const GumboText *node)
{
	struct reading r = {
	    .text = node->text,
	    .digest = node->original_text.data,
	    .digest_end = node->original_text.data + node->original_text.length,
	};
	gsize same;

	while (*r.text != '\0') {
		same = same_length(w, &r);
		if (same > 0)
			add_text(w, r.text, same,
			    MIN(html_tree_offset(w->tree, r.digest),
				w->source_len - same));
		r.text += same;
		r.digest += same;
		if (*r.text != '\0')
			add_different(w, &r);
	}
}

/* How far apart its neighbours are. */
static int
element_break(const GumboElement *e)
{
	const GumboAttribute *class, *style;

	switch (e->tag) {
	case GUMBO_TAG_P:
		/* Word's paragraphs are lines. */
		class = gumbo_get_attribute(&e->attributes, "class");
		style = gumbo_get_attribute(&e->attributes, "style");
		if ((class != NULL && strstr(class->value, "Mso") != NULL) ||
		    (style != NULL &&
			(strstr(style->value, "margin:0") != NULL ||
			    strstr(style->value, "margin: 0") != NULL)))
			return NEXT_LINE;
		return NEXT_PARAGRAPH;
	case GUMBO_TAG_H1:
	case GUMBO_TAG_H2:
	case GUMBO_TAG_H3:
	case GUMBO_TAG_H4:
	case GUMBO_TAG_H5:
	case GUMBO_TAG_H6:
	case GUMBO_TAG_OL:
	case GUMBO_TAG_UL:
	case GUMBO_TAG_DL:
	case GUMBO_TAG_TABLE:
	case GUMBO_TAG_PRE:
	case GUMBO_TAG_BLOCKQUOTE:
		return NEXT_PARAGRAPH;
	case GUMBO_TAG_TD:
	case GUMBO_TAG_TH:
		return SAME_LINE;
	default:
		return element_is_block(e->tag) ? NEXT_LINE : SAME_LINE;
	}
}

/* What the element says of the lines in it. */
static void
hear(struct walk *w, const GumboElement *e)
{
	struct line_hint *hint = &w->hint;
	bool block_quotation = e->tag == GUMBO_TAG_BLOCKQUOTE;

	switch (element_voice(e)) {
	case VOICE_QUOTED:
		if (block_quotation)
			hint->quotes++;
		else {
			hint->containers++;
			hint->mixes |= element_mixes(e);
		}
		break;
	case VOICE_OVER:
		hint->over = true;
		break;
	case VOICE_SIGNATURE:
		hint->signature = true;
		break;
	case VOICE_SAME:
		if (block_quotation)
			hint->indents++;
		break;
	}
	hint->signature |= element_signs(e);
	hint->footer |= element_is_insertion(e);
}

static void walk_node(struct walk *, const GumboNode *);

static void
walk_children(struct walk *w, const GumboElement *e)
{
	struct line_hint hint = w->hint;
	struct look look = w->look;
	bool unseen = w->unseen;

	if (w->depth == WALK_DEPTH_MAX) {
		w->out->stripped = true;
		return;
	}
	hear(w, e);
	w->look = look_within(&look, e, w->sheet);
	w->look.gone |= element_is_unseen(e);
	w->unseen = look_is_unseen(&w->look);
	w->depth++;
	for (unsigned i = 0; i < e->children.length; i++)
		walk_node(w, e->children.data[i]);
	w->depth--;
	/* What follows such a place is history too. */
	hint.over = w->hint.over;
	w->hint = hint;
	w->look = look;
	w->unseen = unseen;
}

static void
walk_element(struct walk *w, const GumboElement *e)
{
	int breaks = element_break(e);

	switch (e->tag) {
	case GUMBO_TAG_HEAD:
	case GUMBO_TAG_TITLE:
	case GUMBO_TAG_SCRIPT:
	case GUMBO_TAG_STYLE:
		return;
	case GUMBO_TAG_BR:
		w->breaks = MIN(w->breaks + 1, NEXT_PARAGRAPH);
		w->space = w->blank = false;
		return;
	case GUMBO_TAG_TD:
	case GUMBO_TAG_TH:
		w->space = true;
		break;
	case GUMBO_TAG_HR:
		break_line(w, NEXT_LINE);
		hear(w, e);
		if (!w->unseen)
			add_word(w, "_____", 5,
			    html_tree_offset(w->tree, e->original_tag.data));
		break_line(w, NEXT_LINE);
		return;
	default:
		break;
	}
	if (breaks > SAME_LINE)
		break_line(w, breaks);
	w->bullet |= e->tag == GUMBO_TAG_LI && !w->unseen;
	w->pre += e->tag == GUMBO_TAG_PRE;
	walk_children(w, e);
	w->pre -= e->tag == GUMBO_TAG_PRE;
	if (breaks > SAME_LINE)
		break_line(w, breaks);
}

static void
walk_node(struct walk *w, const GumboNode *node)
{
	switch (node->type) {
	case GUMBO_NODE_ELEMENT:
		walk_element(w, &node->v.element);
		break;
	case GUMBO_NODE_TEXT:
	case GUMBO_NODE_WHITESPACE:
	case GUMBO_NODE_CDATA:
		add_node_text(w, &node->v.text);
		break;
	default:
		break;
	}
}

/* Without a tree: what is not in a tag. */
static void
strip_tags(struct html_text *out, const char *source, gsize len)
{
	const char *p = source, *end = source + len, *lt;

	while (p < end) {
		lt = memchr(p, '<', (gsize)(end - p));
		if (lt == NULL)
			lt = end;
		text_marks_add(
		    out->seen_marks, out->seen->len, (gsize)(p - source));
		g_string_append_len(out->seen, p, lt - p);
		p = lt;
		if (p < end) {
			g_string_append_c(out->seen, ' ');
			p = memchr(p, '>', (gsize)(end - p));
			p = p != NULL ? p + 1 : end;
		}
	}
}

struct html_text *
html_text_read(const char *source, gsize len)
{
	struct html_text *out = g_new0(struct html_text, 1);
	g_autoptr(html_tree) tree = html_tree_new(source, len);
	g_autoptr(html_sheet) sheet =
	    tree != NULL ? html_sheet_new(tree, source, len) : NULL;
	struct walk w = {
	    .out = out,
	    .tree = tree,
	    .sheet = sheet,
	    .source = source,
	    .source_len = len,
	    .look = look_plain(),
	};

	out->seen = g_string_sized_new(len / 2 + 16);
	out->unseen = g_string_new(NULL);
	out->seen_marks = text_marks_new();
	out->unseen_marks = text_marks_new();
	out->hints = g_array_new(FALSE, FALSE, sizeof(struct html_hint));
	out->stripped = tree == NULL;
	if (tree != NULL)
		walk_node(&w, html_tree_root(tree));
	if (out->stripped) {
		g_string_truncate(out->seen, 0);
		g_string_truncate(out->unseen, 0);
		g_array_set_size(out->seen_marks, 0);
		g_array_set_size(out->unseen_marks, 0);
		g_array_set_size(out->hints, 0);
		strip_tags(out, source, len);
	}
	return out;
}

void
html_text_free(struct html_text *text)
{
	if (text == NULL)
		return;
	g_string_free(text->seen, TRUE);
	g_string_free(text->unseen, TRUE);
	g_array_unref(text->seen_marks);
	g_array_unref(text->unseen_marks);
	g_array_unref(text->hints);
	g_free(text);
}
