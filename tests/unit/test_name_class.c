#include "policy/policy.h"
#include "tests/unit/detecting.h"
#include "tests/unit/naming.h"
#include "tests/unit/rosters.h"
#include "tests/unit/unit.h"

/* Made once: patterns take their time to compile. */
static struct council council;

static void
set_up(void)
{
	council_init(&council);
}

static void
tear_down(void)
{
	council_clear(&council);
}

/* A name of an office without a person, of a person without an office, … */
static const struct {
	const char *name;
	enum name_office office;
	int role;
	const char *person; /* id, or NULL */
	bool other_capacity;
	enum class_kind kind;
	enum role asked;
	bool want;
} classes[] = {
    {"councillor by title", OFFICE_COUNCILLOR, ROLE_COUNCILLOR, NULL, false,
	CLASS_ROLE, ROLE_COUNCILLOR, true},
    {"no chair by title", OFFICE_COUNCILLOR, ROLE_COUNCILLOR, NULL, false,
	CLASS_ROLE, ROLE_CHAIR, false},
    {"chair by roster", OFFICE_COUNCILLOR, ROLE_COUNCILLOR, "patel", false,
	CLASS_ROLE, ROLE_CHAIR, true},
    {"chair is a councillor", OFFICE_CHAIR, ROLE_CHAIR, NULL, false, CLASS_ROLE,
	ROLE_COUNCILLOR, true},
    {"chair is no mayor", OFFICE_CHAIR, ROLE_CHAIR, NULL, false, CLASS_ROLE,
	ROLE_MAYOR, false},
    {"clerk", OFFICE_OFFICER, ROLE_PROPER_OFFICER, NULL, false, CLASS_ROLE,
	ROLE_OFFICER, true},
    {"clerk is no councillor", OFFICE_OFFICER, ROLE_PROPER_OFFICER, NULL, false,
	CLASS_ROLE, ROLE_COUNCILLOR, false},
    {"both, as clerk", OFFICE_OFFICER, ROLE_PROPER_OFFICER, "both", false,
	CLASS_ROLE, ROLE_COUNCILLOR, false},
    {"both, as councillor", OFFICE_COUNCILLOR, ROLE_COUNCILLOR, "both", false,
	CLASS_ROLE, ROLE_PROPER_OFFICER, false},
    {"both, ambiguous", OFFICE_AMBIGUOUS, -1, "both", false, CLASS_ROLE,
	ROLE_COUNCILLOR, true},
    {"the council as such", OFFICE_AMBIGUOUS, -1, NULL, false, CLASS_ROLE,
	ROLE_OFFICER, true},
    {"as a resident", OFFICE_COUNCILLOR, ROLE_COUNCILLOR, "jones", true,
	CLASS_ROLE, ROLE_COUNCILLOR, false},
    {"a resident is an outsider", OFFICE_COUNCILLOR, ROLE_COUNCILLOR, "jones",
	true, CLASS_OUTSIDER, ROLE_COUNCILLOR, true},
    {"a councillor is none", OFFICE_COUNCILLOR, ROLE_COUNCILLOR, NULL, false,
	CLASS_OUTSIDER, ROLE_COUNCILLOR, false},
    {"anyone", OFFICE_NONE, -1, NULL, false, CLASS_ANYONE, ROLE_COUNCILLOR,
	true},
    {"person", OFFICE_COUNCILLOR, -1, "jones", false, CLASS_PERSON,
	ROLE_COUNCILLOR, true},
    {"nobody's person", OFFICE_COUNCILLOR, -1, NULL, false, CLASS_PERSON,
	ROLE_COUNCILLOR, false},
    {"union", OFFICE_CHAIR, ROLE_MAYOR, NULL, false, CLASS_UNION,
	ROLE_COUNCILLOR, true},
};

START_TEST(judges_classes)
{
	struct class class = {
	    .kind = classes[_i].kind, .role = classes[_i].asked};
	struct class member = {.kind = CLASS_ROLE, .role = classes[_i].asked};
	struct name name = {.office = classes[_i].office,
	    .role = classes[_i].role,
	    .probability = 0.9,
	    .other_capacity = classes[_i].other_capacity};
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autoptr(GPtrArray) members = g_ptr_array_new();

	g_ptr_array_add(members, &member);
	class.members = members;
	class.person = roster_find_id(council.people, "jones");
	if (classes[_i].person != NULL)
		name.person =
		    roster_find_id(council.people, classes[_i].person);
	g_ptr_array_add(names, &name);
	ck_assert_msg(
	    name_in_class(&name, &class, council.on) == classes[_i].want, "%s",
	    classes[_i].name);
	ck_assert((names_in_class(names, &class, council.on, 0.5) != NULL) ==
		  classes[_i].want);
	ck_assert_ptr_null(names_in_class(names, &class, council.on, 0.95));
}
END_TEST

static const struct {
	const char *name, *input, *want;
} displays[] = {
    {"plain", "Jane Jones", "jones"},
    {"title", "Cllr Jane Jones", "jones"},
    {"turned", "JONES, Jane", "jones"},
    {"middle name", "Jane Mary Jones", "jones"},
    {"accents", "Zoe Muller", "muller"},
    {"initial only", "J Jones", NULL},
    {"surname only", "Jones", NULL},
    {"stranger", "John Jones", NULL},
    {"out of post", "Owen Hughes", NULL},
    {"empty", "", NULL},
    {"not UTF-8", "Jane \xff Jones", "jones"},
};

START_TEST(finds_persons)
{
	const struct person *person;

	person =
	    names_find_person(council.people, displays[_i].input, council.on);
	check_text(displays[_i].name, person != NULL ? person->id : NULL,
	    displays[_i].want);
}
END_TEST

static const struct {
	const char *name, *input, *want;
} faults[] = {
    {"other blocks", "evidence x\n    anchor /x/\n", ""},
    {"unknown cue", "sign-off vale\n",
	"1:10: error: there is no \"vale\" in a sign-off"},
    {"unknown clause", "office x\n    titel /x/\n",
	"2:5: error: unknown clause \"titel\", did you mean \"title\"?"},
    {"unknown as", "office x\n    as king\n",
	"2:8: error: expected \"councillor\", \"chair\", \"officer\" or "
	"\"ambiguous\""},
    {"unknown role", "office x\n    role king\n",
	"2:10: error: \"king\" is no role of a roster"},
    {"no role", "office x\n    role\n",
	"2:5: error: \"role\" takes a word and nothing more"},
    {"no regex", "office x\n    title\n",
	"2:5: error: a regex or a text is expected after \"title\""},
    {"no comma", "office x\n    title /a/ /b/\n",
	"2:15: error: a comma is expected here"},
    {"a word for a regex", "office x\n    title a\n",
	"2:11: error: a regex or a text is expected here"},
    {"no example", "office x\n    title /x/\n    no example \"y\"\n",
	"3:5: error: \"no\" is followed by \"match\""},
    {"example missed",
	"office x\n    as officer\n    title /x/\n    match "
	"\"Y\"\n",
	"4:5: error: this is not recognised as \"x\""},
    {"example taken",
	"office x\n    as officer\n    title /king/\n    no match "
	"\"The King\"\n",
	"4:5: error: this is taken for \"x\""},
    {"cue taken", "sign-off thanks\n    pattern /ta/\n    no match \"Ta\"\n",
	"3:5: error: this is taken for \"thanks\""},
};

START_TEST(tells_faults)
{
	g_autoptr(diags) diags = diags_new();
	struct pattern_file *file = read_pattern_text(faults[_i].input, diags);
	struct name_rules *rules = name_rules_new(file->blocks, diags);
	g_autofree char *found = NULL;

	name_rules_try(rules, diags);
	found = list_diags(diags);
	check_text(faults[_i].name, found, faults[_i].want);
	name_rules_free(rules);
	pattern_file_free(file);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("name_class");
	TCase *tcase = tcase_create("name_class");

	tcase_set_timeout(tcase, 300);
	tcase_add_unchecked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, judges_classes, 0, G_N_ELEMENTS(classes));
	tcase_add_loop_test(tcase, finds_persons, 0, G_N_ELEMENTS(displays));
	tcase_add_loop_test(tcase, tells_faults, 0, G_N_ELEMENTS(faults));
	suite_add_tcase(suite, tcase);
	return suite;
}
