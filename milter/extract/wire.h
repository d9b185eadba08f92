/*
 * What the filter, its workers and their runners say to each other: a header,
 * a bounded payload, at most one descriptor.  Nothing that is received is
 * trusted.
 */
#ifndef MILTER_EXTRACT_WIRE_H
#define MILTER_EXTRACT_WIRE_H

#include <glib.h>
#include <stdbool.h>

#include "policy/text/content.h"

enum wire_kind {
	WIRE_SPAWN,   /* filter to supervisor: the numbers of a place and of
		       * this request */
	WIRE_SPAWNED, /* supervisor to filter: the same numbers, with the
		       * worker's socket */
	WIRE_READY,   /* worker to filter: it is contained */
	WIRE_REFUSED, /* it cannot be: a text says why */
	WIRE_READ,    /* filter to worker: name, type, whether it is cut,
		       * length; with the bytes as a descriptor */
	WIRE_BEGIN,   /* worker to filter: an attachment, name and type */
	WIRE_END,     /* all of it */
	WIRE_DONE,    /* there are no more */
	WIRE_RUN,     /* worker to runner: struct wire_run, then the bytes */
	WIRE_RAN,     /* runner to worker: struct program_result */
};

/* A program to run. */
struct wire_run {
	guint32 program;
	guint32 milliseconds;
	guint64 most; /* bytes of output */
	guint64 len;  /* bytes that follow */
};

/*
 * Both give up at a time of g_get_monotonic_time(), or never when it is 0.
 * descriptor is one to pass, or -1.  A descriptor that nobody asked for is
 * closed.
 */
bool wire_send(int socket, enum wire_kind, const void *payload, gsize len,
    int descriptor, gint64 deadline);
bool wire_receive(int socket, enum wire_kind *, GByteArray *payload, gsize most,
    int *descriptor, gint64 deadline);

/* Bytes without a header. */
bool wire_send_raw(int socket, const void *, gsize len, gint64 deadline);
bool wire_receive_raw(int socket, void *, gsize len, gint64 deadline);

/* How to write a payload, and to read it again. */
void wire_put_number(GByteArray *, guint64);
void wire_put_text(GByteArray *, const char *, gssize len);

struct wire_reader {
	const guint8 *p, *end;
	bool bad; /* something was not as it should be */
};

struct wire_reader wire_reader(const GByteArray *);
guint64 wire_get_number(struct wire_reader *, guint64 most);
/* UTF-8 without NUL, or NULL if that was put.  The caller frees. */
char *wire_get_text(struct wire_reader *, gsize most);

void wire_put_attachment(
    GByteArray *, unsigned index, const struct attachment *);
/* NULL when it is nonsense. */
struct attachment *wire_get_attachment(const GByteArray *, unsigned *index);

#endif
