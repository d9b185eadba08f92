/*
 * One attachment being read, in a worker: what is left of its limits, where
 * its results go, and the documents found in it.
 *
 * Readers take bytes and fill a struct document.  They are pure but for that:
 * no files, no network, no state of their own.  A reader that cannot go on
 * says why by document_fail() and keeps what it has.
 */
#ifndef MILTER_EXTRACT_READING_H
#define MILTER_EXTRACT_READING_H

#include <glib.h>
#include <stdbool.h>

#include "milter/extract/extract.h"

/* Programs that read what we do not, each in a process of its own. */
enum program {
	PROGRAM_PDFTOTEXT,
	PROGRAM_PDFINFO,
	PROGRAM_PDFDETACH,
	PROGRAM_ANTIWORD,
	PROGRAM_CATDOC,
	PROGRAM_XLS2CSV,
	PROGRAM_COUNT
};

enum program_end {
	PROGRAM_DONE,
	PROGRAM_MISSING,  /* not installed, or not wanted */
	PROGRAM_TOO_MUCH, /* stopped after all the output allowed */
	PROGRAM_TOO_LONG, /* stopped for its time */
	PROGRAM_BROKE,    /* by a signal, or could not be started */
};

struct program_result {
	enum program_end end;
	int status;   /* DONE: what it exited with */
	char *output; /* NUL-terminated, never NULL */
	gsize len;
	char *complaint; /* the beginning of standard error */
};

struct reading;

struct reading_events {
	/*
	 * An attachment was found; so far only name and type are known.  They
	 * come in the order of the result, counted from 0.
	 */
	void (*begin)(void *, unsigned index, const struct attachment *);
	/* It was read; the text goes with it. */
	void (*end)(void *, unsigned index, const struct attachment *);
	/* Runs a program over data; NULL: there are none. */
	void (*run)(void *, enum program, const void *data, gsize len,
	    gsize most, struct program_result *);
	void *data;
};

/*
 * Reads a file and all that is in it.  The limits are whole: see
 * extract_limits_complete().  cut: the data are only a beginning.
 */
void reading_run(const struct extract_limits *, const struct reading_events *,
    const char *name, const char *type, const void *data, gsize len, bool cut);

/* What readers see of it. */
struct reading {
	const struct extract_limits *limits;
	const struct reading_events *events;
	unsigned count; /* attachments so far */
	unsigned files; /* that may still be found */
	gsize text;     /* bytes that may still be kept */
	gsize expanded; /* bytes that may still be unpacked */
};

struct document {
	struct reading *reading;
	struct attachment *attachment;
	const char *declared; /* type as the message says, or "" */
	unsigned depth;
	GString *margin; /* page headers and footers */
	GString *body;
	gsize first_page; /* where it ends in body; 0: not known */
	bool in_margin;   /* where text goes */
	bool failed;      /* the state is settled */
};

/*
 * A file inside this one; name is as its container has it.  A state other than
 * READ, with its reason, says that not all of it could be had.
 */
void reading_member(struct document *, const char *name, const char *type,
    const void *data, gsize len, enum attachment_state, const char *reason);
/*
 * False, with the state settled, when what is in the document ("messages")
 * would be nested deeper than is allowed.
 */
bool document_deeper(struct document *, const char *what);
/* Takes bytes that were unpacked from the budget; false: it is spent. */
bool reading_take(struct reading *, gsize bytes);

/*
 * Runs a program over the document.  True when it came to its end by itself
 * or has given all the text that is wanted; else the state is settled.  The
 * caller clears the result either way.
 */
bool document_run(struct document *, enum program, const void *data, gsize len,
    struct program_result *);

/* Settles the state, unless it is; the reason is in printf's form. */
void document_fail(struct document *, enum attachment_state, const char *reason,
    ...) G_GNUC_PRINTF(3, 4);
/* The same, as there is more text than is kept. */
void document_spent(struct document *);
/* UTF-8; false when no more text is kept. */
bool document_text(struct document *, const char *, gssize len);
/* Ends the line, if there is anything in it. */
void document_line(struct document *);
/* Where the text stands that is written now, and where the next goes. */
void document_margin(struct document *, bool in_margin);
/* The text so far is the first page. */
void document_page(struct document *);
/* Takes UTF-8; empty values are left out. */
void document_property(struct document *, const char *name, const char *value);

/* With a default for each that is 0. */
struct extract_limits extract_limits_complete(const struct extract_limits *);

void program_result_clear(struct program_result *);

#endif
