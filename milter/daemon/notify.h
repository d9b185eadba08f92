/*
 * Words to the service manager, sd_notify(3); without one, or without
 * libsystemd, nothing.
 */
#ifndef MILTER_DAEMON_NOTIFY_H
#define MILTER_DAEMON_NOTIFY_H

/* Ready, with a line for "systemctl status". */
void notify_ready(const char *status);
void notify_reloading(void);
void notify_stopping(void);

#endif
