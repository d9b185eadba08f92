#include <stddef.h>
#include <string.h>

#include "milter/setting.h"
#include "policy/diag.h"

#define AT(field) offsetof(struct settings, field)

/* Every key there is; council-milter.conf(5) documents them in this order. */
static const struct setting keys[] = {
    {"milter", "socket", SETTING_SOCKET, AT(socket), 0, 0,
	"unix:" RUNDIR "/milter.sock"},
    {"milter", "socket-mode", SETTING_OCTAL, AT(socket_mode), 0600, 0777,
	"0660"},
    {"milter", "socket-group", SETTING_TEXT, AT(socket_group), 0, 0, NULL},
    {"milter", "user", SETTING_TEXT, AT(user), 0, 0, NULL},
    {"milter", "policy", SETTING_FILE_NAME, AT(policy), 0, 0,
	SYSCONFDIR "/council.policy"},
    {"milter", "timeout", SETTING_SECONDS, AT(timeout), 10, 86400, "7210"},
    {"limits", "size", SETTING_SIZE, AT(limits.size), 65536, 1 << 30, "32M"},
    {"limits", "parts", SETTING_NUMBER, AT(limits.parts), 1, 100000, "1000"},
    {"limits", "depth", SETTING_NUMBER, AT(limits.depth), 1, 200, "50"},
    {"limits", "text", SETTING_SIZE, AT(limits.text), 4096, 1 << 30, "4M"},
    {"attachments", "workers", SETTING_NUMBER, AT(attachments.workers), 1, 64,
	"2"},
    {"attachments", "timeout", SETTING_SECONDS, AT(attachments.seconds), 1, 600,
	"20"},
    {"attachments", "memory", SETTING_SIZE, AT(attachments.memory), 128 << 20,
	G_GUINT64_CONSTANT(16) << 30, "512M"},
    {"attachments", "size", SETTING_SIZE, AT(attachments.input), 65536, 1 << 30,
	"32M"},
    {"attachments", "text", SETTING_SIZE, AT(attachments.text), 4096, 64 << 20,
	"4M"},
    {"attachments", "depth", SETTING_NUMBER, AT(attachments.depth), 1, 20, "4"},
    {"attachments", "files", SETTING_NUMBER, AT(attachments.files), 1, 100000,
	"1000"},
    {"attachments", "expanded", SETTING_SIZE, AT(attachments.expanded), 1 << 20,
	1 << 30, "256M"},
    {"attachments", "pdftotext", SETTING_PROGRAM, AT(pdftotext), 0, 0, "auto"},
    {"attachments", "catdoc", SETTING_PROGRAM, AT(catdoc), 0, 0, "auto"},
    {"attachments", "antiword", SETTING_PROGRAM, AT(antiword), 0, 0, "auto"},
    {"attachments", "tika", SETTING_WEB, AT(tika), 0, 0, NULL},
    {"journal", "file", SETTING_FILE_NAME, AT(journal), 0, 0,
	STATEDIR "/journal.sqlite"},
    {"journal", "sync", SETTING_SYNC, AT(sync), 0, 0, "full"},
    {"journal", "retention", SETTING_NUMBER, AT(retention), 1, 3660, "90"},
    {"journal", "key-file", SETTING_FILE_NAME, AT(key_file), 0, 0,
	STATEDIR "/marker.key"},
    {"reports", "server", SETTING_URL, AT(mailer.url), 0, 0,
	"smtp://127.0.0.1:25"},
    {"reports", "user", SETTING_TEXT, AT(mailer.user), 0, 0, NULL},
    {"reports", "password-file", SETTING_FILE_NAME, AT(password_file), 0, 0,
	NULL},
    {"reports", "starttls", SETTING_YES_NO, AT(mailer.starttls), 0, 0, "no"},
    {"reports", "ca-file", SETTING_FILE_NAME, AT(mailer.ca_file), 0, 0, NULL},
    {"reports", "timeout", SETTING_SECONDS, AT(mailer.timeout), 1, 3600, "60"},
    {"reports", "retry-min", SETTING_SECONDS, AT(mailer.retry_min), 1, 86400,
	"1m"},
    {"reports", "retry-max", SETTING_SECONDS, AT(mailer.retry_max), 1, 604800,
	"1h"},
    {"reports", "digest-time", SETTING_TIME_OF_DAY, AT(mailer.digest_time), 0,
	0, "07:00"},
    {"reports", "from", SETTING_ADDRESS, AT(mailer.letterhead.from), 0, 0,
	NULL},
    {"reports", "host", SETTING_TEXT, AT(mailer.letterhead.host), 0, 0, NULL},
    {"log", "to", SETTING_LOG_TARGET, AT(to_syslog), 0, 0, "syslog"},
    {"log", "facility", SETTING_FACILITY, AT(facility), 0, 0, "mail"},
};

struct settings *
settings_new(void)
{
	struct settings *settings = g_new0(struct settings, 1);

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (keys[i].initial != NULL &&
		    !setting_read(&keys[i], settings, keys[i].initial, NULL))
			g_assert_not_reached();
	settings->mailer.letterhead.host = g_strdup(g_get_host_name());
	return settings;
}

void
settings_free(struct settings *settings)
{
	struct mailer_settings *mailer;

	if (settings == NULL)
		return;
	mailer = &settings->mailer;
	g_free(settings->path);
	g_free(settings->socket);
	g_free(settings->socket_group);
	g_free(settings->user);
	g_free(settings->policy);
	g_free(settings->pdftotext);
	g_free(settings->catdoc);
	g_free(settings->antiword);
	g_free(settings->tika);
	g_free(settings->journal);
	g_free(settings->key_file);
	g_free(mailer->url);
	g_free(mailer->user);
	g_free(mailer->password);
	g_free(mailer->ca_file);
	g_free(mailer->digest_time);
	g_free(mailer->letterhead.council);
	g_free(mailer->letterhead.from);
	g_free(mailer->letterhead.host);
	g_free(settings->password_file);
	g_free(settings->facility);
	g_free(settings);
}

/* The faults of one file, a line each. */
struct faults {
	const char *path;
	GString *text;
};

static void
add_fault(struct faults *faults, const char *section, const char *key,
    const char *what)
{
	if (faults->text->len > 0)
		g_string_append_c(faults->text, '\n');
	g_string_append_printf(faults->text, "%s: [%s]%s%s: %s", faults->path,
	    section, key != NULL ? " " : "", key != NULL ? key : "", what);
}

/* Complains about a name that is not there, with the nearest that is. */
static void
add_unknown(struct faults *faults, const char *section, const char *key)
{
	const char *names[G_N_ELEMENTS(keys) + 1];
	g_autofree char *what = NULL;
	const char *near;
	size_t count = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		const struct setting *setting = &keys[i];

		if (key == NULL)
			names[count++] = setting->section;
		else if (strcmp(setting->section, section) == 0)
			names[count++] = setting->key;
	}
	names[count] = NULL;
	near = diag_suggest(key != NULL ? key : section, names);
	what = near == NULL
		   ? g_strdup(key != NULL ? "unknown key" : "unknown section")
		   : g_strdup_printf("unknown %s, did you mean \"%s\"?",
			 key != NULL ? "key" : "section", near);
	add_fault(faults, section, key, what);
}

static const struct setting *
find_setting(const char *section, const char *key)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (strcmp(keys[i].section, section) == 0 &&
		    (key == NULL || strcmp(keys[i].key, key) == 0))
			return &keys[i];
	return NULL;
}

static void
read_section(struct settings *settings, GKeyFile *file, const char *section,
    struct faults *faults)
{
	g_auto(GStrv) present = g_key_file_get_keys(file, section, NULL, NULL);

	for (char **key = present; *key != NULL; key++) {
		const struct setting *setting = find_setting(section, *key);
		g_autoptr(GError) error = NULL;
		g_autofree char *text = NULL;

		if (setting == NULL) {
			add_unknown(faults, section, *key);
			continue;
		}
		text = g_key_file_get_string(file, section, *key, &error);
		if (text == NULL ||
		    !setting_read(setting, settings, g_strchomp(text), &error))
			add_fault(faults, section, *key, error->message);
	}
}

/* What no key alone can be blamed for. */
static void
check_together(const struct settings *settings, struct faults *faults)
{
	const struct mailer_settings *mailer = &settings->mailer;

	if (mailer->retry_max < mailer->retry_min)
		add_fault(faults, "reports", "retry-max",
		    "must not be less than retry-min");
	if ((mailer->user == NULL) != (settings->password_file == NULL))
		add_fault(faults, "reports", "user",
		    "user and password-file go together");
	if (mailer->starttls && g_str_has_prefix(mailer->url, "smtps://"))
		add_fault(faults, "reports", "starttls",
		    "smtps:// is encrypted already, leave starttls out");
}

struct settings *
settings_load(const char *path, GError **error)
{
	g_autoptr(settings) settings = settings_new();
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GKeyFile) file = g_key_file_new();
	struct faults faults = {path, text};
	g_auto(GStrv) sections = NULL;

	settings->path = g_strdup(path);
	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, error)) {
		g_prefix_error(error, "%s: ", path);
		return NULL;
	}
	sections = g_key_file_get_groups(file, NULL);
	for (char **section = sections; *section != NULL; section++)
		if (find_setting(*section, NULL) == NULL)
			add_unknown(&faults, *section, NULL);
		else
			read_section(settings, file, *section, &faults);
	if (text->len == 0)
		check_together(settings, &faults);
	if (text->len > 0) {
		g_set_error_literal(error, G_KEY_FILE_ERROR,
		    G_KEY_FILE_ERROR_INVALID_VALUE, text->str);
		return NULL;
	}
	return g_steal_pointer(&settings);
}

/* As struct extract_programs has it. */
static const char *
program(const char *setting)
{
	if (strcmp(setting, "none") == 0)
		return NULL;
	return strcmp(setting, "auto") == 0 ? "" : setting;
}

struct extract_programs
settings_programs(const struct settings *settings)
{
	return (struct extract_programs){
	    .pdftotext = program(settings->pdftotext),
	    .catdoc = program(settings->catdoc),
	    .antiword = program(settings->antiword),
	    .tika = settings->tika,
	};
}

bool
settings_read_password(struct settings *settings, GError **error)
{
	g_autofree char *text = NULL;

	if (settings->password_file == NULL)
		return true;
	if (!g_file_get_contents(settings->password_file, &text, NULL, error))
		return false;
	text[strcspn(text, "\r\n")] = '\0';
	if (*text == '\0') {
		g_set_error(error, G_KEY_FILE_ERROR,
		    G_KEY_FILE_ERROR_INVALID_VALUE,
		    "%s: the first line must hold the password",
		    settings->password_file);
		return false;
	}
	g_free(settings->mailer.password);
	settings->mailer.password = g_steal_pointer(&text);
	return true;
}

void
settings_set_letterhead(
    struct settings *settings, const char *council, const char *domain)
{
	struct letterhead *letterhead = &settings->mailer.letterhead;

	g_free(letterhead->council);
	letterhead->council = g_strdup(council);
	letterhead->retention = settings->retention;
	if (letterhead->from == NULL)
		letterhead->from = g_strdup_printf("council-milter@%s", domain);
}
