/*
 * The journal: what was found, decided and done, and the letters that must
 * leave because of it (the outbox).  An entry is committed before the MTA gets
 * its final reply, so that nothing flagged is lost; it holds no message text.
 *
 * All functions but journal_open() and journal_close() may be called from any
 * thread.  Concurrent journal_record() calls share one transaction.  What a
 * function returns belongs to the caller; arrays free their elements.
 */
#ifndef MILTER_JOURNAL_JOURNAL_H
#define MILTER_JOURNAL_JOURNAL_H

#include <glib.h>
#include <stdbool.h>

#define JOURNAL_ERROR (journal_error_quark())
GQuark journal_error_quark(void);

enum journal_error {
	JOURNAL_ERROR_OPEN,	/* the file cannot be used as a journal */
	JOURNAL_ERROR_VERSION,	/* it was made by a newer version */
	JOURNAL_ERROR_STORE,	/* reading or writing failed; try again later */
};

/* How sure the journal is that a commit survives. */
enum journal_sync {
	JOURNAL_SYNC_FULL,	/* a power cut (SQLite synchronous=FULL) */
	JOURNAL_SYNC_NORMAL,	/* a crash of the process only */
};

/* One rule that held or failed. */
struct journal_finding {
	char *rule, *clause;	/* name, and the protocol's words */
	char *place;		/* "council.policy:14" */
	char *mode;		/* "observe", "notify", "enforce" */
	char *severity;		/* "low", … */
	char *actions;		/* what was done: "footer, report" */
	bool failed;		/* could not be judged */
	GPtrArray *evidence;	/* char *, one sentence each */
};

/* One letter for the outbox. */
struct journal_letter {
	char *kind;		/* "report", "notice", "disclosure" */
	char *address;		/* to whom, one addr-spec */
	char *rule;		/* whose action it is; "" for all findings */
	char *text;		/* the policy's own words, or NULL */
	bool in_digest;
};

struct journal_entry {
	char *identity;		/* hex; the same for every try of the same
				 * message and envelope */
	gint64 time;		/* Unix seconds */
	char *queue_id;
	char *message_id;	/* of the message, with brackets */
	char *date;		/* its Date header, as text */
	char *sender;		/* roster display name, or the address */
	char *sender_id;	/* roster id, or "" */
	char *recipients;	/* visible councillors and officers, by name,
				 * "Jane Jones, Sam Smith" */
	char *hidden;		/* hidden councillors likewise; nobody else */
	char *disposition;	/* "accept", "hold", … */
	char *edit;		/* edit_status_name(): "done", "wrapped", … */
	char *edit_reason;	/* or NULL */
	char *not_inspected;	/* or NULL */
	GPtrArray *findings;	/* struct journal_finding, one a rule */
	GPtrArray *letters;	/* struct journal_letter, one a kind, rule and
				 * address */
};

struct journal_entry *journal_entry_new(void);
void journal_entry_free(struct journal_entry *);
struct journal_finding *journal_entry_add_finding(struct journal_entry *);
struct journal_letter *journal_entry_add_letter(struct journal_entry *);
/* Does it have a letter of that kind? */
bool journal_entry_has_letter(
    const struct journal_entry *, const char *kind);

struct journal;

/*
 * Opens or creates the journal, making or migrating its tables.  "path" is a
 * file name; a new file has mode 0600 whatever the umask, its directory must
 * be there.  Fails when another version's tables cannot be read.
 */
struct journal *journal_open(
    const char *path, enum journal_sync, GError **);
void journal_close(struct journal *);

/*
 * Commits an entry with its letters.  Recording the same identity with the
 * same disposition again is a retry by the MTA: it succeeds and adds only what
 * is not there yet, so an equal entry adds nothing, and a finding of a policy
 * that was reloaded in between is kept.  A try that ends differently (deferred
 * first, then accepted) is an entry of its own.
 */
bool journal_record(
    struct journal *, const struct journal_entry *, GError **);

/* Since journal_open(). */
struct journal_stats {
	guint64 records;	/* journal_record() calls that succeeded */
	guint64 commits;	/* transactions that they took */
};

void journal_stats(struct journal *, struct journal_stats *);

/*
 * Called in a recording thread after a commit that added letters outside
 * digests; it must not call the journal.  NULL for none: when this returns, the
 * old one has ended.
 */
void journal_set_wakeup(
    struct journal *, void (*wake)(void *), void *arg);

/* Entries between two times (from <= time < to), oldest first. */
GPtrArray *journal_list(
    struct journal *, gint64 from, gint64 to, GError **);
/*
 * Deletes entries older than that whose letters have all left, a few hundred
 * at a time so that nobody waits long; the bytes are overwritten.
 */
bool journal_purge(
    struct journal *, gint64 before, unsigned *deleted, GError **);

/* A letter in the outbox, with the entry that it is about. */
struct outbox_item {
	gint64 id;
	char *kind, *address, *text, *rule;	/* as in journal_letter */
	bool in_digest;
	char *message_id;	/* of the letter itself (a digest's, once it is
				 * bound into one) for its whole life: the part
				 * before the "@" */
	unsigned attempts;
	gint64 created, next_try;	/* Unix seconds */
	char *last_error;	/* or NULL */
	struct journal_entry *entry;
};

void outbox_item_free(struct outbox_item *);

/*
 * The letters that are due at that time and do not belong to a digest, the
 * longest due first, at most max: struct outbox_item.  They stay in the outbox
 * until outbox_done().
 */
GPtrArray *outbox_due(
    struct journal *, gint64 now, unsigned max, GError **);
/*
 * Binds the undigested digest letters from before a time into digests, one an
 * address (more when there are very many), each with a Message-ID for life;
 * then returns the digests that are due, at most max: arrays (GPtrArray) of
 * struct outbox_item that share a message_id.
 */
GPtrArray *outbox_due_digests(struct journal *, gint64 before, gint64 now,
    unsigned max, GError **);
/* It has left: the letter, or the whole digest that it is bound into. */
bool outbox_done(struct journal *, gint64 id, gint64 now, GError **);
/* Puts it off likewise, after an attempt; reason is for councilctl outbox. */
bool outbox_retry(struct journal *, gint64 id, gint64 next_try,
    const char *reason, GError **);
/*
 * Puts off all that is due, without an attempt: the server is out of reach for
 * every letter.
 */
bool outbox_postpone(struct journal *, gint64 now, gint64 next_try,
    const char *reason, GError **);
/*
 * Makes a letter (0: every one) due now, without an attempt; the mailer of
 * another process sees it within a minute.  Letters that wait to be bound into
 * a digest go on waiting, and do not count.
 */
bool outbox_hasten(struct journal *, gint64 id, gint64 now, unsigned *letters,
    GError **);
/*
 * When the next letter or bound digest is due; G_MAXINT64 when none waits.
 */
bool outbox_next(struct journal *, gint64 *when, GError **);
/* Everything that still waits, oldest first, for councilctl outbox. */
GPtrArray *outbox_list(struct journal *, GError **);

typedef struct journal journal; /* for g_autoptr */
typedef struct journal_entry journal_entry;
typedef struct outbox_item outbox_item;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(journal, journal_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(journal_entry, journal_entry_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(outbox_item, outbox_item_free)

#endif
