/*
 * What stands in every text that a regex matches: in one of some cases, of each
 * of some sets of literals at least one.  Literals are folded: ASCII letters are
 * small, any digit is "0", a run of white space is one space, any other
 * character beyond ASCII is SHADOW_BEYOND_TEXT (shadow.h).
 *
 * A struct required remembers the groups that it has read, since fragments stand
 * in many regexes; it belongs to one thread.
 */
#ifndef POLICY_PATTERN_REQUIRED_H
#define POLICY_PATTERN_REQUIRED_H

#include "policy/pattern/width.h"

/* At most: bytes of a literal, literals of a set, sets of a case, cases. */
enum {
	REQUIRED_LENGTH_MAX = 48,
	REQUIRED_MAX = 1000,
	REQUIRED_SETS_MAX = 5,
	REQUIRED_CASES_MAX = 64,
};

struct literal {
	const char *text;
	struct width before; /* what of a match can stand before it */
	bool word;	     /* no ASCII letter, digit or "_" stands before */
};

struct required;

struct required *required_new(void);
void required_free(struct required *);

/*
 * The cases: GPtrArray of GArray of struct literal, the most telling set first.
 * NULL when the regex, which compiles, needs nothing that is of any help.
 */
GPtrArray *required_cases(struct required *, const char *regex);

typedef struct required required; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(required, required_free)

#endif
