#include <string.h>

#include "policy/people/roster_csv.h"

/* What may stand in a column. */
static const struct {
	const char *name;
	bool required; /* the column, not the cell */
	bool for_persons, for_groups;
} columns[COLUMN_COUNT] = {
    [COLUMN_ID] = {"id", true, true, true},
    [COLUMN_KIND] = {"kind", false, true, true},
    [COLUMN_NAME] = {"name", true, true, true},
    [COLUMN_TITLE] = {"title", false, true, false},
    [COLUMN_ROLES] = {"roles", true, true, false},
    [COLUMN_ADDRESSES] = {"addresses", true, true, true},
    [COLUMN_LOGINS] = {"logins", false, true, false},
    [COLUMN_GROUP] = {"group", false, true, false},
    [COLUMN_WARD] = {"ward", false, true, false},
    [COLUMN_COMMITTEES] = {"committees", false, true, false},
    [COLUMN_LANGUAGE] = {"language", false, true, false},
    [COLUMN_MEMBERS] = {"members", false, false, true},
};

const char *
column_name(enum column column)
{
	return columns[column].name;
}

static int
column_by_name(const char *name)
{
	int i;

	for (i = 0; i < COLUMN_COUNT; i++)
		if (g_ascii_strcasecmp(columns[i].name, name) == 0)
			return i;
	return -1;
}

/*
 * Excel writes ";" between columns where the comma is the decimal mark.  Seen
 * before any cell is, since the quoting does not come out right either.
 */
static bool
check_separator(struct reader *reader, const char *text, size_t len)
{
	g_autofree char *line = g_strndup(text, len);
	g_auto(GStrv) names = NULL;
	char separator = '\0';
	guint i;

	line[strcspn(line, "\r\n")] = '\0';
	if (g_ascii_strncasecmp(line, "sep=", 4) == 0) {
		diags_add(reader->diags, DIAG_ERROR, &reader->csv.place,
		    "delete this line: the first line names the columns");
		return false;
	}
	if (strchr(line, ',') == NULL)
		separator = strchr(line, ';') != NULL    ? ';'
			    : strchr(line, '\t') != NULL ? '\t'
							 : '\0';
	if (separator == '\0')
		return true;
	names = g_strsplit(
	    g_strdelimit(line, "\"", ' '), separator == ';' ? ";" : "\t", -1);
	for (i = 0; names[i] != NULL; i++) {
		if (column_by_name(g_strstrip(names[i])) < 0)
			continue;
		diags_add(reader->diags, DIAG_ERROR, &reader->csv.place,
		    "%s between the columns; save the sheet again with commas "
		    "between them, council.roster(5) says how",
		    separator == ';' ? "there are semicolons"
				     : "there are tabs");
		return false;
	}
	return true;
}

static void
unknown_column(struct reader *reader, const struct csv_cell *cell)
{
	const char *names[COLUMN_COUNT + 1] = {NULL};
	g_autofree char *shown = roster_shown(cell->text);
	const char *near;
	int i;

	for (i = 0; i < COLUMN_COUNT; i++)
		names[i] = columns[i].name;
	near = diag_suggest(cell->text, names);
	if (near != NULL)
		diags_add(reader->diags, DIAG_ERROR, &cell->place,
		    "unknown column \"%s\", did you mean \"%s\"?", shown, near);
	else if (*shown != '\0')
		diags_add(reader->diags, DIAG_WARNING, &cell->place,
		    "unknown column \"%s\" is not read", shown);
}

static bool
read_header(struct reader *reader)
{
	const struct csv_cell *seen[COLUMN_COUNT] = {NULL};
	unsigned errors = diags_errors(reader->diags);
	guint i;

	csv_read(&reader->csv, reader->row);
	for (i = 0; i < reader->row->len; i++) {
		const struct csv_cell *cell = g_ptr_array_index(reader->row, i);
		int found = column_by_name(cell->text);
		enum column column = found < 0 ? COLUMN_COUNT : found;

		g_array_append_val(reader->header, column);
		if (column == COLUMN_COUNT) {
			unknown_column(reader, cell);
		} else if (seen[column] != NULL) {
			diags_add(reader->diags, DIAG_ERROR, &cell->place,
			    "column \"%s\" is there twice", cell->text);
		} else {
			seen[column] = cell;
		}
	}
	for (i = 0; i < COLUMN_COUNT; i++) {
		struct place place = {reader->csv.place.file, 1, 1, 1};

		if (columns[i].required && seen[i] == NULL)
			diags_add(reader->diags, DIAG_ERROR, &place,
			    "there is no column \"%s\"; the first line must "
			    "name it",
			    columns[i].name);
	}
	return diags_errors(reader->diags) == errors;
}

/* Puts each cell of the row under its column; false for an empty row. */
static bool
sort_cells(struct reader *reader)
{
	bool any = false;
	guint i;

	for (i = 0; i < COLUMN_COUNT; i++)
		reader->cells[i] = &reader->none;
	for (i = 0; i < reader->row->len; i++) {
		const struct csv_cell *cell = g_ptr_array_index(reader->row, i);

		enum column column =
		    i < reader->header->len
			? g_array_index(reader->header, enum column, i)
			: COLUMN_COUNT;

		if (i == 0)
			reader->none.place = cell->place;
		any |= *cell->text != '\0';
		if (column != COLUMN_COUNT)
			reader->cells[column] = cell;
		if (i < reader->header->len || *cell->text == '\0')
			continue;
		diags_add(reader->diags, DIAG_ERROR, &cell->place,
		    "there are more cells than columns; a value with a comma "
		    "goes in quotation marks");
		break;
	}
	return any;
}

/* A cell that would not be read is a mistake worth hearing of. */
static void
check_columns(struct reader *reader, bool group)
{
	int i;

	for (i = 0; i < COLUMN_COUNT; i++) {
		const struct csv_cell *cell = reader->cells[i];

		if (*cell->text == '\0' ||
		    (group ? columns[i].for_groups : columns[i].for_persons))
			continue;
		diags_add(reader->diags, DIAG_ERROR, &cell->place,
		    group ? "a group has no %s"
			  : "a person has no %s; for a group, write \"group\" "
			    "in column \"kind\"",
		    columns[i].name);
	}
}

static void
read_row(struct reader *reader)
{
	static const char *const kinds[] = {"person", "group", NULL};
	const struct csv_cell *kind = reader->cells[COLUMN_KIND];
	g_autofree char *shown = NULL;
	const char *near;

	if (g_ascii_strcasecmp(kind->text, kinds[1]) == 0) {
		check_columns(reader, true);
		reader_add_group(reader);
	} else if (*kind->text != '\0' &&
		   g_ascii_strcasecmp(kind->text, kinds[0]) != 0) {
		shown = roster_shown(kind->text);
		near = diag_suggest(kind->text, kinds);
		diags_add(reader->diags, DIAG_ERROR, &kind->place,
		    near != NULL
			? "unknown kind \"%s\", did you mean \"%s\"?"
			: "unknown kind \"%s\": neither a person nor a "
			  "group",
		    shown, near);
	} else if (reader_is_vacant(reader)) {
		reader_skip_vacant(reader);
	} else {
		check_columns(reader, false);
		reader_add_person(reader);
	}
}

static void
read_rows(struct reader *reader)
{
	unsigned rows = 0;

	while (csv_read(&reader->csv, reader->row)) {
		if (!sort_cells(reader))
			continue;
		if (++rows > ROSTER_ROWS_MAX) {
			diags_add(reader->diags, DIAG_ERROR,
			    &reader->none.place,
			    "more than %d rows; is it the right file?",
			    ROSTER_ROWS_MAX);
			return;
		}
		read_row(reader);
	}
}

/* Somebody's login must not be the address of somebody else. */
static void
check_logins(struct reader *reader)
{
	const struct roster *roster = reader->roster;
	GHashTableIter iter;
	gpointer login, value;

	g_hash_table_iter_init(&iter, roster->logins);
	while (g_hash_table_iter_next(&iter, &login, &value)) {
		const struct owner *owner = value, *other;
		g_autofree char *folded = address_fold(roster->rules, login);

		other = folded != NULL
			    ? g_hash_table_lookup(roster->addresses, folded)
			    : NULL;
		if (other == NULL || other->person == owner->person)
			continue;
		diags_add(reader->diags, DIAG_ERROR, &owner->place,
		    "this login is the address of another row");
		diags_add(
		    reader->diags, DIAG_NOTE, &other->place, "it stands here");
	}
}

static void
read_file(struct reader *reader, const char *text, size_t len)
{
	unsigned errors = diags_errors(reader->diags);

	if (!check_separator(reader, text, len) || !read_header(reader))
		return;
	read_rows(reader);
	check_logins(reader);
	roster_settle_members(reader->roster, reader->diags);
	roster_check_loops(reader->roster, reader->diags);
	if (diags_errors(reader->diags) == errors &&
	    reader->roster->persons->len == 0)
		diags_add(reader->diags, DIAG_ERROR, &reader->csv.place,
		    "there is nobody on this roster");
}

struct roster *
roster_parse(const char *name, const char *text, size_t len,
    const struct address_rules *rules, struct diags *diags)
{
	g_autoptr(roster) roster = roster_new(rules);
	unsigned errors = diags_errors(diags);
	char empty[] = "";
	struct reader reader = {
	    .roster = roster, .diags = diags, .none = {.text = empty}};

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	diags_set_source(diags, name, text, len);
	if (!roster_check_text(
		name, text, len, "save the sheet as CSV UTF-8", diags))
		return NULL;
	csv_init(&reader.csv, name, text, len, diags);
	reader.row = csv_row_new();
	reader.header = g_array_new(FALSE, FALSE, sizeof(enum column));
	read_file(&reader, text, len);
	g_array_unref(reader.header);
	g_ptr_array_unref(reader.row);
	return diags_errors(diags) == errors ? g_steal_pointer(&roster) : NULL;
}

struct roster *
roster_load(
    const char *path, const struct address_rules *rules, struct diags *diags)
{
	g_autofree char *text = NULL;
	size_t len;

	text = roster_read_file(path, &len, diags);
	return text != NULL ? roster_parse(path, text, len, rules, diags)
			    : NULL;
}
