/*
 * Whom the daemon runs as.  It reads every message of the council, so it does
 * that as a user of its own and never as root.
 *
 * For the main thread alone, before there are others.
 */
#ifndef MILTER_DAEMON_PRIVILEGES_H
#define MILTER_DAEMON_PRIVILEGES_H

#include <glib.h>
#include <stdbool.h>

/* Is there a user to become, or no need of one?  Domain G_FILE_ERROR. */
bool privileges_check(const char *user, GError **error);

/*
 * Becomes that user with all its groups, for ever, when started as root; then
 * user must be set and not root.  Started as anybody else, it stays that.
 */
bool privileges_drop(const char *user, GError **error);

#endif
