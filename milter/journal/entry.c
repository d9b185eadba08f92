#include "milter/journal/journal.h"

static void
finding_free(void *p)
{
	struct journal_finding *finding = p;

	g_free(finding->rule);
	g_free(finding->clause);
	g_free(finding->place);
	g_free(finding->mode);
	g_free(finding->severity);
	g_free(finding->actions);
	g_ptr_array_unref(finding->evidence);
	g_free(finding);
}

static void
letter_free(void *p)
{
	struct journal_letter *letter = p;

	g_free(letter->kind);
	g_free(letter->address);
	g_free(letter->rule);
	g_free(letter->text);
	g_free(letter);
}

struct journal_entry *
journal_entry_new(void)
{
	struct journal_entry *entry = g_new0(struct journal_entry, 1);

	entry->findings = g_ptr_array_new_with_free_func(finding_free);
	entry->letters = g_ptr_array_new_with_free_func(letter_free);
	return entry;
}

void
journal_entry_free(struct journal_entry *entry)
{
	if (entry == NULL)
		return;
	g_free(entry->identity);
	g_free(entry->queue_id);
	g_free(entry->message_id);
	g_free(entry->date);
	g_free(entry->sender);
	g_free(entry->sender_id);
	g_free(entry->recipients);
	g_free(entry->hidden);
	g_free(entry->disposition);
	g_free(entry->edit);
	g_free(entry->edit_reason);
	g_free(entry->not_inspected);
	g_ptr_array_unref(entry->findings);
	g_ptr_array_unref(entry->letters);
	g_free(entry);
}

struct journal_finding *
journal_entry_add_finding(struct journal_entry *entry)
{
	struct journal_finding *finding = g_new0(struct journal_finding, 1);

	finding->evidence = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(entry->findings, finding);
	return finding;
}

struct journal_letter *
journal_entry_add_letter(struct journal_entry *entry)
{
	struct journal_letter *letter = g_new0(struct journal_letter, 1);

	g_ptr_array_add(entry->letters, letter);
	return letter;
}

bool
journal_entry_has_letter(const struct journal_entry *entry, const char *kind)
{
	unsigned i;

	for (i = 0; i < entry->letters->len; i++) {
		const struct journal_letter *letter = entry->letters->pdata[i];

		if (g_strcmp0(letter->kind, kind) == 0)
			return true;
	}
	return false;
}

void
outbox_item_free(struct outbox_item *item)
{
	if (item == NULL)
		return;
	g_free(item->kind);
	g_free(item->address);
	g_free(item->text);
	g_free(item->rule);
	g_free(item->message_id);
	g_free(item->last_error);
	journal_entry_free(item->entry);
	g_free(item);
}
