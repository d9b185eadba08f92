/*
 * One condition held against the facts of one message: whether it is so, and
 * why.
 *
 * Judging is a pure function of the expression and the facts and, before
 * STAGE_TEXT, allocates nothing, since every message is judged.  The reasons are put into words
 * afterwards, for the few rules that somebody will ask about.  Any thread may
 * call these functions with facts of its own.
 */
#ifndef POLICY_JUDGING_JUDGE_H
#define POLICY_JUDGING_JUDGE_H

#include <glib.h>
#include <stdbool.h>

#include "policy/facts.h"
#include "policy/policy.h"
#include "policy/truth.h"

/*
 * Why a test came out as it did, in plain English: "a hidden recipient is
 * councillor Sam Smith".  It names councillors of the roster as hidden
 * recipients and nobody else, and never quotes the message.
 */
struct evidence {
	const struct expr *expr;	/* the test */
	enum truth truth;
	char *text;
};

/*
 * A test whose fact has not arrived is UNKNOWN, unless what has arrived
 * settles it.
 */
enum truth judge(const struct expr *, const struct facts *);

/* Is it one of those of whom the test speaks: "[visible|hidden] NOUN"? */
bool judge_concerns(const struct test *, const struct facts *,
    const struct recipient *);
/* And is it as the test asks: "is [not] CLASS"? */
bool judge_such(const struct test *, const struct facts *,
    const struct recipient *);

/* An array that owns its struct evidence. */
GPtrArray *evidence_new(void);

/*
 * Adds the tests that made the expression come out as it did, whichever way:
 * of "A and B", both when it holds, those that are FALSE when it does not.
 */
void judge_explain(
    const struct expr *, const struct facts *, GPtrArray *evidence);
/* Adds every test of the expression. */
void judge_trace(
    const struct expr *, const struct facts *, GPtrArray *evidence);

#endif
