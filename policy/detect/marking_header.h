/*
 * Markings in header fields, and in document properties that have the same
 * syntax.
 *
 * Private to the marking detector.
 */
#ifndef POLICY_DETECT_MARKING_HEADER_H
#define POLICY_DETECT_MARKING_HEADER_H

#include "policy/detect/marking_text.h"

/* Appends what is found: struct marking of the place MARKING_HEADER. */
void marking_header_find(const struct marking_rules *,
    const struct header_facts *, GPtrArray *found);
/* "Name: value"; false when it is no label, whose words then count. */
bool marking_header_property(
    const struct marking_rules *, const char *text, GPtrArray *found);

#endif
