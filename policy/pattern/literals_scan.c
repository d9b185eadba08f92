/*
 * How texts are gone through: once, while it is noted where which node was met.
 * What of that is of a set is only gathered when the set is asked for.
 */
#include <string.h>

#include "policy/pattern/literals_private.h"

/* Of a text are noted; when there are more, a literal may stand anywhere. */
enum { HITS_MAX = 1024 * 1024, HITS_KEPT = 64 * 1024 };

#define NONE G_MAXUINT32

/* The literals of a node stand there; those before it form a list. */
struct hit {
	guint32 start, behind; /* … their first character */
	guint32 before;
	guint32 first; /* where a match may begin, for the set that is asked */
};

/* Which words of the marks have some. */
struct marked {
	guint32 first, end;
};

/* Something that was met in a text: the number of the text, and the last. */
struct met {
	guint32 text, last;
};

struct literals_scratch {
	guint32 text;      /* counts texts */
	struct met *nodes; /* where they were met: an index of hits */
	struct met *sets;  /* which of their entries were: … */
	guint32 *entries;  /* … of each the one before it */
	GArray *hits;      /* struct hit, as they stand in the text */
	guint64 *marks;    /* a bit for each hit: it is of the set */
	gsize marks_len;
	GArray *found;    /* guint: sets found in this text */
	gsize len, noted; /* of the text; as far as hits are noted */
};

/* One scan of one text. */
struct scan {
	const struct literals *literals;
	const char *text;
	gsize len;
	struct literals_scratch *scratch;
};

struct literals_scratch *
literals_scratch_new(const struct literals *l)
{
	struct literals_scratch *scratch = g_new0(struct literals_scratch, 1);

	scratch->nodes = g_new0(struct met, l->nodes->len);
	scratch->sets = g_new0(struct met, l->sets);
	scratch->entries = g_new0(guint32, l->entries->len);
	scratch->hits = g_array_new(FALSE, FALSE, sizeof(struct hit));
	scratch->found = g_array_new(FALSE, FALSE, sizeof(guint));
	return scratch;
}

void
literals_scratch_free(struct literals_scratch *scratch)
{
	if (scratch == NULL)
		return;
	g_free(scratch->nodes);
	g_free(scratch->sets);
	g_free(scratch->entries);
	g_free(scratch->marks);
	g_array_unref(scratch->hits);
	g_array_unref(scratch->found);
	g_free(scratch);
}

static struct hit *
hit_at(const struct literals_scratch *scratch, guint32 i)
{
	return &g_array_index(scratch->hits, struct hit, i);
}

/* For another text, with a number that no mark of an earlier one has. */
static void
begin_text(
    const struct literals *l, struct literals_scratch *scratch, gsize len)
{
	if (scratch->hits->len > HITS_KEPT) {
		g_array_unref(scratch->hits);
		scratch->hits = g_array_new(FALSE, FALSE, sizeof(struct hit));
	}
	g_array_set_size(scratch->hits, 0);
	g_array_set_size(scratch->found, 0);
	scratch->len = scratch->noted = len;
	if (++scratch->text == 0) {
		memset(scratch->nodes, 0, l->nodes->len * sizeof(struct met));
		memset(scratch->sets, 0, l->sets * sizeof(struct met));
		scratch->text = 1;
	}
}

/* A node is met for the first time: the sets of which a literal ends there. */
static void
note_sets(const struct scan *scan, const struct node *node)
{
	struct literals_scratch *scratch = scan->scratch;
	guint32 i;

	for (i = node->entry; i < node->entry_end; i++) {
		guint id = entry_at(scan->literals, i)->id;
		struct met *set = &scratch->sets[id];

		if (set->text != scratch->text) {
			*set = (struct met){scratch->text, NONE};
			g_array_append_val(scratch->found, id);
		}
		scratch->entries[i] = set->last;
		set->last = i;
	}
}

/* The literals that end at a node stand at start. */
static inline void
meet(const struct scan *scan, guint32 index, const struct node *node,
    gsize start, gsize behind)
{
	struct literals_scratch *scratch = scan->scratch;
	struct met *met = &scratch->nodes[index];
	struct hit hit = {.start = (guint32)start, .behind = (guint32)behind};

	if (node->entry == node->entry_end)
		return;
	if (met->text != scratch->text) {
		*met = (struct met){scratch->text, NONE};
		note_sets(scan, node);
	}
	if (scratch->hits->len == HITS_MAX || behind >= NONE) {
		scratch->noted = MIN(scratch->noted, start);
		return;
	}
	hit.before = met->last;
	met->last = scratch->hits->len;
	g_array_append_val(scratch->hits, hit);
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

static inline guint
count_bits(guint64 bits)
{
	bits -= bits >> 1 & G_GUINT64_CONSTANT(0x5555555555555555);
	bits = (bits & G_GUINT64_CONSTANT(0x3333333333333333)) +
	       (bits >> 2 & G_GUINT64_CONSTANT(0x3333333333333333));
	bits = (bits + (bits >> 4)) & G_GUINT64_CONSTANT(0x0f0f0f0f0f0f0f0f);
	return (guint)(bits * G_GUINT64_CONSTANT(0x0101010101010101) >> 56);
}

/* The number of the lowest one. */
static inline guint
first_bit(guint64 bits)
{
	return count_bits((bits & -bits) - 1);
}

/* From a node of the second level, whose second character stands at i. */
static void
walk(const struct scan *scan, guint32 index, gsize start, gsize behind)
{
	const struct node *node;
	gsize i = behind;
	guint64 bit;

	for (;;) {
		node = node_at(scan->literals, index);
		meet(scan, index, node, start, behind);
		i = step(scan, i);
		if (i == scan->len)
			return;
		bit = G_GUINT64_CONSTANT(1)
		      << scan->literals->codes[(guchar)scan->text[i]];
		if ((node->children & bit) == 0)
			return;
		index = node->first + count_bits(node->children & (bit - 1));
	}
}

/* The literals of a tree that stand at i; those of more than a character if
 * there is one behind. */
static inline void
look(const struct scan *scan, int tree, gsize i, gsize behind)
{
	const struct literals *l = scan->literals;
	const guint32 *pairs = l->pairs[tree][l->codes[(guchar)scan->text[i]]];
	guint8 next;

	if (pairs[0] != 0)
		meet(scan, pairs[0], node_at(l, pairs[0]), i, behind);
	if (behind == scan->len)
		return;
	next = l->codes[(guchar)scan->text[behind]];
	if (next != 0 && pairs[next] != 0)
		walk(scan, pairs[next], i, behind);
}

static inline bool
is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

static void
scan_text(const struct scan *scan)
{
	bool in_word = false;
	gsize i, behind;

	for (i = 0; i < scan->len; i = behind) {
		behind = step(scan, i);
		look(scan, ANYWHERE, i, behind);
		if (!in_word)
			look(scan, AT_WORD, i, behind);
		in_word = is_word(scan->text[i]);
	}
}

/* One for each hit, none of them set. */
static void
make_marks(struct literals_scratch *scratch)
{
	gsize len = scratch->hits->len / 64 + 1;

	if (len <= scratch->marks_len)
		return;
	g_free(scratch->marks);
	scratch->marks = g_new0(guint64, len);
	scratch->marks_len = len;
}

const GArray *
literals_find(const struct literals *l, struct literals_scratch *scratch,
    const struct shadow_text *shadow)
{
	struct scan scan = {l, shadow->folded->str, shadow->len, scratch};

	begin_text(l, scratch, shadow->len);
	scan_text(&scan);
	make_marks(scratch);
	return scratch->found;
}

bool
literals_found(const struct literals_scratch *scratch, guint set)
{
	return scratch->sets[set].text == scratch->text;
}

/* Marks the hits of an entry, from the last back to the first. */
static void
mark_hits(struct literals_scratch *scratch, const struct entry *entry,
    struct runs runs, struct marked *marked)
{
	gsize before = width_in(entry->before, runs);
	struct hit *hit;
	guint32 i;

	for (i = scratch->nodes[entry->node].last; i != NONE; i = hit->before) {
		hit = hit_at(scratch, i);
		hit->first =
		    hit->start > before ? hit->start - (guint32)before : 0;
		scratch->marks[i / 64] |= G_GUINT64_CONSTANT(1) << i % 64;
		marked->first = MIN(marked->first, i / 64);
		marked->end = MAX(marked->end, i / 64 + 1);
	}
}

/* The window of a hit takes in those that it meets. */
static void
add_window(GArray *windows, guint start, struct window window)
{
	while (windows->len > start) {
		const struct window *before =
		    &g_array_index(windows, struct window, windows->len - 1);

		if (before->last + 1 < window.first)
			break;
		window.first = MIN(window.first, before->first);
		window.last = MAX(window.last, before->last);
		g_array_set_size(windows, windows->len - 1);
	}
	g_array_append_val(windows, window);
}

/* The marked hits in the order of the text, in which they were noted. */
static void
take_hits(struct literals_scratch *scratch, guint set, struct marked marked,
    GArray *windows)
{
	guint start = windows->len;
	guint32 i;

	for (i = marked.first; i < marked.end; i++)
		while (scratch->marks[i] != 0) {
			const struct hit *hit = hit_at(
			    scratch, i * 64 + first_bit(scratch->marks[i]));

			add_window(windows, start,
			    (struct window){set, hit->first, hit->behind - 1});
			scratch->marks[i] &= scratch->marks[i] - 1;
		}
	if (scratch->noted < scratch->len)
		add_window(
		    windows, start, (struct window){set, 0, scratch->len});
}

void
literals_windows(const struct literals *l, struct literals_scratch *scratch,
    struct runs runs, guint set, GArray *windows)
{
	struct marked marked = {G_MAXUINT32, 0};
	guint32 i;

	for (i = scratch->sets[set].last; i != NONE; i = scratch->entries[i])
		mark_hits(scratch, entry_at(l, i), runs, &marked);
	take_hits(scratch, set, marked, windows);
}
