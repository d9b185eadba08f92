#include <stdarg.h>
#include <stdio.h>

#include "milter/ctl/ctl.h"
#include "milter/ctl/table.h"
#include "milter/report/mail.h"

struct table {
	unsigned columns;
	bool *right;
	GPtrArray *cells; /* char * */
};

struct table *
table_new(unsigned columns)
{
	struct table *table = g_new0(struct table, 1);

	table->columns = columns;
	table->right = g_new0(bool, columns);
	table->cells = g_ptr_array_new_with_free_func(g_free);
	return table;
}

void
table_free(struct table *table)
{
	if (table == NULL)
		return;
	g_ptr_array_unref(table->cells);
	g_free(table->right);
	g_free(table);
}

void
table_align_right(struct table *table, unsigned column)
{
	table->right[column] = true;
}

void
table_add(struct table *table, const char *text)
{
	g_ptr_array_add(table->cells, ctl_printable(text));
}

void
table_addf(struct table *table, const char *fmt, ...)
{
	g_autofree char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	table_add(table, text);
}

void
table_print(const struct table *table)
{
	g_autofree gsize *widths = g_new0(gsize, table->columns);
	guint i;

	for (i = 0; i < table->cells->len; i++) {
		unsigned column = i % table->columns;

		widths[column] =
		    MAX(widths[column], mail_columns(table->cells->pdata[i]));
	}
	for (i = 0; i < table->cells->len; i++) {
		unsigned column = i % table->columns;
		char *cell = table->cells->pdata[i];
		int pad = (int)(widths[column] - mail_columns(cell));
		bool last = column + 1 == table->columns;

		if (table->right[column])
			printf("%*s%s", pad, "", cell);
		else
			printf("%s%*s", cell, last ? 0 : pad, "");
		fputs(last ? "\n" : "  ", stdout);
	}
}
