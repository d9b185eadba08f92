#include "policy/detect/names.h"
#include "policy/policy.h"

/* What somebody who signs so may be, from the office alone. */
static bool
office_implies(const struct name *name, enum role role)
{
	if (name->role >= 0 && name->office != OFFICE_AMBIGUOUS)
		return role_implies((enum role)name->role, role);
	switch (name->office) {
	case OFFICE_COUNCILLOR:
	case OFFICE_CHAIR:
		return role == ROLE_COUNCILLOR;
	case OFFICE_OFFICER:
		return role == ROLE_OFFICER;
	case OFFICE_AMBIGUOUS:
		return role == ROLE_COUNCILLOR || role == ROLE_OFFICER;
	case OFFICE_NONE:
		break;
	}
	return false;
}

static bool
is_member(enum role role)
{
	return role_implies(role, ROLE_COUNCILLOR);
}

static bool
is_officer(enum role role)
{
	return role_implies(role, ROLE_OFFICER);
}

/* Somebody with both hats wears only one of them here. */
static bool
wears_other_hat(const struct name *name, enum role role)
{
	return (name->office == OFFICE_OFFICER && is_member(role)) ||
	       ((name->office == OFFICE_COUNCILLOR ||
		    name->office == OFFICE_CHAIR) &&
		   is_officer(role));
}

static bool
holds_role(const struct name *name, enum role role, day on)
{
	if (wears_other_hat(name, role))
		return false;
	return office_implies(name, role) ||
	       (name->person != NULL &&
		   person_has_role(name->person, role, on));
}

/* As a party, under any address of theirs. */
static bool
holds_person(const struct name *name, const struct class *class, day on)
{
	struct party party = {.person = name->person};
	char **address = name->person->addresses;
	char none[] = "";

	if (*address == NULL) {
		party.address = none;
		return class_holds(class, &party, on);
	}
	for (; *address != NULL; address++) {
		party.address = *address;
		if (class_holds(class, &party, on))
			return true;
	}
	return false;
}

bool
name_in_class(const struct name *name, const struct class *class, day on)
{
	guint i;

	switch (class->kind) {
	case CLASS_ANYONE:
		return true;
	case CLASS_OUTSIDER:
		return name->other_capacity ||
		       (name->person == NULL && name->office == OFFICE_NONE);
	case CLASS_UNION:
		for (i = 0; i < class->members->len; i++)
			if (name_in_class(
				name, g_ptr_array_index(class->members, i), on))
				return true;
		return false;
	case CLASS_ROLE:
		return !name->other_capacity &&
		       holds_role(name, class->role, on);
	case CLASS_COMMITTEE:
	case CLASS_GROUP:
	case CLASS_WARD:
	case CLASS_PERSON:
	case CLASS_ADDRESS:
	case CLASS_DOMAIN:
	case CLASS_SUBDOMAINS:
		return !name->other_capacity && name->person != NULL &&
		       holds_person(name, class, on);
	}
	return false;
}

const struct name *
names_in_class(
    const GPtrArray *names, const struct class *class, day on, double at_least)
{
	const struct name *best = NULL;
	guint i;

	for (i = 0; i < names->len; i++) {
		const struct name *name = g_ptr_array_index(names, i);

		if (name->probability >= at_least &&
		    (best == NULL || name->probability > best->probability) &&
		    name_in_class(name, class, on))
			best = name;
	}
	return best;
}
