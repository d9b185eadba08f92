/*
 * Document properties of Office before 2007: property sets in streams of the
 * compound file, [MS-OLEPS].
 */
#ifndef MILTER_EXTRACT_PROPERTIES_H
#define MILTER_EXTRACT_PROPERTIES_H

#include "milter/extract/reading.h"

void office_97_properties(struct document *, const guint8 *data, gsize len);

#endif
