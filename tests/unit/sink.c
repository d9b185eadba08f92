#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/sink.h"
#include "tests/unit/unit.h"

/* Far more than anything takes; only a failing test waits so long. */
enum { PATIENCE_US = 60 * G_USEC_PER_SEC, STEP_US = 20000 };

bool
wait_until(bool (*done)(void *), void *arg)
{
	gint64 end = g_get_monotonic_time() + PATIENCE_US;

	while (!done(arg)) {
		if (g_get_monotonic_time() > end)
			return false;
		g_usleep(STEP_US);
	}
	return true;
}

char *
sink_file(const struct sink *sink, const char *name)
{
	g_autofree char *file = g_build_filename(sink->directory, name, NULL);
	char *text = NULL;

	g_file_get_contents(file, &text, NULL, NULL);
	return text;
}

static bool
port_is_there(void *arg)
{
	struct sink *sink = arg;
	g_autofree char *text = sink_file(sink, "port");

	if (text != NULL)
		sink->port = (unsigned)strtoul(text, NULL, 10);
	return text != NULL;
}

struct sink
sink_start(const char *directory, unsigned port, const char *options)
{
	g_autofree char *script =
	    unit_source("tests", "unit", "smtp_sink.py", NULL);
	g_autofree char *port_file = g_build_filename(directory, "port", NULL);
	g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) words = g_strsplit(options, "\n", -1);
	g_autoptr(GError) error = NULL;
	struct sink sink = {.directory = directory};
	unsigned i;

	unlink(port_file);
	g_ptr_array_add(argv, g_strdup("python3"));
	g_ptr_array_add(argv, g_strdup(script));
	g_ptr_array_add(argv, g_strdup(directory));
	g_ptr_array_add(argv, g_strdup_printf("--port=%u", port));
	for (i = 0; words[i] != NULL; i++)
		if (words[i][0] != '\0')
			g_ptr_array_add(argv, g_strdup(words[i]));
	g_ptr_array_add(argv, NULL);
	ck_assert_msg(g_spawn_async_with_pipes(NULL, (char **)argv->pdata, NULL,
			  G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL,
			  NULL, &sink.pid, &sink.life, NULL, NULL, &error),
	    "%s", error ? error->message : "");
	ck_assert_msg(wait_until(port_is_there, &sink), "no server");
	return sink;
}

void
sink_stop(struct sink *sink)
{
	close(sink->life);
	waitpid(sink->pid, NULL, 0);
	g_spawn_close_pid(sink->pid);
}

unsigned
sink_count(const struct sink *sink)
{
	g_autoptr(GDir) dir = g_dir_open(sink->directory, 0, NULL);
	const char *name;
	unsigned n = 0;

	while ((name = g_dir_read_name(dir)) != NULL)
		n += g_str_has_suffix(name, ".eml");
	return n;
}

struct expected {
	const struct sink *sink;
	unsigned count;
};

static bool
have_arrived(void *arg)
{
	const struct expected *expected = arg;

	return sink_count(expected->sink) >= expected->count;
}

void
sink_wait(const struct sink *sink, unsigned count)
{
	struct expected expected = {sink, count};

	ck_assert_msg(wait_until(have_arrived, &expected),
	    "%u of %u letters came", sink_count(sink), count);
}

bool
sink_heard(const struct sink *sink, const char *start)
{
	g_autofree char *text = sink_file(sink, "commands");
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
	unsigned i;

	for (i = 0; lines[i] != NULL; i++)
		if (g_str_has_prefix(lines[i], start))
			return true;
	return false;
}

char *
make_certificate(const char *directory, const char *name)
{
	char *file = g_build_filename(directory, "cert.pem", NULL);
	g_autofree char *key = g_build_filename(directory, "key.pem", NULL);
	g_autofree char *subject = g_strdup_printf("subjectAltName=%s", name);
	const char *argv[] = {"openssl", "req", "-x509", "-newkey", "ec",
	    "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
	    "-subj", "/CN=sink", "-addext", subject, "-keyout", key, "-out",
	    file, NULL};
	g_auto(GStrv) words = g_strdupv((char **)(void *)argv);
	g_autofree char *certificate = NULL;
	g_autofree char *private = NULL;
	g_autofree char *both = NULL;
	int status = -1;

	ck_assert(g_spawn_sync(NULL, words, NULL,
	    G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
	    NULL, &status, NULL));
	ck_assert_int_eq(status, 0);
	ck_assert(g_file_get_contents(file, &certificate, NULL, NULL));
	ck_assert(g_file_get_contents(key, &private, NULL, NULL));
	both = g_strconcat(certificate, private, NULL);
	ck_assert(g_file_set_contents(file, both, -1, NULL));
	return file;
}

struct mailer_settings
sink_settings(const char *scheme, unsigned port)
{
	struct mailer_settings settings = {
	    .url = g_strdup_printf("%s://127.0.0.1:%u", scheme, port),
	    .timeout = 20,
	    .retry_min = 1,
	    .retry_max = 2,
	    .letterhead =
		{
		    .council = g_strdup("Woodland Parish Council"),
		    .from = g_strdup("council-milter@woodland-pc.example"),
		    .host = g_strdup("mx.woodland-pc.example"),
		},
	};

	return settings;
}

void
sink_settings_clear(struct mailer_settings *settings)
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
