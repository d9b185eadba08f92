#include <string.h>

#include "policy/judging/collect.h"
#include "policy/judging/verdict.h"

/* RFC 5321 4.5.3.1.5 allows 512 octets with code, status and line end. */
enum { REPLY_MAX = 480 };

const char *
disposition_name(enum disposition disposition)
{
	static const char *const names[] = {
	    [DISPOSITION_ACCEPT] = "accept",
	    [DISPOSITION_DEFER] = "defer",
	    [DISPOSITION_HOLD] = "hold",
	    [DISPOSITION_REJECT] = "reject",
	};

	return names[disposition];
}

enum severity
rule_severity(const struct rule *rule)
{
	enum severity severity = SEVERITY_LOW;
	bool flagged = false;
	guint i;

	for (i = 0; i < rule->actions->len; i++) {
		const struct action *action =
		    &g_array_index(rule->actions, struct action, i);

		if (action->kind != ACTION_FLAG)
			continue;
		flagged = true;
		severity = MAX(severity, action->severity);
	}
	return flagged ? severity : SEVERITY_MEDIUM;
}

static bool
is_active(const struct rule *rule, const struct facts *facts)
{
	day on = facts_day(facts);

	return rule->from <= on && on <= rule->to;
}

/* Is any rule in force undecided or, with even_true, true? */
static bool
any_rule(const struct policy *policy, const struct facts *facts, bool even_true)
{
	guint i;

	if (facts_exempt(facts) == TRUTH_TRUE)
		return false;
	for (i = 0; i < policy->rules_list->len; i++) {
		const struct rule *rule =
		    g_ptr_array_index(policy->rules_list, i);
		enum truth truth;

		if (!is_active(rule, facts))
			continue;
		truth = judge(rule->condition, facts);
		if (truth == TRUTH_UNKNOWN ||
		    (even_true && truth == TRUTH_TRUE))
			return true;
	}
	return false;
}

bool
verdict_possible(const struct policy *policy, const struct facts *facts)
{
	return any_rule(policy, facts, true);
}

bool
verdict_undecided(const struct policy *policy, const struct facts *facts)
{
	return any_rule(policy, facts, false);
}

/*
 * What made the rule hold.  Exceptions that did not apply go without saying,
 * unless there is nothing else to say.
 */
static GPtrArray *
explain(const struct rule *rule, const struct facts *facts)
{
	g_autoptr(GPtrArray) all = evidence_new();
	bool any_true = false;
	guint i;

	judge_explain(rule->condition, facts, all);
	for (i = 0; i < all->len; i++) {
		const struct evidence *e = g_ptr_array_index(all, i);

		any_true = any_true || e->truth == TRUTH_TRUE;
	}
	for (i = all->len; any_true && i-- > 0;) {
		const struct evidence *e = g_ptr_array_index(all, i);

		if (e->truth == TRUTH_FALSE)
			g_ptr_array_remove_index(all, i);
	}
	return g_steal_pointer(&all);
}

static void
judge_rule(struct verdict *verdict, struct judgement *judgement,
    const struct facts *facts, bool trace)
{
	const struct rule *rule = judgement->rule;
	bool final = facts_stage(facts) >= STAGE_MESSAGE;

	judgement->active = is_active(rule, facts);
	judgement->truth =
	    judgement->active ? judge(rule->condition, facts) : TRUTH_FALSE;
	if (judgement->active && trace) {
		judgement->evidence = evidence_new();
		judge_trace(rule->condition, facts, judgement->evidence);
	} else if (final && judgement->truth != TRUTH_FALSE) {
		judgement->evidence = explain(rule, facts);
	} else {
		judgement->evidence = g_ptr_array_ref(verdict->no_evidence);
	}
	if (judgement->truth == TRUTH_FALSE)
		return;
	if (final)
		g_ptr_array_add(verdict->findings, judgement);
	else
		verdict->needs_message = true;
}

/*
 * The greater disposition prevails, and of two alike the first in the file;
 * but a rule that is known to hold decides before one that failed, whose
 * outcome may change with the next try.
 */
static void
consider(struct verdict *verdict, enum disposition disposition,
    const struct rule *rule, bool failed)
{
	if (disposition == DISPOSITION_ACCEPT ||
	    disposition < verdict->disposition ||
	    (disposition == verdict->disposition &&
		(failed || !verdict->failed)))
		return;
	verdict->disposition = disposition;
	verdict->decisive = rule;
	verdict->failed = failed;
}

static enum disposition
disposition_of(enum action_kind kind)
{
	switch (kind) {
	case ACTION_REJECT:
		return DISPOSITION_REJECT;
	case ACTION_HOLD:
		return DISPOSITION_HOLD;
	case ACTION_DEFER:
		return DISPOSITION_DEFER;
	default:
		return DISPOSITION_ACCEPT;
	}
}

static void
settle(struct verdict *verdict)
{
	static const enum disposition failures[] = {
	    [FAILURE_DEFER] = DISPOSITION_DEFER,
	    [FAILURE_HOLD] = DISPOSITION_HOLD,
	    [FAILURE_REJECT] = DISPOSITION_REJECT,
	    [FAILURE_ACCEPT] = DISPOSITION_ACCEPT,
	};
	guint i, k;

	for (i = 0; i < verdict->findings->len; i++) {
		const struct judgement *found =
		    g_ptr_array_index(verdict->findings, i);
		const struct rule *rule = found->rule;

		if (rule->mode != MODE_ENFORCE)
			continue;
		if (found->truth == TRUTH_UNKNOWN) {
			consider(
			    verdict, failures[rule->on_failure], rule, true);
			continue;
		}
		for (k = 0; k < rule->actions->len; k++)
			consider(verdict,
			    disposition_of(
				g_array_index(rule->actions, struct action, k)
				    .kind),
			    rule, false);
	}
}

/* The policy's own words for the action that decided, or NULL. */
static const char *
decisive_text(const struct verdict *verdict)
{
	const GArray *actions = verdict->decisive->actions;
	guint i;

	for (i = 0; !verdict->failed && i < actions->len; i++) {
		const struct action *action =
		    &g_array_index(actions, struct action, i);

		if (disposition_of(action->kind) == verdict->disposition)
			return action->text;
	}
	return NULL;
}

/* What the sender reads, so it says what to do next. */
static char *
default_reply(const struct verdict *verdict)
{
	const struct rule *rule = verdict->decisive;
	const char *clause = *rule->clause != '\0' ? rule->clause : rule->name;

	if (verdict->failed && verdict->disposition == DISPOSITION_DEFER)
		return g_strdup_printf("the message could not be checked "
				       "against the council's policy (rule "
				       "%s), please try again later",
		    rule->name);
	if (verdict->failed)
		return g_strdup_printf("the message could not be checked "
				       "against the council's policy (rule "
				       "%s), please ask the mail administrator",
		    rule->name);
	switch (verdict->disposition) {
	case DISPOSITION_REJECT:
		return g_strdup_printf("the message was not sent: please "
				       "change it and send it again, or ask "
				       "the clerk (council protocol: %s)",
		    clause);
	case DISPOSITION_HOLD:
		return g_strdup_printf("held for the clerk to decide "
				       "(council protocol: %s)",
		    clause);
	case DISPOSITION_DEFER:
		return g_strdup_printf("the message has to wait: please try "
				       "again later, or ask the clerk "
				       "(council protocol: %s)",
		    clause);
	case DISPOSITION_ACCEPT:
		break;
	}
	return NULL;
}

/* One line of printable ASCII: "Zoë" becomes "Zoe", a line end a space. */
static char *
to_reply(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	char *ascii = g_str_to_ascii(valid, "C");
	char *p;

	for (p = ascii; *p != '\0'; p++)
		if (!g_ascii_isprint(*p))
			*p = ' ';
	if (p - ascii > REPLY_MAX)
		ascii[REPLY_MAX] = '\0';
	return g_strchomp(ascii);
}

static void
set_reply(struct verdict *verdict)
{
	const char *own;
	g_autofree char *text = NULL;

	if (verdict->disposition == DISPOSITION_ACCEPT)
		return;
	own = decisive_text(verdict);
	text = own != NULL ? g_strdup(own) : default_reply(verdict);
	verdict->reply = to_reply(text);
}

static void
collect_logs(struct verdict *verdict)
{
	guint i, k;

	for (i = 0; i < verdict->findings->len; i++) {
		const struct judgement *found =
		    g_ptr_array_index(verdict->findings, i);
		const GArray *actions = found->rule->actions;

		if (found->truth != TRUTH_TRUE ||
		    found->rule->mode == MODE_OBSERVE)
			continue;
		for (k = 0; k < actions->len; k++) {
			const struct action *action =
			    &g_array_index(actions, struct action, k);

			if (action->kind == ACTION_LOG)
				g_ptr_array_add(verdict->logs,
				    g_strdup(action->text != NULL
						 ? action->text
						 : found->rule->name));
		}
	}
}

struct verdict *
verdict_new(const struct policy *policy, const struct facts *facts, bool trace)
{
	struct verdict *verdict = g_new0(struct verdict, 1);
	guint i, n = policy->rules_list->len;

	if (facts_exempt(facts) == TRUTH_TRUE)
		n = 0;
	verdict->judgements = g_ptr_array_sized_new(n);
	verdict->findings = g_ptr_array_new();
	verdict->footers = g_ptr_array_new_with_free_func(footer_free);
	verdict->marks = g_ptr_array_new_with_free_func(mark_free);
	verdict->letters = g_ptr_array_new_with_free_func(letter_free);
	verdict->logs = g_ptr_array_new_with_free_func(g_free);
	verdict->all = g_new0(struct judgement, n);
	verdict->no_evidence = evidence_new();
	for (i = 0; i < n; i++) {
		verdict->all[i].rule = g_ptr_array_index(policy->rules_list, i);
		judge_rule(verdict, &verdict->all[i], facts, trace);
		g_ptr_array_add(verdict->judgements, &verdict->all[i]);
	}
	if (verdict->findings->len > 0) {
		settle(verdict);
		set_reply(verdict);
		collect_footers(verdict, facts);
		collect_marks(verdict, facts);
		collect_letters(verdict, facts);
		collect_logs(verdict);
	}
	return verdict;
}

void
verdict_free(struct verdict *verdict)
{
	guint i;

	if (verdict == NULL)
		return;
	for (i = 0; i < verdict->judgements->len; i++)
		g_ptr_array_unref(verdict->all[i].evidence);
	g_ptr_array_unref(verdict->judgements);
	g_ptr_array_unref(verdict->findings);
	g_ptr_array_unref(verdict->footers);
	g_ptr_array_unref(verdict->marks);
	g_ptr_array_unref(verdict->letters);
	g_ptr_array_unref(verdict->logs);
	g_ptr_array_unref(verdict->no_evidence);
	g_free(verdict->all);
	g_free(verdict->reply);
	g_free(verdict);
}
