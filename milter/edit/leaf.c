#include <string.h>

#include "milter/edit/leaf_private.h"
#include "milter/edit/lines.h"
#include "milter/message/quote.h"

/*
 * How many lines at the foot or top a line written by hand may stand among,
 * and how many a signature block may have.
 */
enum { FOOT_LINES = 12, SIGNATURE_LINES = 25 };

const char *
message_eol(struct message *m)
{
	gsize len;
	const char *body = message_body(m, &len);
	const char *lf = memchr(body, '\n', len);

	return lf != NULL && (lf == body || lf[-1] != '\r') ? "\n" : "\r\n";
}

static bool
read_html(struct leaf *leaf, bool expected, const char **why)
{
	struct text *text = &leaf->text;

	if (text->charset == CHARSET_SUPERSET) {
		leaf->source = (const char *)text->octets;
		leaf->source_len = text->octets_len;
		leaf->source_is_octets = true;
	}
	leaf->html = html_read(leaf->source, leaf->source_len, expected);
	if (leaf->html == NULL)
		*why = "its HTML has no body to write in";
	return leaf->html != NULL;
}

static void
read_plain(struct leaf *leaf, bool expected)
{
	leaf->own_len =
	    quote_start(leaf->source, leaf->source_len, expected);
	leaf->signature = signature_start(leaf->source, leaf->own_len);
}

static bool
read_source(struct leaf *leaf, bool expected, const char **why)
{
	if (leaf->text.octets == NULL) {
		*why = leaf->part->encoding == ENCODING_UNKNOWN ?
		    "a text has an unknown transfer encoding" :
		    "a text's base64 is broken";
		return false;
	}
	if (leaf->source == NULL) {
		*why = "a text is not in the charset that it names";
		return false;
	}
	if (leaf->part->html)
		return read_html(leaf, expected, why);
	read_plain(leaf, expected);
	return true;
}

struct leaf *
leaf_new(struct message *m, const struct part *part, bool expected,
    const char **why)
{
	struct leaf *leaf = g_new0(struct leaf, 1);

	leaf->m = m;
	leaf->part = part;
	leaf->eol = message_eol(m);
	text_read(&leaf->text, m, part);
	leaf->source = leaf->text.chars;
	leaf->source_len = leaf->text.chars_len;
	if (read_source(leaf, expected, why))
		return leaf;
	leaf_free(leaf);
	return NULL;
}

void
leaf_free(struct leaf *leaf)
{
	if (leaf == NULL)
		return;
	for (unsigned i = 0; i < leaf->count; i++)
		g_free(leaf->insertions[i].text);
	html_free(leaf->html);
	text_clear(&leaf->text);
	g_free(leaf);
}

const struct part *
leaf_part(const struct leaf *leaf)
{
	return leaf->part;
}

bool
leaf_is_quoted(const struct leaf *leaf)
{
	return leaf->html != NULL ? leaf->html->quoted :
				    leaf->own_len < leaf->source_len;
}

bool
leaf_holds(const struct leaf *leaf, const char *folded, enum block block,
    unsigned count, bool anywhere)
{
	const struct html *view = leaf->html;
	const char *own = view != NULL ? view->own->str : leaf->source;
	gsize len = view != NULL ? view->own->len : leaf->own_len, from;
	bool has_signature = view != NULL ? view->has_signature :
					    leaf->signature < leaf->own_len;

	if (anywhere)
		return view != NULL ?
		    lines_hold(view->all->str, view->all->len, folded) :
		    lines_hold(leaf->source, leaf->source_len, folded);
	count += FOOT_LINES;
	if (block == BLOCK_BANNER)
		return lines_hold(own, lines_first(own, len, count), folded);
	if (has_signature)
		count += SIGNATURE_LINES;
	from = lines_last(own, len, count);
	return lines_hold(own + from, len - from, folded);
}

/* Is what was put into the HTML seen in it? */
static bool
is_seen(const struct leaf *leaf, const char *block, gsize pos,
    const GPtrArray *lines)
{
	g_autoptr(GString) edited =
	    g_string_new_len(leaf->source, (gssize)pos);
	g_autoptr(html) after = NULL;
	gsize added = 0;

	g_string_append(edited, block);
	g_string_append_len(edited, leaf->source + pos,
	    (gssize)(leaf->source_len - pos));
	for (guint i = 0; i < lines->len; i++)
		added += strlen(((struct edit_line *)lines->pdata[i])->text);
	after = html_read(edited->str, edited->len, false);
	return after != NULL &&
	    after->all->len >= leaf->html->all->len + added;
}

static bool
insert_html(struct leaf *leaf, const GPtrArray *lines, enum block block,
    bool above, const char **why)
{
	const struct html *view = leaf->html;
	g_autofree char *inner = compose_html(lines, block);
	struct insertion *ins = &leaf->insertions[leaf->count];
	gsize pos;
	bool fresh;

	if (block == BLOCK_BANNER)
		pos = view->top;
	else if (view->has_signature && (above || !view->quoted))
		pos = view->signature;
	else
		pos = above && view->quoted ? view->quote : view->end;
	if (!view->clean &&
	    (view->unsure || !is_seen(leaf, inner, pos, lines))) {
		*why = "its HTML would hide what is added";
		return false;
	}
	fresh = pos == 0 || leaf->source[pos - 1] == '\n';
	ins->text = g_strconcat(fresh ? "" : "\n", inner, NULL);
	ins->pos = pos;
	leaf->count++;
	return true;
}

static void
insert_plain(struct leaf *leaf, const GPtrArray *lines, enum block block,
    bool above)
{
	const struct part *part = leaf->part;
	g_autofree char *inner = compose_plain(lines, block, part->flowed);
	struct insertion *ins = &leaf->insertions[leaf->count];
	struct surroundings at = {
		.text = leaf->source,
		.len = leaf->source_len,
		.flowed = part->flowed,
		.needs_end = part->parent == NULL || part->abuts ||
		    block == BLOCK_BANNER,
	};
	bool quoted = leaf_is_quoted(leaf);

	if (block == BLOCK_BANNER)
		at.pos = 0;
	else if (above || !quoted)
		at.pos = leaf->signature < leaf->own_len ? leaf->signature :
							   leaf->own_len;
	else
		at.pos = leaf->source_len;
	ins->text = compose_insertion(&at, block, inner);
	ins->pos = at.pos;
	leaf->count++;
}

bool
leaf_insert(struct leaf *leaf, const GPtrArray *lines, enum block block,
    bool above, const char **why)
{
	g_assert(leaf->count < G_N_ELEMENTS(leaf->insertions));
	if (leaf->html != NULL)
		return insert_html(leaf, lines, block, above, why);
	insert_plain(leaf, lines, block, above);
	return true;
}
