/*
 * What every unit test needs: one main(), and messages written in place.
 * A test program defines unit_suite() and a table for each test.
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <check.h>
#include <glib.h>

/* Defined by each test program; main() in unit.c runs it. */
Suite *unit_suite(void);

/* A file below the source tree: unit_source("tests", "unit", "x", NULL). */
char *unit_source(const char *first, ...) G_GNUC_NULL_TERMINATED;

/* A fresh directory for one test; unit_remove() deletes it with its content. */
char *unit_directory(void);
void unit_remove(const char *directory);
/* Writes a file and returns its name. */
char *unit_write(const char *directory, const char *name, const char *text);

#endif
