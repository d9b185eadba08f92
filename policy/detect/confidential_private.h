/*
 * What the files of the evidence detector share: rules as they are read, hits
 * as they are found.
 *
 * A text is held against all anchors first.  Only around an anchor are cues
 * looked for, what is near it and what lowers it, so that an ordinary mail,
 * which has no anchor, costs one pass.
 */
#ifndef POLICY_DETECT_CONFIDENTIAL_PRIVATE_H
#define POLICY_DETECT_CONFIDENTIAL_PRIVATE_H

#include <glib.h>
#include <stdbool.h>

#include "policy/detect/confidential.h"
#include "policy/detect/identifier.h"
#include "policy/pattern/matcher.h"

enum {
	SENTENCE_MAX = 400, /* bytes to either side of an anchor */
	WITHIN_MAX = 1000,  /* characters */
	CLAUSES_MAX = 16,   /* near, and lowered by, for one piece of
			     * evidence with its category's */
};

/* Something that makes an anchor surer, or less sure. */
struct cue {
	GArray *ids;      /* guint, in rules->cue_matcher */
	bool in_sentence; /* else within so many characters */
	guint within;
	double weight;  /* what it gains, or the factor it leaves */
	guint identity; /* clauses of the same regexes share one, and
			 * count once in a window */
};

/* A kind of confidential information. */
struct category {
	char *name, *title;
	struct place place;
	GPtrArray *near, *lowered; /* struct cue: for all of its evidence */
};

/* A piece of evidence of a category. */
struct evidence {
	const struct category *category;
	GPtrArray *near, *lowered; /* struct cue, its own and then the
				    * category's; owned by whom they are of */
	bool checked;
	enum identifier validator; /* when checked */
};

/* A regex of an evidence block; its index is its id in anchor_matcher. */
struct anchor {
	const struct evidence *evidence;
	double confidence;
};

/* A text that must, or must not, be found to be of a category. */
struct example {
	char *text;
	const struct category *category;
	enum level level;
	bool matches;
	struct place place;
};

struct confidential_rules {
	GPtrArray *categories; /* struct category */
	GPtrArray *evidence;   /* struct evidence */
	GArray *anchors;       /* struct anchor */
	GPtrArray *examples;   /* struct example */
	GPtrArray *cues;       /* struct cue: owns all of them */
	struct matcher *anchor_matcher, *cue_matcher;
	bool compiled;             /* else the rules find nothing */
	struct bank_tables *banks; /* or NULL */
	gsize reach; /* bytes around an anchor that cues may be in */
};

/* An anchor in a text, with what was found near it. */
struct hit {
	const struct anchor *anchor;
	gsize start, end;
	double confidence; /* the anchor's own */
	double factor;     /* left by what lowers it; 1: nothing does */
	guint near;        /* bits: clauses of evidence->near that hold */
};

/*
 * The hits in a text, struct hit, ascending by start.  The text is that of a
 * passage: what is one person's, or one document.  *cut becomes true when a
 * limit was met, so that there may be more.
 */
GArray *confidential_hits(const struct confidential_rules *, const char *text,
    gsize len, bool *cut);

/* The best window of a category among the hits of a text. */
struct window {
	double probability;    /* 0: there is none */
	const struct hit *hit; /* its surest anchor */
	guint count;           /* distinct anchors in the whole text */
};
struct window confidential_combine(
    const GArray *hits, const struct category *, const char *text);

/* The anchor as it may be shown; the caller frees. */
char *confidential_phrase(const char *text, gsize len, bool identifier);

#endif
