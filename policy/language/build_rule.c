#include <string.h>

#include "policy/language/build.h"

void
build_rule(struct compiler *c, const struct place *keyword, const char *name,
    const struct place *place, const char *clause)
{
	struct arena *arena = c->policy->arena;
	struct rule *rule = arena_alloc(arena, sizeof(*rule));
	const struct draft *before;

	rule->name = arena_string(arena, name);
	rule->clause = arena_string(arena, clause);
	rule->place = *place;
	rule->actions = arena_array(arena, sizeof(struct action));
	rule->mode = MODE_ENFORCE;
	rule->from = DAY_FIRST;
	rule->to = DAY_LAST;
	rule->on_failure = FAILURE_DEFER;
	c->draft = arena_alloc(arena, sizeof(*c->draft));
	c->draft->rule = rule;
	c->draft->start = *keyword;
	g_ptr_array_add(c->drafts, c->draft);
	before = g_hash_table_lookup(c->rules, name);
	if (before != NULL) {
		g_autofree char *what = g_strdup_printf("rule %s", name);

		compile_again(c, place, what, &before->rule->place);
	} else {
		g_hash_table_insert(c->rules, rule->name, c->draft);
	}
}

/* Is this the first such part of the rule?  Otherwise an error. */
static bool
once(struct compiler *c, struct place *given, const struct place *place,
    const char *what)
{
	if (given->line > 0) {
		compile_again(c, place, what, given);
		return false;
	}
	*given = *place;
	return true;
}

/*
 * Line ends mean nothing, so a "mode" below a finished rule is that rule's,
 * even where it was meant for the whole file.  The layout tells.
 */
static bool
is_ambiguous(const struct draft *draft, const struct place *mode)
{
	return draft->then.line > 0 && mode->line > draft->start.line &&
	       mode->column <= draft->start.column;
}

void
build_rule_mode(struct compiler *c, const struct place *keyword, enum mode mode)
{
	if (is_ambiguous(c->draft, keyword))
		compile_report(c, DIAG_ERROR, keyword,
		    "this would be the mode of rule \"%s\": indent it if that "
		    "is meant, or put it above the first rule for the whole "
		    "policy",
		    c->draft->rule->name);
	else if (once(c, &c->draft->mode, keyword, "mode"))
		c->draft->rule->mode = mode;
}

static day
read_date(struct compiler *c, const char *date, const struct place *place)
{
	day result = DAY_FIRST;

	if (!day_parse(date, &result)) {
		compile_report(
		    c, DIAG_ERROR, place, "there is no such day as %s", date);
		build_broken(c);
	}
	return result;
}

void
build_active(struct compiler *c, const struct place *keyword)
{
	once(c, &c->draft->active, keyword, "active");
}

void
build_from(struct compiler *c, const char *date, const struct place *place)
{
	c->draft->rule->from = read_date(c, date, place);
	c->draft->from = *place;
}

void
build_to(struct compiler *c, const char *date, const struct place *place)
{
	c->draft->rule->to = read_date(c, date, place);
	c->draft->to = *place;
}

/* Condition and expr. */
static void
add_condition(struct compiler *c, const struct place *place, struct expr *expr)
{
	c->draft->rule->condition =
	    build_and(c, place, c->draft->rule->condition, expr);
	c->draft->nesting = 0;
	c->draft->mixed = false;
}

void
build_when(struct compiler *c, const struct place *keyword, struct expr *expr)
{
	if (expr != NULL)
		expr->grouped = true;
	if (once(c, &c->draft->when, keyword, "when"))
		add_condition(c, keyword, expr);
}

void
build_unless(struct compiler *c, const struct place *keyword, struct expr *expr)
{
	if (expr != NULL)
		expr->grouped = true;
	add_condition(c, keyword, build_not(c, keyword, expr));
}

void
build_failure(
    struct compiler *c, const struct place *keyword, enum failure failure)
{
	if (once(c, &c->draft->failure, keyword, "on failure"))
		c->draft->rule->on_failure = failure;
}

static int
compare_actions(gconstpointer a, gconstpointer b)
{
	const struct action *first = a, *second = b;

	if (first->kind != second->kind)
		return first->kind < second->kind ? -1 : 1;
	if (first->place.line != second->place.line)
		return first->place.line < second->place.line ? -1 : 1;
	return (first->place.column > second->place.column) -
	       (first->place.column < second->place.column);
}

void
build_rule_end(struct compiler *c)
{
	struct draft *draft = c->draft;
	struct rule *rule = draft->rule;

	g_array_sort(rule->actions, compare_actions);
	g_ptr_array_add(c->policy->rules_list, rule);
	c->draft = NULL;
	if (draft->broken)
		return;
	if (draft->when.line == 0)
		compile_report(c, DIAG_ERROR, &rule->place,
		    "rule \"%s\" does not say when: add \"when\" and a test, "
		    "such as \"sender is officer\"",
		    rule->name);
	if (draft->then.line == 0)
		compile_report(c, DIAG_ERROR, &rule->place,
		    "rule \"%s\" does not say what to do: add \"then\" and an "
		    "action, such as \"report\"",
		    rule->name);
}

/* Conditions. */

static enum cost
cost_of(enum test_kind kind)
{
	switch (kind) {
	case TEST_IN_NAME_OF:
		return COST_NAMES;
	case TEST_NOT_INSPECTED:
	case TEST_MARKED:
	case TEST_QUOTES_MARKED:
	case TEST_CONFIDENTIAL:
	case TEST_NO_REASON:
	case TEST_CONTRADICTION:
	case TEST_OBLIGATION:
	case TEST_INSTRUCTION:
	case TEST_PHRASE:
	case TEST_OFFICIAL_LETTER:
	case TEST_OFFER:
		return COST_TEXT;
	default:
		return COST_NONE;
	}
}

static struct expr *
expr_new(struct compiler *c, enum expr_op op, const struct place *place,
    struct expr *left, struct expr *right)
{
	struct expr *expr = arena_alloc(c->policy->arena, sizeof(*expr));

	expr->op = op;
	expr->place = *place;
	expr->left = left;
	expr->right = right;
	if (left != NULL)
		expr->cost = left->cost;
	if (right != NULL)
		expr->cost = MAX(expr->cost, right->cost);
	return expr;
}

struct expr *
build_and(struct compiler *c, const struct place *place, struct expr *left,
    struct expr *right)
{
	if (left == NULL || right == NULL)
		return left != NULL ? left : right;
	return expr_new(c, EXPR_AND, place, left, right);
}

static bool
is_bare_and(const struct expr *expr)
{
	return expr->op == EXPR_AND && !expr->grouped;
}

/*
 * "and" binds more tightly than "or", but not everybody who writes or reads a
 * policy knows, so where they meet, parentheses are asked for.
 */
struct expr *
build_or(struct compiler *c, const struct place *place, struct expr *left,
    struct expr *right)
{
	if (left == NULL || right == NULL)
		return left != NULL ? left : right;
	if ((is_bare_and(left) || is_bare_and(right)) && !c->draft->mixed) {
		c->draft->mixed = true;
		compile_report(c, DIAG_ERROR, place,
		    "\"and\" and \"or\" meet here: put parentheses around "
		    "what belongs together");
		build_broken(c);
	}
	return expr_new(c, EXPR_OR, place, left, right);
}

struct expr *
build_not(struct compiler *c, const struct place *place, struct expr *expr)
{
	return expr == NULL ? NULL : expr_new(c, EXPR_NOT, place, expr, NULL);
}

void
build_open(struct compiler *c, const struct place *place)
{
	if (++c->draft->nesting != POLICY_NESTING_MAX + 1)
		return;
	compile_report(c, DIAG_ERROR, place,
	    "there are more than %d parentheses within parentheses",
	    (int)POLICY_NESTING_MAX);
	build_broken(c);
}

struct expr *
build_close(struct compiler *c, struct expr *expr)
{
	if (c->draft->nesting > 0)
		c->draft->nesting--;
	if (expr != NULL)
		expr->grouped = true;
	return expr;
}

/* Also bounds the depth of the tree, down which others go by recursion. */
static struct expr *
test_new(struct compiler *c, enum test_kind kind, const struct place *place,
    const char *name, const char *text)
{
	struct draft *draft = c->draft;
	struct expr *expr;

	if (draft->tests++ >= POLICY_TESTS_MAX) {
		if (draft->tests == POLICY_TESTS_MAX + 1)
			compile_report(c, DIAG_ERROR, place,
			    "rule \"%s\" has more than %d tests: make it two",
			    draft->rule->name, (int)POLICY_TESTS_MAX);
		return build_broken(c);
	}
	expr = expr_new(c, EXPR_TEST, place, NULL, NULL);
	expr->test.kind = kind;
	expr->cost = cost_of(kind);
	expr->test.name = arena_string(c->policy->arena, name);
	expr->test.text = arena_string(c->policy->arena, text);
	return expr;
}

struct expr *
build_party(struct compiler *c, enum test_kind kind, const struct place *place,
    bool negated, struct class *class)
{
	struct expr *expr = test_new(c, kind, place, "", "");

	if (expr != NULL) {
		expr->test.negated = negated;
		expr->test.is = class;
	}
	return expr;
}

struct expr *
build_quantifier(struct compiler *c, enum quantifier quantifier)
{
	static const struct place nowhere; /* see build_recipients() */
	struct expr *expr = test_new(c, TEST_RECIPIENTS, &nowhere, "", "");

	if (expr != NULL)
		expr->test.quantifier = quantifier;
	return expr;
}

struct expr *
build_amount(struct compiler *c, enum quantifier quantifier, const char *number,
    const struct place *place)
{
	struct expr *expr = build_quantifier(c, quantifier);
	guint64 count = 0;

	if (!g_ascii_string_to_unsigned(
		number, 10, 0, POLICY_NUMBER_MAX, &count, NULL)) {
		compile_report(c, DIAG_ERROR, place,
		    "this number is greater than %d", (int)POLICY_NUMBER_MAX);
		build_broken(c);
	}
	if (expr != NULL)
		expr->test.count = (unsigned)count;
	return expr;
}

struct expr *
build_recipients(struct compiler *c, const struct place *place,
    struct expr *expr, enum visibility visibility, struct class *noun,
    bool negated, struct class *is)
{
	struct test *test;

	if (expr == NULL)
		return NULL;
	test = &expr->test;
	expr->place = *place;
	test->visibility = visibility;
	test->noun = noun;
	test->negated = negated;
	test->is = is;
	if (test->quantifier == QUANT_FEWER_THAN && test->count == 0) {
		compile_report(c, DIAG_ERROR, place,
		    "fewer than 0 is never so: write \"no\" or a number");
		build_broken(c);
	} else if (test->quantifier == QUANT_AT_LEAST && test->count == 0) {
		compile_report(c, DIAG_ERROR, place,
		    "at least 0 is always so: write \"any\" or a number");
		build_broken(c);
	}
	return expr;
}

struct expr *
build_message(struct compiler *c, enum test_kind kind,
    const struct place *place, bool negated)
{
	return build_marked(c, kind, place, negated, "", "");
}

struct expr *
build_marked(struct compiler *c, enum test_kind kind, const struct place *place,
    bool negated, const char *name, const char *text)
{
	struct expr *expr = test_new(c, kind, place, name, text);

	if (expr != NULL)
		expr->test.negated = negated;
	return expr;
}

struct expr *
build_quoted(struct compiler *c, const struct place *place, const char *kind,
    struct class *by)
{
	struct expr *expr =
	    build_marked(c, TEST_QUOTES_MARKED, place, false, kind, "");

	if (expr != NULL)
		expr->test.is = by;
	return expr;
}

struct expr *
build_speech(struct compiler *c, enum test_kind kind, const struct place *place,
    bool own_text, const char *what, enum level level)
{
	struct expr *expr = test_new(c, kind, place, what, "");

	if (expr != NULL) {
		expr->test.own_text = own_text;
		expr->test.level = level;
	}
	return expr;
}

struct expr *
build_obligation(struct compiler *c, const struct place *place,
    const char *kind, enum level level, struct class *in_name)
{
	struct expr *expr =
	    build_speech(c, TEST_OBLIGATION, place, true, kind, level);

	if (expr != NULL)
		expr->test.is = in_name;
	return expr;
}

struct expr *
build_attachment(struct compiler *c, const struct place *place, bool negated,
    const char *type, const char *state, const struct place *state_place)
{
	static const char *const states[] = {"unread", "unsupported",
	    "encrypted", "truncated", "timed-out", "failed", NULL};
	const char *nearest = diag_suggest(state, states);

	if (*state != '\0' && !g_strv_contains(states, state)) {
		compile_report(c, DIAG_ERROR, state_place,
		    "an attachment is never \"%s\"%s%s%s: write unread, "
		    "unsupported, encrypted, truncated, timed-out or failed",
		    state, nearest != NULL ? ", did you mean \"" : "",
		    nearest != NULL ? nearest : "", nearest != NULL ? "\"" : "");
		return build_broken(c);
	}
	return build_marked(c, TEST_ATTACHMENT, place, negated, state, type);
}

/* A header field's name (RFC 5322 section 3.6.8). */
static bool
is_field_name(const char *name)
{
	const char *p;

	for (p = name; *p != '\0'; p++)
		if (!g_ascii_isgraph(*p) || *p == ':')
			return false;
	return p > name;
}

void
build_field_check(
    struct compiler *c, const char *name, const struct place *place)
{
	if (!is_field_name(name))
		compile_report(c, DIAG_ERROR, place,
		    "\"%s\" is not the name of a header field: write "
		    "something like \"X-Priority\", without a colon",
		    name);
}

struct expr *
build_contains(struct compiler *c, enum test_kind kind,
    const struct place *place, const char *name, const char *text,
    const struct place *text_place)
{
	build_text_check(c, text, text_place, NULL);
	return test_new(c, kind, place, name, text);
}
