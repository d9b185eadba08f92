/*
 * Selectors of CSS: elements, classes and ids, descendants and children.
 *
 * A struct selector borrows its words from the chunk it was read into.
 */
#ifndef MILTER_MESSAGE_HTML_SELECTOR_H
#define MILTER_MESSAGE_HTML_SELECTOR_H

#include <glib.h>
#include <gumbo.h>
#include <stdbool.h>

enum { SELECTOR_PARTS = 5, SELECTOR_CLASSES = 4 };

/* "element#id.class.class"; NULL: any. */
struct compound {
	const char *tag, *id; /* tag in lower case */
	const char *classes[SELECTOR_CLASSES];
	unsigned count; /* of classes */
	bool child;     /* of what the compound to the left matches */
};

struct selector {
	struct compound parts[SELECTOR_PARTS]; /* the last one is what it
						* selects */
	unsigned count;
	unsigned specificity;
};

/* False for what is none of these; the words go into the chunk. */
bool selector_read(
    struct selector *, const char *text, gsize len, GStringChunk *words);
/*
 * budget: how many compounds may still be compared, in all; at 0 nothing
 * matches.
 */
bool selector_matches(
    const struct selector *, const GumboElement *, unsigned *budget);

/* Is the word one of those of a class attribute? */
bool has_class(const char *classes, const char *word);

#endif
