/*
 * Many regexes held against a text in one pass.  PCRE2 tries each only where it
 * can match: those that need a literal (required.h) around where that stands,
 * the others where Hyperscan, if there is one, tells.  The matches are the same
 * as if PCRE2 tried all of them everywhere.
 *
 * After matcher_compile() any number of threads may scan with a matcher.
 */
#ifndef POLICY_PATTERN_MATCHER_H
#define POLICY_PATTERN_MATCHER_H

#include <glib.h>
#include <stdbool.h>

#include "policy/diag.h"

struct matcher;

struct matcher *matcher_new(void);
void matcher_free(struct matcher *);

/*
 * Adds a regex as pattern_file_read() gives it and returns its id, counted
 * from 0.  name ("staff-hearing") and place are for messages.
 */
guint matcher_add(struct matcher *, const char *regex, const char *name,
    const struct place *);
/*
 * Compiles all of them.  False, with an error for each in diags, when one is
 * no regex, matches nothing at all (the empty text), or backtracks beyond the
 * limits on the texts that matcher.c tries it on.
 */
bool matcher_compile(struct matcher *, struct diags *);

/* Text that a regex matches: [start, end). */
struct match {
	guint id;
	gsize start, end;
};

/* Does Hyperscan help? */
bool matcher_has_prefilter(const struct matcher *);
/* Before matcher_compile(): it shall not, so that both can be compared. */
void matcher_forgo_prefilter(struct matcher *);
/* … and no regex shall be known by its literals. */
void matcher_forgo_literals(struct matcher *);

/*
 * Appends the matches, each regex's own without overlap, ascending by start,
 * then id.  False when a limit was met: what is there is true but not
 * complete.  len may cut a longer text short; look-behind sees nothing before
 * it.
 */
bool matcher_scan(
    const struct matcher *, const char *text, gsize len, GArray *matches);
/* A named group of the regex of a match; false when it took no part. */
bool matcher_group(const struct matcher *, const char *text, gsize len,
    const struct match *, const char *group, gsize *start, gsize *end);

typedef struct matcher matcher; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(matcher, matcher_free)

#endif
