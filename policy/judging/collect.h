/*
 * What the rules that hold ask for, for verdict.c alone: once the message's
 * fate is settled, these fill the verdict's lists from its findings.
 */
#ifndef POLICY_JUDGING_COLLECT_H
#define POLICY_JUDGING_COLLECT_H

#include "policy/facts.h"
#include "policy/judging/verdict.h"

void collect_footers(struct verdict *, const struct facts *);
void collect_marks(struct verdict *, const struct facts *);
/*
 * Does a rule ask that nobody is told of copies, by footer or disclosure, since
 * that would reveal what somebody said in confidence?
 */
bool collect_keeps_quiet(const struct verdict *);
void collect_letters(struct verdict *, const struct facts *);

void footer_free(gpointer);
void mark_free(gpointer);
void letter_free(gpointer);

#endif
