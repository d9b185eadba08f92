#include <glib/gstdio.h>
#include <string.h>

#include "milter/journal/journal.h"
#include "tests/unit/entries.h"
#include "tests/unit/unit.h"

#define CLERK "clerk@woodland-pc.example"
#define CHAIR "cllr.patel@woodland-pc.example"

enum { NOON = 1778000000 };

static struct outbox_item *
only_item(GPtrArray *items)
{
	ck_assert_ptr_nonnull(items);
	ck_assert_uint_eq(items->len, 1);
	return items->pdata[0];
}

START_TEST(message_id_for_life)
{
	static const char *const variants[][4] = {
	    /* identity, kind, rule, address */
	    {"aa", "report", "silent-copy", CLERK},
	    {"ab", "report", "silent-copy", CLERK},
	    {"aa", "notice", "silent-copy", CLERK},
	    {"aa", "report", "other-rule", CLERK},
	    {"aa", "report", "silent-copy", CHAIR},
	    {"aa", "report", "silent-cop", "y" CLERK},
	};
	g_autoptr(GHashTable) ids =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	unsigned i, round;

	for (round = 0; round < 2; round++) {
		for (i = 0; i < G_N_ELEMENTS(variants); i++) {
			struct journal *journal;
			g_autoptr(journal_entry) entry =
			    entry_new(variants[i][0], NOON + round);
			g_autoptr(GPtrArray) items = NULL;
			const char *id;

			unit_remove(place.directory);
			ck_assert_int_eq(g_mkdir(place.directory, 0700), 0);
			journal = journal_at(place.path);
			entry_set(&((struct journal_finding *)
					  entry->findings->pdata[0])
				       ->rule,
			    variants[i][2]);
			entry_add_letter(
			    entry, variants[i][1], variants[i][3], "");
			journal_put(journal, entry);
			items = outbox_list(journal, NULL);
			id = only_item(items)->message_id;
			ck_assert_uint_eq(strlen(id), 40);
			ck_assert_uint_eq(strspn(id, "0123456789abcdef"), 40);
			g_hash_table_add(ids, g_strdup(id));
			journal_close(journal);
		}
		ck_assert_uint_eq(
		    g_hash_table_size(ids), G_N_ELEMENTS(variants));
	}
}
END_TEST

/* The addresses of letters that are due, in order. */
static char *
due(struct journal *journal, gint64 now, unsigned max)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) items = outbox_due(journal, now, max, &error);
	GString *out = g_string_new(NULL);
	unsigned i;

	ck_assert_msg(items != NULL, "%s", error ? error->message : "");
	for (i = 0; i < items->len; i++) {
		const struct outbox_item *item = items->pdata[i];

		g_string_append_printf(
		    out, "%s%s", i > 0 ? " " : "", item->address);
	}
	return g_string_free(out, FALSE);
}

static void
assert_due(struct journal *journal, gint64 now, const char *want)
{
	g_autofree char *got = due(journal, now, 10);

	ck_assert_str_eq(got, want);
}

static void
assert_next(struct journal *journal, gint64 want)
{
	gint64 when = 0;

	ck_assert(outbox_next(journal, &when, NULL));
	ck_assert_int_eq(when, want);
}

START_TEST(outbox_order)
{
	g_autoptr(journal) journal = journal_at(place.path);
	g_autofree char *first = NULL;
	g_autoptr(GPtrArray) items = NULL;
	unsigned hastened = 0;

	assert_next(journal, G_MAXINT64);
	journal_put_letter(journal, "1", NOON, "a@x", "");
	journal_put_letter(journal, "2", NOON, "b@x", "");
	journal_put_letter(journal, "3", NOON + 5, "c@x", "");
	journal_put_letter(journal, "4", NOON, "d@x", "digest");
	assert_next(journal, NOON);
	assert_due(journal, NOON - 1, "");
	assert_due(journal, NOON, "a@x b@x");
	assert_due(journal, NOON + 5, "a@x b@x c@x");
	first = due(journal, NOON + 5, 1);
	ck_assert_str_eq(first, "a@x");

	/* A failing letter lets the others pass. */
	ck_assert(outbox_retry(journal, 1, NOON + 60, "451 later", NULL));
	assert_due(journal, NOON + 5, "b@x c@x");
	assert_due(journal, NOON + 60, "b@x c@x a@x");
	ck_assert(outbox_done(journal, 2, NOON + 6, NULL));
	assert_due(journal, NOON + 60, "c@x a@x");
	items = outbox_list(journal, NULL);
	ck_assert_uint_eq(items->len, 3);
	ck_assert_uint_eq(((struct outbox_item *)items->pdata[0])->attempts, 1);
	ck_assert_str_eq(
	    ((struct outbox_item *)items->pdata[0])->last_error, "451 later");

	/* The server is away: all wait, none has had an attempt. */
	ck_assert(
	    outbox_postpone(journal, NOON + 10, NOON + 90, "refused", NULL));
	assert_due(journal, NOON + 60, "a@x");
	assert_due(journal, NOON + 90, "a@x c@x");
	assert_next(journal, NOON + 60);
	ck_assert(outbox_hasten(journal, 3, NOON + 20, &hastened, NULL));
	ck_assert_uint_eq(hastened, 1);
	assert_due(journal, NOON + 20, "c@x");
	ck_assert(outbox_hasten(journal, 0, NOON + 21, &hastened, NULL));
	ck_assert_uint_eq(hastened, 2); /* the digest goes on waiting */
	assert_due(journal, NOON + 21, "a@x c@x");
	ck_assert(outbox_hasten(journal, 99, NOON + 21, &hastened, NULL));
	ck_assert_uint_eq(hastened, 0);
}
END_TEST

/* The clock was a year ahead for a while: nothing waits for it. */
START_TEST(clock_set_back)
{
	g_autoptr(journal) journal = journal_at(place.path);
	const gint64 ahead = NOON + 365 * 86400, week = 7 * 86400;
	g_autoptr(GPtrArray) digests = NULL;

	journal_put_letter(journal, "1", ahead, "a@x", "");
	journal_put_letter(journal, "2", ahead, "b@x", "digest");
	assert_due(journal, NOON, "a@x");
	digests = outbox_due_digests(journal, NOON, NOON, 10, NULL);
	ck_assert_uint_eq(digests->len, 1);
	/* The longest back-off that there is does wait. */
	ck_assert(outbox_retry(journal, 1, NOON + week, "later", NULL));
	assert_due(journal, NOON, "");
	assert_due(journal, NOON + week, "a@x");
}
END_TEST

static int
compare_texts(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Digests as "address:letters address:letters"; ids gets the Message-IDs. */
static char *
digests(struct journal *journal, gint64 before, gint64 now, GPtrArray *ids)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) all =
	    outbox_due_digests(journal, before, now, 10, &error);
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	unsigned i, j;

	ck_assert_msg(all != NULL, "%s", error ? error->message : "");
	for (i = 0; i < all->len; i++) {
		const GPtrArray *digest = all->pdata[i];
		const struct outbox_item *first = digest->pdata[0];

		for (j = 0; j < digest->len; j++) {
			const struct outbox_item *item = digest->pdata[j];

			ck_assert_str_eq(item->message_id, first->message_id);
			ck_assert_str_eq(item->address, first->address);
			ck_assert_ptr_nonnull(item->entry);
		}
		g_ptr_array_add(texts,
		    g_strdup_printf("%s:%u", first->address, digest->len));
		if (ids != NULL)
			g_ptr_array_add(ids, g_strdup(first->message_id));
	}
	g_ptr_array_sort(texts, compare_texts);
	g_ptr_array_add(texts, NULL);
	return g_strjoinv(" ", (char **)texts->pdata);
}

static void
assert_digests(
    struct journal *journal, gint64 before, gint64 now, const char *want)
{
	g_autofree char *got = digests(journal, before, now, NULL);

	ck_assert_str_eq(got, want);
}

START_TEST(digest_life)
{
	struct journal *journal = journal_at(place.path);
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *got = NULL;
	g_autofree char *again = NULL;

	journal_put_letter(journal, "1", NOON, CLERK, "digest");
	journal_put_letter(journal, "2", NOON + 1, CLERK, "digest");
	journal_put_letter(journal, "3", NOON + 2, CLERK, "");
	assert_next(journal, NOON + 2);
	ck_assert(outbox_done(journal, 3, NOON + 2, NULL));
	assert_next(journal, G_MAXINT64);
	/* Before its hour there is no digest. */
	assert_digests(journal, NOON, NOON + 5, "");
	got = digests(journal, NOON + 10, NOON + 10, ids);
	ck_assert_str_eq(got, CLERK ":2");
	assert_next(journal, NOON + 10);

	/* It was sent, the process killed; a letter came in meanwhile. */
	journal_close(journal);
	journal = journal_at(place.path);
	journal_put_letter(journal, "4", NOON + 11, CLERK, "digest");
	again = digests(journal, NOON + 10, NOON + 12, ids);
	ck_assert_str_eq(again, CLERK ":2");
	ck_assert_str_eq(ids->pdata[0], ids->pdata[1]);

	/* A retry puts off the whole of it, whichever letter stands for it. */
	ck_assert(outbox_retry(journal, 2, NOON + 60, "451 later", NULL));
	assert_digests(journal, NOON + 10, NOON + 30, "");
	assert_digests(journal, NOON + 10, NOON + 60, CLERK ":2");
	ck_assert(outbox_done(journal, 1, NOON + 61, NULL));
	assert_digests(journal, NOON + 10, NOON + 99, "");
	/* The next one has what is new. */
	assert_digests(journal, NOON + 99, NOON + 99, CLERK ":1");
	journal_close(journal);
}
END_TEST

START_TEST(digest_many)
{
	g_autoptr(journal) journal = journal_at(place.path);
	unsigned i;

	for (i = 0; i < 260; i++) {
		g_autofree char *identity = g_strdup_printf("%u", i);

		journal_put_letter(
		    journal, identity, NOON + i, CLERK, "digest");
	}
	journal_put_letter(journal, "x", NOON, CHAIR, "digest");
	assert_digests(journal, NOON + 1000, NOON + 1000,
	    CLERK ":10 " CLERK ":250 " CHAIR ":1");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("outbox");
	TCase *tcase = tcase_create("outbox");

	tcase_add_checked_fixture(tcase, place_set_up, place_tear_down);
	tcase_add_test(tcase, message_id_for_life);
	tcase_add_test(tcase, outbox_order);
	tcase_add_test(tcase, clock_set_back);
	tcase_add_test(tcase, digest_life);
	tcase_add_test(tcase, digest_many);
	suite_add_tcase(suite, tcase);
	return suite;
}
