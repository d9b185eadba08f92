/*
 * Journal entries for tests: the clerk wrote to Jane Jones, with a hidden copy
 * to Sam Smith.
 */
#ifndef TESTS_UNIT_ENTRIES_H
#define TESTS_UNIT_ENTRIES_H

#include "milter/journal/journal.h"

/* An accepted message with its footer; one finding and no letter. */
struct journal_entry *entry_new(const char *identity, gint64 time);
/* Adds a letter for the finding's rule; digest: "" or "digest". */
void entry_add_letter(struct journal_entry *, const char *kind,
    const char *address, const char *digest);
/* Replaces a string of an entry, finding or letter. */
void entry_set(char **field, const char *value);
/* All that is in an entry, as text to compare. */
char *entry_dump(const struct journal_entry *);

/* A new directory for each test, and where its journal goes. */
extern struct journal_place {
	char *directory, *path;
} place;

void place_set_up(void);
void place_tear_down(void);

/* The journal in that file, or the test fails. */
struct journal *journal_at(const char *path);
/* journal_record(), or the test fails. */
void journal_put(struct journal *, const struct journal_entry *);
/* Records a message with a report to that address. */
void journal_put_letter(struct journal *, const char *identity, gint64 time,
    const char *address, const char *digest);
GPtrArray *journal_all(struct journal *);
/* Runs SQL on a journal's file over a connection of its own. */
void journal_sql(const char *path, const char *sql);

#endif
