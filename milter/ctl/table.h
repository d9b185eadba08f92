/*
 * Plain tables: columns as wide as their widest cell, two spaces apart, for
 * terminals and for pasting into the council's papers.
 */
#ifndef MILTER_CTL_TABLE_H
#define MILTER_CTL_TABLE_H

#include <glib.h>
#include <stdbool.h>

struct table;

struct table *table_new(unsigned columns);
void table_free(struct table *);

/* Numbers stand on the right of their column. */
void table_align_right(struct table *, unsigned column);
/* The next cell, in reading order; the text is copied. */
void table_add(struct table *, const char *text);
void table_addf(struct table *, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
void table_print(const struct table *);	/* to standard output */

typedef struct table table; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(table, table_free)

#endif
