/*
 * The thread that carries the outbox to an SMTP server (libcurl), with retry
 * and back-off, for as long as the daemon lives.  A letter that the server
 * took, but whose departure could not be recorded before a crash, goes again
 * under the same Message-ID; otherwise each goes once.
 */
#ifndef MILTER_REPORT_MAILER_H
#define MILTER_REPORT_MAILER_H

#include <glib.h>
#include <stdbool.h>

#include "milter/journal/journal.h"
#include "milter/report/letter.h"

#define MAILER_ERROR (mailer_error_quark())
GQuark mailer_error_quark(void);

enum mailer_error {
	MAILER_ERROR_SETTINGS,	/* the settings make no sense */
	MAILER_ERROR_SERVER,	/* out of reach, or it refuses us altogether */
	MAILER_ERROR_LETTER,	/* it refuses this letter or address */
};

struct mailer_settings {
	char *url;		/* smtp://127.0.0.1:25 or smtps://… */
	char *user, *password;	/* or NULL */
	bool starttls;		/* required; never silently given up */
	char *ca_file;		/* or NULL: the system's */
	unsigned timeout;	/* seconds for one letter */
	unsigned retry_min, retry_max;	/* seconds; doubling between them */
	char *digest_time;	/* "07:00", local time; NULL: midnight */
	struct letterhead letterhead;
};

struct mailer;

/*
 * Starts the thread, which the journal wakes from now on; settings are copied.
 * Fails when they cannot work: an unknown scheme, a login that would cross a
 * network in clear.  The journal must outlive the mailer.
 */
struct mailer *mailer_start(
    struct journal *, const struct mailer_settings *, GError **);
/* Asks it to look at the outbox now.  Any thread; cheap. */
void mailer_wake(struct mailer *);
/*
 * Gives the letter in hand a few seconds to end, joins the thread and frees
 * the mailer.  What has not left stays in the outbox.
 */
void mailer_stop(struct mailer *);

/*
 * Sends one rendered letter in the calling thread, which should ignore
 * SIGPIPE; for councilctl and tests.
 */
bool mailer_send(const struct mailer_settings *, const char *to,
    GBytes *letter, GError **);
/* Connects and logs in as for a letter, but sends none; likewise. */
bool mailer_probe(const struct mailer_settings *, GError **);

#endif
