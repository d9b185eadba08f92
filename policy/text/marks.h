/*
 * The way back from a text to what it was made of, as struct text_mark:
 * ascending, and between two marks both run in step.  No marks, or NULL, stand
 * for a text that runs in step from 0.
 *
 * Pure functions.
 */
#ifndef POLICY_TEXT_MARKS_H
#define POLICY_TEXT_MARKS_H

#include <glib.h>

#include "policy/text/content.h"

GArray *text_marks_new(void);

/*
 * What comes next in the text, from offset text on, stands in the source from
 * source on.  text never decreases.  Adds nothing where both run in step.
 */
void text_marks_add(GArray *marks, gsize text, gsize source);

/* The source offset of an offset in the text. */
gsize text_marks_source(const GArray *marks, gsize offset);

/*
 * The marks of [start, end) of a text whose source is itself a text, with
 * marks of its own, from that text's offset 0 on: appended to out, as of the
 * text offset "at".
 */
void text_marks_compose(GArray *out, gsize at, const GArray *outer, gsize start,
    gsize end, const GArray *inner);

#endif
