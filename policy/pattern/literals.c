/*
 * The literals are a tree of their characters, and from each place of the text
 * it is walked down as far as the text goes with it.  Most places are done with
 * after one look at the table of all pairs of characters, which leads to the
 * nodes of the second level.
 *
 * There are two trees, of literals that stand anywhere and of those that begin
 * a word: most do, and most places are within one.
 */
#include <string.h>

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

struct literals_scratch {
	guint32 text;   /* counts texts */
	guint32 *met;   /* of each node: the text that it was met in last */
	guint32 *found; /* … of each set */
	GArray *sets;   /* guint: those found in this text */
};

/* One scan of one text. */
struct scan {
	const struct literals *literals;
	const char *text;
	gsize len;
	struct literals_scratch *scratch; /* which sets are there; or … */
	struct runs runs;                 /* … where the wanted ones are */
	const bool *wanted;
	struct windows *windows;
};

static void
entry_clear(void *p)
{
	g_free(((struct entry *)p)->codes);
}

struct literals *
literals_new(void)
{
	struct literals *l = g_new0(struct literals, 1);

	l->entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
	g_array_set_clear_func(l->entries, entry_clear);
	l->nodes = g_array_new(FALSE, TRUE, sizeof(struct node));
	g_array_set_size(l->nodes, 1);
	return l;
}

void
literals_free(struct literals *l)
{
	if (l == NULL)
		return;
	g_array_unref(l->entries);
	g_array_unref(l->nodes);
	g_free(l);
}

void
literals_add(struct literals *l, const struct literal *literal, guint id)
{
	struct entry entry = {
	    .codes = g_strdup(literal->text),
	    .before = literal->before,
	    .id = id,
	    .word = literal->word,
	};
	char *p;

	for (p = entry.codes; *p != '\0'; p++) {
		guint8 *code = &l->codes[(guchar)*p];

		if (*code == 0 && l->codes_used < CODES_MAX - 1)
			l->codes_used++;
		if (*code == 0)
			*code = (guint8)l->codes_used;
		*p = (char)*code;
	}
	g_array_append_val(l->entries, entry);
	l->sets = MAX(l->sets, id + 1);
}

static int
compare_entries(const void *p, const void *q)
{
	const struct entry *a = p, *b = q;
	int order = (int)a->word - (int)b->word;

	if (order == 0)
		order = strcmp(a->codes, b->codes);
	if (order == 0)
		order = a->id < b->id ? -1 : a->id > b->id;
	return order;
}

static const struct entry *
entry_at(const struct literals *l, guint i)
{
	return &g_array_index(l->entries, struct entry, i);
}

static struct node *
node_at(const struct literals *l, guint i)
{
	return &g_array_index(l->nodes, struct node, i);
}

/* The first of the entries that differs at depth from the one at start. */
static guint
group_end(const struct literals *l, guint start, guint end, guint depth)
{
	char code = entry_at(l, start)->codes[depth];
	guint i = start + 1;

	while (i < end && entry_at(l, i)->codes[depth] == code)
		i++;
	return i;
}

/* Makes a node of the entries from start to end, which agree up to depth. */
static void
build(struct literals *l, guint32 index, guint start, guint end, guint depth)
{
	struct node node = {.first = l->nodes->len, .entry = start};
	guint i, next;
	guint32 child = node.first;

	while (start < end && entry_at(l, start)->codes[depth] == '\0')
		start++;
	node.entry_end = start;
	for (i = start; i < end; i = group_end(l, i, end, depth)) {
		node.children |= G_GUINT64_CONSTANT(1)
				 << entry_at(l, i)->codes[depth];
		g_array_set_size(l->nodes, l->nodes->len + 1);
	}
	*node_at(l, index) = node;
	for (i = start; i < end; i = next) {
		next = group_end(l, i, end, depth);
		build(l, child++, i, next, depth + 1);
	}
}

void
literals_seal(struct literals *l)
{
	guint i, end;

	g_array_sort(l->entries, compare_entries);
	for (i = 0; i < l->entries->len; i = end) {
		const struct entry *entry = entry_at(l, i);
		guint32 *node = &l->pairs[entry->word ? AT_WORD : ANYWHERE][(
		    guchar)entry->codes[0]][(guchar)entry->codes[1]];

		for (end = i + 1; end < l->entries->len; end++)
			if (entry_at(l, end)->word != entry->word ||
			    strncmp(entry_at(l, end)->codes, entry->codes, 2) !=
				0)
				break;
		*node = l->nodes->len;
		g_array_set_size(l->nodes, l->nodes->len + 1);
		build(l, *node, i, end, 2);
	}
}

struct literals_scratch *
literals_scratch_new(const struct literals *l)
{
	struct literals_scratch *scratch = g_new0(struct literals_scratch, 1);

	scratch->met = g_new0(guint32, l->nodes->len);
	scratch->found = g_new0(guint32, l->sets);
	scratch->sets = g_array_new(FALSE, FALSE, sizeof(guint));
	return scratch;
}

void
literals_scratch_free(struct literals_scratch *scratch)
{
	if (scratch == NULL)
		return;
	g_free(scratch->met);
	g_free(scratch->found);
	g_array_unref(scratch->sets);
	g_free(scratch);
}

/* A node was met: the sets of which a literal ends there. */
static void
note_sets(const struct scan *scan, guint32 index, const struct node *node)
{
	struct literals_scratch *scratch = scan->scratch;
	guint i;

	if (scratch->met[index] == scratch->text)
		return;
	scratch->met[index] = scratch->text;
	for (i = node->entry; i < node->entry_end; i++) {
		guint set = entry_at(scan->literals, i)->id;

		if (scratch->found[set] == scratch->text)
			continue;
		scratch->found[set] = scratch->text;
		g_array_append_val(scratch->sets, set);
	}
}

/* … stand at start, and their first character ends at behind. */
static void
add_windows(
    const struct scan *scan, const struct node *node, gsize start, gsize behind)
{
	guint i;

	for (i = node->entry; i < node->entry_end; i++) {
		const struct entry *entry = entry_at(scan->literals, i);
		gsize before;

		if (!scan->wanted[entry->id])
			continue;
		before = width_in(entry->before, scan->runs);
		windows_add(scan->windows, entry->id,
		    start > before ? start - before : 0, behind - 1);
	}
}

/* Behind a character; white space is one however much of it there is. */
static inline gsize
step(const struct scan *scan, gsize i)
{
	if (scan->text[i++] == ' ')
		while (i < scan->len && scan->text[i] == ' ')
			i++;
	return i;
}

/* From a node of the second level, whose second character stands at i. */
static void
walk(const struct scan *scan, guint32 index, gsize start, gsize i)
{
	const struct node *node;
	gsize behind = step(scan, start);
	guint64 bit;

	for (;;) {
		node = node_at(scan->literals, index);
		if (node->entry < node->entry_end) {
			if (scan->scratch != NULL)
				note_sets(scan, index, node);
			else
				add_windows(scan, node, start, behind);
		}
		i = step(scan, i);
		if (i == scan->len)
			return;
		bit = G_GUINT64_CONSTANT(1)
		      << scan->literals->codes[(guchar)scan->text[i]];
		if ((node->children & bit) == 0)
			return;
		index = node->first +
			(guint)__builtin_popcountll(node->children & (bit - 1));
	}
}

static inline bool
is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

static void
scan_text(const struct scan *scan)
{
	const struct literals *l = scan->literals;
	gsize i, next;

	for (i = 0; i < scan->len; i = next) {
		bool in_word = i > 0 && is_word(scan->text[i - 1]);
		guint8 a, b;

		next = step(scan, i);
		if (next == scan->len)
			return;
		a = l->codes[(guchar)scan->text[i]];
		b = l->codes[(guchar)scan->text[next]];
		if (l->pairs[ANYWHERE][a][b] != 0)
			walk(scan, l->pairs[ANYWHERE][a][b], i, next);
		if (!in_word && l->pairs[AT_WORD][a][b] != 0)
			walk(scan, l->pairs[AT_WORD][a][b], i, next);
	}
}

const GArray *
literals_find(const struct literals *l, struct literals_scratch *scratch,
    const struct shadow_text *shadow)
{
	struct scan scan = {.literals = l,
	    .text = shadow->folded->str,
	    .len = shadow->len,
	    .scratch = scratch};

	g_array_set_size(scratch->sets, 0);
	/* A number that no mark of an earlier text has. */
	if (++scratch->text == 0) {
		memset(scratch->met, 0, l->nodes->len * sizeof(guint32));
		memset(scratch->found, 0, l->sets * sizeof(guint32));
		scratch->text = 1;
	}
	scan_text(&scan);
	return scratch->sets;
}

bool
literals_found(const struct literals_scratch *scratch, guint set)
{
	return scratch->found[set] == scratch->text;
}

void
literals_windows(const struct literals *l, const struct shadow_text *shadow,
    struct runs runs, const bool *wanted, struct windows *windows)
{
	struct scan scan = {.literals = l,
	    .text = shadow->folded->str,
	    .len = shadow->len,
	    .runs = runs,
	    .wanted = wanted,
	    .windows = windows};

	scan_text(&scan);
}
