#include <string.h>

#include "policy/language/check.h"

/*
 * A condition can never hold when every way of making it true asks for two
 * things that exclude each other.  So it is taken apart into tests that must
 * hold or must not ("literals"), all of them at once, and alternatives, of
 * which one must hold.  What cannot be shown to be impossible is taken to be
 * possible.
 */
struct literal {
	const struct test *test;
	bool wanted;         /* as written: it must hold, or must not */
	enum test_kind kind; /* "not submitted" is "inbound" */
	bool holds;          /* the same when "is not" is seen to */
	char *key;           /* the same for the same question */
	guint64 least, most; /* TEST_RECIPIENTS: how many are so */
};

struct alternative {
	const struct expr *expr;
	bool holds;
};

static void
literal_free(gpointer p)
{
	struct literal *literal = p;

	g_free(literal->key);
	g_free(literal);
}

/* How many recipients are so, if the test is to come out as it must. */
static void
set_range(struct literal *l)
{
	const guint64 count = l->test->count;

	l->least = 0;
	l->most = G_MAXUINT32;
	switch (l->test->quantifier) {
	case QUANT_ANY:
		l->least = 1;
		break;
	case QUANT_NO:
		l->most = 0;
		break;
	case QUANT_AT_LEAST:
		l->least = count;
		break;
	case QUANT_AT_MOST:
		l->most = count;
		break;
	case QUANT_MORE_THAN:
		l->least = count + 1;
		break;
	case QUANT_FEWER_THAN:
		l->most = count - 1;
		break;
	case QUANT_EXACTLY:
	case QUANT_ONLY:
	case QUANT_EVERY:
		/* Their opposites are no range. */
		if (!l->holds)
			return;
		l->least = 1;
		if (l->test->quantifier != QUANT_EVERY)
			l->most = 1;
		if (l->test->quantifier == QUANT_EXACTLY)
			l->least = l->most = count;
		return;
	}
	if (!l->holds && l->least > 0) {
		l->most = l->least - 1;
		l->least = 0;
	} else if (!l->holds) {
		l->least = l->most + 1;
		l->most = G_MAXUINT32;
	}
}

static struct literal *
literal_new(const struct test *test, bool holds)
{
	struct literal *l = g_new0(struct literal, 1);
	struct test question = *test;

	l->test = test;
	l->wanted = l->holds = holds;
	l->kind = test->kind;
	if (test->kind == TEST_RECIPIENTS) {
		question.quantifier = QUANT_ANY;
		question.count = 0;
		set_range(l);
	} else {
		question.negated = false;
		l->holds = holds != test->negated;
	}
	if (test->kind == TEST_SUBMITTED) {
		question.kind = l->kind = TEST_INBOUND;
		l->holds = !l->holds;
	}
	l->key = test_to_string(&question);
	return l;
}

/* What must hold (or not) for the expression to hold (or not). */
static void
take_apart(const struct expr *expr, bool holds, GPtrArray *literals,
    GArray *alternatives)
{
	struct alternative alternative = {expr, holds};

	switch (expr->op) {
	case EXPR_TEST:
		g_ptr_array_add(literals, literal_new(&expr->test, holds));
		return;
	case EXPR_NOT:
		take_apart(expr->left, !holds, literals, alternatives);
		return;
	case EXPR_AND:
	case EXPR_OR:
		if ((expr->op == EXPR_AND) != holds) {
			g_array_append_val(alternatives, alternative);
			return;
		}
		take_apart(expr->left, holds, literals, alternatives);
		take_apart(expr->right, holds, literals, alternatives);
		return;
	}
}

/* The i-th simple class that a class is made of, or NULL. */
static const struct class *
leaf(const struct class *class, guint i)
{
	if (class->kind != CLASS_UNION)
		return i == 0 ? class : NULL;
	return i < class->members->len ? g_ptr_array_index(class->members, i)
				       : NULL;
}

static bool
needs_roster(const struct class *class)
{
	return class->kind == CLASS_ROLE || class->kind == CLASS_COMMITTEE ||
	       class->kind == CLASS_GROUP || class->kind == CLASS_WARD ||
	       class->kind == CLASS_PERSON;
}

static bool
leaves_disjoint(const struct class *a, const struct class *b)
{
	if (a->kind == CLASS_OUTSIDER)
		return needs_roster(b);
	if (b->kind == CLASS_OUTSIDER)
		return needs_roster(a);
	return a->kind == CLASS_PERSON && b->kind == CLASS_PERSON &&
	       a->person != b->person;
}

/* Can nobody be in both?  Of a class that is unknown nothing is. */
static bool
disjoint(const struct class *a, const struct class *b)
{
	const struct class *one, *other;
	guint i, k;

	if (leaf(a, 0) == NULL || leaf(b, 0) == NULL)
		return false;
	for (i = 0; (one = leaf(a, i)) != NULL; i++)
		for (k = 0; (other = leaf(b, k)) != NULL; k++)
			if (!leaves_disjoint(one, other))
				return false;
	return true;
}

static bool
leaf_within(const struct class *a, const struct class *b)
{
	if (b->kind == CLASS_ANYONE)
		return true;
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case CLASS_ROLE:
		return role_implies(a->role, b->role);
	case CLASS_PERSON:
		return a->person == b->person;
	case CLASS_OUTSIDER:
		return true;
	default:
		return strcmp(a->text, b->text) == 0;
	}
}

/* Is everybody in a also in b?  Of a class that is unknown nothing is. */
static bool
within(const struct class *a, const struct class *b)
{
	guint i, k;

	if (leaf(a, 0) == NULL)
		return false;
	for (i = 0; leaf(a, i) != NULL; i++) {
		for (k = 0; leaf(b, k) != NULL; k++)
			if (leaf_within(leaf(a, i), leaf(b, k)))
				break;
		if (leaf(b, k) == NULL)
			return false;
	}
	return true;
}

static const struct class outsider = {.kind = CLASS_OUTSIDER};

/* Does it ask for an outsider among the recipients? */
static bool
wants_outsider(const struct literal *l)
{
	const struct test *test = l->test;

	if (l->kind != TEST_RECIPIENTS || l->least == 0)
		return false;
	return (test->noun != NULL && within(test->noun, &outsider)) ||
	       (test->is != NULL && !test->negated &&
		   within(test->is, &outsider));
}

/* A test of recipients that excludes itself: "any outsider is councillor". */
static bool
is_absurd(const struct literal *l)
{
	const struct test *test = l->test;

	if (l->kind != TEST_RECIPIENTS || l->least == 0 || test->noun == NULL ||
	    test->is == NULL)
		return false;
	return test->negated ? within(test->noun, test->is)
			     : disjoint(test->noun, test->is);
}

static bool
senders_clash(const struct literal *a, const struct literal *b)
{
	if (a->holds && b->holds)
		return disjoint(a->test->is, b->test->is);
	if (a->holds)
		return within(a->test->is, b->test->is);
	return b->holds && within(b->test->is, a->test->is);
}

static bool
same_noun(const struct class *a, const struct class *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return within(a, b) && within(b, a);
}

/* a says that all are so: then b's must not be otherwise. */
static bool
all_clash(const struct literal *a, const struct literal *b)
{
	const struct test *all = a->test, *some = b->test;

	if ((all->quantifier != QUANT_EVERY && all->quantifier != QUANT_ONLY) ||
	    !a->holds || b->least == 0 || !same_noun(all->noun, some->noun) ||
	    (all->visibility != VIS_ALL &&
		all->visibility != some->visibility) ||
	    some->is == NULL)
		return false;
	if (all->negated == some->negated)
		return !all->negated && disjoint(all->is, some->is);
	return all->negated ? within(some->is, all->is)
			    : within(all->is, some->is);
}

static bool
recipients_clash(const struct literal *a, const struct literal *b)
{
	if (strcmp(a->key, b->key) == 0)
		return a->least > b->most || b->least > a->most;
	return all_clash(a, b) || all_clash(b, a);
}

/* Why two literals exclude each other beyond the obvious, or NULL. */
static const char *
exclusion(const struct literal *a, const struct literal *b)
{
	if (!a->holds)
		return NULL;
	if (a->kind == TEST_INBOUND && b->holds &&
	    (b->kind == TEST_SENDER || b->kind == TEST_AUTHOR) &&
	    disjoint(b->test->is, &outsider))
		return "whoever sends inbound mail counts as an outsider";
	if (a->kind == TEST_INTERNAL && b->kind == TEST_INBOUND && b->holds)
		return "internal mail is submitted";
	if (a->kind == TEST_INTERNAL && wants_outsider(b))
		return "internal mail has no outsider among its recipients";
	return NULL;
}

static char *
describe(const struct literal *l)
{
	g_autofree char *text = test_to_string(l->test);

	return g_strdup_printf(l->wanted ? "\"%s\"" : "\"not %s\"", text);
}

/* A sentence why both cannot be, or NULL. */
static char *
clash(const struct literal *a, const struct literal *b)
{
	const char *why = exclusion(a, b);
	bool exclude = false;
	g_autofree char *first = NULL, *second = NULL;

	if (why == NULL)
		why = exclusion(b, a);
	if (why == NULL && a->kind == b->kind) {
		if (a->kind == TEST_RECIPIENTS)
			exclude = recipients_clash(a, b);
		else
			exclude =
			    strcmp(a->key, b->key) == 0 && a->holds != b->holds;
		if (a->kind == TEST_SENDER)
			exclude = exclude || senders_clash(a, b);
	}
	if (why == NULL && !exclude)
		return NULL;
	first = describe(a);
	second = describe(b);
	return g_strdup_printf("%s and %s exclude each other%s%s", first,
	    second, why != NULL ? ", as " : "", why != NULL ? why : "");
}

static char *impossible(const GPtrArray *given, const struct expr *, bool);

/* Why neither side of an alternative can hold, or NULL. */
static char *
alternative_impossible(
    const GPtrArray *literals, const struct alternative *alternative)
{
	g_autofree char *left =
	    impossible(literals, alternative->expr->left, alternative->holds);
	g_autofree char *right = NULL;

	if (left == NULL)
		return NULL;
	right =
	    impossible(literals, alternative->expr->right, alternative->holds);
	return right == NULL ? NULL
			     : g_strdup_printf("%s; and %s", left, right);
}

/* The same as check_impossible() where other literals are given. */
static char *
impossible(const GPtrArray *given, const struct expr *expr, bool holds)
{
	g_autoptr(GPtrArray) literals = g_ptr_array_new();
	g_autoptr(GPtrArray) fresh =
	    g_ptr_array_new_with_free_func(literal_free);
	g_autoptr(GArray) alternatives =
	    g_array_new(FALSE, FALSE, sizeof(struct alternative));
	char *why = NULL;
	guint i, k;

	take_apart(expr, holds, fresh, alternatives);
	for (i = 0; given != NULL && i < given->len; i++)
		g_ptr_array_add(literals, g_ptr_array_index(given, i));
	for (i = 0; i < fresh->len && why == NULL; i++) {
		struct literal *l = g_ptr_array_index(fresh, i);

		if (is_absurd(l)) {
			g_autofree char *text = describe(l);

			why = g_strdup_printf("%s is never so", text);
		}
		for (k = 0; k < literals->len && why == NULL; k++)
			why = clash(g_ptr_array_index(literals, k), l);
		g_ptr_array_add(literals, l);
	}
	for (i = 0; i < alternatives->len && why == NULL; i++)
		why = alternative_impossible(literals,
		    &g_array_index(alternatives, struct alternative, i));
	return why;
}

char *
check_impossible(const struct expr *expr)
{
	return impossible(NULL, expr, true);
}
