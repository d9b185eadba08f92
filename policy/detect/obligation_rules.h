/*
 * The blocks of pattern files that say what binds a council, made ready for
 * judging.  Private to obligation*.c.
 */
#ifndef POLICY_DETECT_OBLIGATION_RULES_H
#define POLICY_DETECT_OBLIGATION_RULES_H

#include "policy/detect/obligation.h"
#include "policy/pattern/matcher.h"

/* What a block's regexes find. */
enum role {
	ROLE_AUTHORITY, /* for whom somebody speaks */
	ROLE_ADDRESSEE, /* to whom */
	ROLE_ACT,       /* what is done by saying it */
	ROLE_CANCEL,    /* what makes it no act */
	ROLE_OFFER,     /* what an outsider's quoted letter offers */
	ROLE_COUNT
};

/* How far a cancelling regex reaches from where it is found. */
enum reach {
	REACH_CLAUSE, /* the clause it stands in */
	REACH_SENTENCE,
	REACH_TEXT, /* every sentence of the segment */
};

struct speech_block {
	enum role role;
	char *name;
	char *title;
	char *kind;          /* ACT */
	bool directive;      /* ACT */
	double weight;       /* AUTHORITY, ADDRESSEE, OFFER: what it adds;
			      * CANCEL: what it leaves */
	GPtrArray *despite;  /* ACT: names of CANCEL blocks that do not
			      * touch it */
	GPtrArray *needs;    /* ACT: names of AUTHORITY blocks, one of which
			      * must be in its sentence; empty: none */
	GPtrArray *examples; /* struct example */
	struct place place;
};

struct example {
	char *text;
	bool match;
	struct place place;
};

/* One regex of a block; its index is its id in the matcher. */
struct form {
	const struct speech_block *block;
	double weight;    /* ACT: how sure it is by itself */
	enum reach reach; /* CANCEL */
	bool before;      /* CANCEL: only what follows it */
};

struct obligation_rules {
	GPtrArray *blocks; /* struct speech_block */
	GArray *forms;     /* struct form, by id */
	struct matcher *matcher;
};

/* Judges the text as a message's own words; as acts_find() otherwise. */
GPtrArray *acts_in(const struct obligation_rules *, const char *text,
    gsize len, bool offered, bool *cut);
/* Does an offer stand in the text? */
bool offer_in(const struct obligation_rules *, const char *text, gsize len);

#endif
