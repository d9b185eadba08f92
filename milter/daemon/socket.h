/*
 * The socket on which the MTA finds the filter.  libmilter opens it, but keeps
 * the reasons of a failure to itself, removes what another filter listens on,
 * and leaves mode and group to the umask; so all that is seen to here.
 *
 * Called by the main thread, after smfi_register().
 */
#ifndef MILTER_DAEMON_SOCKET_H
#define MILTER_DAEMON_SOCKET_H

#include <glib.h>
#include <stdbool.h>

#include "milter/settings.h"

/*
 * Opens it, so that nothing but smfi_main() is left to do.  A unix socket on
 * which nobody answers is replaced; one that answers is an error.  Errors are
 * in the domain G_FILE_ERROR.
 */
bool socket_open(const struct settings *, GError **);

/*
 * Connects and leaves: libmilter looks only every few seconds whether it was
 * told to stop, or when somebody comes.
 */
void socket_poke(const char *spec);

/* Removes a unix socket that libmilter could not or did not remove. */
void socket_remove(const char *spec);

#endif
