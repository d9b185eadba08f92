/*
 * Text in lines that flow (RFC 3676): a line that ends in a space goes on in
 * the next one, as its writer never ended it.
 *
 * Pure functions.
 */
#ifndef MILTER_MESSAGE_FLOWED_H
#define MILTER_MESSAGE_FLOWED_H

#include <glib.h>
#include <stdbool.h>

/*
 * The text with its paragraphs in one line each, where both halves of a soft
 * line break are quoted equally deep; the "-- " of a signature neither goes on
 * nor ends what stands above it.  Quote marks at the start of each paragraph
 * stay.  delsp: the space before a soft line break is no part of the text.
 *
 * marks, if not NULL, gains a struct text_mark wherever text and source stop
 * running in step.  Any bytes; the caller frees.
 */
char *flowed_read(
    const char *, gsize len, bool delsp, gsize *out_len, GArray *marks);

#endif
