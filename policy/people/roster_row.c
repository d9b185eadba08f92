#include <string.h>

#include "policy/people/roster_csv.h"

/* A line of text that becomes part of other lines, footers for one. */
enum { LINE_MAX_BYTES = 200, ID_MAX = 64 };

static const char *
text_of(const struct reader *reader, enum column column)
{
	return reader->cells[column]->text;
}

/* Enters a key in one of the roster's tables, unless it is somebody else's. */
static void
claim(struct reader *reader, GHashTable *table, const char *what,
    const char *key, const struct owner *owner)
{
	const struct owner *other = g_hash_table_lookup(table, key);
	g_autofree char *shown = NULL;

	if (other == NULL) {
		g_hash_table_insert(
		    table, g_strdup(key), g_memdup2(owner, sizeof(*owner)));
		return;
	}
	if (table != reader->roster->ids && other->person == owner->person &&
	    other->group == owner->group)
		return;
	shown = roster_shown(key);
	diags_add(reader->diags, DIAG_ERROR, &owner->place,
	    "%s \"%s\" is there twice", what, shown);
	diags_add(
	    reader->diags, DIAG_NOTE, &other->place, "it stands here already");
}

/* Ids are words of the policy language, so they have to look like words. */
static void
read_id(struct reader *reader, struct owner *owner)
{
	const struct csv_cell *cell = reader->cells[COLUMN_ID];
	g_autofree char *lower = g_ascii_strdown(cell->text, -1);
	const char *p;

	owner->place = cell->place;
	if (*lower == '\0') {
		diags_add(reader->diags, DIAG_ERROR, &cell->place,
		    "this row has no id");
		return;
	}
	p = lower + strspn(lower, "abcdefghijklmnopqrstuvwxyz0123456789._-");
	if (*p != '\0' || !g_ascii_isalpha(*lower) || p - lower > ID_MAX) {
		g_autofree char *shown = roster_shown(cell->text);

		diags_add(reader->diags, DIAG_ERROR, &cell->place,
		    "\"%s\" cannot be an id: letters, digits, \".\", \"-\" and "
		    "\"_\", like \"cllr.jones\"",
		    shown);
		return;
	}
	claim(reader, reader->roster->ids, "id", lower, owner);
}

/* A text that is kept as it is, on one line. */
static const char *
read_line(struct reader *reader, enum column column)
{
	const struct csv_cell *cell = reader->cells[column];
	const char *p;

	for (p = cell->text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029) {
			diags_add(reader->diags, DIAG_ERROR, &cell->place,
			    "the %s must stand on one line",
			    column_name(column));
			break;
		}
	}
	if (strlen(cell->text) > LINE_MAX_BYTES)
		diags_add(reader->diags, DIAG_ERROR, &cell->place,
		    "the %s is longer than %d bytes", column_name(column),
		    LINE_MAX_BYTES);
	return g_string_chunk_insert_const(reader->roster->strings, cell->text);
}

/* Adds one end of a tenure; words is at "from" or "to". */
static bool
read_date(struct reader *reader, const struct csv_cell *value,
    char *const *words, struct tenure *tenure)
{
	bool from = g_ascii_strcasecmp(words[0], "from") == 0;
	day *end = from ? &tenure->from : &tenure->to;

	if (!from && g_ascii_strcasecmp(words[0], "to") != 0) {
		g_autofree char *shown = roster_shown(words[0]);

		diags_add(reader->diags, DIAG_ERROR, &value->place,
		    "\"%s\" after the role: expected \"from\" or \"to\" and a "
		    "date; \";\" separates roles",
		    shown);
		return false;
	}
	if (words[1] == NULL || !day_parse(words[1], end)) {
		g_autofree char *shown =
		    roster_shown(words[1] != NULL ? words[1] : "");

		diags_add(reader->diags, DIAG_ERROR, &value->place,
		    "\"%s\" is not a date: write year-month-day, like "
		    "2026-05-07",
		    shown);
		return false;
	}
	return true;
}

/* How many of the words name a role: "vice chair" has two. */
static guint
match_role(char *const *words, enum role *role)
{
	g_autofree char *two = NULL;
	int found;

	if (words[1] != NULL) {
		two = g_strconcat(words[0], " ", words[1], NULL);
		found = role_by_name(two);
		if (found >= 0) {
			*role = found;
			return 2;
		}
	}
	found = role_by_name(words[0]);
	if (found < 0)
		return 0;
	*role = found;
	return 1;
}

/* "chair from 2025-05-12 to 2026-05-11" */
static void
read_role(
    struct reader *reader, const struct csv_cell *value, struct person *person)
{
	struct tenure tenure = {ROLE_COUNCILLOR, DAY_FIRST, DAY_LAST};
	g_autofree char *text = name_fold(value->text);
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	guint i = match_role(words, &tenure.role);

	if (i == 0) {
		g_autofree char *shown = roster_shown(words[0]);
		const char *near = diag_suggest(words[0], role_words());

		diags_add(reader->diags, DIAG_ERROR, &value->place,
		    "unknown role \"%s\"%s%s%s", shown,
		    near != NULL ? ", did you mean \"" : "",
		    near != NULL ? near : "", near != NULL ? "\"?" : "");
		return;
	}
	for (; words[i] != NULL; i += 2)
		if (!read_date(reader, value, words + i, &tenure))
			return;
	if (tenure.to < tenure.from) {
		diags_add(reader->diags, DIAG_ERROR, &value->place,
		    "the role ends before it begins");
		return;
	}
	g_array_append_val(person->tenures, tenure);
}

static void
read_roles(struct reader *reader, struct person *person)
{
	const struct csv_cell *cell = reader->cells[COLUMN_ROLES];
	g_autoptr(GPtrArray) values = csv_values(cell);
	guint i;

	if (values->len == 0)
		diags_add(reader->diags, DIAG_ERROR, &cell->place,
		    "%s has no role; write for example \"councillor from "
		    "2023-05-04\"",
		    person->name);
	for (i = 0; i < values->len; i++)
		read_role(reader, g_ptr_array_index(values, i), person);
}

static void
bad_address(struct reader *reader, const struct csv_cell *value)
{
	g_autofree char *shown = roster_shown(value->text);
	const char *hint = "";

	if (strchr(value->text, '<') != NULL)
		hint = "; leave the name and the brackets out";
	else if (strpbrk(value->text, ", \t") != NULL)
		hint = "; \";\" separates addresses";
	diags_add(reader->diags, DIAG_ERROR, &value->place,
	    "\"%s\" is not an e-mail address%s", shown, hint);
}

/* The folded addresses of the row, entered as the owner's. */
static char **
read_addresses(struct reader *reader, struct owner *owner, char **as_written)
{
	g_autoptr(GPtrArray) values =
	    csv_values(reader->cells[COLUMN_ADDRESSES]);
	GPtrArray *folded = g_ptr_array_new();
	guint i;

	for (i = 0; i < values->len; i++) {
		const struct csv_cell *value = g_ptr_array_index(values, i);
		char *address =
		    address_fold(reader->roster->rules, value->text);

		if (address == NULL || *address_domain(address) == '\0') {
			bad_address(reader, value);
			g_free(address);
			continue;
		}
		if (folded->len == 0 && as_written != NULL)
			*as_written = g_strdup(value->text);
		owner->place = value->place;
		claim(reader, reader->roster->addresses, "address", address,
		    owner);
		g_ptr_array_add(folded, address);
	}
	g_ptr_array_add(folded, NULL);
	return (char **)g_ptr_array_free(folded, FALSE);
}

static char **
read_logins(struct reader *reader, struct owner *owner)
{
	g_autoptr(GPtrArray) values = csv_values(reader->cells[COLUMN_LOGINS]);
	char **logins = g_new0(char *, values->len + 1);
	guint i;

	for (i = 0; i < values->len; i++) {
		const struct csv_cell *value = g_ptr_array_index(values, i);

		logins[i] = g_ascii_strdown(value->text, -1);
		owner->place = value->place;
		claim(
		    reader, reader->roster->logins, "login", logins[i], owner);
	}
	return logins;
}

static char **
read_committees(struct reader *reader)
{
	g_autoptr(GPtrArray) values =
	    csv_values(reader->cells[COLUMN_COMMITTEES]);
	char **committees = g_new0(char *, values->len + 1);
	guint i;

	for (i = 0; i < values->len; i++) {
		const struct csv_cell *value = g_ptr_array_index(values, i);

		committees[i] = name_fold(value->text);
	}
	return committees;
}

/* The shape of a BCP 47 tag; which languages there are is not ours to say. */
static const char *
read_language(struct reader *reader)
{
	const struct csv_cell *cell = reader->cells[COLUMN_LANGUAGE];
	g_autofree char *tag = g_ascii_strdown(cell->text, -1);
	g_auto(GStrv) subtags = g_strsplit(tag, "-", -1);
	bool well_formed = true;
	guint i;

	for (i = 0; subtags[i] != NULL; i++) {
		size_t len = strlen(subtags[i]);

		well_formed &=
		    len >= (i == 0 ? 2 : 1) && len <= 8 &&
		    strspn(subtags[i],
			"abcdefghijklmnopqrstuvwxyz0123456789") == len;
	}
	if (!well_formed) {
		g_autofree char *shown = roster_shown(cell->text);

		diags_add(reader->diags, DIAG_ERROR, &cell->place,
		    "\"%s\" is not a language tag like \"en\" or \"cy\"",
		    shown);
	}
	return g_string_chunk_insert_const(reader->roster->strings, tag);
}

static const char *
key_of(struct reader *reader, const char *name)
{
	g_autofree char *key = name_fold(name);

	return g_string_chunk_insert_const(reader->roster->strings, key);
}

void
reader_add_person(struct reader *reader)
{
	struct person *person = g_new0(struct person, 1);
	struct owner owner = {.person = person};

	person->tenures = g_array_new(FALSE, FALSE, sizeof(struct tenure));
	roster_add_person(reader->roster, person);
	person->line = reader->none.place.line;
	person->id = read_line(reader, COLUMN_ID);
	person->name = read_line(reader, COLUMN_NAME);
	person->title = read_line(reader, COLUMN_TITLE);
	person->group = read_line(reader, COLUMN_GROUP);
	person->group_key = key_of(reader, person->group);
	person->ward = read_line(reader, COLUMN_WARD);
	person->ward_key = key_of(reader, person->ward);
	person->language = *text_of(reader, COLUMN_LANGUAGE) == '\0'
			       ? ""
			       : read_language(reader);
	person->committees = read_committees(reader);
	read_id(reader, &owner);
	read_roles(reader, person);
	person->addresses = read_addresses(reader, &owner, &person->mail);
	person->logins = read_logins(reader, &owner);
	if (*person->name == '\0')
		diags_add(reader->diags, DIAG_ERROR,
		    &reader->cells[COLUMN_NAME]->place, "this row has no name");
	else if (*text_of(reader, COLUMN_ADDRESSES) == '\0')
		diags_add(reader->diags, DIAG_WARNING,
		    &reader->cells[COLUMN_ADDRESSES]->place,
		    "%s has no address, so mail to them is mail to nobody",
		    person->name);
}

void
reader_add_group(struct reader *reader)
{
	struct owner owner = {0};
	g_autoptr(GPtrArray) values = csv_values(reader->cells[COLUMN_MEMBERS]);
	g_auto(GStrv) addresses = NULL;
	guint i;

	owner.group =
	    roster_add_group(reader->roster, text_of(reader, COLUMN_ID),
		&reader->cells[COLUMN_ID]->place, false);
	read_id(reader, &owner);
	addresses = read_addresses(reader, &owner, NULL);
	if (values->len == 0)
		diags_add(reader->diags, DIAG_ERROR,
		    &reader->cells[COLUMN_MEMBERS]->place,
		    "this group has no members");
	for (i = 0; i < values->len; i++) {
		const struct csv_cell *value = g_ptr_array_index(values, i);

		group_add_member(
		    owner.group, MEMBER_WORD, value->text, &value->place);
	}
}

bool
reader_is_vacant(const struct reader *reader)
{
	static const char *const names[] = {
	    "vacant", "vacancy", "vacant seat", "vacant post", NULL};
	g_autofree char *name = name_fold(text_of(reader, COLUMN_NAME));

	return g_strv_contains(names, name);
}

/* The id stays known, so that a group may list a seat that nobody holds. */
void
reader_skip_vacant(struct reader *reader)
{
	struct owner nobody = {0};

	if (*text_of(reader, COLUMN_ID) != '\0')
		read_id(reader, &nobody);
	diags_add(reader->diags, DIAG_WARNING,
	    &reader->cells[COLUMN_NAME]->place,
	    "the seat is vacant, so this row is not read");
}
