/*
 * Whose words a text is made of: where the quoted history that a reply
 * carries begins, and where the author's signature block does.  In plain text
 * as UTF-8; html.h does the same for HTML with the help of this.
 *
 * The answer errs on the side of "no history": what is not recognised beyond
 * doubt is the author's own.
 */
#ifndef MILTER_MESSAGE_QUOTE_H
#define MILTER_MESSAGE_QUOTE_H

#include <glib.h>
#include <stdbool.h>

#include "policy/text/history_line.h"

/*
 * Where the history that ends the text begins, at the start of a line; len
 * when there is none, or when the author wrote below or between it.  A block
 * of "From: … Sent: … To: …" lines at the very top counts only where history
 * is expected, that is, in replies and forwards.
 */
gsize quote_start(const char *text, gsize len, bool expected);

/* Where the "-- " line of a signature block at the end is; else len. */
gsize signature_start(const char *text, gsize len);

#endif
