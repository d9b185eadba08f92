/*
 * councilctl(1): what its commands share.  Each command has a file of its own
 * and one function, which main() finds in the table of main.c.  Results go to
 * standard output, everything else to standard error.
 *
 * The program has one thread.  main() owns the struct ctl.
 */
#ifndef MILTER_CTL_CTL_H
#define MILTER_CTL_CTL_H

#include <glib.h>
#include <stdbool.h>

#include "milter/journal/journal.h"
#include "milter/session.h"
#include "milter/settings.h"
#include "policy/policy.h"

/* Exit codes, as councilctl(1) documents them. */
enum ctl_exit {
	CTL_OK = 0,
	CTL_FAULT = 1,	/* what was examined is at fault */
	CTL_USAGE = 2,	/* the command line is */
	CTL_TROUBLE = 3,/* something could not be read, written or reached */
};

struct ctl {
	char *config;			/* of --config; NULL: the default */
	const char *command;		/* the command's name */
	struct settings *settings;	/* after ctl_settings() */
	struct extractor *extractor;	/* after ctl_service() */
};

/* The commands; argv[0] is the command's name. */
int ctl_check(struct ctl *, char **argv);
int ctl_explain(struct ctl *, char **argv);
int ctl_text(struct ctl *, char **argv);
int ctl_replay(struct ctl *, char **argv);
int ctl_roster(struct ctl *, char **argv);
int ctl_report(struct ctl *, char **argv);
int ctl_purge(struct ctl *, char **argv);
int ctl_outbox(struct ctl *, char **argv);
int ctl_doctor(struct ctl *, char **argv);
int ctl_score(struct ctl *, char **argv);

/* How a command is called, for its --help. */
struct ctl_usage {
	const char *arguments;	/* "[POLICY]" */
	const char *summary;	/* a sentence or two, with line ends */
};

/*
 * Reads the command's options.  With G_OPTION_ARG_FILENAME and _FILENAME_ARRAY
 * values stay the bytes that were typed, whatever the locale.  --help is
 * answered here.  False, after a message, when the command line is wrong.
 */
bool ctl_options(struct ctl *, char **argv, const struct ctl_usage *,
    const GOptionEntry *);
/* Reports a wrong command line; returns CTL_USAGE. */
int ctl_usage_error(struct ctl *, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
/* "councilctl: …" on standard error. */
void ctl_complain(const char *fmt, ...) G_GNUC_PRINTF(1, 2);

/* "2026-05-07" or "2026-05-07T14:30[:00][Z]"; a bare date means noon. */
bool ctl_parse_time(const char *text, gint64 *unix_seconds);
/* A date; false after a message that names the option. */
bool ctl_parse_day(struct ctl *, const char *option, const char *, day *);
/* The first second of a day, local time. */
gint64 ctl_day_start(day);

/*
 * The settings: of --config, else of the default file.  A missing default file
 * means the default settings; so does, after a warning, one that may not be
 * read.  NULL after a message.
 */
const struct settings *ctl_settings(struct ctl *);
const char *ctl_settings_path(const struct ctl *);

/*
 * The policy of that name, or of the settings when path is NULL, its warnings
 * and errors printed; NULL when there are errors.  exit gets the exit code.
 */
struct policy *ctl_policy(struct ctl *, const char *path, int *exit);
/* What reads attachments; NULL after a message. */
struct extractor *ctl_extractor(struct ctl *);
/* A service without a journal, so that nothing is recorded or sent. */
struct service *ctl_service(struct ctl *, struct policy *);
/* The daemon's journal, never created here; NULL after a message. */
struct journal *ctl_journal(struct ctl *);

/* Reads a message from a file, or "-"; false after a message. */
bool ctl_read_message(const char *path, GString *);
/* What such a message is called. */
const char *ctl_message_name(const char *path);

/*
 * Text from outside made fit for a terminal: valid UTF-8, and no control
 * characters.  The caller frees it.
 */
char *ctl_printable(const char *text);
/* "1 entry", "2 entries" */
char *ctl_count(unsigned n, const char *one, const char *many);
/* "2026-05-07 14:30", local time. */
char *ctl_format_time(gint64 unix_seconds);
/* "council.policy:14" */
char *ctl_format_place(const struct place *);

#endif
