#include <string.h>

#include "policy/detect/confidential_private.h"

/* A text has more anchors than this only if somebody made it so. */
enum { HITS_MAX = 5000 };

/* What can stand before a full stop that ends no sentence. */
static bool
is_abbreviation(const char *text, gsize stop)
{
	static const char known[] =
	    " mr mrs ms dr prof rev cllr cyng st no nos para sch s ss p pp v "
	    "vs e.g i.e etc approx ref tel ext ";
	gsize start = stop;
	g_autofree char *word = NULL, *padded = NULL;

	while (start > 0 && stop - start < 8 &&
	       (g_ascii_isalnum(text[start - 1]) || text[start - 1] == '.'))
		start--;
	word = g_ascii_strdown(text + start, (gssize)(stop - start));
	padded = g_strdup_printf(" %s ", word);
	/* An initial: "J. Tester". */
	return stop - start == 1 || strstr(known, padded) != NULL;
}

/* Whether a sentence ends before i. */
static bool
breaks_at(const char *text, gsize i)
{
	if (i == 0)
		return true;
	if (text[i - 1] == '\n')
		return i >= 2 && text[i - 2] == '\n';
	if (text[i - 1] != ' ' || i < 2)
		return false;
	switch (text[i - 2]) {
	case '!':
	case '?':
		return true;
	case '.':
		return !is_abbreviation(text, i - 2);
	default:
		return false;
	}
}

/* The sentence around [*start, *end). */
static void
find_sentence(const char *text, gsize len, gsize *start, gsize *end)
{
	gsize lowest = *start > SENTENCE_MAX ? *start - SENTENCE_MAX : 0;
	gsize highest = MIN(*end + SENTENCE_MAX, len);

	while (*start > lowest && !breaks_at(text, *start))
		--*start;
	while (*end < highest && !breaks_at(text, *end))
		++*end;
}

/* Where a scan around a place may begin and end: at white space. */
static gsize
back_to_space(const char *text, gsize i)
{
	while (i > 0 && !g_ascii_isspace(text[i]))
		i--;
	return i;
}

static gsize
on_to_space(const char *text, gsize len, gsize i)
{
	while (i < len && !g_ascii_isspace(text[i]))
		i++;
	return i;
}

/* The cues of a text that are near any hit: struct match. */
static GArray *
scan_cues(const struct confidential_rules *rules, const GArray *hits,
    const char *text, gsize len, bool *cut)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct match));
	guint i, k;

	for (i = 0; i < hits->len;) {
		const struct hit *hit = &g_array_index(hits, struct hit, i);
		gsize start = hit->start - MIN(hit->start, rules->reach);
		gsize end = MIN(hit->end + rules->reach, len);

		for (i++; i < hits->len; i++) {
			hit = &g_array_index(hits, struct hit, i);
			if (hit->start > end + rules->reach)
				break;
			end = MAX(end, MIN(hit->end + rules->reach, len));
		}
		start = back_to_space(text, start);
		end = on_to_space(text, len, end);
		k = all->len;
		if (!matcher_scan(
			rules->cue_matcher, text + start, end - start, all))
			*cut = true;
		for (; k < all->len; k++) {
			g_array_index(all, struct match, k).start += start;
			g_array_index(all, struct match, k).end += start;
		}
	}
	return all;
}

/* The first match that ends behind a place; they ascend by start. */
static guint
first_from(const GArray *matches, gsize start)
{
	guint low = 0, high = matches->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (g_array_index(matches, struct match, middle).start < start)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
has_id(const struct cue *cue, guint id)
{
	guint i;

	for (i = 0; i < cue->ids->len; i++)
		if (g_array_index(cue->ids, guint, i) == id)
			return true;
	return false;
}

/* Whether so many characters, at most, stand between two offsets. */
static bool
is_within(const char *text, gsize start, gsize end, guint within)
{
	/* A character is four bytes at most. */
	return end <= start + within ||
	       (end <= start + 4 * (gsize)within &&
		   g_utf8_strlen(text + start, (gssize)(end - start)) <=
		       (glong)within);
}

/* What is looked at for one hit. */
struct scope {
	const char *text;
	const struct hit *hit;
	gsize sentence_start, sentence_end;
};

static bool
reaches(
    const struct scope *scope, const struct cue *cue, const struct match *match)
{
	const struct hit *hit = scope->hit;

	if (cue->in_sentence)
		return match->start >= scope->sentence_start &&
		       match->end <= scope->sentence_end;
	if (match->end <= hit->start)
		return is_within(
		    scope->text, match->end, hit->start, cue->within);
	if (match->start >= hit->end)
		return is_within(
		    scope->text, hit->end, match->start, cue->within);
	return true;
}

/*
 * What corroborates an anchor stands beside it: the person in "her grievance"
 * is no second sign when the anchor is "her grievance".  What lowers it may
 * well stand in it.
 */
static bool
holds(const struct scope *scope, const struct cue *cue, bool beside,
    const GArray *matches, guint from)
{
	const struct hit *hit = scope->hit;
	guint i;

	for (i = from; i < matches->len; i++) {
		const struct match *match =
		    &g_array_index(matches, struct match, i);

		if (match->start > hit->end + WITHIN_MAX * 4)
			break;
		if (!has_id(cue, match->id))
			continue;
		if (beside && match->start < hit->end &&
		    hit->start < match->end)
			continue;
		if (reaches(scope, cue, match))
			return true;
	}
	return false;
}

static void
weigh_cues(struct hit *hit, const struct confidential_rules *rules,
    const GArray *matches, const char *text, gsize len)
{
	const struct evidence *evidence = hit->anchor->evidence;
	struct scope scope = {text, hit, hit->start, hit->end};
	/* A match may begin before the reach and end in it. */
	gsize back = rules->reach + SENTENCE_MAX;
	guint from =
	    first_from(matches, hit->start > back ? hit->start - back : 0);
	guint i;

	find_sentence(text, len, &scope.sentence_start, &scope.sentence_end);
	for (i = 0; i < evidence->near->len; i++)
		if (holds(
			&scope, evidence->near->pdata[i], true, matches, from))
			hit->near |= 1u << i;
	for (i = 0; i < evidence->lowered->len; i++) {
		const struct cue *cue = evidence->lowered->pdata[i];

		if (cue->weight < hit->factor &&
		    holds(&scope, cue, false, matches, from))
			hit->factor = cue->weight;
	}
}

/* The identifier itself where the regex names it. */
static void
narrow_to_identifier(const struct confidential_rules *rules, const char *text,
    gsize len, struct match *match)
{
	gsize start, end;

	if (matcher_group(
		rules->anchor_matcher, text, len, match, "id", &start, &end)) {
		match->start = start;
		match->end = end;
	}
}

/* False when it is none: its check digits are wrong. */
static bool
fill_hit(const struct confidential_rules *rules, const char *text, gsize len,
    struct match match, struct hit *hit)
{
	const struct anchor *anchor =
	    &g_array_index(rules->anchors, struct anchor, match.id);
	const struct evidence *evidence = anchor->evidence;
	double confidence = anchor->confidence;

	if (evidence->category == NULL)
		return false;
	if (evidence->checked) {
		narrow_to_identifier(rules, text, len, &match);
		switch (
		    identifier_check(evidence->validator, text + match.start,
			match.end - match.start, rules->banks)) {
		case IDENTIFIER_INVALID:
			return false;
		case IDENTIFIER_CANNOT_TELL:
			confidence /= 2;
			break;
		case IDENTIFIER_VALID:
			break;
		}
	}
	*hit = (struct hit){.anchor = anchor,
	    .start = match.start,
	    .end = match.end,
	    .confidence = confidence,
	    .factor = 1};
	return true;
}

static gint
compare_hits(gconstpointer p, gconstpointer q)
{
	const struct hit *a = p, *b = q;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->anchor < b->anchor ? -1 : a->anchor > b->anchor;
}

GArray *
confidential_hits(
    const struct confidential_rules *rules, const char *text, gsize len,
    bool *cut)
{
	g_autoptr(GArray) found =
	    g_array_new(FALSE, FALSE, sizeof(struct match));
	GArray *hits = g_array_new(FALSE, FALSE, sizeof(struct hit));
	struct hit hit;
	guint i;

	if (!rules->compiled)
		return hits;
	if (!matcher_scan(rules->anchor_matcher, text, len, found))
		*cut = true;
	for (i = 0; i < found->len; i++) {
		if (!fill_hit(rules, text, len,
			g_array_index(found, struct match, i), &hit))
			continue;
		if (hits->len == HITS_MAX) {
			*cut = true;
			break;
		}
		g_array_append_val(hits, hit);
	}
	if (hits->len > 0) {
		g_autoptr(GArray) cues = NULL;

		g_array_sort(hits, compare_hits);
		cues = scan_cues(rules, hits, text, len, cut);
		for (i = 0; i < hits->len; i++)
			weigh_cues(&g_array_index(hits, struct hit, i), rules,
			    cues, text, len);
	}
	return hits;
}
