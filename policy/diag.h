/*
 * Diagnostics: everything that is wrong with a policy, a roster or an aliases
 * file, found in one run and shown as
 *
 *	council.policy:14:20: error: unknown action "fotter", did you mean
 *	"footer"?
 *	    then fotter "CC councillor {name}"
 *	         ^~~~~~
 *
 * A struct diags owns its texts.  It belongs to one thread.
 */
#ifndef POLICY_DIAG_H
#define POLICY_DIAG_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

/*
 * Where a construct stands.  Lines and columns count from 1, columns in
 * characters (not bytes); width is at least 1.  file is interned
 * (g_intern_string) and lives for ever.
 */
struct place {
	const char *file;
	unsigned line, column, width;
};

enum diag_level { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE };

struct diag {
	enum diag_level level;
	struct place place;
	char *message;	/* lower case, no full stop */
	char *source;	/* the source line without its end; NULL if none */
};

struct diags;

struct diags *diags_new(void);
void diags_free(struct diags *);

/* Adds one finding; the source line is taken from diags_set_source(). */
void diags_add(struct diags *, enum diag_level, const struct place *,
    const char *fmt, ...) G_GNUC_PRINTF(4, 5);

/* Keeps a copy of a file's text, from which source lines are quoted. */
void diags_set_source(
    struct diags *, const char *file, const char *text, size_t len);

unsigned diags_errors(const struct diags *);
unsigned diags_count(const struct diags *);
const struct diag *diags_get(const struct diags *, unsigned);

/* All of them, in file order, as in the example above. */
void diags_print(const struct diags *, FILE *);
char *diags_to_string(const struct diags *);

/*
 * The candidate nearest to word (Damerau-Levenshtein, ignoring case), or NULL
 * when none is near enough to be a slip of the pen.  Candidates end with NULL.
 */
const char *diag_suggest(const char *word, const char *const *candidates);

typedef struct diags diags; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(diags, diags_free)

#endif
