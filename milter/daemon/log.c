#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "milter/daemon/log.h"

/* What the writer needs to know, in a pointer. */
enum target { TO_SYSLOG, TO_STDERR, TO_JOURNAL };

static int
priority(GLogLevelFlags level)
{
	if ((level & G_LOG_LEVEL_ERROR) != 0)
		return LOG_CRIT;
	if ((level & G_LOG_LEVEL_CRITICAL) != 0)
		return LOG_ERR;
	if ((level & G_LOG_LEVEL_WARNING) != 0)
		return LOG_WARNING;
	if ((level & G_LOG_LEVEL_MESSAGE) != 0)
		return LOG_NOTICE;
	if ((level & G_LOG_LEVEL_INFO) != 0)
		return LOG_INFO;
	return LOG_DEBUG;
}

static const char *
find_field(const GLogField *fields, gsize count, const char *key)
{
	for (gsize i = 0; i < count; i++)
		if (strcmp(fields[i].key, key) == 0)
			return fields[i].value;
	return NULL;
}

/*
 * Ids and names come out of the mail.  What cannot be printed is replaced, so
 * that nobody forges a line or drives a terminal.
 */
static char *
printable(const char *text)
{
	char *line = g_utf8_make_valid(text, -1);

	for (char *p = line; *p != '\0'; p++)
		if (g_ascii_iscntrl(*p))
			*p = '?';
	return line;
}

static GLogWriterOutput
write_line(
    GLogLevelFlags level, const GLogField *fields, gsize count, gpointer arg)
{
	const char *message = find_field(fields, count, "MESSAGE");
	const char *domain = find_field(fields, count, "GLIB_DOMAIN");
	g_autofree char *line = NULL;

	if (message == NULL ||
	    ((level & G_LOG_LEVEL_DEBUG) != 0 &&
		g_log_writer_default_would_drop(level, domain)))
		return G_LOG_WRITER_HANDLED;
	line = printable(message);
	switch (GPOINTER_TO_INT(arg)) {
	case TO_SYSLOG:
		syslog(priority(level), "%s", line);
		break;
	case TO_JOURNAL:
		/* sd-daemon(3): the priority before the line. */
		fprintf(stderr, "<%d>%s\n", priority(level), line);
		break;
	default:
		fprintf(stderr, "council-milter: %s\n", line);
	}
	return G_LOG_WRITER_HANDLED;
}

void
log_open(bool to_syslog, int facility)
{
	bool journald = g_log_writer_is_journald(STDERR_FILENO);
	enum target target = TO_SYSLOG;

	/* The journal has the lines from syslog already. */
	openlog("council-milter",
	    to_syslog && journald ? LOG_PID : LOG_PID | LOG_PERROR, facility);
	if (!to_syslog)
		target = journald ? TO_JOURNAL : TO_STDERR;
	g_log_set_writer_func(write_line, GINT_TO_POINTER(target), NULL);
}

void
log_started(bool to_syslog, int facility)
{
	if (to_syslog)
		openlog("council-milter", LOG_PID, facility);
}
