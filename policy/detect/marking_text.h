/*
 * Markings in one run of text: a subject, a file's name, a line of a header, a
 * message's or an attachment's words.
 *
 * Private to the marking detector.
 */
#ifndef POLICY_DETECT_MARKING_TEXT_H
#define POLICY_DETECT_MARKING_TEXT_H

#include "policy/detect/marking_rules.h"
#include "policy/detect/marking_shape.h"

/* What is read, and as what.  Borrows everything. */
struct marking_view {
	const char *text; /* normalised */
	gsize len;
	enum origin origin;
	guint segment; /* or G_MAXUINT */
	/* Where a marking would stand; TOP: prose, whose lines decide. */
	enum marking_place place;
	bool name;     /* a file's name: everywhere is a separator */
	bool bare;     /* its last line only, and only if alone there */
	gsize top_end; /* first lines: everything before this */
	gsize bottom;  /* last line: from here; G_MAXSIZE: none */
};

/*
 * Appends what is found: struct marking.  False when a limit was met, so that
 * there may be more.
 */
bool marking_text_find(const struct marking_rules *,
    const struct marking_view *, GPtrArray *found);

/*
 * Sets top_end and bottom of prose.  lines: how many first lines earlier texts
 * had; gains this one's.
 */
void marking_text_lay_out(struct marking_view *, guint *lines);

struct marking *marking_new(const struct marking_rule *,
    const struct marking_view *, enum marking_place, struct span words);
void marking_free(void *);

#endif
