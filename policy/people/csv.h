/*
 * A reader for RFC 4180 text that knows where each cell stands, in lines and
 * characters of the file, however many lines a quoted cell has.
 *
 * struct csv is a value on the caller's stack and borrows the text.
 */
#ifndef POLICY_PEOPLE_CSV_H
#define POLICY_PEOPLE_CSV_H

#include <glib.h>
#include <stdbool.h>

#include "policy/diag.h"

struct csv {
	const char *next, *end;	/* what is left; valid UTF-8 */
	struct place place;	/* of next */
	struct diags *diags;
};

/* A cell, or one of the values in it; without space around it. */
struct csv_cell {
	char *text;
	struct place place;
};

void csv_init(struct csv *, const char *file, const char *text, size_t len,
    struct diags *);
/*
 * Reads one row into an array of struct csv_cell that csv_row_new() made.
 * Faults of quoting are added to diags, and reading goes on.  False at the
 * end of the text.
 */
bool csv_read(struct csv *, GPtrArray *row);
GPtrArray *csv_row_new(void);

/* The values of a cell, which ";" and line ends separate; empty ones not. */
GPtrArray *csv_values(const struct csv_cell *);

#endif
