#include <string.h>

#include "policy/detect/detectors.h"
#include "policy/language/check.h"

/* What a test needs to find anything, and which words it may name. */
static void
check_detector(struct compiler *c, const struct expr *expr)
{
	static const char *const files[DETECTOR_COUNT] = {
	    [DETECTOR_MARKING] = "markings",
	    [DETECTOR_CONFIDENTIAL] = "confidential",
	    [DETECTOR_OBLIGATION] = "obligations",
	    [DETECTOR_NAMES] = "names",
	    [DETECTOR_PHRASES] = "conduct",
	};
	const struct test_info *info = test_info(expr->test.kind);
	const struct detectors *d = c->policy->detectors;
	const void *const rules[DETECTOR_COUNT] = {
	    [DETECTOR_MARKING] = d->marking,
	    [DETECTOR_CONFIDENTIAL] = d->confidential,
	    [DETECTOR_OBLIGATION] = d->obligation,
	    [DETECTOR_NAMES] = d->names,
	    [DETECTOR_PHRASES] = d->phrases,
	};
	const char *name = expr->test.name;
	bool known = true;

	if (info->detector == DETECTOR_NONE)
		return;
	if (rules[info->detector] == NULL) {
		if (!c->names_lost)
			compile_report(c, DIAG_ERROR, &expr->place,
			    "nothing says how to find this: add include "
			    "\"patterns/%s.patterns\"",
			    files[info->detector]);
		return;
	}
	if (*name != '\0' && expr->test.kind == TEST_CONFIDENTIAL)
		known = confidential_rules_have(d->confidential, name);
	else if (*name != '\0' && expr->test.kind == TEST_OBLIGATION)
		known = obligation_rules_have(d->obligation, name);
	else if (expr->test.kind == TEST_PHRASE)
		known = phrase_rules_have(d->phrases, name);
	else if (*name != '\0' && (expr->test.kind == TEST_MARKED ||
				      expr->test.kind == TEST_QUOTES_MARKED))
		known = marking_rules_have(d->marking, name);
	if (!known)
		compile_report(c, DIAG_ERROR, &expr->place,
		    "the pattern files have no \"%s\" of this sort", name);
}

static void
check_detectors(struct compiler *c, const struct expr *expr)
{
	if (expr->op == EXPR_TEST) {
		check_detector(c, expr);
		return;
	}
	check_detectors(c, expr->left);
	if (expr->op != EXPR_NOT)
		check_detectors(c, expr->right);
}

/*
 * Actions that cannot both be done.  A message that is refused, or has to come
 * again, gains nothing; one that is held is edited first and shows its footer
 * when it is released.
 */
static const struct {
	enum action_kind one, other;
	const char *why;
} contradictions[] = {
    {ACTION_REJECT, ACTION_HOLD, "a message is either refused or held"},
    {ACTION_REJECT, ACTION_DEFER, "a message is either refused or put off"},
    {ACTION_HOLD, ACTION_DEFER, "a message is either held or put off"},
    {ACTION_REJECT, ACTION_FOOTER,
	"nobody gets to see the footer of a message that is refused"},
    {ACTION_REJECT, ACTION_MARK,
	"nobody gets to see the marking of a message that is refused"},
    {ACTION_REJECT, ACTION_DISCLOSE,
	"there is nothing to disclose when the message is refused"},
    {ACTION_FOOTER, ACTION_NO_FOOTER,
	"the message either gains a footer or not"},
    {ACTION_DEFER, ACTION_FOOTER,
	"nobody gets to see the footer of a message that is put off"},
    {ACTION_DEFER, ACTION_MARK,
	"nobody gets to see the marking of a message that is put off"},
    {ACTION_DEFER, ACTION_DISCLOSE,
	"there is nothing to disclose when the message is put off"},
};

/* Some actions may be there twice with different arguments. */
static bool
are_same(const struct action *a, const struct action *b)
{
	g_autofree char *first = action_to_string(a);
	g_autofree char *second = action_to_string(b);

	if (a->kind != b->kind)
		return false;
	if (a->kind != ACTION_REPORT && a->kind != ACTION_DISCLOSE &&
	    a->kind != ACTION_LOG)
		return true;
	return strcmp(first, second) == 0;
}

static const char *
contradiction(const struct action *a, const struct action *b)
{
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(contradictions); i++)
		if (contradictions[i].one == a->kind &&
		    contradictions[i].other == b->kind)
			return contradictions[i].why;
	return NULL;
}

/*
 * False after an error.  The actions are in order of precedence, so a is the
 * graver of the pair.
 */
static bool
check_pair(struct compiler *c, const struct action *a, const struct action *b)
{
	const char *why = contradiction(a, b);

	if (are_same(a, b)) {
		compile_again(c, &b->place, action_name(b->kind), &a->place);
		return false;
	}
	if (why != NULL) {
		compile_report(c, DIAG_ERROR, &b->place,
		    "\"%s\" and \"%s\" in one rule: %s", action_name(b->kind),
		    action_name(a->kind), why);
		compile_note(
		    c, &a->place, "\"%s\" is here", action_name(a->kind));
		return false;
	}
	return true;
}

static void
check_actions(struct compiler *c, const struct rule *rule)
{
	guint i, k;

	for (i = 0; i < rule->actions->len; i++) {
		const struct action *action =
		    &g_array_index(rule->actions, struct action, i);

		for (k = 0; k < i; k++)
			if (!check_pair(c,
				&g_array_index(rule->actions, struct action, k),
				action))
				break;
	}
}

static void
check_dates(struct compiler *c, const struct draft *draft)
{
	const struct rule *rule = draft->rule;

	if (rule->from > rule->to)
		compile_report(c, DIAG_ERROR, &draft->to,
		    "rule \"%s\" ends before it begins", rule->name);
	else if (rule->to < day_today())
		compile_report(c, DIAG_WARNING, &draft->to,
		    "rule \"%s\" is over: its last day is past", rule->name);
}

static void
check_condition(struct compiler *c, const struct draft *draft)
{
	g_autofree char *why = NULL;

	if (draft->rule->condition == NULL)
		return;
	check_detectors(c, draft->rule->condition);
	if (draft->broken)
		return;
	why = check_impossible(draft->rule->condition);
	if (why != NULL)
		compile_report(c, DIAG_ERROR, &draft->rule->place,
		    "rule \"%s\" can never hold: %s", draft->rule->name, why);
}

/* What a rule comes to, for comparison with others. */
static char *
describe_rule(const struct rule *rule)
{
	g_autofree char *condition = expr_to_string(rule->condition);
	GString *s = g_string_new(NULL);
	guint i;

	g_string_printf(s, "%u %u %s", rule->from, rule->to, condition);
	for (i = 0; i < rule->actions->len; i++) {
		g_autofree char *action = action_to_string(
		    &g_array_index(rule->actions, struct action, i));

		g_string_append_printf(s, "\n%s", action);
	}
	return g_string_free(s, FALSE);
}

static void
check_repetition(struct compiler *c, struct rule *rule, GHashTable *seen)
{
	g_autofree char *all = describe_rule(rule);
	const struct rule *before = g_hash_table_lookup(seen, all);

	if (before == NULL) {
		g_hash_table_insert(seen, g_steal_pointer(&all), rule);
		return;
	}
	if (strcmp(rule->name, before->name) != 0) {
		compile_report(c, DIAG_WARNING, &rule->place,
		    "rule \"%s\" says the same as rule \"%s\"", rule->name,
		    before->name);
		compile_note(c, &before->place, "which is here");
	}
}

void
check_rules(struct compiler *c)
{
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	guint i;

	for (i = 0; i < c->drafts->len; i++) {
		const struct draft *draft = g_ptr_array_index(c->drafts, i);
		struct rule *rule = draft->rule;

		/* Of the file's mode and the rule's, the lesser one holds. */
		rule->mode = MIN(rule->mode, c->policy->mode);
		check_condition(c, draft);
		check_actions(c, rule);
		if (!draft->broken) {
			check_dates(c, draft);
			if (rule->condition != NULL)
				check_repetition(c, rule, seen);
		}
	}
}
