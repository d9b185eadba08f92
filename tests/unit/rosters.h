/*
 * A roster with every kind of person and group, and what it takes to ask one
 * and to compare what is said about one.
 */
#ifndef TESTS_UNIT_ROSTERS_H
#define TESTS_UNIT_ROSTERS_H

#include "policy/people/roster.h"

/* The first line of a roster with every column. */
#define ROSTER_HEAD \
	"id,kind,name,title,roles,addresses,logins,group,ward,committees," \
	"language,members\n"

extern const char COUNCIL_ROSTER[];

/* Rules by which old.example counts as woodland-pc.example. */
struct address_rules *roster_rules(void);
/* Parses a text; found gets the findings, which the caller frees. */
struct roster *parse_roster(
    const char *text, const struct address_rules *, char **found);
/* COUNCIL_ROSTER, which is sound. */
struct roster *council_roster(const struct address_rules *);

/* The findings, one a line: "3:5: error: …". */
char *list_diags(const struct diags *);
/*
 * The members behind an address on a day, separated by spaces and without
 * "@woodland-pc.example"; NULL when it is no group.
 */
char *expand_group(
    const struct roster *, const char *address, const char *on);

void check_text(const char *name, const char *got, const char *want);

#endif
