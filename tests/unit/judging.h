/*
 * A small council and messages within it, for the tests of judging: a policy
 * from a few lines, and facts from a message described in one.
 */
#ifndef TESTS_UNIT_JUDGING_H
#define TESTS_UNIT_JUDGING_H

#include <stdbool.h>

#include "policy/facts.h"
#include "policy/policy.h"
#include "policy/judging/verdict.h"

/*
 * Woodland Parish Council's policy: the settings and rules given, after its
 * council, domains and roster.  Faults fail the test.
 */
struct policy *council_policy(const char *text);
/*
 * The same where "message is encrypted" cannot be judged: it is made a question
 * about a text that nobody has read.
 */
struct policy *council_policy_unknowing(const char *text);
/* With another roster. */
struct policy *council_policy_with(const char *roster, const char *text);

/*
 * One message.  Addresses are separated by spaces; a word without "@" is a
 * mailbox of woodland-pc.example.  from NULL is the clerk, submitted by login.
 */
struct mail {
	const char *from, *to, *cc, *bcc;
	const char *author;		/* From, if it is not the sender */
	bool inbound, null_sender, automatic, reply, forward, is_signed,
	    encrypted;
	bool cut;			/* an address header was cut */
	const char *not_inspected;	/* or NULL */
	unsigned attachments;
	const char *subject;		/* NULL: "Allotments" */
	const char *header;		/* value of X-Test, or NULL */
	const char *on;			/* NULL: 2026-06-01 */
};

struct facts *mail_facts(
    const struct policy *, const struct mail *, enum stage);

/* Facts of the whole message, and the verdict on them. */
struct judged {
	struct facts *facts;
	struct verdict *verdict;
};

void judged_init(struct judged *, const struct policy *, const struct mail *,
    bool trace);
void judged_clear(struct judged *);

/* A condition held against a whole message: its truth and why. */
struct question {
	const char *condition;
	struct mail mail;
	enum truth truth;
	const char *evidence;
};

/* Asks in a policy with a class "advisers": @law.example, @.gov.example. */
void question_ask(const struct question *);

/*
 * A message under some rules, and the verdict in words: "hold by first |
 * footer CC councillor Sam Smith | report clerk@… | first | ?second".  Reports
 * go to the clerk or cllr.patel; see council_policy_unknowing().
 */
struct verdict_case {
	const char *name, *policy;
	struct mail mail;
	const char *want;
};

/* Runs it with and without tracing. */
void verdict_case_run(const struct verdict_case *);

/* The texts of some evidence, separated by "; ".  Freed with g_free(). */
char *evidence_texts(const GPtrArray *);

#endif
