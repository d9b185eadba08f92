#include "policy/detect/confidential_private.h"

/*
 * How much of a text is one matter, in bytes; and how many anchors of it are
 * weighed, so that a list of a thousand names takes no time.
 */
enum { WINDOW = 400, WEIGHED_MAX = 32, CUES_MAX = 64 };

/* Below this an anchor is a noun of the category and no more. */
#define NOUN_CONFIDENCE 0.6

/* What has been counted in a window already: nothing counts twice. */
struct tally {
	const struct hit *hits[WEIGHED_MAX];
	guint n_hits;
	guint cues[CUES_MAX]; /* identities */
	guint n_cues;
	bool bare; /* a noun that nothing corroborates */
	double doubt;
};

/* The probability of a hit by itself. */
static double
strength(const struct hit *hit)
{
	const GPtrArray *near = hit->anchor->evidence->near;
	double doubt = 1 - hit->confidence;
	guint i;

	for (i = 0; i < near->len; i++)
		if (hit->near & 1u << i)
			doubt *= 1 - ((struct cue *)near->pdata[i])->weight;
	return (1 - doubt) * hit->factor;
}

static gint
compare_strength(gconstpointer p, gconstpointer q)
{
	const struct hit *a = *(const struct hit *const *)p;
	const struct hit *b = *(const struct hit *const *)q;
	double x = strength(a), y = strength(b);

	if (x != y)
		return x > y ? -1 : 1;
	return a->start < b->start ? -1 : a->start > b->start;
}

static bool
same_words(const char *text, const struct hit *a, const struct hit *b)
{
	gsize len = a->end - a->start;

	return b->end - b->start == len &&
	       g_ascii_strncasecmp(text + a->start, text + b->start, len) == 0;
}

/* Whether its words, or the like words, have been counted. */
static bool
is_counted(const struct tally *tally, const struct hit *hit, const char *text)
{
	guint i;

	for (i = 0; i < tally->n_hits; i++) {
		const struct hit *other = tally->hits[i];

		if ((hit->start < other->end && other->start < hit->end) ||
		    same_words(text, hit, other))
			return true;
	}
	return false;
}

/* True the first time that a cue is met. */
static bool
count_cue(struct tally *tally, guint identity)
{
	guint i;

	for (i = 0; i < tally->n_cues; i++)
		if (tally->cues[i] == identity)
			return false;
	if (tally->n_cues == CUES_MAX)
		return false;
	tally->cues[tally->n_cues++] = identity;
	return true;
}

/*
 * A noun alone ("grievance") never fires, however many of them a text has: of
 * those that nothing corroborates one counts.
 */
static void
count_hit(struct tally *tally, const struct hit *hit, const char *text)
{
	const GPtrArray *near = hit->anchor->evidence->near;
	double doubt = 1 - hit->confidence;
	guint i;

	if (is_counted(tally, hit, text))
		return;
	if (hit->near == 0 && hit->confidence < NOUN_CONFIDENCE) {
		if (tally->bare)
			return;
		tally->bare = true;
	}
	for (i = 0; i < near->len; i++) {
		const struct cue *cue = near->pdata[i];

		if (hit->near & 1u << i && count_cue(tally, cue->identity))
			doubt *= 1 - cue->weight;
	}
	tally->hits[tally->n_hits++] = hit;
	tally->doubt *= 1 - (1 - doubt) * hit->factor;
}

/* hits: struct hit *, those of one window. */
static double
weigh(GPtrArray *hits, const char *text, const struct hit **best)
{
	struct tally tally = {.doubt = 1};
	guint i;

	g_ptr_array_sort(hits, compare_strength);
	for (i = 0; i < hits->len; i++)
		count_hit(&tally, hits->pdata[i], text);
	*best = tally.hits[0];
	return 1 - tally.doubt;
}

static guint
count_distinct(const GPtrArray *hits, const char *text)
{
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	guint i;

	for (i = 0; i < hits->len; i++) {
		const struct hit *hit = hits->pdata[i];

		g_hash_table_add(seen, g_ascii_strdown(text + hit->start,
					   (gssize)(hit->end - hit->start)));
	}
	return g_hash_table_size(seen);
}

/* struct hit *, those of one category. */
static GPtrArray *
hits_of(const GArray *hits, const struct category *category)
{
	GPtrArray *of = g_ptr_array_new();
	guint i;

	for (i = 0; i < hits->len; i++) {
		struct hit *hit = &g_array_index(hits, struct hit, i);

		if (hit->anchor->evidence->category == category)
			g_ptr_array_add(of, hit);
	}
	return of;
}

struct window
confidential_combine(
    const GArray *hits, const struct category *category, const char *text)
{
	g_autoptr(GPtrArray) all = hits_of(hits, category);
	g_autoptr(GPtrArray) some = g_ptr_array_new();
	struct window window = {0};
	guint i, k;

	for (i = 0; i < all->len; i++) {
		const struct hit *first = all->pdata[i], *best;
		double probability;

		g_ptr_array_set_size(some, 0);
		for (k = i; k < all->len && some->len < WEIGHED_MAX; k++) {
			struct hit *hit = all->pdata[k];

			if (hit->start > first->start + WINDOW)
				break;
			g_ptr_array_add(some, hit);
		}
		probability = weigh(some, text, &best);
		if (probability > window.probability) {
			window.probability = probability;
			window.hit = best;
		}
	}
	window.count = count_distinct(all, text);
	return window;
}
