/*
 * Markings: what says of itself that it is confidential, exempt, privileged,
 * embargoed, OFFICIAL-SENSITIVE.  A disclaimer is never a marking, nor is a
 * mention of one.
 *
 * The rules come from blocks of pattern files, are read-only once made, and
 * may be used by any thread.
 */
#ifndef POLICY_DETECT_MARKING_H
#define POLICY_DETECT_MARKING_H

#include <glib.h>
#include <stdbool.h>

#include "policy/diag.h"
#include "policy/facts.h"
#include "policy/pattern/file.h"
#include "policy/text/content.h"

enum marking_place {
	MARKING_SUBJECT,
	MARKING_HEADER,		/* Sensitivity, msip_labels, … */
	MARKING_TOP,		/* first lines of the text */
	MARKING_BOTTOM,		/* a line by itself at the end */
	MARKING_BODY,		/* elsewhere in the text, said in so many words
				 * ("I send you this in confidence") */
	MARKING_ATTACHMENT,	/* file name, first page, document property */
	MARKING_PLACE_COUNT
};
const char *marking_place_name(enum marking_place);

/* One marking. */
struct marking {
	const char *kind;	/* of the block: "confidential", "exempt",
				 * "privileged", "embargoed", "sensitive",
				 * "personal", "without-prejudice"; lives with
				 * the rules */
	enum marking_place place;
	enum origin origin;	/* whose words: OWN, QUOTED, FORWARDED,
				 * SUBJECT, ATTACHMENT, … */
	guint segment;		/* index in content->segments; G_MAXUINT for a
				 * header */
	gsize start, end;	/* in the segment's text */
	char *paragraph;	/* "Schedule 12A, paragraph 3", or NULL */
	char *descriptor;	/* handling and descriptor of OFFICIAL-
				 * SENSITIVE; the time of an embargo; or NULL */
	bool has_scope;		/* it says what is in confidence */
	bool has_reason;	/* … and why */
};

struct marking_rules;

/* blocks: struct pattern_block; those of other kinds are passed over. */
struct marking_rules *marking_rules_new(const GPtrArray *blocks,
    struct diags *);
void marking_rules_free(struct marking_rules *);
/* Is that a kind of theirs? */
bool marking_rules_have(const struct marking_rules *, const char *kind);
/* Tries the examples of the blocks; every failure is an error. */
void marking_rules_try(const struct marking_rules *, struct diags *);

/*
 * All markings, in the order of reading: struct marking, freed with the array.
 * headers may be NULL.  *cut becomes true when a limit was met, so that there
 * may be more.
 */
GPtrArray *markings_find(const struct marking_rules *,
    const struct header_facts *, const struct content *, bool *cut);
/*
 * A contradiction between them, in plain English ("FOR PUBLIC RELEASE and
 * OFFICIAL-SENSITIVE"), or NULL.  The caller frees.
 */
char *markings_contradiction(const struct marking_rules *,
    const GPtrArray *markings, const struct header_facts *,
    const struct content *);

#endif
