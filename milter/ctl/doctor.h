/*
 * councilctl doctor: one line for each thing that was looked at, PASS, WARN or
 * FAIL, and after a bad one what to do about it.
 */
#ifndef MILTER_CTL_DOCTOR_H
#define MILTER_CTL_DOCTOR_H

#include <glib.h>
#include <stdbool.h>

#include "milter/settings.h"
#include "policy/policy.h"

struct doctor {
	unsigned warned, failed;
};

/* what: the thing looked at, "journal"; the rest: what was found. */
void doctor_pass(struct doctor *, const char *what, const char *fmt, ...)
    G_GNUC_PRINTF(3, 4);
/* remedy: what to do, a sentence in lower case. */
void doctor_warn(struct doctor *, const char *what, const char *remedy,
    const char *fmt, ...) G_GNUC_PRINTF(4, 5);
void doctor_fail(struct doctor *, const char *what, const char *remedy,
    const char *fmt, ...) G_GNUC_PRINTF(4, 5);

/* Key and journal: there, and for the daemon's eyes only. */
void doctor_files(struct doctor *, const struct settings *);
/* Does somebody who speaks the milter protocol answer on the socket? */
void doctor_socket(struct doctor *, const struct settings *);
/* Does the server for reports let us in?  Nothing is sent. */
void doctor_smtp(struct doctor *, struct settings *);
/* Does Postfix, if it is here, ask the filter first and wait for it? */
void doctor_postfix(struct doctor *, const struct settings *);

#endif
