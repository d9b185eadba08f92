/*
 * A roster in which names are shared, mistaken and out of date, and the rules
 * of names.patterns.
 */
#ifndef TESTS_UNIT_NAMING_H
#define TESTS_UNIT_NAMING_H

#include "policy/detect/names.h"

/* The day is 2026-06-01. */
struct council {
	struct address_rules *address_rules;
	struct roster *people;
	struct name_rules *rules;
	day on;
};

void council_init(struct council *);
void council_clear(struct council *);

#endif
