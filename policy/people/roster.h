/*
 * The roster: who is a councillor, who an officer, since when and until when,
 * under which addresses; and the addresses that stand for several of them.
 * council.roster(5) describes the file.
 *
 * A roster is built by one thread and read-only afterwards; whoever holds the
 * policy that loaded it may read it from any thread.  Persons live as long as
 * their roster.
 */
#ifndef POLICY_PEOPLE_ROSTER_H
#define POLICY_PEOPLE_ROSTER_H

#include <glib.h>
#include <stdbool.h>

#include "policy/people/address.h"
#include "policy/diag.h"

/*
 * The roles that the protocols know.  A role implies what stands in
 * role_implies(): the proper officer and a junior officer are officers; the
 * chair, vice-chair, mayor and leader are councillors.  A committee member is
 * a co-opted member of a committee who is not a councillor.
 */
enum role {
	ROLE_COUNCILLOR,
	ROLE_OFFICER,
	ROLE_PROPER_OFFICER,	/* "clerk" and "proper-officer" */
	ROLE_JUNIOR_OFFICER,
	ROLE_CHAIR,
	ROLE_VICE_CHAIR,
	ROLE_MAYOR,
	ROLE_LEADER,
	ROLE_COMMITTEE_MEMBER,
	ROLE_COUNT
};

/* A day as a proleptic Gregorian Julian day (g_date_get_julian()). */
typedef guint32 day;

enum { DAY_FIRST = 0, DAY_LAST = G_MAXUINT32 };

/* A role held from one day to another, both included. */
struct tenure {
	enum role role;
	day from, to;
};

struct person {
	const char *id;		/* stable, e.g. "cllr.jones" */
	const char *name;	/* "Jane Jones", as it appears in a footer */
	const char *title;	/* "Cllr", or "" */
	const char *group;	/* political group, or "" */
	const char *ward;	/* or "" */
	const char *group_key;	/* both again by name_fold(), to compare */
	const char *ward_key;
	const char *language;	/* BCP 47 in lower case, or "" */
	char **committees;	/* by name_fold(), NULL-terminated */
	char **addresses;	/* folded, NULL-terminated, may be empty; the
				 * first is where notices go */
	char *mail;		/* the first address as written, or NULL */
	char **logins;		/* SASL logins, lower case, NULL-terminated */
	GArray *tenures;	/* struct tenure */
	unsigned line;		/* in the roster file */
	unsigned index;		/* 0 … roster_count() - 1 */
};

struct roster;

/*
 * Reads a roster in the CSV form of council.roster(5).  Every fault is added
 * to diags with its line; the result is NULL when there was an error.
 * rules must outlive the roster.
 */
struct roster *roster_load(
    const char *path, const struct address_rules *rules, struct diags *);
/* The same from memory; name stands for the file in diagnostics. */
struct roster *roster_parse(const char *name, const char *text, size_t len,
    const struct address_rules *rules, struct diags *);
void roster_free(struct roster *);

/*
 * Adds the aliases of an aliases(5) file: "name: member, member", members
 * being addresses, local names, other aliases or :include: files.  A name
 * without a domain exists in every domain of domains (NULL-terminated,
 * folded).  Members that are commands or files are ignored with a warning,
 * loops are errors.
 *
 * The roster outranks the aliases.  An alias for a person's own address says
 * where their mail is delivered: it adds the roster's people to the person,
 * and strangers not at all.  An alias named like a group is ignored with a
 * warning.
 */
bool roster_load_aliases(struct roster *, const char *path,
    char *const *domains, struct diags *);
/* The same from memory; name stands for the file, also for :include:. */
bool roster_parse_aliases(struct roster *, const char *name, const char *text,
    size_t len, char *const *domains, struct diags *);

unsigned roster_count(const struct roster *);
const struct person *roster_person(const struct roster *, unsigned index);
/* Ids are compared without regard to case; groups are not found. */
const struct person *roster_find_id(const struct roster *, const char *id);
/*
 * The person who owns an address, as written or folded: exactly, else without
 * its extension.  NULL for strangers, and for groups.
 */
const struct person *roster_find_address(
    const struct roster *, const char *address);
/* The same for an address that is known to be folded. */
const struct person *roster_find_folded(
    const struct roster *, const char *folded);
/*
 * The person who logs in so: a login of the roster, or one of the addresses.
 * NULL for a login that belongs to a group.
 */
const struct person *roster_find_login(
    const struct roster *, const char *login);

/*
 * What a folded address stands for, through any number of groups and aliases.
 * Returns NULL when it is neither; otherwise an array of folded addresses
 * (char *), persons and strangers alike, each once, which the caller unrefs.
 * Roles of dynamic groups ("all councillors") are judged on the given day.
 */
GPtrArray *roster_expand(
    const struct roster *, const char *folded, day on);

bool person_has_role(const struct person *, enum role, day on);
/* Any role at all on that day: someone who left is an outsider again. */
bool person_in_post(const struct person *, day on);
/* "Cllr Jane Jones", or the bare name when there is no title. */
char *person_display(const struct person *);

/*
 * The word of the language ("proper-officer") and back; -1 if unknown.  Back
 * it goes without regard to case, from "clerk" and from "proper officer" too.
 */
const char *role_name(enum role);
int role_by_name(const char *word);
bool role_implies(enum role, enum role implied);
/* Every word that role_by_name() knows, ending with NULL, for suggestions. */
const char *const *role_words(void);

/*
 * The name of a committee, group or ward in the form in which two spellings
 * compare equal: case and space do not count.  Freed with g_free().
 */
char *name_fold(const char *);

day day_today(void);
day day_of_time(gint64 unix_seconds);	/* in local time */
/* "2026-05-07"; false if it is not a date. */
bool day_parse(const char *text, day *);
char *day_format(day);	/* "" for DAY_FIRST and DAY_LAST */

typedef struct roster roster; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(roster, roster_free)

#endif
