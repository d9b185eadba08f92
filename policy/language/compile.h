/*
 * A policy while it is being read: what lexer, grammar, builders and checks
 * share.  Only they include this header.
 *
 * policy_parse() makes one struct compiler, the grammar fills it, the checks
 * settle names and find faults, and it is gone before the policy is returned.
 * Whatever the policy keeps is in the policy's arena.
 */
#ifndef POLICY_LANGUAGE_COMPILE_H
#define POLICY_LANGUAGE_COMPILE_H

#include "policy/language/arena.h"
#include "policy/pattern/file.h"
#include "policy/policy.h"

/* Bounds; each has its own message. */
enum {
	POLICY_FILE_MAX = 1024 * 1024,	/* bytes of one file */
	POLICY_FILES_MAX = 64,		/* files of one policy */
	POLICY_INCLUDE_MAX = 8,		/* includes within includes */
	POLICY_NESTING_MAX = 32,	/* parentheses in parentheses */
	POLICY_TESTS_MAX = 100,		/* tests of one rule */
	POLICY_TEXT_MAX = 500,		/* characters of a text in quotes */
	POLICY_NUMBER_MAX = 1000000,
};

/* A word or text, and where it stands. */
struct named {
	char *text;
	struct place place;
};

/* One file.  files[0] of the compiler is the policy itself. */
struct reading {
	const char *file;		/* interned */
	const struct reading *parent;	/* who includes it, or NULL */
	struct place included;		/* and where */
	guint64 device, inode;		/* 0, 0: not a file */
	GArray *tokens;			/* struct token */
	guint next;			/* which one the parser gets next */
	guint depth;			/* of includes */
};

/* Settings that may stand only once. */
enum setting {
	SET_COUNCIL,
	SET_DOMAINS,
	SET_DELIMITER,
	SET_ROSTER,
	SET_ALIASES,
	SET_NETWORKS,
	SET_REPORTS,
	SET_MODE,
	SET_ARCHIVE,
	SET_EXEMPT,
	SET_SIGNED,
	SET_ENCRYPTED,
	SET_PHRASES,
	SET_ALL_ABOVE,
	SETTING_COUNT
};

/* A class that the policy defines. */
struct definition {
	struct class *class;	/* its members are set by the checks */
	GPtrArray *members;	/* struct class: as written */
	enum { DEFINITION_NEW, DEFINITION_OPEN, DEFINITION_DONE } state;
	bool used;
};

/* A use of a class, or of somebody who gets reports. */
struct use {
	struct class *class;
	bool who;	/* a role, a person or an address; no class */
};

/* A rule, and where its parts stand; line 0: not given. */
struct draft {
	struct rule *rule;
	struct place start;	/* of the word "rule" */
	struct place mode, active, from, to, when, then, failure;
	unsigned tests, nesting;
	bool mixed;	/* "and" and "or" met without parentheses */
	bool broken;	/* some of it could not be read */
};

/* A case of the policy's own tests, with the places of its names. */
struct trial {
	struct expectation *expectation;
	GPtrArray *rules;	/* struct named */
	struct named from;	/* text: NULL if not given */
	GPtrArray *to, *cc, *bcc;	/* struct named */
	struct place on;
	bool broken;
};

struct compiler {
	struct policy *policy;
	struct diags *diags;
	GPtrArray *files;		/* struct reading */
	struct reading *reading;	/* the current file */
	bool broken;			/* something could not be read … */
	bool names_lost;		/* … not even what it is called */

	struct place given[SETTING_COUNT];	/* line 0: not given */
	GPtrArray *domains;		/* struct named */
	GPtrArray *patterns;		/* struct pattern_file */
	GHashTable *lets;		/* their fragments */
	GPtrArray *equivalents;		/* struct named: other, main, other… */
	GPtrArray *languages;		/* struct named, of the footers */
	struct named roster, aliases;	/* text: path, or NULL */
	char *delimiters;		/* or NULL */

	GPtrArray *definitions;		/* struct definition */
	GHashTable *by_name;		/* name -> struct definition */
	GPtrArray *uses;		/* struct use */
	GPtrArray *drafts;		/* struct draft */
	GHashTable *rules;		/* name -> struct draft, the first */
	struct draft *draft;		/* the rule being read */
	GPtrArray *trials;		/* struct trial */
	struct trial *trial;		/* the case being read */
};

/*
 * Adds a finding, followed by a note for every file that includes the one it
 * is in.
 */
void compile_report(struct compiler *, enum diag_level, const struct place *,
    const char *fmt, ...) G_GNUC_PRINTF(4, 5);
/* Adds a note to the finding before. */
void compile_note(struct compiler *, const struct place *, const char *fmt,
    ...) G_GNUC_PRINTF(3, 4);

/* A second "what" where one may stand: an error with a note. */
void compile_again(struct compiler *, const struct place *, const char *what,
    const struct place *before);

/*
 * Reads another file into the policy being read; where is the file name of
 * the include.
 */
void compile_include(
    struct compiler *, const struct place *where, const char *name);
/* A file name relative to the file that names it, in the arena. */
char *compile_relative(struct compiler *, const char *name);

#endif
