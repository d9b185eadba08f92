/*
 * The database behind a journal, for journal.c and outbox.c alone: one SQLite
 * connection, every statement prepared once.
 *
 * Whoever calls a store_ function holds db_lock, and does not let it go while
 * a query's rows are being read.
 */
#ifndef MILTER_JOURNAL_STORE_H
#define MILTER_JOURNAL_STORE_H

#include <pthread.h>
#include <sqlite3.h>

#include "milter/journal/journal.h"

/* The statements; their text is in sql.c, next to the tables. */
enum sql {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_ADD_ENTRY,
	SQL_FIND_ENTRY,
	SQL_ADD_FINDING,
	SQL_ADD_LETTER,
	SQL_GET_ENTRY,
	SQL_GET_FINDINGS,
	SQL_GET_LETTERS,
	SQL_LIST_ENTRIES,
	SQL_PURGE,
	SQL_CHECKPOINT,
	SQL_OUTBOX_DUE,
	SQL_OUTBOX_DUE_DIGESTS,
	SQL_OUTBOX_LIST,
	SQL_OUTBOX_NEXT,
	SQL_OUTBOX_DONE,
	SQL_OUTBOX_RETRY,
	SQL_OUTBOX_POSTPONE,
	SQL_OUTBOX_HASTEN,
	SQL_DIGEST_ADDRESS,
	SQL_DIGEST_LETTERS,
	SQL_DIGEST_BIND,
	SQL_COUNT
};

extern const char *const sql_text[SQL_COUNT];
/* What leads from each version of the tables to the next, and the last one. */
extern const char *const sql_migrations[];
extern const unsigned sql_version;

struct waiting; /* a journal_record() call that waits for its commit */

struct journal {
	char *path;
	pthread_mutex_t db_lock;	/* over the next two */
	sqlite3 *db;
	sqlite3_stmt *statements[SQL_COUNT];
	pthread_mutex_t queue_lock;	/* over all that follow */
	pthread_cond_t committed;
	struct waiting *first, **last;
	bool leading;			/* some thread commits the queue */
	struct journal_stats stats;
	void (*wake)(void *);
	void *wake_arg;
};

/* Opens the file and brings its tables up to date. */
bool store_open(struct journal *, enum journal_sync, GError **);
void store_close(struct journal *);

/*
 * A statement with its arguments bound: in types, "s" stands for a string
 * (NULL is stored as ""), "n" for a string or NULL, "i" for a gint64 and "b"
 * for a bool.  Strings are borrowed until the statement has run.
 */
sqlite3_stmt *store_query(
    struct journal *, enum sql, const char *types, ...);
/* The next row: SQLITE_ROW, SQLITE_DONE, or a failure. */
#define store_next sqlite3_step
/* Ends a query; false when it had failed. */
bool store_end(struct journal *, sqlite3_stmt *, GError **);
/* Runs a statement that gives no rows. */
bool store_run(
    struct journal *, GError **, enum sql, const char *types, ...);
/* How many rows the last store_run() changed. */
unsigned store_changes(const struct journal *);

bool store_begin(struct journal *, GError **);
/* Ends the transaction, taking everything back when it cannot be kept. */
bool store_commit(struct journal *, GError **);
void store_rollback(struct journal *);

/* A column as a string of the caller's; NULL for NULL. */
char *store_text(sqlite3_stmt *, int column);

/* The entry with that number; journal.c. */
struct journal_entry *journal_entry_load(
    struct journal *, gint64 id, GError **);

#endif
