/*
 * Which of many sets of literals have one that stands in a text.
 *
 * After literals_seal() it is read-only; each thread has a scratch of its own.
 */
#ifndef POLICY_PATTERN_LITERALS_H
#define POLICY_PATTERN_LITERALS_H

#include <glib.h>

struct literals;
struct literals_scratch;

struct literals *literals_new(void);
void literals_free(struct literals *);
/* A literal of a set, folded as required.h has it; not empty. */
void literals_add(struct literals *, const char *literal, guint set);
/* A set that is found in every text. */
void literals_add_always(struct literals *, guint set);
void literals_seal(struct literals *);

struct literals_scratch *literals_scratch_new(const struct literals *);
void literals_scratch_free(struct literals_scratch *);

/*
 * The sets found, ascending, guint; it belongs to the scratch.  The text is
 * valid UTF-8.
 */
const GArray *literals_scan(const struct literals *, struct literals_scratch *,
    const char *text, gsize len);

#endif
