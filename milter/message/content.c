#include <string.h>

#include "milter/message/content.h"
#include "milter/message/flowed.h"
#include "milter/message/html_text.h"
#include "milter/message/internal.h"
#include "milter/message/leaves.h"
#include "milter/message/text.h"
#include "milter/message/transfer.h"
#include "milter/message/twins.h"
#include "policy/text/marks.h"
#include "policy/text/normalise.h"
#include "policy/text/segments.h"

/* A text that has been read, but not split. */
struct reading {
	const struct leaf *leaf;
	char *text; /* normalised */
	gsize len;
	GArray *marks;           /* to the octets of the part */
	struct line_hint *hints; /* HTML: one a line */
	char *unseen;
	gsize unseen_len;
	GArray *unseen_marks;
};

struct reader {
	struct message *m;
	struct content *content;
	const struct header_facts *headers;
	char *author;
	gsize left; /* bytes of text that may still be read */
};

static void
reading_free(gpointer data)
{
	struct reading *r = data;

	g_free(r->text);
	g_free(r->hints);
	g_free(r->unseen);
	if (r->marks != NULL)
		g_array_unref(r->marks);
	if (r->unseen_marks != NULL)
		g_array_unref(r->unseen_marks);
	g_free(r);
}

/* The first reason is kept. */
static void
not_read(struct reader *r, const char *why)
{
	if (r->content->not_read == NULL)
		r->content->not_read = g_strdup(why);
}

/*
 * From characters to octets.  A charset of one octet a character runs in step
 * but for what UTF-8 needs more bytes for; of others only lines are known.
 */
static GArray *
octet_marks(const struct text *text)
{
	GArray *marks = text_marks_new();
	const char *p = text->chars, *end = p + text->chars_len;
	gsize octets = text->octets_len - text->mark, octet;

	text_marks_add(marks, 0, text->mark);
	if (text->same)
		return marks;
	if (text->charset == CHARSET_SUPERSET &&
	    (gsize)g_utf8_strlen(p, (gssize)text->chars_len) == octets) {
		for (octet = text->mark; p < end; octet++) {
			gsize size = g_utf8_skip[(guchar)*p];

			p += size;
			if (size > 1)
				text_marks_add(
				    marks, (gsize)(p - text->chars), octet + 1);
		}
		return marks;
	}
	text_lines_to_octets(text, marks);
	return marks;
}

/* Cuts what goes beyond the limit, between two characters. */
static gsize
within_limit(struct reader *r, const char *text, gsize len)
{
	if (len <= r->left) {
		r->left -= len;
		return len;
	}
	not_read(r, "it has more text than the limit");
	len = r->left;
	r->left = 0;
	while (len > 0 && ((guchar)text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static GArray *
compose(const GArray *outer, gsize len, const GArray *inner)
{
	GArray *marks = text_marks_new();

	text_marks_compose(marks, 0, outer, 0, len, inner);
	return marks;
}

/* The hints of the lines as they are after normalising. */
static struct line_hint *
hints_by_line(const char *text, gsize len, const GArray *marks,
    const struct html_text *html)
{
	GArray *hints = g_array_new(FALSE, TRUE, sizeof(struct line_hint));
	guint next = 0;
	gsize pos = 0;

	for (;;) {
		static const struct line_hint none;
		gsize source = text_marks_source(marks, pos);
		const char *lf = memchr(text + pos, '\n', len - pos);

		while (
		    next < html->hints->len &&
		    g_array_index(html->hints, struct html_hint, next).start <=
			source)
			next++;
		if (next == 0)
			g_array_append_val(hints, none);
		else
			g_array_append_val(
			    hints, g_array_index(
				       html->hints, struct html_hint, next - 1)
				       .hint);
		if (lf == NULL)
			break;
		pos = (gsize)(lf - text) + 1;
	}
	return (struct line_hint *)(void *)g_array_free(hints, FALSE);
}

static void
read_html(struct reader *r, struct reading *reading, const char *chars,
    gsize len, const GArray *octets)
{
	g_autoptr(html_text) html = html_text_read(chars, len);
	g_autoptr(GArray) normal = text_marks_new();
	g_autoptr(GArray) to_octets =
	    compose(html->seen_marks, html->seen->len, octets);

	if (html->stripped)
		not_read(r, "its HTML is nested beyond reason");
	reading->text = text_normalise(
	    html->seen->str, html->seen->len, &reading->len, normal);
	reading->marks = compose(normal, reading->len, to_octets);
	reading->hints =
	    hints_by_line(reading->text, reading->len, normal, html);
	if (html->unseen->len == 0)
		return;
	reading->unseen_marks =
	    compose(html->unseen_marks, html->unseen->len, octets);
	reading->unseen_len = html->unseen->len;
	reading->unseen = g_memdup2(html->unseen->str, html->unseen->len);
}

static void
read_plain(struct reading *reading, const char *chars, gsize len,
    const GArray *octets)
{
	const struct part *part = reading->leaf->part;
	g_autoptr(GArray) normal = text_marks_new();
	g_autoptr(GArray) flow = NULL, to_octets = NULL;
	g_autofree char *flowed = NULL;

	if (part->flowed) {
		flow = text_marks_new();
		flowed = flowed_read(chars, len, part->delsp, &len, flow);
		to_octets = compose(flow, len, octets);
		chars = flowed;
		octets = to_octets;
	}
	reading->text = text_normalise(chars, len, &reading->len, normal);
	reading->marks = compose(normal, reading->len, octets);
}

/* NULL, with a reason in the content, when there is nothing to read. */
static struct reading *
read_leaf(struct reader *r, const struct leaf *leaf)
{
	struct reading *reading = NULL;
	struct text text;
	gsize len;

	text_read(&text, leaf->message, leaf->part);
	if (text.chars == NULL) {
		not_read(
		    r, text.octets == NULL
			   ? "a text's transfer encoding is unknown or broken"
			   : "a text's charset is not known here");
	} else if (text.chars_len > 0) {
		g_autoptr(GArray) octets = octet_marks(&text);

		reading = g_new0(struct reading, 1);
		reading->leaf = leaf;
		len = within_limit(r, text.chars, text.chars_len);
		if (leaf->part->html)
			read_html(r, reading, text.chars, len, octets);
		else
			read_plain(reading, text.chars, len, octets);
	}
	text_clear(&text);
	return reading;
}

static void
add_reading(struct reader *r, const struct reading *reading)
{
	const struct part *part = reading->leaf->part;
	const struct split_input input = {
	    .text = reading->text,
	    .len = reading->len,
	    .hints = reading->hints,
	    .author = r->author,
	    .expected = r->headers->is_reply || r->headers->is_forward,
	    .forward = r->headers->is_forward,
	    .paragraphs = part->html,
	};
	g_autoptr(split) split = text_split(&input);
	guint first =
	    split_add_segments(split, &input, reading->marks, r->content);

	if (reading->unseen != NULL)
		content_add_text(r->content, ORIGIN_UNSEEN, reading->unseen,
		    reading->unseen_len, reading->unseen_marks);
	for (; first < r->content->segments->len; first++) {
		struct segment *s = r->content->segments->pdata[first];

		s->part = reading->leaf->number;
		s->html = part->html;
		s->source_start = part->body_start;
	}
}

static struct word_sum
sum_words(const GPtrArray *readings, bool html)
{
	struct word_sum sum = {0};

	for (guint i = 0; i < readings->len; i++) {
		const struct reading *reading = readings->pdata[i];

		if (reading->leaf->part->html == html)
			word_sum_add(&sum, reading->text, reading->len);
	}
	return sum;
}

/* The texts of one alternative: those that say something of their own. */
static void
add_readings(struct reader *r, const GPtrArray *readings)
{
	struct word_sum plain = sum_words(readings, false);
	struct word_sum html = sum_words(readings, true);
	bool same = html.count > 0 && word_sums_equal(&plain, &html);

	for (guint i = 0; i < readings->len; i++) {
		const struct reading *reading = readings->pdata[i];

		if (reading->leaf->part->html || !same)
			add_reading(r, reading);
	}
}

static bool
has_plain_twin(const GArray *leaves, const struct leaf *leaf)
{
	for (guint i = 0; leaf->alternative != NULL && i < leaves->len; i++) {
		const struct leaf *other =
		    &g_array_index(leaves, struct leaf, i);

		if (other->alternative == leaf->alternative &&
		    leaf_is_text(other) && !other->part->html)
			return true;
	}
	return false;
}

static void
read_texts(struct reader *r, const GArray *leaves, bool html)
{
	guint next;

	for (guint i = 0; i < leaves->len; i = next) {
		const struct leaf *first =
		    &g_array_index(leaves, struct leaf, i);
		g_autoptr(GPtrArray) readings =
		    g_ptr_array_new_with_free_func(reading_free);

		for (next = i; next < leaves->len; next++) {
			const struct leaf *leaf =
			    &g_array_index(leaves, struct leaf, next);
			struct reading *reading;

			if (next > i &&
			    (leaf->alternative == NULL ||
				leaf->alternative != first->alternative))
				break;
			if (!leaf_is_text(leaf) ||
			    (leaf->part->html && !html &&
				has_plain_twin(leaves, leaf)))
				continue;
			if ((reading = read_leaf(r, leaf)) != NULL)
				g_ptr_array_add(readings, reading);
		}
		add_readings(r, readings);
	}
}

static void
add_encrypted(struct reader *r, const GArray *leaves)
{
	for (guint i = 0; i < leaves->len; i++) {
		const struct leaf *leaf =
		    &g_array_index(leaves, struct leaf, i);
		const struct part *part = leaf->part;
		struct attachment *a;

		if (part->kind != PART_ENCRYPTED)
			continue;
		a = content_add_attachment(r->content);
		if (part->name != NULL) {
			g_free(a->name);
			a->name = g_strdup(part->name);
		}
		a->state = ATTACHMENT_ENCRYPTED;
		a->reason = g_strdup(message_encryption(leaf->message));
	}
}

static void
add_names(struct reader *r, const GArray *leaves)
{
	for (guint i = 0; i < leaves->len; i++) {
		const struct leaf *leaf =
		    &g_array_index(leaves, struct leaf, i);
		const char *name = leaf->part->name;

		if (name != NULL && *name != '\0')
			content_add_text(
			    r->content, ORIGIN_NAME, name, strlen(name), NULL)
			    ->part = leaf->number;
	}
}

/* The words of From by which the author may sign. */
static char *
author_words(const struct header_facts *headers)
{
	GString *words = g_string_new(NULL);

	for (guint i = 0; i < headers->from->len; i++) {
		const struct mailbox *from = headers->from->pdata[i];

		if (from->name != NULL)
			g_string_append_printf(words, "%s ", from->name);
		if (from->address != NULL)
			g_string_append_printf(words, "%.*s ",
			    (int)strcspn(from->address, "@"), from->address);
	}
	g_strdelimit(words->str, "._-+", ' ');
	return g_string_free(words, FALSE);
}

struct content *
message_content(struct message *m, bool html)
{
	struct reader r = {
	    .m = m,
	    .content = content_new(),
	    .headers = message_header_facts(m),
	    .left = m->limits.text != 0 ? m->limits.text : G_MAXSIZE,
	};
	g_autoptr(GArray) leaves = message_leaves(m);

	r.author = author_words(r.headers);
	if (r.headers->subject[0] != '\0')
		content_add_text(r.content, ORIGIN_SUBJECT, r.headers->subject,
		    strlen(r.headers->subject), NULL);
	read_texts(&r, leaves, html);
	add_names(&r, leaves);
	add_encrypted(&r, leaves);
	if (m->limited != NULL)
		not_read(&r, m->limited);
	if (message_is_cut(m))
		not_read(&r, "it is larger than the limit");
	g_free(r.author);
	return r.content;
}

bool
content_place(struct message *m, const struct segment *segment, gsize offset,
    gsize *place)
{
	g_autoptr(GArray) leaves = NULL;
	gsize octet = segment_source(segment, offset), len;
	const char *body = message_body(m, &len);

	if (segment->origin == ORIGIN_SUBJECT ||
	    segment->origin == ORIGIN_NAME || segment->attachment >= 0)
		return false;
	leaves = message_leaves(m);
	for (guint i = 0; i < leaves->len; i++) {
		const struct leaf *leaf =
		    &g_array_index(leaves, struct leaf, i);
		const struct part *part = leaf->part;
		const char *raw = body + part->body_start;

		if (leaf->number != segment->part || leaf->message != m ||
		    part->body_start != segment->source_start)
			continue;
		len = part->body_end - part->body_start;
		if (part->encoding == ENCODING_QP)
			octet = qp_offset(raw, len, octet);
		else if (part->encoding == ENCODING_BASE64)
			octet =
			    base64_offset(raw, len, octet / 3 * 4 + octet % 3);
		*place = part->body_start + MIN(octet, len);
		return true;
	}
	return false;
}
