/*
 * The checks: what is left when all files of a policy have been read.  They
 * settle what every name means, load the roster, and find what is wrong with
 * the whole that no part of it shows.  Every fault is reported; none ends the
 * checks.
 *
 * check_policy() calls the others, in the order in which they stand here.
 */
#ifndef POLICY_LANGUAGE_CHECK_H
#define POLICY_LANGUAGE_CHECK_H

#include "policy/language/compile.h"

/*
 * Errors after which no more unknown names are reported: looking for the
 * nearest one takes time, and nobody reads that far.
 */
enum { CHECK_SUGGEST_MAX = 100 };

void check_policy(struct compiler *);

/* Settles classes, and people who get reports (check_names.c). */
void check_names(struct compiler *);
/* The nearest of the roles, ids and, unless for people, classes, or NULL. */
const char *check_suggest(
    const struct compiler *, const char *word, bool people_only);

/* What each rule does, and when (check_rules.c). */
void check_rules(struct compiler *);
/*
 * Why a condition can never hold, as a sentence, or NULL when it may
 * (check_logic.c).  The caller frees it.
 */
char *check_impossible(const struct expr *);

/* The policy's own tests (check_trials.c). */
void check_trials(struct compiler *);

#endif
