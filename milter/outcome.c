#include <string.h>

#include "milter/outcome.h"
#include "milter/record.h"
#include "milter/service.h"

static void
set_deferral(struct outcome *outcome, const char *status, const char *reply)
{
	outcome->disposition = DISPOSITION_DEFER;
	outcome->reply_code = "451";
	outcome->reply_status = status;
	g_free(outcome->reply);
	outcome->reply = g_strdup(reply);
}

/* Whom the verdict's footers are for: a request for the edit engine. */
static void
request_footers(struct edit_request *request, const struct verdict *verdict)
{
	for (guint i = 0; i < verdict->footers->len; i++) {
		const struct footer *footer = verdict->footers->pdata[i];

		if (i == 0)
			request->placement = footer->placement;
		edit_request_add_footer(
		    request, footer->text, footer->language);
	}
}

/*
 * Always the Sensitivity field that mail programs show (RFC 2156, 5.3.4), and
 * the subject tag and banner that the policy asks for.
 */
static void
request_marks(struct edit_request *request, const struct verdict *verdict)
{
	for (guint i = 0; i < verdict->marks->len; i++) {
		const struct mark *mark = verdict->marks->pdata[i];

		if (request->sensitivity == NULL)
			request->sensitivity = g_strdup("Company-Confidential");
		if (mark->in_subject && request->subject_tag == NULL)
			request->subject_tag =
			    g_strdup_printf("[%s]", mark->word);
		if (mark->banner != NULL)
			edit_request_add_banner(request, mark->banner, "");
	}
}

static struct edit_request *
make_request(
    const struct verdict *verdict, const struct facts *facts, GBytes *key)
{
	const struct policy *policy = facts_policy(facts);
	struct edit_request *request = edit_request_new();

	request->key = g_bytes_get_data(key, &request->key_len);
	request->signed_mail = policy->signed_mail;
	request->encrypted_mail = policy->encrypted_mail;
	request->inbound = facts_direction(facts) == DIRECTION_INBOUND;
	/* A message that does not get through needs no edit. */
	if (verdict->disposition == DISPOSITION_ACCEPT ||
	    verdict->disposition == DISPOSITION_HOLD) {
		request_footers(request, verdict);
		request_marks(request, verdict);
	}
	return request;
}

static void
settle(struct outcome *outcome)
{
	const struct verdict *verdict = outcome->verdict;

	outcome->disposition = verdict->disposition;
	switch (verdict->disposition) {
	case DISPOSITION_REJECT:
		outcome->reply_code = "550";
		outcome->reply_status = "5.7.1";
		outcome->reply = g_strdup(verdict->reply);
		break;
	case DISPOSITION_DEFER:
		set_deferral(outcome, "4.7.1", verdict->reply);
		break;
	case DISPOSITION_HOLD:
		outcome->hold_reason = g_strdup(verdict->reply);
		break;
	case DISPOSITION_ACCEPT:
		if (outcome->edit->status != EDIT_HOLD)
			break;
		outcome->disposition = DISPOSITION_HOLD;
		outcome->hold_reason = g_strdup_printf(
		    "held by the council's policy: the message is %s and "
		    "cannot gain its footer",
		    outcome->edit->reason);
		break;
	}
}

/* The locations of the rules that held: "silent-copy (council.policy:12)". */
static void
append_rules(GString *line, const struct verdict *verdict)
{
	for (guint i = 0; i < verdict->findings->len; i++) {
		const struct judgement *found = verdict->findings->pdata[i];
		g_autofree char *actions =
		    record_actions(found->rule, found->truth != TRUTH_TRUE);

		g_string_append_printf(line, "; rule %s (%s:%u)%s: %s",
		    found->rule->name, found->rule->place.file,
		    found->rule->place.line,
		    found->truth == TRUTH_TRUE ? "" : " could not be judged",
		    actions);
	}
}

static void
write_log(
    struct outcome *outcome, const struct facts *facts, const char *queue_id)
{
	const struct verdict *verdict = outcome->verdict;
	const struct edit *edit = outcome->edit;
	const char *not_inspected = facts_not_inspected(facts);
	GString *line;

	if (verdict->findings->len == 0 && edit->headers->len == 0)
		return;
	line = g_string_new(NULL);
	g_string_append_printf(line, "%s: end of message: %s", queue_id,
	    disposition_name(outcome->disposition));
	append_rules(line, verdict);
	if (edit->status != EDIT_NONE)
		g_string_append_printf(
		    line, "; edit %s", edit_status_name(edit->status));
	else if (edit->headers->len > 0)
		g_string_append(line, "; forged marker removed");
	if (edit->reason != NULL)
		g_string_append_printf(line, " (%s)", edit->reason);
	if (not_inspected != NULL)
		g_string_append_printf(
		    line, "; not fully inspected: %s", not_inspected);
	for (guint i = 0; i < verdict->logs->len; i++)
		g_string_append_printf(
		    line, "; %s", (const char *)verdict->logs->pdata[i]);
	outcome->log = g_string_free(line, FALSE);
	outcome->error = verdict->failed;
}

/* Promise: nothing is reported to the MTA before the journal has it. */
static void
commit(struct outcome *outcome, struct journal *journal,
    const struct journal_entry *entry, const char *queue_id)
{
	g_autoptr(GError) error = NULL;

	if (journal_record(journal, entry, &error))
		return;
	set_deferral(outcome, "4.3.0",
	    "the council's mail filter cannot keep its journal, "
	    "please try again later");
	g_free(outcome->log);
	outcome->log = g_strdup_printf(
	    "%s: end of message: defer; %s", queue_id, error->message);
	outcome->error = true;
}

struct outcome *
outcome_new(struct service *service, struct facts *facts,
    const struct envelope *envelope, struct message *message,
    const char *queue_id, bool trace)
{
	const struct policy *policy = facts_policy(facts);
	struct outcome *outcome = g_new0(struct outcome, 1);
	GBytes *key = service_key(service);

	outcome->verdict = verdict_new(policy, facts, trace);
	outcome->request = make_request(outcome->verdict, facts, key);
	outcome->edit = edit_new(message, outcome->request);
	settle(outcome);
	write_log(outcome, facts, queue_id);
	if (outcome->verdict->findings->len > 0 &&
	    service_journal(service) != NULL) {
		g_autoptr(journal_entry) entry = record_new(outcome->verdict,
		    outcome->edit, outcome->disposition, facts, envelope,
		    message, queue_id, key);

		commit(outcome, service_journal(service), entry, queue_id);
	}
	return outcome;
}

struct outcome *
outcome_new_out_of_order(const char *queue_id)
{
	struct outcome *outcome = g_new0(struct outcome, 1);

	set_deferral(outcome, "4.3.0",
	    "the council's mail filter lost the message, "
	    "please try again later");
	outcome->log = g_strdup_printf("%s: end of message: defer; "
				       "the MTA's commands make no message",
	    queue_id);
	outcome->error = true;
	return outcome;
}

void
outcome_free(struct outcome *outcome)
{
	if (outcome == NULL)
		return;
	edit_free(outcome->edit);
	edit_request_free(outcome->request);
	verdict_free(outcome->verdict);
	g_free(outcome->reply);
	g_free(outcome->hold_reason);
	g_free(outcome->log);
	g_free(outcome);
}
