#include <string.h>

#include "policy/detect/obligation_rules.h"

static gint
by_probability(gconstpointer a, gconstpointer b)
{
	const struct act *first = *(const struct act *const *)a;
	const struct act *second = *(const struct act *const *)b;

	if (first->probability != second->probability)
		return first->probability > second->probability ? -1 : 1;
	if ((first->cancelled != NULL) != (second->cancelled != NULL))
		return first->cancelled != NULL ? 1 : -1;
	if (first->segment != second->segment)
		return first->segment < second->segment ? -1 : 1;
	if (first->start != second->start)
		return first->start < second->start ? -1 : 1;
	return 0;
}

/*
 * The author's own words, a letter that is attached, and a subject that is not
 * that of the message replied to.
 */
static bool
is_judged(const struct segment *segment)
{
	switch (segment->origin) {
	case ORIGIN_OWN:
	case ORIGIN_ATTACHMENT:
		return true;
	case ORIGIN_SUBJECT:
		return strchr(segment->text, ':') == NULL;
	default:
		return false;
	}
}

/* Moves the acts of one segment into the list of all. */
static void
take_acts(GPtrArray *all, GPtrArray *acts, guint segment)
{
	while (acts->len > 0) {
		struct act *act = g_ptr_array_steal_index(acts, 0);

		act->segment = segment;
		g_ptr_array_add(all, act);
	}
}

static void
act_free(void *p)
{
	struct act *act = p;

	g_free(act->authority);
	g_free(act->addressee);
	g_free(act);
}

GPtrArray *
acts_find(const struct obligation_rules *rules, const struct content *content,
    bool *cut)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(act_free);
	bool offered = content_quotes_offer(rules, content);
	guint i;

	for (i = 0; i < content->segments->len; i++) {
		const struct segment *segment = content->segments->pdata[i];
		g_autoptr(GPtrArray) acts = NULL;

		if (!is_judged(segment))
			continue;
		acts = acts_in(rules, segment->text, segment->len,
		    offered && segment->origin == ORIGIN_OWN, cut);
		take_acts(all, acts, i);
	}
	g_ptr_array_sort(all, by_probability);
	return all;
}

/*
 * The newest message that is quoted: an offer further down was answered by
 * somebody else long ago.
 */
bool
content_quotes_offer(
    const struct obligation_rules *rules, const struct content *content)
{
	guint i;

	for (i = 0; i < content->segments->len; i++) {
		const struct segment *segment = content->segments->pdata[i];

		if (segment->origin == ORIGIN_QUOTED && segment->depth <= 1 &&
		    offer_in(rules, segment->text, segment->len))
			return true;
	}
	return false;
}
