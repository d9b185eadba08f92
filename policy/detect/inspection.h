/*
 * What the detectors find in one content of a message: its text, or its
 * attachments.  Each detector runs when a rule first asks for what it finds,
 * and at most once.
 *
 * An inspection belongs to the thread of its message and borrows all that it
 * is made of.
 */
#ifndef POLICY_DETECT_INSPECTION_H
#define POLICY_DETECT_INSPECTION_H

#include "policy/detect/detectors.h"
#include "policy/facts.h"
#include "policy/text/content.h"

struct policy;
struct inspection;

/* headers: NULL for the attachments, which have none of their own. */
struct inspection *inspection_new(const struct policy *,
    const struct header_facts *headers, const struct content *, day on);
void inspection_free(struct inspection *);

const struct content *inspection_content(const struct inspection *);
/* The segment of a finding, or NULL when it was found in a header. */
const struct segment *inspection_segment(
    const struct inspection *, guint segment);

/* As the detectors return them; empty without patterns for them. */
const GPtrArray *inspection_markings(struct inspection *);
const GPtrArray *inspection_secrets(struct inspection *);
const GPtrArray *inspection_acts(struct inspection *);
const GPtrArray *inspection_names(struct inspection *);
const GPtrArray *inspection_phrases(struct inspection *);
/* Runs those that have not run yet. */
void inspection_run_all(struct inspection *);
/* Did one that ran meet a limit, so that there may be more? */
bool inspection_was_cut(const struct inspection *);
/* Does the history that the message carries offer something at a price? */
bool inspection_quotes_offer(struct inspection *);
/* The contradiction between its markings, or NULL. */
const char *inspection_contradiction(struct inspection *);

#endif
