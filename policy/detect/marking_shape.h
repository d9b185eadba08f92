/*
 * How words stand in a text: on which line, in which sentence and paragraph,
 * and whether they are cut off from what stands before and after them, as the
 * words of a heading are.  Texts are normalised ones (text/normalise.h).
 *
 * Pure functions, private to the marking detector.
 */
#ifndef POLICY_DETECT_MARKING_SHAPE_H
#define POLICY_DETECT_MARKING_SHAPE_H

#include <glib.h>
#include <stdbool.h>

/* [start, end) of a text. */
struct span {
	gsize start, end;
};

static inline bool
spans_meet(struct span a, struct span b)
{
	return a.start < b.end && b.start < a.end;
}

/* The line of an offset, without its line end. */
struct span shape_line(const char *text, gsize len, gsize at);
bool shape_blank(const char *text, struct span);
/* What the words stand in; never more than a screenful around them. */
struct span shape_sentence(const char *text, gsize len, struct span words);
struct span shape_paragraph(const char *text, gsize len, struct span words);

/* A separator, a bracket or the line's edge is before, or after, the words. */
bool shape_cut_before(const char *text, struct span line, gsize at);
bool shape_cut_after(const char *text, struct span line, gsize at);
/* Only quotation marks, brackets and ornament stand before them. */
bool shape_opens(const char *text, struct span range, gsize at);
/* In capitals, on a line that is not. */
bool shape_capitals(const char *text, struct span line, struct span words);
/* Only "and", "&" and the like stand between the two. */
bool shape_joined(const char *text, gsize from, gsize to);

#endif
