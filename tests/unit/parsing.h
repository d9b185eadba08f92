/*
 * Policies of the folder tests/unit/policy, and texts that stand in it, as the
 * tests of the policy language read them.  File names in messages are relative
 * to that folder.
 */
#ifndef TESTS_UNIT_PARSING_H
#define TESTS_UNIT_PARSING_H

#include "policy/policy.h"

/* What a policy has to begin with. */
#define PARSING_HEAD                            \
	"council \"Woodland Parish Council\"\n" \
	"domains woodland-pc.example\n"         \
	"roster \"woodland.roster\"\n"

/* policy_load() of a file of the folder. */
struct policy *parsing_load(const char *file, struct diags *);
/* policy_parse() of a text, as "test.policy". */
struct policy *parsing_text(const char *text, struct diags *);
/* The same of a text without fault; a warning too fails the test. */
struct policy *parsing_sound(const char *text);

#endif
