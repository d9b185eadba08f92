/* councilctl over a journal: report, purge and outbox, run as a program. */
#include <string.h>

#include "tests/unit/entries.h"
#include "tests/unit/unit.h"

/* A directory with a settings file and a journal with three entries. */
struct house {
	char *directory, *settings, *journal;
};

static const gint64 LAST_MONTH_OF_2025 = 1765000000;  /* 2025-12-06 */
static const gint64 FIRST_MONTH_OF_2026 = 1768000000; /* 2026-01-09 */

static void
add_entry(struct journal *journal, const char *identity, gint64 time,
    const char *rule, bool failed, const char *letter_to)
{
	g_autoptr(journal_entry) entry = entry_new(identity, time);
	struct journal_finding *finding = entry->findings->pdata[0];

	entry_set(&entry->disposition, failed ? "hold" : "accept");
	entry_set(&finding->rule, rule);
	finding->failed = failed;
	if (letter_to != NULL)
		entry_add_letter(entry, "report", letter_to, "");
	journal_put(journal, entry);
}

static void
house_init(struct house *house)
{
	g_autoptr(journal) journal = NULL;
	g_autofree char *text = NULL;

	house->directory = unit_directory();
	house->journal =
	    g_build_filename(house->directory, "journal.sqlite", NULL);
	text = g_strdup_printf("[journal]\nfile = %s\n", house->journal);
	house->settings = unit_write(house->directory, "test.conf", text);
	journal = journal_open(house->journal, JOURNAL_SYNC_NORMAL, NULL);
	ck_assert_ptr_nonnull(journal);
	add_entry(
	    journal, "a1", LAST_MONTH_OF_2025, "silent-copy", false, NULL);
	add_entry(journal, "a2", FIRST_MONTH_OF_2026, "silent-copy", false,
	    "clerk@woodland-pc.example");
	add_entry(journal, "a3", FIRST_MONTH_OF_2026 + 1, "official-letter",
	    true, "cllr.patel@woodland-pc.example");
}

static void
house_clear(struct house *house)
{
	unit_remove(house->directory);
	g_free(house->directory);
	g_free(house->settings);
	g_free(house->journal);
}

/* Runs councilctl; the words end with NULL.  Returns its output. */
static char *
run(const struct house *house, int want, const char *const *words)
{
	const char *build = g_getenv("BUILDDIR");
	g_autofree char *program =
	    g_build_filename(build ? build : ".", "councilctl", NULL);
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *trouble = NULL;
	char *out = NULL;
	int status;

	g_ptr_array_add(argv, program);
	g_ptr_array_add(argv, (gpointer)(guintptr) "--config");
	g_ptr_array_add(argv, house->settings);
	for (; *words != NULL; words++)
		g_ptr_array_add(argv, (gpointer)(guintptr)*words);
	g_ptr_array_add(argv, NULL);
	ck_assert_msg(g_spawn_sync(NULL, (char **)argv->pdata, NULL, 0, NULL,
			  NULL, &out, &trouble, &status, &error),
	    "%s", error ? error->message : "");
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == want,
	    "exit %d: %s%s", status, out, trouble);
	return out;
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

START_TEST(test_report)
{
	struct house house;
	g_autofree char *got = NULL;

	house_init(&house);
	got = run(&house, 0,
	    WORDS("report", "--from", "2025-12-01", "--to", "2026-01-31"));
	ck_assert_str_eq(got,
	    "From 2025-12-01 to 2026-01-31\n\n"
	    "rule                          2025-12  2026-01  total\n"
	    "official-letter                     0        0      0\n"
	    "official-letter (not judged)        0        1      1\n"
	    "silent-copy                         1        1      2\n\n"
	    "messages with findings 3\naccept 2\nhold 1\n");
	house_clear(&house);
}
END_TEST

START_TEST(test_report_days)
{
	struct house house;
	g_autofree char *got = NULL;

	house_init(&house);
	got = run(&house, 0,
	    WORDS("report", "--from", "2026-01-09", "--to", "2026-01-09",
		"--json"));
	ck_assert_msg(strstr(got, "\"messages\": 2,") != NULL, "%s", got);
	ck_assert_msg(strstr(got, "2025") == NULL, "%s", got);
	house_clear(&house);
}
END_TEST

START_TEST(test_report_names_nobody)
{
	static const char *const names[] = {
	    "Morgan", "Jones", "Smith", "woodland"};
	struct house house;
	g_autofree char *got = NULL;

	house_init(&house);
	got = run(&house, 0, WORDS("report", "--from", "2025-01-01", "--json"));
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		ck_assert_ptr_null(strstr(got, names[i]));
	house_clear(&house);
}
END_TEST

START_TEST(test_report_last_day)
{
	struct house house;
	g_autofree char *got = NULL;

	house_init(&house);
	g_setenv("G_DEBUG", "fatal-criticals", TRUE);
	got = run(&house, 0, WORDS("report", "--from", "9999-12-01", "--to",
				 "9999-12-31"));
	ck_assert_ptr_nonnull(strstr(got, "messages with findings 0"));
	house_clear(&house);
}
END_TEST

START_TEST(test_purge)
{
	struct house house;
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;

	house_init(&house);
	first = run(&house, 0, WORDS("purge", "--before", "2026-01-01"));
	ck_assert_str_eq(first, "deleted 1 entry\n");
	/* The other two still have letters to send. */
	second = run(&house, 0, WORDS("purge", "--before", "2027-01-01"));
	ck_assert_str_eq(second, "deleted 0 entries, kept 2 whose letters "
				 "have not left yet\n");
	house_clear(&house);
}
END_TEST

START_TEST(test_outbox)
{
	struct house house;
	g_autofree char *list = NULL;
	g_autofree char *retried = NULL;
	g_autofree char *none = NULL;
	g_autofree char *all = NULL;
	g_auto(GStrv) lines = NULL;

	house_init(&house);
	list = run(&house, 0, WORDS("outbox"));
	lines = g_strsplit(list, "\n", -1);
	ck_assert_msg(g_strv_length(lines) == 4, "%s", list);
	ck_assert(g_str_has_prefix(lines[0], "id  kind"));
	ck_assert_ptr_nonnull(strstr(lines[1], "clerk@woodland-pc.example"));
	ck_assert_ptr_nonnull(strstr(lines[2], "cllr.patel@"));
	retried = run(&house, 0, WORDS("outbox", "retry", "1"));
	ck_assert_str_eq(retried, "due now 1\n");
	none = run(&house, 1, WORDS("outbox", "retry", "77"));
	all = run(&house, 0, WORDS("outbox", "retry", "all"));
	ck_assert_str_eq(all, "due now 2\n");
	house_clear(&house);
}
END_TEST

START_TEST(test_outbox_retry_makes_due)
{
	struct house house;
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	g_autofree char *retried = NULL;
	g_autoptr(journal) journal = NULL;
	g_autoptr(GPtrArray) before = NULL;
	g_autoptr(GPtrArray) due = NULL;
	struct outbox_item *item;

	house_init(&house);
	journal = journal_open(house.journal, JOURNAL_SYNC_NORMAL, NULL);
	before = outbox_list(journal, NULL);
	for (guint i = 0; i < before->len; i++) {
		item = before->pdata[i];
		ck_assert(outbox_retry(
		    journal, item->id, now + 3600, "no answer", NULL));
	}
	retried = run(&house, 0, WORDS("outbox", "retry", "all"));
	due = outbox_due(journal, now + 60, 10, NULL);
	ck_assert_uint_eq(due->len, 2);
	item = due->pdata[0];
	ck_assert_str_eq(item->last_error, "no answer");
	house_clear(&house);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("ctl_journal");
	TCase *tcase = tcase_create("ctl_journal");

	tcase_add_test(tcase, test_report);
	tcase_add_test(tcase, test_report_days);
	tcase_add_test(tcase, test_report_names_nobody);
	tcase_add_test(tcase, test_report_last_day);
	tcase_add_test(tcase, test_purge);
	tcase_add_test(tcase, test_outbox);
	tcase_add_test(tcase, test_outbox_retry_makes_due);
	suite_add_tcase(suite, tcase);
	return suite;
}
