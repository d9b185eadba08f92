#include <stdio.h>

#include "milter/ctl/ctl.h"
#include "milter/ctl/show.h"
#include "milter/ctl/show_content.h"
#include "milter/record.h"

/* The column where values begin. */
enum { INDENT = 12 };

static void
line(const char *label, const char *text)
{
	g_autofree char *printable = ctl_printable(text);

	printf("%-*s%s\n", INDENT, label, printable);
}

static void
show_sender(const struct facts *facts)
{
	const struct party *sender = facts_sender(facts);
	g_autofree char *name = NULL;

	if (sender == NULL)
		return;
	name = show_party(sender);
	line("Sender", name);
}

static void
append_name(GString *list, const char *name)
{
	g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", name);
}

static void
show_recipients(const struct facts *facts)
{
	const GPtrArray *all = facts_recipients(facts);
	g_autoptr(GString) visible = g_string_new(NULL);
	g_autoptr(GString) hidden = g_string_new(NULL);

	for (guint i = 0; all != NULL && i < all->len; i++) {
		const struct recipient *recipient = all->pdata[i];
		g_autofree char *name = show_party(&recipient->party);
		if (recipient->visible)
			append_name(visible, name);
		else if (show_hidden(facts, recipient))
			append_name(hidden, name);
	}
	line("Visible", visible->len > 0 ? visible->str : "nobody");
	line("Hidden", hidden->len > 0 ? hidden->str : "no councillor");
	if (!facts_recipients_known(facts))
		line("", "the header was cut: who is hidden is not known");
}

static void
show_kind(const struct facts *facts)
{
	const struct header_facts *header = facts_headers(facts);
	const struct message_facts *message = facts_message(facts);
	g_autoptr(GString) kinds = g_string_new(NULL);
	const struct {
		bool holds;
		const char *word;
	} words[] = {{header != NULL && header->is_reply, "reply"},
	    {header != NULL && header->is_forward, "forward"},
	    {header != NULL && header->automatic, "automatic"},
	    {message != NULL && message->is_signed, "signed"},
	    {message != NULL && message->is_encrypted, "encrypted"}};

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (words[i].holds)
			append_name(kinds, words[i].word);
	if (kinds->len > 0)
		line("Kind", kinds->str);
	if (facts_not_inspected(facts) != NULL)
		line("Not seen", facts_not_inspected(facts));
}

/* The test as the policy puts it, then what was found. */
static void
show_evidence(const struct evidence *evidence)
{
	static const char *const marks[] = {
	    [TRUTH_FALSE] = "no", [TRUTH_UNKNOWN] = "?", [TRUTH_TRUE] = "yes"};
	g_autofree char *test = expr_to_string(evidence->expr);
	g_autofree char *text = NULL;

	if (evidence->text == NULL || *evidence->text == '\0')
		text = ctl_printable(test);
	else {
		g_autofree char *both =
		    g_strdup_printf("%s: %s", test, evidence->text);

		text = ctl_printable(both);
	}
	printf("    %-4s%s\n", marks[evidence->truth], text);
}

static void
show_rule(const struct judgement *judgement)
{
	const struct rule *rule = judgement->rule;
	bool holds = judgement->truth == TRUTH_TRUE;
	bool failed = judgement->truth == TRUTH_UNKNOWN;
	g_autofree char *place = ctl_format_place(&rule->place);

	printf("  %s: %s (%s%s%s)\n", rule->name, show_judgement(judgement),
	    place, rule->mode == MODE_ENFORCE ? "" : ", mode ",
	    rule->mode == MODE_ENFORCE ? "" : mode_name(rule->mode));
	if (!judgement->active)
		return;
	if (*rule->clause != '\0')
		printf("    %s\n", rule->clause);
	for (guint i = 0; i < judgement->evidence->len; i++)
		show_evidence(judgement->evidence->pdata[i]);
	if (holds || failed) {
		g_autofree char *actions = record_actions(rule, failed);

		printf("    so: %s\n", actions);
	}
}

static void
show_letters(const struct journal_entry *entry)
{
	for (guint i = 0; entry != NULL && i < entry->letters->len; i++) {
		const struct journal_letter *letter = entry->letters->pdata[i];
		g_autofree char *text = g_strdup_printf("%s to %s%s, rule %s",
		    letter->kind, letter->address,
		    letter->in_digest ? ", in the digest" : "", letter->rule);

		line(i == 0 ? "Letters" : "", text);
	}
}

static void
show_outcome(const struct examination *seen)
{
	const struct outcome *outcome = seen->outcome;
	const struct verdict *verdict = outcome->verdict;
	g_autoptr(GPtrArray) actions = show_actions(seen);
	g_autofree char *joined = NULL;

	line("Verdict", disposition_name(outcome->disposition));
	if (outcome->reply != NULL) {
		g_autofree char *reply = g_strdup_printf("%s %s %s",
		    outcome->reply_code, outcome->reply_status, outcome->reply);

		line("Reply", reply);
	}
	if (outcome->hold_reason != NULL)
		line("Held for", outcome->hold_reason);
	g_ptr_array_add(actions, NULL);
	joined = g_strjoinv(", ", (char **)actions->pdata);
	line("Actions", *joined != '\0' ? joined : "none");
	for (guint i = 0; i < verdict->footers->len; i++) {
		const struct footer *footer = verdict->footers->pdata[i];

		line(i == 0 ? "Footer" : "", footer->text);
	}
	show_letters(seen->entry);
	if (outcome->edit != NULL && outcome->edit->status != EDIT_NONE) {
		const char *reason = outcome->edit->reason;
		g_autofree char *edit = g_strdup_printf("%s%s%s",
		    edit_status_name(outcome->edit->status),
		    reason != NULL ? ": " : "", reason != NULL ? reason : "");

		line("Edit", edit);
	}
	if (seen->passed)
		line("Early", "accepted at the end of the header: no rule "
			      "could hold any more");
}

void
show_text(const struct examination *seen)
{
	const struct facts *facts = seen->facts;
	const struct verdict *verdict = seen->outcome->verdict;

	line("Message", seen->name);
	line("Direction", facts_direction(facts) == DIRECTION_SUBMITTED
			      ? "submitted"
			      : "inbound");
	show_sender(facts);
	show_recipients(facts);
	show_kind(facts);
	if (facts_exempt(facts) == TRUTH_TRUE)
		line("Exempt", "no rule is judged and nothing is recorded");
	if (verdict->judgements->len > 0)
		puts("\nRules");
	for (guint i = 0; i < verdict->judgements->len; i++)
		show_rule(verdict->judgements->pdata[i]);
	if (seen->content != NULL) {
		puts("\nText");
		show_content_brief(seen->content);
	}
	puts("");
	show_outcome(seen);
}
