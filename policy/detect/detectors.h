/*
 * All detectors of a policy, made from its pattern files.  Read-only once
 * made; any thread may use them.
 */
#ifndef POLICY_DETECT_DETECTORS_H
#define POLICY_DETECT_DETECTORS_H

#include <glib.h>

#include "policy/detect/confidential.h"
#include "policy/detect/marking.h"
#include "policy/detect/names.h"
#include "policy/detect/obligation.h"
#include "policy/detect/phrases.h"
#include "policy/diag.h"

/* Each is NULL when no pattern file has a block for it. */
struct detectors {
	GPtrArray *files;	/* struct pattern_file: the rules borrow them */
	struct marking_rules *marking;
	struct confidential_rules *confidential;
	struct obligation_rules *obligation;
	struct name_rules *names;
	struct phrase_rules *phrases;
};

/*
 * files: struct pattern_file, freed with the array; takes a reference.  Faults
 * go to diags; never NULL.
 */
struct detectors *detectors_new(GPtrArray *files, struct diags *);
void detectors_free(struct detectors *);
/* Tries the examples of all pattern files; every failure is an error. */
void detectors_try(const struct detectors *, struct diags *);

typedef struct detectors detectors; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(detectors, detectors_free)

#endif
