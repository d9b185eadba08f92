#include <stdlib.h>

#include "policy/pattern/windows.h"

/* Of a text, beside the first of each regex. */
enum { STRETCHES_MAX = 256 * 1024 };

#define NONE G_MAXUINT

/* Of the regex's stretches, those before it form a list. */
struct stretch {
	gsize first, last;
	guint before;
};

struct windows {
	GArray *stretches; /* struct stretch */
	GArray *ids;       /* guint: those that have any */
	guint *tails;      /* of each id, its last stretch, or NONE */
};

struct windows *
windows_new(guint count)
{
	struct windows *w = g_new0(struct windows, 1);
	guint i;

	w->stretches = g_array_new(FALSE, FALSE, sizeof(struct stretch));
	w->ids = g_array_new(FALSE, FALSE, sizeof(guint));
	w->tails = g_new(guint, count);
	for (i = 0; i < count; i++)
		w->tails[i] = NONE;
	return w;
}

void
windows_free(struct windows *w)
{
	if (w == NULL)
		return;
	g_array_unref(w->stretches);
	g_array_unref(w->ids);
	g_free(w->tails);
	g_free(w);
}

static struct stretch *
stretch_at(const struct windows *w, guint i)
{
	return &g_array_index(w->stretches, struct stretch, i);
}

/* Few of many regexes have any, so that only theirs are forgotten. */
void
windows_begin(struct windows *w)
{
	guint i;

	for (i = 0; i < w->ids->len; i++)
		w->tails[g_array_index(w->ids, guint, i)] = NONE;
	g_array_set_size(w->ids, 0);
	g_array_set_size(w->stretches, 0);
}

void
windows_add(struct windows *w, guint id, gsize first, gsize last)
{
	struct stretch new = {first, last, w->tails[id]};
	struct stretch *tail;

	if (new.before == NONE)
		g_array_append_val(w->ids, id);
	/* It takes in what it meets of those before. */
	while (new.before != NONE) {
		tail = stretch_at(w, new.before);
		if (tail->last + 1 < new.first &&
		    w->stretches->len < STRETCHES_MAX)
			break;
		w->tails[id] = new.before;
		new.first = MIN(new.first, tail->first);
		new.last = MAX(new.last, tail->last);
		new.before = tail->before;
	}
	if (w->tails[id] == new.before) {
		w->tails[id] = w->stretches->len;
		g_array_append_val(w->stretches, new);
	} else {
		*stretch_at(w, w->tails[id]) = new;
	}
}

const GArray *
windows_ids(const struct windows *w)
{
	return w->ids;
}

/* From the last of them back to the first. */
void
windows_take(const struct windows *w, guint id, GArray *windows)
{
	guint i, end = windows->len;

	for (i = w->tails[id]; i != NONE; end++)
		i = stretch_at(w, i)->before;
	g_array_set_size(windows, end);
	for (i = w->tails[id]; i != NONE; i = stretch_at(w, i)->before)
		g_array_index(windows, struct window, --end) = (struct window){
		    id, stretch_at(w, i)->first, stretch_at(w, i)->last};
}

static int
compare_windows(const void *p, const void *q)
{
	const struct window *a = p, *b = q;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

void
windows_merge(GArray *windows, guint start)
{
	struct window *kept = NULL;
	guint i, count = start;

	if (windows->len - start > 1)
		qsort(&g_array_index(windows, struct window, start),
		    windows->len - start, sizeof(struct window),
		    compare_windows);
	for (i = start; i < windows->len; i++) {
		struct window *window =
		    &g_array_index(windows, struct window, i);

		if (kept != NULL && kept->id == window->id &&
		    window->first <= kept->last + 1) {
			kept->last = MAX(kept->last, window->last);
			continue;
		}
		kept = &g_array_index(windows, struct window, count++);
		*kept = *window;
	}
	g_array_set_size(windows, count);
}

void
windows_sort(GArray *windows, const struct shadow_text *shadow)
{
	guint i;

	windows_merge(windows, 0);
	for (i = 0; i < windows->len; i++) {
		struct window *window =
		    &g_array_index(windows, struct window, i);

		window->first = shadow_text_offset(shadow, window->first);
		window->last = shadow_text_offset(shadow, window->last);
	}
}
