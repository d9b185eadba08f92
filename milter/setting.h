/*
 * One key of the settings file and how its value is written.  Only the reader
 * of the settings includes this header.
 */
#ifndef MILTER_SETTING_H
#define MILTER_SETTING_H

#include "milter/settings.h"

/* How a value is written, and what it is kept as. */
enum setting_kind {
	SETTING_TEXT,		/* char * */
	SETTING_FILE_NAME,	/* char *, absolute */
	SETTING_SOCKET,		/* char * */
	SETTING_URL,		/* char *, smtp:// or smtps:// */
	SETTING_WEB,		/* char *, http:// or https:// */
	SETTING_PROGRAM,	/* char *, absolute, or auto or none */
	SETTING_ADDRESS,	/* char *, local@domain */
	SETTING_TIME_OF_DAY,	/* char *, HH:MM */
	SETTING_FACILITY,	/* char *, known to syslog */
	SETTING_NUMBER,		/* unsigned */
	SETTING_OCTAL,		/* unsigned */
	SETTING_SECONDS,	/* unsigned; s, m, h or d after the number */
	SETTING_SIZE,		/* gsize; K, M or G after the number */
	SETTING_YES_NO,		/* bool */
	SETTING_SYNC,		/* enum journal_sync */
	SETTING_LOG_TARGET,	/* bool: to syslog? */
};

struct setting {
	const char *section, *key;
	enum setting_kind kind;
	size_t offset;		/* of the field in struct settings */
	guint64 least, most;	/* of numbers, in their base unit */
	const char *initial;	/* the default, as it would be written; or NULL */
};

/*
 * Reads what is written for a key into its field, whose old value is freed.
 * When it does not fit, the message says what is wanted, without the key;
 * domain G_KEY_FILE_ERROR.
 */
bool setting_read(
    const struct setting *, struct settings *, const char *text, GError **);

#endif
