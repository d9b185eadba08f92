#include <stdio.h>
#include <string.h>

#include "milter/ctl/ctl.h"
#include "milter/ctl/table.h"

static const struct ctl_usage usage = {"[find ADDRESS]",
    "Shows who holds which office, or whose an address is and whom it stands\n"
    "for."};

/* "clerk, chair until 2027-05-09": what is held on the day. */
static char *
offices(const struct person *person, day on)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < person->tenures->len; i++) {
		const struct tenure *tenure =
		    &g_array_index(person->tenures, struct tenure, i);
		g_autofree char *until = day_format(tenure->to);

		if (on < tenure->from || on > tenure->to)
			continue;
		g_string_append_printf(text, "%s%s%s%s",
		    text->len > 0 ? ", " : "", role_name(tenure->role),
		    tenure->to != DAY_LAST ? " until " : "",
		    tenure->to != DAY_LAST ? until : "");
	}
	return g_string_free(text, FALSE);
}

static void
print_people(const struct roster *roster, day on)
{
	g_autoptr(table) table = table_new(4);
	g_autoptr(GString) others = g_string_new(NULL);
	g_autofree char *date = day_format(on);

	table_add(table, "id");
	table_add(table, "name");
	table_add(table, "office");
	table_add(table, "addresses");
	for (unsigned i = 0; i < roster_count(roster); i++) {
		const struct person *person = roster_person(roster, i);
		g_autofree char *name = person_display(person);
		g_autofree char *held = offices(person, on);
		g_autofree char *addresses =
		    g_strjoinv(", ", person->addresses);

		if (!person_in_post(person, on)) {
			g_string_append_printf(
			    others, "%s%s", others->len > 0 ? ", " : "", name);
			continue;
		}
		table_add(table, person->id);
		table_add(table, name);
		table_add(table, held);
		table_add(table, addresses);
	}
	table_print(table);
	if (others->len > 0) {
		g_autofree char *printable = ctl_printable(others->str);

		printf("\nWithout office on %s: %s\n", date, printable);
	}
}

static void
print_field(const char *label, const char *text)
{
	g_autofree char *printable = ctl_printable(text);

	if (*text != '\0')
		printf("%-12s%s\n", label, printable);
}

static void
print_person(const struct person *person, day on)
{
	g_autofree char *name = person_display(person);
	g_autofree char *held = offices(person, on);
	g_autofree char *addresses = g_strjoinv(", ", person->addresses);
	g_autofree char *logins = g_strjoinv(", ", person->logins);
	g_autofree char *committees = g_strjoinv(", ", person->committees);

	print_field("id", person->id);
	print_field("name", name);
	print_field("office", *held != '\0' ? held : "none: an outsider");
	print_field("group", person->group);
	print_field("ward", person->ward);
	print_field("committees", committees);
	print_field("language", person->language);
	print_field("addresses", addresses);
	print_field("logins", logins);
}

static void
print_group(
    const struct roster *roster, const char *folded, const GPtrArray *members)
{
	g_autoptr(table) table = table_new(2);

	print_field("group", folded);
	for (guint i = 0; i < members->len; i++) {
		const char *member = members->pdata[i];
		const struct person *person =
		    roster_find_folded(roster, member);
		g_autofree char *name =
		    person != NULL ? person_display(person) : NULL;

		table_add(table, member);
		table_add(table, name != NULL ? name : "an outsider");
	}
	table_print(table);
}

static int
find(const struct policy *policy, const char *address, day on)
{
	const struct roster *roster = policy->roster;
	g_autofree char *folded = address_fold(policy->rules, address);
	g_autoptr(GPtrArray) members = NULL;
	const struct person *person = NULL;

	if (folded != NULL)
		person = roster_find_folded(roster, folded);
	if (person == NULL)
		person = roster_find_login(roster, address);
	if (person == NULL)
		person = roster_find_id(roster, address);
	if (folded != NULL)
		members = roster_expand(roster, folded, on);
	if (person != NULL)
		print_person(person, on);
	if (members != NULL)
		print_group(roster, folded, members);
	if (person != NULL || members != NULL)
		return CTL_OK;
	printf("%s: nobody on the roster, so an outsider\n",
	    folded != NULL ? folded : address);
	return CTL_FAULT;
}

int
ctl_roster(struct ctl *ctl, char **argv)
{
	g_autofree char *path = NULL;
	g_autofree char *date = NULL;
	g_auto(GStrv) rest = NULL;
	const GOptionEntry entries[] = {
	    {"policy", 'p', 0, G_OPTION_ARG_FILENAME, &path,
		"the roster of this policy (that of the settings)", "FILE"},
	    {"on", 0, 0, G_OPTION_ARG_FILENAME, &date,
		"as of this day, e.g. 2026-05-07 (today)", "DATE"},
	    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL,
		NULL},
	    G_OPTION_ENTRY_NULL};
	g_autoptr(policy) policy = NULL;
	day on = day_today();
	int exit;

	if (!ctl_options(ctl, argv, &usage, entries))
		return CTL_USAGE;
	if (rest != NULL &&
	    (strcmp(rest[0], "find") != 0 || g_strv_length(rest) != 2))
		return ctl_usage_error(
		    ctl, "write \"roster\" or \"roster find ADDRESS\"");
	if (date != NULL && !ctl_parse_day(ctl, "--on", date, &on))
		return CTL_USAGE;
	if ((policy = ctl_policy(ctl, path, &exit)) == NULL)
		return exit;
	if (rest != NULL)
		return find(policy, rest[1], on);
	print_people(policy->roster, on);
	return CTL_OK;
}
