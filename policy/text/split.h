/*
 * Whose words a text is made of: the author's own, history that it quotes, a
 * message that it passes on, sign-off blocks, disclaimers, and our own earlier
 * footers.  Pure language: what the mail format knows comes in as hints.
 *
 * Time and memory are linear in the text.  Pure functions.
 */
#ifndef POLICY_TEXT_SPLIT_H
#define POLICY_TEXT_SPLIT_H

#include <glib.h>
#include <stdbool.h>

#include "policy/text/content.h"

/* What words are written in, as people tell their answers from a question. */
enum ink {
	INK_PLAIN,
	INK_RED,
	INK_GREEN,
	INK_BLUE,
	INK_PURPLE,
	INK_YELLOW, /* behind them */
};

/* What the format of a text says of one line; plain text says nothing. */
struct line_hint {
	unsigned quotes;     /* elements around it that quote */
	unsigned containers; /* elements around it that hold history with
			      * its attribution */
	unsigned indents;    /* block quotations that may be either */
	bool mixes;          /* its container may hold the author's own
			      * words between quotations */
	bool over;           /* all from here on is history */
	bool signature;      /* in a signature block */
	bool footer;         /* in an insertion of ours */
	unsigned inks;       /* 1 << enum ink of each word of the line */
};

struct split_input {
	const char *text; /* normalised */
	gsize len;
	const struct line_hint *hints; /* one a line, or NULL */
	const char *author;            /* display name of From, or NULL */
	bool expected;   /* history is: it is a reply or a forward */
	bool forward;    /* it says that it is a forward */
	bool paragraphs; /* each line is a paragraph, as in HTML */
};

/* Who wrote something, as its attribution or header block says. */
struct writer {
	char *name, *address; /* either may be NULL */
};

/* A piece of one line, of one origin. */
struct piece {
	enum origin origin;
	gsize start, end; /* in the text, without quote marks, the space
			   * after them and the line end */
	unsigned depth;   /* 1 for the newest history; 0: own */
	int writer;       /* index in split.writers, or -1 */
};

struct split {
	GArray *pieces;     /* struct piece, ascending; lines without words
			     * have one too */
	GPtrArray *writers; /* struct writer */
};

struct split *text_split(const struct split_input *);
void split_free(struct split *);

typedef struct split split; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(split, split_free)

#endif
