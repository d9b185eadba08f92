/*
 * From rules that hold to a message's fate: what the modes let the actions do,
 * which action prevails, what a rule does that cannot be judged.
 */
#include <string.h>

#include "tests/unit/judging.h"
#include "tests/unit/unit.h"

#define AT "@woodland-pc.example"
#define SILENT {.to = "jones", .bcc = "smith"}
#define WHEN_SILENT "when any hidden recipient is councillor "

/* What each mode lets each action do. */
static const struct verdict_case modes[] = {
    {"no rule, no verdict", "", SILENT, "accept"},
    {"rule that does not hold",
	"rule r " WHEN_SILENT "then footer and report\n", {.to = "jones"},
	"accept"},
    {"everything, enforced",
	"rule r " WHEN_SILENT "then footer and report and notify sender "
	"and disclose to councillor and log \"seen\" and flag\n",
	SILENT,
	"accept | footer CC councillor Sam Smith | report patel" AT
	" | notify sender clerk" AT " | disclose jones" AT " | log seen | r"},
    {"everything, letters only",
	"rule r mode notify " WHEN_SILENT
	"then footer and report and notify sender and disclose to councillor "
	"and log \"seen\" and flag\n",
	SILENT,
	"accept | report patel" AT " | notify sender clerk" AT
	" | disclose jones" AT " | log seen | r"},
    {"everything, observed",
	"rule r mode observe " WHEN_SILENT
	"then footer and report and notify sender and disclose to councillor "
	"and log \"seen\" and flag\n",
	SILENT, "accept | r"},
    {"the file's mode bounds the rule's",
	"mode observe\nrule r mode enforce " WHEN_SILENT
	"then footer and report\n",
	SILENT, "accept | r"},
    {"reject", "rule r " WHEN_SILENT "then reject \"no\"\n", SILENT,
	"reject by r | r"},
    {"reject, letters only",
	"rule r mode notify " WHEN_SILENT "then reject \"no\" and report\n",
	SILENT, "accept | report patel" AT " | r"},
    {"reject, observed", "rule r mode observe " WHEN_SILENT "then reject "
	"\"no\"\n", SILENT, "accept | r"},
    {"hold", "rule r " WHEN_SILENT "then hold\n", SILENT, "hold by r | r"},
    {"hold, letters only", "rule r mode notify " WHEN_SILENT "then hold\n",
	SILENT, "accept | r"},
    {"defer", "rule r " WHEN_SILENT "then defer\n", SILENT,
	"defer by r | r"},
    {"defer, observed", "rule r mode observe " WHEN_SILENT "then defer\n",
	SILENT, "accept | r"},
    {"log without words is the rule's name",
	"rule r " WHEN_SILENT "then log\n", SILENT, "accept | log r | r"},
};

static const struct verdict_case precedence[] = {
    {"reject before hold before defer",
	"rule first " WHEN_SILENT "then defer\n"
	"rule second " WHEN_SILENT "then hold\n"
	"rule third when any recipient is councillor then reject \"no\"\n"
	"rule fourth " WHEN_SILENT "then footer\n",
	SILENT, "reject by third | first | second | third | fourth"},
    {"order in the file does not matter",
	"rule third when any recipient is councillor then reject \"no\"\n"
	"rule second " WHEN_SILENT "then hold\n",
	SILENT, "reject by third | third | second"},
    {"hold before defer",
	"rule first " WHEN_SILENT "then defer\n"
	"rule second when any recipient is councillor then hold\n",
	SILENT, "hold by second | first | second"},
    {"a rule that defers reports", "rule r " WHEN_SILENT
	"then defer and report\n",
	SILENT, "defer by r | report patel" AT " | r"},
    {"the first of two alike decides",
	"rule first " WHEN_SILENT "then hold\n"
	"rule second when any recipient is councillor then hold\n",
	SILENT, "hold by first | first | second"},
    {"held mail is edited, for its release",
	"rule first " WHEN_SILENT "then footer\n"
	"rule second when any recipient is councillor then hold\n",
	SILENT,
	"hold by second | footer CC councillor Sam Smith | first | second"},
    {"deferred mail is not edited",
	"rule first " WHEN_SILENT "then footer\n"
	"rule second when any recipient is councillor then defer\n",
	SILENT, "defer by second | first | second"},
    {"refused mail is reported, and disclosed to nobody",
	"rule first " WHEN_SILENT "then report and disclose to councillor\n"
	"rule second when any recipient is councillor then reject \"no\"\n",
	SILENT, "reject by second | report patel" AT " | first | second"},
};

/* "message is encrypted" is UNKNOWN here: see judging.h. */
static const struct verdict_case failures[] = {
    {"deferred by default, without letters",
	"rule r when message is encrypted then footer and report\n", SILENT,
	"defer by r failing | ?r"},
    {"hold", "rule r when message is encrypted then footer and report "
	"on failure hold\n", SILENT,
	"hold by r failing | report patel" AT " | ?r"},
    {"hold without a report of its own",
	"rule r when message is encrypted then footer on failure hold\n",
	SILENT, "hold by r failing | report patel" AT " | ?r"},
    {"reject", "rule r when message is encrypted then footer "
	"on failure reject\n", SILENT,
	"reject by r failing | report patel" AT " | ?r"},
    {"accept", "rule r when message is encrypted then footer and notify "
	"sender on failure accept\n", SILENT,
	"accept | report patel" AT " | ?r"},
    {"observed", "rule r mode observe when message is encrypted then footer "
	"and report\n", SILENT, "accept | ?r"},
    {"letters only", "rule r mode notify when message is encrypted then "
	"footer and report on failure reject\n", SILENT,
	"accept | report patel" AT " | ?r"},
    {"unknown and false is false",
	"rule r when message is encrypted and message is inbound then footer\n",
	SILENT, "accept"},
    {"unknown or true is true",
	"rule r when (message is encrypted or message is submitted) "
	"then hold\n",
	SILENT, "hold by r | r"},
    {"an exception that is unknown",
	"rule r " WHEN_SILENT "unless message is encrypted then footer\n",
	SILENT, "defer by r failing | ?r"},
    {"a rule that holds decides before one that failed alike",
	"rule first when message is encrypted then footer on failure hold\n"
	"rule second " WHEN_SILENT "then hold\n",
	SILENT, "hold by second | report patel" AT " | ?first | second"},
    {"the first of two failures alike decides",
	"rule first when message is encrypted then footer on failure hold\n"
	"rule second when message is encrypted then hold on failure hold\n",
	SILENT,
	"hold by first failing | report patel" AT " | report patel" AT
	" | ?first | ?second"},
    {"reports of its own, but nothing else, when it fails",
	"rule r when message is encrypted then report to cllr.hughes and "
	"disclose to councillor and notify sender on failure hold\n",
	SILENT, "hold by r failing | report hughes" AT " | ?r"},
    {"a failure prevails over less",
	"rule first when message is encrypted then footer on failure reject\n"
	"rule second " WHEN_SILENT "then hold and log\n",
	SILENT,
	"reject by first failing | report patel" AT " | log second"
	" | ?first | second"},
    {"a failing deferral keeps back all letters",
	"rule first when message is encrypted then footer\n"
	"rule second " WHEN_SILENT "then report\n",
	SILENT, "defer by first failing | ?first | second"},
};

static const struct verdict_case scope[] = {
    {"exempt recipient", "exempt grievance" AT "\nrule r " WHEN_SILENT
	"then hold\n",
	{.to = "jones grievance", .bcc = "smith"}, "accept"},
    {"before its dates",
	"rule r active from 2026-07-01 to 2026-07-31 " WHEN_SILENT
	"then hold\n",
	{.to = "jones", .bcc = "smith", .on = "2026-06-30"}, "accept"},
    {"first day", "rule r active from 2026-07-01 to 2026-07-31 " WHEN_SILENT
	"then hold\n",
	{.to = "jones", .bcc = "smith", .on = "2026-07-01"}, "hold by r | r"},
    {"last day", "rule r active from 2026-07-01 to 2026-07-31 " WHEN_SILENT
	"then hold\n",
	{.to = "jones", .bcc = "smith", .on = "2026-07-31"}, "hold by r | r"},
    {"after its dates",
	"rule r active from 2026-07-01 to 2026-07-31 " WHEN_SILENT
	"then hold\n",
	{.to = "jones", .bcc = "smith", .on = "2026-08-01"}, "accept"},
};

START_TEST(mode)
{
	verdict_case_run(&modes[_i]);
}
END_TEST

START_TEST(preceding)
{
	verdict_case_run(&precedence[_i]);
}
END_TEST

START_TEST(failure)
{
	verdict_case_run(&failures[_i]);
}
END_TEST

START_TEST(in_scope)
{
	verdict_case_run(&scope[_i]);
}
END_TEST

/* What the sender or the mail queue reads. */
static const struct {
	const char *policy, *want;
} replies[] = {
    {"rule r " WHEN_SILENT "then reject \"Ask Zoë – 100%\"\n",
	"Ask Zoe - 100%"},
    {"rule r \"Correspondence, paragraph 1\" " WHEN_SILENT "then hold\n",
	"held for the clerk to decide (council protocol: Correspondence, "
	"paragraph 1)"},
    {"rule r " WHEN_SILENT "then hold \"a copy\"\n", "a copy"},
    {"rule r " WHEN_SILENT "then defer\n",
	"the message has to wait: please try again later, or ask the clerk "
	"(council protocol: r)"},
    {"rule r when message is encrypted then hold\n",
	"the message could not be checked against the council's policy (rule "
	"r), please try again later"},
    {"rule r when message is encrypted then log on failure reject\n",
	"the message could not be checked against the council's policy (rule "
	"r), please ask the mail administrator"},
    {"rule r when message is encrypted then hold \"x\" on failure hold\n",
	"the message could not be checked against the council's policy (rule "
	"r), please ask the mail administrator"},
    {"rule r " WHEN_SILENT "then footer\n", NULL},
};

START_TEST(reply)
{
	static const struct mail mail = SILENT;
	g_autoptr(policy) policy = council_policy_unknowing(replies[_i].policy);
	struct judged judged;

	judged_init(&judged, policy, &mail, false);
	ck_assert_pstr_eq(judged.verdict->reply, replies[_i].want);
	judged_clear(&judged);
}
END_TEST

/* The grammar asks for words, but an action may stand without any. */
START_TEST(refusal_without_words)
{
	static const struct mail mail = SILENT;
	g_autoptr(policy) policy = council_policy(
	    "rule r \"Paragraph 1\" " WHEN_SILENT "then reject \"x\"\n");
	struct rule *rule = g_ptr_array_index(policy->rules_list, 0);
	struct judged judged;

	g_array_index(rule->actions, struct action, 0).text = NULL;
	judged_init(&judged, policy, &mail, false);
	ck_assert_str_eq(judged.verdict->reply,
	    "the message was not sent: please change it and send it again, or "
	    "ask the clerk (council protocol: Paragraph 1)");
	judged_clear(&judged);
}
END_TEST

START_TEST(long_reply_is_cut)
{
	static const struct mail mail = SILENT;
	g_autofree char *words = g_strnfill(490, 'x');
	g_autofree char *text = g_strdup_printf(
	    "rule r " WHEN_SILENT "then reject \"%s\"\n", words);
	g_autoptr(policy) policy = council_policy_unknowing(text);
	struct judged judged;

	judged_init(&judged, policy, &mail, false);
	ck_assert_uint_eq(strlen(judged.verdict->reply), 480);
	judged_clear(&judged);
}
END_TEST

/* Why a rule held: its exceptions only when there is nothing else to say. */
static const struct {
	const char *condition, *want;
} reasons[] = {
    {"when sender is officer and any hidden recipient is councillor "
     "unless message is automatic",
	"the sender is officer Alex Morgan; "
	"a hidden recipient is councillor Sam Smith"},
    {"when not message is automatic", "the message is not automatic"},
    {"when (message is signed or message is submitted)",
	"the message is sent from within the council"},
    {"when message is submitted and message is encrypted",
	"it could not be judged whether message is marked"},
};

START_TEST(reason)
{
	static const struct mail mail = SILENT;
	g_autofree char *text =
	    g_strdup_printf("rule r %s then log\n", reasons[_i].condition);
	g_autoptr(policy) policy = council_policy_unknowing(text);
	g_autofree char *got = NULL;
	struct judged judged;
	const struct judgement *judgement;

	judged_init(&judged, policy, &mail, false);
	ck_assert_uint_eq(judged.verdict->judgements->len, 1);
	judgement = g_ptr_array_index(judged.verdict->judgements, 0);
	got = evidence_texts(judgement->evidence);
	ck_assert_str_eq(got, reasons[_i].want);
	judged_clear(&judged);
}
END_TEST

START_TEST(trace_keeps_every_test)
{
	static const struct mail mail = {.to = "jones", .on = "2026-06-30"};
	g_autoptr(policy) policy = council_policy_unknowing(
	    "rule first " WHEN_SILENT "and message is inbound then log\n"
	    "rule second active from 2026-07-01 " WHEN_SILENT "then log\n");
	const struct judgement *judgement;
	struct judged judged;

	judged_init(&judged, policy, &mail, true);
	ck_assert_uint_eq(judged.verdict->judgements->len, 2);
	judgement = g_ptr_array_index(judged.verdict->judgements, 0);
	ck_assert(judgement->active);
	ck_assert_uint_eq(judgement->evidence->len, 2);
	judgement = g_ptr_array_index(judged.verdict->judgements, 1);
	ck_assert(!judgement->active);
	ck_assert(!verdict_possible(policy, judged.facts));
	ck_assert_int_eq(judgement->truth, TRUTH_FALSE);
	ck_assert_uint_eq(judgement->evidence->len, 0);
	judged_clear(&judged);
}
END_TEST

START_TEST(exempt_mail_is_not_judged)
{
	static const struct mail mail = {.to = "grievance", .bcc = "smith"};
	g_autoptr(policy) policy = council_policy_unknowing(
	    "exempt grievance" AT "\nrule r " WHEN_SILENT "then hold\n");
	struct judged judged;

	judged_init(&judged, policy, &mail, true);
	ck_assert_uint_eq(judged.verdict->judgements->len, 0);
	ck_assert(!verdict_possible(policy, judged.facts));
	judged_clear(&judged);
}
END_TEST

static const struct {
	const char *actions;
	enum severity want;
} severities[] = {
    {"log", SEVERITY_MEDIUM},
    {"flag", SEVERITY_MEDIUM},
    {"flag low", SEVERITY_LOW},
    {"flag high and log", SEVERITY_HIGH},
};

START_TEST(severity)
{
	g_autofree char *text = g_strdup_printf(
	    "rule r " WHEN_SILENT "then %s\n", severities[_i].actions);
	g_autoptr(policy) policy = council_policy_unknowing(text);

	ck_assert_int_eq(
	    rule_severity(policy_find_rule(policy, "r")), severities[_i].want);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("verdict");
	TCase *tcase = tcase_create("verdict");

	tcase_add_loop_test(tcase, mode, 0, G_N_ELEMENTS(modes));
	tcase_add_loop_test(tcase, preceding, 0, G_N_ELEMENTS(precedence));
	tcase_add_loop_test(tcase, failure, 0, G_N_ELEMENTS(failures));
	tcase_add_loop_test(tcase, in_scope, 0, G_N_ELEMENTS(scope));
	tcase_add_loop_test(tcase, reply, 0, G_N_ELEMENTS(replies));
	tcase_add_test(tcase, refusal_without_words);
	tcase_add_test(tcase, long_reply_is_cut);
	tcase_add_loop_test(tcase, reason, 0, G_N_ELEMENTS(reasons));
	tcase_add_test(tcase, trace_keeps_every_test);
	tcase_add_test(tcase, exempt_mail_is_not_judged);
	tcase_add_loop_test(tcase, severity, 0, G_N_ELEMENTS(severities));
	suite_add_tcase(suite, tcase);
	return suite;
}
