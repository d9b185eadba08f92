/*
 * Steps through valid UTF-8 without giving up const, as GLib's macro does.
 */
#ifndef POLICY_UTF8_H
#define POLICY_UTF8_H

#include <glib.h>

static inline const char *
utf8_next(const char *p)
{
	return p + g_utf8_skip[(guchar)*p];
}

#endif
