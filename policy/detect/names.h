/*
 * In whose name a message goes out: From and Sender, "on behalf of", the last
 * sign-off of the author's own words and of a letter attached, letterheads and
 * "pp", matched to the roster; titles in English and Welsh, mutations too.
 *
 * Used like marking.h.
 */
#ifndef POLICY_DETECT_NAMES_H
#define POLICY_DETECT_NAMES_H

#include <glib.h>
#include <stdbool.h>

#include "policy/diag.h"
#include "policy/facts.h"
#include "policy/level.h"
#include "policy/pattern/file.h"
#include "policy/people/roster.h"
#include "policy/text/content.h"

struct class;

/* By which sign. */
enum name_sign {
	NAME_FROM,		/* From: address or display name */
	NAME_SENDER,		/* Sender, or "on behalf of" in From */
	NAME_SIGNOFF,		/* the message's last sign-off */
	NAME_ATTACHED,		/* an attached letter's sign-off */
	NAME_LETTERHEAD,
	NAME_SIGN_COUNT
};
const char *name_sign_name(enum name_sign);

/* As what somebody signs. */
enum name_office {
	OFFICE_NONE,		/* a name alone, not on the roster */
	OFFICE_COUNCILLOR,
	OFFICE_CHAIR,		/* chair, mayor, leader: councillors too */
	OFFICE_OFFICER,
	OFFICE_AMBIGUOUS,	/* both, or the council as such */
};
/* "nobody", "councillor", "chair", "officer", "ambiguous" */
const char *name_office_name(enum name_office);

struct name {
	enum name_sign sign;
	enum name_office office;
	int role;		/* the office exactly, enum role; -1 when only
				 * the roster can tell */
	const struct person *person;	/* whom the roster knows by it, in post
					 * on the day; NULL for a stranger and
					 * for a name that two people share */
	double probability;
	guint segment;		/* G_MAXUINT where the header is the sign */
	gsize start, end;
	bool for_another;	/* "pp", "on behalf of": signed by another hand */
	bool other_capacity;	/* "as a resident", "for the football club" */
};

struct class;
struct name_rules;

struct name_rules *name_rules_new(const GPtrArray *blocks, struct diags *);
void name_rules_free(struct name_rules *);
void name_rules_try(const struct name_rules *, struct diags *);

/*
 * All signs that were found, struct name, freed with the array.  headers may
 * be NULL, and roster, for nobody; on: the day, for offices that begin and end.
 */
GPtrArray *names_find(const struct name_rules *, const struct roster *,
    const struct header_facts *, const struct content *, day on);

/*
 * Whom a display name names by full name, in either order, with a title or
 * without: "Jones, Jane", "Cllr Jane Jones".  NULL for strangers, and where two
 * people in post have that name.
 */
const struct person *names_find_person(
    const struct roster *, const char *display_name, day on);

/*
 * Is whom the name stands for in the class?  A person is, as a party; an
 * office without a person is in the classes of roles that it implies, and in
 * unions of them.  Who signs as an officer does not sign as the councillor
 * that they are as well; an ambiguous name is in the classes of both.  A name
 * in another capacity stands for an outsider.
 */
bool name_in_class(const struct name *, const struct class *, day on);
/*
 * The surest of the names that are in the class, with at least that
 * probability, or NULL: "message is in the name of CLASS".
 */
const struct name *names_in_class(const GPtrArray *names,
    const struct class *, day on, double at_least);

#endif
