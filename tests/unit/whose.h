/* Whose words a text is made of, for the tests that tell them apart. */
#ifndef TESTS_UNIT_WHOSE_H
#define TESTS_UNIT_WHOSE_H

#include "policy/text/content.h"

/*
 * Checks the segments from "first" on.  Each one of the wanted text is a
 * letter for its origin, the depth if it has one, and the words that it begins
 * with: "o:Yes.|q1:No?".
 */
void check_whose(
    const char *name, const struct content *, guint first, const char *want);

#endif
