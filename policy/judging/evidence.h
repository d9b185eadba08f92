/*
 * Words for what a test found, for judge.c alone.
 *
 * Every function takes a test that came out TRUE or FALSE over these facts and
 * returns one sentence fragment, which the caller frees.  It may name visible
 * people of the roster and hidden councillors; other hidden recipients appear
 * in no form, not as a name, a domain or a number that they alone make true.
 */
#ifndef POLICY_JUDGING_EVIDENCE_H
#define POLICY_JUDGING_EVIDENCE_H

#include <stdbool.h>

#include "policy/facts.h"
#include "policy/policy.h"

/* holds: the outcome, "is not" included. */
typedef char *say_fn(const struct test *, const struct facts *, bool holds);

say_fn say_sender, say_author, say_recipients, say_message, say_not_inspected,
    say_subject, say_header;

#endif
