#include <string.h>

#include "policy/text/language.h"
#include "policy/text/marks.h"
#include "policy/text/normalise.h"
#include "policy/text/segments.h"

/* A segment that grows line by line. */
struct builder {
	const struct split *split;
	const struct split_input *input;
	const GArray *marks;
	struct content *content;
	GString *text;
	GArray *text_marks;
	const struct piece *first; /* NULL: nothing yet */
	unsigned blank;            /* empty lines before the next */
};

static char *
writer_part(const struct split *split, int writer, bool name)
{
	const struct writer *w;

	if (writer < 0)
		return NULL;
	w = split->writers->pdata[writer];
	return g_strdup(name ? w->name : w->address);
}

static void
finish(struct builder *b)
{
	const struct piece *first = b->first;
	struct segment *segment;

	if (first == NULL)
		return;
	g_string_append_c(b->text, '\n');
	segment = content_add_segment(b->content, first->origin);
	segment->len = b->text->len;
	segment->text = g_string_free(b->text, FALSE);
	segment->language = text_language(segment->text, segment->len);
	segment->marks = b->text_marks;
	segment->depth = first->depth;
	segment->writer_name = writer_part(b->split, first->writer, true);
	segment->writer_address = writer_part(b->split, first->writer, false);
	b->text = NULL;
	b->first = NULL;
}

static bool
goes_on(const struct builder *b, const struct piece *piece)
{
	return b->first != NULL && b->first->origin == piece->origin &&
	       b->first->depth == piece->depth &&
	       b->first->writer == piece->writer;
}

static void
add_piece(struct builder *b, const struct piece *piece)
{
	if (!goes_on(b, piece)) {
		finish(b);
		b->first = piece;
		b->text = g_string_new(NULL);
		b->text_marks = text_marks_new();
	} else {
		/* One empty line is as good as many. */
		g_string_append(b->text, b->blank > 0 ? "\n\n" : "\n");
	}
	b->blank = 0;
	text_marks_compose(b->text_marks, b->text->len, NULL, piece->start,
	    piece->end, b->marks);
	g_string_append_len(b->text, b->input->text + piece->start,
	    (gssize)(piece->end - piece->start));
}

guint
split_add_segments(const struct split *split, const struct split_input *input,
    const GArray *marks, struct content *content)
{
	guint first = content->segments->len;
	struct builder b = {
	    .split = split,
	    .input = input,
	    .marks = marks,
	    .content = content,
	};

	for (guint i = 0; i < split->pieces->len; i++) {
		const struct piece *piece =
		    &g_array_index(split->pieces, struct piece, i);

		if (piece->start == piece->end)
			b.blank++;
		else
			add_piece(&b, piece);
	}
	finish(&b);
	return first;
}

struct segment *
content_add_text(struct content *content, enum origin origin, const char *text,
    gsize len, const GArray *marks)
{
	struct segment *segment = content_add_segment(content, origin);
	g_autoptr(GArray) normal = text_marks_new();

	segment->text = text_normalise(text, len, &segment->len, normal);
	segment->language = text_language(segment->text, segment->len);
	segment->marks = text_marks_new();
	text_marks_compose(segment->marks, 0, normal, 0, segment->len, marks);
	return segment;
}

static void
add_attachment_text(
    struct content *content, guint index, const char *text, bool opens)
{
	struct segment *segment;

	if (text == NULL || *text == '\0')
		return;
	segment = content_add_text(
	    content, ORIGIN_ATTACHMENT, text, strlen(text), NULL);
	segment->attachment = (int)index;
	segment->opens = opens;
}

void
content_add_attachment_text(struct content *content, guint index)
{
	const struct attachment *a = content->attachments->pdata[index];

	add_attachment_text(content, index, a->opening, true);
	add_attachment_text(content, index, a->text, false);
	for (guint i = 0; i < a->properties->len; i++) {
		const struct property *property = a->properties->pdata[i];
		g_autofree char *text =
		    g_strconcat(property->name, ": ", property->value, NULL);
		struct segment *segment = content_add_text(
		    content, ORIGIN_PROPERTY, text, strlen(text), NULL);

		segment->attachment = (int)index;
	}
}

void
content_add_attachments(
    struct content *content, GPtrArray *attachments, unsigned part)
{
	guint first = content->segments->len;

	g_ptr_array_set_free_func(attachments, NULL);
	for (guint i = 0; i < attachments->len; i++) {
		struct attachment *a = attachments->pdata[i];
		guint index = content->attachments->len;

		g_ptr_array_add(content->attachments, a);
		if (i > 0 && *a->name != '\0')
			content_add_text(content, ORIGIN_NAME, a->name,
			    strlen(a->name), NULL)
			    ->attachment = (int)index;
		content_add_attachment_text(content, index);
	}
	g_ptr_array_set_size(attachments, 0);
	for (; first < content->segments->len; first++) {
		struct segment *s = content->segments->pdata[first];

		s->part = part;
	}
}
