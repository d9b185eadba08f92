/* How the trees are made (literals_private.h). */
#include <string.h>

#include "policy/pattern/literals_private.h"

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
		g_array_index(l->entries, struct entry, start++).node = index;
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
		build(l, *node, i, end, entry->codes[1] == '\0' ? 1 : 2);
	}
}
