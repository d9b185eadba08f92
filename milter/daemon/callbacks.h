/*
 * Between libmilter and the sessions: each callback translates what the MTA
 * says into a call of milter/session.h and the answer back, and decides
 * nothing itself.  What goes wrong here makes the MTA keep the message and try
 * again.
 *
 * libmilter calls the callbacks of one connection one after the other, though
 * not always in the same thread, and those of different connections at the
 * same time.  The functions below are for the main thread.
 */
#ifndef MILTER_DAEMON_CALLBACKS_H
#define MILTER_DAEMON_CALLBACKS_H

#include <stdbool.h>

#include "milter/session.h"

/* Makes the filter known to libmilter, before smfi_opensocket(). */
bool callbacks_register(void);

/* The service that sessions use, before smfi_main(); it is borrowed. */
void callbacks_set_service(struct service *);

/*
 * From now on new messages are deferred.  Waits until those under way are
 * done, but no longer than that; returns whether they are.
 */
bool callbacks_drain(unsigned seconds);

/* How many connections are open; only when that is 0 may the service go. */
unsigned callbacks_connections(void);

#endif
