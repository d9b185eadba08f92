/*
 * Answers inside the text of an earlier message, as Outlook marks them: each
 * begins with the name of who answers, "[Jane Jones] Yes.", or the initials.
 */
#include <string.h>

#include "policy/text/lines.h"
#include "policy/text/signoff.h"

enum { MARK_MAX_BYTES = 60, INITIALS_MIN = 2, INITIALS_MAX = 4 };

/* Are these the initials of the first words of the author's name? */
static bool
are_initials(const char *text, gsize len, const char *author)
{
	if (len < INITIALS_MIN || len > INITIALS_MAX || author == NULL)
		return false;
	for (gsize i = 0; i < len; i++) {
		author += strspn(author, " ");
		if (!g_ascii_isupper(text[i]) || *author != text[i])
			return false;
		author += strcspn(author, " ");
	}
	return true;
}

static bool
is_answer(const struct document *d, const struct line *line)
{
	const char *text = line_text(d, line), *close;
	const char *author = d->input->author;
	gsize len;

	if (*text != '[')
		return false;
	close = memchr(text, ']', MIN(line_length(line), MARK_MAX_BYTES));
	if (close == NULL)
		return false;
	text++;
	len = (gsize)(close - text);
	return are_initials(text, len, author) ||
	       (signoff_naming(text, len, author) == NAMING_AUTHOR &&
		   memchr(text, ' ', len) != NULL);
}

void
answers_find(struct document *d)
{
	if (!d->input->expected || d->input->forward)
		return;
	for (guint i = 0; i < d->lines->len; i++) {
		struct line *line = document_line(d, i);

		if (line->depth != 1 || line->origin != ORIGIN_QUOTED ||
		    line_is_empty(line) || !is_answer(d, line))
			continue;
		line->origin = ORIGIN_OWN;
		line->depth = 0;
		line->writer = NO_WRITER;
	}
}
