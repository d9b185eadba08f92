/*
 * Whether two texts say the same in the same words, whatever they look like.
 */
#ifndef MILTER_MESSAGE_TWINS_H
#define MILTER_MESSAGE_TWINS_H

#include <glib.h>
#include <stdbool.h>

/*
 * The words of a text, or of several: how many, and a sum over them.  Marks of
 * lists, places of pictures and the addresses of links are no words: plain
 * text has them where HTML has elements.
 */
struct word_sum {
	gsize count;
	guint64 sum, mixed;
};

void word_sum_add(struct word_sum *, const char *normalised, gsize len);
bool word_sums_equal(const struct word_sum *, const struct word_sum *);

#endif
