/*
 * The literals are a tree of their characters, and from each place of the text
 * it is walked down as far as the text goes with it.  Most places are done with
 * after one look at the table of all pairs of characters, which leads to the
 * nodes of the second level.
 *
 * There are two trees, of literals that stand anywhere and of those that begin
 * a word: most do, and most places are within one.  A literal of one character
 * is a pair of it and no character.
 */
#ifndef POLICY_PATTERN_LITERALS_PRIVATE_H
#define POLICY_PATTERN_LITERALS_PRIVATE_H

#include "policy/pattern/literals.h"

/*
 * Characters are numbered from 1; when there are more, the last ones share a
 * number: a literal is found too often then, never too seldom.
 */
enum { CODES_MAX = 64 };

/* A literal of a set. */
struct entry {
	char *codes; /* it is NUL-terminated: 0 is no code */
	struct width before;
	guint id;
	guint32 node; /* it ends there */
	bool word;
};

struct node {
	guint64 children;  /* a bit for each code */
	guint32 first;     /* node of the first child; the others follow */
	guint32 entry;     /* the literals that end here begin there … */
	guint32 entry_end; /* … and end before this one */
};

enum { ANYWHERE, AT_WORD, TREES };

struct literals {
	GArray *entries; /* struct entry; sorted once it is sealed */
	GArray *nodes;   /* struct node; 0 is none */
	guint8 codes[256];
	guint codes_used;
	guint sets;
	/* Of each tree, the node for a pair of codes. */
	guint32 pairs[TREES][CODES_MAX][CODES_MAX];
};

static inline const struct entry *
entry_at(const struct literals *l, guint i)
{
	return &g_array_index(l->entries, struct entry, i);
}

static inline struct node *
node_at(const struct literals *l, guint i)
{
	return &g_array_index(l->nodes, struct node, i);
}

#endif
