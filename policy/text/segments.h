/*
 * Segments of what has been read: split texts, subjects and names, attachments.
 */
#ifndef POLICY_TEXT_SEGMENTS_H
#define POLICY_TEXT_SEGMENTS_H

#include "policy/text/content.h"
#include "policy/text/split.h"

/*
 * Adds the pieces as segments: lines that follow one another with the same
 * origin, depth and writer are one.  marks lead from input->text back to the
 * source, or NULL.  Returns the index of the first one.
 */
guint split_add_segments(const struct split *, const struct split_input *,
    const GArray *marks, struct content *);

/* A text as it stands, normalised here: a subject, a name, hidden words. */
struct segment *content_add_text(struct content *, enum origin,
    const char *text, gsize len, const GArray *marks);

/*
 * Takes the attachments (struct attachment) that were read from one part of
 * the message, itself first, and adds their segments; of those inside it the
 * names, too.  part: its leaf.
 */
void content_add_attachments(
    struct content *, GPtrArray *attachments, unsigned part);

/*
 * The segments of content->attachments[index], which has been read: its
 * opening, its text and its properties.
 */
void content_add_attachment_text(struct content *, guint index);

#endif
