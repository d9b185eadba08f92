/*
 * The policy's own tests: which pass, and what is said about those that fail.
 */
#include <string.h>

#include "policy/judging/expect.h"
#include "tests/unit/judging.h"
#include "tests/unit/unit.h"

#define RULES \
	"rule silent-copy when sender is officer " \
	"and any visible recipient is councillor " \
	"and any hidden recipient is councillor " \
	"unless message is automatic then footer\n" \
	"rule forged when message is inbound and author is not outsider " \
	"and subject contains \"urgent\" then log\n" \
	"rule sealed mode observe when message is signed " \
	"or message is encrypted then log\n" \
	"rule answer when message is a reply then log\n" \
	"rule period active from 2026-07-01 to 2099-07-31 " \
	"when any recipient is outsider then log\n"

/*
 * Tried on a day of 2026 unless the case says another, since the roster's
 * people come and go.  problems: what is said, joined by "; "; "" for none.
 */
static const struct {
	const char *name, *expectation, *problems;
} cases[] = {
    {"holds as expected",
	"expect silent-copy from clerk to cllr.jones bcc cllr.smith", ""},
    {"holds for a role",
	"expect silent-copy from proper-officer to chair bcc cllr.smith", ""},
    {"no rule", "expect no rule from clerk to cllr.jones cc cllr.smith", ""},
    {"addresses",
	"expect silent-copy from clerk@woodland-pc.example "
	"to jones@woodland-pc.example bcc smith@woodland-pc.example",
	""},
    {"from a stranger",
	"expect no rule from a@x.example to cllr.jones bcc cllr.smith", ""},
    {"automatic",
	"expect no rule from clerk to cllr.jones bcc cllr.smith automatic", ""},
    {"inbound claims",
	"expect no rule from clerk to cllr.jones bcc cllr.smith inbound", ""},
    {"subject of an inbound message",
	"expect no rule from a@x.example to cllr.jones inbound "
	"subject \"Urgent\"",
	""},
    {"signed", "expect sealed from clerk to cllr.jones signed", ""},
    {"encrypted", "expect sealed from clerk to cllr.jones encrypted", ""},
    {"a reply", "expect answer from clerk to cllr.jones reply", ""},
    {"on a day",
	"expect period from clerk to a@x.example on 2099-07-31", ""},
    {"on another day",
	"expect no rule from clerk to a@x.example on 2099-08-01", ""},
    {"two rules",
	"expect silent-copy and answer from clerk to cllr.jones "
	"bcc cllr.smith reply",
	""},
    {"does not hold",
	"expect silent-copy from clerk to cllr.jones cc cllr.smith",
	"not as expected: silent-copy does not hold; silent-copy does not hold "
	"here: no hidden recipient is a councillor"},
    {"does not hold because of an exception",
	"expect silent-copy from clerk to cllr.jones bcc cllr.smith automatic",
	"not as expected: silent-copy does not hold; silent-copy does not hold "
	"here: the message is automatic"},
    {"holds unexpectedly",
	"expect no rule from clerk to cllr.jones bcc cllr.smith",
	"not as expected: silent-copy holds; silent-copy holds here: the "
	"sender is officer Alex Morgan; a visible recipient is councillor Jane "
	"Jones; a hidden recipient is councillor Sam Smith; the message is not "
	"automatic"},
    {"one for another",
	"expect silent-copy from clerk to cllr.jones reply",
	"not as expected: silent-copy does not hold, answer holds; "
	"silent-copy does not hold here: no hidden recipient is a councillor; "
	"answer holds here: the message is a reply"},
    {"not active",
	"expect period from clerk to a@x.example on 2099-08-01",
	"not as expected: period does not hold; period does not hold here: it "
	"is not active on that day"},
    {"exempt",
	"exempt grievance@woodland-pc.example\n"
	"expect silent-copy from clerk to cllr.jones, "
	"grievance@woodland-pc.example bcc cllr.smith",
	"not as expected: the message is exempt, so no rule is judged"},
    {"exempt, and no rule expected",
	"exempt grievance@woodland-pc.example\n"
	"expect no rule from clerk to cllr.jones, "
	"grievance@woodland-pc.example bcc cllr.smith",
	""},
    {"nobody has that role",
	"expect no rule from junior-officer to cllr.jones on 2027-01-01",
	"nobody in the roster is junior-officer on that day, so this case "
	"cannot be tried"},
};

START_TEST(expectation)
{
	bool dated = strstr(cases[_i].expectation, " on ") != NULL;
	g_autofree char *text = g_strconcat(RULES, cases[_i].expectation,
	    dated ? "\n" : " on 2026-06-01\n", NULL);
	g_autoptr(policy) policy = council_policy(text);
	g_autoptr(diags) diags = diags_new();
	g_autoptr(GString) got = g_string_new(NULL);
	unsigned i;

	ck_assert_uint_eq(policy_run_expectations(policy, diags), 1);
	for (i = 0; i < diags_count(diags); i++) {
		const struct diag *diag = diags_get(diags, i);

		ck_assert_msg(
		    diag->level == (i == 0 ? DIAG_ERROR : DIAG_NOTE), "%s: %s",
		    cases[_i].name, diag->message);
		g_string_append_printf(
		    got, "%s%s", i > 0 ? "; " : "", diag->message);
	}
	ck_assert_msg(strcmp(got->str, cases[_i].problems) == 0, "%s: %s",
	    cases[_i].name, got->str);
}
END_TEST

START_TEST(somebody_without_address)
{
	g_autoptr(policy) policy = council_policy_with(
	    "id,name,roles,addresses\n"
	    "clerk,Alex Morgan,clerk,clerk@woodland-pc.example\n"
	    "cllr.jones,Jane Jones,councillor,\n",
	    "rule copy when sender is officer then log\n"
	    "expect copy from clerk to cllr.jones\n");
	g_autoptr(diags) diags = diags_new();

	ck_assert_uint_eq(policy_run_expectations(policy, diags), 1);
	ck_assert_uint_eq(diags_errors(diags), 1);
	ck_assert_str_eq(diags_get(diags, 0)->message,
	    "cllr.jones has no address in the roster, so this case cannot be "
	    "tried");
}
END_TEST

START_TEST(places)
{
	g_autoptr(policy) policy = council_policy(
	    RULES "expect silent-copy from clerk to cllr.jones\n"
		  "expect no rule from clerk to cllr.jones\n"
		  "expect answer from clerk to cllr.jones\n");
	g_autoptr(diags) diags = diags_new();

	ck_assert_uint_eq(policy_run_expectations(policy, diags), 3);
	ck_assert_uint_eq(diags_errors(diags), 2);
	ck_assert_uint_eq(diags_count(diags), 4);
	ck_assert_uint_eq(diags_get(diags, 0)->place.line, 9);
	ck_assert_uint_eq(diags_get(diags, 1)->place.line, 4);
	ck_assert_uint_eq(diags_get(diags, 2)->place.line, 11);
	ck_assert_uint_eq(diags_get(diags, 3)->place.line, 7);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("expect");
	TCase *tcase = tcase_create("expect");

	tcase_add_loop_test(tcase, expectation, 0, G_N_ELEMENTS(cases));
	tcase_add_test(tcase, somebody_without_address);
	tcase_add_test(tcase, places);
	suite_add_tcase(suite, tcase);
	return suite;
}
