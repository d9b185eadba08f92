#include <string.h>

#include "milter/journal/store.h"

/*
 * Group commit.  A call puts its entry into the queue.  If nobody leads, it
 * becomes the leader: it takes the whole queue, commits it in one transaction
 * and wakes everybody in it.  Calls that arrive meanwhile queue up behind, and
 * one of them leads the next group.  So there is one transaction, and with
 * JOURNAL_SYNC_FULL one fsync(2), for all who wait.
 */
struct waiting {
	const struct journal_entry *entry;
	bool done;
	bool letters; /* it adds some that may leave now */
	GError *error;
	struct waiting *next;
};

/* How many entries a purge deletes while others wait. */
enum { PURGE_ENTRIES = 200 };

struct journal *
journal_open(const char *path, enum journal_sync sync, GError **error)
{
	struct journal *journal = g_new0(struct journal, 1);

	journal->path = g_strdup(path);
	journal->last = &journal->first;
	pthread_mutex_init(&journal->db_lock, NULL);
	pthread_mutex_init(&journal->queue_lock, NULL);
	pthread_cond_init(&journal->committed, NULL);
	if (!store_open(journal, sync, error)) {
		journal_close(journal);
		return NULL;
	}
	return journal;
}

void
journal_close(struct journal *journal)
{
	if (journal == NULL)
		return;
	store_close(journal);
	pthread_cond_destroy(&journal->committed);
	pthread_mutex_destroy(&journal->queue_lock);
	pthread_mutex_destroy(&journal->db_lock);
	g_free(journal->path);
	g_free(journal);
}

void
journal_set_wakeup(struct journal *journal, void (*wake)(void *), void *arg)
{
	pthread_mutex_lock(&journal->queue_lock);
	journal->wake = wake;
	journal->wake_arg = arg;
	pthread_mutex_unlock(&journal->queue_lock);
}

void
journal_stats(struct journal *journal, struct journal_stats *stats)
{
	pthread_mutex_lock(&journal->queue_lock);
	*stats = journal->stats;
	pthread_mutex_unlock(&journal->queue_lock);
}

/*
 * A letter's Message-ID for life: it follows from what the letter is about and
 * says nothing of it.
 */
static char *
letter_message_id(
    const struct journal_entry *entry, const struct journal_letter *letter)
{
	const char *const parts[] = {entry->identity, entry->disposition,
	    letter->kind, letter->rule, letter->address};
	GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
	char *id;
	gsize i;

	for (i = 0; i < G_N_ELEMENTS(parts); i++) {
		const char *part = parts[i] ? parts[i] : "";

		/* With its NUL, so that no two lists of parts run together. */
		g_checksum_update(
		    checksum, (const guchar *)part, (gssize)strlen(part) + 1);
	}
	id = g_strndup(g_checksum_get_string(checksum), 40);
	g_checksum_free(checksum);
	return id;
}

/* One sentence a line. */
static char *
evidence_text(const GPtrArray *evidence)
{
	GString *text = g_string_new(NULL);
	unsigned i;

	for (i = 0; i < evidence->len; i++) {
		gsize start = text->len;

		g_string_append(text, evidence->pdata[i]);
		g_strdelimit(text->str + start, "\r\n", ' ');
		if (i + 1 < evidence->len)
			g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}

static bool
add_finding(struct journal *journal, gint64 id, unsigned position,
    const struct journal_finding *finding, GError **error)
{
	g_autofree char *evidence = evidence_text(finding->evidence);

	return store_run(journal, error, SQL_ADD_FINDING, "isisssssbs", id,
	    finding->rule, (gint64)position, finding->clause, finding->place,
	    finding->mode, finding->severity, finding->actions, finding->failed,
	    evidence);
}

static bool
add_letter(struct journal *journal, gint64 id,
    const struct journal_entry *entry, const struct journal_letter *letter,
    GError **error)
{
	g_autofree char *message_id = letter_message_id(entry, letter);

	return store_run(journal, error, SQL_ADD_LETTER, "isssnbsi", id,
	    letter->kind, letter->rule, letter->address, letter->text,
	    letter->in_digest, message_id, entry->time);
}

static bool
add_entry(struct journal *journal, const struct journal_entry *entry,
    gint64 *id, GError **error)
{
	sqlite3_stmt *statement;

	if (!store_run(journal, error, SQL_ADD_ENTRY, "ssissssssssnn",
		entry->identity, entry->disposition, entry->time,
		entry->queue_id, entry->message_id, entry->date, entry->sender,
		entry->sender_id, entry->recipients, entry->hidden, entry->edit,
		entry->edit_reason, entry->not_inspected))
		return false;
	if (store_changes(journal) > 0) {
		*id = sqlite3_last_insert_rowid(journal->db);
		return true;
	}
	statement = store_query(
	    journal, SQL_FIND_ENTRY, "ss", entry->identity, entry->disposition);
	if (store_next(statement) == SQLITE_ROW)
		*id = sqlite3_column_int64(statement, 0);
	return store_end(journal, statement, error);
}

static bool
add_all(struct journal *journal, struct waiting *waiting, GError **error)
{
	const struct journal_entry *entry = waiting->entry;
	gint64 id = 0;
	unsigned i;

	if (!add_entry(journal, entry, &id, error))
		return false;
	for (i = 0; i < entry->findings->len; i++)
		if (!add_finding(
			journal, id, i, entry->findings->pdata[i], error))
			return false;
	for (i = 0; i < entry->letters->len; i++) {
		const struct journal_letter *letter = entry->letters->pdata[i];

		if (!add_letter(journal, id, entry, letter, error))
			return false;
		/* A digest's letter waits for the hour of digests. */
		if (store_changes(journal) > 0 && !letter->in_digest)
			waiting->letters = true;
	}
	return true;
}

/*
 * Tries to commit all entries of a list that have no error.  False when one of
 * them has got one now, and the others are still to be committed: it must not
 * take them down with it.
 */
static bool
commit_group(struct journal *journal, struct waiting *first)
{
	GError *error = NULL;
	struct waiting *w;
	bool ok = store_begin(journal, &error);

	for (w = first; ok && w != NULL; w = w->next) {
		if (w->error == NULL && !add_all(journal, w, &w->error)) {
			store_rollback(journal);
			return false;
		}
	}
	if (ok)
		ok = store_commit(journal, &error);
	for (w = first; !ok && w != NULL; w = w->next)
		if (w->error == NULL)
			w->error = g_error_copy(error);
	g_clear_error(&error);
	return true;
}

/* Commits the queue; the caller holds queue_lock and is the leader. */
static void
lead(struct journal *journal)
{
	struct waiting *first = journal->first, *w, *next;

	journal->first = NULL;
	journal->last = &journal->first;
	pthread_mutex_unlock(&journal->queue_lock);

	pthread_mutex_lock(&journal->db_lock);
	while (!commit_group(journal, first))
		continue;
	pthread_mutex_unlock(&journal->db_lock);

	pthread_mutex_lock(&journal->queue_lock);
	journal->stats.commits++;
	for (w = first; w != NULL; w = next) {
		next = w->next; /* w ends when its thread sees done */
		journal->stats.records += w->error == NULL;
		w->done = true;
	}
	pthread_cond_broadcast(&journal->committed);
}

bool
journal_record(
    struct journal *journal, const struct journal_entry *entry, GError **error)
{
	struct waiting mine = {.entry = entry};

	pthread_mutex_lock(&journal->queue_lock);
	*journal->last = &mine;
	journal->last = &mine.next;
	while (!mine.done && journal->leading)
		pthread_cond_wait(&journal->committed, &journal->queue_lock);
	if (!mine.done) {
		journal->leading = true;
		lead(journal);
		journal->leading = false;
	}
	if (mine.error == NULL && mine.letters && journal->wake != NULL)
		journal->wake(journal->wake_arg);
	pthread_mutex_unlock(&journal->queue_lock);

	if (mine.error == NULL)
		return true;
	g_propagate_error(error, mine.error);
	return false;
}

static void
read_evidence(struct journal_finding *finding, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
	unsigned i;

	for (i = 0; lines[i] != NULL; i++)
		g_ptr_array_add(finding->evidence, g_strdup(lines[i]));
}

static bool
read_findings(struct journal *journal, gint64 id, struct journal_entry *entry,
    GError **error)
{
	sqlite3_stmt *row = store_query(journal, SQL_GET_FINDINGS, "i", id);

	while (store_next(row) == SQLITE_ROW) {
		struct journal_finding *finding =
		    journal_entry_add_finding(entry);

		finding->rule = store_text(row, 0);
		finding->clause = store_text(row, 1);
		finding->place = store_text(row, 2);
		finding->mode = store_text(row, 3);
		finding->severity = store_text(row, 4);
		finding->actions = store_text(row, 5);
		finding->failed = sqlite3_column_int(row, 6) != 0;
		read_evidence(
		    finding, (const char *)sqlite3_column_text(row, 7));
	}
	return store_end(journal, row, error);
}

static bool
read_letters(struct journal *journal, gint64 id, struct journal_entry *entry,
    GError **error)
{
	sqlite3_stmt *row = store_query(journal, SQL_GET_LETTERS, "i", id);

	while (store_next(row) == SQLITE_ROW) {
		struct journal_letter *letter = journal_entry_add_letter(entry);

		letter->kind = store_text(row, 0);
		letter->address = store_text(row, 1);
		letter->rule = store_text(row, 2);
		letter->text = store_text(row, 3);
		letter->in_digest = sqlite3_column_int(row, 4) != 0;
	}
	return store_end(journal, row, error);
}

/* The columns in the order of ENTRY_COLUMNS, with findings and letters. */
static struct journal_entry *
read_entry(struct journal *journal, sqlite3_stmt *row, GError **error)
{
	g_autoptr(journal_entry) entry = journal_entry_new();
	gint64 id = sqlite3_column_int64(row, 0);

	entry->identity = store_text(row, 1);
	entry->time = sqlite3_column_int64(row, 2);
	entry->queue_id = store_text(row, 3);
	entry->message_id = store_text(row, 4);
	entry->date = store_text(row, 5);
	entry->sender = store_text(row, 6);
	entry->sender_id = store_text(row, 7);
	entry->recipients = store_text(row, 8);
	entry->hidden = store_text(row, 9);
	entry->disposition = store_text(row, 10);
	entry->edit = store_text(row, 11);
	entry->edit_reason = store_text(row, 12);
	entry->not_inspected = store_text(row, 13);
	if (!read_findings(journal, id, entry, error) ||
	    !read_letters(journal, id, entry, error))
		return NULL;
	return g_steal_pointer(&entry);
}

static void
free_entry(void *entry)
{
	journal_entry_free(entry);
}

/* All entries of a query, which it ends. */
static GPtrArray *
read_entries(struct journal *journal, sqlite3_stmt *row, GError **error)
{
	g_autoptr(GPtrArray) entries =
	    g_ptr_array_new_with_free_func(free_entry);

	while (store_next(row) == SQLITE_ROW) {
		struct journal_entry *entry = read_entry(journal, row, error);

		if (entry == NULL) {
			store_end(journal, row, NULL);
			return NULL;
		}
		g_ptr_array_add(entries, entry);
	}
	if (!store_end(journal, row, error))
		return NULL;
	return g_steal_pointer(&entries);
}

struct journal_entry *
journal_entry_load(struct journal *journal, gint64 id, GError **error)
{
	g_autoptr(GPtrArray) entries = read_entries(
	    journal, store_query(journal, SQL_GET_ENTRY, "i", id), error);

	if (entries == NULL)
		return NULL;
	if (entries->len == 0) {
		g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_STORE,
		    "journal \"%s\" is damaged: a letter without an entry",
		    journal->path);
		return NULL;
	}
	return g_ptr_array_steal_index(entries, 0);
}

GPtrArray *
journal_list(struct journal *journal, gint64 from, gint64 to, GError **error)
{
	GPtrArray *entries;

	pthread_mutex_lock(&journal->db_lock);
	entries = read_entries(journal,
	    store_query(journal, SQL_LIST_ENTRIES, "ii", from, to), error);
	pthread_mutex_unlock(&journal->db_lock);
	return entries;
}

static bool
purge_some(
    struct journal *journal, gint64 before, unsigned *deleted, GError **error)
{
	bool ok;

	pthread_mutex_lock(&journal->db_lock);
	ok = store_run(
	    journal, error, SQL_PURGE, "ii", before, (gint64)PURGE_ENTRIES);
	*deleted = ok ? store_changes(journal) : 0;
	pthread_mutex_unlock(&journal->db_lock);
	return ok;
}

bool
journal_purge(
    struct journal *journal, gint64 before, unsigned *deleted, GError **error)
{
	unsigned total = 0, some;

	do {
		if (!purge_some(journal, before, &some, error))
			return false;
		total += some;
	} while (some == PURGE_ENTRIES);
	if (total > 0) {
		/* What was deleted must not live on in the write-ahead log; a
		 * reader in another process may put this off to next time. */
		pthread_mutex_lock(&journal->db_lock);
		store_run(journal, NULL, SQL_CHECKPOINT, "");
		pthread_mutex_unlock(&journal->db_lock);
	}
	if (deleted != NULL)
		*deleted = total;
	return true;
}
