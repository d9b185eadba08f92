/*
 * The settings file, council-milter.conf(5): what the administrator decides,
 * as against the policy, which is the council's.
 *
 * A struct settings owns all its texts, those of the mailer settings too.  It
 * is read once, by one thread, and not changed while others look at it.
 */
#ifndef MILTER_SETTINGS_H
#define MILTER_SETTINGS_H

#include <glib.h>
#include <stdbool.h>

#include "milter/extract/extract.h"
#include "milter/journal/journal.h"
#include "milter/message/message.h"
#include "milter/report/mailer.h"

struct settings {
	char *path;		/* of the file itself; NULL: only defaults */
	/* [milter] */
	char *socket;		/* unix:/path or inet:PORT@HOST */
	unsigned socket_mode;	/* e.g. 0660 */
	char *socket_group;	/* or NULL: the daemon's own */
	char *user;		/* to run as when started as root, or NULL */
	char *policy;		/* absolute file name */
	unsigned timeout;	/* seconds libmilter waits for the MTA */
	/* [limits] */
	struct message_limits limits;
	/* [attachments] */
	struct extract_limits attachments;
	char *pdftotext, *catdoc, *antiword;	/* file name, "auto", "none" */
	char *tika;		/* URL, or NULL */
	/* [journal] */
	char *journal;		/* absolute file name */
	enum journal_sync sync;
	unsigned retention;	/* days */
	char *key_file;		/* of the marker's key */
	/* [reports] */
	struct mailer_settings mailer;	/* without a password, council or default
					 * sender: see below */
	char *password_file;	/* or NULL */
	/* [log] */
	bool to_syslog;		/* else standard error */
	char *facility;		/* "mail" */
};

/* The file that is read when no other is named. */
#define SETTINGS_FILE SYSCONFDIR "/council-milter.conf"

/*
 * Reads the file.  Unknown sections and keys are errors ("did you mean"), as
 * are values that do not fit; the message has a line for each, with file,
 * section and key.  Domain G_KEY_FILE_ERROR, or G_FILE_ERROR when it cannot
 * be read.
 */
struct settings *settings_load(const char *path, GError **);
/* The defaults, for councilctl without a settings file. */
struct settings *settings_new(void);
void settings_free(struct settings *);

/*
 * Reads the first line of password_file, where one is set, into
 * mailer.password.  Apart from settings_load(), because only who sends the
 * letters may read that file.
 */
bool settings_read_password(struct settings *, GError **);

/*
 * Fills in what letters need to know: the council's name, an address of its
 * domain to come from when the file names none, and how long findings are kept.
 */
void settings_set_letterhead(
    struct settings *, const char *council, const char *domain);

/* Who reads which attachments; the texts are the settings'. */
struct extract_programs settings_programs(const struct settings *);

/* The syslog(3) number of a facility ("mail"), or -1. */
int settings_facility(const char *name);

typedef struct settings settings; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(settings, settings_free)

#endif
