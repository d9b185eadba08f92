#include <string.h>

#include "policy/policy.h"

static bool
holds_committee(const struct person *person, const char *committee)
{
	char **c;

	for (c = person->committees; c != NULL && *c != NULL; c++)
		if (strcmp(*c, committee) == 0)
			return true;
	return false;
}

/* Both folded: is it that domain or one below it? */
static bool
is_below(const char *domain, const char *parent)
{
	size_t len = strlen(domain), parent_len = strlen(parent);

	return len >= parent_len &&
	       strcmp(domain + len - parent_len, parent) == 0 &&
	       (len == parent_len || domain[len - parent_len - 1] == '.');
}

/* Whoever of them it was. */
static bool
holds_all(const struct class *class, const struct party *party, day on)
{
	struct party one = {.address = party->address};
	guint i;

	for (i = 0; i < party->members->len; i++) {
		one.person = g_ptr_array_index(party->members, i);
		if (!class_holds(class, &one, on))
			return false;
	}
	return true;
}

/*
 * Address and domain classes ask for the address that was used, not for all
 * addresses of its owner: a clerk who also reads the grievance mailbox must
 * not take an exemption of that mailbox along to everything else.
 */
bool
class_holds(const struct class *class, const struct party *party, day on)
{
	const struct person *person = party->person;
	guint i;

	if (party->members != NULL)
		return holds_all(class, party, on);
	switch (class->kind) {
	case CLASS_ANYONE:
		return true;
	case CLASS_ROLE:
		return person != NULL &&
		       person_has_role(person, class->role, on);
	case CLASS_OUTSIDER:
		return person == NULL;
	case CLASS_COMMITTEE:
		return person != NULL && holds_committee(person, class->text);
	case CLASS_GROUP:
		return person != NULL &&
		       strcmp(person->group_key, class->text) == 0;
	case CLASS_WARD:
		return person != NULL &&
		       strcmp(person->ward_key, class->text) == 0;
	case CLASS_PERSON:
		return person != NULL && person == class->person;
	case CLASS_ADDRESS:
		return strcmp(party->address, class->text) == 0;
	case CLASS_DOMAIN:
		return strcmp(address_domain(party->address), class->text) == 0;
	case CLASS_SUBDOMAINS:
		return is_below(address_domain(party->address), class->text);
	case CLASS_UNION:
		for (i = 0; i < class->members->len; i++)
			if (class_holds(g_ptr_array_index(class->members, i),
				party, on))
				return true;
		return false;
	}
	return false;
}
