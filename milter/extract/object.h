/*
 * Files that programs embed in each other's documents: OLE objects.
 */
#ifndef MILTER_EXTRACT_OBJECT_H
#define MILTER_EXTRACT_OBJECT_H

#include "milter/extract/reading.h"

/*
 * An object as RTF has it, [MS-OLEDS] 2.2.4: what is in it becomes a member
 * of the document.
 */
void object_read_old(struct document *, const guint8 *data, gsize len);
/* The objects in a document of Office before 2007. */
void object_read_97(struct document *, const guint8 *data, gsize len);

#endif
