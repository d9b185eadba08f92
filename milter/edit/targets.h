/*
 * Which parts of a message its reader sees as the text of it, where a footer
 * or a banner belongs.
 */
#ifndef MILTER_EDIT_TARGETS_H
#define MILTER_EDIT_TARGETS_H

#include <glib.h>

#include "milter/edit/compose.h"

struct targets {
	GPtrArray *parts;	/* const struct part, in order; never edited
				 * ones (signed…) are among them */
	const char *obstacle;	/* why not all that is displayed can be edited,
				 * or NULL */
};

/*
 * The last inline text of a message for a footer, the first for a banner; of
 * alternatives each.
 */
void targets_find(
    struct targets *, const struct part *root, enum block);
void targets_clear(struct targets *);

/*
 * Why nothing may be changed or wrapped, whatever the policy says, in a
 * message without a target: it is for machines.  NULL if it is not.
 */
const char *targets_forbidden(const struct part *root);

#endif
