/*
 * The verdict on a message: every rule judged, the actions of those that hold
 * merged, with the reason for each.
 *
 * A verdict borrows the facts and the policy and is used by their thread.
 */
#ifndef POLICY_JUDGING_VERDICT_H
#define POLICY_JUDGING_VERDICT_H

#include <glib.h>
#include <stdbool.h>

#include "policy/facts.h"
#include "policy/judging/judge.h"
#include "policy/policy.h"
#include "policy/truth.h"

/* The message's fate; a greater value prevails. */
enum disposition {
	DISPOSITION_ACCEPT,
	DISPOSITION_DEFER,
	DISPOSITION_HOLD,
	DISPOSITION_REJECT,
};

const char *disposition_name(enum disposition);	/* "accept", … */

/* One rule's outcome. */
struct judgement {
	const struct rule *rule;
	enum truth truth;	/* UNKNOWN from STAGE_MESSAGE on is a failure */
	bool active;		/* its dates include the day */
	GPtrArray *evidence;	/* struct evidence, never NULL: every test when
				 * tracing, else what made the rule hold or
				 * could not be judged */
};

/* A line that the message gains at its foot. */
struct footer {
	const struct rule *rule;
	const struct person *person;	/* NULL for "CC all councillors" */
	char *text;			/* UTF-8, one line */
	const char *language;		/* BCP 47, of the policy's template for
					 * it; "" for the rule's own text */
	enum placement placement;
};

/* A marking that the message gains. */
struct mark {
	const struct rule *rule;
	char *word;		/* "CONFIDENTIAL" */
	bool in_subject;
	char *banner;		/* UTF-8, filled in, or NULL */
};

/* A report, notice or disclosure to be sent. */
struct letter {
	enum action_kind kind;	/* ACTION_REPORT, _NOTIFY or _DISCLOSE */
	const struct rule *rule;
	char *address;		/* as written in the roster or the policy */
	bool in_digest;
	char *text;		/* the policy's own words, or NULL */
};

struct verdict {
	enum disposition disposition;
	const struct rule *decisive;	/* whose action settled the fate; NULL
					 * when accepted */
	char *reply;		/* one line of printable ASCII: the text of the
				 * MTA's reply, or the reason of a hold; NULL
				 * when accepted */
	bool failed;		/* the fate is a failure action's doing alone */
	bool needs_message;	/* before STAGE_MESSAGE: some rule still may
				 * hold, so the body is wanted */
	GPtrArray *judgements;	/* struct judgement: all rules, file order;
				 * empty for exempt mail */
	GPtrArray *findings;	/* struct judgement (borrowed): those that hold
				 * or failed */
	GPtrArray *footers;	/* struct footer */
	GPtrArray *marks;	/* struct mark */
	GPtrArray *letters;	/* struct letter, each address once a kind and
				 * rule */
	GPtrArray *logs;	/* char *: texts of log actions */
	/* private */
	struct judgement *all;
	GPtrArray *no_evidence;
};

/*
 * Judges every rule over what is known.  Cheap when called early: the actions
 * are merged only from STAGE_MESSAGE on, when the caller has gone as far as
 * verdict_undecided() asks.  With trace, evidence is kept for every
 * test of every rule.
 *
 * A rule's mode bounds what it does: OBSERVE leaves a finding, NOTIFY adds its
 * letters and log lines, ENFORCE the rest.  A rule that is UNKNOWN at the end
 * is a failed finding; under ENFORCE its failure action joins the others.  Its
 * reports go out all the same, to policy->reports_to if it has none, unless
 * the failure defers the message: the next try would repeat them.
 *
 * A report goes to the first of its list who is in post on the day, has an
 * address and is neither the sender nor an author; those of inbound mail do
 * not count, since they may be forged.  Failing the whole list, it goes in the
 * same way to the proper officer, chair, vice-chair, mayor or leader; and when
 * there is none of these, to the postmaster of the council's first domain,
 * whom RFC 5321 section 4.5.1 requires to exist.
 *
 * Footers: one line for each hidden councillor and footer action, in roster
 * order, the same line once.  The template is the policy's for the
 * councillor's language, else the action's own.  {name}, {title} and
 * {council} stand for what they say.
 *
 * Marks: one for each mark action.  In its banner {reason} is what the message
 * says that is confidential, or the clause, {recipients} with whom it is shared
 * for everybody to see.
 */
struct verdict *verdict_new(
    const struct policy *, const struct facts *, bool trace);
void verdict_free(struct verdict *);

/*
 * Can any rule still hold?  The question asked at the end of the headers, of
 * every message, so it allocates nothing.
 */
bool verdict_possible(const struct policy *, const struct facts *);

/*
 * From STAGE_MESSAGE on: would knowing more of what the message says settle a
 * rule that is UNKNOWN?
 */
bool verdict_undecided(const struct policy *, const struct facts *);

/* The most severe flag of the rule's actions; SEVERITY_MEDIUM without one. */
enum severity rule_severity(const struct rule *);

typedef struct verdict verdict; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(verdict, verdict_free)

#endif
