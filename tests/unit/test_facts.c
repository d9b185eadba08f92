#include "tests/unit/mailing.h"
#include "tests/unit/unit.h"

/* The exempt class is the grievances group and the deputy. */
static const struct {
	struct mail mail;
	enum truth early, late;
} exempt[] = {
    {{"ordinary", .rcpt = "jones", .to = "jones"}, TRUTH_UNKNOWN,
	TRUTH_FALSE},
    {{"visible channel", .rcpt = "grievances jones",
	 .to = "jones", .cc = "grievances"}, TRUTH_UNKNOWN, TRUTH_TRUE},
    {{"visible person", .rcpt = "jones", .to = "deputy jones"}, TRUTH_UNKNOWN,
	TRUTH_TRUE},
    {{"alias of a visible person", .rcpt = "assistant jones",
	 .to = "assistant jones"}, TRUTH_UNKNOWN, TRUTH_TRUE},
    {{"in a circular", .rcpt = "jones deputy", .to = "jones"}, TRUTH_UNKNOWN,
	TRUTH_FALSE},
    {{"only recipient", .rcpt = "grievances"}, TRUTH_TRUE, TRUTH_TRUE},
    {{"only recipient, by case",
	 .rcpt = "grievances+case7@woodland-pc.example"}, TRUTH_TRUE,
	TRUTH_TRUE},
    {{"only recipient, resolved", .rcpt = "jones|grievances"}, TRUTH_TRUE,
	TRUTH_TRUE},
    {{"only recipients", .rcpt = "grievances assistant clerk", .to = "clerk"},
	TRUTH_TRUE, TRUTH_TRUE},
    {{"nobody but the sender", .rcpt = "clerk", .to = "clerk"},
	TRUTH_UNKNOWN, TRUTH_FALSE},
    {{"resent to the channel", .rcpt = "jones grievances", .to = "jones",
	 .resent_to = "grievances"}, TRUTH_UNKNOWN, TRUTH_TRUE},
    {{"sender", .path = "deputy", .login = "-", .rcpt = "jones",
	 .to = "jones"}, TRUTH_TRUE, TRUTH_TRUE},
    {{"sender by header", .path = "app@elsewhere.example", .login = "-",
	 .from = "deputy", .rcpt = "jones", .to = "jones"}, TRUTH_UNKNOWN,
	TRUTH_TRUE},
    {{"member writes as the channel", .path = "grievances",
	 .from = "grievances", .rcpt = "jones", .to = "jones"}, TRUTH_TRUE,
	TRUTH_TRUE},
    {{"another writes as the channel", .path = "grievances",
	 .login = "jones", .from = "grievances", .rcpt = "smith",
	 .to = "smith"}, TRUTH_UNKNOWN, TRUTH_FALSE},
    {{"inbound to the channel", .path = "x@elsewhere.example", .login = "-",
	 .client = "203.0.113.5", .rcpt = "grievances", .to = "grievances"},
	TRUTH_TRUE, TRUTH_TRUE},
};

START_TEST(exempts_channels)
{
	const struct mail *mail = &exempt[_i].mail;
	struct policy *policy = mail_policy();
	g_autoptr(facts) facts = NULL;
	g_autoptr(envelope) envelope = mail_envelope(mail);
	g_autoptr(header_facts) headers = mail_headers(mail);
	char channel[] = "grievances@woodland-pc.example";
	char *addresses[] = {channel, NULL};

	policy->exempt = mail_class(policy, addresses, "deputy");
	facts = facts_new(policy);
	ck_assert_int_eq(facts_exempt(facts), TRUTH_UNKNOWN);
	facts_set_envelope(facts, envelope);
	ck_assert_msg(facts_exempt(facts) == exempt[_i].early, "%s: early",
	    mail->name);
	facts_set_headers(facts, headers);
	ck_assert_msg(facts_exempt(facts) == exempt[_i].late, "%s: late",
	    mail->name);
	facts_free(g_steal_pointer(&facts));
	mail_policy_free(policy);
}
END_TEST

START_TEST(comes_in_stages)
{
	static const struct mail mail = {.rcpt = "jones", .to = "jones"};
	struct policy *policy = mail_policy();
	g_autoptr(facts) facts = facts_new(policy);
	g_autoptr(envelope) envelope = mail_envelope(&mail);
	g_autoptr(header_facts) headers = mail_headers(&mail);
	char why[] = "too deep";
	struct message_facts message = {.is_signed = true,
	    .not_inspected = why};

	ck_assert_int_eq(facts_stage(facts), STAGE_ENVELOPE);
	ck_assert_ptr_eq(facts_policy(facts), policy);
	ck_assert_int_eq(facts_exempt(facts), TRUTH_FALSE);
	facts_set_envelope(facts, envelope);
	ck_assert_int_eq(facts_stage(facts), STAGE_ENVELOPE);
	ck_assert_int_eq(facts_direction(facts), DIRECTION_SUBMITTED);
	ck_assert_uint_eq(facts_day(facts), day_of_time(envelope->time));
	ck_assert_ptr_null(facts_headers(facts));
	facts_set_headers(facts, headers);
	ck_assert_int_eq(facts_stage(facts), STAGE_HEADERS);
	ck_assert_str_eq(facts_headers(facts)->subject, "");
	ck_assert_ptr_null(facts_message(facts));
	facts_set_message(facts, &message);
	ck_assert_int_eq(facts_stage(facts), STAGE_MESSAGE);
	ck_assert(facts_message(facts)->is_signed);
	ck_assert_str_eq(facts_message(facts)->not_inspected, "too deep");
	ck_assert(facts_message(facts)->not_inspected != why);
	facts_free(g_steal_pointer(&facts));
	mail_policy_free(policy);
}
END_TEST

/* 16: the null sender is automatic, whatever the header says. */
static const struct {
	const char *path;
	bool header, want;
} automatic[] = {
    {"clerk", false, false},
    {"clerk", true, true},
    {"", false, true},
    {"", true, true},
};

START_TEST(knows_automatic_mail)
{
	struct mail mail = {.path = automatic[_i].path, .rcpt = "jones"};
	struct policy *policy = mail_policy();
	g_autoptr(facts) facts = facts_new(policy);
	g_autoptr(envelope) envelope = mail_envelope(&mail);
	g_autoptr(header_facts) headers = mail_headers(&mail);

	headers->automatic = automatic[_i].header;
	facts_set_envelope(facts, envelope);
	facts_set_headers(facts, headers);
	ck_assert(facts_headers(facts)->automatic == automatic[_i].want);
	ck_assert(headers->automatic == automatic[_i].header);
	facts_free(g_steal_pointer(&facts));
	mail_policy_free(policy);
}
END_TEST

/* The address that a sender is taken to write from. */
static const struct {
	const char *name, *path, *login, *want;
} capacities[] = {
    {"own", "alex@home.example", "alex", "alex@home.example"},
    {"another's", "jones", "alex", "clerk@woodland-pc.example"},
    {"group of theirs", "office", "alex", "office@woodland-pc.example"},
    {"group of others", "planning", "alex", "clerk@woodland-pc.example"},
    {"none", "", "alex", "clerk@woodland-pc.example"},
    {"folded", "JONES+x@woodland.old.example", "-",
	"jones+x@woodland-pc.example"},
};

START_TEST(knows_the_capacity)
{
	struct mail mail = {.path = capacities[_i].path,
	    .login = capacities[_i].login, .rcpt = "smith"};
	struct policy *policy = mail_policy();
	g_autoptr(facts) facts = facts_new(policy);
	g_autoptr(envelope) envelope = mail_envelope(&mail);

	facts_set_envelope(facts, envelope);
	check_text(capacities[_i].name, "address",
	    facts_sender(facts)->address, capacities[_i].want);
	facts_free(g_steal_pointer(&facts));
	mail_policy_free(policy);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("facts");
	TCase *tcase = tcase_create("facts");

	tcase_add_loop_test(tcase, exempts_channels, 0, G_N_ELEMENTS(exempt));
	tcase_add_test(tcase, comes_in_stages);
	tcase_add_loop_test(
	    tcase, knows_automatic_mail, 0, G_N_ELEMENTS(automatic));
	tcase_add_loop_test(
	    tcase, knows_the_capacity, 0, G_N_ELEMENTS(capacities));
	suite_add_tcase(suite, tcase);
	return suite;
}
