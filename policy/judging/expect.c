#include <string.h>

#include "policy/judging/expect.h"
#include "policy/judging/verdict.h"
#include "policy/text/content.h"
#include "policy/text/normalise.h"

/* Of the block that RFC 5737 keeps for documentation: nobody trusts it. */
static const char OUTSIDE[] = "192.0.2.1";

/* One expectation while it runs. */
struct run {
	const struct policy *policy;
	const struct expectation *expectation;
	struct diags *diags;
	day on;
	bool sound; /* everybody named has an address */
};

/* An id, or a role: then the first in the roster who holds it on the day. */
static const struct person *
find_person(const struct run *run, const char *name)
{
	const struct roster *roster = run->policy->roster;
	const struct person *person = roster_find_id(roster, name);
	int role = role_by_name(name);
	unsigned i;

	for (i = 0; person == NULL && role >= 0 && i < roster_count(roster);
	     i++)
		if (person_has_role(
			roster_person(roster, i), (enum role)role, run->on))
			person = roster_person(roster, i);
	return person;
}

/* Whom the expectation names, by address or otherwise; NULL after an error. */
static struct mailbox *
find_mailbox(struct run *run, const char *name)
{
	const struct person *person;

	if (strchr(name, '@') != NULL)
		return mailbox_new(NULL, name);
	person = find_person(run, name);
	if (person != NULL && person->mail != NULL)
		return mailbox_new(person->name, person->mail);
	diags_add(run->diags, DIAG_ERROR, &run->expectation->place,
	    person == NULL
		? "nobody in the roster is %s on that day, so this case cannot "
		  "be tried"
		: "%s has no address in the roster, so this case cannot be "
		  "tried",
	    name);
	run->sound = false;
	return NULL;
}

/* Adds to the envelope and, if there is one, to the header's list. */
static void
add_recipients(struct run *run, const GPtrArray *names,
    struct envelope *envelope, GPtrArray *header)
{
	guint i;

	for (i = 0; i < names->len; i++) {
		struct mailbox *mailbox =
		    find_mailbox(run, g_ptr_array_index(names, i));

		if (mailbox == NULL)
			continue;
		envelope_add_recipient(envelope, mailbox->address, NULL);
		if (header != NULL)
			g_ptr_array_add(header, mailbox);
		else
			mailbox_free(mailbox);
	}
}

static gint64
noon_of(day on)
{
	GDate date;
	g_autoptr(GDateTime) noon = NULL;

	g_date_clear(&date, 1);
	g_date_set_julian(&date, on);
	noon = g_date_time_new_local(g_date_get_year(&date),
	    (gint)g_date_get_month(&date), g_date_get_day(&date), 12, 0, 0);
	return g_date_time_to_unix(noon);
}

/*
 * A submitted message comes from the machine itself, which is trusted, or as
 * whoever sends it; an inbound one from the outside, whatever it claims.
 */
static struct envelope *
make_envelope(const struct run *run, const struct mailbox *from)
{
	const struct person *person =
	    from != NULL
		? roster_find_address(run->policy->roster, from->address)
		: NULL;
	struct envelope *envelope = envelope_new();

	g_free(envelope->sender);
	envelope->sender = g_strdup(from != NULL ? from->address : "");
	envelope->time = noon_of(run->on);
	if (run->expectation->inbound)
		envelope->client = g_strdup(OUTSIDE);
	else if (person != NULL)
		envelope->login =
		    g_strdup(person->logins[0] != NULL ? person->logins[0]
						       : person->mail);
	return envelope;
}

static void
set_text(char **field, const char *text)
{
	g_free(*field);
	*field = g_strdup(text);
}

static void
add_segment(struct content *content, enum origin origin, const char *text)
{
	struct segment *segment;

	if (text == NULL)
		return;
	segment = content_add_segment(content, origin);
	segment->text = text_normalise(text, strlen(text), &segment->len, NULL);
	segment->depth = origin == ORIGIN_QUOTED;
}

/* What the message that the expectation describes says. */
static struct content *
make_content(const struct expectation *e, const char *subject)
{
	struct content *content = content_new();

	add_segment(content, ORIGIN_SUBJECT, subject);
	add_segment(content, ORIGIN_OWN, e->text);
	add_segment(content, ORIGIN_QUOTED, e->quoting);
	return content;
}

/* Its facts; the content must outlive them. */
static struct facts *
make_facts(struct run *run, struct content **content)
{
	const struct expectation *e = run->expectation;
	struct mailbox *from = find_mailbox(run, e->from);
	g_autoptr(envelope) envelope = make_envelope(run, from);
	g_autoptr(header_facts) headers = header_facts_new();
	struct message_facts message = {
	    .is_signed = e->is_signed, .is_encrypted = e->is_encrypted};
	struct facts *facts = facts_new(run->policy);

	add_recipients(run, e->to, envelope, headers->to);
	add_recipients(run, e->cc, envelope, headers->cc);
	add_recipients(run, e->bcc, envelope, NULL);
	if (from != NULL)
		g_ptr_array_add(headers->from, from);
	headers->automatic = e->automatic;
	headers->is_reply = e->is_reply || e->quoting != NULL;
	set_text(
	    &headers->subject, e->subject != NULL ? e->subject : "Expectation");
	set_text(&headers->message_id, "<expectation@invalid>");
	facts_set_envelope(facts, envelope);
	facts_set_headers(facts, headers);
	facts_set_message(facts, &message);
	*content = make_content(e, headers->subject);
	facts_set_text(facts, *content);
	return facts;
}

static bool
is_expected(const struct expectation *expectation, const struct rule *rule)
{
	guint i;

	for (i = 0; i < expectation->rules->len; i++)
		if (strcmp(g_ptr_array_index(expectation->rules, i),
			rule->name) == 0)
			return true;
	return false;
}

/* "the sender is …; no hidden recipient is …", whichever way it came out. */
static char *
reasons(const struct judgement *judgement, const struct facts *facts)
{
	g_autoptr(GPtrArray) evidence = evidence_new();
	GString *s;
	guint i;

	if (!judgement->active)
		return g_strdup("it is not active on that day");
	judge_explain(judgement->rule->condition, facts, evidence);
	s = g_string_new(NULL);
	for (i = 0; i < evidence->len; i++) {
		const struct evidence *e = g_ptr_array_index(evidence, i);

		g_string_append_printf(s, "%s%s", i > 0 ? "; " : "", e->text);
	}
	return g_string_free(s, FALSE);
}

static const char *
outcome(const struct judgement *judgement)
{
	switch (judgement->truth) {
	case TRUTH_TRUE:
		return "holds";
	case TRUTH_UNKNOWN:
		return "cannot be judged";
	case TRUTH_FALSE:
		break;
	}
	return "does not hold";
}

static void
compare(
    struct run *run, const struct verdict *verdict, const struct facts *facts)
{
	const struct expectation *expectation = run->expectation;
	g_autoptr(GPtrArray) wrong = g_ptr_array_new();
	g_autoptr(GString) problem = g_string_new(NULL);
	guint i;

	for (i = 0; i < verdict->judgements->len; i++) {
		struct judgement *j = g_ptr_array_index(verdict->judgements, i);
		bool expected = is_expected(expectation, j->rule);

		if (j->truth == truth_of(expected))
			continue;
		g_ptr_array_add(wrong, j);
		g_string_append_printf(problem, "%s%s %s",
		    problem->len > 0 ? ", " : "", j->rule->name, outcome(j));
	}
	if (wrong->len == 0)
		return;
	diags_add(run->diags, DIAG_ERROR, &expectation->place,
	    "not as expected: %s", problem->str);
	for (i = 0; i < wrong->len; i++) {
		const struct judgement *j = g_ptr_array_index(wrong, i);
		g_autofree char *why = reasons(j, facts);

		diags_add(run->diags, DIAG_NOTE, &j->rule->place,
		    "%s %s here: %s", j->rule->name, outcome(j), why);
	}
}

static void
run_expectation(struct run *run)
{
	const struct expectation *expectation = run->expectation;
	/* In the order of who borrows from whom. */
	g_autoptr(content) content = NULL;
	g_autoptr(facts) facts = make_facts(run, &content);
	g_autoptr(verdict) verdict = NULL;

	if (!run->sound)
		return;
	if (facts_exempt(facts) == TRUTH_TRUE) {
		if (expectation->rules->len > 0)
			diags_add(run->diags, DIAG_ERROR, &expectation->place,
			    "not as expected: the message is exempt, so no "
			    "rule is judged");
		return;
	}
	verdict = verdict_new(run->policy, facts, false);
	compare(run, verdict, facts);
}

unsigned
policy_run_expectations(const struct policy *policy, struct diags *diags)
{
	guint i;

	for (i = 0; i < policy->expectations->len; i++) {
		struct run run = {
		    .policy = policy,
		    .expectation = g_ptr_array_index(policy->expectations, i),
		    .diags = diags,
		    .sound = true,
		};

		run.on = run.expectation->on == DAY_LAST ? day_today()
							 : run.expectation->on;
		run_expectation(&run);
	}
	return policy->expectations->len;
}
