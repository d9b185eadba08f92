/*
 * The key of the marker header's HMAC: 32 random bytes in a file of their own,
 * made at the first start.  Gateways that mark each other's mail share it.
 */
#ifndef MILTER_DAEMON_KEY_H
#define MILTER_DAEMON_KEY_H

#include <glib.h>

/*
 * Reads the key, or makes one, readable by nobody else.  Domain G_FILE_ERROR.
 */
GBytes *key_load(const char *path, GError **error);

#endif
