#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "milter/ctl/ctl.h"

static void complain(const char *, va_list) G_GNUC_PRINTF(1, 0);

static void
complain(const char *fmt, va_list ap)
{
	g_autofree char *text = g_strdup_vprintf(fmt, ap);
	g_autofree char *printable = ctl_printable(text);

	fprintf(stderr, "councilctl: %s\n", printable);
}

void
ctl_complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(fmt, ap);
	va_end(ap);
}

int
ctl_usage_error(struct ctl *ctl, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(fmt, ap);
	va_end(ap);
	fprintf(stderr, "councilctl: try councilctl help %s\n", ctl->command);
	return CTL_USAGE;
}

bool
ctl_options(struct ctl *ctl, char **argv, const struct ctl_usage *usage,
    const GOptionEntry *entries)
{
	const GOptionEntry common[] = {
	    {"config", 0, 0, G_OPTION_ARG_FILENAME, &ctl->config,
		"settings file (" SETTINGS_FILE ")", "FILE"},
	    G_OPTION_ENTRY_NULL};
	g_autoptr(GOptionContext) context =
	    g_option_context_new(usage->arguments);
	g_autoptr(GError) error = NULL;
	g_autofree char *name = g_strdup_printf("councilctl %s", ctl->command);
	/* The parser drops pointers from its array, so it gets a copy. */
	g_autofree char **copy =
	    g_memdup2(argv, (g_strv_length(argv) + 1) * sizeof(*argv));
	int argc = (int)g_strv_length(argv);

	g_set_prgname(name);
	g_option_context_set_summary(context, usage->summary);
	g_option_context_add_main_entries(context, entries, NULL);
	g_option_context_add_main_entries(context, common, NULL);
	if (!g_option_context_parse(context, &argc, &copy, &error))
		ctl_usage_error(ctl, "%s", error->message);
	else if (argc > 1)
		ctl_usage_error(
		    ctl, "\"%s\" is one argument too many", copy[1]);
	else
		return true;
	return false;
}

bool
ctl_parse_time(const char *text, gint64 *unix_seconds)
{
	g_autoptr(GTimeZone) local = g_time_zone_new_local();
	g_autoptr(GDateTime) time = NULL;
	g_autofree char *noon = NULL;
	g_autofree char *seconds = NULL;
	day on;

	if (day_parse(text, &on))
		text = noon = g_strconcat(text, "T12:00:00", NULL);
	else if (strlen(text) == strlen("2026-05-07T14:30"))
		text = seconds = g_strconcat(text, ":00", NULL);
	if ((time = g_date_time_new_from_iso8601(text, local)) == NULL)
		return false;
	*unix_seconds = g_date_time_to_unix(time);
	return true;
}

bool
ctl_parse_day(struct ctl *ctl, const char *option, const char *text, day *on)
{
	if (day_parse(text, on))
		return true;
	ctl_usage_error(ctl, "%s: \"%s\" is no date; write it like 2026-05-07",
	    option, text);
	return false;
}

gint64
ctl_day_start(day on)
{
	g_autoptr(GDateTime) time = NULL;
	GDate date;

	g_date_clear(&date, 1);
	g_date_set_julian(&date, on);
	time = g_date_time_new_local(g_date_get_year(&date),
	    (int)g_date_get_month(&date), g_date_get_day(&date), 0, 0, 0);
	/* The last day that there is ends when time does. */
	return time != NULL ? g_date_time_to_unix(time) : G_MAXINT64;
}

const char *
ctl_settings_path(const struct ctl *ctl)
{
	return ctl->config != NULL ? ctl->config : SETTINGS_FILE;
}

const struct settings *
ctl_settings(struct ctl *ctl)
{
	g_autoptr(GError) error = NULL;
	const char *path = ctl_settings_path(ctl);

	if (ctl->settings != NULL)
		return ctl->settings;
	if (ctl->config == NULL && access(path, R_OK) < 0) {
		if (errno != ENOENT)
			ctl_complain("%s: %s, so the default settings hold",
			    path, g_strerror(errno));
		ctl->settings = settings_new();
	} else if ((ctl->settings = settings_load(path, &error)) == NULL) {
		ctl_complain("%s", error->message);
	}
	return ctl->settings;
}

struct policy *
ctl_policy(struct ctl *ctl, const char *path, int *exit)
{
	g_autoptr(diags) diags = diags_new();
	struct policy *policy;

	if (path == NULL) {
		const struct settings *settings = ctl_settings(ctl);

		if (settings == NULL) {
			*exit = CTL_TROUBLE;
			return NULL;
		}
		path = settings->policy;
	}
	policy = policy_load(path, diags);
	diags_print(diags, stderr);
	*exit = policy != NULL ? CTL_OK : CTL_FAULT;
	return policy;
}

struct extractor *
ctl_extractor(struct ctl *ctl)
{
	const struct settings *settings = ctl_settings(ctl);
	struct extract_programs programs;
	g_autoptr(GError) error = NULL;

	if (settings == NULL || ctl->extractor != NULL)
		return ctl->extractor;
	programs = settings_programs(settings);
	ctl->extractor =
	    extractor_new(&settings->attachments, &programs, &error);
	if (ctl->extractor == NULL)
		ctl_complain("%s", error->message);
	return ctl->extractor;
}

/*
 * With the daemon's key its markers are known as its own.  Whoever may not
 * read the key gets one of no use to anybody, and earlier footers then count
 * as somebody else's.
 */
struct service *
ctl_service(struct ctl *ctl, struct policy *policy)
{
	static const guint8 none[32];
	const struct settings *settings = ctl_settings(ctl);
	g_autofree char *key = NULL;
	gsize len = 0;

	if (settings == NULL || ctl_extractor(ctl) == NULL)
		return NULL;
	if (settings->key_file != NULL &&
	    g_file_get_contents(settings->key_file, &key, &len, NULL) &&
	    len > 0)
		return service_new(policy, NULL, ctl->extractor,
		    &settings->limits, (const guint8 *)key, len);
	return service_new(policy, NULL, ctl->extractor, &settings->limits,
	    none, sizeof(none));
}

struct journal *
ctl_journal(struct ctl *ctl)
{
	const struct settings *settings = ctl_settings(ctl);
	g_autoptr(GError) error = NULL;
	struct journal *journal;

	if (settings == NULL)
		return NULL;
	if (access(settings->journal, R_OK) < 0) {
		ctl_complain("journal %s: %s%s", settings->journal,
		    g_strerror(errno),
		    errno == ENOENT ? "; has the daemon run yet?" : "");
		return NULL;
	}
	journal = journal_open(settings->journal, settings->sync, &error);
	if (journal == NULL)
		ctl_complain("%s", error->message);
	return journal;
}

static bool
is_standard_input(const char *path)
{
	return strcmp(path, "-") == 0;
}

bool
ctl_read_message(const char *path, GString *text)
{
	bool standard_input = is_standard_input(path);
	FILE *in = standard_input ? stdin : fopen(path, "rbe");
	char buffer[16384];
	size_t n;
	bool ok;

	if (in == NULL) {
		ctl_complain("%s: %s", path, g_strerror(errno));
		return false;
	}
	while ((n = fread(buffer, 1, sizeof(buffer), in)) > 0)
		g_string_append_len(text, buffer, (gssize)n);
	ok = !ferror(in);
	if (!ok)
		ctl_complain("%s: %s", path, g_strerror(errno));
	if (!standard_input)
		fclose(in);
	return ok;
}

const char *
ctl_message_name(const char *path)
{
	return is_standard_input(path) ? "standard input" : path;
}

char *
ctl_printable(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *out = g_string_sized_new(strlen(valid));

	for (char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		g_string_append_unichar(out, g_unichar_iscntrl(c) ? '?' : c);
	}
	return g_string_free(out, FALSE);
}

char *
ctl_count(unsigned n, const char *one, const char *many)
{
	return g_strdup_printf("%u %s", n, n == 1 ? one : many);
}

char *
ctl_format_time(gint64 unix_seconds)
{
	g_autoptr(GDateTime) time =
	    g_date_time_new_from_unix_local(unix_seconds);

	return time != NULL ? g_date_time_format(time, "%Y-%m-%d %H:%M")
			    : g_strdup("-");
}

char *
ctl_format_place(const struct place *place)
{
	return g_strdup_printf("%s:%u", place->file, place->line);
}
