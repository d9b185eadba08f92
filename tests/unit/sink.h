/*
 * An SMTP server on loopback for tests: smtp_sink.py, which ends with the test
 * at the latest.  It keeps its files in the test's directory.
 */
#ifndef TESTS_UNIT_SINK_H
#define TESTS_UNIT_SINK_H

#include <stdbool.h>

#include "milter/report/mailer.h"

struct sink {
	const char *directory;	/* borrowed */
	GPid pid;
	int life;		/* the server ends when this is closed */
	unsigned port;
};

/* options: of smtp_sink.py, one a line; port 0: any. */
struct sink sink_start(
    const char *directory, unsigned port, const char *options);
void sink_stop(struct sink *);

/* One of its files, or NULL. */
char *sink_file(const struct sink *, const char *name);
/* How many messages arrived, by now and before. */
unsigned sink_count(const struct sink *);
/* Waits until so many have; fails the test when they do not come. */
void sink_wait(const struct sink *, unsigned count);
/* Has a client said a line that starts so? */
bool sink_heard(const struct sink *, const char *start);

/* Waits until it is so; false when it takes far too long. */
bool wait_until(bool (*done)(void *), void *arg);

/* A certificate with its key, for "IP:127.0.0.1", say: a file name. */
char *make_certificate(const char *directory, const char *name);

/* Settings for that server; scheme: "smtp" or "smtps". */
struct mailer_settings sink_settings(const char *scheme, unsigned port);
void sink_settings_clear(struct mailer_settings *);

#endif
