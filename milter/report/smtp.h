/*
 * A conversation with the SMTP server: one libcurl handle, whose connection
 * carries any number of letters.  It belongs to one thread and borrows the
 * settings.
 */
#ifndef MILTER_REPORT_SMTP_H
#define MILTER_REPORT_SMTP_H

#include "milter/report/mailer.h"

struct smtp;

/* Connects nowhere yet; fails with MAILER_ERROR_SETTINGS. */
struct smtp *smtp_new(const struct mailer_settings *, GError **);
/* Says QUIT. */
void smtp_free(struct smtp *);
/* While this returns true, a letter in hand is given up within a second. */
void smtp_set_cancel(struct smtp *, bool (*cancelled)(void *), void *arg);

/*
 * Sends one letter from <>; an error holds the server's own words where it
 * spoke.
 */
bool smtp_send(struct smtp *, const char *to, GBytes *letter, GError **);

#endif
