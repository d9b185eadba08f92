/*
 * The shipped pattern files, ready for a detector, and contents of a few
 * segments for it.
 */
#ifndef TESTS_UNIT_DETECTING_H
#define TESTS_UNIT_DETECTING_H

#include "policy/diag.h"
#include "policy/pattern/file.h"
#include "policy/text/content.h"

/* conf/patterns/NAME, which is sound: ck_assert()s that it is. */
struct pattern_file *read_patterns(const char *name);
/* The same from memory; faults go to diags. */
struct pattern_file *read_pattern_text(const char *text, struct diags *);

/* Adds a segment with that text. */
struct segment *add_text(struct content *, enum origin, const char *text);

/*
 * A labelled file, tests/quality/NAME: called with each label and text, "\n"
 * in it being a line end.
 */
typedef void labelled_fn(const char *label, const char *text, gpointer data);
void read_labelled(const char *path, labelled_fn *, gpointer data);

#endif
