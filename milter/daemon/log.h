/*
 * Where log lines go: GLib's messages of every part of the program, to syslog
 * or to standard error.  The queue id comes first in a line about a message,
 * and no line holds any of its text.
 *
 * log_open() is called once, before there are threads; afterwards any thread
 * may log with g_warning() and its sisters.  They become these priorities:
 * g_critical() err, g_warning() warning, g_message() notice, g_info() info,
 * g_debug() debug, which is dropped unless G_MESSAGES_DEBUG asks for it.
 */
#ifndef MILTER_DAEMON_LOG_H
#define MILTER_DAEMON_LOG_H

#include <stdbool.h>

/*
 * facility: a syslog(3) number.  libmilter calls syslog() by itself, so with
 * to_syslog false its lines are copied to standard error.
 */
void log_open(bool to_syslog, int facility);

/*
 * Who starts the daemon sees its lines on standard error, too, until this is
 * called, unless standard error is the system's journal.
 */
void log_started(bool to_syslog, int facility);

#endif
