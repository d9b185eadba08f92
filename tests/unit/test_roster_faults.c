#include <string.h>

#include "tests/unit/rosters.h"
#include "tests/unit/unit.h"

/* Everything that can be wrong with a file: the text, and what is said. */
static const struct {
	const char *name, *text, *want;
} faults[] = {
    {"sound", "id,name,roles,addresses\na,A,chair,a@x.example\n", ""},
    {"any order, CRLF, BOM, no last line end",
	"\xef\xbb\xbf" "Roles,ADDRESSES, id ,name\r\nchair,a@x.example,a,A",
	""},
    {"empty", "", "1:1: error: there is no column \"id\"; the first line "
		  "must name it\n"
		  "1:1: error: there is no column \"name\"; the first line "
		  "must name it\n"
		  "1:1: error: there is no column \"roles\"; the first line "
		  "must name it\n"
		  "1:1: error: there is no column \"addresses\"; the first "
		  "line must name it"},
    {"nobody", "id,name,roles,addresses\n,,,\n\n",
	"4:1: error: there is nobody on this roster"},
    {"unknown column", "id,nmae,roles,addresses,Phone,name\n"
		       "a,,chair,a@x.example,,A\n",
	"1:4: error: unknown column \"nmae\", did you mean \"name\"?\n"
	"1:25: warning: unknown column \"Phone\" is not read"},
    {"column twice", "id,name,roles,addresses,Roles\na,A,chair,a@x.example,\n",
	"1:25: error: column \"Roles\" is there twice"},
    {"semicolons", "id;name;roles;addresses\na;A;chair;a@x.example\n",
	"1:1: error: there are semicolons between the columns; save the "
	"sheet again with commas between them, council.roster(5) says how"},
    {"quoted semicolons", "\"id\";\"name\"\r\n\"a\";\"A\"\r\n",
	"1:1: error: there are semicolons between the columns; save the "
	"sheet again with commas between them, council.roster(5) says how"},
    {"tabs", "id\tname\troles\taddresses\n",
	"1:1: error: there are tabs between the columns; save the "
	"sheet again with commas between them, council.roster(5) says how"},
    {"sep line", "sep=;\nid;name\n",
	"1:1: error: delete this line: the first line names the columns"},
    {"Windows-1252",
	"id,name,roles,addresses\na,Zo\xeb M\xfcller,chair,a@x.example\n",
	"2:5: error: byte 0xEB is not UTF-8, perhaps Windows-1252; save the "
	"sheet as CSV UTF-8"},
    {"open quote", "id,name,roles,addresses\na,\"A,chair,a@x.example\n",
	"2:3: error: this quotation mark is never closed\n"
	"2:1: error: A,chair,a@x.example has no role; write for example "
	"\"councillor from 2023-05-04\"\n"
	"2:1: warning: A,chair,a@x.example has no address, so mail to them "
	"is mail to nobody"},
    {"text after quote", "id,name,roles,addresses\n"
			 "a,\"A\" B,chair,a@x.example\n",
	"2:7: error: text after the closing quotation mark: a quotation mark "
	"within a cell is written twice"},
    {"quote within", "id,name,roles,addresses\n"
		     "a,A \"B\" C,chair,a@x.example\n",
	"2:5: error: a quotation mark within a cell: put the whole cell in "
	"quotation marks and write this one twice"},
    {"doubled quotes, space around quotes",
	"id,name,roles,addresses\na, \"A \"\"B\"\" C\" ,chair,a@x.example\n",
	""},
    {"too many cells", "id,name,roles,addresses\n"
		       "a,A,chair,a@x.example,b@x.example\n",
	"2:23: error: there are more cells than columns; a value with a "
	"comma goes in quotation marks"},
    {"empty cells beyond", "id,name,roles,addresses\n"
			   "a,A,chair,a@x.example,,,\n",
	""},
    {"lines are counted in quoted cells",
	"id,name,roles,addresses\n"
	"a,A,\"chair\n\nmayor\",\"a@x.example\r\nb@x.example\n oops\"\n"
	"b,B,chiar,c@x.example\n",
	"6:2: error: \"oops\" is not an e-mail address\n"
	"7:5: error: unknown role \"chiar\", did you mean \"chair\"?"},
    {"no id, no name", "id,name,roles,addresses\n,,chair,a@x.example\n",
	"2:1: error: this row has no id\n2:2: error: this row has no name"},
    {"bad ids", "id,name,roles,addresses\n"
		"a b,A,chair,a@x.example\n"
		"1a,A,chair,b@x.example\n",
	"2:1: error: \"a b\" cannot be an id: letters, digits, \".\", \"-\" "
	"and \"_\", like \"cllr.jones\"\n"
	"3:1: error: \"1a\" cannot be an id: letters, digits, \".\", \"-\" "
	"and \"_\", like \"cllr.jones\""},
    {"id twice", "id,name,roles,addresses\na,A,chair,a@x.example\n"
		 "A,B,chair,b@x.example\n",
	"3:1: error: id \"a\" is there twice\n"
	"2:1: note: it stands here already"},
    {"no role", "id,name,roles,addresses\na,A,,a@x.example\n",
	"2:5: error: A has no role; write for example \"councillor from "
	"2023-05-04\""},
    {"roles with commas", "id,name,roles,addresses\n"
			  "a,A,\"councillor, chair\",a@x.example\n",
	"2:6: error: unknown role \"councillor,\", did you mean "
	"\"councillor\"?"},
    {"date", "id,name,roles,addresses\n"
	     "a,A,councillor;  chair from 12/05/2025,a@x.example\n",
	"2:18: error: \"12/05/2025\" is not a date: write year-month-day, "
	"like 2026-05-07"},
    {"no such day", "id,name,roles,addresses\n"
		    "a,A,councillor from 2025-02-29,a@x.example\n",
	"2:5: error: \"2025-02-29\" is not a date: write year-month-day, "
	"like 2026-05-07"},
    {"no date", "id,name,roles,addresses\na,A,chair from,a@x.example\n",
	"2:5: error: \"\" is not a date: write year-month-day, like "
	"2026-05-07"},
    {"until", "id,name,roles,addresses\n"
	      "a,A,chair until 2025-05-12,a@x.example\n",
	"2:5: error: \"until\" after the role: expected \"from\" or \"to\" "
	"and a date; \";\" separates roles"},
    {"ends before it begins", "id,name,roles,addresses\n"
			      "a,A,chair from 2026-05-12 to 2025-05-11,"
			      "a@x.example\n",
	"2:5: error: the role ends before it begins"},
    {"one day", "id,name,roles,addresses\n"
		"a,A,chair to 2026-05-12 from 2026-05-12,a@x.example\n",
	""},
    {"no address", "id,name,roles,addresses\na,A,councillor,\n",
	"2:16: warning: A has no address, so mail to them is mail to "
	"nobody"},
    {"address with a name", "id,name,roles,addresses\n"
			    "a,A,chair,A <a@x.example>\n",
	"2:11: error: \"A <a@x.example>\" is not an e-mail address; leave "
	"the name and the brackets out"},
    {"addresses with a comma", "id,name,roles,addresses\n"
			       "a,A,chair,\"a@x.example, b@x.example\"\n",
	"2:12: error: \"a@x.example, b@x.example\" is not an e-mail address; "
	"\";\" separates addresses"},
    {"address without a domain", "id,name,roles,addresses\n"
				 "a,A,chair,jane\n",
	"2:11: error: \"jane\" is not an e-mail address"},
    {"address twice, folded",
	"id,name,roles,addresses\na,A,chair,a@old.example\n"
	"b,B,chair,b@x.example;\"A\"@Woodland-PC.example.\n",
	"3:23: error: a quotation mark within a cell: put the whole cell in "
	"quotation marks and write this one twice\n"
	"3:23: error: address \"a@woodland-pc.example\" is there twice\n"
	"2:11: note: it stands here already"},
    {"address twice, IDN", "id,name,roles,addresses\n"
			   "a,A,chair,a@müller.example\n"
			   "b,B,chair,A@xn--mller-kva.example\n",
	"3:11: error: address \"a@xn--mller-kva.example\" is there twice\n"
	"2:11: note: it stands here already"},
    {"address twice in one row", "id,name,roles,addresses\n"
				 "a,A,chair,a@x.example;A@X.example\n",
	""},
    {"address of a person and a group",
	"id,kind,name,roles,addresses,members\n"
	"a,,A,chair,a@x.example,\n"
	"g,group,,,a@x.example,a\n",
	"3:11: error: address \"a@x.example\" is there twice\n"
	"2:12: note: it stands here already"},
    {"login twice", "id,name,roles,addresses,logins\n"
		    "a,A,chair,a@x.example,Jones\n"
		    "b,B,chair,b@x.example,jones\n",
	"3:23: error: login \"jones\" is there twice\n"
	"2:23: note: it stands here already"},
    {"login is another's address", "id,name,roles,addresses,logins\n"
				   "a,A,chair,a@x.example,A@x.example\n"
				   "b,B,chair,b@x.example,A@old.example\n"
				   "c,C,chair,a@old.example,\n",
	"3:23: error: this login is the address of another row\n"
	"4:11: note: it stands here"},
    {"language", "id,name,roles,addresses,language\n"
		 "a,A,chair,a@x.example,Welsh (cy)\n",
	"2:23: error: \"Welsh (cy)\" is not a language tag like \"en\" or "
	"\"cy\""},
    {"name on two lines", "id,name,roles,addresses\n"
			  "a,\"A\nB\",chair,a@x.example\n",
	"2:4: error: the name must stand on one line"},
    {"vacant", "id,name,roles,addresses\na,A,chair,a@x.example\n"
	       "b, Vacant  Seat,,\n,VACANT,councillor,\n",
	"3:4: warning: the seat is vacant, so this row is not read\n"
	"4:2: warning: the seat is vacant, so this row is not read"},
    {"kind", "id,kind,name,roles,addresses\na,grup,A,chair,a@x.example\n"
	     "b,robot,B,chair,b@x.example\n",
	"2:3: error: unknown kind \"grup\", did you mean \"group\"?\n"
	"3:3: error: unknown kind \"robot\": neither a person nor a group"},
    {"members of a person", "id,name,roles,addresses,members\n"
			    "a,A,chair,a@x.example,b\n",
	"2:23: error: a person has no members; for a group, write \"group\" "
	"in column \"kind\""},
    {"roles of a group", "id,kind,name,roles,addresses,members\n"
			 "a,,A,chair,a@x.example,\n"
			 "g,group,G,chair,g@x.example,a\n",
	"3:11: error: a group has no roles"},
    {"group without members", "id,kind,name,roles,addresses,members\n"
			      "a,,A,chair,a@x.example,\n"
			      "g,group,G,,g@x.example,\n",
	"3:24: error: this group has no members"},
    {"unknown members", ROSTER_HEAD
	"cllr.a,,A,,chair,a@x.example,,Residents,North,Planning,,\n"
	"g,group,,,,g@x.example,,,,,,cllr.b; nobody; x y@z; all chiars;"
	"committee Plannning; group Zed; ward north\n",
	"3:29: error: no row has the id \"cllr.b\", did you mean "
	"\"cllr.a\"?\n"
	"3:37: error: no row has the id \"nobody\"\n"
	"3:45: error: \"x y@z\" is not an e-mail address\n"
	"3:52: error: unknown role \"chiars\", did you mean \"chairs\"?\n"
	"3:63: warning: nobody on the roster has it, did you mean "
	"\"planning\"?\n"
	"3:84: warning: nobody on the roster has it"},
    {"vacant member", ROSTER_HEAD "a,,A,,chair,a@x.example,,,,,,\n"
			   "b,,Vacant,,,,,,,,,\n"
			   "g,group,,,,g@x.example,,,,,,a;b\n",
	"3:4: warning: the seat is vacant, so this row is not read"},
    {"group in itself", ROSTER_HEAD "a,,A,,chair,a@x.example,,,,,,\n"
			     "g,group,,,,g@x.example,,,,,,a;G\n",
	"3:31: error: \"g\" contains itself"},
    {"groups in a circle", ROSTER_HEAD "a,,A,,chair,a@x.example,,,,,,\n"
				"g,group,,,,g@x.example,,,,,,h\n"
				"h,group,,,,h@x.example,,,,,,i;a\n"
				"i,group,,,,i@x.example,,,,,,g@x.example\n",
	"5:29: error: \"g\" contains itself"},
    {"member without address", ROSTER_HEAD "a,,A,,chair,,alex,,,,,\n"
				    "g,group,,,,g@x.example,,,,,,a\n",
	"2:13: warning: A has no address, so mail to them is mail to "
	"nobody\n"
	"3:29: warning: A has no address"},
};

START_TEST(finds_faults)
{
	struct address_rules *rules = roster_rules();
	g_autofree char *found = NULL;
	struct roster *roster = parse_roster(faults[_i].text, rules, &found);

	check_text(faults[_i].name, found, faults[_i].want);
	roster_free(roster);
	address_rules_free(rules);
}
END_TEST

/* Bytes that a C string cannot hold. */
static const struct {
	const char *text;
	size_t len;
	const char *want;
} binaries[] = {
    {"\xff\xfei\0d\0", 6,
	"1:1: error: this is UTF-16 text; save the sheet as CSV UTF-8"},
    {"PK\003\004\024\0\006\0", 8,
	"1:1: error: this is a spreadsheet or an archive; save the sheet as "
	"CSV UTF-8"},
    {"id,name\n\0x", 10,
	"2:1: error: there is a NUL byte; this is not a text file"},
};

START_TEST(refuses_binaries)
{
	struct address_rules *rules = roster_rules();
	g_autoptr(diags) diags = diags_new();
	g_autofree char *found = NULL;

	ck_assert_ptr_null(roster_parse(
	    "r", binaries[_i].text, binaries[_i].len, rules, diags));
	found = list_diags(diags);
	check_text(binaries[_i].want, found, binaries[_i].want);
	address_rules_free(rules);
}
END_TEST

START_TEST(bounds_rows)
{
	struct address_rules *rules = roster_rules();
	GString *text = g_string_new("id,name,roles,addresses\n");
	g_autofree char *found = NULL;
	int i;

	for (i = 0; i < 50001; i++)
		g_string_append_printf(text, "p%d,P,chair,p%d@x.example\n", i, i);
	roster_free(parse_roster(text->str, rules, &found));
	check_text("rows", found,
	    "50002:1: error: more than 50000 rows; is it the right file?");
	g_string_free(text, TRUE);
	address_rules_free(rules);
}
END_TEST

START_TEST(nests_deeply)
{
	struct address_rules *rules = roster_rules();
	GString *text = g_string_new(ROSTER_HEAD "a,,A,,chair,a@x.example,,,,,,\n");
	g_autofree char *found = NULL;
	g_autoptr(GPtrArray) all = NULL;
	struct roster *roster;
	int i;

	for (i = 0; i < 20000; i++)
		g_string_append_printf(
		    text, "g%d,group,,,,g%d@x.example,,,,,,g%d\n", i, i, i + 1);
	g_string_append(text, "g20000,group,,,,last@x.example,,,,,,a\n");
	roster = parse_roster(text->str, rules, &found);
	check_text("deep", found, "");
	all = roster_expand(roster, "g0@x.example", 1);
	ck_assert_uint_eq(all->len, 1);
	roster_free(roster);
	g_string_free(text, TRUE);
	address_rules_free(rules);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("roster_faults");
	TCase *tcase = tcase_create("roster_faults");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, finds_faults, 0, G_N_ELEMENTS(faults));
	tcase_add_loop_test(tcase, refuses_binaries, 0, G_N_ELEMENTS(binaries));
	tcase_add_test(tcase, bounds_rows);
	tcase_add_test(tcase, nests_deeply);
	suite_add_tcase(suite, tcase);
	return suite;
}
