/*
 * How sure a finding is, in the policy's words.
 *
 * A detector gives each finding a probability; a level is the range that it
 * falls into.  "make quality" prints what each level means on labelled text.
 */
#ifndef POLICY_LEVEL_H
#define POLICY_LEVEL_H

/* How sure or how grave a finding must be at least. */
enum level { LEVEL_ANY, LEVEL_LOW, LEVEL_MEDIUM, LEVEL_HIGH };

/* LEVEL_ANY below 0.3, LEVEL_LOW below 0.6, LEVEL_MEDIUM below 0.85. */
enum level level_of(double probability);
const char *level_name(enum level); /* "low", "medium", "high"; "any" */

#endif
