/*
 * The pieces of a line of a sign-off, and what stands in them.  Only
 * policy/detect/names*.c include this header.
 *
 * A sign-off is read line by line, a line piece by piece: commas, slashes and
 * the like divide it, and so does "on behalf of".
 */
#ifndef POLICY_DETECT_NAMES_PIECES_H
#define POLICY_DETECT_NAMES_PIECES_H

#include "policy/detect/names_private.h"

/* The lines, and all that the rules see in them. */
struct sheet {
	const struct lines *lines;
	const GArray *hits;	/* struct hit; offsets count from lines->start */
};

struct piece {
	gsize start, end;	/* in the text */
	bool first;		/* of its line */
	bool alone;		/* blank lines around, or the text's ends */
};

/* The words of a piece beside its titles, cues and bodies. */
struct words {
	guint capital;		/* that begin like names */
	guint small;		/* that do not, and are no connectors */
	guint other;		/* numbers, addresses */
	bool linked;		/* a connector before the first of capital */
	gsize start;		/* of the first of capital */
};

const char *sheet_at(const struct sheet *, gsize p);
/* Where a hit stands in the text. */
gsize sheet_hit_start(const struct sheet *, const struct hit *);
gsize sheet_hit_end(const struct sheet *, const struct hit *);
/* A title that somebody holds, not "the council as such". */
bool hit_is_title(const struct hit *);

/*
 * For going through the hits of a piece: i begins as sheet_hits_from() its
 * start; NULL at its end.
 */
guint sheet_hits_from(const struct sheet *, gsize p);
const struct hit *piece_next_hit(
    const struct sheet *, const struct piece *, guint *i);

/* Where a piece that begins at start ends: before something that divides. */
gsize piece_end(const struct sheet *, gsize start, gsize line_end);
struct words piece_words(const struct sheet *, const struct piece *);
bool piece_has(const struct sheet *, const struct piece *, enum cue);
/* The last title in it, or NULL. */
const struct hit *piece_title(const struct sheet *, const struct piece *);
/* A sentence, or part of one, rather than a line of a sign-off? */
bool piece_is_prose(const struct sheet *, const struct piece *,
    const struct words *);
/*
 * A whole line: a full stop after more than a few words ends a sentence, unless
 * it began like "Sent on behalf of".
 */
bool piece_is_sentence(const struct sheet *, const struct piece *line);
/* "cc: …" and "Enc." end a sign-off. */
bool piece_closes(const struct sheet *, const struct piece *line);
/*
 * "Leader article", "Clerk training": a small word right behind a title that
 * has a capital makes it part of something else.
 */
bool piece_has_attribute(
    const struct sheet *, const struct piece *, const struct hit *title);
/* "for" between a title and a place is nobody's: "Councillor for Mill Ward" */
bool sheet_follows_title(const struct sheet *, const struct hit *cue);
/* "On behalf of Woodland Parish Council": by authority, not for somebody. */
bool piece_is_for_council(
    const struct sheet *, const struct piece *, const struct hit *cue);

#endif
