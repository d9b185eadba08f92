#include <string.h>

#include "milter/message/html.h"
#include "milter/message/html_element.h"
#include "milter/message/html_style.h"
#include "milter/message/html_tree.h"
#include "milter/message/quote.h"

/* Deeper than this nobody nests text that is meant to be read. */
enum { WALK_DEPTH_MAX = 600 };

/* Where a line of the text begins in the source. */
struct mark {
	gsize text, source;
};

struct walk {
	struct html *html;
	const struct html_tree *tree;
	struct html_sheet *sheet; /* or NULL */
	struct look look;
	gsize len;		/* of the source */
	GArray *marks;		/* struct mark, one a line, ascending */
	gsize line_source;	/* where the next line will begin */
	unsigned depth, pre;
	unsigned unseen;	/* elements around that hide what is in them */
	bool too_deep;

	unsigned in_history;	/* elements that are */
	bool history_to_end;	/* nothing after it is the author's */
	bool own_after;		/* text follows the history */
	gsize own_len;		/* of html->all, before the history */

	unsigned in_signature;	/* likewise */
	gsize signature_text, signature_end;
};

/* Ends the line, if there is one; the next begins there in the source. */
static void
end_line(struct walk *w, gsize source)
{
	GString *all = w->html->all;

	if (all->len > 0 && all->str[all->len - 1] != '\n')
		g_string_append_c(all, '\n');
	w->line_source = source;
}

/* Neither white space nor what may be the first byte of a no-break space. */
static bool
is_dark(char c)
{
	return (guchar)c > ' ' && c != '\302';
}

/* Bytes that are taken as they stand: words with single spaces between. */
static gsize
words_length(const char *words, const char *end)
{
	const char *p = words + 1;

	while (p < end &&
	    (is_dark(*p) || (*p == ' ' && p + 1 < end && is_dark(p[1]))))
		p++;
	return (gsize)(p - words);
}

static void
add_text(struct walk *w, const char *text, gsize len)
{
	GString *all = w->html->all;

	for (const char *p = text, *end = text + len; p < end; p++) {
		gsize size;
		bool at_start =
		    all->len == 0 || all->str[all->len - 1] == '\n';
		bool is_nbsp = p[0] == '\302' && end - p > 1 &&
		    p[1] == '\240';

		if (w->pre > 0 && *p == '\n') {
			end_line(w, w->line_source);
			continue;
		}
		if (g_ascii_isspace(*p) || is_nbsp) {
			if (!at_start && all->str[all->len - 1] != ' ')
				g_string_append_c(all, ' ');
			p += is_nbsp;
			continue;
		}
		if (at_start) {
			struct mark mark = { all->len, w->line_source };

			g_array_append_val(w->marks, mark);
		}
		if (w->html->quoted && w->in_history == 0)
			w->own_after = true;
		size = words_length(p, end);
		g_string_append_len(all, p, (gssize)size);
		p += size - 1;
	}
}

/* A node's text, with the words that its runs stand for. */
static void
add_node_text(struct walk *w, const char *text)
{
	const char *start = text, *words;
	gsize len;

	for (const char *p = text; *p != '\0';) {
		words = html_tree_run(w->tree, p, &len);
		if (words == NULL) {
			p++;
			continue;
		}
		add_text(w, start, (gsize)(p - start));
		add_text(w, words, len);
		start = p += HTML_RUN_BYTES;
	}
	add_text(w, start, strlen(start));
}

static gsize
start_of(const struct walk *w, const GumboElement *e)
{
	return e->original_tag.length > 0 ?
	    html_tree_offset(w->tree, e->original_tag.data) :
	    w->line_source;
}

static gsize
after_start_of(const struct walk *w, const GumboElement *e)
{
	return e->original_tag.length > 0 ?
	    html_tree_offset(
		w->tree, e->original_tag.data + e->original_tag.length) :
	    w->line_source;
}

static gsize
after_end_of(const struct walk *w, const GumboElement *e)
{
	return e->original_end_tag.length > 0 ?
	    html_tree_offset(w->tree,
		e->original_end_tag.data + e->original_end_tag.length) :
	    w->line_source;
}

/* History begins, at the attribution above it if there is one. */
static void
begin_history(struct walk *w, gsize source)
{
	GString *all = w->html->all;
	gsize len = all->len;
	const struct mark *last;

	w->html->quoted = true;
	w->html->quote = source;
	w->own_len = len;
	if (w->marks->len == 0)
		return;
	last = &g_array_index(w->marks, struct mark, w->marks->len - 1);
	while (len > last->text && g_ascii_isspace(all->str[len - 1]))
		len--;
	if (line_is_attribution(all->str + last->text, len - last->text)) {
		w->own_len = last->text;
		w->html->quote = last->source;
	}
}

static bool
is_blank(const GString *text, gsize from, gsize to)
{
	for (; from < to; from++)
		if (!g_ascii_isspace(text->str[from]))
			return false;
	return true;
}

static void
begin_signature(struct walk *w, gsize source)
{
	struct html *h = w->html;

	/* A prefix ("-- ") and its block are one signature. */
	if (h->has_signature &&
	    is_blank(h->all, w->signature_end, h->all->len))
		return;
	h->has_signature = true;
	h->signature = source;
	w->signature_text = h->all->len;
}

static void walk_node(struct walk *, const GumboNode *);

static void
walk_children(struct walk *w, const GumboElement *e)
{
	if (w->depth == WALK_DEPTH_MAX) {
		w->too_deep = true;
		return;
	}
	w->depth++;
	for (unsigned i = 0; i < e->children.length; i++)
		walk_node(w, e->children.data[i]);
	w->depth--;
}

/*
 * What it hides is not read, but looked through: if it or anything in it that
 * hides is not closed by the end of the body, what is put there may be hidden
 * too.  For formatting that is so wherever its parents end.
 */
static void
walk_unseen(struct walk *w, const GumboElement *e, bool unseen)
{
	if (unseen && !element_is_void(e->tag) &&
	    (e->original_end_tag.length == 0 ||
		html_tree_offset(w->tree, e->original_end_tag.data) >=
		    w->html->end))
		w->html->clean = false;
	w->unseen++;
	walk_children(w, e);
	w->unseen--;
}

/* What it shows. */
static void
walk_seen(struct walk *w, const GumboElement *e)
{
	enum voice voice = element_voice(e);
	bool block = element_is_block(e->tag);

	if (e->tag == GUMBO_TAG_BR) {
		end_line(w, after_start_of(w, e));
		return;
	}
	if (block)
		end_line(w, element_is_inner(e->tag) ? after_start_of(w, e) :
					       start_of(w, e));
	if (element_is_inner(e->tag) || w->in_history > 0 ||
	    e->original_tag.length == 0)
		voice = VOICE_SAME;
	if (voice >= VOICE_QUOTED) {
		if (!w->html->quoted)
			begin_history(w, start_of(w, e));
		w->in_history++;
		w->history_to_end |= voice == VOICE_OVER;
	} else if (voice == VOICE_SIGNATURE && !w->html->quoted &&
	    w->in_signature++ == 0)
		begin_signature(w, start_of(w, e));
	w->pre += e->tag == GUMBO_TAG_PRE;
	walk_children(w, e);
	w->pre -= e->tag == GUMBO_TAG_PRE;
	if (voice == VOICE_QUOTED)
		w->in_history--;
	else if (voice == VOICE_SIGNATURE && w->in_signature > 0 &&
	    --w->in_signature == 0 && !w->html->quoted)
		w->signature_end = w->html->all->len;
	if (block)
		end_line(w, after_end_of(w, e));
}

static void
walk_element(struct walk *w, const GumboElement *e)
{
	struct look outer = w->look, look = look_within(&outer, e, w->sheet);
	bool unseen = element_is_unseen(e) || look.gone;

	if (unseen || w->unseen > 0) {
		walk_unseen(w, e, unseen);
		return;
	}
	/* A child may be seen again, but not what is put beside it. */
	if (look_is_unseen(&look))
		w->html->clean = false;
	w->look = look;
	walk_seen(w, e);
	w->look = outer;
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
		if (w->unseen == 0 && !look_is_unseen(&w->look))
			add_node_text(w, node->v.text.text);
		break;
	default:
		break;
	}
}

/* The body element, or NULL: frames. */
static const GumboElement *
find_body(const GumboNode *root)
{
	const GumboVector *children = &root->v.element.children;

	for (unsigned i = 0; i < children->length; i++) {
		const GumboNode *node = children->data[i];

		if (node->type == GUMBO_NODE_ELEMENT &&
		    node->v.element.tag == GUMBO_TAG_BODY)
			return &node->v.element;
	}
	return NULL;
}

static gsize
first_child_at(const struct walk *w, const GumboElement *body)
{
	const GumboNode *node;

	if (body->children.length == 0)
		return w->len;
	node = body->children.data[0];
	if (node->type == GUMBO_NODE_ELEMENT)
		return start_of(w, &node->v.element);
	return html_tree_offset(w->tree, node->v.text.original_text.data);
}

/* Where something can be put at the top and at the end. */
static void
find_ends(struct walk *w, const GumboElement *root, const GumboElement *body)
{
	struct html *h = w->html;

	h->top = body->original_tag.length > 0 ? after_start_of(w, body) :
						 first_child_at(w, body);
	h->clean = body->original_end_tag.length > 0 &&
	    body->original_tag.length > 0 && !html_sheet_may_hide(w->sheet);
	if (body->original_end_tag.length > 0)
		h->end =
		    html_tree_offset(w->tree, body->original_end_tag.data);
	else if (root->original_end_tag.length > 0)
		h->end =
		    html_tree_offset(w->tree, root->original_end_tag.data);
	else
		h->end = w->len;
}

/* History that only its words tell. */
static void
find_history_in_text(struct walk *w, bool expected)
{
	struct html *h = w->html;
	gsize start = quote_start(h->all->str, h->all->len, expected);

	if (start == h->all->len)
		return;
	for (guint i = 0; i < w->marks->len; i++) {
		const struct mark *mark =
		    &g_array_index(w->marks, struct mark, i);

		if (mark->text == start) {
			h->quoted = true;
			h->quote = mark->source;
			w->own_len = start;
			return;
		}
	}
}

static void
settle(struct walk *w, bool expected)
{
	struct html *h = w->html;

	w->own_len = h->quoted ? w->own_len : h->all->len;
	if (h->quoted && w->own_after && !w->history_to_end) {
		h->quoted = false;
		w->own_len = h->all->len;
	} else if (!h->quoted)
		find_history_in_text(w, expected);
	h->own = g_string_new_len(h->all->str, (gssize)w->own_len);
	h->has_signature = h->has_signature &&
	    w->signature_text < w->own_len && w->signature_end > 0 &&
	    is_blank(h->all, w->signature_end, w->own_len);
}

struct html *
html_read(const char *source, gsize len, bool expected)
{
	g_autoptr(html_tree) tree = html_tree_new(source, len);
	g_autoptr(html_sheet) sheet = NULL;
	struct walk w = { .tree = tree, .look = look_plain(), .len = len };
	const GumboElement *body;

	if (tree == NULL ||
	    (body = find_body(html_tree_root(tree))) == NULL)
		return NULL;
	w.sheet = sheet = html_sheet_new(tree, source, len);
	w.html = g_new0(struct html, 1);
	w.html->all = g_string_sized_new(len / 2 + 16);
	w.marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
	w.look = look_within(
	    &w.look, &html_tree_root(tree)->v.element, sheet);
	find_ends(&w, &html_tree_root(tree)->v.element, body);
	walk_element(&w, body);
	settle(&w, expected);
	w.html->unsure = sheet != NULL && html_sheet_is_exhausted(sheet);
	g_array_unref(w.marks);
	if (w.too_deep) {
		html_free(w.html);
		return NULL;
	}
	return w.html;
}

void
html_free(struct html *h)
{
	if (h == NULL)
		return;
	if (h->own != NULL)
		g_string_free(h->own, TRUE);
	g_string_free(h->all, TRUE);
	g_free(h);
}
