/*
 * Text made plain for matching.  Patterns see
 *   - "'" for every apostrophe and single quotation mark, '"' for double ones,
 *     "-" for every hyphen and dash, "..." for an ellipsis;
 *   - one space for a run of spaces, tabs and no-break spaces; no space at the
 *     end of a line; "\n" for every line end;
 *   - no soft hyphens, zero-width characters, direction marks or variation
 *     selectors;
 *   - compatibility forms composed (NFKC: full-width letters, ligatures), and
 *     letters of other scripts that look like Latin ones as those where they
 *     stand, without an accent, in a word of Latin letters.
 * Case stays as it is.
 *
 * Pure functions.
 */
#ifndef POLICY_TEXT_NORMALISE_H
#define POLICY_TEXT_NORMALISE_H

#include <glib.h>

/*
 * Any bytes; what is not UTF-8 becomes U+FFFD.  marks, if not NULL, gains a
 * struct text_mark wherever text and source stop running in step.  The caller
 * frees.
 */
char *text_normalise(const char *, gsize len, gsize *out_len, GArray *marks);

#endif
