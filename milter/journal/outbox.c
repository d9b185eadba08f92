#include <string.h>

#include "milter/journal/store.h"

/* A digest that no mail program chokes on; the rest goes into another. */
enum { DIGEST_LETTERS = 250 };

static void
free_item(void *item)
{
	outbox_item_free(item);
}

static void
free_array(void *array)
{
	g_ptr_array_unref(array);
}

/* The columns in the order of ITEM_COLUMNS, with the entry. */
static struct outbox_item *
read_item(struct journal *journal, sqlite3_stmt *row, GError **error)
{
	g_autoptr(outbox_item) item = g_new0(struct outbox_item, 1);

	item->id = sqlite3_column_int64(row, 0);
	item->kind = store_text(row, 2);
	item->address = store_text(row, 3);
	item->text = store_text(row, 4);
	item->rule = store_text(row, 5);
	item->in_digest = sqlite3_column_int(row, 6) != 0;
	item->message_id = store_text(row, 7);
	item->attempts = (unsigned)sqlite3_column_int(row, 8);
	item->created = sqlite3_column_int64(row, 9);
	item->next_try = sqlite3_column_int64(row, 10);
	item->last_error = store_text(row, 11);
	item->entry =
	    journal_entry_load(journal, sqlite3_column_int64(row, 1), error);
	return item->entry != NULL ? g_steal_pointer(&item) : NULL;
}

/* All items of a query, which it ends. */
static GPtrArray *
read_items(struct journal *journal, sqlite3_stmt *row, GError **error)
{
	g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(free_item);

	while (store_next(row) == SQLITE_ROW) {
		struct outbox_item *item = read_item(journal, row, error);

		if (item == NULL) {
			store_end(journal, row, NULL);
			return NULL;
		}
		g_ptr_array_add(items, item);
	}
	if (!store_end(journal, row, error))
		return NULL;
	return g_steal_pointer(&items);
}

GPtrArray *
outbox_due(struct journal *journal, gint64 now, unsigned max, GError **error)
{
	GPtrArray *items;

	pthread_mutex_lock(&journal->db_lock);
	items = read_items(journal,
	    store_query(journal, SQL_OUTBOX_DUE, "ii", now, (gint64)max),
	    error);
	pthread_mutex_unlock(&journal->db_lock);
	return items;
}

GPtrArray *
outbox_list(struct journal *journal, GError **error)
{
	GPtrArray *items;

	pthread_mutex_lock(&journal->db_lock);
	items = read_items(
	    journal, store_query(journal, SQL_OUTBOX_LIST, ""), error);
	pthread_mutex_unlock(&journal->db_lock);
	return items;
}

/* The next address with undigested letters; NULL in it when there is none. */
static bool
undigested_address(
    struct journal *journal, gint64 before, char **address, GError **error)
{
	sqlite3_stmt *row =
	    store_query(journal, SQL_DIGEST_ADDRESS, "i", before);

	*address = store_next(row) == SQLITE_ROW ? store_text(row, 0) : NULL;
	return store_end(journal, row, error);
}

/* A digest's Message-ID follows from those of its letters. */
static bool
bind_digest(struct journal *journal, const char *address, gint64 before,
    gint64 now, GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autofree char *digest = NULL;
	sqlite3_stmt *row = store_query(journal, SQL_DIGEST_LETTERS, "isi",
	    before, address, (gint64)DIGEST_LETTERS);
	unsigned i;

	while (store_next(row) == SQLITE_ROW) {
		gint64 id = sqlite3_column_int64(row, 0);

		g_array_append_val(ids, id);
		g_checksum_update(checksum, sqlite3_column_text(row, 1),
		    sqlite3_column_bytes(row, 1) + 1);
	}
	if (!store_end(journal, row, error))
		return false;
	digest = g_strndup(g_checksum_get_string(checksum), 40);
	for (i = 0; i < ids->len; i++)
		if (!store_run(journal, error, SQL_DIGEST_BIND, "sii", digest,
			now, g_array_index(ids, gint64, i)))
			return false;
	return true;
}

static bool
bind_digests(struct journal *journal, gint64 before, gint64 now, GError **error)
{
	for (;;) {
		g_autofree char *address = NULL;

		if (!undigested_address(journal, before, &address, error))
			return false;
		if (address == NULL)
			return true;
		if (!store_begin(journal, error))
			return false;
		if (!bind_digest(journal, address, before, now, error)) {
			store_rollback(journal);
			return false;
		}
		if (!store_commit(journal, error))
			return false;
	}
}

/* Splits items, which come in the order of their digests. */
static GPtrArray *
group_digests(GPtrArray *items)
{
	GPtrArray *digests = g_ptr_array_new_with_free_func(free_array);
	GPtrArray *digest = NULL;
	const char *last = NULL;

	while (items->len > 0) {
		struct outbox_item *item = g_ptr_array_steal_index(items, 0);

		if (last == NULL || strcmp(last, item->message_id) != 0) {
			digest = g_ptr_array_new_with_free_func(free_item);
			g_ptr_array_add(digests, digest);
			last = item->message_id;
		}
		g_ptr_array_add(digest, item);
	}
	return digests;
}

GPtrArray *
outbox_due_digests(struct journal *journal, gint64 before, gint64 now,
    unsigned max, GError **error)
{
	g_autoptr(GPtrArray) items = NULL;

	pthread_mutex_lock(&journal->db_lock);
	if (bind_digests(journal, before, now, error))
		items = read_items(journal,
		    store_query(journal, SQL_OUTBOX_DUE_DIGESTS, "ii", now,
			(gint64)max),
		    error);
	pthread_mutex_unlock(&journal->db_lock);
	return items != NULL ? group_digests(items) : NULL;
}

bool
outbox_done(struct journal *journal, gint64 id, gint64 now, GError **error)
{
	bool ok;

	pthread_mutex_lock(&journal->db_lock);
	ok = store_run(journal, error, SQL_OUTBOX_DONE, "ii", id, now);
	pthread_mutex_unlock(&journal->db_lock);
	return ok;
}

bool
outbox_retry(struct journal *journal, gint64 id, gint64 next_try,
    const char *reason, GError **error)
{
	bool ok;

	pthread_mutex_lock(&journal->db_lock);
	ok = store_run(
	    journal, error, SQL_OUTBOX_RETRY, "iin", id, next_try, reason);
	pthread_mutex_unlock(&journal->db_lock);
	return ok;
}

bool
outbox_postpone(struct journal *journal, gint64 now, gint64 next_try,
    const char *reason, GError **error)
{
	bool ok;

	pthread_mutex_lock(&journal->db_lock);
	ok = store_run(
	    journal, error, SQL_OUTBOX_POSTPONE, "iin", now, next_try, reason);
	pthread_mutex_unlock(&journal->db_lock);
	return ok;
}

bool
outbox_hasten(struct journal *journal, gint64 id, gint64 now, unsigned *letters,
    GError **error)
{
	bool ok;

	pthread_mutex_lock(&journal->db_lock);
	ok = store_run(journal, error, SQL_OUTBOX_HASTEN, "ii", id, now);
	*letters = ok ? store_changes(journal) : 0;
	pthread_mutex_unlock(&journal->db_lock);
	return ok;
}

bool
outbox_next(struct journal *journal, gint64 *when, GError **error)
{
	sqlite3_stmt *row;
	bool ok;

	pthread_mutex_lock(&journal->db_lock);
	row = store_query(journal, SQL_OUTBOX_NEXT, "");
	*when = store_next(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0)
					      : G_MAXINT64;
	ok = store_end(journal, row, error);
	pthread_mutex_unlock(&journal->db_lock);
	return ok;
}
