#include <string.h>

#include "policy/judging/judge.h"
#include "tests/unit/judging.h"
#include "tests/unit/unit.h"

static const char HEAD[] =
    "council \"Woodland Parish Council\"\n"
    "domains woodland-pc.example\n"
    "roster \"council.roster\"\n";

/*
 * The deputy leaves at the end of 2026, the chair changes hands in May 2027,
 * the clerk's post falls vacant in 2029 and the chair in 2031.
 */
static const char ROSTER[] =
    "id,name,title,roles,addresses,logins,group,ward,committees,language,"
    "kind,members\n"
    "clerk,Alex Morgan,,clerk to 2028-12-31,"
    "clerk@woodland-pc.example,clerk,,,,\n"
    "cllr.patel,Priya Patel,Cllr,councillor; chair to 2027-05-10,"
    "patel@woodland-pc.example,patel,Independent,North,Planning,\n"
    "cllr.jones,Jane Jones,Cllr,councillor; "
    "chair from 2027-05-11 to 2030-12-31,"
    "\"jones@woodland-pc.example; jane@jones.example\",jones,"
    "Independent,North,,\n"
    "cllr.smith,Sam Smith,Cllr,councillor,smith@woodland-pc.example,smith,"
    "Residents,South,Planning,\n"
    "cllr.hughes,Owen Hughes,Cllr,councillor,hughes@woodland-pc.example,"
    "hughes,,,,cy-GB\n"
    "cllr.muller,Zoë Müller,,councillor,muller@woodland-pc.example,muller,,,,"
    "\n"
    "deputy,Robin Lee,,junior-officer to 2026-12-31,"
    "deputy@woodland-pc.example,deputy,,,,\n"
    "desk,,,,desk@woodland-pc.example,,,,,,group,clerk; deputy\n"
    "panel,,,,panel@woodland-pc.example,,,,,,group,cllr.hughes; deputy\n";

struct policy *
council_policy_with(const char *roster, const char *text)
{
	g_autofree char *directory = unit_directory();
	g_autofree char *whole = g_strconcat(HEAD, text, NULL);
	g_autofree char *path = unit_write(directory, "council.policy", whole);
	g_autoptr(diags) diags = diags_new();
	g_autofree char *problems = NULL;
	struct policy *policy;

	g_free(unit_write(directory, "council.roster", roster));
	policy = policy_load(path, diags);
	problems = diags_to_string(diags);
	unit_remove(directory);
	ck_assert_msg(policy != NULL, "%s", problems);
	return policy;
}

struct policy *
council_policy(const char *text)
{
	return council_policy_with(ROSTER, text);
}

static char *
full_address(const char *word)
{
	return strchr(word, '@') != NULL
	    ? g_strdup(word)
	    : g_strconcat(word, "@woodland-pc.example", NULL);
}

static void
add_recipients(const char *words, struct envelope *envelope, GPtrArray *header)
{
	g_auto(GStrv) split = g_strsplit(words != NULL ? words : "", " ", -1);
	char **word;

	for (word = split; *word != NULL; word++) {
		g_autofree char *address = full_address(*word);

		if (**word == '\0')
			continue;
		envelope_add_recipient(envelope, address, NULL);
		if (header != NULL)
			g_ptr_array_add(header, mailbox_new(NULL, address));
	}
}

static gint64
time_of(const char *on)
{
	g_autofree char *text = g_strconcat(on, "T12:00:00", NULL);
	g_autoptr(GTimeZone) zone = g_time_zone_new_local();
	g_autoptr(GDateTime) noon = g_date_time_new_from_iso8601(text, zone);

	return g_date_time_to_unix(noon);
}

static void
set(char **field, const char *text)
{
	g_free(*field);
	*field = g_strdup(text);
}

struct facts *
mail_facts(
    const struct policy *policy, const struct mail *mail, enum stage stage)
{
	struct facts *facts = facts_new(policy);
	g_autofree char *from = full_address(mail->from ? mail->from : "clerk");
	g_autofree char *author =
	    mail->author ? full_address(mail->author) : g_strdup(from);
	g_autoptr(envelope) envelope = envelope_new();
	g_autoptr(header_facts) headers = header_facts_new();
	g_autofree char *why = g_strdup(mail->not_inspected);
	struct message_facts message = {.is_signed = mail->is_signed,
	    .is_encrypted = mail->encrypted,
	    .attachments = mail->attachments,
	    .not_inspected = why};

	set(&envelope->sender, mail->null_sender ? "" : from);
	if (mail->inbound)
		envelope->client = g_strdup("192.0.2.1");
	else if (mail->from == NULL)
		envelope->login = g_strdup("clerk");
	envelope->time = time_of(mail->on != NULL ? mail->on : "2026-06-01");
	add_recipients(mail->to, envelope, headers->to);
	add_recipients(mail->cc, envelope, headers->cc);
	add_recipients(mail->bcc, envelope, NULL);
	g_ptr_array_add(headers->from, mailbox_new(NULL, author));
	headers->recipients_cut = mail->cut;
	headers->automatic = mail->automatic;
	headers->is_reply = mail->reply;
	headers->is_forward = mail->forward;
	set(&headers->subject, mail->subject ? mail->subject : "Allotments");
	set(&headers->message_id, "<1@woodland-pc.example>");
	if (mail->header != NULL)
		g_ptr_array_add(
		    headers->fields, mailbox_new("X-Test", mail->header));
	facts_set_envelope(facts, envelope);
	if (stage >= STAGE_HEADERS)
		facts_set_headers(facts, headers);
	if (stage >= STAGE_MESSAGE)
		facts_set_message(facts, &message);
	return facts;
}

void
judged_init(struct judged *judged, const struct policy *policy,
    const struct mail *mail, bool trace)
{
	judged->facts = mail_facts(policy, mail, STAGE_MESSAGE);
	judged->verdict = verdict_new(policy, judged->facts, trace);
}

void
judged_clear(struct judged *judged)
{
	verdict_free(judged->verdict);
	facts_free(judged->facts);
}

char *
evidence_texts(const GPtrArray *evidence)
{
	GString *s = g_string_new(NULL);
	guint i;

	for (i = 0; i < evidence->len; i++) {
		const struct evidence *e = g_ptr_array_index(evidence, i);

		g_string_append_printf(s, "%s%s", i > 0 ? "; " : "", e->text);
	}
	return g_string_free(s, FALSE);
}

void
question_ask(const struct question *question)
{
	g_autofree char *text = g_strdup_printf(
	    "class advisers is @law.example, @.gov.example\n"
	    "rule r when %s then log\n"
	    "rule s when sender is in advisers then log\n",
	    question->condition);
	g_autoptr(policy) policy = council_policy(text);
	g_autoptr(facts) facts =
	    mail_facts(policy, &question->mail, STAGE_MESSAGE);
	const struct rule *rule = policy_find_rule(policy, "r");
	g_autoptr(GPtrArray) evidence = evidence_new();
	g_autofree char *got = NULL;

	ck_assert_msg(judge(rule->condition, facts) == question->truth,
	    "%s: %d", question->condition, judge(rule->condition, facts));
	judge_explain(rule->condition, facts, evidence);
	got = evidence_texts(evidence);
	ck_assert_msg(strcmp(got, question->evidence) == 0, "%s: %s",
	    question->condition, got);
}

static void
make_unknown(struct expr *expr)
{
	if (expr->op == EXPR_TEST) {
		if (expr->test.kind == TEST_ENCRYPTED)
			expr->test.kind = TEST_MARKED;
		return;
	}
	make_unknown(expr->left);
	if (expr->op != EXPR_NOT)
		make_unknown(expr->right);
}

struct policy *
council_policy_unknowing(const char *text)
{
	struct policy *policy = council_policy(text);
	guint i;

	for (i = 0; i < policy->rules_list->len; i++) {
		struct rule *rule = g_ptr_array_index(policy->rules_list, i);

		make_unknown(rule->condition);
	}
	return policy;
}

/* "hold by r | footer CC councillor Sam Smith | report clerk@…" */
static char *
in_words(const struct verdict *verdict)
{
	GString *s = g_string_new(disposition_name(verdict->disposition));
	guint i;

	if (verdict->decisive != NULL)
		g_string_append_printf(s, " by %s%s", verdict->decisive->name,
		    verdict->failed ? " failing" : "");
	for (i = 0; i < verdict->footers->len; i++) {
		const struct footer *f =
		    g_ptr_array_index(verdict->footers, i);

		g_string_append_printf(s, " | footer%s%s %s",
		    *f->language != '\0' ? "." : "", f->language, f->text);
	}
	for (i = 0; i < verdict->letters->len; i++) {
		const struct letter *l =
		    g_ptr_array_index(verdict->letters, i);

		g_string_append_printf(s, " | %s%s %s%s%s",
		    action_name(l->kind), l->in_digest ? " digest" : "",
		    l->address, l->text != NULL ? ": " : "",
		    l->text != NULL ? l->text : "");
	}
	for (i = 0; i < verdict->logs->len; i++)
		g_string_append_printf(s, " | log %s",
		    (const char *)g_ptr_array_index(verdict->logs, i));
	for (i = 0; i < verdict->findings->len; i++) {
		const struct judgement *j =
		    g_ptr_array_index(verdict->findings, i);

		g_string_append_printf(s, " | %s%s",
		    j->truth == TRUTH_UNKNOWN ? "?" : "", j->rule->name);
	}
	return g_string_free(s, FALSE);
}

void
verdict_case_run(const struct verdict_case *c)
{
	g_autofree char *text = g_strconcat(
	    "reports to clerk, cllr.patel\n", c->policy, NULL);
	g_autoptr(policy) policy = council_policy_unknowing(text);
	g_autofree char *got = NULL;
	struct judged judged;
	int traced;

	for (traced = 0; traced < 2; traced++) {
		judged_init(&judged, policy, &c->mail, traced);
		g_free(got);
		got = in_words(judged.verdict);
		ck_assert_msg(
		    strcmp(got, c->want) == 0, "%s: %s", c->name, got);
		ck_assert_int_eq(verdict_possible(policy, judged.facts),
		    judged.verdict->findings->len > 0);
		judged_clear(&judged);
	}
}
