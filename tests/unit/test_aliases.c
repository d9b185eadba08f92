#include <string.h>

#include "tests/unit/rosters.h"
#include "tests/unit/unit.h"

/* The files that they include are written by the test. */
static const struct {
	const char *name, *text, *address, *want, *diags;
} aliases[] = {
    {"simple", "staff: clerk, deputy, temp@agency.example\n",
	"staff@woodland-pc.example", "clerk deputy temp@agency.example", ""},
    {"in every domain", "staff: clerk\n", "staff@second.example", "clerk", ""},
    {"without a domain", "staff: clerk\n", "staff", "clerk", ""},
    {"with its domain", "staff@second.example: clerk\n",
	"staff@woodland-pc.example", NULL, ""},
    {"case, quotes, extension", "\"Staff\" : \"Clerk\"\n",
	"staff+x@woodland-pc.example", "clerk", ""},
    {"continuation and comments",
	"# comment\n\nstaff: clerk,\n\tdeputy\n# in between\n\n  , jones\n",
	"staff@woodland-pc.example", "clerk deputy jones", ""},
    {"CRLF, no last line end", "a: b\r\nstaff: clerk,\r\n deputy",
	"staff@woodland-pc.example", "clerk deputy", ""},
    {"nested, defined later", "staff: all-staff\nall-staff: clerk,deputy\n",
	"staff@woodland-pc.example", "clerk deputy", ""},
    {"stranger in the own domain", "staff: clerk, info\n",
	"staff@woodland-pc.example", "clerk info", ""},
    {"local name known in the second domain", "staff: second\n",
	"staff@woodland-pc.example", "second@second.example", ""},
    {"group of the roster", "staff: office, smith\n",
	"staff@woodland-pc.example",
	"smith clerk deputy temp@agency.example", ""},
    {"address form", "staff: Alex Morgan <clerk@woodland-pc.example>\n",
	"staff@woodland-pc.example", "",
	"1:8: error: \"Alex Morgan <clerk@woodland-pc.example>\" is neither "
	"an address nor a local name"},
    {"itself", "info: info, clerk\n", "info@woodland-pc.example",
	"info clerk", ""},
    {"itself with a backslash", "info: \\info, clerk\n",
	"info@woodland-pc.example", "info clerk", ""},
    {"commands and files",
	"prog: |/bin/x, \"|/bin/x, y\", /var/mail/x, /dev/null, :fail: no\n",
	"prog@woodland-pc.example", "",
	"1:7: warning: commands and files are not followed; they count as "
	"nobody\n"
	"1:16: warning: commands and files are not followed; they count as "
	"nobody\n"
	"1:30: warning: commands and files are not followed; they count as "
	"nobody\n"
	"1:54: warning: commands and files are not followed; they count as "
	"nobody"},
    {"a person's own address", "smith: smith@home.example, jones, office\n",
	"smith@woodland-pc.example",
	"jones smith clerk deputy temp@agency.example", ""},
    {"a person's own address, forwarded", "smith: smith@home.example\n",
	"smith@woodland-pc.example", "smith", ""},
    {"circle", "a: b\nb: c\nc: clerk,\n a\n", "a@woodland-pc.example",
	"clerk", "4:2: error: \"a\" contains itself"},
    {"twice", "a: clerk\na: deputy\n", "a@woodland-pc.example", "clerk",
	"2:1: warning: alias \"a\" is there twice, so this one is ignored\n"
	"1:1: note: it stands here already"},
    {"named like a group", "office: smith\n", "office@woodland-pc.example",
	"clerk deputy temp@agency.example",
	"1:1: warning: office@woodland-pc.example is a group of the roster, "
	"so this alias is ignored\n"
	"9:17: note: the group stands here"},
    {"no colon", "a: clerk\nstaff clerk\n", "a@woodland-pc.example", "clerk",
	"2:1: error: expected an alias, like \"staff: jane, sam\""},
    {"continues nothing", "  a: clerk\n", "a@woodland-pc.example", "clerk",
	"1:3: warning: this line continues nothing; it is read as a line of "
	"its own"},
    {"bad member", "a: clerk,\n  x@@y\n", "a@woodland-pc.example", "clerk",
	"2:3: error: \"x@@y\" is neither an address nor a local name"},
    {"bad name", "a b: clerk\n", "a@woodland-pc.example", NULL,
	"1:1: error: \"a b\" is neither an address nor a local name"},
    {"Latin-1", "# Zo\xeb\n", "a@woodland-pc.example", NULL,
	"1:5: error: byte 0xEB is not UTF-8, perhaps Windows-1252; save the "
	"file as UTF-8"},
    {"included", "a: :include:list, smith\n", "a@woodland-pc.example",
	"clerk x@elsewhere.example deputy smith", ""},
    {"included, nested", "a: :include:outer\n", "a@woodland-pc.example",
	"clerk x@elsewhere.example deputy", ""},
    {"included, missing", "a: clerk, :include:none\n",
	"a@woodland-pc.example", "clerk",
	"0:0: error: cannot be read: No such file or directory\n"
	"1:11: note: the file is included here"},
    {"included in a circle", "a: :include:circle\n", "a@woodland-pc.example",
	"",
	"2:1: error: this file includes itself\n"
	"1:4: note: the file is included here"},
};

START_TEST(reads_aliases)
{
	struct address_rules *rules = roster_rules();
	struct roster *roster;
	char first[] = "woodland-pc.example", second[] = "second.example";
	char *domains[] = {first, second, NULL};
	char *directory = unit_directory();
	g_autofree char *path =
	    unit_write(directory, "aliases", aliases[_i].text);
	g_autofree char *text = g_strconcat(COUNCIL_ROSTER,
	    "second,,Zoë Müller,,councillor,second@second.example,,,,,,\n",
	    NULL);
	g_autofree char *found = NULL, *got = NULL, *none = NULL;
	g_autoptr(diags) diags = diags_new();
	bool sound;

	g_free(unit_write(directory, "list",
	    "# people\nclerk, x@elsewhere.example\n\ndeputy\n"));
	g_free(unit_write(directory, "outer", ":include:list"));
	g_free(unit_write(
	    directory, "circle", "# it\n\":include:circle\"\n"));
	roster = parse_roster(text, rules, &none);
	sound = roster_load_aliases(roster, path, domains, diags);
	found = list_diags(diags);
	check_text(aliases[_i].name, found, aliases[_i].diags);
	ck_assert(sound == (diags_errors(diags) == 0));
	got = expand_group(roster, aliases[_i].address, "2026-06-01");
	check_text(aliases[_i].name, got, aliases[_i].want);
	unit_remove(directory);
	g_free(directory);
	roster_free(roster);
	address_rules_free(rules);
}
END_TEST

START_TEST(sees_circles_through_the_roster)
{
	static const char text[] = "staff: g\n";
	struct address_rules *rules = roster_rules();
	char domain[] = "x.example";
	char *domains[] = {domain, NULL};
	g_autofree char *none = NULL, *found = NULL;
	g_autoptr(diags) diags = diags_new();
	struct roster *roster = parse_roster(ROSTER_HEAD
	    "a,,A,,chair,a@x.example,,,,,,\n"
	    "g,group,,,,g@x.example,,,,,,a;staff@x.example\n", rules, &none);

	ck_assert_str_eq(none, "");
	ck_assert(!roster_parse_aliases(
	    roster, "al", text, strlen(text), domains, diags));
	found = list_diags(diags);
	check_text("circle", found, "1:8: error: \"g\" contains itself");
	roster_free(roster);
	address_rules_free(rules);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("aliases");
	TCase *tcase = tcase_create("aliases");

	tcase_add_loop_test(tcase, reads_aliases, 0, G_N_ELEMENTS(aliases));
	tcase_add_test(tcase, sees_circles_through_the_roster);
	suite_add_tcase(suite, tcase);
	return suite;
}
