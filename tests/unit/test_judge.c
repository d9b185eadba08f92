/*
 * Conditions held against messages: truth at every stage, and the words for
 * it.  Conditions are written as in a policy.
 */
#include <string.h>

#include "policy/judging/judge.h"
#include "tests/unit/judging.h"
#include "tests/unit/unit.h"

#define F TRUTH_FALSE
#define U TRUTH_UNKNOWN
#define T TRUTH_TRUE

static const struct {
	enum truth a, b, both, either;
} logic[] = {
    {F, F, F, F},
    {F, U, F, U},
    {F, T, F, T},
    {U, F, F, U},
    {U, U, U, U},
    {U, T, U, T},
    {T, F, F, T},
    {T, U, U, T},
    {T, T, T, T},
};

/* A test with that truth over any submitted message. */
static void
set_test(struct expr *expr, enum truth truth)
{
	static char nothing[] = "";

	memset(expr, 0, sizeof(*expr));
	expr->op = EXPR_TEST;
	expr->test.kind = truth == T ? TEST_SUBMITTED
	    : truth == F	     ? TEST_INBOUND
				     : TEST_SIGNED;
	expr->test.name = expr->test.text = nothing;
}

START_TEST(truth_tables)
{
	static const struct mail mail = {.to = "jones"};
	g_autoptr(policy) policy = council_policy("");
	g_autoptr(facts) facts = mail_facts(policy, &mail, STAGE_HEADERS);
	struct expr a, b, not_a = {.op = EXPR_NOT, .left = &a};
	struct expr both = {.op = EXPR_AND, .left = &a, .right = &b};
	struct expr either = {.op = EXPR_OR, .left = &a, .right = &b};

	set_test(&a, logic[_i].a);
	set_test(&b, logic[_i].b);
	ck_assert_int_eq(judge(&a, facts), logic[_i].a);
	ck_assert_int_eq(judge(&both, facts), logic[_i].both);
	ck_assert_int_eq(judge(&either, facts), logic[_i].either);
	ck_assert_int_eq(judge(&not_a, facts), truth_not(logic[_i].a));
}
END_TEST

#define TO_ONE {.to = "jones"}
#define SILENT {.to = "jones", .bcc = "smith"}

/* Who is in a class: by the address in use, and by the day. */
static const struct {
	const char *class;
	struct mail mail;
	enum truth truth;
} classes[] = {
    {"anyone", {.to = "a@x.example"}, T},
    {"councillor", TO_ONE, T},
    {"officer", TO_ONE, F},
    {"chair", {.to = "jones", .on = "2027-05-10"}, F},
    {"chair", {.to = "jones", .on = "2027-05-11"}, T},
    {"officer", {.to = "deputy", .on = "2026-12-31"}, T},
    {"officer", {.to = "deputy", .on = "2027-01-01"}, F},
    {"outsider", {.to = "deputy", .on = "2027-01-01"}, T},
    {"deputy", {.to = "deputy", .on = "2027-01-01"}, F},
    {"outsider", TO_ONE, F},
    {"outsider", {.to = "a@x.example"}, T},
    {"committee \"planning\"", {.to = "patel"}, T},
    {"committee \"planning\"", TO_ONE, F},
    {"committee \"planning\"", {.to = "a@x.example"}, F},
    {"group \"INDEPENDENT\"", TO_ONE, T},
    {"group \"Residents\"", TO_ONE, F},
    {"ward \"North\"", TO_ONE, T},
    {"ward \"South\"", TO_ONE, F},
    {"cllr.jones", {.to = "jane@jones.example"}, T},
    {"cllr.jones", {.to = "patel"}, F},
    {"jane@jones.example", {.to = "Jane@Jones.EXAMPLE"}, T},
    {"jane@jones.example", TO_ONE, F},
    {"@x.example", {.to = "a@x.example"}, T},
    {"@x.example", {.to = "a@y.x.example"}, F},
    {"@.x.example", {.to = "a@x.example"}, T},
    {"@.x.example", {.to = "a@y.x.example"}, T},
    {"@.x.example", {.to = "a@yx.example"}, F},
    {"@.x.example", {.to = "a@example"}, F},
    {"advisers", {.to = "a@law.example"}, T},
    {"advisers", {.to = "a@borough.gov.example"}, T},
    {"advisers", {.to = "a@x.example"}, F},
};

START_TEST(class)
{
	g_autofree char *text = g_strdup_printf(
	    "class advisers is @law.example, @.gov.example\n"
	    "rule r when any recipient is %s then log\n"
	    "rule s when sender is in advisers then log\n",
	    classes[_i].class);
	g_autoptr(policy) policy = council_policy(text);
	g_autoptr(facts) facts =
	    mail_facts(policy, &classes[_i].mail, STAGE_HEADERS);

	ck_assert_msg(judge(policy_find_rule(policy, "r")->condition, facts) ==
		classes[_i].truth,
	    "%s: %s", classes[_i].class, classes[_i].mail.to);
}
END_TEST

static const struct question others[] = {
    {"sender is officer", TO_ONE, T, "the sender is officer Alex Morgan"},
    {"sender is clerk", TO_ONE, T, "the sender is clerk Alex Morgan"},
    {"sender is councillor", TO_ONE, F,
	"the sender, Alex Morgan, is not a councillor"},
    {"sender is not councillor", TO_ONE, T,
	"the sender, Alex Morgan, is not a councillor"},
    {"sender is not officer", TO_ONE, F, "the sender is officer Alex Morgan"},
    {"sender is officer", {.to = "jones", .inbound = true}, F,
	"the sender is not an officer"},
    {"sender is outsider", {.to = "jones", .inbound = true}, T,
	"the sender is an outsider"},
    {"author is officer", TO_ONE, T, "an author is officer Alex Morgan"},
    {"author is councillor", TO_ONE, F, "no author is a councillor"},
    {"author is not councillor", TO_ONE, T, "no author is a councillor"},
    {"author is officer", {.to = "jones", .inbound = true}, F,
	"no author is an officer"},
    {"sender is junior-officer", {.from = "deputy", .to = "jones"}, T,
	"the sender is junior officer Robin Lee"},
    {"sender is junior-officer",
	{.from = "deputy", .to = "jones", .on = "2027-01-01"}, F,
	"the sender is not a junior officer"},
    {"message is submitted", TO_ONE, T,
	"the message is sent from within the council"},
    {"message is inbound", TO_ONE, F,
	"the message does not come from outside"},
    {"message is internal", SILENT, T, "the message stays inside the council"},
    {"message is internal", {.to = "jones", .inbound = true}, F,
	"the message does not stay inside the council"},
    {"message is automatic", {.to = "jones", .automatic = true}, T,
	"the message is automatic"},
    {"message is automatic", {.to = "jones", .null_sender = true}, T,
	"the message is automatic"},
    {"message is not automatic", TO_ONE, T, "the message is not automatic"},
    {"message is a reply", {.to = "jones", .reply = true}, T,
	"the message is a reply"},
    {"message is a forward", {.to = "jones", .forward = true}, T,
	"the message is a forward"},
    {"message is signed", {.to = "jones", .is_signed = true}, T,
	"the message is signed"},
    {"message is not signed", {.to = "jones", .is_signed = true}, F,
	"the message is signed"},
    {"message is encrypted", TO_ONE, F, "the message is not encrypted"},
    {"message is not fully inspected",
	{.to = "jones", .not_inspected = "more than 100 parts"}, T,
	"the message was not fully inspected: more than 100 parts"},
    {"message is not fully inspected", TO_ONE, F,
	"the message was fully inspected"},
    {"subject contains \"ALLOT\"", TO_ONE, T, "the subject contains \"ALLOT\""},
    {"subject contains \"ŵyl\"", {.to = "jones", .subject = "Yr ŴYL"}, T,
	"the subject contains \"ŵyl\""},
    {"subject contains \"x\"", {.to = "jones", .subject = ""}, F,
	"the subject does not contain \"x\""},
    {"header \"x-test\" contains \"yes\"", {.to = "jones", .header = "Oh YES"},
	T, "the header x-test contains \"yes\""},
    {"header \"X-Test\" contains \"\xc3\xa9\"",
	{.to = "jones", .header = "\xe9 \xc3"}, F,
	"the header X-Test does not contain \"\xc3\xa9\""},
    {"header \"X-Test\" contains \"b\"", {.to = "jones", .header = "a\xf0"}, F,
	"the header X-Test does not contain \"b\""},
    {"header \"X-Other\" contains \"yes\"", {.to = "jones", .header = "yes"}, F,
	"the header X-Other does not contain \"yes\""},
    {"sender is officer and any hidden recipient is councillor", TO_ONE, F,
	"no hidden recipient is a councillor"},
    {"sender is councillor and any hidden recipient is councillor", TO_ONE, F,
	"the sender, Alex Morgan, is not a councillor; "
	"no hidden recipient is a councillor"},
    {"sender is councillor or message is submitted", TO_ONE, T,
	"the message is sent from within the council"},
    {"not (sender is councillor or message is inbound)", TO_ONE, T,
	"the sender, Alex Morgan, is not a councillor; "
	"the message does not come from outside"},
};

START_TEST(other_test)
{
	question_ask(&others[_i]);
}
END_TEST

/* What is known after the envelope, the header and the whole message. */
static const struct {
	const char *condition;
	struct mail mail;
	enum truth envelope, headers, message;
} stages[] = {
    {"sender is officer", TO_ONE, T, T, T},
    {"sender is officer", {.to = "jones", .inbound = true}, F, F, F},
    {"sender is outsider", {.to = "jones", .inbound = true}, T, T, T},
    {"sender is officer", {.from = "desk", .to = "jones"}, U, T, T},
    {"sender is outsider", {.from = "desk", .to = "jones"}, U, F, F},
    {"author is officer", {.from = "desk", .to = "jones"}, U, T, T},
    {"sender is officer", {.from = "panel", .to = "jones"}, U, F, F},
    {"sender is outsider", {.from = "panel", .to = "jones"}, U, F, F},
    {"sender is desk@woodland-pc.example", {.from = "desk", .to = "jones"}, U,
	T, T},
    {"sender is officer", {.from = "panel", .to = "jones", .inbound = true}, F,
	F, F},
    {"author is officer", TO_ONE, U, T, T},
    {"any recipient is councillor", TO_ONE, U, T, T},
    {"no recipient is councillor", TO_ONE, U, F, F},
    {"message is submitted", TO_ONE, T, T, T},
    {"message is inbound", TO_ONE, F, F, F},
    {"message is internal", TO_ONE, U, T, T},
    {"message is internal", {.to = "jones", .inbound = true}, F, F, F},
    {"message is automatic", TO_ONE, U, F, F},
    {"message is a reply", TO_ONE, U, F, F},
    {"message is a forward", TO_ONE, U, F, F},
    {"message is signed", TO_ONE, U, U, F},
    {"message is encrypted", {.to = "jones", .encrypted = true}, U, U, T},
    {"message is not fully inspected", TO_ONE, U, U, F},
    {"message is not fully inspected", {.to = "jones", .cut = true}, U, T, T},
    {"subject contains \"allot\"", TO_ONE, U, T, T},
    {"header \"X-Test\" contains \"a\"", TO_ONE, U, F, F},
    {"sender is councillor and message is signed", TO_ONE, F, F, F},
    {"sender is officer or message is signed", TO_ONE, T, T, T},
    {"sender is officer and message is signed", TO_ONE, U, U, F},
};

START_TEST(staged)
{
	const enum truth want[] = {
	    stages[_i].envelope, stages[_i].headers, stages[_i].message};
	g_autofree char *text = g_strdup_printf(
	    "rule r when %s then log\n", stages[_i].condition);
	g_autoptr(policy) policy = council_policy(text);
	const struct rule *rule = policy_find_rule(policy, "r");
	int stage;

	for (stage = STAGE_ENVELOPE; stage <= STAGE_MESSAGE; stage++) {
		g_autoptr(facts) facts = mail_facts(
		    policy, &stages[_i].mail, (enum stage)stage);
		g_autoptr(verdict) verdict = verdict_new(policy, facts, false);

		ck_assert_msg(judge(rule->condition, facts) == want[stage],
		    "%s at stage %d: %d", stages[_i].condition, stage,
		    judge(rule->condition, facts));
		ck_assert_int_eq(
		    verdict_possible(policy, facts), want[stage] != F);
		ck_assert_int_eq(verdict->needs_message,
		    stage < STAGE_MESSAGE && want[stage] != F);
		ck_assert_uint_eq(verdict->findings->len,
		    stage == STAGE_MESSAGE && want[stage] == T);
	}
}
END_TEST

START_TEST(text_is_unknown_until_it_is_read)
{
	static const struct mail mail = SILENT;
	g_autoptr(policy) policy = council_policy("");
	g_autoptr(facts) facts = mail_facts(policy, &mail, STAGE_MESSAGE);
	g_autoptr(GPtrArray) evidence = evidence_new();
	g_autofree char *got = NULL;
	struct expr expr;

	set_test(&expr, U);
	expr.test.kind = TEST_MARKED;
	ck_assert_int_eq(judge(&expr, facts), U);
	expr.test.negated = true;
	ck_assert_int_eq(judge(&expr, facts), U);
	judge_explain(&expr, facts, evidence);
	got = evidence_texts(evidence);
	ck_assert_str_eq(got,
	    "it could not be judged whether message is not marked");
}
END_TEST

START_TEST(trace_has_every_test)
{
	static const struct mail mail = TO_ONE;
	g_autoptr(policy) policy = council_policy(
	    "rule r when sender is councillor and message is submitted "
	    "and (message is signed or not message is a reply) then log\n");
	g_autoptr(facts) facts = mail_facts(policy, &mail, STAGE_MESSAGE);
	g_autoptr(GPtrArray) evidence = evidence_new();
	g_autofree char *got = NULL;

	judge_trace(policy_find_rule(policy, "r")->condition, facts, evidence);
	got = evidence_texts(evidence);
	ck_assert_str_eq(got,
	    "the sender, Alex Morgan, is not a councillor; "
	    "the message is sent from within the council; "
	    "the message is not signed; the message is not a reply");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("judge");
	TCase *tcase = tcase_create("judge");

	tcase_add_loop_test(tcase, truth_tables, 0, G_N_ELEMENTS(logic));
	tcase_add_loop_test(tcase, class, 0, G_N_ELEMENTS(classes));
	tcase_add_loop_test(tcase, other_test, 0, G_N_ELEMENTS(others));
	tcase_add_loop_test(tcase, staged, 0, G_N_ELEMENTS(stages));
	tcase_add_test(tcase, text_is_unknown_until_it_is_read);
	tcase_add_test(tcase, trace_has_every_test);
	suite_add_tcase(suite, tcase);
	return suite;
}
