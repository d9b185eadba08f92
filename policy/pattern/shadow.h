/*
 * A text and its regexes for a machine that knows bytes only.  In the shadow of
 * a text every character beyond ASCII is one and the same byte, so that a
 * character is a byte and no table of Unicode is needed; the shadow of a regex
 * matches the shadow of every text that the regex matches, from the same
 * character to the same character, and more.
 *
 * A struct shadow_text belongs to one thread.
 */
#ifndef POLICY_PATTERN_SHADOW_H
#define POLICY_PATTERN_SHADOW_H

#include "policy/pattern/width.h"

/*
 * In the dialect of Hyperscan without UTF-8; NULL when the regex, which
 * compiles, has something that is better left to PCRE2.  The caller frees.
 */
char *shadow_regex(const char *regex, struct width *);

/* What stands in a shadow for a character beyond ASCII; and in a regex's. */
#define SHADOW_BEYOND_TEXT "\x80"
#define SHADOW_BEYOND "\\x80"

/*
 * A character as it stands in folded texts: ASCII letters are small, any digit
 * is "0", any white space " ", the others beyond ASCII SHADOW_BEYOND_TEXT.  Two
 * that are the same but for their case are the same.
 */
char shadow_fold(gunichar);

/* A class, a type such as \d, as a part of a shadow. */
struct shadow_class {
	bool may[128];	/* the ASCII characters that it may match */
	bool must[128];	/* those that it matches for sure */
	bool beyond;	/* it may match others … */
	bool vague;	/* … and white space or digits among them */
	bool negated;
};

/*
 * Reads the class at *p, which becomes what stands behind it; false when it is
 * better left to PCRE2.
 */
bool shadow_class_read(struct shadow_class *, const char **p);
/* \d, \W, \h, … */
bool shadow_class_type(struct shadow_class *, char type);
/* \p{Lu} */
void shadow_class_property(struct shadow_class *, const char *p);
void shadow_class_write(const struct shadow_class *, GString *);
enum width_kind shadow_class_kind(const struct shadow_class *);

/*
 * The escapes that stand for one character, in a class or not; false for all
 * others.
 */
bool shadow_escaped_char(const char **p, gunichar *);
/* Behind \p{Lu} or \pL. */
const char *shadow_property_end(const char *p);
/* Behind the parenthesis that closes the one at p. */
const char *shadow_group_end(const char *p);

/* Caseless, these are "s" and "k". */
enum { SHADOW_LONG_S = 0x17f, SHADOW_KELVIN = 0x212a };

/* Every so many characters it is kept where they stand in the text. */
enum { SHADOW_STEP = 16 };

struct shadow_text {
	const char *bytes;	/* the text itself when it is ASCII */
	gsize len;
	gsize source_len;
	const char *source;
	bool blurred;	/* a character is, whatever its case, the same as an
			 * ASCII letter: the shadows of regexes miss it */
	GString *buffer;
	GString *folded;	/* the text by shadow_fold() */
	GArray *marks;	/* gsize: the bytes before character 0, SHADOW_STEP, …;
			 * empty when the text is ASCII */
};

void shadow_text_init(struct shadow_text *);
void shadow_text_clear(struct shadow_text *);
/* Of valid UTF-8, which the caller keeps. */
void shadow_text_set(struct shadow_text *, const char *text, gsize len);
/* Bytes of the text before a character, of which the last is its end. */
gsize shadow_text_offset(const struct shadow_text *, gsize character);
struct runs shadow_text_runs(const struct shadow_text *);

#endif
