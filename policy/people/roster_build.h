/*
 * The inside of a roster, shared by the files that build one: roster_csv.c
 * reads the people, aliases.c and alias_members.c the aliases, roster.c answers.
 * Nobody else includes it.
 *
 * The roster owns every person and group; the tables borrow them.
 */
#ifndef POLICY_PEOPLE_ROSTER_BUILD_H
#define POLICY_PEOPLE_ROSTER_BUILD_H

#include "policy/people/roster.h"

/* What a group or an alias is made of. */
enum member_kind {
	MEMBER_WORD,		/* as written; settled once all is read */
	MEMBER_ADDRESS,		/* folded; a person's, a group's, a stranger's */
	MEMBER_MAILBOX,		/* the same, but never expanded again */
	MEMBER_PERSON,
	MEMBER_GROUP,
	MEMBER_ROLE,		/* "all councillors" */
	MEMBER_COMMITTEE,	/* text by name_fold() */
	MEMBER_PARTY,		/* "group Independent" */
	MEMBER_WARD,
};

struct member {
	enum member_kind kind;
	char *text;
	enum role role;			/* MEMBER_ROLE */
	const struct person *person;	/* MEMBER_PERSON */
	struct group *group;		/* MEMBER_GROUP */
	struct place place;
};

/* Several people under one address: a group of the roster, or an alias. */
struct group {
	char *name;		/* its id or alias, for messages */
	GPtrArray *members;	/* struct member */
	struct place place;
	bool alias;
	enum { GROUP_NEW, GROUP_OPEN, GROUP_SOUND } state; /* loop check */
};

/* Whose an id, a login or an address is: one of both. */
struct owner {
	struct person *person;
	struct group *group;
	struct place place;
};

struct roster {
	const struct address_rules *rules;
	GStringChunk *strings;	/* of the persons */
	GPtrArray *persons;	/* struct person */
	GPtrArray *groups;	/* struct group, aliases too */
	GHashTable *ids;	/* lower case -> struct owner */
	GHashTable *logins;	/* lower case -> struct owner */
	GHashTable *addresses;	/* folded -> struct owner */
	GHashTable *aliases;	/* folded, or a local name -> struct group */
};

/* Bounds on what is read; a roster that meets one is no roster. */
enum {
	ROSTER_FILE_MAX = 8 * 1024 * 1024,	/* bytes, aliases too */
	ROSTER_ROWS_MAX = 50000,
};

struct roster *roster_new(const struct address_rules *);

/* Takes the person. */
void roster_add_person(struct roster *, struct person *);
/* A new group, owned by the roster. */
struct group *roster_add_group(
    struct roster *, const char *name, const struct place *, bool alias);
GPtrArray *group_members_new(void);
struct member *group_add_member(
    struct group *, enum member_kind, const char *text, const struct place *);

/* The group or alias that a folded address leads to, or NULL. */
struct group *roster_find_group(const struct roster *, const char *folded);

/* Settles the members of the groups from first on, which are aliases. */
void roster_settle_aliases(
    struct roster *, guint first, char *const *domains);

/* Adds an error for every group that contains itself; false if any does. */
bool roster_check_loops(struct roster *, struct diags *);

/*
 * A regular file of at most ROSTER_FILE_MAX bytes, NUL-terminated; NULL after
 * an error.
 */
char *roster_read_file(const char *path, size_t *len, struct diags *);
/* False after an error that says where the text is not UTF-8 and the remedy. */
bool roster_check_text(const char *file, const char *text, size_t len,
    const char *remedy, struct diags *);

/* Text of a file as it can stand in a message: short, and on one line. */
char *roster_shown(const char *text);

#endif
