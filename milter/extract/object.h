/*
 * Files that programs embed in each other's documents: OLE objects.
 */
#ifndef MILTER_EXTRACT_OBJECT_H
#define MILTER_EXTRACT_OBJECT_H

#include "milter/extract/reading.h"

/* An object's bytes in hexadecimal digits. */
struct object_digits {
	GByteArray *bytes;
	int half; /* a digit that awaits another; or -1 */
};

/* Passes over what is no digit. */
void object_add_digit(struct object_digits *, guint8);

/*
 * An object as RTF has it, [MS-OLEDS] 2.2.4: what is in it becomes a member
 * of the document.
 */
void object_read_old(struct document *, const guint8 *data, gsize len);
/* The objects in a document of Office before 2007. */
void object_read_97(struct document *, const guint8 *data, gsize len);

#endif
