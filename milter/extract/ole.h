/*
 * Compound files (OLE2), which Office kept its documents in before 2007 and
 * keeps encrypted ones in today; [MS-CFB].
 */
#ifndef MILTER_EXTRACT_OLE_H
#define MILTER_EXTRACT_OLE_H

#include "milter/extract/type.h"

bool ole_is(const guint8 *data, gsize len);
/* What its streams say it is. */
const struct file_type *ole_type(const guint8 *data, gsize len);

/* The beginning of a stream by its name (ASCII), or NULL. */
GByteArray *ole_stream(
    const guint8 *data, gsize len, const char *name, gsize most);

#endif
