#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "policy/policy.h"
#include "tests/unit/unit.h"

#define HEAD                                    \
	"council \"Woodland Parish Council\"\n" \
	"domains woodland-pc.example\n"         \
	"roster \"woodland.roster\"\n"

/* Where the cases are; file names in messages are relative to it. */
static char *
enter(void)
{
	g_autofree char *directory =
	    unit_source("tests", "unit", "policy", NULL);
	char *before = g_get_current_dir();

	ck_assert_int_eq(g_chdir(directory), 0);
	return before;
}

static void
leave(char *before)
{
	ck_assert_int_eq(g_chdir(before), 0);
	g_free(before);
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of all cases, sorted. */
static GPtrArray *
list_cases(void)
{
	g_autofree char *path = unit_source("tests", "unit", "policy", NULL);
	g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	while (directory != NULL && (name = g_dir_read_name(directory)) != NULL)
		if (g_str_has_suffix(name, ".policy"))
			g_ptr_array_add(
			    names, g_strndup(name, strlen(name) - 7));
	g_ptr_array_sort(names, compare_names);
	return names;
}

/* NAME.policy says NAME.expected, and loads when no error is among it. */
START_TEST(test_case)
{
	g_autoptr(GPtrArray) names = list_cases();
	const char *name = g_ptr_array_index(names, _i);
	g_autofree char *file = g_strconcat(name, ".policy", NULL);
	g_autofree char *expected = g_strconcat(name, ".expected", NULL);
	g_autofree char *want = NULL, *got = NULL;
	g_autoptr(diags) diags = diags_new();
	g_autoptr(policy) policy = NULL;
	char *before = enter();

	ck_assert_msg(g_file_get_contents(expected, &want, NULL, NULL),
	    "%s is missing", expected);
	policy = policy_load(file, diags);
	leave(before);
	got = diags_to_string(diags);
	ck_assert_msg(strcmp(got, want) == 0, "%s says:\n%s", file, got);
	ck_assert((policy != NULL) == (diags_errors(diags) == 0));
}
END_TEST

static struct policy *
parse(const char *text, struct diags *diags)
{
	char *before = enter();
	struct policy *policy =
	    policy_parse("test.policy", text, strlen(text), diags);

	leave(before);
	return policy;
}

static struct policy *
parse_sound(const char *text)
{
	g_autoptr(diags) diags = diags_new();
	struct policy *policy = parse(text, diags);
	g_autofree char *said = diags_to_string(diags);

	ck_assert_msg(policy != NULL && *said == '\0', "%s", said);
	return policy;
}

static struct policy *
parse_condition(const char *condition)
{
	g_autofree char *text = g_strconcat(HEAD
	    "class advisers is solicitor@law.example\nrule x when ",
	    condition, " then report rule y when sender is adviser then log",
	    NULL);

	return parse_sound(text);
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
	g_autofree char *text =
	    g_strconcat(HEAD "rule x when ", words, " then report", NULL);
	g_autoptr(diags) diags = diags_new();
	g_autoptr(policy) policy = parse(text, diags);

	if (test_info(test->kind)->detector == DETECTOR_NONE) {
		ck_assert_ptr_nonnull(policy);
		again = expr_to_string(policy_find_rule(policy, "x")->condition);
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
	g_autoptr(policy) policy =
	    parse_sound(HEAD "rule x when sender is officer then footer");
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
	char *before = enter();
	struct policy *policy = policy_load("whole.policy", diags);

	leave(before);
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
	g_autofree char *text = g_strconcat(HEAD, modes[_i].file, "rule x ",
	    modes[_i].rule, " when sender is officer then report", NULL);
	g_autoptr(policy) policy = parse_sound(text);

	ck_assert_int_eq(policy_find_rule(policy, "x")->mode, modes[_i].want);
}
END_TEST

START_TEST(test_reference)
{
	struct policy *policy =
	    parse_sound(HEAD "rule x when sender is officer then report");

	ck_assert_ptr_eq(policy_ref(policy), policy);
	policy_unref(policy);
	ck_assert_ptr_nonnull(policy_find_rule(policy, "x"));
	policy_unref(policy);
	policy_unref(NULL);
}
END_TEST

/* What is said first of a policy made of a head, n times a piece, and a tail.
 */
static const struct {
	const char *name, *head;
	unsigned n;
	const char *piece, *tail, *want;
} bounded[] = {
    {"nesting", HEAD "rule x when ", 100000, "(", "sender is officer",
	"there are more than 32 parentheses within parentheses"},
    {"stack", HEAD "rule x when ", 100000, "(", "sender is officer",
	"this is nested too deeply to be read"},
    {"not", HEAD "rule x when ", 50000, "not ", "sender is officer",
	"expected a test after \"not\", such as \"sender is officer\", "
	"found \"not\""},
    {"tests", HEAD "rule x when sender is officer", 20000,
	" and sender is officer", " then report",
	"rule \"x\" has more than 100 tests: make it two"},
    {"unless", HEAD "rule x when sender is officer ", 20000,
	"unless sender is clerk ", "then report",
	"rule \"x\" has more than 100 tests: make it two"},
    {"size", HEAD, 70000, "# sixteen bytes\n", "",
	"the policy is larger than 1048576 bytes"},
    {"rubbish", HEAD, 100000, "= ", "",
	"\"=\" means nothing here: take it out"},
};

START_TEST(test_bounded)
{
	g_autoptr(GString) text = g_string_new(bounded[_i].head);
	g_autoptr(diags) diags = diags_new();
	bool found = false;
	unsigned i;

	for (i = 0; i < bounded[_i].n; i++)
		g_string_append(text, bounded[_i].piece);
	g_string_append(text, bounded[_i].tail);
	ck_assert_ptr_null(parse(text->str, diags));
	for (i = 0; i < diags_count(diags) && !found; i++)
		found =
		    strcmp(diags_get(diags, i)->message, bounded[_i].want) == 0;
	ck_assert_msg(
	    found, "%s: %s", bounded[_i].name, diags_get(diags, 0)->message);
}
END_TEST

/* first.policy includes 1.inc, that 2.inc …, or all of them. */
static char *
load_chain(unsigned files, bool nested)
{
	g_autofree char *directory = unit_directory();
	g_autofree char *path = NULL;
	g_autoptr(GString) first = g_string_new(HEAD);
	g_autoptr(diags) diags = diags_new();
	unsigned i;

	for (i = 1; i <= files; i++) {
		g_autofree char *name = g_strdup_printf("%u.inc", i);
		g_autofree char *next =
		    g_strdup_printf("include \"%u.inc\"\n", i + 1);

		g_free(unit_write(directory, name,
		    nested && i < files ? next : "# nothing\n"));
		if (i == 1 || !nested)
			g_string_append_printf(first, "include \"%s\"\n", name);
	}
	path = unit_write(directory, "first.policy", first->str);
	policy_unref(policy_load(path, diags));
	unit_remove(directory);
	for (i = 0; i < diags_count(diags); i++)
		if (strstr(diags_get(diags, i)->message, "too many files"))
			return g_path_get_basename(
			    diags_get(diags, i)->place.file);
	return g_strdup("");
}

START_TEST(test_includes)
{
	static const struct {
		unsigned files;
		bool nested;
		const char *want; /* where it is too much */
	} chains[] = {
	    {8, true, ""},
	    {9, true, "8.inc"},
	    {63, false, ""},
	    {64, false, "first.policy"},
	};
	g_autofree char *where =
	    load_chain(chains[_i].files, chains[_i].nested);

	ck_assert_str_eq(where, chains[_i].want);
}
END_TEST

/* Whatever the shipped policies say, they say it without a fault. */
START_TEST(test_shipped)
{
	static const char *const names[] = {"council.policy",
	    "presets/leigh-on-sea.policy", "presets/leighton-linslade.policy",
	    "presets/member-officer.policy", "presets/old-marston.policy",
	    "presets/woodland.policy"};
	g_autofree char *path = unit_source("conf", names[_i], NULL);
	g_autoptr(diags) diags = diags_new();
	g_autoptr(policy) policy = policy_load(path, diags);
	g_autofree char *got = diags_to_string(diags);

	ck_assert_msg(policy != NULL && *got == '\0', "%s", got);
}
END_TEST

START_TEST(test_missing_file)
{
	g_autoptr(diags) diags = diags_new();
	g_autofree char *got = NULL;

	ck_assert_ptr_null(policy_load("/nonexistent/x.policy", diags));
	got = diags_to_string(diags);
	ck_assert_str_eq(got,
	    "/nonexistent/x.policy: error: cannot read the policy: No such "
	    "file or directory\n");
}
END_TEST

Suite *
unit_suite(void)
{
	g_autoptr(GPtrArray) names = list_cases();
	Suite *suite = suite_create("policy");
	TCase *tc = tcase_create("policy");

	tcase_add_loop_test(tc, test_case, 0, (int)names->len);
	tcase_add_loop_test(tc, test_said, 0, G_N_ELEMENTS(said));
	tcase_add_loop_test(tc, test_about_text, 0, G_N_ELEMENTS(about_text));
	tcase_add_test(tc, test_tables);
	tcase_add_test(tc, test_defaults);
	tcase_add_test(tc, test_settings);
	tcase_add_test(tc, test_rule);
	tcase_add_test(tc, test_expectation);
	tcase_add_loop_test(tc, test_mode, 0, G_N_ELEMENTS(modes));
	tcase_add_test(tc, test_reference);
	tcase_add_loop_test(tc, test_bounded, 0, G_N_ELEMENTS(bounded));
	tcase_add_loop_test(tc, test_includes, 0, 4);
	tcase_add_loop_test(tc, test_shipped, 0, 6);
	/* All patterns are compiled and tried, under a sanitizer too. */
	tcase_set_timeout(tc, 300);
	tcase_add_test(tc, test_missing_file);
	suite_add_tcase(suite, tc);
	return suite;
}
