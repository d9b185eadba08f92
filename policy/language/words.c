#include <string.h>

#include "policy/language/words.h"

static const struct test_info tests[TEST_KIND_COUNT] = {
    [TEST_SENDER] = {"sender is", STAGE_ENVELOPE, DETECTOR_NONE},
    [TEST_AUTHOR] = {"author is", STAGE_HEADERS, DETECTOR_NONE},
    [TEST_RECIPIENTS] = {"recipient is", STAGE_HEADERS, DETECTOR_NONE},
    [TEST_SUBMITTED] = {"message is submitted", STAGE_ENVELOPE, DETECTOR_NONE},
    [TEST_INBOUND] = {"message is inbound", STAGE_ENVELOPE, DETECTOR_NONE},
    [TEST_INTERNAL] = {"message is internal", STAGE_HEADERS, DETECTOR_NONE},
    [TEST_AUTOMATIC] = {"message is automatic", STAGE_HEADERS, DETECTOR_NONE},
    [TEST_REPLY] = {"message is a reply", STAGE_HEADERS, DETECTOR_NONE},
    [TEST_FORWARD] = {"message is a forward", STAGE_HEADERS, DETECTOR_NONE},
    [TEST_SIGNED] = {"message is signed", STAGE_MESSAGE, DETECTOR_NONE},
    [TEST_ENCRYPTED] = {"message is encrypted", STAGE_MESSAGE, DETECTOR_NONE},
    [TEST_NOT_INSPECTED] = {"message is not fully inspected", STAGE_MESSAGE,
	DETECTOR_NONE},
    [TEST_SUBJECT] = {"subject contains", STAGE_HEADERS, DETECTOR_NONE},
    [TEST_HEADER] = {"header contains", STAGE_HEADERS, DETECTOR_NONE},
    [TEST_MARKED] = {"message is marked", STAGE_TEXT, DETECTOR_MARKING},
    [TEST_QUOTES_MARKED] = {"message quotes something marked", STAGE_TEXT,
	DETECTOR_MARKING},
    [TEST_CONFIDENTIAL] = {"says something confidential", STAGE_TEXT,
	DETECTOR_CONFIDENTIAL},
    [TEST_NO_REASON] = {"confidence has no reason", STAGE_TEXT,
	DETECTOR_MARKING},
    [TEST_CONTRADICTION] = {"message has contradictory markings", STAGE_TEXT,
	DETECTOR_MARKING},
    [TEST_OBLIGATION] = {"own text creates an obligation", STAGE_TEXT,
	DETECTOR_OBLIGATION},
    [TEST_INSTRUCTION] = {"own text gives an instruction", STAGE_TEXT,
	DETECTOR_PHRASES},
    [TEST_PHRASE] = {"own text reads like", STAGE_TEXT, DETECTOR_PHRASES},
    [TEST_OFFICIAL_LETTER] = {"message is an official letter", STAGE_TEXT,
	DETECTOR_PHRASES},
    [TEST_IN_NAME_OF] = {"message is in the name of", STAGE_TEXT,
	DETECTOR_NAMES},
    [TEST_REPLIES_TO] = {"message replies to", STAGE_TEXT, DETECTOR_NONE},
    [TEST_OFFER] = {"message replies to an offer", STAGE_TEXT,
	DETECTOR_OBLIGATION},
    [TEST_FORWARDS] = {"message forwards", STAGE_TEXT, DETECTOR_NONE},
    [TEST_ATTACHMENT] = {"message has an attachment", STAGE_MESSAGE,
	DETECTOR_NONE},
};

static const char *const actions[ACTION_KIND_COUNT] = {
    [ACTION_REJECT] = "reject",
    [ACTION_HOLD] = "hold",
    [ACTION_DEFER] = "defer",
    [ACTION_FOOTER] = "footer",
    [ACTION_NO_FOOTER] = "no footer",
    [ACTION_MARK] = "mark",
    [ACTION_REPORT] = "report",
    [ACTION_NOTIFY] = "notify sender",
    [ACTION_DISCLOSE] = "disclose",
    [ACTION_FLAG] = "flag",
    [ACTION_LOG] = "log",
};

static const char *const levels[] = {"", " low", " medium", " high"};

const struct test_info *
test_info(enum test_kind kind)
{
	return &tests[kind];
}

const char *
action_name(enum action_kind kind)
{
	return actions[kind];
}

const char *
mode_name(enum mode mode)
{
	static const char *const names[] = {[MODE_OBSERVE] = "observe",
	    [MODE_NOTIFY] = "notify",
	    [MODE_ENFORCE] = "enforce"};

	return names[mode];
}

const char *
severity_name(enum severity severity)
{
	static const char *const names[] = {[SEVERITY_LOW] = "low",
	    [SEVERITY_MEDIUM] = "medium",
	    [SEVERITY_HIGH] = "high"};

	return names[severity];
}

const char *
failure_name(enum failure failure)
{
	static const char *const names[] = {[FAILURE_DEFER] = "defer",
	    [FAILURE_HOLD] = "hold",
	    [FAILURE_REJECT] = "reject",
	    [FAILURE_ACCEPT] = "accept"};

	return names[failure];
}

void
words_append_text(GString *s, const char *text)
{
	g_string_append_c(s, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			g_string_append_c(s, '\\');
		g_string_append_c(s, *text);
	}
	g_string_append_c(s, '"');
}

GArray *
words_new(void)
{
	return g_array_new(TRUE, FALSE, sizeof(const char *));
}

void
words_add(GArray *words, const char *word)
{
	g_array_append_val(words, word);
}

const char *
words_nearest(const GArray *words, const char *word)
{
	static const char *const none[] = {NULL};

	return diag_suggest(word,
	    words->len > 0 ? (const char *const *)(const void *)words->data
			   : none);
}

/* A word that is optional, such as the kind of a marking. */
static void
append_kind(GString *s, const char *kind)
{
	if (*kind == '\0')
		return;
	g_string_append_c(s, ' ');
	words_append_text(s, kind);
}

/* Roles and outsiders are nouns, so they have a plural. */
static void
append_class(GString *s, const struct class *class, bool plural)
{
	g_string_append(s, class->name);
	if (plural &&
	    (class->kind == CLASS_ROLE || class->kind == CLASS_OUTSIDER))
		g_string_append_c(s, 's');
}

static void
append_recipients(GString *s, const struct test *test)
{
	static const char *const quantifiers[] = {
	    [QUANT_ANY] = "any",
	    [QUANT_EVERY] = "every",
	    [QUANT_NO] = "no",
	    [QUANT_ONLY] = "only",
	    [QUANT_AT_LEAST] = "at least",
	    [QUANT_AT_MOST] = "at most",
	    [QUANT_MORE_THAN] = "more than",
	    [QUANT_FEWER_THAN] = "fewer than",
	    [QUANT_EXACTLY] = "exactly",
	};
	static const char *const visibilities[] = {[VIS_ALL] = "",
	    [VIS_VISIBLE] = "visible ",
	    [VIS_HIDDEN] = "hidden "};
	bool counted = test->quantifier >= QUANT_AT_LEAST;
	bool plural = counted && test->count != 1;

	if (test->is == NULL)
		g_string_append(s, plural ? "there are " : "there is ");
	g_string_append_printf(s, "%s ", quantifiers[test->quantifier]);
	if (counted)
		g_string_append_printf(s, "%u ", test->count);
	g_string_append(s, visibilities[test->visibility]);
	if (test->noun != NULL)
		append_class(s, test->noun, plural);
	else
		g_string_append(s, plural ? "recipients" : "recipient");
	if (test->is == NULL)
		return;
	g_string_append(s, plural ? " are " : " is ");
	if (test->negated)
		g_string_append(s, "not ");
	append_class(s, test->is, plural);
}

/* "message is [not] …": the words behind "is". */
static const char *
property(enum test_kind kind)
{
	return tests[kind].phrase + strlen("message is ");
}

static void
append_message(GString *s, const struct test *test)
{
	bool inspected = test->kind == TEST_NOT_INSPECTED;

	if (inspected) {
		g_string_append(s, test->negated ? "message is fully inspected"
						 : tests[test->kind].phrase);
		return;
	}
	g_string_append_printf(s, "message is %s%s",
	    test->negated ? "not " : "", property(test->kind));
	append_kind(s, test->name);
	if (test->kind == TEST_MARKED && *test->text != '\0')
		g_string_append_printf(s, " in %s", test->text);
	if (test->is != NULL)
		g_string_append_printf(s, " %s", test->is->name);
}

static void
append_test(GString *s, const struct test *test)
{
	const char *phrase = tests[test->kind].phrase;

	switch (test->kind) {
	case TEST_SENDER:
	case TEST_AUTHOR:
		g_string_append_printf(s, "%s %s%s", phrase,
		    test->negated ? "not " : "", test->is->name);
		break;
	case TEST_RECIPIENTS:
		append_recipients(s, test);
		break;
	case TEST_SUBJECT:
		g_string_append_printf(s, "%s ", phrase);
		words_append_text(s, test->text);
		break;
	case TEST_HEADER:
		g_string_append(s, "header ");
		words_append_text(s, test->name);
		g_string_append(s, " contains ");
		words_append_text(s, test->text);
		break;
	case TEST_CONFIDENTIAL:
		g_string_append_printf(s, "%s %s",
		    test->own_text ? "own text" : "message", phrase);
		append_kind(s, test->name);
		g_string_append(s, levels[test->level]);
		break;
	case TEST_QUOTES_MARKED:
		g_string_append(s, phrase);
		append_kind(s, test->name);
		if (test->is != NULL)
			g_string_append_printf(s, " by %s", test->is->name);
		break;
	case TEST_NO_REASON:
	case TEST_CONTRADICTION:
	case TEST_OFFER:
	case TEST_OBLIGATION:
	case TEST_INSTRUCTION:
		g_string_append(s, phrase);
		append_kind(s, test->name);
		g_string_append(s, levels[test->level]);
		if (test->is != NULL)
			g_string_append_printf(
			    s, " in the name of %s", test->is->name);
		break;
	case TEST_PHRASE:
		g_string_append_printf(
		    s, "%s %s%s", phrase, test->name, levels[test->level]);
		break;
	case TEST_REPLIES_TO:
	case TEST_FORWARDS:
		g_string_append_printf(s, "%s %s", phrase, test->is->name);
		break;
	case TEST_ATTACHMENT:
		g_string_append(
		    s, test->negated ? "message has no attachment" : phrase);
		if (*test->text != '\0') {
			g_string_append(s, " of type ");
			words_append_text(s, test->text);
		}
		if (*test->name != '\0')
			g_string_append_printf(s, " that is %s", test->name);
		break;
	default:
		append_message(s, test);
		break;
	}
}

char *
test_to_string(const struct test *test)
{
	GString *s = g_string_new(NULL);

	append_test(s, test);
	return g_string_free(s, FALSE);
}

static void append_expr(GString *, const struct expr *);

/* An operand: in parentheses where "and" and "or" would meet. */
static void
append_operand(GString *s, const struct expr *operand, enum expr_op within)
{
	bool group = operand->op != within &&
		     (operand->op == EXPR_AND || operand->op == EXPR_OR);

	/* "not not" is no English, either. */
	group = group || (within == EXPR_NOT && operand->op == EXPR_NOT);
	if (group)
		g_string_append_c(s, '(');
	append_expr(s, operand);
	if (group)
		g_string_append_c(s, ')');
}

static void
append_expr(GString *s, const struct expr *expr)
{
	switch (expr->op) {
	case EXPR_AND:
	case EXPR_OR:
		append_operand(s, expr->left, expr->op);
		g_string_append(s, expr->op == EXPR_AND ? " and " : " or ");
		append_operand(s, expr->right, expr->op);
		break;
	case EXPR_NOT:
		g_string_append(s, "not ");
		append_operand(s, expr->left, expr->op);
		break;
	case EXPR_TEST:
		append_test(s, &expr->test);
		break;
	}
}

char *
expr_to_string(const struct expr *expr)
{
	GString *s = g_string_new(NULL);

	append_expr(s, expr);
	return g_string_free(s, FALSE);
}

static void
append_classes(GString *s, const GPtrArray *classes)
{
	guint i;

	for (i = 0; i < classes->len; i++) {
		const struct class *class = g_ptr_array_index(classes, i);

		g_string_append_printf(
		    s, "%s%s", i > 0 ? ", " : " to ", class->name);
	}
}

char *
action_to_string(const struct action *action)
{
	static const char *const placements[] = {"", " at end", " above quote"};
	GString *s = g_string_new(actions[action->kind]);

	if (action->kind == ACTION_REPORT)
		g_string_append(
		    s, action->in_digest ? " in digest" : " at once");
	if (action->to != NULL)
		append_classes(s, action->to);
	if (action->text != NULL)
		append_kind(s, action->text);
	if (action->kind == ACTION_FLAG)
		g_string_append(s, levels[1 + action->severity]);
	g_string_append(s, placements[action->placement]);
	if (action->in_subject)
		g_string_append(s, " in subject");
	if (action->banner != NULL) {
		g_string_append(s, " with banner");
		append_kind(s, action->banner);
	}
	return g_string_free(s, FALSE);
}
