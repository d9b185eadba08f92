#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "milter/journal/journal.h"
#include "tests/unit/entries.h"
#include "tests/unit/unit.h"

#define CLERK "clerk@woodland-pc.example"
#define CHAIR "cllr.patel@woodland-pc.example"

enum { NOON = 1778000000 };

/* What cannot be opened. */

static void
no_directory(void)
{
	g_free(place.path);
	place.path =
	    g_build_filename(place.directory, "none", "journal.sqlite", NULL);
}

static void
is_directory(void)
{
	g_mkdir(place.path, 0700);
}

static void
is_garbage(void)
{
	g_file_set_contents(place.path,
	    "From clerk@woodland-pc.example Tue May  5 10:00:00 2026\n"
	    "Subject: this is a mailbox and no database, whatever its name\n",
	    -1, NULL);
}

static void
is_other_database(void)
{
	journal_sql(place.path, "CREATE TABLE tune (name TEXT)");
}

static void
is_newer(void)
{
	journal_close(journal_at(place.path));
	journal_sql(place.path, "PRAGMA user_version = 99");
}

static void
is_truncated(void)
{
	journal_close(journal_at(place.path));
	ck_assert_int_eq(truncate(place.path, 8192 + 100), 0);
}

/* Root may write everything, so this becomes somebody else. */
static void
is_not_writable(void)
{
	journal_close(journal_at(place.path));
	ck_assert_int_eq(g_chmod(place.path, 0444), 0);
	ck_assert_int_eq(g_chmod(place.directory, 0777), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
}

static void
is_in_locked_directory(void)
{
	ck_assert_int_eq(g_chmod(place.directory, 0555), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
}

static const struct {
	const char *name;
	void (*make)(void);
	const char *want;
} faults[] = {
    {"no directory", no_directory, "there is no directory"},
    {"directory", is_directory, "unable to open database file"},
    {"garbage", is_garbage, "file is not a database"},
    {"other database", is_other_database, "another program's database"},
    {"newer", is_newer, "a newer council-milter made it"},
    {"truncated", is_truncated, "malformed"},
    {"not writable", is_not_writable, "no permission"},
    {"directory not writable", is_in_locked_directory, "Permission denied"},
};

START_TEST(open_fault)
{
	g_autoptr(GError) error = NULL;
	struct journal *journal;

	faults[_i].make();
	journal = journal_open(place.path, JOURNAL_SYNC_FULL, &error);
	if (geteuid() == 65534)
		ck_assert_int_eq(seteuid(0), 0);
	ck_assert_msg(journal == NULL, "%s was opened", faults[_i].name);
	ck_assert_msg(strstr(error->message, faults[_i].want) != NULL &&
			  strstr(error->message, place.path) != NULL,
	    "%s: %s", faults[_i].name, error->message);
	g_chmod(place.directory, 0700);
}
END_TEST

static mode_t
mode_of(const char *suffix)
{
	g_autofree char *name = g_strconcat(place.path, suffix, NULL);
	struct stat st;

	ck_assert_msg(stat(name, &st) == 0, "%s: %s", name, strerror(errno));
	return st.st_mode & 07777;
}

static const mode_t umasks[] = {0, 022, 077, 0777};

START_TEST(file_mode)
{
	struct journal *journal;

	umask(umasks[_i]);
	journal = journal_at(place.path);
	journal_put_letter(journal, "a", NOON, CLERK, "");
	umask(077);
	ck_assert_uint_eq(mode_of(""), 0600);
	ck_assert_uint_eq(mode_of("-wal"), 0600);
	ck_assert_uint_eq(mode_of("-shm"), 0600);
	journal_close(journal);
}
END_TEST

/* Entries. */

START_TEST(round_trip)
{
	g_autoptr(journal) journal = journal_at(place.path);
	g_autoptr(journal_entry) entry = entry_new("00ff", NOON);
	struct journal_finding *second;
	g_autoptr(GPtrArray) entries = NULL;
	g_autofree char *want = NULL;
	g_autofree char *got = NULL;

	entry_set(&entry->sender, "Cllr Zoë Müller, \"the chair\" <x>");
	entry_set(&entry->edit_reason, "signed with S/MIME");
	entry_set(&entry->not_inspected, "the message is encrypted");
	second = journal_entry_add_finding(entry);
	second->rule = g_strdup("a-rule"); /* sorts before the first */
	second->clause = g_strdup("");
	second->place = g_strdup("council.policy:20");
	second->mode = g_strdup("observe");
	second->severity = g_strdup("low");
	second->actions = g_strdup("");
	second->failed = true;
	entry_add_letter(entry, "report", CLERK, "digest");
	entry_add_letter(entry, "disclosure", "cllr.jones@x.example", "");
	entry_set(&((struct journal_letter *)entry->letters->pdata[1])->text,
	    "Please note.");
	journal_put(journal, entry);
	entries = journal_all(journal);
	ck_assert_uint_eq(entries->len, 1);
	want = entry_dump(entry);
	got = entry_dump(entries->pdata[0]);
	ck_assert_str_eq(got, want);
}
END_TEST

START_TEST(list_between)
{
	g_autoptr(journal) journal = journal_at(place.path);
	g_autoptr(GPtrArray) entries = NULL;
	const struct journal_entry *first;

	journal_put_letter(journal, "c", NOON + 20, CLERK, "");
	journal_put_letter(journal, "a", NOON, CLERK, "");
	journal_put_letter(journal, "b", NOON + 10, CLERK, "");
	entries = journal_list(journal, NOON, NOON + 20, NULL);
	ck_assert_uint_eq(entries->len, 2);
	first = entries->pdata[0];
	ck_assert_str_eq(first->identity, "a");
}
END_TEST

/* What a second record() of the same message changes, and what it adds. */
static void
change_nothing(struct journal_entry *entry)
{
	(void)entry;
}

static void
change_queue_id(struct journal_entry *entry)
{
	entry_set(&entry->queue_id, "another");
	entry->time += 300;
}

static void
change_disposition(struct journal_entry *entry)
{
	entry_set(&entry->disposition, "defer");
}

static void
change_identity(struct journal_entry *entry)
{
	entry_set(&entry->identity, "other");
}

static void
add_finding(struct journal_entry *entry)
{
	struct journal_finding *finding = journal_entry_add_finding(entry);

	finding->rule = g_strdup("new-rule");
	entry_add_letter(entry, "notice", CLERK, "");
}

static void
add_letter(struct journal_entry *entry)
{
	entry_add_letter(entry, "report", CHAIR, "");
}

static void
drop_letters(struct journal_entry *entry)
{
	g_ptr_array_set_size(entry->letters, 0);
}

static const struct {
	const char *name;
	void (*change)(struct journal_entry *);
	unsigned entries, findings, letters;
} repeats[] = {
    {"nothing", change_nothing, 1, 1, 1},
    {"queue id and time", change_queue_id, 1, 1, 1},
    {"letters gone", drop_letters, 1, 1, 1},
    {"another letter", add_letter, 1, 1, 2},
    {"another finding", add_finding, 1, 2, 2},
    {"disposition", change_disposition, 2, 2, 2},
    {"identity", change_identity, 2, 2, 2},
};

START_TEST(repeat)
{
	struct journal *journal = journal_at(place.path);
	g_autoptr(journal_entry) entry = entry_new("aa", NOON);
	g_autoptr(GPtrArray) entries = NULL;
	g_autoptr(GPtrArray) items = NULL;
	unsigned findings = 0, i;

	entry_add_letter(entry, "report", CLERK, "");
	journal_put(journal, entry);
	journal_close(journal); /* the crash */
	journal = journal_at(place.path);
	repeats[_i].change(entry);
	journal_put(journal, entry);
	entries = journal_all(journal);
	ck_assert_msg(entries->len == repeats[_i].entries, "%s: %u entries",
	    repeats[_i].name, entries->len);
	for (i = 0; i < entries->len; i++)
		findings +=
		    ((struct journal_entry *)entries->pdata[i])->findings->len;
	ck_assert_msg(findings == repeats[_i].findings, "%s: %u findings",
	    repeats[_i].name, findings);
	items = outbox_list(journal, NULL);
	ck_assert_msg(items->len == repeats[_i].letters, "%s: %u letters",
	    repeats[_i].name, items->len);
	journal_close(journal);
}
END_TEST

static void
count_wake(void *arg)
{
	++*(unsigned *)arg;
}

START_TEST(wakeup)
{
	g_autoptr(journal) journal = journal_at(place.path);
	g_autoptr(journal_entry) silent = entry_new("silent", NOON);
	unsigned count = 0;

	journal_set_wakeup(journal, count_wake, &count);
	journal_put(journal, silent);
	ck_assert_uint_eq(count, 0);
	journal_put_letter(journal, "a", NOON, CLERK, "");
	ck_assert_uint_eq(count, 1);
	journal_put_letter(
	    journal, "a", NOON, CLERK, ""); /* a retry adds none */
	ck_assert_uint_eq(count, 1);
	journal_set_wakeup(journal, NULL, NULL);
	journal_put_letter(journal, "b", NOON, CLERK, "");
	ck_assert_uint_eq(count, 1);
}
END_TEST

/* Retention. */

static bool
file_holds(const char *suffix, const char *text)
{
	g_autofree char *name = g_strconcat(place.path, suffix, NULL);
	g_autofree char *data = NULL;
	gsize len;

	if (!g_file_get_contents(name, &data, &len, NULL))
		return false;
	return memmem(data, len, text, strlen(text)) != NULL;
}

START_TEST(purge)
{
	g_autoptr(journal) journal = journal_at(place.path);
	g_autoptr(GPtrArray) entries = NULL;
	g_autoptr(GPtrArray) items = NULL;
	g_autoptr(GError) error = NULL;
	unsigned deleted = 0, i;

	for (i = 0; i < 450; i++) {
		g_autofree char *identity = g_strdup_printf("old%u", i);
		g_autoptr(journal_entry) entry = entry_new(identity, NOON);

		entry_set(&entry->sender, "Owen Hughes");
		journal_put(journal, entry);
	}
	journal_put_letter(journal, "waiting", NOON, CLERK, "");
	journal_put_letter(journal, "digest", NOON, CLERK, "digest");
	journal_put_letter(journal, "sent", NOON, CHAIR, "");
	ck_assert(outbox_done(journal, 3, NOON, NULL));
	journal_put_letter(journal, "young", NOON + 10, CLERK, "");
	ck_assert(
	    file_holds("-wal", "Owen Hughes") || file_holds("", "Owen Hughes"));
	ck_assert_msg(journal_purge(journal, NOON + 10, &deleted, &error), "%s",
	    error ? error->message : "");
	ck_assert_uint_eq(deleted, 451);
	entries = journal_all(journal);
	ck_assert_uint_eq(entries->len, 3);
	items = outbox_list(journal, NULL);
	ck_assert_uint_eq(items->len, 3);
	ck_assert(!file_holds("-wal", "Owen Hughes"));
	ck_assert(!file_holds("", "Owen Hughes"));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("journal");
	TCase *tcase = tcase_create("journal");

	tcase_add_checked_fixture(tcase, place_set_up, place_tear_down);
	tcase_add_loop_test(tcase, open_fault, 0, G_N_ELEMENTS(faults));
	tcase_add_loop_test(tcase, file_mode, 0, G_N_ELEMENTS(umasks));
	tcase_add_test(tcase, round_trip);
	tcase_add_test(tcase, list_between);
	tcase_add_loop_test(tcase, repeat, 0, G_N_ELEMENTS(repeats));
	tcase_add_test(tcase, wakeup);
	tcase_add_test(tcase, purge);
	suite_add_tcase(suite, tcase);
	return suite;
}
