/*
 * Pattern files (council.patterns(5)): what the detectors look for, written so
 * that somebody who knows the language and not the program can keep them.
 *
 *	# The parish's own words.
 *	let sum     /£ ?\d[\d,.]*(?: ?(?:k|million))?/
 *	let hearing "disciplinary hearing", "grievance hearing"
 *
 *	evidence staff-hearing "a named employee's case"
 *	    category   staff
 *	    anchor     {hearing}, /suspended on full pay/
 *	    near       {person}, {sum} within 200
 *	    match      "Ms Tester's grievance hearing is on 4 July."
 *	    no match   "The grievance hearing procedure was reviewed."
 *
 * A statement begins in the first column, its clauses are indented, one a line;
 * a line that ends in a comma goes on in the next.  "#" begins a comment
 * outside texts and regexes.  This reader knows statements and clauses; what
 * they mean is the business of the detector whose block it is.
 *
 * Regexes stand between slashes ("\/" for a slash), texts between quotation
 * marks.  A regex is PCRE2 in UTF-8, caseless, with Unicode properties; a space
 * in it stands for any white space, line ends included.  {name} is the
 * fragment of that name, in parentheses of its own; outside a regex it is a
 * regex by itself.  A text where a regex is expected matches itself, at word
 * boundaries.
 *
 * A struct pattern_file owns everything reachable from it and is read-only.
 */
#ifndef POLICY_PATTERN_FILE_H
#define POLICY_PATTERN_FILE_H

#include <glib.h>
#include <stdbool.h>

#include "policy/diag.h"

/* Bounds; each has its own message. */
enum {
	PATTERN_FILE_MAX = 1024 * 1024,	/* bytes of one file */
	PATTERN_REGEX_MAX = 64 * 1024,	/* bytes of a regex, expanded */
	PATTERN_LET_DEPTH_MAX = 16,	/* fragments within fragments */
	PATTERN_BLOCKS_MAX = 5000,	/* blocks of one file */
};

enum pattern_token_kind {
	TOKEN_WORD,	/* category, within, by */
	TOKEN_TEXT,	/* "…", without the marks */
	TOKEN_REGEX,	/* /…/ or {name}: expanded, ready for a matcher */
	TOKEN_NUMBER,	/* 200, 0.8 */
	TOKEN_COMMA,
};

struct pattern_token {
	enum pattern_token_kind kind;
	char *text;	/* of all kinds */
	double number;
	struct place place;
};

struct pattern_clause {
	char *key;		/* the first word: "anchor", "no" */
	struct place place;	/* of the key */
	GPtrArray *tokens;	/* struct pattern_token, after the key */
};

struct pattern_block {
	char *kind;		/* "evidence", "marking", "act", … */
	char *name;		/* "staff-hearing" */
	char *title;		/* or "" */
	struct place place;	/* of the name */
	GPtrArray *clauses;	/* struct pattern_clause */
};

struct pattern_file {
	char *path;
	GPtrArray *blocks;	/* struct pattern_block, in file order */
};

/* A fragment; one block of memory. */
struct pattern_let {
	struct place place;	/* of its name */
	unsigned depth;		/* of fragments within it, itself counted */
	char regex[];
};

/* Fragments by name: char * to struct pattern_let *, both freed with it. */
GHashTable *pattern_lets_new(void);

/*
 * Reads one file's text.  lets: pattern_lets_new(), shared by the files of a
 * policy in the order in which they are included; gains this file's, which
 * take the place of earlier files' of the same name.  All faults go to diags;
 * never NULL.
 */
struct pattern_file *pattern_file_read(const char *path, const char *text,
    gsize len, GHashTable *lets, struct diags *);
void pattern_file_free(struct pattern_file *);

/* The regex that matches a text at word boundaries; the caller frees. */
char *pattern_literal(const char *text);

typedef struct pattern_file pattern_file; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pattern_file, pattern_file_free)

#endif
