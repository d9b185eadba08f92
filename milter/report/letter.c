#include <string.h>

#include "milter/report/mail.h"
#include "milter/report/pages.h"

/* The kinds of letters; what the journal calls something else is a report. */
static const struct kind {
	const char *name;
	struct page *(*page)(const struct letterhead *,
	    const struct outbox_item *, char **subject);
	bool concerns_reader; /* who has, or wrote, the message itself */
} kinds[] = {
    {"notice", notice_page, true},
    {"disclosure", disclosure_page, true},
    {"report", report_page, false},
};

static const struct kind *
find_kind(const char *name)
{
	unsigned i;

	for (i = 0; i < G_N_ELEMENTS(kinds) - 1; i++)
		if (g_strcmp0(kinds[i].name, name) == 0)
			break;
	return &kinds[i];
}

static GBytes *
render(const struct letterhead *head, const struct outbox_item *item,
    struct page *page, const char *subject, const char *reference, gint64 date)
{
	g_autofree char *name = letterhead_name(head);
	g_autofree char *text = page_text(page);
	g_autofree char *html = page_html(page);
	const char *at = strrchr(head->from, '@');
	const char *host = head->host != NULL && head->host[0] != '\0'
			       ? head->host
			       : (at != NULL ? at + 1 : "localhost");
	g_autofree char *message_id =
	    g_strdup_printf("<%s@%s>", item->message_id, host);
	struct mail mail = {
	    .from_name = name,
	    .from = head->from,
	    .to = item->address,
	    .subject = subject,
	    .message_id = message_id,
	    .reference = reference,
	    .date = date,
	    .text = text,
	    .html = html,
	};

	return mail_render(&mail);
}

GBytes *
letter_render(const struct letterhead *head, const struct outbox_item *item)
{
	const struct kind *kind = find_kind(item->kind);
	g_autofree char *subject = NULL;
	g_autoptr(page) page = kind->page(head, item, &subject);

	return render(head, item, page, subject,
	    kind->concerns_reader ? item->entry->message_id : NULL,
	    item->created);
}

GBytes *
letter_render_digest(const struct letterhead *head, const GPtrArray *items)
{
	g_autofree char *subject = NULL;
	g_autoptr(page) page = digest_page(head, items, &subject);
	const struct outbox_item *last = items->pdata[items->len - 1];

	return render(
	    head, items->pdata[0], page, subject, NULL, last->created);
}
