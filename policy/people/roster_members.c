#include <string.h>

#include "policy/people/roster_csv.h"

/* Suggestions compare with every id, so a file full of faults gets few. */
enum { SUGGESTING_ERRORS_MAX = 20 };

/* "group Independent": the words before a name that choose by it. */
static const struct {
	const char *word;
	enum member_kind kind;
} selections[] = {
    {"committee ", MEMBER_COMMITTEE},
    {"group ", MEMBER_PARTY},
    {"ward ", MEMBER_WARD},
};

static void
set_text(struct member *member, enum member_kind kind, char *text)
{
	g_free(member->text);
	member->text = text;
	member->kind = kind;
}

static void
add_key(GHashTable *names, const char *key)
{
	if (*key != '\0')
		g_hash_table_add(names, (gpointer)(guintptr)key);
}

/* What the roster knows of that kind: char *, ending with NULL. */
static gpointer *
known_names(const struct roster *roster, enum member_kind kind)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	guint i;
	char **c;

	for (i = 0; i < roster->persons->len; i++) {
		const struct person *person =
		    g_ptr_array_index(roster->persons, i);

		if (kind == MEMBER_PARTY)
			add_key(names, person->group_key);
		else if (kind == MEMBER_WARD)
			add_key(names, person->ward_key);
		else
			for (c = person->committees; *c != NULL; c++)
				add_key(names, *c);
	}
	return g_hash_table_get_keys_as_array(names, NULL);
}

static void
settle_selection(const struct roster *roster, struct member *member,
    enum member_kind kind, const char *name, struct diags *diags)
{
	g_autofree gpointer *names = known_names(roster, kind);
	const char *const *known = (const char *const *)names;
	const char *near;

	set_text(member, kind, name_fold(name));
	if (g_strv_contains(known, member->text))
		return;
	near = diag_suggest(member->text, known);
	diags_add(diags, DIAG_WARNING, &member->place,
	    "nobody on the roster has it%s%s%s",
	    near != NULL ? ", did you mean \"" : "", near != NULL ? near : "",
	    near != NULL ? "\"?" : "");
}

/* "all councillors" */
static void
settle_role(struct member *member, const char *plural, struct diags *diags)
{
	g_autofree char *one = g_strdup(plural);
	size_t len = strlen(one);
	const char *near;
	int role;

	if (len > 0 && g_ascii_tolower(one[len - 1]) == 's')
		one[len - 1] = '\0';
	role = role_by_name(one);
	if (role < 0) {
		g_autofree char *shown = roster_shown(plural);

		near = diag_suggest(one, role_words());
		diags_add(diags, DIAG_ERROR, &member->place,
		    "unknown role \"%s\"%s%s%s", shown,
		    near != NULL ? ", did you mean \"" : "",
		    near != NULL ? near : "", near != NULL ? "s\"?" : "");
		return;
	}
	member->kind = MEMBER_ROLE;
	member->role = (enum role)role;
}

static void
settle_address(
    const struct roster *roster, struct member *member, struct diags *diags)
{
	char *folded = address_fold(roster->rules, member->text);

	if (folded == NULL || *address_domain(folded) == '\0') {
		g_autofree char *shown = roster_shown(member->text);

		diags_add(diags, DIAG_ERROR, &member->place,
		    "\"%s\" is not an e-mail address", shown);
		g_free(folded);
		return;
	}
	set_text(member, MEMBER_ADDRESS, folded);
}

static void
unknown_id(const struct roster *roster, const struct member *member,
    struct diags *diags)
{
	g_autofree char *shown = roster_shown(member->text);
	g_autofree gpointer *ids = NULL;
	const char *near = NULL;

	if (diags_errors(diags) < SUGGESTING_ERRORS_MAX) {
		ids = g_hash_table_get_keys_as_array(roster->ids, NULL);
		near = diag_suggest(
		    member->text, (const char *const *)ids);
	}
	if (near != NULL)
		diags_add(diags, DIAG_ERROR, &member->place,
		    "no row has the id \"%s\", did you mean \"%s\"?", shown,
		    near);
	else
		diags_add(diags, DIAG_ERROR, &member->place,
		    "no row has the id \"%s\"", shown);
}

static void
settle_id(
    const struct roster *roster, struct member *member, struct diags *diags)
{
	g_autofree char *lower = g_ascii_strdown(member->text, -1);
	const struct owner *owner = g_hash_table_lookup(roster->ids, lower);

	if (owner == NULL) {
		unknown_id(roster, member, diags);
	} else if (owner->person != NULL) {
		member->kind = MEMBER_PERSON;
		member->person = owner->person;
		if (owner->person->addresses[0] == NULL)
			diags_add(diags, DIAG_WARNING, &member->place,
			    "%s has no address", owner->person->name);
	} else if (owner->group != NULL) {
		member->kind = MEMBER_GROUP;
		member->group = owner->group;
	}
}

static void
settle(const struct roster *roster, struct member *member, struct diags *diags)
{
	guint i;

	for (i = 0; i < G_N_ELEMENTS(selections); i++) {
		size_t len = strlen(selections[i].word);

		if (g_ascii_strncasecmp(
			member->text, selections[i].word, len) != 0)
			continue;
		settle_selection(roster, member, selections[i].kind,
		    member->text + len, diags);
		return;
	}
	if (g_ascii_strncasecmp(member->text, "all ", 4) == 0)
		settle_role(member, g_strchug(member->text + 4), diags);
	else if (strchr(member->text, '@') != NULL)
		settle_address(roster, member, diags);
	else
		settle_id(roster, member, diags);
}

void
roster_settle_members(struct roster *roster, struct diags *diags)
{
	guint i, j;

	for (i = 0; i < roster->groups->len; i++) {
		const struct group *group =
		    g_ptr_array_index(roster->groups, i);

		for (j = 0; j < group->members->len; j++)
			settle(roster, g_ptr_array_index(group->members, j),
			    diags);
	}
}
