/*
 * HTML as text in lines, with what its elements say of each line: who is
 * quoted, what is a signature; and the words that its reader does not see.
 * html.h is about where something can be inserted, this about what is said.
 *
 * A struct html_text owns its texts; the source is not kept.
 */
#ifndef MILTER_MESSAGE_HTML_TEXT_H
#define MILTER_MESSAGE_HTML_TEXT_H

#include <glib.h>
#include <stdbool.h>

#include "policy/text/split.h"

/* From the line of the text that begins at or after start on. */
struct html_hint {
	gsize start;
	struct line_hint hint;
};

struct html_text {
	GString *seen, *unseen; /* UTF-8 if the source is */
	GArray *seen_marks;     /* struct text_mark: to the source */
	GArray *unseen_marks;
	GArray *hints; /* struct html_hint, ascending */
	bool stripped; /* nested beyond reason: only the tags were taken out,
			* and everything counts as seen */
};

/* Any bytes. */
struct html_text *html_text_read(const char *source, gsize len);
void html_text_free(struct html_text *);

typedef struct html_text html_text; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(html_text, html_text_free)

#endif
