/*
 * The literals that a part of a regex needs, from those of its own parts.
 *
 * As long as they are few, all the texts that a part matches are kept, so that
 * what follows makes them longer: "(I|we) will" needs "i will" or "we will".
 * When they become too many, or something follows that matches anything, those
 * so far are a set of literals, one of which is needed, and it begins anew.
 * Alternatives that need different sets are cases.  With each literal goes how
 * much of a match can stand before it.
 *
 * Texts belong to a chunk, in which equal ones are the same.
 */
#ifndef POLICY_PATTERN_PART_H
#define POLICY_PATTERN_PART_H

#include "policy/pattern/required.h"

/* Texts that are kept of a part, at most. */
enum { PART_TEXTS_MAX = 96 };

/* Begins a text that stands at the beginning of a word, if it has letters. */
#define PART_WORD "\b"

/* One of the literals is there. */
struct part_set {
	GArray *literals; /* struct literal */
	double cost;      /* how much it costs to look for it, about */
};

struct part {
	GPtrArray *texts; /* char *: all that it matches, or NULL */
	/*
	 * The ways in which it can match, GPtrArray of struct part_set, the most
	 * telling first: from each set a literal is there.  NULL or a way without
	 * sets: nothing is known.
	 */
	GPtrArray *cases;
	struct width width;
	enum width_kind kind;
	bool repeated;    /* it matches one or more of texts in a row */
	bool ahead;	  /* it only looks: the cases stand behind it */
};

void part_clear(struct part *);
/* As it is; what becomes of one does not touch the other. */
struct part part_copy(const struct part *);
/* The set of one text. */
GPtrArray *part_texts(GStringChunk *, const char *text);
/* Adds a text that is not there; false when they are too many. */
bool part_add_text(GPtrArray *texts, char *text, guint max);
/* It may stand any number of times from min to max, or WIDTH_NO_MAX. */
void part_repeat(struct part *, GStringChunk *, guint min, guint max);
/* Gains what another can be in its place. */
void part_unite(struct part *, const struct part *);

/* Parts one behind the other. */
struct sequence {
	GStringChunk *chunk;
	GPtrArray *run;		/* what the last parts match */
	struct width before;	/* … which stands behind so much */
	struct width width;	/* of all parts */
	GPtrArray *cases;	/* as in struct part */
	bool whole;		/* the run is of all parts */
};

void sequence_init(struct sequence *, GStringChunk *);
void sequence_append(struct sequence *, const struct part *);
/* The sequence as one part; it is gone then. */
struct part sequence_end(struct sequence *);

#endif
