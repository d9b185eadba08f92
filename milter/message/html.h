/*
 * HTML as its reader sees it: the text in lines, told apart into the author's
 * own and the quoted history, and the places in the source where something
 * can be inserted so that it is seen.
 *
 * A struct html owns its texts; the source is not kept.
 */
#ifndef MILTER_MESSAGE_HTML_H
#define MILTER_MESSAGE_HTML_H

#include <glib.h>
#include <stdbool.h>

struct html {
	GString *own;		/* visible lines, UTF-8, '\n' between them;
				 * without history when quoted is set */
	GString *all;		/* the same with the history */
	gsize top;		/* offset after <body …>, or of what comes
				 * first where there is none */
	gsize end;		/* before the last </body>, or the end */
	gsize quote;		/* where the history begins; only if quoted */
	gsize signature;	/* where a signature block at the end of the
				 * own text begins; only if has_signature */
	bool quoted, has_signature;
	bool clean;		/* its end is there, nothing that hides is open
				 * at it, and no style of it could hide what is
				 * put into it */
	bool unsure;		/* its style sheets are beyond reason */
};

/*
 * NULL when the source is no document that shows text (frames), or is nested
 * beyond reason.  Any ASCII superset is read; bytes that are not UTF-8 count
 * as they stand.  expected: history is, as in quote_start().
 */
struct html *html_read(const char *source, gsize len, bool expected);
void html_free(struct html *);

typedef struct html html; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(html, html_free)

#endif
