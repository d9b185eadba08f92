#include "milter/ctl/show.h"
#include "milter/ctl/show_content.h"

/* A person by id and name, a stranger by address. */
static void
write_party(struct json *json, const char *key, const struct party *party)
{
	json_object(json, key);
	if (party->person != NULL) {
		g_autofree char *name = person_display(party->person);

		json_string(json, "id", party->person->id);
		json_string(json, "name", name);
	} else {
		json_string(json, "address", party->address);
	}
	json_end(json);
}

static void
write_recipients(struct json *json, const struct facts *facts)
{
	const GPtrArray *all = facts_recipients(facts);

	json_object(json, "recipients");
	json_bool(json, "known", facts_recipients_known(facts));
	json_array(json, "visible");
	for (guint i = 0; all != NULL && i < all->len; i++) {
		const struct recipient *recipient = all->pdata[i];

		if (recipient->visible)
			write_party(json, NULL, &recipient->party);
	}
	json_end(json);
	json_array(json, "hidden");
	for (guint i = 0; all != NULL && i < all->len; i++) {
		const struct recipient *recipient = all->pdata[i];

		if (show_hidden(facts, recipient))
			write_party(json, NULL, &recipient->party);
	}
	json_end(json);
	json_end(json);
}

static void
write_place(struct json *json, const struct rule *rule)
{
	json_string(json, "rule", rule->name);
	json_string(json, "clause", rule->clause);
	json_string(json, "file", rule->place.file);
	json_number(json, "line", rule->place.line);
	json_string(json, "mode", mode_name(rule->mode));
}

static void
write_finding(struct json *json, const struct judgement *found)
{
	const GArray *actions = found->rule->actions;

	json_object(json, NULL);
	write_place(json, found->rule);
	json_string(
	    json, "severity", severity_name(rule_severity(found->rule)));
	json_bool(json, "failed", found->truth != TRUTH_TRUE);
	json_array(json, "actions");
	for (guint i = 0; i < actions->len; i++)
		json_string(json, NULL,
		    action_name(g_array_index(actions, struct action, i).kind));
	json_end(json);
	json_array(json, "evidence");
	for (guint i = 0; i < found->evidence->len; i++) {
		const struct evidence *evidence = found->evidence->pdata[i];

		json_string(json, NULL, evidence->text);
	}
	json_end(json);
	json_end(json);
}

static void
write_rule(struct json *json, const struct judgement *judgement)
{
	static const char *const truths[] = {[TRUTH_FALSE] = "false",
	    [TRUTH_UNKNOWN] = "unknown",
	    [TRUTH_TRUE] = "true"};

	json_object(json, NULL);
	write_place(json, judgement->rule);
	json_string(json, "outcome", show_judgement(judgement));
	json_array(json, "tests");
	for (guint i = 0; i < judgement->evidence->len; i++) {
		const struct evidence *evidence = judgement->evidence->pdata[i];
		g_autofree char *test = expr_to_string(evidence->expr);

		json_object(json, NULL);
		json_string(json, "test", test);
		json_string(json, "outcome", truths[evidence->truth]);
		json_string(json, "evidence",
		    evidence->text != NULL ? evidence->text : "");
		json_end(json);
	}
	json_end(json);
	json_end(json);
}

static void
write_verdict(struct json *json, const struct verdict *verdict)
{
	json_array(json, "findings");
	for (guint i = 0; i < verdict->findings->len; i++)
		write_finding(json, verdict->findings->pdata[i]);
	json_end(json);
	json_array(json, "rules");
	for (guint i = 0; i < verdict->judgements->len; i++)
		write_rule(json, verdict->judgements->pdata[i]);
	json_end(json);
	json_array(json, "footers");
	for (guint i = 0; i < verdict->footers->len; i++) {
		const struct footer *footer = verdict->footers->pdata[i];

		json_object(json, NULL);
		json_string(json, "rule", footer->rule->name);
		json_string(json, "text", footer->text);
		json_string(json, "language", footer->language);
		json_end(json);
	}
	json_end(json);
}

static void
write_letters(struct json *json, const struct journal_entry *entry)
{
	json_array(json, "letters");
	for (guint i = 0; entry != NULL && i < entry->letters->len; i++) {
		const struct journal_letter *letter = entry->letters->pdata[i];

		json_object(json, NULL);
		json_string(json, "kind", letter->kind);
		json_string(json, "to", letter->address);
		json_string(json, "rule", letter->rule);
		json_bool(json, "digest", letter->in_digest);
		json_end(json);
	}
	json_end(json);
}

static void
write_edit(struct json *json, const struct edit *edit)
{
	json_object(json, "edit");
	json_string(json, "status", edit_status_name(edit->status));
	if (edit->reason != NULL)
		json_string(json, "reason", edit->reason);
	json_end(json);
}

void
show_json(struct json *json, const struct examination *seen)
{
	const struct outcome *outcome = seen->outcome;
	const struct facts *facts = seen->facts;
	g_autoptr(GPtrArray) actions = show_actions(seen);

	json_object(json, NULL);
	json_string(json, "message", seen->name);
	json_string(json, "verdict", disposition_name(outcome->disposition));
	if (outcome->reply != NULL) {
		json_string(json, "code", outcome->reply_code);
		json_string(json, "status", outcome->reply_status);
		json_string(json, "reply", outcome->reply);
	}
	json_strings(json, "actions", actions);
	json_string(json, "direction",
	    facts_direction(facts) == DIRECTION_SUBMITTED ? "submitted"
							  : "inbound");
	if (facts_sender(facts) != NULL)
		write_party(json, "sender", facts_sender(facts));
	write_recipients(json, facts);
	json_bool(json, "exempt", facts_exempt(facts) == TRUTH_TRUE);
	json_bool(json, "early", seen->passed);
	if (facts_not_inspected(facts) != NULL)
		json_string(
		    json, "not_inspected", facts_not_inspected(facts));
	write_verdict(json, outcome->verdict);
	write_letters(json, seen->entry);
	if (outcome->edit != NULL)
		write_edit(json, outcome->edit);
	if (seen->content != NULL)
		show_content_json(json, seen->content);
	json_end(json);
}
