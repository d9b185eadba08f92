#include <string.h>

#include "policy/text/lines.h"
#include "policy/text/writer.h"

static bool
is_line(const struct document *d, const struct line *line, const char *text)
{
	return line_length(line) == strlen(text) &&
	       strncmp(line_text(d, line), text, line_length(line)) == 0;
}

/* The lines that only a program reads in a text that is signed inline. */
static void
drop_armour(struct document *d)
{
	bool head = false, tail = false;

	for (guint i = 0; i < d->lines->len; i++) {
		struct line *line = document_line(d, i);

		head |= is_line(d, line, "-----BEGIN PGP SIGNED MESSAGE-----");
		tail |= is_line(d, line, "-----BEGIN PGP SIGNATURE-----");
		line->dropped = head || tail;
		if (head && line_is_empty(line))
			head = false;
		if (is_line(d, line, "-----END PGP SIGNATURE-----"))
			tail = false;
	}
}

/* From i to the next line of another origin, depth or writer. */
static guint
run_end(const struct document *d, guint i)
{
	const struct line *first = document_line(d, i);

	for (i++; i < d->lines->len; i++) {
		const struct line *line = document_line(d, i);

		if (line->depth != first->depth ||
		    line->origin != first->origin ||
		    line->writer != first->writer)
			break;
	}
	return i;
}

static void
read_runs(struct document *d)
{
	guint end;

	for (guint i = 0; i < d->lines->len; i = end) {
		const struct line *line = document_line(d, i);
		bool own = line->depth == 0;

		end = run_end(d, i);
		disclaimers_find(d, i, end);
		if (own)
			signature_find(d, i, end);
	}
}

/*
 * A text that changes hands more often is made to be a burden: from there on
 * all of it is the author's own.
 */
enum { CHANGES_MAX = 10000 };

struct changes {
	guint count;
	struct piece last;
};

static void
add_piece(GArray *pieces, struct changes *changes, const struct line *line,
    gsize start, gsize end, enum origin origin)
{
	struct piece piece = {
	    .origin = origin,
	    .start = start,
	    .end = end,
	    .depth = line->depth,
	    .writer = line->writer,
	};

	changes->count +=
	    start < end && (changes->last.origin != origin ||
			       changes->last.depth != piece.depth ||
			       changes->last.writer != piece.writer);
	if (start < end)
		changes->last = piece;
	if (changes->count > CHANGES_MAX) {
		piece.origin = ORIGIN_OWN;
		piece.depth = 0;
		piece.writer = NO_WRITER;
	}
	g_array_append_val(pieces, piece);
}

static void
add_pieces(struct split *split, const struct document *d)
{
	struct changes changes = {0};

	for (guint i = 0; i < d->lines->len; i++) {
		const struct line *line = document_line(d, i);
		gsize end = line->cut;

		if (line->dropped)
			continue;
		while (end > line->words && line->cut < line->end &&
		       d->input->text[end - 1] == ' ')
			end--;
		add_piece(split->pieces, &changes, line, line->words, end,
		    line->origin);
		if (line->cut < line->end)
			add_piece(split->pieces, &changes, line, line->cut,
			    line->end, ORIGIN_DISCLAIMER);
	}
}

static void
free_writer(gpointer writer)
{
	writer_free(writer);
}

struct split *
text_split(const struct split_input *input)
{
	struct split *split = g_new0(struct split, 1);
	struct document d;

	document_init(&d, input);
	drop_armour(&d);
	claims_check(&d);
	history_find(&d);
	answers_find(&d);
	read_runs(&d);
	split->pieces = g_array_new(FALSE, FALSE, sizeof(struct piece));
	add_pieces(split, &d);
	split->writers = g_ptr_array_ref(d.writers);
	g_ptr_array_set_free_func(split->writers, free_writer);
	document_clear(&d);
	return split;
}

void
split_free(struct split *split)
{
	if (split == NULL)
		return;
	g_array_unref(split->pieces);
	g_ptr_array_unref(split->writers);
	g_free(split);
}
