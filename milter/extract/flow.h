/*
 * The lines of a word processor's document.  A row of a table is one line.
 * What stands aside of a paragraph (footnotes, comments, text boxes) but inside
 * it in the file follows after it, so that no sentence is torn apart.
 */
#ifndef MILTER_EXTRACT_FLOW_H
#define MILTER_EXTRACT_FLOW_H

#include "milter/extract/reading.h"

struct flow {
	struct document *document;
	unsigned cells;  /* table cells that are open */
	unsigned asides; /* and what stands aside */
	GString *aside;  /* its text, so far */
};

void flow_init(struct flow *, struct document *);
/* Ends the last line too. */
void flow_clear(struct flow *);

void flow_text(struct flow *, const char *, gsize len);
void flow_break(struct flow *); /* within a paragraph */
void flow_paragraph_end(struct flow *);
void flow_cell_start(struct flow *);
void flow_cell_end(struct flow *);
void flow_row_end(struct flow *);
void flow_aside_start(struct flow *);
void flow_aside_end(struct flow *);

#endif
