/*
 * Who wrote a message, as an attribution ("On …, Jane Jones <j@…> wrote:") or
 * the From line of a header block says.
 *
 * Pure functions.
 */
#ifndef POLICY_TEXT_WRITER_H
#define POLICY_TEXT_WRITER_H

#include "policy/text/split.h"

/* The value of a From line.  The caller frees, with writer_free(). */
struct writer *writer_from_field(const char *value, gsize len);
/* The text of an attribution, with its colon; lines end in \n. */
struct writer *writer_from_attribution(const char *text, gsize len);
void writer_free(struct writer *);

#endif
