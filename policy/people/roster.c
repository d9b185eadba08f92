#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "policy/people/roster_build.h"

static void
person_free(void *p)
{
	struct person *person = p;

	g_strfreev(person->committees);
	g_strfreev(person->addresses);
	g_strfreev(person->logins);
	g_free(person->mail);
	g_array_unref(person->tenures);
	g_free(person);
}

static void
member_free(void *p)
{
	struct member *member = p;

	g_free(member->text);
	g_free(member);
}

static void
group_free(void *p)
{
	struct group *group = p;

	g_ptr_array_unref(group->members);
	g_free(group->name);
	g_free(group);
}

struct roster *
roster_new(const struct address_rules *rules)
{
	struct roster *roster = g_new0(struct roster, 1);

	roster->rules = rules;
	roster->strings = g_string_chunk_new(1024);
	roster->persons = g_ptr_array_new_with_free_func(person_free);
	roster->groups = g_ptr_array_new_with_free_func(group_free);
	roster->ids =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	roster->logins =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	roster->addresses =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	roster->aliases =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return roster;
}

void
roster_free(struct roster *roster)
{
	if (roster == NULL)
		return;
	g_hash_table_unref(roster->aliases);
	g_hash_table_unref(roster->addresses);
	g_hash_table_unref(roster->logins);
	g_hash_table_unref(roster->ids);
	g_ptr_array_unref(roster->groups);
	g_ptr_array_unref(roster->persons);
	g_string_chunk_free(roster->strings);
	g_free(roster);
}

void
roster_add_person(struct roster *roster, struct person *person)
{
	person->index = roster->persons->len;
	g_ptr_array_add(roster->persons, person);
}

struct group *
roster_add_group(struct roster *roster, const char *name,
    const struct place *place, bool alias)
{
	struct group *group = g_new0(struct group, 1);

	group->name = g_strdup(name);
	group->members = group_members_new();
	group->place = *place;
	group->alias = alias;
	g_ptr_array_add(roster->groups, group);
	return group;
}

GPtrArray *
group_members_new(void)
{
	return g_ptr_array_new_with_free_func(member_free);
}

struct member *
group_add_member(struct group *group, enum member_kind kind, const char *text,
    const struct place *place)
{
	struct member *member = g_new0(struct member, 1);

	member->kind = kind;
	member->text = g_strdup(text);
	member->place = *place;
	g_ptr_array_add(group->members, member);
	return member;
}

unsigned
roster_count(const struct roster *roster)
{
	return roster->persons->len;
}

const struct person *
roster_person(const struct roster *roster, unsigned index)
{
	return g_ptr_array_index(roster->persons, index);
}

static const struct owner *
find_lower(GHashTable *table, const char *word)
{
	g_autofree char *lower = g_ascii_strdown(word, -1);

	return g_hash_table_lookup(table, lower);
}

const struct person *
roster_find_id(const struct roster *roster, const char *id)
{
	const struct owner *owner = find_lower(roster->ids, id);

	return owner != NULL ? owner->person : NULL;
}

const struct person *
roster_find_folded(const struct roster *roster, const char *folded)
{
	const struct owner *owner =
	    g_hash_table_lookup(roster->addresses, folded);
	g_autofree char *bare = NULL;

	if (owner == NULL) {
		bare = address_strip_extension(roster->rules, folded);
		if (bare != NULL)
			owner = g_hash_table_lookup(roster->addresses, bare);
	}
	return owner != NULL ? owner->person : NULL;
}

const struct person *
roster_find_address(const struct roster *roster, const char *address)
{
	g_autofree char *folded = address_fold(roster->rules, address);

	return folded != NULL ? roster_find_folded(roster, folded) : NULL;
}

const struct person *
roster_find_login(const struct roster *roster, const char *login)
{
	const struct owner *owner = find_lower(roster->logins, login);

	return owner != NULL ? owner->person
			     : roster_find_address(roster, login);
}

static struct group *
find_group_exactly(const struct roster *roster, const char *folded)
{
	const struct owner *owner =
	    g_hash_table_lookup(roster->addresses, folded);

	if (owner != NULL && owner->group != NULL)
		return owner->group;
	return g_hash_table_lookup(roster->aliases, folded);
}

struct group *
roster_find_group(const struct roster *roster, const char *folded)
{
	struct group *group = find_group_exactly(roster, folded);
	g_autofree char *bare = NULL;

	/* An address with an extension may be somebody's in its own right. */
	if (group != NULL || g_hash_table_contains(roster->addresses, folded))
		return group;
	bare = address_strip_extension(roster->rules, folded);
	return bare != NULL ? find_group_exactly(roster, bare) : NULL;
}

/*
 * An expansion under way.  Groups wait in a list instead of on the stack, and
 * each is opened once, so that neither depth nor repetition costs anything.
 */
struct expansion {
	const struct roster *roster;
	day on;
	GPtrArray *found;  /* char *, the result */
	GHashTable *seen;  /* its members */
	GPtrArray *groups; /* struct group, opened and waiting */
	GHashTable *opened;
};

static void
add_address(struct expansion *x, const char *folded)
{
	char *copy;

	if (folded == NULL || g_hash_table_contains(x->seen, folded))
		return;
	copy = g_strdup(folded);
	g_ptr_array_add(x->found, copy);
	g_hash_table_add(x->seen, copy);
}

static void
add_group(struct expansion *x, struct group *group)
{
	if (g_hash_table_add(x->opened, group))
		g_ptr_array_add(x->groups, group);
}

static bool
on_committee(const struct person *person, const char *committee)
{
	return g_strv_contains(
	    (const char *const *)person->committees, committee);
}

static bool
belongs(const struct person *person, const struct member *member, day on)
{
	if (member->kind == MEMBER_ROLE)
		return person_has_role(person, member->role, on);
	if (!person_in_post(person, on))
		return false;
	switch (member->kind) {
	case MEMBER_COMMITTEE:
		return on_committee(person, member->text);
	case MEMBER_PARTY:
		return strcmp(person->group_key, member->text) == 0;
	case MEMBER_WARD:
		return strcmp(person->ward_key, member->text) == 0;
	default:
		return false;
	}
}

static void
add_member(struct expansion *x, const struct member *member)
{
	struct group *group;
	guint i;

	switch (member->kind) {
	case MEMBER_WORD:
		return;
	case MEMBER_ADDRESS:
		group = roster_find_group(x->roster, member->text);
		if (group != NULL)
			add_group(x, group);
		else
			add_address(x, member->text);
		return;
	case MEMBER_MAILBOX:
		add_address(x, member->text);
		return;
	case MEMBER_PERSON:
		add_address(x, member->person->addresses[0]);
		return;
	case MEMBER_GROUP:
		add_group(x, member->group);
		return;
	case MEMBER_ROLE:
	case MEMBER_COMMITTEE:
	case MEMBER_PARTY:
	case MEMBER_WARD:
		for (i = 0; i < x->roster->persons->len; i++) {
			const struct person *person =
			    g_ptr_array_index(x->roster->persons, i);

			if (belongs(person, member, x->on))
				add_address(x, person->addresses[0]);
		}
		return;
	}
}

GPtrArray *
roster_expand(const struct roster *roster, const char *folded, day on)
{
	struct group *first = roster_find_group(roster, folded);
	struct expansion x = {.roster = roster, .on = on};
	guint i, j;

	if (first == NULL)
		return NULL;
	x.found = g_ptr_array_new_with_free_func(g_free);
	x.seen = g_hash_table_new(g_str_hash, g_str_equal);
	x.groups = g_ptr_array_new();
	x.opened = g_hash_table_new(NULL, NULL);
	add_group(&x, first);
	for (i = 0; i < x.groups->len; i++) {
		const struct group *group = g_ptr_array_index(x.groups, i);

		for (j = 0; j < group->members->len; j++)
			add_member(&x, g_ptr_array_index(group->members, j));
	}
	g_hash_table_unref(x.opened);
	g_ptr_array_unref(x.groups);
	g_hash_table_unref(x.seen);
	return x.found;
}

static struct group *
member_group(const struct roster *roster, const struct member *member)
{
	if (member->kind == MEMBER_GROUP)
		return member->group;
	if (member->kind == MEMBER_ADDRESS)
		return roster_find_group(roster, member->text);
	return NULL;
}

/* A group whose members are being looked at, and the next one of them. */
struct open_group {
	struct group *group;
	guint next;
};

static void
open_group(GArray *path, struct group *group)
{
	struct open_group entry = {group, 0};

	group->state = GROUP_OPEN;
	g_array_append_val(path, entry);
}

/* Depth first; the path is a list, because a file may nest at will. */
static bool
check_group(struct roster *roster, struct group *first, struct diags *diags)
{
	g_autoptr(GArray) path =
	    g_array_new(FALSE, FALSE, sizeof(struct open_group));
	bool sound = true;

	open_group(path, first);
	while (path->len > 0) {
		struct open_group *top =
		    &g_array_index(path, struct open_group, path->len - 1);
		const struct member *member;
		struct group *inner;

		if (top->next == top->group->members->len) {
			top->group->state = GROUP_SOUND;
			g_array_set_size(path, path->len - 1);
			continue;
		}
		member = g_ptr_array_index(top->group->members, top->next++);
		inner = member_group(roster, member);
		if (inner == NULL || inner->state == GROUP_SOUND)
			continue;
		if (inner->state == GROUP_OPEN) {
			g_autofree char *name = roster_shown(inner->name);

			diags_add(diags, DIAG_ERROR, &member->place,
			    "\"%s\" contains itself", name);
			sound = false;
			continue;
		}
		open_group(path, inner);
	}
	return sound;
}

bool
roster_check_loops(struct roster *roster, struct diags *diags)
{
	bool sound = true;
	guint i;

	/* New aliases can close a circle of groups that were sound before. */
	for (i = 0; i < roster->groups->len; i++) {
		struct group *group = g_ptr_array_index(roster->groups, i);

		group->state = GROUP_NEW;
	}
	for (i = 0; i < roster->groups->len; i++) {
		struct group *group = g_ptr_array_index(roster->groups, i);

		if (group->state == GROUP_NEW)
			sound &= check_group(roster, group, diags);
	}
	return sound;
}

char *
roster_read_file(const char *path, size_t *len, struct diags *diags)
{
	struct place place = {g_intern_string(path), 0, 0, 1};
	g_autoptr(GError) error = NULL;
	GStatBuf status;
	char *text;
	gsize size;

	if (g_stat(path, &status) != 0) {
		diags_add(diags, DIAG_ERROR, &place, "cannot be read: %s",
		    g_strerror(errno));
		return NULL;
	}
	if (!S_ISREG(status.st_mode)) {
		diags_add(diags, DIAG_ERROR, &place, "is not a file");
		return NULL;
	}
	if (status.st_size > ROSTER_FILE_MAX) {
		diags_add(diags, DIAG_ERROR, &place,
		    "is larger than %d MiB; is it the right file?",
		    ROSTER_FILE_MAX / (1024 * 1024));
		return NULL;
	}
	if (!g_file_get_contents(path, &text, &size, &error)) {
		diags_add(diags, DIAG_ERROR, &place, "%s", error->message);
		return NULL;
	}
	*len = size;
	return text;
}

char *
roster_shown(const char *text)
{
	enum { SHOWN_MAX = 60 };
	g_autofree char *line = g_utf8_make_valid(text, -1);

	g_strdelimit(line, "\t\r\n", ' ');
	if (g_utf8_strlen(line, -1) > SHOWN_MAX) {
		g_autofree char *start = g_utf8_substring(line, 0, SHOWN_MAX);

		return g_strconcat(start, "…", NULL);
	}
	return g_steal_pointer(&line);
}

/* "12:5", counting lines and characters as struct place does. */
static void
count_place(const char *text, const char *at, struct place *place)
{
	place->line = place->column = 1;
	for (; text < at; text++) {
		if (*text == '\n') {
			place->line++;
			place->column = 1;
		} else if (((guchar)*text & 0xc0) != 0x80) {
			place->column++;
		}
	}
}

bool
roster_check_text(const char *file, const char *text, size_t len,
    const char *remedy, struct diags *diags)
{
	struct place place = {g_intern_string(file), 1, 1, 1};
	const char *bad;

	if (g_utf8_validate_len(text, len, &bad))
		return true;
	if (len >= 4 && memcmp(text, "PK\003\004", 4) == 0) {
		diags_add(diags, DIAG_ERROR, &place,
		    "this is a spreadsheet or an archive; %s", remedy);
		return false;
	}
	if (len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 ||
			    memcmp(text, "\xfe\xff", 2) == 0)) {
		diags_add(diags, DIAG_ERROR, &place, "this is UTF-16 text; %s",
		    remedy);
		return false;
	}
	count_place(text, bad, &place);
	if (*bad == '\0')
		diags_add(diags, DIAG_ERROR, &place,
		    "there is a NUL byte; this is not a text file");
	else
		diags_add(diags, DIAG_ERROR, &place,
		    "byte 0x%02X is not UTF-8, perhaps Windows-1252; %s",
		    (guchar)*bad, remedy);
	return false;
}
