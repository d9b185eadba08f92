/*
 * Evidence that a text says something confidential, whether or not it is
 * marked: an anchor with what corroborates it within a window.
 *
 * Used like marking.h.
 */
#ifndef POLICY_DETECT_CONFIDENTIAL_H
#define POLICY_DETECT_CONFIDENTIAL_H

#include <glib.h>
#include <stdbool.h>

#include "policy/diag.h"
#include "policy/level.h"
#include "policy/pattern/file.h"
#include "policy/text/content.h"

/*
 * One category in one text (a message's own words; each attachment by itself;
 * what it quotes).
 */
struct secret {
	const char *category;	/* "staff", "tender", …; lives with the rules */
	const char *title;	/* for people: "information about an
				 * individual" */
	double probability;	/* 1 - prod(1 - c) of the best window */
	guint segment;		/* of the best window */
	gsize start, end;	/* the anchor there */
	guint count;		/* distinct anchors in this text */
	char *phrase;		/* the anchor, short, identifiers and names
				 * redacted ("AB****56C") */
	bool identifier;	/* it is an identifier: never quoted whole */
};

struct confidential_rules;

struct confidential_rules *confidential_rules_new(const GPtrArray *blocks,
    struct diags *);
void confidential_rules_free(struct confidential_rules *);
void confidential_rules_try(const struct confidential_rules *,
    struct diags *);
/* Is that a category of theirs? */
bool confidential_rules_have(const struct confidential_rules *,
    const char *category);

/*
 * struct secret, the most probable first, freed with the array.  *cut becomes
 * true when a limit was met, so that there may be more.
 */
GPtrArray *secrets_find(const struct confidential_rules *,
    const struct content *, bool *cut);

#endif
