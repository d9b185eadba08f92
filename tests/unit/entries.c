#include <sqlite3.h>

#include "tests/unit/entries.h"
#include "tests/unit/unit.h"

struct journal_entry *
entry_new(const char *identity, gint64 time)
{
	struct journal_entry *entry = journal_entry_new();
	struct journal_finding *finding = journal_entry_add_finding(entry);

	entry->identity = g_strdup(identity);
	entry->time = time;
	entry->queue_id = g_strdup("4XyZ12abcd");
	entry->message_id = g_strdup("<1@woodland-pc.example>");
	entry->date = g_strdup("Tue, 5 May 2026 10:00:00 +0100");
	entry->sender = g_strdup("Alex Morgan");
	entry->sender_id = g_strdup("clerk");
	entry->recipients = g_strdup("Cllr Jane Jones");
	entry->hidden = g_strdup("Cllr Sam Smith");
	entry->disposition = g_strdup("accept");
	entry->edit = g_strdup("done");
	finding->rule = g_strdup("silent-copy");
	finding->clause =
	    g_strdup("Correspondence, paragraph 1: no silent copies");
	finding->place = g_strdup("council.policy:14");
	finding->mode = g_strdup("enforce");
	finding->severity = g_strdup("medium");
	finding->actions = g_strdup("footer, report");
	g_ptr_array_add(
	    finding->evidence, g_strdup("the sender is officer Alex Morgan"));
	g_ptr_array_add(finding->evidence,
	    g_strdup("a hidden recipient is councillor Sam Smith"));
	return entry;
}

void
entry_add_letter(struct journal_entry *entry, const char *kind,
    const char *address, const char *digest)
{
	const struct journal_finding *finding = entry->findings->pdata[0];
	struct journal_letter *letter = journal_entry_add_letter(entry);

	letter->kind = g_strdup(kind);
	letter->address = g_strdup(address);
	letter->rule = g_strdup(finding->rule);
	letter->in_digest = digest[0] != '\0';
}

void
entry_set(char **field, const char *value)
{
	g_free(*field);
	*field = g_strdup(value);
}

static void
dump(GString *out, const char *name, const char *value)
{
	g_string_append_printf(out, "%s: %s\n", name, value ? value : "(null)");
}

char *
entry_dump(const struct journal_entry *entry)
{
	GString *out = g_string_new(NULL);
	unsigned i, j;

	g_string_append_printf(
	    out, "time: %" G_GINT64_FORMAT "\n", entry->time);
	dump(out, "identity", entry->identity);
	dump(out, "queue_id", entry->queue_id);
	dump(out, "message_id", entry->message_id);
	dump(out, "date", entry->date);
	dump(out, "sender", entry->sender);
	dump(out, "sender_id", entry->sender_id);
	dump(out, "recipients", entry->recipients);
	dump(out, "hidden", entry->hidden);
	dump(out, "disposition", entry->disposition);
	dump(out, "edit", entry->edit);
	dump(out, "edit_reason", entry->edit_reason);
	dump(out, "not_inspected", entry->not_inspected);
	for (i = 0; i < entry->findings->len; i++) {
		const struct journal_finding *finding =
		    entry->findings->pdata[i];

		dump(out, "rule", finding->rule);
		dump(out, " clause", finding->clause);
		dump(out, " place", finding->place);
		dump(out, " mode", finding->mode);
		dump(out, " severity", finding->severity);
		dump(out, " actions", finding->actions);
		dump(out, " failed", finding->failed ? "yes" : "no");
		for (j = 0; j < finding->evidence->len; j++)
			dump(out, " evidence", finding->evidence->pdata[j]);
	}
	for (i = 0; i < entry->letters->len; i++) {
		const struct journal_letter *letter = entry->letters->pdata[i];

		dump(out, "letter", letter->kind);
		dump(out, " address", letter->address);
		dump(out, " rule", letter->rule);
		dump(out, " text", letter->text);
		dump(out, " in_digest", letter->in_digest ? "yes" : "no");
	}
	return g_string_free(out, FALSE);
}

struct journal_place place;

void
place_set_up(void)
{
	place.directory = unit_directory();
	place.path = g_build_filename(place.directory, "journal.sqlite", NULL);
}

void
place_tear_down(void)
{
	unit_remove(place.directory);
	g_free(place.directory);
	g_free(place.path);
}

struct journal *
journal_at(const char *path)
{
	g_autoptr(GError) error = NULL;
	struct journal *journal =
	    journal_open(path, JOURNAL_SYNC_NORMAL, &error);

	ck_assert_msg(journal != NULL, "%s", error ? error->message : "");
	return journal;
}

void
journal_put(struct journal *journal, const struct journal_entry *entry)
{
	g_autoptr(GError) error = NULL;

	ck_assert_msg(journal_record(journal, entry, &error), "%s",
	    error ? error->message : "");
}

void
journal_put_letter(struct journal *journal, const char *identity, gint64 time,
    const char *address, const char *digest)
{
	g_autoptr(journal_entry) entry = entry_new(identity, time);

	entry_add_letter(entry, "report", address, digest);
	journal_put(journal, entry);
}

GPtrArray *
journal_all(struct journal *journal)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *entries = journal_list(journal, 0, G_MAXINT64, &error);

	ck_assert_msg(entries != NULL, "%s", error ? error->message : "");
	return entries;
}

void
journal_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 10000);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK,
	    "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}
