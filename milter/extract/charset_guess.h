/*
 * The characters of a text that does not say how it is written.
 */
#ifndef MILTER_EXTRACT_CHARSET_GUESS_H
#define MILTER_EXTRACT_CHARSET_GUESS_H

#include <glib.h>
#include <stdbool.h>

/* Could it be text of any kind? */
bool charset_is_text(const guint8 *data, gsize len);

/*
 * As UTF-8, NUL-terminated: by its byte order mark, else UTF-8 or UTF-16 if it
 * is that, else by the label, which may be NULL, else windows-1252.  Never
 * fails.  The caller frees.
 */
char *charset_guess(const guint8 *data, gsize len, const char *label);

/* Little-endian UTF-16 as UTF-8; NULs become spaces.  Never fails. */
char *charset_utf16(const guint8 *data, gsize len);

/* One byte of windows-1252, whose five gaps are C1 controls as in HTML. */
gunichar charset_windows(guint8);

#endif
