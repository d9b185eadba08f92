/*
 * Tests of recipients: each quantifier over each view, and the words for what
 * they found, in which nobody out of view appears but councillors.
 */
#include <string.h>

#include "policy/judging/judge.h"
#include "tests/unit/judging.h"
#include "tests/unit/unit.h"

#define F TRUTH_FALSE
#define T TRUTH_TRUE

#define TO_ONE {.to = "jones"}
#define SILENT {.to = "jones", .bcc = "smith"}
#define NOBODY {.to = NULL}

/* Each quantifier over each view, and over nobody. */
static const struct question quantifiers[] = {
    {"any hidden recipient is councillor", SILENT, T,
	"a hidden recipient is councillor Sam Smith"},
    {"any hidden recipient is councillor", TO_ONE, F,
	"no hidden recipient is a councillor"},
    {"any visible recipient is councillor", SILENT, T,
	"a visible recipient is councillor Jane Jones"},
    {"any recipient is councillor", SILENT, T,
	"recipients are councillors Jane Jones and Sam Smith"},
    {"any recipient is officer", SILENT, F, "no recipient is an officer"},
    {"any recipient is councillor", NOBODY, F,
	"no recipient is a councillor"},
    {"any recipient is not councillor", SILENT, F,
	"no recipient is not a councillor"},
    {"any recipient is not officer", TO_ONE, T,
	"a recipient is not an officer (Jane Jones)"},
    {"any hidden councillor is in committee \"Planning\"", SILENT, T,
	"a hidden councillor is in committee \"Planning\" (Sam Smith)"},
    {"every recipient is councillor", SILENT, T,
	"all recipients are councillors Jane Jones and Sam Smith"},
    {"every hidden recipient is councillor", SILENT, T,
	"every hidden recipient is councillor Sam Smith"},
    {"every visible recipient is officer", SILENT, F,
	"a visible recipient is not an officer (Jane Jones)"},
    {"every hidden recipient is councillor", TO_ONE, F,
	"there is no hidden recipient"},
    {"every recipient is councillor", NOBODY, F, "there is no recipient"},
    {"every outsider is in advisers", {.to = "jones a@law.example"}, T,
	"every outsider is in advisers"},
    {"every outsider is in advisers", {.to = "a@law.example b@x.example"}, F,
	"an outsider is not in advisers"},
    {"every outsider is in advisers", TO_ONE, F, "there is no outsider"},
    {"no hidden recipient is councillor", TO_ONE, T,
	"no hidden recipient is a councillor"},
    {"no hidden recipient is councillor", SILENT, F,
	"a hidden recipient is councillor Sam Smith"},
    {"no visible recipient is officer", SILENT, T,
	"no visible recipient is an officer"},
    {"no recipient is councillor", NOBODY, T, "no recipient is a councillor"},
    {"only visible recipient is councillor", SILENT, T,
	"the only visible recipient is councillor Jane Jones"},
    {"only hidden recipient is officer", SILENT, F,
	"it is not so that the only hidden recipient is an officer"},
    {"only visible recipient is councillor", {.to = "jones deputy"}, F,
	"it is not so that the only visible recipient is a councillor"},
    {"only recipient is councillor", SILENT, F,
	"it is not so that the only recipient is a councillor"},
    {"only recipient is councillor", NOBODY, F,
	"it is not so that the only recipient is a councillor"},
    {"at least 2 recipients are councillors", SILENT, T,
	"at least 2 recipients are councillors Jane Jones and Sam Smith"},
    {"at least 2 hidden recipients are councillors", SILENT, F,
	"fewer than 2 hidden recipients are councillors"},
    {"at least 1 recipients are councillors", NOBODY, F,
	"no recipient is a councillor"},
    {"at most 1 visible recipients are councillors", SILENT, T,
	"fewer than 2 visible recipients are councillors"},
    {"at most 1 recipients are councillors", SILENT, F,
	"at least 2 recipients are councillors Jane Jones and Sam Smith"},
    {"at most 0 recipients are councillors", NOBODY, T,
	"no recipient is a councillor"},
    {"more than 1 recipients are councillors", TO_ONE, F,
	"fewer than 2 recipients are councillors"},
    {"fewer than 2 recipients are councillors", TO_ONE, T,
	"fewer than 2 recipients are councillors"},
    {"fewer than 2 recipients are councillors", SILENT, F,
	"at least 2 recipients are councillors Jane Jones and Sam Smith"},
    {"exactly 2 recipients are councillors", SILENT, T,
	"exactly 2 recipients are councillors Jane Jones and Sam Smith"},
    {"exactly 2 hidden recipients are councillors", SILENT, F,
	"it is not so that exactly 2 hidden recipients are councillors"},
    {"there is a hidden councillor", SILENT, T,
	"there is a hidden councillor (Sam Smith)"},
    {"there is no hidden councillor", SILENT, F,
	"there is a hidden councillor (Sam Smith)"},
    {"there is a hidden recipient", TO_ONE, F, "there is no hidden recipient"},
    {"there are at least 2 councillors", SILENT, T,
	"there are at least 2 councillors (Jane Jones and Sam Smith)"},
    {"there are more than 2 visible recipients", SILENT, F,
	"there are fewer than 3 visible recipients"},
    {"exactly 1 hidden recipients are councillors", SILENT, T,
	"exactly 1 hidden recipient is councillor Sam Smith"},
    {"exactly 0 hidden recipients are councillors", TO_ONE, T,
	"no hidden recipient is a councillor"},
};

/* Nobody out of view but councillors, in any words. */
static const struct question discretion[] = {
    {"any hidden recipient is outsider", {.to = "jones", .bcc = "a@x.example"},
	T, "the recipients are as the rule says"},
    {"there is a hidden recipient", {.to = "jones", .bcc = "a@x.example"}, T,
	"the recipients are as the rule says"},
    {"there is a hidden recipient", {.to = "jones", .bcc = "a@x.example smith"},
	T, "there is a hidden recipient (Sam Smith)"},
    {"any recipient is outsider", {.to = "jones", .bcc = "a@x.example"}, T,
	"a recipient is an outsider"},
    {"any hidden recipient is officer", {.to = "jones", .bcc = "deputy"}, T,
	"the recipients are as the rule says"},
    {"any recipient is officer", {.to = "jones", .bcc = "deputy"}, T,
	"a recipient is an officer"},
    {"any recipient is junior-officer", {.to = "jones", .bcc = "deputy"}, T,
	"the recipients are as the rule says"},
    {"any visible recipient is officer", {.to = "deputy", .bcc = "a@x.example"},
	T, "a visible recipient is officer Robin Lee"},
    {"any hidden recipient is not officer",
	{.to = "jones", .bcc = "a@x.example smith"}, T,
	"a hidden recipient is not an officer (Sam Smith)"},
    {"any hidden recipient is deputy", {.to = "jones", .bcc = "deputy"}, T,
	"the recipients are as the rule says"},
    {"any hidden recipient is a@x.example",
	{.to = "jones", .bcc = "a@x.example"}, T,
	"the recipients are as the rule says"},
    {"no hidden recipient is @x.example", {.to = "jones", .bcc = "a@x.example"},
	F, "the recipients are as the rule says"},
    {"any recipient is in advisers", {.to = "jones", .bcc = "a@law.example"}, T,
	"the recipients are as the rule says"},
    {"any recipient is in advisers",
	{.to = "b@law.example", .bcc = "a@law.example"}, T,
	"a recipient is in advisers"},
    {"every hidden recipient is not @x.example",
	{.to = "jones", .bcc = "a@x.example"}, F,
	"the recipients are as the rule says"},
    {"at least 2 hidden recipients are outsiders",
	{.to = "jones", .bcc = "a@x.example b@x.example"}, T,
	"the recipients are as the rule says"},
    {"more than 1 recipients are outsiders",
	{.to = "c@x.example", .bcc = "a@x.example b@x.example"}, T,
	"the recipients are as the rule says"},
    {"only hidden recipient is outsider",
	{.to = "jones", .bcc = "a@x.example"}, T,
	"the recipients are as the rule says"},
    {"exactly 2 recipients are outsiders",
	{.to = "c@x.example", .bcc = "a@x.example"}, T,
	"the recipients are as the rule says"},
    {"exactly 1 recipients are outsiders", {.to = "c@x.example smith"}, T,
	"exactly 1 recipient is an outsider"},
    {"only hidden recipient is @x.example",
	{.to = "jones", .bcc = "a@x.example b@x.example"}, F,
	"the recipients are as the rule says"},
    {"only recipient is councillor", {.to = "jones", .bcc = "a@x.example"}, F,
	"the recipients are as the rule says"},
    {"only recipient is councillor", {.to = "jones", .bcc = "deputy"}, F,
	"the recipients are as the rule says"},
    {"exactly 1 recipients are outsiders",
	{.to = "c@x.example", .bcc = "a@x.example"}, F,
	"the recipients are as the rule says"},
    {"exactly 1 recipients are outsiders", {.to = "c@x.example d@x.example"}, F,
	"it is not so that exactly 1 recipient is an outsider"},
    {"only visible recipient is @x.example",
	{.to = "a@x.example b@x.example"}, F,
	"it is not so that the only visible recipient is at x.example"},
    {"no hidden recipient is not @x.example",
	{.to = "jones", .bcc = "a@x.example"}, T,
	"the recipients are as the rule says"},
    {"no hidden recipient is @x.example", SILENT, T,
	"no hidden recipient is at x.example"},
    {"exactly 0 hidden recipients are @x.example",
	{.to = "jones", .bcc = "a@x.example"}, F,
	"the recipients are as the rule says"},
    {"any hidden recipient is cllr.smith", SILENT, T,
	"a hidden recipient is Sam Smith"},
    {"any hidden recipient is group \"Residents\"", SILENT, T,
	"a hidden recipient is in group \"Residents\" (Sam Smith)"},
    {"message is internal", {.to = "jones", .bcc = "a@x.example"}, F,
	"the message does not stay inside the council"},
};

/* No hidden copy is asserted when an address header was cut. */
static const struct question cut[] = {
    {"any hidden recipient is councillor",
	{.to = "jones", .bcc = "smith", .cut = true}, F,
	"no hidden recipient is a councillor"},
    {"every hidden recipient is councillor",
	{.to = "jones", .bcc = "smith", .cut = true}, F,
	"there is no hidden recipient"},
    {"no hidden recipient is councillor",
	{.to = "jones", .bcc = "smith", .cut = true}, T,
	"no hidden recipient is a councillor"},
    {"any visible recipient is councillor",
	{.to = "jones", .bcc = "smith", .cut = true}, T,
	"a visible recipient is councillor Jane Jones"},
    {"any recipient is cllr.smith",
	{.to = "jones", .bcc = "smith", .cut = true}, T,
	"a recipient is Sam Smith"},
    {"message is not fully inspected", {.to = "jones", .cut = true}, T,
	"the message was not fully inspected: its address header is too long"},
};

START_TEST(quantifier)
{
	question_ask(&quantifiers[_i]);
}
END_TEST

START_TEST(discreet)
{
	question_ask(&discretion[_i]);
}
END_TEST

START_TEST(cut_header)
{
	question_ask(&cut[_i]);
}
END_TEST

START_TEST(long_lists_are_cut)
{
	g_autoptr(GString) roster = g_string_new("id,name,roles,addresses\n");
	g_autoptr(GString) to = g_string_new(NULL);
	g_autoptr(policy) policy = NULL;
	g_autoptr(facts) facts = NULL;
	g_autoptr(GPtrArray) evidence = evidence_new();
	g_autofree char *got = NULL;
	struct mail mail = {.from = "office"};
	unsigned i;

	for (i = 1; i <= 12; i++) {
		g_string_append_printf(roster,
		    "c%u,Member %u,councillor,c%u@woodland-pc.example\n", i, i,
		    i);
		g_string_append_printf(to, "c%u ", i);
	}
	policy = council_policy_with(roster->str,
	    "rule r when any recipient is councillor then log\n");
	mail.to = to->str;
	facts = mail_facts(policy, &mail, STAGE_MESSAGE);
	judge_explain(
	    policy_find_rule(policy, "r")->condition, facts, evidence);
	got = evidence_texts(evidence);
	ck_assert_str_eq(got,
	    "recipients are councillors Member 1, Member 2, Member 3, "
	    "Member 4, Member 5, Member 6, Member 7, Member 8, Member 9, "
	    "Member 10 and 2 more");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("evidence");
	TCase *tcase = tcase_create("evidence");

	tcase_add_loop_test(tcase, quantifier, 0, G_N_ELEMENTS(quantifiers));
	tcase_add_loop_test(tcase, discreet, 0, G_N_ELEMENTS(discretion));
	tcase_add_loop_test(tcase, cut_header, 0, G_N_ELEMENTS(cut));
	tcase_add_test(tcase, long_lists_are_cut);
	suite_add_tcase(suite, tcase);
	return suite;
}
