#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "milter/journal/store.h"

G_DEFINE_QUARK(council_milter_journal, journal_error)

/*
 * Marks the file as a journal, so that another program's database is not
 * taken for an empty one.
 */
#define APPLICATION_ID "1668114284"

/* How long to wait for councilctl, which may have the file locked. */
enum { BUSY_MS = 10000, BUSY_STEP_MS = 10 };

/* Sets an error from what SQLite says about its last call. */
static bool
fail(struct journal *journal, enum journal_error code, const char *what,
    GError **error)
{
	int number = sqlite3_system_errno(journal->db);
	int fault = sqlite3_errcode(journal->db) & 0xff;
	const char *more = "";

	if (fault == SQLITE_CORRUPT || fault == SQLITE_NOTADB)
		more = "move it away to begin a new one, and keep it, since "
		       "letters may wait in it";
	else if ((fault == SQLITE_IOERR || fault == SQLITE_CANTOPEN) &&
		 number != 0)
		more = g_strerror(number);
	g_set_error(error, JOURNAL_ERROR, code,
	    "cannot %s journal \"%s\": %s%s%s", what, journal->path,
	    sqlite3_errmsg(journal->db), more[0] != '\0' ? ": " : "", more);
	return false;
}

static void
bind(sqlite3_stmt *statement, const char *types, va_list ap)
{
	const char *text;
	int i;

	for (i = 1; types[i - 1] != '\0'; i++) {
		switch (types[i - 1]) {
		case 's':
			text = va_arg(ap, const char *);
			sqlite3_bind_text(
			    statement, i, text ? text : "", -1, SQLITE_STATIC);
			break;
		case 'n':
			text = va_arg(ap, const char *);
			sqlite3_bind_text(
			    statement, i, text, -1, SQLITE_STATIC);
			break;
		case 'i':
			sqlite3_bind_int64(statement, i, va_arg(ap, gint64));
			break;
		case 'b':
			sqlite3_bind_int(statement, i, va_arg(ap, int));
			break;
		default:
			g_assert_not_reached();
		}
	}
}

sqlite3_stmt *
store_query(struct journal *journal, enum sql sql, const char *types, ...)
{
	sqlite3_stmt *statement = journal->statements[sql];
	va_list ap;

	va_start(ap, types);
	bind(statement, types, ap);
	va_end(ap);
	return statement;
}

bool
store_end(struct journal *journal, sqlite3_stmt *statement, GError **error)
{
	bool ok = sqlite3_reset(statement) == SQLITE_OK;

	if (!ok)
		fail(journal, JOURNAL_ERROR_STORE, "use", error);
	sqlite3_clear_bindings(statement);
	return ok;
}

bool
store_run(struct journal *journal, GError **error, enum sql sql,
    const char *types, ...)
{
	sqlite3_stmt *statement = journal->statements[sql];
	va_list ap;

	va_start(ap, types);
	bind(statement, types, ap);
	va_end(ap);
	while (store_next(statement) == SQLITE_ROW)
		continue;
	return store_end(journal, statement, error);
}

unsigned
store_changes(const struct journal *journal)
{
	return (unsigned)sqlite3_changes(journal->db);
}

char *
store_text(sqlite3_stmt *statement, int column)
{
	return g_strdup((const char *)sqlite3_column_text(statement, column));
}

bool
store_begin(struct journal *journal, GError **error)
{
	return store_run(journal, error, SQL_BEGIN, "");
}

void
store_rollback(struct journal *journal)
{
	/* Some failures have taken it back already. */
	if (!sqlite3_get_autocommit(journal->db))
		store_run(journal, NULL, SQL_ROLLBACK, "");
}

bool
store_commit(struct journal *journal, GError **error)
{
	if (store_run(journal, error, SQL_COMMIT, ""))
		return true;
	store_rollback(journal);
	return false;
}

/*
 * Makes the file, so that it is private from its first moment: SQLite would
 * ask the umask, and gives the -wal and -shm files the mode of this one.  A
 * file that is there is not even opened, because closing it again would drop
 * the locks that another connection of this process holds on it (POSIX).
 */
static bool
create_file(const char *path, GError **error)
{
	int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	int number = errno;
	g_autofree char *directory = g_path_get_dirname(path);

	if (fd == -1 && number == EEXIST)
		return true;
	if (fd == -1 && number == ENOENT) {
		g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_OPEN,
		    "cannot create journal \"%s\": there is no directory "
		    "\"%s\"",
		    path, directory);
		return false;
	}
	if (fd == -1 || fchmod(fd, 0600) == -1) {
		number = fd == -1 ? number : errno;
		g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_OPEN,
		    "cannot create journal \"%s\": %s", path,
		    g_strerror(number));
		if (fd != -1)
			close(fd);
		return false;
	}
	close(fd);
	return true;
}

/* The number that a one-line query gives. */
static bool
query_number(
    struct journal *journal, const char *sql, gint64 *number, GError **error)
{
	sqlite3_stmt *statement;
	bool ok;

	if (sqlite3_prepare_v2(journal->db, sql, -1, &statement, NULL) !=
	    SQLITE_OK)
		return fail(journal, JOURNAL_ERROR_OPEN, "read", error);
	ok = sqlite3_step(statement) == SQLITE_ROW;
	if (ok)
		*number = sqlite3_column_int64(statement, 0);
	else
		fail(journal, JOURNAL_ERROR_OPEN, "read", error);
	sqlite3_finalize(statement);
	return ok;
}

static bool
execute(struct journal *journal, const char *sql, GError **error)
{
	if (sqlite3_exec(journal->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return fail(journal, JOURNAL_ERROR_OPEN, "open", error);
	return true;
}

/* Runs inside a transaction, so that two programs do not both do it. */
static bool
migrate(struct journal *journal, GError **error)
{
	gint64 version, application, tables;
	unsigned i;

	if (!query_number(journal, "PRAGMA user_version", &version, error) ||
	    !query_number(
		journal, "PRAGMA application_id", &application, error) ||
	    !query_number(
		journal, "SELECT count(*) FROM sqlite_master", &tables, error))
		return false;
	if (tables > 0 &&
	    application != g_ascii_strtoll(APPLICATION_ID, NULL, 10)) {
		g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_OPEN,
		    "cannot use \"%s\" as a journal: it is another program's "
		    "database",
		    journal->path);
		return false;
	}
	if (version < 0 || version > (gint64)sql_version) {
		g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_VERSION,
		    "cannot use journal \"%s\": a newer council-milter made it "
		    "(version %" G_GINT64_FORMAT
		    ", this one knows %u); install "
		    "that one, or move the file away",
		    journal->path, version, sql_version);
		return false;
	}
	for (i = (unsigned)version; i < sql_version; i++) {
		g_autofree char *number =
		    g_strdup_printf("PRAGMA user_version = %u", i + 1);

		if (!execute(journal, sql_migrations[i], error) ||
		    !execute(journal, number, error))
			return false;
	}
	return execute(
	    journal, "PRAGMA application_id = " APPLICATION_ID, error);
}

/*
 * WAL lets councilctl read while the filter writes.  Here SQLite does not wait
 * by itself, since two programs that turn a new file to WAL at the same time
 * would wait for each other.
 */
static bool
set_wal(struct journal *journal, GError **error)
{
	int waited = 0;

	while (sqlite3_exec(journal->db, "PRAGMA journal_mode = WAL", NULL,
		   NULL, NULL) != SQLITE_OK) {
		if ((sqlite3_errcode(journal->db) & 0xff) != SQLITE_BUSY ||
		    waited >= BUSY_MS)
			return fail(journal, JOURNAL_ERROR_OPEN, "open", error);
		g_usleep(BUSY_STEP_MS * 1000);
		waited += BUSY_STEP_MS;
	}
	return true;
}

/*
 * Settings of the connection.  Everybody waits while a checkpoint copies pages
 * from the log, so it comes when the log, in pages of 4 KB, has about reached
 * its size limit.  secure_delete makes a purge reach the bytes.
 */
static bool
configure(struct journal *journal, enum journal_sync sync, GError **error)
{
	const char *mode = sync == JOURNAL_SYNC_FULL
			       ? "PRAGMA synchronous = FULL"
			       : "PRAGMA synchronous = NORMAL";

	if (sqlite3_db_readonly(journal->db, "main") == 1) {
		g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_OPEN,
		    "cannot write journal \"%s\": no permission",
		    journal->path);
		return false;
	}
	sqlite3_extended_result_codes(journal->db, 1);
	sqlite3_busy_timeout(journal->db, BUSY_MS);
	sqlite3_db_config(journal->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return execute(journal, mode, error) && set_wal(journal, error) &&
	       execute(journal,
		   "PRAGMA journal_size_limit = 16777216;"
		   "PRAGMA wal_autocheckpoint = 4000;"
		   "PRAGMA foreign_keys = ON;"
		   "PRAGMA trusted_schema = OFF;"
		   "PRAGMA cell_size_check = ON;"
		   "PRAGMA secure_delete = ON",
		   error);
}

static bool
prepare(struct journal *journal, GError **error)
{
	unsigned i;

	for (i = 0; i < SQL_COUNT; i++)
		if (sqlite3_prepare_v3(journal->db, sql_text[i], -1,
			SQLITE_PREPARE_PERSISTENT, &journal->statements[i],
			NULL) != SQLITE_OK)
			return fail(journal, JOURNAL_ERROR_OPEN, "open", error);
	return true;
}

bool
store_open(struct journal *journal, enum journal_sync sync, GError **error)
{
	if (!create_file(journal->path, error))
		return false;
	if (sqlite3_open_v2(journal->path, &journal->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return fail(journal, JOURNAL_ERROR_OPEN, "open", error);
	if (!configure(journal, sync, error) ||
	    !execute(journal, "BEGIN IMMEDIATE", error))
		return false;
	if (!migrate(journal, error)) {
		sqlite3_exec(journal->db, "ROLLBACK", NULL, NULL, NULL);
		return false;
	}
	return execute(journal, "COMMIT", error) && prepare(journal, error);
}

void
store_close(struct journal *journal)
{
	unsigned i;

	for (i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(journal->statements[i]);
	sqlite3_close(journal->db);
}
