/*
 * The policy's own tests: "expect silent-copy from clerk to cllr.jones bcc
 * cllr.smith".  councilctl check and every reload run them.
 */
#ifndef POLICY_JUDGING_EXPECT_H
#define POLICY_JUDGING_EXPECT_H

#include "policy/diag.h"
#include "policy/policy.h"

/*
 * Runs every expectation; each that fails is an error in diags, at its place,
 * with a note for every rule that held or did not.  Returns the number run.
 */
unsigned policy_run_expectations(const struct policy *, struct diags *);

#endif
