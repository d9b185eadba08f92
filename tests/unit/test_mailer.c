#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "milter/report/mailer.h"
#include "tests/unit/entries.h"
#include "tests/unit/sink.h"
#include "tests/unit/unit.h"

#define CLERK "clerk@woodland-pc.example"
#define CHAIR "cllr.patel@woodland-pc.example"

/* Far less than the time-out of the letter in hand. */
enum { STOP_LIMIT_US = 60 * G_USEC_PER_SEC };

static void
ignore_broken_pipes(void)
{
	signal(SIGPIPE, SIG_IGN);
}

static const struct {
	const char *url, *user;
	bool starttls;
	const char *digest_time, *from;
	const char *want; /* in the error; NULL: none */
} choices[] = {
    {"smtp://127.0.0.1:25", NULL, false, "07:00", "x@y", NULL},
    {"smtp://127.0.0.1:25", NULL, false, NULL, "x@y", NULL},
    {"smtps://mail.example", "u", false, "07:00", "x@y", NULL},
    {"smtp://mail.example:587", "u", true, "07:00", "x@y", NULL},
    {"smtp://localhost", "u", false, "07:00", "x@y", NULL},
    {"smtp://[::1]:25", "u", false, "07:00", "x@y", NULL},
    {"smtp://mail.example", NULL, false, "07:00", "x@y", NULL},
    {"smtp://mail.example", "u", false, "07:00", "x@y", "in clear"},
    {"smtp://127.example", "u", false, "07:00", "x@y", "in clear"},
    {"smtps://mail.example", "u", true, "07:00", "x@y", "STARTTLS"},
    {"smtp://u:secret@mail.example", NULL, false, "07:00", "x@y",
	"password-file"},
    {"http://mail.example", NULL, false, "07:00", "x@y", "smtp://"},
    {"mail server", NULL, false, "07:00", "x@y", "not a URL"},
    {NULL, NULL, false, "07:00", "x@y", "URL"},
    {"smtp://127.0.0.1", NULL, false, "7 o'clock", "x@y", "07:00"},
    {"smtp://127.0.0.1", NULL, false, "07:00", NULL, "address"},
};

START_TEST(choice)
{
	struct mailer_settings settings = sink_settings("smtp", 25);
	g_autoptr(journal) journal = journal_at(place.path);
	g_autoptr(GError) error = NULL;
	struct mailer *mailer;

	entry_set(&settings.url, choices[_i].url);
	entry_set(&settings.user, choices[_i].user);
	entry_set(&settings.digest_time, choices[_i].digest_time);
	entry_set(&settings.letterhead.from, choices[_i].from);
	settings.starttls = choices[_i].starttls;
	mailer = mailer_start(journal, &settings, &error);
	if (choices[_i].want == NULL) {
		ck_assert_msg(mailer != NULL, "%s: %s", choices[_i].url,
		    error ? error->message : "");
		mailer_stop(mailer);
	} else {
		ck_assert_msg(mailer == NULL, "%s", choices[_i].url);
		ck_assert_msg(strstr(error->message, choices[_i].want) != NULL,
		    "%s", error->message);
	}
	sink_settings_clear(&settings);
}
END_TEST

/* The thread. */

static void
record_letter(struct journal *journal, const char *identity,
    const char *address, const char *in_digest)
{
	g_autoptr(journal_entry) entry =
	    entry_new(identity, g_get_real_time() / G_USEC_PER_SEC);
	g_autoptr(GError) error = NULL;

	if (in_digest[0] != '\0')
		entry->time -= 2 * 24 * 3600;
	entry_add_letter(entry, "report", address, in_digest);
	ck_assert_msg(journal_record(journal, entry, &error), "%s",
	    error ? error->message : "");
}

static struct mailer *
start_mailer(struct journal *journal, const struct mailer_settings *settings)
{
	g_autoptr(GError) error = NULL;
	struct mailer *mailer = mailer_start(journal, settings, &error);

	ck_assert_msg(mailer != NULL, "%s", error ? error->message : "");
	return mailer;
}

static bool
nothing_waits(void *journal)
{
	g_autoptr(GPtrArray) items = outbox_list(journal, NULL);

	return items != NULL && items->len == 0;
}

static void
assert_all_left(struct journal *journal)
{
	ck_assert_msg(
	    wait_until(nothing_waits, journal), "the outbox is not empty");
}

/* The Message-IDs of what arrived, each with how often. */
static GHashTable *
message_ids(const struct sink *sink)
{
	GHashTable *ids =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	unsigned i, n = sink_count(sink);

	for (i = 1; i <= n; i++) {
		g_autofree char *name = g_strdup_printf("%u.eml", i);
		g_autofree char *text = sink_file(sink, name);
		char *id = strstr(text, "\r\nMessage-ID: ") + 14;
		char *key = g_strndup(id, strcspn(id, "\r"));
		unsigned count =
		    GPOINTER_TO_UINT(g_hash_table_lookup(ids, key));

		g_hash_table_replace(ids, key, GUINT_TO_POINTER(count + 1));
	}
	return ids;
}

static void
assert_each_once(const struct sink *sink, unsigned n)
{
	g_autoptr(GHashTable) ids = message_ids(sink);

	ck_assert_uint_eq(sink_count(sink), n);
	ck_assert_uint_eq(g_hash_table_size(ids), n);
}

/* A letter's last error in the outbox, once it has failed that often. */
struct failing {
	struct journal *journal;
	unsigned attempts;
	char *last_error;
};

static bool
has_failed(void *arg)
{
	struct failing *failing = arg;
	g_autoptr(GPtrArray) items = outbox_list(failing->journal, NULL);
	unsigned i;

	for (i = 0; i < items->len; i++) {
		const struct outbox_item *item = items->pdata[i];

		if (item->attempts >= failing->attempts) {
			failing->last_error = g_strdup(item->last_error);
			return true;
		}
	}
	return false;
}

static char *
wait_for_failure(struct journal *journal, unsigned attempts)
{
	struct failing failing = {journal, attempts, NULL};

	ck_assert(wait_until(has_failed, &failing));
	return failing.last_error;
}

START_TEST(sends_what_is_recorded)
{
	struct sink sink = sink_start(place.directory, 0, "");
	struct mailer_settings settings = sink_settings("smtp", sink.port);
	g_autoptr(journal) journal = journal_at(place.path);
	struct mailer *mailer;

	record_letter(journal, "before", CLERK, "");
	mailer = start_mailer(journal, &settings);
	sink_wait(&sink, 1);
	assert_all_left(journal);
	/* It waits for a minute now, unless the journal wakes it. */
	record_letter(journal, "after", CHAIR, "");
	sink_wait(&sink, 2);
	assert_all_left(journal);
	record_letter(journal, "after", CHAIR, ""); /* the MTA again */
	mailer_wake(mailer);
	mailer_stop(mailer);
	assert_each_once(&sink, 2);
	ck_assert(sink_heard(&sink, "QUIT"));
	/* It is nobody's business any more. */
	record_letter(journal, "late", CLERK, "");
	sink_settings_clear(&settings);
	sink_stop(&sink);
}
END_TEST

START_TEST(server_down_then_up)
{
	struct sink sink = sink_start(place.directory, 0, "");
	struct mailer_settings settings = sink_settings("smtp", sink.port);
	g_autoptr(journal) journal = journal_at(place.path);
	struct mailer *mailer;
	g_autofree char *reason = NULL;
	unsigned i;

	sink_stop(&sink);
	mailer = start_mailer(journal, &settings);
	for (i = 0; i < 50; i++) {
		g_autofree char *identity = g_strdup_printf("%u", i);

		record_letter(journal, identity, CLERK, "");
	}
	reason = wait_for_failure(journal, 2);
	ck_assert_ptr_nonnull(strstr(reason, "smtp://127.0.0.1:"));
	sink = sink_start(place.directory, sink.port, "");
	sink_wait(&sink, 50);
	assert_all_left(journal);
	mailer_stop(mailer);
	assert_each_once(&sink, 50);
	sink_settings_clear(&settings);
	sink_stop(&sink);
}
END_TEST

/* The server dies in the middle of everything, several times. */
START_TEST(server_falters)
{
	struct sink sink =
	    sink_start(place.directory, 0, "--reply=3*RCPT=421 4.3.2 closing");
	struct mailer_settings settings = sink_settings("smtp", sink.port);
	g_autoptr(journal) journal = journal_at(place.path);
	struct mailer *mailer = start_mailer(journal, &settings);
	unsigned i;

	for (i = 0; i < 30; i++) {
		g_autofree char *identity = g_strdup_printf("%u", i);

		record_letter(journal, identity, CLERK, "");
	}
	sink_wait(&sink, 30);
	assert_all_left(journal);
	mailer_stop(mailer);
	assert_each_once(&sink, 30);
	sink_settings_clear(&settings);
	sink_stop(&sink);
}
END_TEST

/* One address refuses; a clerk's report is never lost, nor are the others. */
static const struct {
	const char *reply, *reason;
	bool arrives;
} refusals[] = {
    {"--reply=2*RCPT TO:<" CHAIR "=451 4.3.0 later", "451 4.3.0 later", true},
    {"--reply=2*RCPT TO:<" CHAIR "=550 5.1.1 who", "550 5.1.1 who", true},
    {"--reply=RCPT TO:<" CHAIR "=550 5.1.1 who", "550 5.1.1 who", false},
};

START_TEST(one_address_refuses)
{
	struct sink sink = sink_start(place.directory, 0, refusals[_i].reply);
	struct mailer_settings settings = sink_settings("smtp", sink.port);
	g_autoptr(journal) journal = journal_at(place.path);
	struct mailer *mailer;
	g_autofree char *reason = NULL;

	record_letter(journal, "1", CHAIR, "");
	record_letter(journal, "2", CLERK, "");
	record_letter(journal, "3", CLERK, "");
	mailer = start_mailer(journal, &settings);
	sink_wait(&sink, 2);
	reason = wait_for_failure(journal, 1);
	ck_assert_ptr_nonnull(strstr(reason, refusals[_i].reason));
	if (refusals[_i].arrives) {
		sink_wait(&sink, 3);
		assert_all_left(journal);
	} else {
		g_free(wait_for_failure(journal, 3));
	}
	mailer_stop(mailer);
	assert_each_once(&sink, refusals[_i].arrives ? 3 : 2);
	sink_settings_clear(&settings);
	sink_stop(&sink);
}
END_TEST

/* Killed between the server's 250 and the journal's note. */
START_TEST(repeated_under_one_message_id)
{
	struct sink sink = sink_start(place.directory, 0, "");
	struct mailer_settings settings = sink_settings("smtp", sink.port);
	g_autoptr(journal) journal = journal_at(place.path);
	g_autoptr(GPtrArray) items = NULL;
	g_autoptr(GHashTable) ids = NULL;
	struct mailer *mailer;
	GBytes *letter;

	record_letter(journal, "1", CLERK, "");
	items = outbox_list(journal, NULL);
	letter = letter_render(&settings.letterhead, items->pdata[0]);
	ck_assert(mailer_send(&settings, CLERK, letter, NULL));
	g_bytes_unref(letter);
	mailer = start_mailer(journal, &settings);
	sink_wait(&sink, 2);
	assert_all_left(journal);
	mailer_stop(mailer);
	ids = message_ids(&sink);
	ck_assert_uint_eq(sink_count(&sink), 2);
	ck_assert_uint_eq(g_hash_table_size(ids), 1);
	sink_settings_clear(&settings);
	sink_stop(&sink);
}
END_TEST

/* Lines that the mailer logs. */
struct log {
	pthread_mutex_t lock;
	GString *text;
};

static GLogWriterOutput
keep_log(GLogLevelFlags level, const GLogField *fields, gsize n, gpointer arg)
{
	struct log *log = arg;
	g_autofree char *line =
	    g_log_writer_format_fields(level, fields, n, FALSE);

	pthread_mutex_lock(&log->lock);
	g_string_append_printf(log->text, "%s\n", line);
	pthread_mutex_unlock(&log->lock);
	return G_LOG_WRITER_HANDLED;
}

struct log_line {
	struct log *log;
	const char *text;
	unsigned times;
};

static bool
was_logged(void *arg)
{
	struct log_line *line = arg;
	const char *p;
	unsigned n = 0;

	pthread_mutex_lock(&line->log->lock);
	p = line->log->text->str;
	while ((p = strstr(p, line->text)) != NULL) {
		n++;
		p++;
	}
	pthread_mutex_unlock(&line->log->lock);
	return n >= line->times;
}

/* The journal cannot take the note: the letter still goes once. */
START_TEST(departure_not_recorded)
{
	struct log log = {PTHREAD_MUTEX_INITIALIZER, g_string_new(NULL)};
	struct log_line line = {&log, "could not be recorded", 3};
	struct sink sink = sink_start(place.directory, 0, "");
	struct mailer_settings settings = sink_settings("smtp", sink.port);
	g_autoptr(journal) journal = journal_at(place.path);
	struct mailer *mailer;

	g_log_set_writer_func(keep_log, &log, NULL);
	journal_sql(place.path,
	    "CREATE TRIGGER fault BEFORE UPDATE OF sent ON letter"
	    " BEGIN SELECT raise(ABORT, 'no space'); END");
	record_letter(journal, "1", CLERK, "");
	mailer = start_mailer(journal, &settings);
	ck_assert(wait_until(was_logged, &line));
	journal_sql(place.path, "DROP TRIGGER fault");
	assert_all_left(journal);
	mailer_stop(mailer);
	ck_assert_uint_eq(sink_count(&sink), 1);
	g_string_free(log.text, TRUE);
	sink_settings_clear(&settings);
	sink_stop(&sink);
}
END_TEST

START_TEST(log_lines)
{
	struct log log = {PTHREAD_MUTEX_INITIALIZER, g_string_new(NULL)};
	struct sink sink =
	    sink_start(place.directory, 0, "--reply=1*RCPT=451 4.3.0 later");
	struct mailer_settings settings = sink_settings("smtp", sink.port);
	g_autoptr(journal) journal = journal_at(place.path);
	struct mailer *mailer;

	g_log_set_writer_func(keep_log, &log, NULL);
	record_letter(journal, "1", CLERK, "");
	mailer = start_mailer(journal, &settings);
	sink_wait(&sink, 1);
	assert_all_left(journal);
	mailer_stop(mailer);
	ck_assert_ptr_nonnull(strstr(log.text->str,
	    "letter 1 (report) not sent to " CLERK ", attempt 1, next in 1 s: "
	    "smtp://127.0.0.1:"));
	ck_assert_ptr_nonnull(strstr(log.text->str, ": 451 4.3.0 later"));
	ck_assert_ptr_nonnull(
	    strstr(log.text->str, "letter 1 (report) sent to " CLERK));
	/* Nobody whom the message concerns, and nothing of it. */
	ck_assert_ptr_null(strstr(log.text->str, "Sam Smith"));
	ck_assert_ptr_null(strstr(log.text->str, "silent"));
	g_string_free(log.text, TRUE);
	sink_settings_clear(&settings);
	sink_stop(&sink);
}
END_TEST

START_TEST(digest_of_yesterday)
{
	struct sink sink =
	    sink_start(place.directory, 0, "--reply=1*RCPT=451 4.3.0 later");
	struct mailer_settings settings = sink_settings("smtp", sink.port);
	g_autoptr(journal) journal = journal_at(place.path);
	g_autofree char *text = NULL;
	struct mailer *mailer;

	settings.digest_time = g_strdup("07:00");
	record_letter(journal, "1", CLERK, "digest");
	record_letter(journal, "2", CLERK, "digest");
	record_letter(journal, "3", CLERK, "digest");
	mailer = start_mailer(journal, &settings);
	sink_wait(&sink, 1);
	assert_all_left(journal);
	mailer_stop(mailer);
	assert_each_once(&sink, 1);
	text = sink_file(&sink, "1.eml");
	ck_assert_ptr_nonnull(
	    strstr(text, "Subject: Mail filter digest: 3 findings"));
	sink_settings_clear(&settings);
	sink_stop(&sink);
}
END_TEST

/* A server that hangs does not hold up the end of the daemon. */
START_TEST(stops_while_hanging)
{
	struct sink sink = sink_start(place.directory, 0, "--hang=DATA");
	struct mailer_settings settings = sink_settings("smtp", sink.port);
	g_autoptr(journal) journal = journal_at(place.path);
	g_autoptr(GPtrArray) items = NULL;
	struct mailer *mailer;
	gint64 start;

	settings.timeout = 3600;
	record_letter(journal, "1", CLERK, "");
	mailer = start_mailer(journal, &settings);
	while (!sink_heard(&sink, "DATA"))
		g_usleep(20000);
	start = g_get_monotonic_time();
	mailer_stop(mailer);
	ck_assert_int_lt(g_get_monotonic_time() - start, STOP_LIMIT_US);
	/* This was no failure of the letter's: it is due at the next start. */
	items = outbox_list(journal, NULL);
	ck_assert_uint_eq(items->len, 1);
	ck_assert_uint_eq(((struct outbox_item *)items->pdata[0])->attempts, 0);
	sink_settings_clear(&settings);
	sink_stop(&sink);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("mailer");
	TCase *tcase = tcase_create("mailer");

	tcase_add_checked_fixture(tcase, place_set_up, place_tear_down);
	tcase_add_checked_fixture(tcase, ignore_broken_pipes, NULL);
	tcase_set_timeout(tcase, 180);
	tcase_add_loop_test(tcase, choice, 0, G_N_ELEMENTS(choices));
	tcase_add_test(tcase, sends_what_is_recorded);
	tcase_add_test(tcase, server_down_then_up);
	tcase_add_test(tcase, server_falters);
	tcase_add_loop_test(
	    tcase, one_address_refuses, 0, G_N_ELEMENTS(refusals));
	tcase_add_test(tcase, repeated_under_one_message_id);
	tcase_add_test(tcase, departure_not_recorded);
	tcase_add_test(tcase, log_lines);
	tcase_add_test(tcase, digest_of_yesterday);
	tcase_add_test(tcase, stops_while_hanging);
	suite_add_tcase(suite, tcase);
	return suite;
}
