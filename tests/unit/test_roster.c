#include <stdlib.h>
#include <time.h>

#include "tests/unit/rosters.h"
#include "tests/unit/unit.h"

START_TEST(reads_files)
{
	struct address_rules *rules = roster_rules();
	char *directory = unit_directory();
	g_autofree char *path = unit_write(directory, "r.csv", COUNCIL_ROSTER);
	g_autofree char *none = g_build_filename(directory, "none", NULL);
	g_autoptr(diags) diags = diags_new();
	struct roster *roster = roster_load(path, rules, diags);
	g_autofree char *found = NULL;

	ck_assert_ptr_nonnull(roster);
	ck_assert_uint_eq(roster_count(roster), 6);
	roster_free(roster);
	ck_assert_ptr_null(roster_load(none, rules, diags));
	ck_assert_ptr_null(roster_load(directory, rules, diags));
	found = list_diags(diags);
	check_text("files", found,
	    "0:0: error: cannot be read: No such file or directory\n"
	    "0:0: error: is not a file");
	unit_remove(directory);
	g_free(directory);
	address_rules_free(rules);
}
END_TEST

START_TEST(reads_the_sample)
{
	struct address_rules *rules = address_rules_new();
	g_autofree char *path = unit_source("conf", "council.roster", NULL);
	g_autofree char *aliases = unit_source("conf", "council.aliases", NULL);
	char domain[] = "woodland-pc.example";
	char *domains[] = {domain, NULL};
	g_autoptr(diags) diags = diags_new();
	struct roster *roster = roster_load(path, rules, diags);
	g_autofree char *found = NULL;

	if (roster != NULL)
		roster_load_aliases(roster, aliases, domains, diags);
	found = list_diags(diags);
	check_text("sample", found, "");
	ck_assert_ptr_nonnull(roster_find_id(roster, "cllr.muller"));
	roster_free(roster);
	address_rules_free(rules);
}
END_TEST

START_TEST(knows_people)
{
	struct address_rules *rules = roster_rules();
	struct roster *roster = council_roster(rules);
	const struct person *p = roster_find_id(roster, "CLLR.patel");
	g_autofree char *display = person_display(p);

	ck_assert_str_eq(display, "Cllr Priya Patel");
	ck_assert_str_eq(p->group, "Independent");
	ck_assert_str_eq(p->group_key, "independent");
	ck_assert_str_eq(p->ward_key, "north");
	ck_assert_str_eq(p->committees[0], "planning");
	ck_assert_str_eq(p->committees[1], "finance and general purposes");
	ck_assert_uint_eq(p->line, 4);
	p = roster_find_id(roster, "cllr.jones");
	ck_assert_str_eq(p->mail, "Jones@woodland-pc.example");
	ck_assert_str_eq(p->addresses[0], "jones@woodland-pc.example");
	ck_assert_uint_eq(p->line, 5);
	ck_assert_ptr_eq(roster_person(roster, p->index), p);
	p = roster_find_id(roster, "cllr.hughes");
	ck_assert_str_eq(p->language, "cy");
	ck_assert_uint_eq(p->line, 8);
	ck_assert_ptr_null(roster_find_id(roster, "office"));
	ck_assert_ptr_null(roster_find_id(roster, "nobody"));
	roster_free(roster);
	address_rules_free(rules);
}
END_TEST

/* want: an id, or NULL */
static const struct {
	const char *name, *address, *want;
} owners[] = {
    {"exactly", "clerk@woodland-pc.example", "clerk"},
    {"as written", "<CLERK@Woodland-PC.example.>", "clerk"},
    {"second address", "alex@home.example", "clerk"},
    {"equivalent domain", "smith@old.example", "cllr.smith"},
    {"extension", "smith+news@woodland-pc.example", "cllr.smith"},
    {"extension of the roster's own", "council+smith@mail.example",
	"cllr.smith"},
    {"the other's extension", "council+jones@mail.example", "cllr.jones"},
    {"nobody's extension", "council+x@mail.example", NULL},
    {"without its extension a group's", "council@mail.example", NULL},
    {"group", "office@woodland-pc.example", NULL},
    {"group with extension", "office+x@woodland-pc.example", NULL},
    {"stranger", "stranger@elsewhere.example", NULL},
    {"garbage", "@@", NULL},
};

START_TEST(finds_owners)
{
	struct address_rules *rules = roster_rules();
	struct roster *roster = council_roster(rules);
	const struct person *p = roster_find_address(roster, owners[_i].address);

	check_text(owners[_i].name, p != NULL ? p->id : NULL, owners[_i].want);
	roster_free(roster);
	address_rules_free(rules);
}
END_TEST

static const struct {
	const char *login, *want;
} logins[] = {
    {"alex", "clerk"},
    {"ALEX", "clerk"},
    {"clerk@woodland-pc.example", "clerk"},
    {"Smith@old.example", "cllr.smith"},
    {"smith", NULL},
    {"office@woodland-pc.example", NULL},
    {"", NULL},
};

START_TEST(finds_logins)
{
	struct address_rules *rules = roster_rules();
	struct roster *roster = council_roster(rules);
	const struct person *p = roster_find_login(roster, logins[_i].login);

	check_text(logins[_i].login, p != NULL ? p->id : NULL, logins[_i].want);
	roster_free(roster);
	address_rules_free(rules);
}
END_TEST

static const struct {
	const char *name, *address, *on, *want;
} groups[] = {
    {"static", "office@woodland-pc.example", "2026-06-01",
	"clerk deputy temp@agency.example"},
    {"static keeps who left", "office@woodland-pc.example", "2026-07-01",
	"clerk deputy temp@agency.example"},
    {"role", "members@woodland-pc.example", "2026-06-01",
	"patel jones smith"},
    {"role later", "members@woodland-pc.example", "2027-06-01",
	"patel jones smith hughes"},
    {"role earlier", "members@woodland-pc.example", "2020-06-01",
	"jones smith"},
    {"committee and id", "planning@woodland-pc.example", "2026-06-01",
	"patel jones clerk"},
    {"ward", "north@woodland-pc.example", "2026-06-01", "patel smith"},
    {"political group", "indep@woodland-pc.example", "2027-06-01",
	"patel smith hughes"},
    {"groups and roles", "everyone@woodland-pc.example", "2026-07-01",
	"clerk patel jones smith deputy temp@agency.example"},
    {"extension", "office+x@woodland-pc.example", "2026-06-01",
	"clerk deputy temp@agency.example"},
    {"person", "clerk@woodland-pc.example", "2026-06-01", NULL},
    {"person with a group's mailbox", "council+smith@mail.example",
	"2026-06-01", NULL},
    {"stranger", "x@elsewhere.example", "2026-06-01", NULL},
};

START_TEST(expands_groups)
{
	struct address_rules *rules = roster_rules();
	struct roster *roster = council_roster(rules);
	g_autofree char *got =
	    expand_group(roster, groups[_i].address, groups[_i].on);

	check_text(groups[_i].name, got, groups[_i].want);
	roster_free(roster);
	address_rules_free(rules);
}
END_TEST

static const struct {
	const char *id;
	enum role role;
	const char *on;
	bool holds;
} roles[] = {
    {"cllr.patel", ROLE_CHAIR, "2025-05-11", false},
    {"cllr.patel", ROLE_CHAIR, "2025-05-12", true},
    {"cllr.patel", ROLE_CHAIR, "2026-05-11", true},
    {"cllr.patel", ROLE_CHAIR, "2026-05-12", false},
    {"cllr.patel", ROLE_COUNCILLOR, "2026-05-12", true},
    {"cllr.patel", ROLE_COUNCILLOR, "2023-05-03", false},
    {"cllr.patel", ROLE_OFFICER, "2026-05-12", false},
    {"clerk", ROLE_OFFICER, "1900-01-01", true},
    {"clerk", ROLE_PROPER_OFFICER, "2026-01-01", true},
    {"clerk", ROLE_JUNIOR_OFFICER, "2026-01-01", false},
    {"clerk", ROLE_COUNCILLOR, "2026-01-01", false},
    {"deputy", ROLE_OFFICER, "2026-06-30", true},
    {"deputy", ROLE_OFFICER, "2026-07-01", false},
};

START_TEST(judges_roles)
{
	struct address_rules *rules = roster_rules();
	struct roster *roster = council_roster(rules);
	const struct person *p = roster_find_id(roster, roles[_i].id);
	day on = 0;

	ck_assert(day_parse(roles[_i].on, &on));
	ck_assert_msg(person_has_role(p, roles[_i].role, on) ==
		roles[_i].holds,
	    "%s %s on %s", roles[_i].id, role_name(roles[_i].role),
	    roles[_i].on);
	if (roles[_i].holds)
		ck_assert(person_in_post(p, on));
	roster_free(roster);
	address_rules_free(rules);
}
END_TEST

START_TEST(names_roles)
{
	int i;

	for (i = 0; i < ROLE_COUNT; i++) {
		ck_assert_int_eq(role_by_name(role_name(i)), i);
		ck_assert(role_implies(i, i));
	}
	ck_assert_int_eq(role_by_name("Clerk"), ROLE_PROPER_OFFICER);
	ck_assert_int_eq(role_by_name("vice chair"), ROLE_VICE_CHAIR);
	ck_assert_int_eq(role_by_name("chairs"), -1);
	ck_assert_int_eq(role_by_name(""), -1);
	ck_assert(role_implies(ROLE_MAYOR, ROLE_COUNCILLOR));
	ck_assert(role_implies(ROLE_VICE_CHAIR, ROLE_COUNCILLOR));
	ck_assert(role_implies(ROLE_LEADER, ROLE_COUNCILLOR));
	ck_assert(!role_implies(ROLE_COMMITTEE_MEMBER, ROLE_COUNCILLOR));
	ck_assert(!role_implies(ROLE_COUNCILLOR, ROLE_CHAIR));
	ck_assert(!role_implies(ROLE_VICE_CHAIR, ROLE_CHAIR));
}
END_TEST

static const struct {
	const char *text;
	bool sound;
} dates[] = {
    {"2026-05-07", true},
    {"2024-02-29", true},
    {"0001-01-01", true},
    {"9999-12-31", true},
    {"2025-02-29", false},
    {"2026-13-01", false},
    {"2026-00-01", false},
    {"2026-01-00", false},
    {"0000-01-01", false},
    {"2026-5-7", false},
    {"2026/05/07", false},
    {" 2026-05-07", false},
    {"2026-05-07 ", false},
    {"", false},
};

START_TEST(reads_dates)
{
	g_autofree char *again = NULL;
	day d = 0;

	ck_assert_msg(day_parse(dates[_i].text, &d) == dates[_i].sound, "%s",
	    dates[_i].text);
	if (!dates[_i].sound)
		return;
	again = day_format(d);
	ck_assert_str_eq(again, dates[_i].text);
}
END_TEST

START_TEST(counts_days)
{
	g_autofree char *first = day_format(DAY_FIRST);
	g_autofree char *last = day_format(DAY_LAST);
	day a = 0, b = 0;

	ck_assert_str_eq(first, "");
	ck_assert_str_eq(last, "");
	ck_assert(day_parse("2026-02-28", &a));
	ck_assert(day_parse("2026-03-01", &b));
	ck_assert_uint_eq(b - a, 1);
	g_setenv("TZ", "Europe/London", TRUE);
	tzset();
	/* Half past midnight in London, in winter and in summer. */
	ck_assert_uint_eq(day_of_time(1772325000), b);
	ck_assert(day_parse("2026-07-01", &a));
	ck_assert_uint_eq(day_of_time(1782862200), a);
	ck_assert_uint_eq(day_of_time(G_MAXINT64), DAY_LAST);
	ck_assert_uint_eq(day_of_time(G_MININT64), DAY_FIRST);
}
END_TEST

static const struct {
	const char *name, *want;
} names[] = {
    {"Planning", "planning"},
    {" Finance \t and\nStaff ", "finance and staff"},
    {"LLŶN", "llŷn"},
    {"Lly\xcc\x82n", "llŷn"},
    {"", ""},
};

START_TEST(folds_names)
{
	g_autofree char *got = name_fold(names[_i].name);

	check_text(names[_i].name, got, names[_i].want);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("roster");
	TCase *tcase = tcase_create("roster");

	tcase_add_test(tcase, reads_files);
	tcase_add_test(tcase, reads_the_sample);
	tcase_add_test(tcase, knows_people);
	tcase_add_loop_test(tcase, finds_owners, 0, G_N_ELEMENTS(owners));
	tcase_add_loop_test(tcase, finds_logins, 0, G_N_ELEMENTS(logins));
	tcase_add_loop_test(tcase, expands_groups, 0, G_N_ELEMENTS(groups));
	tcase_add_loop_test(tcase, judges_roles, 0, G_N_ELEMENTS(roles));
	tcase_add_test(tcase, names_roles);
	tcase_add_loop_test(tcase, reads_dates, 0, G_N_ELEMENTS(dates));
	tcase_add_test(tcase, counts_days);
	tcase_add_loop_test(tcase, folds_names, 0, G_N_ELEMENTS(names));
	suite_add_tcase(suite, tcase);
	return suite;
}
