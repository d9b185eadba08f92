/*
 * The words, texts and regexes of a pattern file.  Only the reader of
 * policy/pattern includes this header.
 */
#ifndef POLICY_PATTERN_SCAN_H
#define POLICY_PATTERN_SCAN_H

#include "policy/pattern/file.h"

/* Where the reader stands.  The text is valid UTF-8 and ends with NUL. */
struct scanner {
	const char *file;	/* interned */
	const char *p;
	unsigned line, column;
	GHashTable *lets;
	struct diags *diags;
	unsigned let_depth;	/* of the fragments met in this statement */
};

/* Goes on behind the text, whose end is given. */
void scan_advance(struct scanner *, const char *to);
/* From where the scanner stands to end. */
struct place scan_place(const struct scanner *, const char *end);
/* From any place of the line on which the scanner stands. */
struct place scan_place_at(
    const struct scanner *, const char *from, const char *end);

/* Skips spaces and a comment; true at the end of a line or of the file. */
bool scan_line_ends(struct scanner *);
/* Skips blank lines and comments to the line that says something. */
void scan_skip_lines(struct scanner *);

/* The next token of the line, which does not end here; NULL after a fault. */
struct pattern_token *scan_token(struct scanner *);
void pattern_token_free(void *);

/*
 * The regex that stands in [p, end), slashes taken off, with fragments and
 * spaces expanded.  Faults are told; what is returned always compiles.
 */
char *expand_regex(struct scanner *, const char *p, const char *end);

/*
 * The ends of what begins at p, none behind the end of its line: a fragment's
 * name in braces (NULL when it is something else), a backslash with what
 * belongs to it (\d, \p{Lu}), a character class.
 */
const char *expand_span(const char *p);
const char *expand_escape_end(const char *p);
const char *expand_class_end(const char *p);
/* The end of "[:alpha:]" inside a class; p itself when it is something else. */
const char *expand_posix_end(const char *p);

#endif
