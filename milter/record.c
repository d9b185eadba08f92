#include <string.h>

#include "milter/record.h"

/*
 * Of a large body only the ends are digested: enough to tell two messages
 * apart, and no second reading of a 20 MB attachment.
 */
enum { DIGEST_END = 32 * 1024 };

/*
 * What longer fields hold is no date, address or Message-ID but text, which
 * has no place in the journal.  998 is a header line (RFC 5322 2.1.1), 320 an
 * address at its longest.
 */
enum { DATE_MAX = 64, SENDER_MAX = 320, MESSAGE_ID_MAX = 998 };

static void
digest_text(GHmac *hmac, const char *text)
{
	/* With its final NUL, so that "ab","c" differs from "a","bc". */
	g_hmac_update(hmac, (const guchar *)text, strlen(text) + 1);
}

static void
digest_body(GHmac *hmac, const struct message *message)
{
	gsize len;
	const char *body = message_body(message, &len);
	guint64 size = GUINT64_TO_LE(len);
	gsize head = MIN(len, DIGEST_END);
	gsize tail = MIN(len - head, DIGEST_END);

	g_hmac_update(hmac, (const guchar *)&size, sizeof(size));
	g_hmac_update(hmac, (const guchar *)body, head);
	g_hmac_update(hmac, (const guchar *)body + len - tail, tail);
}

static int
compare_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/*
 * Who gets this copy, however the MTA orders and spells them: the second time
 * through the filter, aliases may be resolved and archives added.
 */
static void
digest_recipients(GHmac *hmac, const struct facts *facts)
{
	const GPtrArray *recipients = facts_recipients(facts);
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();

	for (guint i = 0; i < recipients->len; i++) {
		const struct recipient *recipient = recipients->pdata[i];
		const struct party *party = &recipient->party;

		if (recipient->enveloped)
			g_ptr_array_add(
			    sorted, (gpointer)(guintptr)(party->person != NULL
							     ? party->person->id
							     : party->address));
	}
	g_ptr_array_sort(sorted, compare_text);
	for (guint i = 0; i < sorted->len; i++)
		digest_text(hmac, sorted->pdata[i]);
	digest_text(hmac, "");
}

static char *
header_text(const struct message *message, const char *name)
{
	const char *value = message_find_header(message, name);

	return g_strstrip(g_strdup(value != NULL ? value : ""));
}

/*
 * What stays the same when the message comes again, also with our own edits in
 * it: with a Message-ID neither its subject nor its text is looked at.
 */
static void
digest_message(GHmac *hmac, const struct message *message)
{
	static const char *const fields[] = {"Message-ID", "Date", "From",
	    "Sender", "To", "Cc", "Resent-Message-ID", "Resent-Date"};
	g_autofree char *subject = NULL;
	bool named = false;

	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
		g_autofree char *value = header_text(message, fields[i]);

		named |= i == 0 && *value != '\0';
		digest_text(hmac, value);
	}
	if (named)
		return;
	subject = header_text(message, "Subject");
	digest_text(hmac, subject);
	digest_body(hmac, message);
}

static char *
identity_of(const struct verdict *verdict, const struct facts *facts,
    const struct envelope *envelope, const struct message *message, GBytes *key)
{
	gsize key_len;
	const guchar *key_data = g_bytes_get_data(key, &key_len);
	GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, key_data, key_len);
	char *identity;

	digest_text(hmac, envelope->sender);
	digest_recipients(hmac, facts);
	digest_message(hmac, message);
	for (guint i = 0; i < verdict->findings->len; i++) {
		const struct judgement *found = verdict->findings->pdata[i];

		digest_text(hmac, found->rule->name);
		digest_text(hmac, found->truth == TRUTH_TRUE ? "+" : "?");
	}
	identity = g_strdup(g_hmac_get_string(hmac));
	g_hmac_unref(hmac);
	return identity;
}

char *
record_actions(const struct rule *rule, bool failed)
{
	GString *text = g_string_new(NULL);

	if (failed)
		g_string_append(text, failure_name(rule->on_failure));
	for (guint i = 0; !failed && i < rule->actions->len; i++) {
		const struct action *action =
		    &g_array_index(rule->actions, struct action, i);

		g_string_append_printf(
		    text, "%s%s", i > 0 ? ", " : "", action_name(action->kind));
	}
	if (rule->mode == MODE_OBSERVE)
		g_string_append(text, " (observed only)");
	else if (rule->mode == MODE_NOTIFY)
		g_string_append(text, " (letters only)");
	return g_string_free(text, FALSE);
}

static void
add_finding(struct journal_entry *entry, const struct judgement *found)
{
	struct journal_finding *finding = journal_entry_add_finding(entry);
	const struct rule *rule = found->rule;

	finding->rule = g_strdup(rule->name);
	finding->clause = g_strdup(rule->clause);
	finding->place =
	    g_strdup_printf("%s:%u", rule->place.file, rule->place.line);
	finding->mode = g_strdup(mode_name(rule->mode));
	finding->severity = g_strdup(severity_name(rule_severity(rule)));
	finding->failed = found->truth != TRUTH_TRUE;
	finding->actions = record_actions(rule, finding->failed);
	for (guint i = 0; i < found->evidence->len; i++) {
		const struct evidence *evidence = found->evidence->pdata[i];

		g_ptr_array_add(finding->evidence, g_strdup(evidence->text));
	}
}

static struct journal_letter *
add_letter(struct journal_entry *entry, const char *kind, const char *address,
    const char *rule)
{
	struct journal_letter *letter = journal_entry_add_letter(entry);

	letter->kind = g_strdup(kind);
	letter->address = g_strdup(address);
	letter->rule = g_strdup(rule);
	return letter;
}

static void
add_letters(struct journal_entry *entry, const struct verdict *verdict)
{
	for (guint i = 0; i < verdict->letters->len; i++) {
		const struct letter *wanted = verdict->letters->pdata[i];
		struct journal_letter *letter = add_letter(entry,
		    wanted->kind == ACTION_REPORT   ? "report"
		    : wanted->kind == ACTION_NOTIFY ? "notice"
						    : "disclosure",
		    wanted->address, wanted->rule->name);

		letter->text = g_strdup(wanted->text);
		letter->in_digest = wanted->in_digest;
	}
}

/* Councillors and officers who take part, by name; "" when there are none. */
static char *
names_of(const struct facts *facts, bool hidden)
{
	const GPtrArray *recipients = facts_recipients(facts);
	GString *names = g_string_new(NULL);

	for (guint i = 0; recipients != NULL && i < recipients->len; i++) {
		const struct recipient *recipient = recipients->pdata[i];
		const struct person *person = recipient->party.person;
		g_autofree char *name = NULL;

		if (person == NULL || (hidden && !recipient->hidden) ||
		    (!hidden && !recipient->visible))
			continue;
		/* Of hidden recipients only councillors are ever named. */
		if (hidden &&
		    !person_has_role(person, ROLE_COUNCILLOR, facts_day(facts)))
			continue;
		name = person_display(person);
		g_string_append_printf(
		    names, "%s%s", names->len > 0 ? ", " : "", name);
	}
	return g_string_free(names, FALSE);
}

static bool
is_disclosed(const struct journal_entry *entry, const char *address)
{
	for (guint i = 0; i < entry->letters->len; i++) {
		const struct journal_letter *letter = entry->letters->pdata[i];

		if (strcmp(letter->kind, "disclosure") == 0 &&
		    strcmp(letter->address, address) == 0)
			return true;
	}
	return false;
}

/*
 * No silent copy stays silent: where the footer cannot reach a visible
 * councillor, because the message could not be edited or because that
 * councillor's own copy does not come with this envelope, a notice does.
 */
static void
add_disclosures(struct journal_entry *entry, const struct verdict *verdict,
    const struct edit *edit, const struct facts *facts)
{
	const GPtrArray *recipients = facts_recipients(facts);
	const struct party *sender = facts_sender(facts);
	const char *rule;

	if (verdict->footers->len == 0)
		return;
	rule = ((const struct footer *)verdict->footers->pdata[0])->rule->name;
	for (guint i = 0; recipients != NULL && i < recipients->len; i++) {
		const struct recipient *recipient = recipients->pdata[i];
		const struct person *person = recipient->party.person;

		if (person == NULL || !recipient->visible ||
		    person == sender->person ||
		    !person_has_role(person, ROLE_COUNCILLOR, facts_day(facts)))
			continue;
		if ((edit->status == EDIT_LEFT || edit->status == EDIT_HOLD ||
			!recipient->enveloped) &&
		    !is_disclosed(entry, person->mail))
			add_letter(entry, "disclosure", person->mail, rule);
	}
}

/* A copy, or "" of what is too long. */
static char *
bounded(const char *text, gsize max)
{
	return g_strdup(strlen(text) <= max ? text : "");
}

struct journal_entry *
record_new(const struct verdict *verdict, const struct edit *edit,
    enum disposition disposition, const struct facts *facts,
    const struct envelope *envelope, struct message *message,
    const char *queue_id, GBytes *key)
{
	struct journal_entry *entry = journal_entry_new();
	const struct party *sender = facts_sender(facts);
	g_autofree char *date = header_text(message, "Date");

	entry->identity = identity_of(verdict, facts, envelope, message, key);
	entry->time = envelope->time;
	entry->queue_id = g_strdup(queue_id);
	entry->message_id =
	    bounded(facts_headers(facts)->message_id, MESSAGE_ID_MAX);
	entry->date = bounded(date, DATE_MAX);
	entry->sender = sender->person != NULL
			    ? person_display(sender->person)
			    : bounded(sender->address, SENDER_MAX);
	entry->sender_id =
	    g_strdup(sender->person != NULL ? sender->person->id : "");
	entry->recipients = names_of(facts, false);
	entry->hidden = names_of(facts, true);
	entry->disposition = g_strdup(disposition_name(disposition));
	entry->edit = g_strdup(edit_status_name(edit->status));
	entry->edit_reason = g_strdup(edit->reason);
	entry->not_inspected = g_strdup(facts_not_inspected(facts));
	for (guint i = 0; i < verdict->findings->len; i++)
		add_finding(entry, verdict->findings->pdata[i]);
	add_letters(entry, verdict);
	add_disclosures(entry, verdict, edit, facts);
	return entry;
}
