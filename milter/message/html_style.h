/*
 * What an element's style attribute says about whether its words are seen.
 */
#ifndef MILTER_MESSAGE_HTML_STYLE_H
#define MILTER_MESSAGE_HTML_STYLE_H

#include <glib.h>
#include <gumbo.h>
#include <stdbool.h>

/* How the words of an element look, as far as they may not be seen at all. */
struct look {
	bool gone;                 /* by display, size or place: for good */
	bool hidden;               /* by visibility: a child may be visible */
	bool tiny;                 /* letters without size, likewise */
	gint32 colour, background; /* 0xrrggbb, or -1: not stated */
};

/* The look of what nothing is said about. */
struct look look_plain(void);
/* The look of an element in another one. */
struct look look_within(const struct look *, const GumboElement *);
bool look_is_unseen(const struct look *);

#endif
