/*
 * What a part is called, and header texts, decoded.
 */
#ifndef MILTER_MESSAGE_FILENAME_H
#define MILTER_MESSAGE_FILENAME_H

#include "milter/message/message.h"

/*
 * The file name that a part's header gives it (RFC 2183, 2231; also encoded
 * words), UTF-8, or NULL.  The caller frees.
 */
char *part_filename(struct message *, const struct part *);

/* A header's value unfolded, its encoded words decoded.  The caller frees. */
char *header_text(const char *value);

#endif
