/*
 * An Apache Tika server, for what nothing here reads.
 */
#ifndef MILTER_EXTRACT_TIKA_H
#define MILTER_EXTRACT_TIKA_H

#include "milter/extract/extract.h"

/* Is it worth asking about such a file?  Not about pictures and sound. */
bool tika_may_read(const struct attachment *);

/*
 * Asks the server at the URL for the text of the bytes, and settles the
 * attachment's state anew.  Any thread.
 */
void tika_read(const char *url, const struct extract_limits *,
    struct attachment *, const void *data, gsize len);

#endif
