/*
 * The literals are a tree of their bytes, and from each place of the folded
 * text it is walked down as far as the text goes with it: three steps or four
 * on the average, and never more than the longest literal.  The edges of all
 * nodes are in one table, by hash, since most nodes have one.
 */
#include <stdbool.h>
#include <string.h>

#include "policy/pattern/literals.h"
#include "policy/pattern/shadow.h"
#include "policy/utf8.h"

enum { NO_NODE = 0, ROOT = 0, EDGES_MIN = 1024 };

/* From a node by a byte to another; an empty one leads to NO_NODE. */
struct edge {
	guint32 from, to;
	guint32 byte;
};

struct posting {
	guint node, set;
};

struct literals {
	struct edge *edges;
	guint32 size, used; /* of edges, a power of two; in use */
	guint32 nodes;
	GArray *postings; /* struct posting, by node once it is sealed */
	GArray *always;   /* guint */
	guint *first;     /* of each node: its postings begin here … */
	guint sets;
};

struct literals_scratch {
	GString *text;  /* folded */
	guint32 scan;   /* counts scans */
	guint32 *met;   /* of each node: the scan that met it last */
	guint32 *found; /* … of each set */
	GArray *sets;   /* guint */
};

struct literals *
literals_new(void)
{
	struct literals *l = g_new0(struct literals, 1);

	l->size = EDGES_MIN;
	l->edges = g_new0(struct edge, l->size);
	l->nodes = 1;
	l->postings = g_array_new(FALSE, FALSE, sizeof(struct posting));
	l->always = g_array_new(FALSE, FALSE, sizeof(guint));
	return l;
}

void
literals_free(struct literals *l)
{
	if (l == NULL)
		return;
	g_free(l->edges);
	g_array_unref(l->postings);
	g_array_unref(l->always);
	g_free(l->first);
	g_free(l);
}

/* The edge, or the empty one where it would be. */
static inline struct edge *
find_edge(const struct literals *l, guint32 from, guchar byte)
{
	guint32 i = (from * 256 + byte) * 2654435769u;

	for (i ^= i >> 15;; i++) {
		struct edge *edge = &l->edges[i & (l->size - 1)];

		if (edge->to == NO_NODE ||
		    (edge->from == from && edge->byte == byte))
			return edge;
	}
}

static void
grow(struct literals *l)
{
	g_autofree struct edge *old = l->edges;
	guint32 i, size = l->size;

	l->size *= 2;
	l->edges = g_new0(struct edge, l->size);
	for (i = 0; i < size; i++)
		if (old[i].to != NO_NODE)
			*find_edge(l, old[i].from, (guchar)old[i].byte) =
			    old[i];
}

void
literals_add(struct literals *l, const char *literal, guint set)
{
	struct posting posting = {ROOT, set};
	const char *p;

	for (p = literal; *p != '\0'; p++) {
		struct edge *edge = find_edge(l, posting.node, (guchar)*p);

		if (edge->to == NO_NODE) {
			*edge =
			    (struct edge){posting.node, l->nodes++, (guchar)*p};
			posting.node = edge->to;
			if (++l->used > l->size / 2)
				grow(l);
		} else {
			posting.node = edge->to;
		}
	}
	g_array_append_val(l->postings, posting);
	l->sets = MAX(l->sets, set + 1);
}

void
literals_add_always(struct literals *l, guint set)
{
	g_array_append_val(l->always, set);
	l->sets = MAX(l->sets, set + 1);
}

static int
compare_postings(const void *p, const void *q)
{
	const struct posting *a = p, *b = q;

	if (a->node != b->node)
		return a->node < b->node ? -1 : 1;
	return a->set < b->set ? -1 : a->set > b->set;
}

void
literals_seal(struct literals *l)
{
	guint node, i = 0;

	g_array_sort(l->postings, compare_postings);
	l->first = g_new(guint, l->nodes + 1);
	for (node = 0; node <= l->nodes; node++) {
		while (
		    i < l->postings->len &&
		    g_array_index(l->postings, struct posting, i).node < node)
			i++;
		l->first[node] = i;
	}
}

struct literals_scratch *
literals_scratch_new(const struct literals *l)
{
	struct literals_scratch *scratch = g_new0(struct literals_scratch, 1);

	scratch->text = g_string_new(NULL);
	scratch->met = g_new0(guint32, l->nodes);
	scratch->found = g_new0(guint32, l->sets);
	scratch->sets = g_array_new(FALSE, FALSE, sizeof(guint));
	return scratch;
}

void
literals_scratch_free(struct literals_scratch *scratch)
{
	if (scratch == NULL)
		return;
	g_string_free(scratch->text, TRUE);
	g_free(scratch->met);
	g_free(scratch->found);
	g_array_unref(scratch->sets);
	g_free(scratch);
}

/* A number that no mark of an earlier scan has. */
static void
begin_scan(const struct literals *l, struct literals_scratch *scratch)
{
	if (++scratch->scan > 0)
		return;
	memset(scratch->met, 0, l->nodes * sizeof(guint32));
	memset(scratch->found, 0, l->sets * sizeof(guint32));
	scratch->scan = 1;
}

/*
 * The byte that stands for a character beyond ASCII: white space as \s has it,
 * what a letter is when case does not count, or one that no literal has.
 */
static char
fold_beyond(gunichar c)
{
	switch (c) {
	case SHADOW_LONG_S:
		return 's';
	case SHADOW_KELVIN:
		return 'k';
	case 0x85:   /* next line */
	case 0x180e: /* Mongolian vowel separator */
		return ' ';
	default:
		break;
	}
	switch (g_unichar_type(c)) {
	case G_UNICODE_SPACE_SEPARATOR:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return ' ';
	default:
		return '\x80';
	}
}

static void
fold(GString *folded, const char *text, gsize len)
{
	const char *p = text, *end = text + len;
	char *start, *out;
	char c, last = '\0';

	g_string_set_size(folded, len);
	start = out = folded->str;
	while (p < end) {
		if ((guchar)*p < 128) {
			c = *p == ' ' || (*p >= '\t' && *p <= '\r')
				? ' '
				: g_ascii_tolower(*p);
			p++;
		} else {
			c = fold_beyond(g_utf8_get_char(p));
			p = utf8_next(p);
		}
		if (c != ' ' || last != ' ')
			*out++ = c;
		last = c;
	}
	g_string_truncate(folded, (gsize)(out - start));
}

static void
add_set(struct literals_scratch *scratch, guint set)
{
	if (scratch->found[set] == scratch->scan)
		return;
	scratch->found[set] = scratch->scan;
	g_array_append_val(scratch->sets, set);
}

/* A node of the tree was met: the sets that have what leads to it. */
static void
meet(const struct literals *l, struct literals_scratch *scratch, guint32 node)
{
	guint i;

	if (scratch->met[node] == scratch->scan)
		return;
	scratch->met[node] = scratch->scan;
	for (i = l->first[node]; i < l->first[node + 1]; i++)
		add_set(
		    scratch, g_array_index(l->postings, struct posting, i).set);
}

static int
compare_sets(const void *p, const void *q)
{
	const guint *a = p, *b = q;

	return *a < *b ? -1 : *a > *b;
}

const GArray *
literals_scan(const struct literals *l, struct literals_scratch *scratch,
    const char *text, gsize len)
{
	const char *p, *q, *end;
	guint32 node;
	guint i;

	begin_scan(l, scratch);
	g_array_set_size(scratch->sets, 0);
	for (i = 0; i < l->always->len; i++)
		add_set(scratch, g_array_index(l->always, guint, i));
	fold(scratch->text, text, len);
	end = scratch->text->str + scratch->text->len;
	for (p = scratch->text->str; p < end; p++) {
		node = ROOT;
		for (q = p; q < end; q++) {
			node = find_edge(l, node, (guchar)*q)->to;
			if (node == NO_NODE)
				break;
			if (l->first[node] < l->first[node + 1])
				meet(l, scratch, node);
		}
	}
	if (scratch->sets->len > l->always->len)
		g_array_sort(scratch->sets, compare_sets);
	return scratch->sets;
}
