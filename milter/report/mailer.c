#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "milter/report/mailer.h"
#include "milter/report/schedule.h"
#include "milter/report/smtp.h"

enum {
	ROUND_LETTERS = 20, /* taken from the outbox at a time */
	ROUND_DIGESTS = 4,
	POLL_SECONDS = 60, /* for changed clocks, digests and councilctl */
	STOP_SECONDS = 3,  /* for the letter in hand */
};

struct mailer {
	struct journal *journal;
	struct mailer_settings settings;
	unsigned digest_minutes;
	pthread_t thread;

	/* The thread's own. */
	struct smtp *smtp; /* as long as a round lasts */
	GHashTable *sent;  /* ids of letters that left, which the journal
			    * could not be told: never to be sent again */

	pthread_mutex_t lock; /* over the rest */
	pthread_cond_t changed;
	bool woken, stopping;
	gint64 stop_time; /* monotonic: give up the letter in hand */
};

/* A letter or digest on its way. */
struct parcel {
	const struct outbox_item *item; /* the first of a digest */
	const char *kind;
	GBytes *letter;
};

/* What came of a parcel, and so what to do with the next one. */
enum course {
	COURSE_ON,
	COURSE_SERVER,  /* no letter can be sent now */
	COURSE_JOURNAL, /* the journal does not work */
	COURSE_STOP,
};

static gint64
unix_time(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}

static bool
stopping(struct mailer *mailer)
{
	bool yes;

	pthread_mutex_lock(&mailer->lock);
	yes = mailer->stopping;
	pthread_mutex_unlock(&mailer->lock);
	return yes;
}

static bool
out_of_time(void *arg)
{
	struct mailer *mailer = arg;
	bool yes;

	pthread_mutex_lock(&mailer->lock);
	yes = mailer->stopping && g_get_monotonic_time() >= mailer->stop_time;
	pthread_mutex_unlock(&mailer->lock);
	return yes;
}

/* The journal is told again and again, and the letter not sent again. */
static enum course
record_sent(struct mailer *mailer, const struct parcel *parcel)
{
	gint64 id = parcel->item->id;
	g_autoptr(GError) error = NULL;

	if (outbox_done(mailer->journal, id, unix_time(), &error)) {
		g_hash_table_remove(mailer->sent, &id);
		return COURSE_ON;
	}
	if (!g_hash_table_contains(mailer->sent, &id))
		g_hash_table_add(mailer->sent, g_memdup2(&id, sizeof(id)));
	g_warning("letter %" G_GINT64_FORMAT
		  " was sent, but this could not be recorded: %s",
	    id, error->message);
	return COURSE_JOURNAL;
}

/*
 * A refused letter is put off alone.  When the server is out of reach, all
 * that is due waits with it: each would have to wait for the same time-out.
 */
static enum course
record_failure(
    struct mailer *mailer, const struct parcel *parcel, const GError *failure)
{
	const struct outbox_item *item = parcel->item;
	bool server =
	    !g_error_matches(failure, MAILER_ERROR, MAILER_ERROR_LETTER);
	gint64 now = unix_time();
	unsigned delay = schedule_backoff(mailer->settings.retry_min,
	    mailer->settings.retry_max, item->attempts, item->message_id);
	g_autoptr(GError) error = NULL;

	g_warning("letter %" G_GINT64_FORMAT
		  " (%s) not sent to %s, attempt %u, next in %u s: %s",
	    item->id, parcel->kind, item->address, item->attempts + 1, delay,
	    failure->message);
	if (!outbox_retry(mailer->journal, item->id, now + delay,
		failure->message, &error) ||
	    (server && !outbox_postpone(mailer->journal, now, now + delay,
			   failure->message, &error))) {
		g_warning("%s", error->message);
		return COURSE_JOURNAL;
	}
	return server ? COURSE_SERVER : COURSE_ON;
}

static enum course
carry(struct mailer *mailer, const struct parcel *parcel)
{
	const struct outbox_item *item = parcel->item;
	g_autoptr(GError) error = NULL;

	if (stopping(mailer))
		return COURSE_STOP;
	if (g_hash_table_contains(mailer->sent, &item->id))
		return record_sent(mailer, parcel);
	if (mailer->smtp == NULL) {
		/* mailer_start() has tried the same settings. */
		mailer->smtp = smtp_new(&mailer->settings, &error);
		if (mailer->smtp != NULL)
			smtp_set_cancel(mailer->smtp, out_of_time, mailer);
	}
	if (mailer->smtp != NULL &&
	    smtp_send(mailer->smtp, item->address, parcel->letter, &error)) {
		g_message("letter %" G_GINT64_FORMAT " (%s) sent to %s",
		    item->id, parcel->kind, item->address);
		return record_sent(mailer, parcel);
	}
	if (stopping(mailer))
		return COURSE_STOP; /* this was no attempt of the letter's */
	return record_failure(mailer, parcel, error);
}

static enum course
carry_letter(struct mailer *mailer, const struct outbox_item *item)
{
	struct parcel parcel = {.item = item, .kind = item->kind};
	enum course course;

	parcel.letter = letter_render(&mailer->settings.letterhead, item);
	course = carry(mailer, &parcel);
	g_bytes_unref(parcel.letter);
	return course;
}

static enum course
carry_digest(struct mailer *mailer, const GPtrArray *items)
{
	struct parcel parcel = {.item = items->pdata[0], .kind = "digest"};
	enum course course;

	parcel.letter =
	    letter_render_digest(&mailer->settings.letterhead, items);
	course = carry(mailer, &parcel);
	g_bytes_unref(parcel.letter);
	return course;
}

/* Sends the letters that are due; count says how many there were. */
static enum course
send_letters(struct mailer *mailer, unsigned *count)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) items =
	    outbox_due(mailer->journal, unix_time(), ROUND_LETTERS, &error);
	enum course course = COURSE_ON;
	unsigned i;

	if (items == NULL) {
		g_warning("%s", error->message);
		return COURSE_JOURNAL;
	}
	for (i = 0; i < items->len && course == COURSE_ON; i++)
		course = carry_letter(mailer, items->pdata[i]);
	*count = items->len;
	return course;
}

static enum course
send_digests(struct mailer *mailer, unsigned *count)
{
	gint64 now = unix_time();
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) digests = outbox_due_digests(mailer->journal,
	    schedule_last_digest(now, mailer->digest_minutes), now,
	    ROUND_DIGESTS, &error);
	enum course course = COURSE_ON;
	unsigned i;

	if (digests == NULL) {
		g_warning("%s", error->message);
		return COURSE_JOURNAL;
	}
	for (i = 0; i < digests->len && course == COURSE_ON; i++)
		course = carry_digest(mailer, digests->pdata[i]);
	*count = digests->len;
	return course;
}

/* Sends all that is due, over one connection. */
static enum course
send_round(struct mailer *mailer)
{
	unsigned letters = 0, digests = 0;
	enum course course;

	do {
		course = send_letters(mailer, &letters);
		if (course == COURSE_ON)
			course = send_digests(mailer, &digests);
	} while (course == COURSE_ON && letters + digests > 0);
	smtp_free(mailer->smtp);
	mailer->smtp = NULL;
	return course;
}

/* How long nothing needs doing, in seconds. */
static gint64
idle_time(struct mailer *mailer, enum course course)
{
	g_autoptr(GError) error = NULL;
	gint64 now = unix_time();
	gint64 next;

	if (course == COURSE_JOURNAL)
		return mailer->settings.retry_min;
	if (!outbox_next(mailer->journal, &next, &error)) {
		g_warning("%s", error->message);
		return mailer->settings.retry_min;
	}
	return next <= now ? 0 : MIN(next - now, POLL_SECONDS);
}

/* Waits until there may be something to do; false when it is time to stop. */
static bool
wait_for_work(struct mailer *mailer, enum course course)
{
	/* A journal in trouble is not asked again at every new letter. */
	bool heed = course != COURSE_JOURNAL;
	struct timespec until;
	bool go_on;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += idle_time(mailer, course);
	pthread_mutex_lock(&mailer->lock);
	while (!mailer->stopping && !(heed && mailer->woken))
		if (pthread_cond_timedwait(
			&mailer->changed, &mailer->lock, &until) != 0)
			break;
	mailer->woken = false;
	go_on = !mailer->stopping;
	pthread_mutex_unlock(&mailer->lock);
	return go_on;
}

static void *
run(void *arg)
{
	struct mailer *mailer = arg;
	enum course course;

	do
		course = send_round(mailer);
	while (wait_for_work(mailer, course));
	return NULL;
}

static void
copy_settings(struct mailer_settings *to, const struct mailer_settings *from)
{
	*to = *from;
	to->url = g_strdup(from->url);
	to->user = g_strdup(from->user);
	to->password = g_strdup(from->password);
	to->ca_file = g_strdup(from->ca_file);
	to->digest_time = g_strdup(from->digest_time);
	to->letterhead.council = g_strdup(from->letterhead.council);
	to->letterhead.from = g_strdup(from->letterhead.from);
	to->letterhead.host = g_strdup(from->letterhead.host);
}

static void
clear_settings(struct mailer_settings *settings)
{
	g_free(settings->url);
	g_free(settings->user);
	g_free(settings->password);
	g_free(settings->ca_file);
	g_free(settings->digest_time);
	g_free(settings->letterhead.council);
	g_free(settings->letterhead.from);
	g_free(settings->letterhead.host);
}

static bool
check_settings(struct mailer *mailer, GError **error)
{
	const struct mailer_settings *settings = &mailer->settings;
	const char *from = settings->letterhead.from;
	struct smtp *smtp;

	if (from == NULL || strchr(from, '@') == NULL) {
		g_set_error(error, MAILER_ERROR, MAILER_ERROR_SETTINGS,
		    "reports need an address to come from, not \"%s\"",
		    from ? from : "");
		return false;
	}
	if (settings->digest_time != NULL &&
	    !schedule_parse_time(
		settings->digest_time, &mailer->digest_minutes)) {
		g_set_error(error, MAILER_ERROR, MAILER_ERROR_SETTINGS,
		    "the digest's time must be like \"07:00\", not \"%s\"",
		    settings->digest_time);
		return false;
	}
	smtp = smtp_new(settings, error);
	smtp_free(smtp);
	return smtp != NULL;
}

static void
mailer_free(struct mailer *mailer)
{
	pthread_cond_destroy(&mailer->changed);
	pthread_mutex_destroy(&mailer->lock);
	g_hash_table_unref(mailer->sent);
	clear_settings(&mailer->settings);
	g_free(mailer);
	curl_global_cleanup();
}

/* The thread leaves all signals to the others. */
static int
start_thread(struct mailer *mailer)
{
	sigset_t all, old;
	int number;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	number = pthread_create(&mailer->thread, NULL, run, mailer);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return number;
}

static void
wake(void *arg)
{
	mailer_wake(arg);
}

struct mailer *
mailer_start(struct journal *journal, const struct mailer_settings *settings,
    GError **error)
{
	struct mailer *mailer = g_new0(struct mailer, 1);
	pthread_condattr_t attributes;
	int number;

	curl_global_init(CURL_GLOBAL_DEFAULT);
	mailer->journal = journal;
	mailer->sent =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	copy_settings(&mailer->settings, settings);
	pthread_mutex_init(&mailer->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&mailer->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	if (!check_settings(mailer, error)) {
		mailer_free(mailer);
		return NULL;
	}
	number = start_thread(mailer);
	if (number != 0) {
		g_set_error(error, MAILER_ERROR, MAILER_ERROR_SETTINGS,
		    "cannot start the thread for reports: %s",
		    g_strerror(number));
		mailer_free(mailer);
		return NULL;
	}
	journal_set_wakeup(journal, wake, mailer);
	return mailer;
}

void
mailer_wake(struct mailer *mailer)
{
	pthread_mutex_lock(&mailer->lock);
	mailer->woken = true;
	pthread_cond_signal(&mailer->changed);
	pthread_mutex_unlock(&mailer->lock);
}

void
mailer_stop(struct mailer *mailer)
{
	if (mailer == NULL)
		return;
	journal_set_wakeup(mailer->journal, NULL, NULL);
	pthread_mutex_lock(&mailer->lock);
	mailer->stopping = true;
	mailer->stop_time =
	    g_get_monotonic_time() + STOP_SECONDS * G_USEC_PER_SEC;
	pthread_cond_signal(&mailer->changed);
	pthread_mutex_unlock(&mailer->lock);
	pthread_join(mailer->thread, NULL);
	mailer_free(mailer);
}
