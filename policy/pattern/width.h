/*
 * How long what a regex matches can be, in characters, summed up while the
 * regex is read from left to right.  White space and words may be of any length
 * in a regex, but not in a given text; so a width is a fixed number, and as many
 * times as long as the longest run of one kind in the text.
 */
#ifndef POLICY_PATTERN_WIDTH_H
#define POLICY_PATTERN_WIDTH_H

#include <glib.h>
#include <stdbool.h>

struct width {
	guint fixed, words, spaces;
	bool unbounded;
};

/* The longest runs of a text: with no white space in it; of white space. */
struct runs {
	gsize word, space;
};

/* Is it more than nothing? */
bool width_is_some(struct width);
/* In characters, or G_MAXSIZE. */
gsize width_in(struct width, struct runs);

/* What a part of a regex that matches one character may match. */
enum width_kind {
	WIDTH_MIXED,	/* … or it is no single character */
	WIDTH_WORD,	/* never white space */
	WIDTH_SPACE,	/* nothing but white space */
};

#define WIDTH_NO_MAX G_MAXUINT

/* One behind the other; either of two; a part as often as a quantifier says. */
struct width width_plus(struct width, struct width);
struct width width_either(struct width, struct width);
struct width width_repeat(struct width, enum width_kind, guint max);

struct width_sum;

struct width_sum *width_sum_new(void);
void width_sum_free(struct width_sum *);
void width_sum_char(struct width_sum *, enum width_kind);
/* Something that takes no text, such as an anchor. */
void width_sum_empty(struct width_sum *);
/* A quantifier for what came last. */
void width_sum_repeat(struct width_sum *, guint max);
void width_sum_open(struct width_sum *);
void width_sum_or(struct width_sum *);
void width_sum_close(struct width_sum *);
struct width width_sum_total(struct width_sum *);

typedef struct width_sum width_sum; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(width_sum, width_sum_free)

#endif
