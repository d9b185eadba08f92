#include <string.h>

#include "milter/report/pages.h"

/*
 * The clerk's report and digest.  They name what the clerk needs to find the
 * message and to decide, and hold nothing of its text.
 */

/* How a message is found. */
static void
add_reference(struct page *page, const struct journal_entry *entry)
{
	page_fact(page, "Message-ID", entry->message_id);
	page_fact(page, "Queue id", entry->queue_id);
}

static void
add_recipients(struct page *page, const struct journal_entry *entry)
{
	g_autofree char *hidden = entry_hidden(entry);

	page_fact(page, "To", entry->recipients);
	page_fact(page, "Hidden copy to", hidden);
}

static void
add_message(struct page *page, const struct journal_entry *entry)
{
	g_autofree char *date = entry_date(entry);

	page_fact(page, "Sent", date);
	page_fact(page, "From", entry->sender);
	add_recipients(page, entry);
	add_reference(page, entry);
}

static void
add_finding(struct page *page, const struct journal_finding *finding)
{
	g_autofree char *rule = finding_rule(finding);

	page_subheading(page, finding_title(finding));
	if (finding->failed)
		page_paragraph(page,
		    "The filter could not judge this rule, and did what the "
		    "policy says for that case.");
	add_evidence(page, finding);
	page_fact(page, "Rule", rule);
	page_fact(page, "Importance", finding->severity);
	if (g_strcmp0(finding->mode, "observe") == 0)
		page_fact(page, "Action", "none, the rule is only observed");
	else
		page_fact(page, "Action", finding->actions);
}

static void
add_done(struct page *page, const struct journal_entry *entry, bool observed)
{
	g_autofree char *edit = entry_edit(entry);

	page_heading(page, "What was done");
	page_item(page, "%s", entry_fate(entry));
	if (edit != NULL)
		page_item(page, "%s", edit);
	else if (observed)
		page_item(
		    page, "Nothing else: the policy only observes this rule.");
	if (journal_entry_has_letter(entry, "disclosure"))
		page_item(page,
		    "A notice tells those to whom the message was addressed "
		    "who else received it.");
	if (journal_entry_has_letter(entry, "notice"))
		page_item(page, "The sender was sent a notice.");
}

static void
add_not_inspected(struct page *page, const struct journal_entry *entry)
{
	g_autofree char *reason = NULL;

	if (entry->not_inspected == NULL || entry->not_inspected[0] == '\0')
		return;
	reason = sentence(entry->not_inspected);
	page_heading(page, "What could not be examined");
	page_paragraph(page, "%s", reason);
}

/* A queue id is printed into commands only when it is nothing but one. */
static bool
is_queue_id(const char *id)
{
	const char *p;

	for (p = id; p != NULL && *p != '\0'; p++)
		if (!g_ascii_isalnum(*p))
			return false;
	return p != id && p != NULL;
}

static void
add_release(struct page *page, const char *queue_id)
{
	g_autofree char *release = NULL;
	g_autofree char *discard = NULL;
	g_autofree char *sendmail = NULL;

	page_paragraph(page,
	    "You may release the message or have it deleted. Whoever looks "
	    "after the mail server does it with one of these commands:");
	if (!is_queue_id(queue_id)) {
		page_command(
		    page, "List what is held, with Postfix", "postqueue -p");
		page_command(
		    page, "List what is held, with Sendmail", "mailq -qQ");
		return;
	}
	release = g_strdup_printf("postsuper -H %s", queue_id);
	discard = g_strdup_printf("postsuper -d %s", queue_id);
	sendmail = g_strdup_printf("sendmail -qQ -Q -qI%s", queue_id);
	page_command(page, "Release it, with Postfix", release);
	page_command(page, "Delete it, with Postfix", discard);
	page_command(page, "Release it, with Sendmail", sendmail);
	page_command(page, "List what is held, with Sendmail", "mailq -qQ");
}

static void
add_next_step(struct page *page, const struct journal_entry *entry)
{
	g_autofree char *hidden = entry_hidden(entry);

	if (g_strcmp0(entry->disposition, "hold") == 0)
		add_release(page, entry->queue_id);
	else if (g_strcmp0(entry->disposition, "reject") == 0)
		page_paragraph(page, "Nothing needs doing. The sender may come "
				     "to you about it.");
	else if (g_strcmp0(entry->disposition, "defer") == 0)
		page_paragraph(page,
		    "Nothing needs doing now. If the message stays away, ask "
		    "whoever looks after the mail server to search the mail "
		    "log for the queue id.");
	else if (g_strcmp0(entry->edit, "left") == 0 && hidden[0] != '\0' &&
		 !journal_entry_has_letter(entry, "disclosure"))
		page_paragraph(page,
		    "You may tell those to whom the message was addressed that "
		    "it also went to %s.",
		    hidden);
	else
		page_paragraph(page, "Nothing needs doing at once. You may "
				     "speak to the sender.");
}

static void
add_next(struct page *page, const struct outbox_item *item,
    const GPtrArray *findings)
{
	page_heading(page, "What you may do");
	if (item->text != NULL && item->text[0] != '\0')
		page_quote(page, item->text);
	add_next_step(page, item->entry);
	if (findings_observed(findings))
		page_paragraph(page,
		    "If findings like this one are right, the rule's mode may "
		    "be changed from observe to notify or enforce.");
	page_paragraph(page,
	    "If the finding is mistaken, tell whoever keeps the policy: the "
	    "rule's name and line above say where to change it.");
}

static void
add_about(struct page *page, const struct letterhead *head)
{
	g_autofree char *retention = letterhead_retention(head);

	page_heading(page, "About this report");
	page_paragraph(page,
	    "You receive it because the council's policy names you. It says "
	    "what may need attention, not that anybody did wrong: the filter "
	    "notices patterns, and a person decides. Of the text of messages "
	    "no more is kept than what is quoted above. %s",
	    retention);
}

struct page *
report_page(const struct letterhead *head, const struct outbox_item *item,
    char **subject)
{
	const struct journal_entry *entry = item->entry;
	g_autoptr(GPtrArray) findings = item_findings(item);
	g_autofree char *name = letterhead_name(head);
	g_autofree char *about = findings_subject(findings);
	bool held = g_strcmp0(entry->disposition, "hold") == 0;
	bool observed = findings_observed(findings);
	struct page *page =
	    page_new(name, held ? "A message is held for your decision"
				: "A message that may need your attention");
	unsigned i;

	*subject = g_strdup_printf("%s: %s",
	    held ? "Held for your decision" : "Mail filter report", about);
	add_status(page, entry);
	add_message(page, entry);
	page_heading(page, "What was noticed");
	if (findings->len == 0)
		page_paragraph(
		    page, "The rule %s asked for this report.", item->rule);
	else
		page_paragraph(page,
		    "The message may not be in keeping with this part of the "
		    "council's protocol:");
	for (i = 0; i < findings->len; i++)
		add_finding(page, findings->pdata[i]);
	add_done(page, entry, observed);
	add_not_inspected(page, entry);
	add_next(page, item, findings);
	add_about(page, head);
	return page;
}

/* One rule of a digest, and the letters that are about it. */
struct chapter {
	const struct journal_finding *finding; /* the first one */
	GPtrArray *items;                      /* struct outbox_item */
};

static void
chapter_free(void *p)
{
	struct chapter *chapter = p;

	g_ptr_array_unref(chapter->items);
	g_free(chapter);
}

static struct chapter *
find_chapter(GPtrArray *chapters, const struct journal_finding *finding)
{
	struct chapter *chapter;
	unsigned i;

	for (i = 0; i < chapters->len; i++) {
		chapter = chapters->pdata[i];
		if (g_strcmp0(chapter->finding->rule, finding->rule) == 0)
			return chapter;
	}
	chapter = g_new0(struct chapter, 1);
	chapter->finding = finding;
	chapter->items = g_ptr_array_new();
	g_ptr_array_add(chapters, chapter);
	return chapter;
}

static GPtrArray *
group_by_rule(const GPtrArray *items)
{
	GPtrArray *chapters = g_ptr_array_new_with_free_func(chapter_free);
	unsigned i, j;

	for (i = 0; i < items->len; i++) {
		g_autoptr(GPtrArray) findings = item_findings(items->pdata[i]);

		for (j = 0; j < findings->len; j++) {
			struct chapter *chapter =
			    find_chapter(chapters, findings->pdata[j]);

			g_ptr_array_add(chapter->items, items->pdata[i]);
		}
	}
	return chapters;
}

/* "1 message", "2 messages" */
static char *
count(unsigned n)
{
	return g_strdup_printf("%u message%s", n, n == 1 ? "" : "s");
}

static char *
join_evidence(const struct journal_entry *entry, const char *rule)
{
	unsigned i;

	for (i = 0; i < entry->findings->len; i++) {
		const struct journal_finding *finding =
		    entry->findings->pdata[i];

		if (g_strcmp0(finding->rule, rule) == 0) {
			g_autoptr(GPtrArray) parts = g_ptr_array_new();
			unsigned j;

			for (j = 0; j < finding->evidence->len; j++)
				g_ptr_array_add(
				    parts, finding->evidence->pdata[j]);
			g_ptr_array_add(parts, NULL);
			return g_strjoinv("; ", (char **)parts->pdata);
		}
	}
	return g_strdup("");
}

static void
add_chapter(struct page *page, const struct chapter *chapter)
{
	g_autofree char *messages = count(chapter->items->len);
	g_autofree char *rule = finding_rule(chapter->finding);
	unsigned i;

	page_heading(page, finding_title(chapter->finding));
	page_paragraph(page, "%s. Rule %s.", messages, rule);
	for (i = 0; i < chapter->items->len; i++) {
		const struct outbox_item *item = chapter->items->pdata[i];
		g_autofree char *why =
		    join_evidence(item->entry, chapter->finding->rule);
		g_autofree char *edit = entry_edit(item->entry);
		g_autofree char *done =
		    g_strjoin(" ", entry_fate(item->entry), edit, NULL);
		g_autofree char *date = entry_date(item->entry);
		g_autofree char *head = g_strdup_printf(
		    "%u. %s, %s", i + 1, item->entry->sender, date);

		page_subheading(page, head);
		add_recipients(page, item->entry);
		page_fact(page, "Why", why);
		page_fact(page, "Done", done);
		add_reference(page, item->entry);
	}
}

/* "3 messages: encrypted", once a reason. */
static void
add_unexamined(struct page *page, const GPtrArray *items)
{
	g_autoptr(GPtrArray) reasons = g_ptr_array_new();
	g_autoptr(GHashTable) counts =
	    g_hash_table_new(g_str_hash, g_str_equal);
	unsigned i;

	for (i = 0; i < items->len; i++) {
		const struct outbox_item *item = items->pdata[i];
		char *reason = item->entry->not_inspected;

		if (reason == NULL || reason[0] == '\0')
			continue;
		if (!g_hash_table_contains(counts, reason))
			g_ptr_array_add(reasons, reason);
		g_hash_table_insert(counts, reason,
		    GUINT_TO_POINTER(
			GPOINTER_TO_UINT(g_hash_table_lookup(counts, reason)) +
			1));
	}
	if (reasons->len == 0)
		return;
	page_heading(page, "What could not be examined");
	for (i = 0; i < reasons->len; i++) {
		g_autofree char *messages = count(GPOINTER_TO_UINT(
		    g_hash_table_lookup(counts, reasons->pdata[i])));

		page_item(page, "%s: %s", messages, (char *)reasons->pdata[i]);
	}
}

static void
add_held(struct page *page, const GPtrArray *items)
{
	g_autoptr(GHashTable) held = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *messages = NULL;
	unsigned i;

	/* Several rules may have held one message. */
	for (i = 0; i < items->len; i++) {
		const struct outbox_item *item = items->pdata[i];

		if (g_strcmp0(item->entry->disposition, "hold") == 0)
			g_hash_table_add(held, item->entry->identity);
	}
	if (g_hash_table_size(held) == 0) {
		page_paragraph(page, "Nothing needs doing at once.");
		return;
	}
	messages = count(g_hash_table_size(held));
	page_paragraph(page,
	    "%s %s held for your decision. Whoever looks after the mail server "
	    "may release or delete what is held, by its queue id.",
	    messages, g_hash_table_size(held) == 1 ? "is" : "are");
}

struct page *
digest_page(
    const struct letterhead *head, const GPtrArray *items, char **subject)
{
	g_autoptr(GPtrArray) chapters = group_by_rule(items);
	g_autofree char *name = letterhead_name(head);
	g_autofree char *findings = g_strdup_printf(
	    "%u finding%s", items->len, items->len == 1 ? "" : "s");
	struct page *page = page_new(name, "What the filter noticed");
	unsigned i;

	*subject = g_strdup_printf("Mail filter digest: %s", findings);
	page_paragraph(page,
	    "Messages that may not be in keeping with the council's protocol, "
	    "by rule:");
	for (i = 0; i < chapters->len; i++) {
		const struct chapter *chapter = chapters->pdata[i];
		g_autofree char *messages = count(chapter->items->len);

		page_item(
		    page, "%s: %s", finding_title(chapter->finding), messages);
	}
	for (i = 0; i < chapters->len; i++)
		add_chapter(page, chapters->pdata[i]);
	add_unexamined(page, items);
	page_heading(page, "What you may do");
	add_held(page, items);
	page_paragraph(page,
	    "You may speak to the senders. If a finding is mistaken, tell "
	    "whoever keeps the policy: the rule's name and line say where to "
	    "change it.");
	add_about(page, head);
	return page;
}
