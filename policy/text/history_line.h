/*
 * How the history that a reply carries begins, in the words of mail programs
 * and many languages: single lines, for readers of whole texts.
 *
 * Lines are UTF-8 without surrounding space or line end, and not terminated.
 * Pure functions.
 */
#ifndef POLICY_TEXT_HISTORY_LINE_H
#define POLICY_TEXT_HISTORY_LINE_H

#include <glib.h>
#include <stdbool.h>

enum { ATTRIBUTION_MAX = 600 }; /* bytes of an attribution's lines */

/* "On … wrote:", with a date or an address; also several lines at once. */
bool line_is_attribution(const char *line, gsize len);
/* Does an attribution begin here, where the verb does not come last? */
bool line_begins_attribution(const char *line, gsize len);
/* "Jane wrote:", where a quotation follows. */
bool line_is_short_attribution(const char *line, gsize len);
/* Is there a verb of writing in it, and a date or an address? */
bool line_mentions_writing(const char *line, gsize len);
/* Has it an address, or digits enough for a date? */
bool line_has_date_or_address(const char *line, gsize len);

/* "-----Original Message-----", "Begin forwarded message:", … */
bool line_is_separator(const char *line, gsize len);
/* The words of one without its dashes; a header block must follow. */
bool line_is_bare_separator(const char *line, gsize len);
/* ">>> Jane <j@a.example> 3/6/2026 10:00 >>>", "---- On … wrote ----" */
bool line_is_fenced_attribution(const char *line, gsize len);
/* Does a separator say that the message is passed on? */
bool separator_is_forward(const char *line, gsize len);

/*
 * A field of a header block, perhaps as "*Word:* …".  In several languages a
 * word may be more than one.
 */
enum header_field { FIELD_FROM = 1, FIELD_DATE = 2, FIELD_OTHER = 4 };
unsigned line_fields(const char *line, gsize len);
bool line_is_field(const char *line, gsize len, enum header_field);
bool line_is_from(const char *line, gsize len);
/* "To", "cc", "Subject" as a whole line, whose value stands on the next. */
bool line_is_lone_field(const char *line, gsize len);
/* What stands after a field's colon. */
const char *line_field_value(const char *line, gsize *len);

#endif
