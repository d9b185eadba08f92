/*
 * The blocks of a pattern file that concern markings, read: what marks, what
 * is a mere mention, and what is said about a marking.  The syntax is described
 * at the head of conf/patterns/markings.patterns.
 *
 * Private to the marking detector.  Read-only after marking_rules_new().
 */
#ifndef POLICY_DETECT_MARKING_RULES_H
#define POLICY_DETECT_MARKING_RULES_H

#include "policy/detect/marking.h"
#include "policy/pattern/matcher.h"

/* What a regex of the rules is for. */
enum marking_use {
	/* Of "marking": how the words must stand. */
	USE_ALONE,  /* a heading or a piece of one by itself */
	USE_BEGINS, /* a title begins with them */
	USE_ENDS,   /* a title ends with them */
	USE_NAMED,  /* anywhere in a file's name */
	USE_OPENS,  /* a sentence begins with them */
	USE_SAYS,   /* anywhere in a sentence */
	USE_UNLESS, /* what cancels this marking only */
	USE_WITH,   /* what a sentence that says it must have, too */
	/* Of other blocks. */
	USE_MENTION,
	USE_DETAIL,
	USE_COUNT
};

/* How far from the words a mention reaches. */
enum mention_scope { WITHIN_SENTENCE, WITHIN_LINE, WITHIN_PARAGRAPH };

enum detail_kind {
	DETAIL_SCOPE,     /* what is in confidence, and for whom */
	DETAIL_REASON,    /* why */
	DETAIL_PARAGRAPH, /* the paragraph of the law */
	DETAIL_TIME,      /* when an embargo ends */
	DETAIL_RELEASE,   /* for everybody: contradicts a marking */
	DETAIL_COUNT
};

/* A block of the kind "marking", "mention" or "detail". */
struct marking_rule {
	char *name;
	struct place place;
	char *kind;               /* marking */
	unsigned places;          /* marking: bits of 1 << marking_place */
	bool needs_with;          /* marking: it has such a clause */
	bool needs_time;          /* marking */
	bool not_public;          /* marking: contradicts a release */
	unsigned cancels;         /* mention: bits of 1 << marking_use */
	enum mention_scope scope; /* mention */
	enum detail_kind detail;  /* detail */
	GPtrArray *despite;     /* marking: char *, mentions that do not count,
				 * in the order of despite_places */
	GArray *despite_places; /* struct place */
	char *as;               /* detail: "Schedule 12A, paragraph {number}" */
};

/* A regex, by the id that the matcher gave it. */
struct marking_word {
	enum marking_use use;
	const struct marking_rule *rule;
	struct place place;
};

/* A header field whose value, exactly, is a marking. */
struct marking_field {
	char *name, *value;
	const struct marking_rule *rule;
};

/* "match in subject" and "no match". */
struct marking_example {
	const struct marking_rule *rule;
	enum marking_place where;
	bool wanted;
	char *text;
	struct place place;
};

struct marking_rules {
	GPtrArray *rules; /* struct marking_rule */
	struct matcher *matcher;
	GArray *words;      /* struct marking_word, by regex id */
	GArray *fields;     /* struct marking_field */
	GHashTable *labels; /* folded id or name to const struct
			     * marking_rule * */
	GArray *examples;   /* struct marking_example */
};

#endif
