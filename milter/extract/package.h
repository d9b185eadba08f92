/*
 * Zip files that are documents: their members by name.
 */
#ifndef MILTER_EXTRACT_PACKAGE_H
#define MILTER_EXTRACT_PACKAGE_H

#include "milter/extract/reading.h"
#include "milter/extract/type.h"

/* Which document a zip file is, or that it is an archive. */
const struct file_type *package_type(const guint8 *data, gsize len);

struct package;

/*
 * Unpacks the members whose names match one of the patterns (as of
 * g_pattern_match; NULL ends them), relations and foreign files.  What does not
 * fit into the budget is left out, and the document is truncated.
 */
struct package *package_open(struct document *, const guint8 *data, gsize len,
    const char *const *patterns);
/*
 * Unpacks these members too, whose names are char * and count in any case, as
 * those of Office do.
 */
void package_add(struct package *, struct document *, const guint8 *data,
    gsize len, const GPtrArray *names);
void package_free(struct package *);

/* By its name, a file of its own and no part of the document. */
bool package_is_foreign(const char *name);

/* NULL when there is none. */
GBytes *package_member(const struct package *, const char *name);
/*
 * Names of members that match a pattern, with numbers in them in numerical
 * order; the package owns the names.
 */
GPtrArray *package_list(const struct package *, const char *pattern);

typedef struct package package; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(package, package_free)

#endif
