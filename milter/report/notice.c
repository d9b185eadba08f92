#include "milter/report/pages.h"

/*
 * Letters to people whom a message concerns.  They say what was noticed and
 * never that somebody did wrong: the filter cannot know that.
 */

/* How to contest: the same in every one of them. */
static void
add_contest(struct page *page, const struct letterhead *head)
{
	g_autofree char *retention = letterhead_retention(head);

	page_heading(page, "If you think this is mistaken");
	page_paragraph(page,
	    "Tell the Clerk, or the Chair if it concerns the Clerk. The filter "
	    "only notices patterns and cannot know what was meant; a person "
	    "decides. %s",
	    retention);
}

struct page *
notice_page(const struct letterhead *head, const struct outbox_item *item,
    char **subject)
{
	const struct journal_entry *entry = item->entry;
	g_autoptr(GPtrArray) findings = item_findings(item);
	g_autofree char *name = letterhead_name(head);
	g_autofree char *title = findings_subject(findings);
	g_autofree char *date = entry_date(entry);
	struct page *page = page_new(name, "About a message that you sent");
	unsigned i;

	*subject = g_strdup_printf("About a message that you sent: %s", title);
	add_status(page, entry);
	page_fact(page, "Your message of", date);
	page_fact(page, "To", entry->recipients);
	page_fact(page, "Message-ID", entry->message_id);

	page_heading(page, "What was noticed");
	page_paragraph(page,
	    "The message may not be in keeping with the council's protocol:");
	for (i = 0; i < findings->len; i++) {
		page_subheading(page, finding_title(findings->pdata[i]));
		add_evidence(page, findings->pdata[i]);
	}

	page_heading(page, "What you may do");
	if (item->text != NULL && item->text[0] != '\0')
		page_quote(page, item->text);
	if (g_strcmp0(entry->disposition, "hold") == 0)
		page_paragraph(page,
		    "You need not send the message again. Speak to the Clerk, "
		    "or to the Chair if you are the Clerk, about what it needs "
		    "before it can leave.");
	else if (g_strcmp0(entry->disposition, "reject") == 0)
		page_paragraph(page,
		    "Change the message and send it again, or ask the Clerk to "
		    "send it for the council.");
	else
		page_paragraph(page,
		    "If the message is as you meant it, and in keeping with "
		    "the protocol, you need do nothing. Otherwise speak to the "
		    "Clerk, or to the Chair if you are the Clerk.");

	page_heading(page, "Who can see this");
	page_paragraph(page,
	    journal_entry_has_letter(entry, "report")
		? "A report like this one goes to whom the council's policy "
		  "names, as a rule the Clerk. Whoever looks after the mail "
		  "server can see it, too. Of the text of your message no more "
		  "is kept than what is quoted here."
		: "Those whom the council's policy names to receive the "
		  "filter's reports, as a rule the Clerk, and whoever looks "
		  "after the mail server. Of the text of your message no more "
		  "is kept than what is quoted here.");
	add_contest(page, head);
	return page;
}

struct page *
disclosure_page(const struct letterhead *head, const struct outbox_item *item,
    char **subject)
{
	const struct journal_entry *entry = item->entry;
	g_autoptr(GPtrArray) findings = item_findings(item);
	g_autofree char *name = letterhead_name(head);
	g_autofree char *hidden = entry_hidden(entry);
	g_autofree char *date = entry_date(entry);
	const char *others = hidden[0] != '\0' ? hidden : "other councillors";
	struct page *page =
	    page_new(name, "Who else received a message to you");
	unsigned i;

	*subject = g_strdup("Who else received a message to you");
	if (g_strcmp0(entry->disposition, "hold") == 0)
		page_paragraph(page,
		    "There is a message to you. It is held, and nobody has "
		    "received it yet. If it is released, a copy also goes to "
		    "%s.",
		    others);
	else
		page_paragraph(
		    page, "A copy of this message also went to %s.", others);
	page_fact(page, "Sent by", entry->sender);
	page_fact(page, "Date", date);
	page_fact(page, "Message-ID", entry->message_id);

	page_heading(page, "Why you are told");
	page_paragraph(page,
	    "Your own copy of the message may not say so at its foot. The "
	    "council's protocol has this rule:");
	for (i = 0; i < findings->len; i++)
		page_item(page, "%s", finding_title(findings->pdata[i]));
	if (item->text != NULL && item->text[0] != '\0')
		page_quote(page, item->text);

	page_heading(page, "What you may do");
	page_paragraph(page,
	    "Nothing is asked of you. You may speak to the sender or the Clerk "
	    "if you have a question about the copy.");
	add_contest(page, head);
	return page;
}
