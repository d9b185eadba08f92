/*
 * Whether the words of an element are seen, by its attributes and the style
 * sheets of its document.
 */
#ifndef MILTER_MESSAGE_HTML_STYLE_H
#define MILTER_MESSAGE_HTML_STYLE_H

#include <glib.h>
#include <gumbo.h>
#include <stdbool.h>

#include "milter/message/html_sheet.h"
#include "policy/text/split.h"

/* How the words of an element look, as far as they may not be seen at all. */
struct look {
	bool gone;                 /* by display, size or place: for good */
	bool hidden;               /* by visibility: a child may be visible */
	bool tiny;                 /* letters without size, likewise */
	gint32 colour, background; /* as in html_declare.h */
};

/* The look of what nothing is said about. */
struct look look_plain(void);
/* The look of an element in another one.  sheet may be NULL. */
struct look look_within(
    const struct look *, const GumboElement *, struct html_sheet *);
bool look_is_unseen(const struct look *);
/* The colour that strikes the eye. */
enum ink look_ink(const struct look *);

#endif
