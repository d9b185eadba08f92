#include "config.h"

#include <glib.h>

#include "milter/daemon/notify.h"

#ifdef HAVE_SYSTEMD

#include <systemd/sd-daemon.h>

void
notify_ready(const char *status)
{
	sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

void
notify_reloading(void)
{
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT,
	    g_get_monotonic_time());
}

void
notify_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

#else

void
notify_ready(const char *status)
{
	(void)status;
}

void
notify_reloading(void)
{
}

void
notify_stopping(void)
{
}

#endif
