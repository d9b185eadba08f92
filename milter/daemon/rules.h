/*
 * The policy file as the daemon takes it: loaded, and passed by its own
 * expectations, or not taken at all.
 */
#ifndef MILTER_DAEMON_RULES_H
#define MILTER_DAEMON_RULES_H

#include "policy/policy.h"

/*
 * Loads a policy and runs its expectations.  All that is wrong goes to diags;
 * NULL when any of it is an error.
 */
struct policy *rules_load(const char *path, struct diags *);

/* The same with every diagnostic logged, as file:line:column. */
struct policy *rules_load_logged(const char *path);

/* "12 rules, 5 expectations, for Woodland Parish Council". */
char *rules_summary(const struct policy *);

#endif
