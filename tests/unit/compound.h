/*
 * Compound files (OLE2) as tests make them, [MS-CFB].
 */
#ifndef TESTS_UNIT_COMPOUND_H
#define TESTS_UNIT_COMPOUND_H

#include <glib.h>

/* Storages come with the streams that are in them: "storage/stream". */
struct compound_stream {
	const char *path; /* NULL ends them */
	const char *data;
	gsize len;
};

#define COMPOUND(path, data)                 \
	{                                    \
		path, data, sizeof(data) - 1 \
	}

GByteArray *compound_build(const struct compound_stream *);

/* The place of an entry of its directory, by its last name. */
guint8 *compound_entry(const GByteArray *, const char *name);

/* Where an entry has what. */
enum {
	COMPOUND_LEFT = 68,
	COMPOUND_RIGHT = 72,
	COMPOUND_CHILD = 76,
	COMPOUND_FIRST = 116,
	COMPOUND_SIZE = 120,
};

void compound_put(guint8 *at, guint32 number);

#endif
