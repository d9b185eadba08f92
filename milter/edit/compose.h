/*
 * What is inserted, in words: a block of lines for plain text or for HTML.
 */
#ifndef MILTER_EDIT_COMPOSE_H
#define MILTER_EDIT_COMPOSE_H

#include <glib.h>
#include <stdbool.h>

#include "milter/message/message.h"

enum block { BLOCK_FOOTER, BLOCK_BANNER };

/*
 * The lines (struct edit_line) as plain text with LF, each line ended.  Long
 * ones are broken at spaces; flowed text is stuffed (RFC 3676, 4.4).
 */
char *compose_plain(const GPtrArray *lines, enum block, bool flowed);

/*
 * The lines as HTML, ASCII alone, on source lines of their own with LF; it
 * refers to nothing outside, is readable by its own colours whatever the
 * message has, and says its language to screen readers.
 */
char *compose_html(const GPtrArray *lines, enum block);

/*
 * The block with the line ends and empty lines that it needs at a place of a
 * plain text, the start of a line or the end.
 */
struct surroundings {
	const char *text;
	gsize len, pos;
	bool flowed;
	bool needs_end;	/* what follows the text needs its last line ended */
};
char *compose_insertion(
    const struct surroundings *, enum block, const char *plain);

#endif
