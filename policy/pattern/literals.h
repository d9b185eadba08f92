/*
 * Which of many sets have a literal in a text, and where.
 *
 * After literals_seal() it is read-only; each thread has a scratch of its own.
 */
#ifndef POLICY_PATTERN_LITERALS_H
#define POLICY_PATTERN_LITERALS_H

#include "policy/pattern/required.h"
#include "policy/pattern/windows.h"

struct literals;
struct literals_scratch;

struct literals *literals_new(void);
void literals_free(struct literals *);
/* A literal of the set id, of at least one byte; it is copied. */
void literals_add(struct literals *, const struct literal *, guint id);
void literals_seal(struct literals *);

struct literals_scratch *literals_scratch_new(const struct literals *);
void literals_scratch_free(struct literals_scratch *);

/* The sets that have a literal in the text: guint, in the scratch. */
const GArray *literals_find(const struct literals *, struct literals_scratch *,
    const struct shadow_text *);
/* Was the set found in the last text? */
bool literals_found(const struct literals_scratch *, guint set);
/*
 * Appends the windows around the literals of a set that was found, ascending
 * and apart; the set is their id.
 */
void literals_windows(const struct literals *, struct literals_scratch *,
    struct runs, guint set, GArray *windows);

#endif
