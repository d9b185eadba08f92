/*
 * Where in a text matches of regexes may begin, collected while the text is
 * gone through.
 *
 * A struct windows belongs to one thread.
 */
#ifndef POLICY_PATTERN_WINDOWS_H
#define POLICY_PATTERN_WINDOWS_H

#include "policy/pattern/shadow.h"

struct windows;

/* A match of the regex may begin from first to last, both at a character. */
struct window {
	guint id;
	gsize first, last;
};

/* ids are less than count. */
struct windows *windows_new(guint count);
void windows_free(struct windows *);

/* For another text. */
void windows_begin(struct windows *);
/*
 * Offsets are counts of characters.  It is best when last only grows;
 * otherwise, or when they are very many, what lies between windows of an id is
 * added too.
 */
void windows_add(struct windows *, guint id, gsize first, gsize last);

/* guint: those that have any. */
const GArray *windows_ids(const struct windows *);
/* Appends struct window, ascending and apart. */
void windows_take(const struct windows *, guint id, GArray *);

/* Makes those from start on ascend and be apart, as far as one id's go. */
void windows_merge(GArray *, guint start);
/*
 * Brings struct window in the order of their ids, ascending and apart, their
 * offsets counted in bytes of the text.
 */
void windows_sort(GArray *, const struct shadow_text *);

#endif
