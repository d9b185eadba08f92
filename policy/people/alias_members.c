#include <string.h>

#include "policy/people/roster_build.h"

/* Adds an address that an alias, the roster or a group of it knows. */
static bool
add_known(const struct roster *roster, struct group *group,
    const struct member *member, const char *address)
{
	const struct group *inner = member->kind == MEMBER_WORD
					? roster_find_group(roster, address)
					: NULL;
	enum member_kind kind = MEMBER_MAILBOX;

	if (inner != NULL && inner != group)
		kind = MEMBER_ADDRESS;
	else if (roster_find_folded(roster, address) == NULL)
		return false;
	group_add_member(group, kind, address, &member->place);
	return true;
}

/* Adds a local name in each domain where somebody knows it. */
static bool
add_known_local(const struct roster *roster, struct group *group,
    const struct member *member, char *const *domains)
{
	bool known = false;

	for (; *domains != NULL; domains++) {
		g_autofree char *address =
		    g_strconcat(member->text, "@", *domains, NULL);

		known |= add_known(roster, group, member, address);
	}
	return known;
}

/*
 * A local name that is no alias is a mailbox in the council's own domains: in
 * those where somebody knows it, or else in the first.  An alias that lists
 * itself means the mailbox of that name.
 */
static void
settle_member(const struct roster *roster, struct group *group,
    const struct member *member, char *const *domains)
{
	bool local = *address_domain(member->text) == '\0';
	g_autofree char *address = NULL;
	enum member_kind kind;

	if (add_known(roster, group, member, member->text) ||
	    (local && add_known_local(roster, group, member, domains)))
		return;
	address = local && *domains != NULL
		      ? g_strconcat(member->text, "@", *domains, NULL)
		      : g_strdup(member->text);
	/* Another aliases file may yet say what a word stands for. */
	kind = member->kind == MEMBER_WORD &&
		       roster_find_group(roster, member->text) == NULL
		   ? MEMBER_ADDRESS
		   : MEMBER_MAILBOX;
	group_add_member(group, kind, address, &member->place);
}

static const struct person *
address_owner(const struct roster *roster, const char *address)
{
	const struct owner *owner =
	    g_hash_table_lookup(roster->addresses, address);

	return owner != NULL ? owner->person : NULL;
}

/* The person whose own address the alias is, or NULL. */
static const struct person *
alias_owner(const struct roster *roster, const char *name, char *const *domains)
{
	const struct person *person = address_owner(roster, name);

	if (*address_domain(name) != '\0')
		return person;
	for (; *domains != NULL && person == NULL; domains++) {
		g_autofree char *address =
		    g_strconcat(name, "@", *domains, NULL);

		person = address_owner(roster, address);
	}
	return person;
}

/* See roster_load_aliases(): delivery elsewhere does not make a stranger. */
static void
keep_owner(const struct roster *roster, struct group *group,
    const struct person *owner)
{
	struct member *member;
	guint i = group->members->len;

	while (i > 0) {
		member = g_ptr_array_index(group->members, --i);
		if (roster_find_group(roster, member->text) == NULL &&
		    roster_find_folded(roster, member->text) == NULL)
			g_ptr_array_remove_index(group->members, i);
	}
	member = group_add_member(
	    group, MEMBER_PERSON, owner->addresses[0], &group->place);
	member->person = owner;
}

void
roster_settle_aliases(struct roster *roster, guint first, char *const *domains)
{
	guint i, j;

	for (i = first; i < roster->groups->len; i++) {
		struct group *group = g_ptr_array_index(roster->groups, i);
		const struct person *owner =
		    alias_owner(roster, group->name, domains);
		g_autoptr(GPtrArray) written = group->members;

		group->members = group_members_new();
		for (j = 0; j < written->len; j++)
			settle_member(roster, group,
			    g_ptr_array_index(written, j), domains);
		if (owner != NULL)
			keep_owner(roster, group, owner);
	}
}
