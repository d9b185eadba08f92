#include <string.h>
#include <syslog.h>

#include "milter/setting.h"

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
read_number(const struct setting *setting, const char *text, unsigned base,
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
	if (*number > G_MAXUINT64 / factor ||
	    *number * factor < setting->least ||
	    *number * factor > setting->most) {
		g_set_error(error, G_KEY_FILE_ERROR,
		    G_KEY_FILE_ERROR_INVALID_VALUE,
		    base == 8 ? "%s is not between 0%" G_GINT64_MODIFIER
				"o and 0%" G_GINT64_MODIFIER "o"
			      : "%s is not between %" G_GUINT64_FORMAT
				" and %" G_GUINT64_FORMAT,
		    text, setting->least, setting->most);
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
check_text(enum setting_kind kind, const char *text, GError **error)
{
	const char *at;

	if (*text == '\0')
		return fault(error, "a value is wanted");
	for (const char *p = text; *p != '\0'; p++)
		if (g_ascii_iscntrl(*p))
			return fault(
			    error, "control characters are not allowed");
	switch (kind) {
	case SETTING_FILE_NAME:
		return g_path_is_absolute(text) ||
		       fault(error, "an absolute file name is wanted");
	case SETTING_SOCKET:
		return check_socket(text, error);
	case SETTING_URL:
		return g_str_has_prefix(text, "smtp://") ||
		       g_str_has_prefix(text, "smtps://") ||
		       fault(error,
			   "write smtp://HOST:PORT or smtps://HOST:PORT");
	case SETTING_WEB:
		return g_str_has_prefix(text, "http://") ||
		       g_str_has_prefix(text, "https://") ||
		       fault(error, "write http://HOST:PORT or "
				    "https://HOST:PORT");
	case SETTING_PROGRAM:
		return strcmp(text, "auto") == 0 || strcmp(text, "none") == 0 ||
		       g_path_is_absolute(text) ||
		       fault(error,
			   "an absolute file name, auto or none is wanted");
	case SETTING_ADDRESS:
		at = strrchr(text, '@');
		return (at != NULL && at != text && at[1] != '\0' &&
			   strpbrk(text, " <>,\"") == NULL) ||
		       fault(error, "one address is wanted, as in "
				    "council-milter@example.org");
	case SETTING_TIME_OF_DAY:
		return check_time(text, error);
	case SETTING_FACILITY:
		return settings_facility(text) != -1 ||
		       fault(error, "a facility is mail, daemon, user or "
				    "local0 to local7");
	default:
		return true;
	}
}

bool
setting_read(const struct setting *setting, struct settings *settings,
    const char *text, GError **error)
{
	static const guint64 seconds[] = {1, 60, 3600, 86400};
	static const guint64 bytes[] = {1 << 10, 1 << 20, 1 << 30};
	void *field = (char *)settings + setting->offset;
	guint64 number = 0;
	bool on;

	switch (setting->kind) {
	case SETTING_NUMBER:
	case SETTING_OCTAL:
	case SETTING_SECONDS:
		if (!read_number(setting, text,
			setting->kind == SETTING_OCTAL ? 8 : 10,
			setting->kind == SETTING_SECONDS ? "smhd" : NULL,
			seconds, &number, error))
			return false;
		*(unsigned *)field = (unsigned)number;
		return true;
	case SETTING_SIZE:
		if (!read_number(
			setting, text, 10, "kmg", bytes, &number, error))
			return false;
		*(gsize *)field = number;
		return true;
	case SETTING_YES_NO:
		return read_choice(text, "no", "yes", field, error);
	case SETTING_LOG_TARGET:
		return read_choice(text, "stderr", "syslog", field, error);
	case SETTING_SYNC:
		if (!read_choice(text, "normal", "full", &on, error))
			return false;
		*(enum journal_sync *)field =
		    on ? JOURNAL_SYNC_FULL : JOURNAL_SYNC_NORMAL;
		return true;
	default:
		if (!check_text(setting->kind, text, error))
			return false;
		g_free(*(char **)field);
		*(char **)field = g_strdup(text);
		return true;
	}
}
