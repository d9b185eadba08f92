/*
 * Numbers of Microsoft's formats, the low byte first, and bytes that are taken
 * one after the other.
 */
#ifndef MILTER_EXTRACT_BYTES_H
#define MILTER_EXTRACT_BYTES_H

#include <glib.h>
#include <stdbool.h>

static inline guint32
bytes_32(const guint8 *p)
{
	return p[0] | (guint32)p[1] << 8 | (guint32)p[2] << 16 |
	       (guint32)p[3] << 24;
}

/* What is left of some bytes. */
struct bytes {
	const guint8 *p;
	gsize len;
	bool ended; /* more were asked for than there were; so it stays */
};

/* The next ones, or NULL. */
static inline const guint8 *
bytes_take(struct bytes *from, gsize len)
{
	const guint8 *p = from->p;

	if (from->ended || len > from->len) {
		from->ended = true;
		return NULL;
	}
	from->p += len;
	from->len -= len;
	return p;
}

/* 0 when there are none. */
static inline guint32
bytes_take_32(struct bytes *from)
{
	const guint8 *p = bytes_take(from, 4);

	return p != NULL ? bytes_32(p) : 0;
}

#endif
