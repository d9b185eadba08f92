#include <glib/gstdio.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "milter/journal/journal.h"
#include "tests/unit/entries.h"
#include "tests/unit/unit.h"

#define CLERK "clerk@woodland-pc.example"

enum { NOON = 1778000000 };

/* Many at once. */

enum { THREADS = 8, RECORDS = 500 };

struct worker {
	struct journal *journal;
	unsigned number, records, failures;
	int report; /* descriptor that hears of each success, or -1 */
	const char *queue_id;
};

static void *
work(void *arg)
{
	struct worker *worker = arg;
	unsigned i;

	for (i = 0; i < worker->records; i++) {
		g_autofree char *identity =
		    g_strdup_printf("%06u-%06u\n", worker->number, i);
		g_autoptr(journal_entry) entry = entry_new(identity, NOON);
		g_autoptr(GError) error = NULL;

		if (worker->queue_id != NULL)
			entry_set(&entry->queue_id, worker->queue_id);
		entry_add_letter(entry, "report", CLERK, "");
		if (!journal_record(worker->journal, entry, &error))
			worker->failures++;
		else if (worker->report != -1 &&
			 write(worker->report, identity, 14) != 14)
			break;
	}
	return NULL;
}

START_TEST(concurrency)
{
	g_autoptr(journal) journal = journal_at(place.path);
	g_autoptr(GPtrArray) entries = NULL;
	g_autoptr(GPtrArray) items = NULL;
	struct worker workers[THREADS];
	pthread_t threads[THREADS];
	struct journal_stats stats;
	unsigned i;

	for (i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){journal, i, RECORDS, 0, -1, NULL};
		ck_assert_int_eq(
		    pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		ck_assert_uint_eq(workers[i].failures, 0);
	}
	entries = journal_all(journal);
	ck_assert_uint_eq(entries->len, THREADS * RECORDS);
	items = outbox_list(journal, NULL);
	ck_assert_uint_eq(items->len, THREADS * RECORDS);
	journal_stats(journal, &stats);
	ck_assert_uint_eq(stats.records, THREADS * RECORDS);
	ck_assert_uint_lt(stats.commits, stats.records);
}
END_TEST

/*
 * One entry that cannot be stored is alone in its misfortune.  The lock makes
 * all of them wait, so that they are committed together.
 */
START_TEST(group_with_a_fault)
{
	g_autoptr(journal) journal = journal_at(place.path);
	g_autoptr(GPtrArray) entries = NULL;
	struct worker workers[THREADS];
	pthread_t threads[THREADS];
	sqlite3 *db;
	unsigned i;

	journal_sql(place.path,
	    "CREATE TRIGGER fault BEFORE INSERT ON entry"
	    " WHEN new.queue_id = 'bad'"
	    " BEGIN SELECT raise(ABORT, 'not this one'); END");
	ck_assert_int_eq(sqlite3_open(place.path, &db), SQLITE_OK);
	ck_assert_int_eq(
	    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	for (i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){
		    journal, i, 1, 0, -1, i == 3 ? "bad" : NULL};
		ck_assert_int_eq(
		    pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	g_usleep(100000);
	sqlite3_close(db);
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		ck_assert_uint_eq(workers[i].failures, i == 3);
	}
	entries = journal_all(journal);
	ck_assert_uint_eq(entries->len, THREADS - 1);
}
END_TEST

/* The worst. */

/* Records from several threads and says so, until it is killed. */
static void
record_for_ever(int report, unsigned round)
{
	struct journal *journal = journal_at(place.path);
	struct worker workers[4];
	pthread_t threads[G_N_ELEMENTS(workers)];
	unsigned i;

	for (i = 0; i < G_N_ELEMENTS(workers); i++) {
		workers[i] = (struct worker){
		    journal, round * 10 + i, 1000000, 0, report, NULL};
		pthread_create(&threads[i], NULL, work, &workers[i]);
	}
	for (i = 0; i < G_N_ELEMENTS(workers); i++)
		pthread_join(threads[i], NULL);
	_exit(1);
}

START_TEST(killed)
{
	g_autoptr(GHashTable) promised =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) entries = NULL;
	g_autoptr(GPtrArray) items = NULL;
	struct journal *journal;
	unsigned round, i, kept = 0;

	for (round = 0; round < 5; round++) {
		unsigned count = 0;
		char line[15] = "";
		int ends[2];
		pid_t child;

		ck_assert_int_eq(pipe(ends), 0);
		child = fork();
		ck_assert_int_ne(child, -1);
		if (child == 0) {
			close(ends[0]);
			record_for_ever(ends[1], round);
		}
		close(ends[1]);
		while (read(ends[0], line, 14) == 14) {
			g_hash_table_add(promised, g_strdup(line));
			if (++count == 100 + round * 37)
				kill(child, SIGKILL);
		}
		close(ends[0]);
		ck_assert_int_eq(waitpid(child, NULL, 0), child);
		ck_assert_uint_gt(count, 99);
	}
	journal = journal_at(place.path);
	entries = journal_all(journal);
	for (i = 0; i < entries->len; i++) {
		const struct journal_entry *entry = entries->pdata[i];

		kept += g_hash_table_contains(promised, entry->identity);
		ck_assert_uint_eq(entry->findings->len, 1);
		ck_assert_uint_eq(entry->letters->len, 1);
	}
	ck_assert_uint_eq(kept, g_hash_table_size(promised));
	items = outbox_list(journal, NULL);
	ck_assert_uint_eq(items->len, entries->len);
	journal_close(journal);
}
END_TEST

/* A full disk refuses the entry whole, says so, and is forgotten after. */
START_TEST(disk_full)
{
	g_autoptr(journal) journal = journal_at(place.path);
	g_autoptr(journal_entry) entry = entry_new("big", NOON);
	g_autoptr(GPtrArray) none = NULL;
	g_autoptr(GPtrArray) items = NULL;
	g_autoptr(GError) error = NULL;
	struct rlimit limit, old;

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = 256 * 1024;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	g_free(entry->date);
	entry->date = g_strnfill(1024 * 1024, 'x');
	entry_add_letter(entry, "report", CLERK, "");
	ck_assert(!journal_record(journal, entry, &error));
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
	ck_assert(g_error_matches(error, JOURNAL_ERROR, JOURNAL_ERROR_STORE));
	ck_assert_msg(strstr(error->message, place.path) != NULL &&
			  (strstr(error->message, "disk") != NULL),
	    "%s", error->message);
	none = journal_all(journal);
	ck_assert_uint_eq(none->len, 0);
	journal_put_letter(journal, "small", NOON, CLERK, "");
	journal_put(journal, entry);
	items = outbox_list(journal, NULL);
	ck_assert_uint_eq(items->len, 2);
}
END_TEST

/* Two programs make the same journal at the same time. */
START_TEST(opened_twice)
{
	unsigned round, i;

	for (round = 0; round < 20; round++) {
		pid_t children[3];

		unit_remove(place.directory);
		ck_assert_int_eq(g_mkdir(place.directory, 0700), 0);
		for (i = 0; i < G_N_ELEMENTS(children); i++) {
			children[i] = fork();
			ck_assert_int_ne(children[i], -1);
			if (children[i] == 0) {
				g_autofree char *identity =
				    g_strdup_printf("%u", i);
				struct journal *journal =
				    journal_at(place.path);

				journal_put_letter(
				    journal, identity, NOON, CLERK, "");
				journal_close(journal);
				_exit(0);
			}
		}
		for (i = 0; i < G_N_ELEMENTS(children); i++) {
			int status;

			ck_assert_int_eq(
			    waitpid(children[i], &status, 0), children[i]);
			ck_assert_int_eq(status, 0);
		}
	}
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("commit");
	TCase *tcase = tcase_create("commit");

	tcase_add_checked_fixture(tcase, place_set_up, place_tear_down);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, concurrency);
	tcase_add_test(tcase, group_with_a_fault);
	tcase_add_test(tcase, killed);
	tcase_add_test(tcase, disk_full);
	tcase_add_test(tcase, opened_twice);
	suite_add_tcase(suite, tcase);
	return suite;
}
