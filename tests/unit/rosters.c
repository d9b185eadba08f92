#include <string.h>

#include "tests/unit/rosters.h"
#include "tests/unit/unit.h"

const char COUNCIL_ROSTER[] =
    ROSTER_HEAD
    "clerk,,Alex Morgan,,clerk,clerk@woodland-pc.example;"
    "alex@home.example,alex,,,,,\n"
    "deputy,person,Robin Lee,,junior officer to 2026-06-30,"
    "deputy@woodland-pc.example,,,,,,\n"
    "cllr.patel,,Priya Patel,Cllr,councillor from 2023-05-04; chair from "
    "2025-05-12 to 2026-05-11,patel@woodland-pc.example,,Independent,North,"
    "\"Planning;Finance and  General Purposes\",,\n"
    "cllr.jones,,Jane Jones,Cllr,councillor,\"Jones@woodland-pc.example\n"
    "council+jones@mail.example\",,Residents,South,planning,,\n"
    "cllr.smith,,Sam Smith,Cllr,councillor,smith@woodland-pc.example;"
    "council+smith@mail.example,,independent,north,,,\n"
    "cllr.hughes,,Owen Hughes,Cllr,councillor from 2027-05-06,"
    "hughes@woodland-pc.example,,Independent,North,Planning,CY,\n"
    "office,group,,,,office@woodland-pc.example,,,,,,clerk; DEPUTY; "
    "temp@agency.example\n"
    "members,group,,,,members@woodland-pc.example,,,,,,all councillors\n"
    "planning,group,,,,planning@woodland-pc.example,,,,,,Committee "
    "PLANNING;clerk\n"
    "north,group,,,,north@woodland-pc.example,,,,,,ward North\n"
    "indep,group,,,,indep@woodland-pc.example;council@mail.example,,,,,,"
    "group independent\n"
    "everyone,group,,,,everyone@woodland-pc.example,,,,,,"
    "members@woodland-pc.example;office;all officers\n";

struct address_rules *
roster_rules(void)
{
	struct address_rules *rules = address_rules_new();

	ck_assert(address_rules_add_equivalent(
	    rules, "old.example", "woodland-pc.example", NULL));
	return rules;
}

char *
list_diags(const struct diags *diags)
{
	static const char *const levels[] = {"error", "warning", "note"};
	GString *out = g_string_new(NULL);
	unsigned i;

	for (i = 0; i < diags_count(diags); i++) {
		const struct diag *d = diags_get(diags, i);

		g_string_append_printf(out, "%s%u:%u: %s: %s",
		    i > 0 ? "\n" : "", d->place.line, d->place.column,
		    levels[d->level], d->message);
	}
	return g_string_free(out, FALSE);
}

void
check_text(const char *name, const char *got, const char *want)
{
	ck_assert_msg(g_strcmp0(got, want) == 0, "%s: got\n%s\nwant\n%s", name,
	    got != NULL ? got : "NULL", want != NULL ? want : "NULL");
}

struct roster *
parse_roster(const char *text, const struct address_rules *rules, char **found)
{
	g_autoptr(diags) diags = diags_new();
	struct roster *roster =
	    roster_parse("r", text, strlen(text), rules, diags);

	ck_assert((roster == NULL) == (diags_errors(diags) > 0));
	*found = list_diags(diags);
	return roster;
}

struct roster *
council_roster(const struct address_rules *rules)
{
	g_autofree char *found = NULL;
	struct roster *roster = parse_roster(COUNCIL_ROSTER, rules, &found);

	ck_assert_msg(*found == '\0', "%s", found);
	return roster;
}

char *
expand_group(const struct roster *roster, const char *address, const char *on)
{
	g_autoptr(GPtrArray) found = NULL;
	GString *out;
	day d = 0;
	guint i;

	ck_assert(day_parse(on, &d));
	found = roster_expand(roster, address, d);
	if (found == NULL)
		return NULL;
	out = g_string_new(NULL);
	for (i = 0; i < found->len; i++)
		g_string_append_printf(out, "%s%s", i > 0 ? " " : "",
		    (char *)g_ptr_array_index(found, i));
	g_string_replace(out, "@woodland-pc.example", "", 0);
	return g_string_free(out, FALSE);
}
