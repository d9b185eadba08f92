/* What becomes of a policy's words once they are read. */
#include <string.h>

#include "tests/unit/parsing.h"
#include "tests/unit/unit.h"

static struct policy *
parse_condition(const char *condition)
{
	g_autofree char *text = g_strconcat(PARSING_HEAD
	    "class advisers is solicitor@law.example\nrule x when ",
	    condition, " then report rule y when sender is adviser then log",
	    NULL);

	return parsing_sound(text);
}

/* Conditions, and how they are said back; NULL: as they are. */
static const struct {
	const char *condition, *want;
} said[] = {
    {"sender is officer", NULL},
    {"sender is an officer", "sender is officer"},
    {"sender is the clerk", "sender is clerk"},
    {"sender is not in the advisers", "sender is not advisers"},
    {"author is in committee \"Planning\"", "author is committee \"Planning\""},
    {"author is group \"Independent\"", NULL},
    {"author is ward \"South\"", NULL},
    {"author is cllr.jones", NULL},
    {"author is jones@mail.example", NULL},
    {"author is @mail.example", NULL},
    {"author is @.gov.example", NULL},
    {"author is not anyone", NULL},
    {"sender is proper officer", "sender is proper-officer"},
    {"sender is a vice chair", "sender is vice-chair"},
    {"any hidden recipient is councillor", NULL},
    {"every visible recipient is not councillor", NULL},
    {"no outsider is adviser", NULL},
    {"the only recipient is the chair", "only recipient is chair"},
    {"at least 2 recipients are councillors", NULL},
    {"at most 1 recipient is councillor", NULL},
    {"more than 2 visible councillors are in committee \"Finance\"",
	"more than 2 visible councillors are committee \"Finance\""},
    {"fewer than 3 hidden outsiders are not advisers", NULL},
    {"exactly 0 recipients is officers", "exactly 0 recipients are officers"},
    {"there is a hidden councillor", "there is any hidden councillor"},
    {"there are no outsiders", "there is no outsider"},
    {"there are at least 5 recipients", NULL},
    {"message is submitted", NULL},
    {"message is not inbound", NULL},
    {"message is internal", NULL},
    {"message is automatic", NULL},
    {"message is a reply", NULL},
    {"message is not a forward", NULL},
    {"message is signed", NULL},
    {"message is encrypted", NULL},
    {"message is fully inspected", NULL},
    {"message is not fully inspected", NULL},
    {"subject contains \"a \\\"b\\\" \\\\\"", NULL},
    {"header \"X-Loop\" contains \"Zoë\"", NULL},
    {"not sender is officer", NULL},
    {"not (sender is officer or message is signed)", NULL},
    {"not (not sender is officer)", NULL},
    {"sender is officer and (message is signed or message is a reply) "
     "and not message is automatic",
	NULL},
    {"(sender is officer and message is signed) or message is a reply", NULL},
    {"((sender is officer))", "sender is officer"},
    {"sender is officer unless message is automatic or message is signed",
	"sender is officer and not (message is automatic or message is "
	"signed)"},
    {"sender is officer unless message is automatic unless message is "
     "signed",
	"sender is officer and not message is automatic and not message "
	"is signed"},
    {"sender is officer or message is signed unless message is a reply",
	"(sender is officer or message is signed) and not message is a "
	"reply"},
};

START_TEST(test_said)
{
	const char *condition = said[_i].condition;
	const char *want = said[_i].want != NULL ? said[_i].want : condition;
	g_autoptr(policy) first = parse_condition(condition);
	g_autoptr(policy) second = NULL;
	g_autofree char *got =
	    expr_to_string(policy_find_rule(first, "x")->condition);
	g_autofree char *again = NULL;

	ck_assert_str_eq(got, want);
	second = parse_condition(got);
	again = expr_to_string(policy_find_rule(second, "x")->condition);
	ck_assert_str_eq(again, got);
}
END_TEST

/* Tests about what a message says. */
static const struct test about_text[] = {
    {.kind = TEST_MARKED, .name = (char[]){"x"}, .text = (char[]){"subject"}},
    {.kind = TEST_QUOTES_MARKED, .name = (char[]){"x"}},
    {.kind = TEST_CONFIDENTIAL,
	.name = (char[]){"x"},
	.level = LEVEL_HIGH,
	.own_text = true},
    {.kind = TEST_CONFIDENTIAL, .name = (char[]){""}, .level = LEVEL_LOW},
    {.kind = TEST_NO_REASON, .name = (char[]){""}},
    {.kind = TEST_OBLIGATION, .name = (char[]){"x"}, .level = LEVEL_MEDIUM},
    {.kind = TEST_INSTRUCTION, .name = (char[]){""}},
    {.kind = TEST_OFFICIAL_LETTER, .name = (char[]){""}, .negated = true},
    {.kind = TEST_IN_NAME_OF,
	.name = (char[]){""},
	.is = &(struct class){.name = (char[]){"chair"}}},
    {.kind = TEST_CONTRADICTION, .name = (char[]){""}},
    {.kind = TEST_PHRASE, .name = (char[]){"x"}, .level = LEVEL_LOW},
    {.kind = TEST_OFFER, .name = (char[]){""}},
    {.kind = TEST_OBLIGATION,
	.name = (char[]){""},
	.is = &(struct class){.name = (char[]){"chair"}}},
    {.kind = TEST_REPLIES_TO,
	.name = (char[]){""},
	.is = &(struct class){.name = (char[]){"chair"}}},
    {.kind = TEST_FORWARDS,
	.name = (char[]){""},
	.is = &(struct class){.name = (char[]){"chair"}}},
    {.kind = TEST_ATTACHMENT, .name = (char[]){""}, .text = (char[]){"pdf"}},
    {.kind = TEST_ATTACHMENT,
	.name = (char[]){"timed-out"},
	.text = (char[]){"pdf"}},
    {.kind = TEST_ATTACHMENT,
	.name = (char[]){"encrypted"},
	.text = (char[]){""}},
    {.kind = TEST_ATTACHMENT,
	.name = (char[]){""},
	.text = (char[]){""},
	.negated = true},
};

START_TEST(test_about_text)
{
	const struct test *test = &about_text[_i];
	g_autofree char *words = test_to_string(test);
	g_autofree char *again = NULL;
	g_autofree char *text = g_strconcat(
	    PARSING_HEAD "rule x when ", words, " then report", NULL);
	g_autoptr(diags) diags = diags_new();
	g_autoptr(policy) policy = parsing_text(text, diags);

	if (test_info(test->kind)->detector == DETECTOR_NONE) {
		ck_assert_ptr_nonnull(policy);
		again =
		    expr_to_string(policy_find_rule(policy, "x")->condition);
		ck_assert_str_eq(again, words);
		return;
	}
	ck_assert_ptr_null(policy);
	ck_assert_uint_eq(diags_count(diags), 1);
	ck_assert_msg(g_str_has_prefix(diags_get(diags, 0)->message,
			  "nothing says how to find this"),
	    "%s: %s", words, diags_get(diags, 0)->message);
	ck_assert_uint_eq(diags_get(diags, 0)->place.column, 13);
	ck_assert_uint_eq(
	    diags_get(diags, 0)->place.width, g_utf8_strlen(words, -1));
}
END_TEST

START_TEST(test_tables)
{
	int kind;

	for (kind = 0; kind < TEST_KIND_COUNT; kind++) {
		const struct test_info *info = test_info((enum test_kind)kind);

		ck_assert_ptr_nonnull(info->phrase);
	}
	for (kind = 0; kind < ACTION_KIND_COUNT; kind++) {
		ck_assert_ptr_nonnull(action_name((enum action_kind)kind));
	}
}
END_TEST

static const char *
name_of(const GPtrArray *classes, guint i)
{
	const struct class *class = g_ptr_array_index(classes, i);

	return class->name;
}

START_TEST(test_defaults)
{
	g_autoptr(policy) policy = parsing_sound(
	    PARSING_HEAD "rule x when sender is officer then footer");
	const struct rule *rule = policy_find_rule(policy, "x");
	const struct class *clerk = g_ptr_array_index(policy->reports_to, 0);
	const struct action *action =
	    &g_array_index(rule->actions, struct action, 0);
	struct network *network = g_ptr_array_index(policy->networks, 0);

	ck_assert_str_eq(policy->council, "Woodland Parish Council");
	ck_assert_int_eq(policy->mode, MODE_ENFORCE);
	ck_assert_int_eq(policy->signed_mail, PROTECTED_WRAP);
	ck_assert_int_eq(policy->encrypted_mail, PROTECTED_LEAVE);
	ck_assert_uint_eq(policy->all_above, 0);
	ck_assert_ptr_null(policy->archive);
	ck_assert_ptr_null(policy->exempt);
	ck_assert_uint_eq(policy->reports_to->len, 1);
	ck_assert_int_eq(clerk->kind, CLASS_ROLE);
	ck_assert_int_eq(clerk->role, ROLE_PROPER_OFFICER);
	ck_assert_uint_eq(policy->networks->len, 2);
	ck_assert(network_holds(network, "127.1.2.3"));
	ck_assert_str_eq(rule->clause, "");
	ck_assert_int_eq(rule->mode, MODE_ENFORCE);
	ck_assert_int_eq(rule->on_failure, FAILURE_DEFER);
	ck_assert_uint_eq(rule->from, DAY_FIRST);
	ck_assert_uint_eq(rule->to, DAY_LAST);
	ck_assert_ptr_null(action->text);
	ck_assert_int_eq(action->placement, PLACE_DEFAULT);
	ck_assert_uint_eq(rule->place.line, 4);
	ck_assert_uint_eq(rule->place.column, 6);
	ck_assert_ptr_null(policy_find_rule(policy, "y"));
}
END_TEST

static struct policy *
load_whole(void)
{
	g_autoptr(diags) diags = diags_new();
	struct policy *policy = parsing_load("whole.policy", diags);

	ck_assert_ptr_nonnull(policy);
	return policy;
}

START_TEST(test_settings)
{
	g_autoptr(policy) policy = load_whole();
	const struct class *everybody;

	ck_assert_str_eq(policy->path, "whole.policy");
	ck_assert_int_eq(policy->signed_mail, PROTECTED_LEAVE);
	ck_assert_uint_eq(policy->networks->len, 3);
	ck_assert_uint_eq(policy->reports_to->len, 3);
	ck_assert_str_eq(name_of(policy->reports_to, 0), "clerk");
	ck_assert_str_eq(name_of(policy->reports_to, 2),
	    "monitoring.officer@district.example");
	ck_assert_int_eq(policy->archive->kind, CLASS_ADDRESS);
	ck_assert_int_eq(policy->exempt->kind, CLASS_UNION);
	ck_assert_uint_eq(policy->exempt->members->len, 2);
	ck_assert_uint_eq(policy->all_above, 5);
	ck_assert_str_eq(g_hash_table_lookup(policy->footers, "cy"),
	    "CC y Cynghorydd {name} / CC councillor {name}");
	/* Classes of classes come out flat, each member once. */
	everybody = g_hash_table_lookup(policy->classes, "everybody");
	ck_assert_uint_eq(everybody->members->len, 9);
	ck_assert_str_eq(
	    name_of(everybody->members, 0), "committee \"planning\"");
	ck_assert_str_eq(name_of(everybody->members, 8), "proper-officer");
}
END_TEST

START_TEST(test_rule)
{
	static const char *const actions[] = {
	    "hold \"why\"",
	    "footer \"CC {title} {name}\" above quote",
	    "mark \"PRIVATE\" in subject with banner \"Keep it\"",
	    "report in digest to chair",
	    "report at once",
	    "notify sender \"Told\"",
	    "disclose to councillor \"Copied\"",
	    "flag high",
	    "log \"x\"",
	};
	g_autoptr(policy) policy = load_whole();
	const struct rule *rule = policy_find_rule(policy, "silent-copy");
	g_autofree char *from = day_format(rule->from);
	g_autofree char *to = day_format(rule->to);
	guint i;

	ck_assert_str_eq(rule->clause, "Correspondence, paragraph 1");
	ck_assert_int_eq(rule->mode, MODE_NOTIFY);
	ck_assert_int_eq(rule->on_failure, FAILURE_HOLD);
	ck_assert_str_eq(from, "2026-03-24");
	ck_assert_str_eq(to, "2126-05-07");
	ck_assert_uint_eq(rule->actions->len, G_N_ELEMENTS(actions));
	for (i = 0; i < rule->actions->len; i++) {
		g_autofree char *got = action_to_string(
		    &g_array_index(rule->actions, struct action, i));

		ck_assert_str_eq(got, actions[i]);
	}
}
END_TEST

START_TEST(test_expectation)
{
	g_autoptr(policy) policy = load_whole();
	const struct expectation *e;

	ck_assert_uint_eq(policy->expectations->len, 2);
	e = g_ptr_array_index(policy->expectations, 0);
	ck_assert_uint_eq(e->rules->len, 2);
	ck_assert_str_eq(g_ptr_array_index(e->rules, 1), "counts");
	ck_assert_str_eq(e->from, "clerk");
	ck_assert_uint_eq(e->to->len, 2);
	ck_assert_str_eq(g_ptr_array_index(e->to, 1), "cllr.smith");
	ck_assert_str_eq(g_ptr_array_index(e->cc, 0), "chair");
	ck_assert_str_eq(g_ptr_array_index(e->bcc, 0), "outsider@else.example");
	ck_assert(e->automatic && e->is_signed && e->is_encrypted);
	ck_assert(e->is_reply && !e->inbound);
	ck_assert_str_eq(e->subject, "Re: x");
	e = g_ptr_array_index(policy->expectations, 1);
	ck_assert_uint_eq(e->rules->len, 0);
	ck_assert(e->inbound);
	ck_assert_uint_eq(e->on, DAY_LAST);
}
END_TEST

/* Of the file's mode and the rule's the lesser one holds. */
static const struct {
	const char *file, *rule;
	enum mode want;
} modes[] = {
    {"", "", MODE_ENFORCE},
    {"mode observe ", "", MODE_OBSERVE},
    {"mode notify ", "mode enforce", MODE_NOTIFY},
    {"mode notify ", "mode observe", MODE_OBSERVE},
    {"mode enforce ", "mode notify", MODE_NOTIFY},
};

START_TEST(test_mode)
{
	g_autofree char *text =
	    g_strconcat(PARSING_HEAD, modes[_i].file, "rule x ", modes[_i].rule,
		" when sender is officer then report", NULL);
	g_autoptr(policy) policy = parsing_sound(text);

	ck_assert_int_eq(policy_find_rule(policy, "x")->mode, modes[_i].want);
}
END_TEST

START_TEST(test_reference)
{
	struct policy *policy = parsing_sound(
	    PARSING_HEAD "rule x when sender is officer then report");

	ck_assert_ptr_eq(policy_ref(policy), policy);
	policy_unref(policy);
	ck_assert_ptr_nonnull(policy_find_rule(policy, "x"));
	policy_unref(policy);
	policy_unref(NULL);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("policy_read");
	TCase *tc = tcase_create("policy_read");

	tcase_add_loop_test(tc, test_said, 0, G_N_ELEMENTS(said));
	tcase_add_loop_test(tc, test_about_text, 0, G_N_ELEMENTS(about_text));
	tcase_add_test(tc, test_tables);
	tcase_add_test(tc, test_defaults);
	tcase_add_test(tc, test_settings);
	tcase_add_test(tc, test_rule);
	tcase_add_test(tc, test_expectation);
	tcase_add_loop_test(tc, test_mode, 0, G_N_ELEMENTS(modes));
	tcase_add_test(tc, test_reference);
	suite_add_tcase(suite, tc);
	return suite;
}
