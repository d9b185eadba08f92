#include "milter/journal/store.h"

/* All the SQL there is, laid out for its readers. */
/* clang-format off */

/*
 * The i-th script leads from version i to version i + 1.  A script that has
 * been released is never changed.
 *
 * An entry is the outcome of a message, once however often the MTA tries it.
 * A letter waits as long as "sent" is NULL.  Letters of one digest share the
 * value of "digest", which is NULL until they are bound; until then "next_try"
 * is when they were written.  The indexes hold waiting letters alone, so that
 * they stay small.
 */
const char *const sql_migrations[] = {
	"CREATE TABLE entry ("
	" id INTEGER PRIMARY KEY,"
	" identity TEXT NOT NULL,"
	" disposition TEXT NOT NULL,"
	" time INTEGER NOT NULL,"
	" queue_id TEXT NOT NULL,"
	" message_id TEXT NOT NULL,"
	" date TEXT NOT NULL,"
	" sender TEXT NOT NULL,"
	" sender_id TEXT NOT NULL,"
	" recipients TEXT NOT NULL,"
	" hidden TEXT NOT NULL,"
	" edit TEXT NOT NULL,"
	" edit_reason TEXT,"
	" not_inspected TEXT,"
	" UNIQUE (identity, disposition));"
	"CREATE TABLE finding ("
	" entry INTEGER NOT NULL REFERENCES entry ON DELETE CASCADE,"
	" rule TEXT NOT NULL,"
	" position INTEGER NOT NULL,"
	" clause TEXT NOT NULL,"
	" place TEXT NOT NULL,"
	" mode TEXT NOT NULL,"
	" severity TEXT NOT NULL,"
	" actions TEXT NOT NULL,"
	" failed INTEGER NOT NULL,"
	" evidence TEXT NOT NULL," /* one sentence a line */
	" PRIMARY KEY (entry, rule)) WITHOUT ROWID;"
	"CREATE TABLE letter ("
	" id INTEGER PRIMARY KEY,"
	" entry INTEGER NOT NULL REFERENCES entry ON DELETE CASCADE,"
	" kind TEXT NOT NULL,"
	" rule TEXT NOT NULL,"
	" address TEXT NOT NULL,"
	" text TEXT,"
	" in_digest INTEGER NOT NULL,"
	" message_id TEXT NOT NULL,"
	" digest TEXT,"
	" created INTEGER NOT NULL,"
	" next_try INTEGER NOT NULL,"
	" attempts INTEGER NOT NULL DEFAULT 0,"
	" last_error TEXT,"
	" sent INTEGER,"
	" UNIQUE (entry, kind, rule, address));"
	"CREATE INDEX letter_waiting ON letter (next_try)"
	" WHERE sent IS NULL AND (NOT in_digest OR digest IS NOT NULL);"
	"CREATE INDEX letter_unbound ON letter (next_try)"
	" WHERE sent IS NULL AND in_digest AND digest IS NULL;"
	"CREATE INDEX letter_digest ON letter (digest)"
	" WHERE digest IS NOT NULL AND sent IS NULL;",
};
const unsigned sql_version = G_N_ELEMENTS(sql_migrations);

#define ITEM_COLUMNS \
	"id, entry, kind, address, text, rule, in_digest," \
	" coalesce(digest, message_id), attempts, created, next_try, last_error"
#define ENTRY_COLUMNS \
	"id, identity, time, queue_id, message_id, date, sender, sender_id," \
	" recipients, hidden, disposition, edit, edit_reason, not_inspected"

/*
 * Due at the moment ?1.  Nothing is put off for more than a week, so that what
 * seems to be comes from a clock that was ahead then.
 */
#define DUE "(next_try <= ?1 OR next_try > ?1 + 604800)"
/*
 * A letter of its own or one bound into a digest: what the mailer may send.  In
 * these words SQLite knows the index that holds no others.
 */
#define BOUND "sent IS NULL AND (NOT in_digest OR digest IS NOT NULL)"
/* Not yet bound and written before the moment ?1, likewise. */
#define WRITTEN "(next_try < ?1 OR next_try > ?1 + 604800)"

/* The letter ?1, or the waiting letters of the digest that it is bound into. */
#define PARCEL \
	"(SELECT ?1 UNION SELECT b.id FROM letter AS a JOIN letter AS b" \
	" ON b.digest = a.digest AND b.sent IS NULL WHERE a.id = ?1)"

const char *const sql_text[SQL_COUNT] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
	[SQL_ADD_ENTRY] =
	    "INSERT INTO entry (identity, disposition, time, queue_id,"
	    " message_id, date, sender, sender_id, recipients, hidden, edit,"
	    " edit_reason, not_inspected)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT DO NOTHING",
	[SQL_FIND_ENTRY] =
	    "SELECT id FROM entry WHERE identity = ? AND disposition = ?",
	[SQL_ADD_FINDING] =
	    "INSERT INTO finding (entry, rule, position, clause, place, mode,"
	    " severity, actions, failed, evidence)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
	[SQL_ADD_LETTER] =
	    "INSERT INTO letter (entry, kind, rule, address, text, in_digest,"
	    " message_id, created, next_try)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)"
	    " ON CONFLICT DO NOTHING",
	[SQL_GET_ENTRY] = "SELECT " ENTRY_COLUMNS " FROM entry WHERE id = ?",
	[SQL_GET_FINDINGS] =
	    "SELECT rule, clause, place, mode, severity, actions, failed,"
	    " evidence FROM finding WHERE entry = ? ORDER BY position, rule",
	[SQL_GET_LETTERS] =
	    "SELECT kind, address, rule, text, in_digest FROM letter"
	    " WHERE entry = ? ORDER BY id",
	[SQL_LIST_ENTRIES] =
	    "SELECT " ENTRY_COLUMNS " FROM entry"
	    " WHERE time >= ? AND time < ? ORDER BY time, id",
	[SQL_PURGE] =
	    "DELETE FROM entry WHERE id IN (SELECT e.id FROM entry AS e"
	    " WHERE e.time < ? AND NOT EXISTS (SELECT 1 FROM letter AS l"
	    " WHERE l.entry = e.id AND l.sent IS NULL) LIMIT ?)",
	[SQL_CHECKPOINT] = "PRAGMA wal_checkpoint(TRUNCATE)",
	[SQL_OUTBOX_DUE] =
	    "SELECT " ITEM_COLUMNS " FROM letter"
	    " WHERE " BOUND " AND " DUE " AND NOT in_digest"
	    " ORDER BY next_try, id LIMIT ?2",
	[SQL_OUTBOX_DUE_DIGESTS] =
	    "SELECT " ITEM_COLUMNS " FROM letter WHERE digest IN"
	    " (SELECT digest FROM letter WHERE " BOUND
	    " AND " DUE " AND digest IS NOT NULL"
	    " GROUP BY digest ORDER BY min(next_try), min(id) LIMIT ?2)"
	    " AND sent IS NULL ORDER BY digest, id",
	[SQL_OUTBOX_LIST] =
	    "SELECT " ITEM_COLUMNS " FROM letter WHERE sent IS NULL"
	    " ORDER BY created, id",
	[SQL_OUTBOX_NEXT] =
	    "SELECT next_try FROM letter WHERE " BOUND
	    " ORDER BY next_try LIMIT 1",
	[SQL_OUTBOX_DONE] =
	    "UPDATE letter SET sent = ?2, last_error = NULL"
	    " WHERE id IN " PARCEL " AND sent IS NULL",
	[SQL_OUTBOX_RETRY] =
	    "UPDATE letter SET attempts = attempts + 1, next_try = ?2,"
	    " last_error = ?3 WHERE id IN " PARCEL " AND sent IS NULL",
	[SQL_OUTBOX_POSTPONE] =
	    "UPDATE letter SET next_try = ?2, last_error = ?3"
	    " WHERE " BOUND " AND " DUE,
	[SQL_OUTBOX_HASTEN] =
	    "UPDATE letter SET next_try = ?2 WHERE " BOUND
	    " AND (?1 = 0 OR id IN"
	    " " PARCEL ")",
	[SQL_DIGEST_ADDRESS] =
	    "SELECT address FROM letter WHERE sent IS NULL AND " WRITTEN
	    " AND in_digest AND digest IS NULL ORDER BY next_try LIMIT 1",
	[SQL_DIGEST_LETTERS] =
	    "SELECT id, message_id FROM letter WHERE sent IS NULL"
	    " AND " WRITTEN " AND in_digest AND digest IS NULL"
	    " AND address = ?2 ORDER BY next_try, id LIMIT ?3",
	[SQL_DIGEST_BIND] =
	    "UPDATE letter SET digest = ?, next_try = ? WHERE id = ?",
};
