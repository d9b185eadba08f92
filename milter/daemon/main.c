#include "config.h"

#include <errno.h>
#include <glib.h>
#include <libmilter/mfapi.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "milter/daemon/callbacks.h"
#include "milter/daemon/key.h"
#include "milter/daemon/log.h"
#include "milter/daemon/notify.h"
#include "milter/daemon/privileges.h"
#include "milter/daemon/rules.h"
#include "milter/daemon/socket.h"
#include "milter/settings.h"

enum {
	DRAIN_SECONDS = 10, /* for messages under way when stopping */
	POKE_USEC = 20000,
	DAY_SECONDS = 86400,
};

/* All that lives as long as the daemon; main() owns it. */
struct daemon {
	struct settings *settings;
	struct journal *journal;
	struct extractor *extractor;
	struct mailer *mailer;
	struct service *service;
	sigset_t signals; /* that the main thread waits for */
	pthread_t main_thread;
	bool listening; /* the socket is ours */
	GThread *listener;
	gint listener_ended; /* atomic */
	int listener_status; /* of smfi_main() */
};

/* Says why the daemon cannot start. */
static int
refuse(int status, const GError *error)
{
	g_critical("cannot start: %s", error->message);
	return status;
}

static int
check(const struct settings *settings)
{
	g_autoptr(diags) diags = diags_new();
	g_autoptr(policy) policy = rules_load(settings->policy, diags);
	g_autofree char *summary = NULL;

	diags_print(diags, stderr);
	if (policy == NULL)
		return EX_CONFIG;
	summary = rules_summary(policy);
	printf("%s: %s\n", settings->policy, summary);
	return EX_OK;
}

/* SIGHUP is as good as SIGUSR1, SIGTERM and SIGINT are as good as SIGUSR2. */
static void
pass_on(int number)
{
	int saved = errno;

	kill(getpid(), number == SIGHUP ? SIGUSR1 : SIGUSR2);
	errno = saved;
}

/*
 * The main thread waits for SIGUSR1 (reload) and SIGUSR2 (stop), which are
 * blocked everywhere.  libmilter has a thread that waits for SIGHUP, SIGTERM
 * and SIGINT, and stops at each.  But a signal that the main thread does not
 * block goes to the main thread, as long as no other is pending there; so
 * these three are caught and turned into the two.
 */
static void
set_signals(struct daemon *daemon)
{
	struct sigaction action = {
	    .sa_handler = pass_on, .sa_flags = SA_RESTART};

	daemon->main_thread = pthread_self();
	sigemptyset(&daemon->signals);
	sigaddset(&daemon->signals, SIGUSR1);
	sigaddset(&daemon->signals, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &daemon->signals, NULL);
	sigemptyset(&action.sa_mask);
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	/* A lost connection and a file over the limit are errors to handle. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

/* A connection takes a descriptor, and a busy MTA makes hundreds. */
static void
raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* What may need root; afterwards the daemon is an ordinary user. */
static int
start_privileged(struct daemon *daemon)
{
	struct settings *settings = daemon->settings;
	struct extract_programs programs = settings_programs(settings);
	g_autoptr(GError) error = NULL;

	if (!privileges_check(settings->user, &error))
		return refuse(EX_NOUSER, error);
	/* First of all: its processes are copies of this one, which has no
	 * secrets and no threads yet. */
	daemon->extractor =
	    extractor_new(&settings->attachments, &programs, &error);
	if (daemon->extractor == NULL)
		return refuse(EX_OSERR, error);
	if (!settings_read_password(settings, &error))
		return refuse(EX_CONFIG, error);
	raise_limits();
	if (!callbacks_register()) {
		g_critical("cannot start: this libmilter is not the one that "
			   "the filter was built for, build it again");
		return EX_SOFTWARE;
	}
	smfi_settimeout((int)settings->timeout);
	if (!socket_open(settings, &error))
		return refuse(EX_UNAVAILABLE, error);
	daemon->listening = true;
	if (!privileges_drop(settings->user, &error))
		return refuse(EX_NOPERM, error);
	umask(0077);
	return EX_OK;
}

static int
start_mail(struct daemon *daemon, struct policy *policy)
{
	struct settings *settings = daemon->settings;
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) key = key_load(settings->key_file, &error);
	gsize size;
	const guint8 *bytes;

	if (key == NULL)
		return refuse(EX_CANTCREAT, error);
	daemon->journal =
	    journal_open(settings->journal, settings->sync, &error);
	if (daemon->journal == NULL)
		return refuse(EX_CANTCREAT, error);
	settings_set_letterhead(settings, policy->council,
	    policy->domains->len > 0 ? policy->domains->pdata[0]
				     : settings->mailer.letterhead.host);
	daemon->mailer =
	    mailer_start(daemon->journal, &settings->mailer, &error);
	if (daemon->mailer == NULL)
		return refuse(EX_CONFIG, error);
	bytes = g_bytes_get_data(key, &size);
	daemon->service = service_new(policy, daemon->journal,
	    daemon->extractor, &settings->limits, bytes, size);
	callbacks_set_service(daemon->service);
	return EX_OK;
}

static gpointer
listen_thread(gpointer arg)
{
	struct daemon *daemon = arg;

	daemon->listener_status = smfi_main();
	g_atomic_int_set(&daemon->listener_ended, 1);
	pthread_kill(daemon->main_thread, SIGUSR2);
	return NULL;
}

static int
start(struct daemon *daemon)
{
	const struct settings *settings = daemon->settings;
	g_autoptr(policy) policy = NULL;
	g_autofree char *summary = NULL;
	int status = start_privileged(daemon);

	if (status != EX_OK)
		return status;
	policy = rules_load_logged(settings->policy);
	if (policy == NULL) {
		g_critical("cannot start: the policy %s has errors, see above",
		    settings->policy);
		return EX_CONFIG;
	}
	status = start_mail(daemon, policy);
	if (status != EX_OK)
		return status;
	daemon->listener = g_thread_new("milter", listen_thread, daemon);
	summary = rules_summary(policy);
	g_message("started on %s: %s", settings->socket, summary);
	notify_ready(summary);
	return EX_OK;
}

/* A policy with any error changes nothing. */
static void
reload(struct daemon *daemon)
{
	const struct letterhead *letterhead =
	    &daemon->settings->mailer.letterhead;
	g_autoptr(policy) old = service_policy(daemon->service);
	g_autoptr(policy) policy = NULL;
	g_autofree char *summary = NULL;

	notify_reloading();
	policy = rules_load_logged(daemon->settings->policy);
	if (policy == NULL) {
		g_autofree char *kept = rules_summary(old);

		g_critical("policy %s not reloaded because of its errors; the "
			   "one that was loaded before stays in force: %s",
		    daemon->settings->policy, kept);
		summary = g_strdup_printf(
		    "policy not reloaded because of its errors; in force: %s",
		    kept);
	} else {
		service_set_policy(daemon->service, policy);
		summary = rules_summary(policy);
		g_message("policy %s reloaded: %s", daemon->settings->policy,
		    summary);
		if (g_strcmp0(policy->council, letterhead->council) != 0)
			g_warning("reports name %s until the next start",
			    letterhead->council);
	}
	notify_ready(summary);
}

static void
purge(struct daemon *daemon)
{
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	gint64 age = (gint64)daemon->settings->retention * DAY_SECONDS;
	g_autoptr(GError) error = NULL;
	unsigned deleted = 0;

	if (!journal_purge(daemon->journal, now - age, &deleted, &error))
		g_warning("journal not purged: %s", error->message);
	else if (deleted > 0)
		g_message("journal purged of %u entries older than %u days",
		    deleted, daemon->settings->retention);
}

/* Until somebody asks the daemon to stop, or the listener ends by itself. */
static void
run(struct daemon *daemon)
{
	const gint64 day = (gint64)DAY_SECONDS * G_USEC_PER_SEC;
	gint64 next = g_get_monotonic_time();

	for (;;) {
		gint64 wait = MAX(next - g_get_monotonic_time(), 0);
		struct timespec timeout = {
		    .tv_sec = wait / G_USEC_PER_SEC,
		    .tv_nsec = wait % G_USEC_PER_SEC * 1000,
		};

		switch (sigtimedwait(&daemon->signals, NULL, &timeout)) {
		case SIGUSR1:
			reload(daemon);
			break;
		case SIGUSR2:
			return;
		default:
			if (errno != EAGAIN)
				break;
			purge(daemon);
			next = g_get_monotonic_time() + day;
		}
	}
}

static gpointer
stop_thread(gpointer arg)
{
	smfi_stop();
	return arg;
}

/*
 * smfi_stop() waits for the listener, which waits for a connection; so
 * somebody has to come.
 */
static void
stop_listener(struct daemon *daemon)
{
	GThread *stopper = g_thread_new("stopper", stop_thread, NULL);

	while (g_atomic_int_get(&daemon->listener_ended) == 0) {
		socket_poke(daemon->settings->socket);
		g_usleep(POKE_USEC);
	}
	g_thread_join(stopper);
	g_thread_join(daemon->listener);
}

static int
stop(struct daemon *daemon)
{
	bool asked = g_atomic_int_get(&daemon->listener_ended) == 0;
	bool drained;

	notify_stopping();
	drained = callbacks_drain(DRAIN_SECONDS);
	stop_listener(daemon);
	if (!asked)
		g_critical("libmilter ended the listener%s",
		    daemon->listener_status == MI_SUCCESS
			? " on a signal; to reload, use SIGUSR1"
			: ", see its lines in the mail log");
	if (!drained) {
		/* They may hold anything, so there is no tidying up. */
		g_warning("stopped, messages under way are left to the MTA");
		_exit(EX_TEMPFAIL);
	}
	g_message("stopped");
	return daemon->listener_status == MI_SUCCESS ? EX_OK : EX_UNAVAILABLE;
}

/* No message is under way any more; a connection still may be open. */
static void
clear(struct daemon *daemon)
{
	mailer_stop(daemon->mailer);
	journal_close(daemon->journal);
	/* A connection that is still open may need both. */
	if (callbacks_connections() == 0) {
		service_free(daemon->service);
		extractor_free(daemon->extractor);
	}
	if (daemon->listening)
		socket_remove(daemon->settings->socket);
}

static int
serve(struct settings *settings)
{
	struct daemon daemon = {.settings = settings};
	int status;

	set_signals(&daemon);
	status = start(&daemon);
	if (status == EX_OK) {
		log_started(
		    settings->to_syslog, settings_facility(settings->facility));
		run(&daemon);
		status = stop(&daemon);
	}
	clear(&daemon);
	return status;
}

int
main(int argc, char **argv)
{
	g_autofree char *file = NULL;
	gboolean check_only = FALSE, version = FALSE;
	GOptionEntry options[] = {
	    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &file,
		"The settings file (" SETTINGS_FILE ")", "FILE"},
	    {"check", 'n', 0, G_OPTION_ARG_NONE, &check_only,
		"Check settings and policy, and leave", NULL},
	    {"version", 'V', 0, G_OPTION_ARG_NONE, &version,
		"Print the version, and leave", NULL},
	    {0},
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(settings) settings = NULL;
	g_autoptr(GError) error = NULL;

	g_option_context_set_summary(
	    context, "Holds a council's mail against its protocol.");
	g_option_context_add_main_entries(context, options, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) ||
	    argc > 1) {
		fprintf(stderr, "council-milter: %s, try --help\n",
		    error != NULL ? error->message
				  : "there are no arguments but options");
		return EX_USAGE;
	}
	if (version) {
		printf("%s %s\n", PACKAGE_NAME, PACKAGE_VERSION);
		return EX_OK;
	}
	settings = settings_load(file != NULL ? file : SETTINGS_FILE, &error);
	if (settings == NULL) {
		fprintf(stderr, "council-milter: %s\n", error->message);
		return EX_CONFIG;
	}
	if (check_only)
		return check(settings);
	log_open(settings->to_syslog, settings_facility(settings->facility));
	return serve(settings);
}
