#include <string.h>

#include "policy/detect/inspection.h"
#include "policy/judging/evidence.h"
#include "policy/judging/judge.h"
#include "policy/judging/judge_text.h"
#include "policy/utf8.h"

typedef enum truth judge_fn(const struct test *, const struct facts *);

/* The next character of a string that may not be UTF-8, in lower case. */
static gunichar
next_folded(const char **p)
{
	gunichar c = (guchar) * *p;

	if (c < 0x80) {
		(*p)++;
		return (gunichar)g_ascii_tolower((char)c);
	}
	c = g_utf8_get_char_validated(*p, -1);
	if (c >= 0x80000000) { /* not a character: stands for itself */
		c = 0x80000000 | (guchar) * *p;
		(*p)++;
		return c;
	}
	*p = utf8_next(*p);
	return g_unichar_tolower(c);
}

static bool
begins_with(const char *text, const char *what)
{
	while (*what != '\0')
		if (*text == '\0' || next_folded(&text) != next_folded(&what))
			return false;
	return true;
}

/* Whatever the case, and without allocating. */
static bool
contains(const char *text, const char *what)
{
	for (;;) {
		if (begins_with(text, what))
			return true;
		if (*text == '\0')
			return false;
		next_folded(&text);
	}
}

static enum truth
judge_sender(const struct test *test, const struct facts *facts)
{
	const struct party *sender = facts_sender(facts);

	if (sender == NULL)
		return TRUTH_UNKNOWN;
	return truth_of(class_holds(test->is, sender, facts_day(facts)));
}

static enum truth
judge_author(const struct test *test, const struct facts *facts)
{
	const GPtrArray *authors = facts_authors(facts);
	guint i;

	if (authors == NULL)
		return TRUTH_UNKNOWN;
	for (i = 0; i < authors->len; i++)
		if (class_holds(test->is, g_ptr_array_index(authors, i),
			facts_day(facts)))
			return TRUTH_TRUE;
	return TRUTH_FALSE;
}

bool
judge_concerns(const struct test *test, const struct facts *facts,
    const struct recipient *r)
{
	return (test->visibility != VIS_VISIBLE || r->visible) &&
	       (test->visibility != VIS_HIDDEN || r->hidden) &&
	       (test->noun == NULL ||
		   class_holds(test->noun, &r->party, facts_day(facts)));
}

bool
judge_such(const struct test *test, const struct facts *facts,
    const struct recipient *r)
{
	return judge_concerns(test, facts, r) &&
	       (test->is == NULL || class_holds(test->is, &r->party,
					facts_day(facts)) != test->negated);
}

static enum truth
judge_recipients(const struct test *test, const struct facts *facts)
{
	const GPtrArray *recipients = facts_recipients(facts);
	unsigned all = 0, such = 0;
	guint i;

	if (recipients == NULL)
		return TRUTH_UNKNOWN;
	for (i = 0; i < recipients->len; i++) {
		const struct recipient *r = g_ptr_array_index(recipients, i);

		all += judge_concerns(test, facts, r);
		such += judge_such(test, facts, r);
	}
	switch (test->quantifier) {
	case QUANT_ANY:
		return truth_of(such > 0);
	case QUANT_EVERY:
		return truth_of(all > 0 && such == all);
	case QUANT_NO:
		return truth_of(such == 0);
	case QUANT_ONLY:
		return truth_of(all == 1 && such == 1);
	case QUANT_AT_LEAST:
		return truth_of(such >= test->count);
	case QUANT_AT_MOST:
		return truth_of(such <= test->count);
	case QUANT_MORE_THAN:
		return truth_of(such > test->count);
	case QUANT_FEWER_THAN:
		return truth_of(such < test->count);
	case QUANT_EXACTLY:
		return truth_of(such == test->count);
	}
	return TRUTH_UNKNOWN;
}

static enum truth
judge_submitted(const struct test *test, const struct facts *facts)
{
	(void)test;
	return truth_of(facts_direction(facts) == DIRECTION_SUBMITTED);
}

static enum truth
judge_inbound(const struct test *test, const struct facts *facts)
{
	return truth_not(judge_submitted(test, facts));
}

static enum truth
judge_internal(const struct test *test, const struct facts *facts)
{
	static const struct class outsider = {.kind = CLASS_OUTSIDER};
	const GPtrArray *recipients = facts_recipients(facts);
	guint i;

	if (judge_submitted(test, facts) == TRUTH_FALSE)
		return TRUTH_FALSE;
	if (recipients == NULL)
		return TRUTH_UNKNOWN;
	for (i = 0; i < recipients->len; i++) {
		const struct recipient *r = g_ptr_array_index(recipients, i);

		if (class_holds(&outsider, &r->party, facts_day(facts)))
			return TRUTH_FALSE;
	}
	return TRUTH_TRUE;
}

static enum truth
judge_automatic(const struct test *test, const struct facts *facts)
{
	const struct header_facts *headers = facts_headers(facts);

	(void)test;
	return headers == NULL ? TRUTH_UNKNOWN : truth_of(headers->automatic);
}

static enum truth
judge_reply(const struct test *test, const struct facts *facts)
{
	const struct header_facts *headers = facts_headers(facts);

	(void)test;
	return headers == NULL ? TRUTH_UNKNOWN : truth_of(headers->is_reply);
}

static enum truth
judge_forward(const struct test *test, const struct facts *facts)
{
	const struct header_facts *headers = facts_headers(facts);

	(void)test;
	return headers == NULL ? TRUTH_UNKNOWN : truth_of(headers->is_forward);
}

static enum truth
judge_signed(const struct test *test, const struct facts *facts)
{
	const struct message_facts *message = facts_message(facts);

	(void)test;
	return message == NULL ? TRUTH_UNKNOWN : truth_of(message->is_signed);
}

static enum truth
judge_encrypted(const struct test *test, const struct facts *facts)
{
	const struct message_facts *message = facts_message(facts);

	(void)test;
	return message == NULL ? TRUTH_UNKNOWN
			       : truth_of(message->is_encrypted);
}

static enum truth
judge_not_inspected(const struct test *test, const struct facts *facts)
{
	struct inspection *in;
	guint i;

	(void)test;
	if (facts_headers(facts) != NULL && !facts_recipients_known(facts))
		return TRUTH_TRUE;
	for (i = 0; i < INSPECTION_COUNT; i++)
		if ((in = facts_inspection(facts, i)) != NULL)
			inspection_run_all(in);
	if (facts_not_inspected(facts) != NULL)
		return TRUTH_TRUE;
	return facts_message(facts) == NULL || facts_await_attachments(facts)
		   ? TRUTH_UNKNOWN
		   : TRUTH_FALSE;
}

static enum truth
judge_subject(const struct test *test, const struct facts *facts)
{
	const struct header_facts *headers = facts_headers(facts);

	if (headers == NULL)
		return TRUTH_UNKNOWN;
	return truth_of(contains(headers->subject, test->text));
}

static enum truth
judge_header(const struct test *test, const struct facts *facts)
{
	const struct header_facts *headers = facts_headers(facts);
	guint i;

	if (headers == NULL)
		return TRUTH_UNKNOWN;
	for (i = 0; i < headers->fields->len; i++) {
		const struct mailbox *field =
		    g_ptr_array_index(headers->fields, i);

		if (g_ascii_strcasecmp(field->name, test->name) == 0 &&
		    contains(field->address, test->text))
			return TRUTH_TRUE;
	}
	return TRUTH_FALSE;
}

/* The table is the dispatch. */
static const struct {
	judge_fn *judge;
	say_fn *say;
	bool negates; /* sees to "is not" itself */
} kinds[TEST_KIND_COUNT] = {
    [TEST_SENDER] = {judge_sender, say_sender, false},
    [TEST_AUTHOR] = {judge_author, say_author, false},
    [TEST_RECIPIENTS] = {judge_recipients, say_recipients, true},
    [TEST_SUBMITTED] = {judge_submitted, say_message, false},
    [TEST_INBOUND] = {judge_inbound, say_message, false},
    [TEST_INTERNAL] = {judge_internal, say_message, false},
    [TEST_AUTOMATIC] = {judge_automatic, say_message, false},
    [TEST_REPLY] = {judge_reply, say_message, false},
    [TEST_FORWARD] = {judge_forward, say_message, false},
    [TEST_SIGNED] = {judge_signed, say_message, false},
    [TEST_ENCRYPTED] = {judge_encrypted, say_message, false},
    [TEST_NOT_INSPECTED] = {judge_not_inspected, say_not_inspected, false},
    [TEST_SUBJECT] = {judge_subject, say_subject, false},
    [TEST_HEADER] = {judge_header, say_header, false},
    [TEST_MARKED] = {judge_text, say_text, false},
    [TEST_QUOTES_MARKED] = {judge_text, say_text, false},
    [TEST_CONFIDENTIAL] = {judge_text, say_text, false},
    [TEST_NO_REASON] = {judge_text, say_text, false},
    [TEST_CONTRADICTION] = {judge_contradiction, say_text, false},
    [TEST_OBLIGATION] = {judge_text, say_text, false},
    [TEST_INSTRUCTION] = {judge_text, say_text, false},
    [TEST_PHRASE] = {judge_text, say_text, false},
    [TEST_OFFICIAL_LETTER] = {judge_text, say_text, false},
    [TEST_IN_NAME_OF] = {judge_text, say_text, false},
    [TEST_REPLIES_TO] = {judge_replies_to, say_writer, false},
    [TEST_OFFER] = {judge_offer, say_text, false},
    [TEST_FORWARDS] = {judge_forwards, say_writer, false},
    [TEST_ATTACHMENT] = {judge_attachment, say_attachment, false},
};

static enum truth
judge_test(const struct test *test, const struct facts *facts)
{
	enum truth truth;

	truth = kinds[test->kind].judge(test, facts);
	return test->negated && !kinds[test->kind].negates ? truth_not(truth)
							   : truth;
}

/*
 * The side that costs less is asked first: often it decides, and which comes
 * first makes no difference to the outcome.
 */
static bool
right_is_first(const struct expr *expr)
{
	enum cost right = expr->right->cost;

	return right == COST_NONE ||
	       (right < COST_TEXT && right < expr->left->cost);
}

enum truth
judge(const struct expr *expr, const struct facts *facts)
{
	const struct expr *last = expr->right;
	enum truth first;

	switch (expr->op) {
	case EXPR_AND:
	case EXPR_OR:
		if (right_is_first(expr))
			last = expr->left;
		first = judge(
		    last == expr->left ? expr->right : expr->left, facts);
		if (expr->op == EXPR_AND)
			return first == TRUTH_FALSE
				   ? first
				   : truth_and(first, judge(last, facts));
		return first == TRUTH_TRUE
			   ? first
			   : truth_or(first, judge(last, facts));
	case EXPR_NOT:
		return truth_not(judge(expr->left, facts));
	case EXPR_TEST:
		return judge_test(&expr->test, facts);
	}
	return TRUTH_UNKNOWN;
}

static void
evidence_free(void *p)
{
	struct evidence *evidence = p;

	g_free(evidence->text);
	g_free(evidence);
}

GPtrArray *
evidence_new(void)
{
	return g_ptr_array_new_with_free_func(evidence_free);
}

static void
add_evidence(const struct expr *expr, const struct facts *facts,
    enum truth truth, GPtrArray *evidence)
{
	struct evidence *e = g_new0(struct evidence, 1);

	e->expr = expr;
	e->truth = truth;
	if (truth == TRUTH_UNKNOWN) {
		g_autofree char *test = test_to_string(&expr->test);

		e->text =
		    g_strdup_printf(facts_stage(facts) >= STAGE_MESSAGE
					? "it could not be judged whether %s"
					: "it is not known yet whether %s",
			test);
	} else {
		e->text = kinds[expr->test.kind].say(
		    &expr->test, facts, truth == TRUTH_TRUE);
	}
	g_ptr_array_add(evidence, e);
}

void
judge_explain(
    const struct expr *expr, const struct facts *facts, GPtrArray *evidence)
{
	enum truth truth = judge(expr, facts);

	switch (expr->op) {
	case EXPR_AND:
	case EXPR_OR:
		/*
		 * AND is the lesser and OR the greater side, so the side that
		 * decides is the one that came out the same.
		 */
		if (judge(expr->left, facts) == truth)
			judge_explain(expr->left, facts, evidence);
		if (judge(expr->right, facts) == truth)
			judge_explain(expr->right, facts, evidence);
		return;
	case EXPR_NOT:
		judge_explain(expr->left, facts, evidence);
		return;
	case EXPR_TEST:
		add_evidence(expr, facts, truth, evidence);
		return;
	}
}

void
judge_trace(
    const struct expr *expr, const struct facts *facts, GPtrArray *evidence)
{
	if (expr->op == EXPR_TEST) {
		add_evidence(expr, facts, judge(expr, facts), evidence);
		return;
	}
	judge_trace(expr->left, facts, evidence);
	if (expr->op != EXPR_NOT)
		judge_trace(expr->right, facts, evidence);
}
