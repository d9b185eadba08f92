/*
 * councilctl score: a detector's answers held against labelled lines.
 *
 * A detector gives one answer to each sample.  What its label wants is such an
 * answer, too; "" is the answer that there is nothing.
 */
#ifndef MILTER_CTL_SCORE_H
#define MILTER_CTL_SCORE_H

#include <glib.h>
#include <stdbool.h>

#include "policy/detect/detectors.h"
#include "policy/facts.h"
#include "policy/level.h"
#include "policy/text/content.h"

/* One labelled line, made a message. */
struct sample {
	char *kind;		/* "mark/plain" */
	char *position;		/* "subject", …; "" when the label has none */
	char *text;		/* as it stands in the file */
	struct content *content;
	struct header_facts *headers;
};

/* label<TAB>text; NULL when there is no tab. */
struct sample *sample_new(const char *line);
void sample_free(struct sample *);

struct answer {
	const char *text;	/* static */
	enum level level;	/* of the surest finding; LEVEL_ANY where there
				 * is none, or the detector has no levels */
};

struct scorer {
	const char *name;	/* "marking" */
	gsize rules;		/* offset of its rules in struct detectors */
	/* The answer that a kind wants; NULL: the line does not count. */
	const char *(*wanted)(const char *kind);
	struct answer (*answer)(
	    const struct detectors *, const struct sample *);
};

/* NULL after the last. */
const struct scorer *score_scorer(guint i);

typedef struct sample sample; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sample, sample_free)

#endif
