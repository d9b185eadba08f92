/*
 * What the parts of the names detector share: the words of names.patterns, the
 * people of the roster as they are named in a line, and the lines of a
 * sign-off.  Only policy/detect/names*.c include this header.
 */
#ifndef POLICY_DETECT_NAMES_PRIVATE_H
#define POLICY_DETECT_NAMES_PRIVATE_H

#include "policy/detect/names.h"
#include "policy/pattern/matcher.h"

/* The words around names and titles, in the order of the names in rules.c. */
enum cue {
	/* looked for in whole texts */
	CUE_VALEDICTION,
	CUE_THANKS,
	CUE_SIGNED,
	CUE_SALUTATION,
	CUE_WRITES_FOR,
	CUE_CAPACITY,
	CUE_RECORD,
	/* looked for in the lines of a sign-off or letterhead */
	CUE_FOR_ANOTHER,
	CUE_FIRST_OF_LINES = CUE_FOR_ANOTHER,
	CUE_PRIVATE,
	CUE_OTHER_BODY,
	CUE_LETTERHEAD,
	CUE_CLOSE,
	CUE_SENTENCE,
	CUE_COUNT
};

/* An office as a block of names.patterns describes it. */
struct office {
	char *name; /* "vice-chair" */
	enum name_office as;
	int role; /* enum role, or -1 */
};

/* A title or a cue in a text: [start, end). */
struct hit {
	gsize start, end;
	const struct office *office; /* NULL: a cue */
	enum cue cue;
};

/*
 * The cues of a whole text, and titles and cues of a few lines; ascending by
 * start.  What an "unless" overlaps is not there.  Offsets count from text.
 */
GArray *name_rules_cues(const struct name_rules *, const char *text, gsize len);
GArray *name_rules_hits(const struct name_rules *, const char *text, gsize len);

/* How somebody of the roster was named. */
enum naming { NAMED_NOT, NAMED_SURNAME, NAMED_INITIALS, NAMED_FULL };

struct naming_of {
	enum naming naming;
	const struct person *person; /* NULL: several are named so */
	enum name_office office;     /* by the roster; of several, of all */
	gsize start;                 /* of the name in the text */
};

/*
 * Who of those in post is named in text: by the full name, by initials and
 * surname, and where titled also by the surname alone.  as: the office of the
 * title before it, or OFFICE_NONE; a name shared by two is then that one's
 * whose office it is.
 */
struct naming_of name_people_find(const struct roster *, const char *text,
    gsize len, bool titled, enum name_office as, day on);
/* "Jane Jones" for "Jones, Jane"; NULL for what has not one comma. */
char *name_turn(const char *display_name);
/* The office that somebody holds by the roster. */
enum name_office name_office_of(const struct person *, day on);

/* The lines of a sign-off. */
struct lines {
	const char *text;
	gsize start, end;
	bool closing; /* after a valediction, or a signature */
};

/* A name that a sign-off has; offsets count from the text. */
struct signer {
	const struct office *first; /* title, or NULL */
	enum name_office office;
	int role;
	struct naming_of who;
	bool named; /* there is a name, known or not */
	bool for_another, other_capacity;
	gsize start, end;
	double probability;
};

/*
 * Who signs: struct signer, in the order of the lines.  Never more than
 * SIGNERS_MAX.
 */
enum { SIGNERS_MAX = 8 };
GArray *name_signers(const struct name_rules *, const struct roster *,
    const struct lines *, day on);

/* Where the lines stand. */
enum lines_of {
	LINES_OF_MAIL,
	LINES_OF_LETTER,	 /* a document, which may be a letter */
	LINES_OF_GREETED_LETTER, /* its salutation stood on an earlier page */
};

/*
 * The last sign-off of a text: after its valediction; of a mail else at its
 * very end, of a letter with a salutation else where it is signed.  False when
 * there is none.
 */
bool name_lines_find(const struct name_rules *, const char *text, gsize len,
    const GArray *cues, enum lines_of, struct lines *);
bool name_cues_have(const GArray *cues, enum cue);
/* Where the lines of a sign-off end that begins at start, at the latest. */
gsize name_lines_end(const char *text, gsize len, gsize start);
/* The end of the line on which p stands, and whether it has nothing on it. */
gsize name_line_end(const char *text, gsize len, gsize p);
bool name_line_blank(const char *text, gsize start, gsize end);

#endif
