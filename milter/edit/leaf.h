/*
 * One text part that is to show lines: whether it has them already, where they
 * go, and the replacements of bytes that put them there.
 *
 * A struct leaf borrows its message.
 */
#ifndef MILTER_EDIT_LEAF_H
#define MILTER_EDIT_LEAF_H

#include <glib.h>
#include <stdbool.h>

#include "milter/edit/compose.h"
#include "milter/edit/edit.h"

struct leaf;

/*
 * Reads the part.  expected: quoted history is (the message is a reply or a
 * forward).  NULL when its text cannot be made out; *why then says so.
 */
struct leaf *leaf_new(struct message *, const struct part *, bool expected,
    const char **why);
void leaf_free(struct leaf *);

const struct part *leaf_part(const struct leaf *);
/* Does it carry quoted history that its author wrote above? */
bool leaf_is_quoted(const struct leaf *);

/*
 * Does it show a line (as line_fold() has it), at the foot or top of the
 * author's own text among count others, or anywhere?
 */
bool leaf_holds(const struct leaf *, const char *folded, enum block,
    unsigned count, bool anywhere);

/*
 * Plans to insert lines (struct edit_line): a banner at the top, a footer at
 * the end or above the quoted history, in either case above a signature block.
 * At most once for each.  False, and why, when they would not be seen.
 */
bool leaf_insert(struct leaf *, const GPtrArray *lines, enum block, bool above,
    const char **why);

/*
 * Adds what was planned to the edit.  False, and why, when that cannot be done
 * without harm; the edit may then hold a part of it.
 */
bool leaf_write(struct leaf *, struct edit *, const char **why);

#endif
