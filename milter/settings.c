#include <stddef.h>
#include <string.h>
#include <syslog.h>

#include "milter/settings.h"
#include "policy/diag.h"

/* How a value is written, and what it is kept as. */
enum kind {
	TEXT,        /* char * */
	FILE_NAME,   /* char *, absolute */
	SOCKET,      /* char * */
	URL,         /* char *, smtp:// or smtps:// */
	WEB,         /* char *, http:// or https:// */
	PROGRAM,     /* char *, absolute, or auto or none */
	ADDRESS,     /* char *, local@domain */
	TIME_OF_DAY, /* char *, HH:MM */
	FACILITY,    /* char *, known to syslog */
	NUMBER,      /* unsigned */
	OCTAL,       /* unsigned */
	SECONDS,     /* unsigned; s, m, h or d after the number */
	SIZE,        /* gsize; K, M or G after the number */
	YES_NO,      /* bool */
	SYNC,        /* enum journal_sync */
	LOG_TARGET,  /* bool: to syslog? */
};

struct entry {
	const char *section, *key;
	enum kind kind;
	size_t offset;
	guint64 least, most; /* of numbers, in their base unit */
	const char *initial; /* the default, as it would be written */
};

#define AT(field) offsetof(struct settings, field)

/* Every key there is; council-milter.conf(5) documents them in this order. */
static const struct entry entries[] = {
    {"milter", "socket", SOCKET, AT(socket), 0, 0,
	"unix:" RUNDIR "/milter.sock"},
    {"milter", "socket-mode", OCTAL, AT(socket_mode), 0600, 0777, "0660"},
    {"milter", "socket-group", TEXT, AT(socket_group), 0, 0, NULL},
    {"milter", "user", TEXT, AT(user), 0, 0, NULL},
    {"milter", "policy", FILE_NAME, AT(policy), 0, 0,
	SYSCONFDIR "/council.policy"},
    {"milter", "timeout", SECONDS, AT(timeout), 10, 86400, "7210"},
    {"limits", "size", SIZE, AT(limits.size), 65536, 1 << 30, "32M"},
    {"limits", "parts", NUMBER, AT(limits.parts), 1, 100000, "1000"},
    {"limits", "depth", NUMBER, AT(limits.depth), 1, 200, "50"},
    {"limits", "text", SIZE, AT(limits.text), 4096, 1 << 30, "4M"},
    {"attachments", "workers", NUMBER, AT(attachments.workers), 1, 64, "2"},
    {"attachments", "timeout", SECONDS, AT(attachments.seconds), 1, 600, "20"},
    {"attachments", "memory", SIZE, AT(attachments.memory), 128 << 20,
	G_GUINT64_CONSTANT(16) << 30, "512M"},
    {"attachments", "size", SIZE, AT(attachments.input), 65536, 1 << 30, "32M"},
    {"attachments", "text", SIZE, AT(attachments.text), 4096, 64 << 20, "4M"},
    {"attachments", "depth", NUMBER, AT(attachments.depth), 1, 20, "4"},
    {"attachments", "files", NUMBER, AT(attachments.files), 1, 100000, "1000"},
    {"attachments", "expanded", SIZE, AT(attachments.expanded), 1 << 20,
	1 << 30, "256M"},
    {"attachments", "pdftotext", PROGRAM, AT(pdftotext), 0, 0, "auto"},
    {"attachments", "catdoc", PROGRAM, AT(catdoc), 0, 0, "auto"},
    {"attachments", "antiword", PROGRAM, AT(antiword), 0, 0, "auto"},
    {"attachments", "tika", WEB, AT(tika), 0, 0, NULL},
    {"journal", "file", FILE_NAME, AT(journal), 0, 0,
	STATEDIR "/journal.sqlite"},
    {"journal", "sync", SYNC, AT(sync), 0, 0, "full"},
    {"journal", "retention", NUMBER, AT(retention), 1, 3660, "90"},
    {"journal", "key-file", FILE_NAME, AT(key_file), 0, 0,
	STATEDIR "/marker.key"},
    {"reports", "server", URL, AT(mailer.url), 0, 0, "smtp://127.0.0.1:25"},
    {"reports", "user", TEXT, AT(mailer.user), 0, 0, NULL},
    {"reports", "password-file", FILE_NAME, AT(password_file), 0, 0, NULL},
    {"reports", "starttls", YES_NO, AT(mailer.starttls), 0, 0, "no"},
    {"reports", "ca-file", FILE_NAME, AT(mailer.ca_file), 0, 0, NULL},
    {"reports", "timeout", SECONDS, AT(mailer.timeout), 1, 3600, "60"},
    {"reports", "retry-min", SECONDS, AT(mailer.retry_min), 1, 86400, "1m"},
    {"reports", "retry-max", SECONDS, AT(mailer.retry_max), 1, 604800, "1h"},
    {"reports", "digest-time", TIME_OF_DAY, AT(mailer.digest_time), 0, 0,
	"07:00"},
    {"reports", "from", ADDRESS, AT(mailer.letterhead.from), 0, 0, NULL},
    {"reports", "host", TEXT, AT(mailer.letterhead.host), 0, 0, NULL},
    {"log", "to", LOG_TARGET, AT(to_syslog), 0, 0, "syslog"},
    {"log", "facility", FACILITY, AT(facility), 0, 0, "mail"},
};

static const struct {
	const char *name;
	int number;
} facilities[] = {
    {"mail", LOG_MAIL},
    {"daemon", LOG_DAEMON},
    {"user", LOG_USER},
    {"local0", LOG_LOCAL0},
    {"local1", LOG_LOCAL1},
    {"local2", LOG_LOCAL2},
    {"local3", LOG_LOCAL3},
    {"local4", LOG_LOCAL4},
    {"local5", LOG_LOCAL5},
    {"local6", LOG_LOCAL6},
    {"local7", LOG_LOCAL7},
};

int
settings_facility(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(facilities); i++)
		if (strcmp(name, facilities[i].name) == 0)
			return facilities[i].number;
	return -1;
}

static bool
fault(GError **error, const char *what)
{
	g_set_error_literal(
	    error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, what);
	return false;
}

/*
 * A number with an optional unit: one letter of units, multiplying by the
 * factor at the same place.
 */
static bool
read_number(const struct entry *entry, const char *text, unsigned base,
    const char *units, const guint64 *factors, guint64 *number, GError **error)
{
	guint64 factor = 1;
	const char *unit;
	char *end;

	if (!g_ascii_isdigit(*text))
		return fault(error, "a number is wanted");
	*number = g_ascii_strtoull(text, &end, base);
	if (*end != '\0' && units != NULL &&
	    (unit = strchr(units, g_ascii_tolower(*end))) != NULL) {
		factor = factors[unit - units];
		end++;
	}
	if (*end != '\0') {
		g_set_error(error, G_KEY_FILE_ERROR,
		    G_KEY_FILE_ERROR_INVALID_VALUE,
		    "\"%s\" is not a number%s%s", text,
		    units != NULL ? " with one of the units " : "",
		    units != NULL ? units : "");
		return false;
	}
	if (*number > G_MAXUINT64 / factor || *number * factor < entry->least ||
	    *number * factor > entry->most) {
		g_set_error(error, G_KEY_FILE_ERROR,
		    G_KEY_FILE_ERROR_INVALID_VALUE,
		    base == 8 ? "%s is not between 0%" G_GINT64_MODIFIER
				"o and 0%" G_GINT64_MODIFIER "o"
			      : "%s is not between %" G_GUINT64_FORMAT
				" and %" G_GUINT64_FORMAT,
		    text, entry->least, entry->most);
		return false;
	}
	*number *= factor;
	return true;
}

/* One of two words. */
static bool
read_choice(const char *text, const char *off, const char *on, bool *is_on,
    GError **error)
{
	*is_on = strcmp(text, on) == 0;
	if (*is_on || strcmp(text, off) == 0)
		return true;
	g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
	    "\"%s\" is neither %s nor %s", text, on, off);
	return false;
}

/* Only the form: whether it can be opened is seen when it is. */
static bool
check_socket(const char *text, GError **error)
{
	const char *at;
	char *end;

	if (g_str_has_prefix(text, "unix:"))
		return g_path_is_absolute(text + 5) ||
		       fault(error, "write unix: and an absolute file name");
	if (!g_str_has_prefix(text, "inet:") &&
	    !g_str_has_prefix(text, "inet6:"))
		return fault(error,
		    "write unix:/FILE, inet:PORT@HOST or inet6:PORT@HOST");
	text = strchr(text, ':') + 1;
	at = strchr(text, '@');
	if (at == NULL || at[1] == '\0')
		return fault(error,
		    "name the address to listen on, as in inet:8893@127.0.0.1");
	if (!g_ascii_isdigit(*text) ||
	    g_ascii_strtoull(text, &end, 10) - 1 >= 65535 || end != at)
		return fault(error, "the port is a number from 1 to 65535");
	return true;
}

static bool
check_time(const char *t, GError **error)
{
	if (strlen(t) == 5 && g_ascii_isdigit(t[0]) && g_ascii_isdigit(t[1]) &&
	    t[2] == ':' && g_ascii_isdigit(t[3]) && g_ascii_isdigit(t[4]) &&
	    (t[0] - '0') * 10 + t[1] - '0' < 24 && t[3] < '6')
		return true;
	return fault(error, "write the time as HH:MM, from 00:00 to 23:59");
}

static bool
check_text(enum kind kind, const char *text, GError **error)
{
	const char *at;

	if (*text == '\0')
		return fault(error, "a value is wanted");
	for (const char *p = text; *p != '\0'; p++)
		if (g_ascii_iscntrl(*p))
			return fault(
			    error, "control characters are not allowed");
	switch (kind) {
	case FILE_NAME:
		return g_path_is_absolute(text) ||
		       fault(error, "an absolute file name is wanted");
	case SOCKET:
		return check_socket(text, error);
	case URL:
		return g_str_has_prefix(text, "smtp://") ||
		       g_str_has_prefix(text, "smtps://") ||
		       fault(error,
			   "write smtp://HOST:PORT or smtps://HOST:PORT");
	case WEB:
		return g_str_has_prefix(text, "http://") ||
		       g_str_has_prefix(text, "https://") ||
		       fault(error, "write http://HOST:PORT or "
				    "https://HOST:PORT");
	case PROGRAM:
		return strcmp(text, "auto") == 0 || strcmp(text, "none") == 0 ||
		       g_path_is_absolute(text) ||
		       fault(error,
			   "an absolute file name, auto or none is wanted");
	case ADDRESS:
		at = strrchr(text, '@');
		return (at != NULL && at != text && at[1] != '\0' &&
			   strpbrk(text, " <>,\"") == NULL) ||
		       fault(error, "one address is wanted, as in "
				    "council-milter@example.org");
	case TIME_OF_DAY:
		return check_time(text, error);
	case FACILITY:
		return settings_facility(text) != -1 ||
		       fault(error, "a facility is mail, daemon, user or "
				    "local0 to local7");
	default:
		return true;
	}
}

static bool
read_value(struct settings *settings, const struct entry *entry,
    const char *text, GError **error)
{
	static const guint64 seconds[] = {1, 60, 3600, 86400};
	static const guint64 bytes[] = {1 << 10, 1 << 20, 1 << 30};
	void *field = (char *)settings + entry->offset;
	guint64 number = 0;
	bool on;

	switch (entry->kind) {
	case NUMBER:
	case OCTAL:
	case SECONDS:
		if (!read_number(entry, text, entry->kind == OCTAL ? 8 : 10,
			entry->kind == SECONDS ? "smhd" : NULL, seconds,
			&number, error))
			return false;
		*(unsigned *)field = (unsigned)number;
		return true;
	case SIZE:
		if (!read_number(entry, text, 10, "kmg", bytes, &number, error))
			return false;
		*(gsize *)field = number;
		return true;
	case YES_NO:
		return read_choice(text, "no", "yes", field, error);
	case LOG_TARGET:
		return read_choice(text, "stderr", "syslog", field, error);
	case SYNC:
		if (!read_choice(text, "normal", "full", &on, error))
			return false;
		*(enum journal_sync *)field =
		    on ? JOURNAL_SYNC_FULL : JOURNAL_SYNC_NORMAL;
		return true;
	default:
		if (!check_text(entry->kind, text, error))
			return false;
		g_free(*(char **)field);
		*(char **)field = g_strdup(text);
		return true;
	}
}

struct settings *
settings_new(void)
{
	struct settings *settings = g_new0(struct settings, 1);

	for (size_t i = 0; i < G_N_ELEMENTS(entries); i++)
		if (entries[i].initial != NULL &&
		    !read_value(
			settings, &entries[i], entries[i].initial, NULL))
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
	const char *names[G_N_ELEMENTS(entries) + 1];
	g_autofree char *what = NULL;
	const char *near;
	size_t count = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
		const struct entry *entry = &entries[i];

		if (key == NULL)
			names[count++] = entry->section;
		else if (strcmp(entry->section, section) == 0)
			names[count++] = entry->key;
	}
	names[count] = NULL;
	near = diag_suggest(key != NULL ? key : section, names);
	what = near == NULL
		   ? g_strdup(key != NULL ? "unknown key" : "unknown section")
		   : g_strdup_printf("unknown %s, did you mean \"%s\"?",
			 key != NULL ? "key" : "section", near);
	add_fault(faults, section, key, what);
}

static const struct entry *
find_entry(const char *section, const char *key)
{
	for (size_t i = 0; i < G_N_ELEMENTS(entries); i++)
		if (strcmp(entries[i].section, section) == 0 &&
		    (key == NULL || strcmp(entries[i].key, key) == 0))
			return &entries[i];
	return NULL;
}

static void
read_section(struct settings *settings, GKeyFile *file, const char *section,
    struct faults *faults)
{
	g_auto(GStrv) keys = g_key_file_get_keys(file, section, NULL, NULL);

	for (char **key = keys; *key != NULL; key++) {
		const struct entry *entry = find_entry(section, *key);
		g_autoptr(GError) error = NULL;
		g_autofree char *text = NULL;

		if (entry == NULL) {
			add_unknown(faults, section, *key);
			continue;
		}
		text = g_key_file_get_string(file, section, *key, &error);
		if (text == NULL ||
		    !read_value(settings, entry, g_strchomp(text), &error))
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
		if (find_entry(*section, NULL) == NULL)
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
