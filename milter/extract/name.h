/*
 * File names as labels: they are shown and judged, never opened.
 */
#ifndef MILTER_EXTRACT_NAME_H
#define MILTER_EXTRACT_NAME_H

#include <stdbool.h>

/*
 * UTF-8 without control characters and of bounded length, keeping the end,
 * where the extension is.  NULL is "".  The caller frees.
 */
char *name_clean(const char *);
/* Does it end in "." and that extension, in any case? */
bool name_ends(const char *name, const char *extension);

#endif
