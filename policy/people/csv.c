#include <string.h>

#include "policy/people/csv.h"

static void
cell_free(void *p)
{
	struct csv_cell *cell = p;

	g_free(cell->text);
	g_free(cell);
}

GPtrArray *
csv_row_new(void)
{
	return g_ptr_array_new_with_free_func(cell_free);
}

void
csv_init(struct csv *csv, const char *file, const char *text, size_t len,
    struct diags *diags)
{
	csv->next = text;
	csv->end = text + len;
	csv->place = (struct place){g_intern_string(file), 1, 1, 1};
	csv->diags = diags;
}

static char
peek(const struct csv *csv)
{
	return csv->next < csv->end ? *csv->next : '\0';
}

/* The next byte; every kind of line end is one "\n". */
static char
take(struct csv *csv)
{
	char c = *csv->next++;

	if (c == '\r') {
		if (peek(csv) == '\n')
			csv->next++;
		c = '\n';
	}
	if (c == '\n') {
		csv->place.line++;
		csv->place.column = 1;
	} else if (((guchar)c & 0xc0) != 0x80) {
		csv->place.column++;
	}
	return c;
}

static bool
at_end_of_cell(const struct csv *csv)
{
	char c = peek(csv);

	return csv->next == csv->end || c == ',' || c == '\r' || c == '\n';
}

static void
read_bare(struct csv *csv, GString *text)
{
	bool told = false;

	while (!at_end_of_cell(csv)) {
		if (peek(csv) == '"' && !told) {
			diags_add(csv->diags, DIAG_ERROR, &csv->place,
			    "a quotation mark within a cell: put the whole "
			    "cell in quotation marks and write this one twice");
			told = true;
		}
		g_string_append_c(text, take(csv));
	}
}

static void
read_quoted(struct csv *csv, GString *text)
{
	struct place opening = csv->place;

	take(csv);
	for (;;) {
		if (csv->next == csv->end) {
			diags_add(csv->diags, DIAG_ERROR, &opening,
			    "this quotation mark is never closed");
			return;
		}
		if (peek(csv) == '"') {
			take(csv);
			if (peek(csv) != '"')
				break;
		}
		g_string_append_c(text, take(csv));
	}
	while (peek(csv) == ' ' || peek(csv) == '\t')
		take(csv);
	if (at_end_of_cell(csv))
		return;
	diags_add(csv->diags, DIAG_ERROR, &csv->place,
	    "text after the closing quotation mark: a quotation mark within "
	    "a cell is written twice");
	while (!at_end_of_cell(csv))
		g_string_append_c(text, take(csv));
}

/* Takes space off both ends and lets the place follow the text. */
static void
trim(struct csv_cell *cell)
{
	const char *p;

	for (p = cell->text; g_ascii_isspace(*p); p++) {
		if (*p == '\n') {
			cell->place.line++;
			cell->place.column = 1;
		} else {
			cell->place.column++;
		}
	}
	g_strstrip(cell->text);
	cell->place.width = (unsigned)MAX(strcspn(cell->text, "\n"), 1);
	if (cell->place.width > 1)
		cell->place.width = (unsigned)g_utf8_strlen(
		    cell->text, (gssize)cell->place.width);
}

static struct csv_cell *
read_cell(struct csv *csv)
{
	struct csv_cell *cell = g_new0(struct csv_cell, 1);
	GString *text = g_string_new(NULL);

	while (peek(csv) == ' ' || peek(csv) == '\t')
		take(csv);
	cell->place = csv->place;
	if (peek(csv) == '"') {
		cell->place.column++;
		read_quoted(csv, text);
	} else {
		read_bare(csv, text);
	}
	cell->text = g_string_free(text, FALSE);
	trim(cell);
	return cell;
}

bool
csv_read(struct csv *csv, GPtrArray *row)
{
	g_ptr_array_set_size(row, 0);
	if (csv->next == csv->end)
		return false;
	for (;;) {
		g_ptr_array_add(row, read_cell(csv));
		if (csv->next == csv->end || take(csv) == '\n')
			return true;
	}
}

GPtrArray *
csv_values(const struct csv_cell *cell)
{
	GPtrArray *values = csv_row_new();
	struct place place = cell->place;
	const char *p = cell->text;

	for (;;) {
		size_t len = strcspn(p, ";\n");
		struct csv_cell *value = g_new0(struct csv_cell, 1);
		glong width = g_utf8_strlen(p, (gssize)len);

		value->text = g_strndup(p, len);
		value->place = place;
		trim(value);
		if (*value->text != '\0')
			g_ptr_array_add(values, value);
		else
			cell_free(value);
		p += len;
		if (*p == '\0')
			return values;
		if (*p++ == '\n') {
			place.line++;
			place.column = 1;
		} else {
			place.column += (unsigned)width + 1;
		}
	}
}
