#include <string.h>

#include "policy/detect/obligation_rules.h"
#include "policy/text/sentence.h"

/*
 * How an act is judged.
 *
 * All regexes of all roles are held against a sentence in one pass.  Each act
 * that is found starts from how sure its words are, and gains from the best
 * authority and the best addressee of its sentence, and from an offer that it
 * answers: 1 - prod(1 - weight).  Then each cancelling regex in reach of it
 * takes away what its block says, as a rule everything.  Reach is counted in
 * clauses: "I cannot come, but please go ahead" negates the coming alone.
 *
 * A council that was named as the one spoken for in an earlier sentence is
 * still spoken for, if less surely.
 */
enum { ACTS_MAX = 256, PHRASE_MAX = 80 };
static const double EARLIER = 0.5;

/* One sentence and what was found in it. */
struct heard {
	const char *text; /* of the sentence */
	gsize len;
	struct span span; /* in the segment's text */
	GArray *matches;  /* struct match, of the sentence */
	GArray *clauses;  /* struct span, of the sentence */
	bool complete;    /* no limit was met */
};

struct hearing {
	const struct obligation_rules *rules;
	const char *text;
	GPtrArray *heard;           /* struct heard */
	double offer;               /* what an offer adds; 0: there is none */
	GPtrArray *acts;            /* struct act */
	const struct match *spoken; /* best authority of earlier sentences */
	const struct heard *spoken_in;
};

static void
heard_free(void *p)
{
	struct heard *heard = p;

	g_array_unref(heard->matches);
	g_array_unref(heard->clauses);
	g_free(heard);
}

static void
act_free(void *p)
{
	struct act *act = p;

	g_free(act->authority);
	g_free(act->addressee);
	g_free(act);
}

static const struct form *
form_of(const struct obligation_rules *rules, const struct match *match)
{
	return &g_array_index(rules->forms, struct form, match->id);
}

static enum role
role_of(const struct obligation_rules *rules, const struct match *match)
{
	return form_of(rules, match)->block->role;
}

static struct heard *
hear(const struct obligation_rules *rules, const char *text,
    const struct span *span)
{
	struct heard *heard = g_new0(struct heard, 1);

	heard->text = text + span->start;
	heard->len = span->end - span->start;
	heard->span = *span;
	heard->matches = g_array_new(FALSE, FALSE, sizeof(struct match));
	heard->clauses = clauses_find(heard->text, heard->len);
	heard->complete = matcher_scan(
	    rules->matcher, heard->text, heard->len, heard->matches);
	return heard;
}

/* The clause in which an offset of the sentence stands. */
static struct span
clause_at(const struct heard *heard, gsize offset)
{
	struct span clause = {0, heard->len};
	guint i;

	for (i = 0; i < heard->clauses->len; i++) {
		struct span next =
		    g_array_index(heard->clauses, struct span, i);

		if (next.start > offset)
			break;
		clause = next;
	}
	return clause;
}

/* Does a cancelling match reach the act? */
static bool
reaches(const struct form *form, const struct match *cancel,
    const struct heard *heard, const struct match *act)
{
	struct span clause;

	if (form->before && cancel->start >= act->end)
		return false;
	if (form->reach == REACH_SENTENCE)
		return true;
	clause = clause_at(heard, act->start);
	return cancel->start < MAX(clause.end, act->end) &&
	       cancel->end > clause.start;
}

static bool
is_named(const GPtrArray *names, const struct speech_block *block)
{
	guint i;

	for (i = 0; i < names->len; i++)
		if (strcmp(names->pdata[i], block->name) == 0)
			return true;
	return false;
}

/* Is an authority in the sentence without which these words are no act? */
static bool
has_what_it_needs(const struct obligation_rules *rules,
    const struct heard *heard, const struct speech_block *act)
{
	guint i;

	for (i = 0; i < heard->matches->len; i++) {
		const struct match *match =
		    &g_array_index(heard->matches, struct match, i);

		if (role_of(rules, match) == ROLE_AUTHORITY &&
		    is_named(act->needs, form_of(rules, match)->block))
			return true;
	}
	return act->needs->len == 0;
}

static void
take_away(struct act *act, const struct speech_block *by,
    const struct speech_block *block)
{
	if (is_named(block->despite, by))
		return;
	act->probability *= by->weight;
	if (act->probability <= 0 && act->cancelled == NULL)
		act->cancelled = by->title;
}

/* Cancels that reach over the whole text, from whichever sentence. */
static void
cancel_from_text(const struct hearing *hearing, struct act *act,
    const struct speech_block *block)
{
	guint i, j;

	for (i = 0; i < hearing->heard->len; i++) {
		const struct heard *heard = hearing->heard->pdata[i];

		for (j = 0; j < heard->matches->len; j++) {
			const struct match *match =
			    &g_array_index(heard->matches, struct match, j);
			const struct form *form =
			    form_of(hearing->rules, match);

			if (form->block->role == ROLE_CANCEL &&
			    form->reach == REACH_TEXT)
				take_away(act, form->block, block);
		}
	}
}

static void
cancel_from_sentence(const struct hearing *hearing, const struct heard *heard,
    struct act *act, const struct match *found)
{
	const struct speech_block *block =
	    form_of(hearing->rules, found)->block;
	guint i;

	for (i = 0; i < heard->matches->len; i++) {
		const struct match *match =
		    &g_array_index(heard->matches, struct match, i);
		const struct form *form = form_of(hearing->rules, match);

		if (form->block->role == ROLE_CANCEL &&
		    form->reach != REACH_TEXT &&
		    reaches(form, match, heard, found))
			take_away(act, form->block, block);
	}
}

/* The weightiest match of a role in a sentence, or NULL. */
static const struct match *
best_of(const struct obligation_rules *rules, const struct heard *heard,
    enum role role)
{
	const struct match *best = NULL;
	guint i;

	for (i = 0; i < heard->matches->len; i++) {
		const struct match *match =
		    &g_array_index(heard->matches, struct match, i);

		if (role_of(rules, match) == role &&
		    (best == NULL || form_of(rules, match)->block->weight >
					 form_of(rules, best)->block->weight))
			best = match;
	}
	return best;
}

static double
weight_of(const struct obligation_rules *rules, const struct match *match)
{
	return match != NULL ? form_of(rules, match)->block->weight : 0;
}

/* The words of a match on one line, not too long. */
static char *
phrase(const struct heard *heard, const struct match *match)
{
	char *words = g_utf8_make_valid(heard->text + match->start,
	    (gssize)MIN(match->end - match->start, (gsize)PHRASE_MAX));

	return g_strstrip(g_strdelimit(words, "\n\t", ' '));
}

static void
strengthen(
    const struct hearing *hearing, const struct heard *heard, struct act *act)
{
	const struct obligation_rules *rules = hearing->rules;
	const struct match *authority = best_of(rules, heard, ROLE_AUTHORITY);
	const struct match *addressee = best_of(rules, heard, ROLE_ADDRESSEE);
	double weight = weight_of(rules, authority);
	double doubt = 1 - act->probability;
	double earlier = EARLIER * weight_of(rules, hearing->spoken);

	if (earlier > weight) {
		weight = earlier;
		act->authority = phrase(hearing->spoken_in, hearing->spoken);
	} else if (authority != NULL) {
		act->authority = phrase(heard, authority);
	}
	if (addressee != NULL)
		act->addressee = phrase(heard, addressee);
	act->probability = 1 - doubt * (1 - weight) *
				   (1 - weight_of(rules, addressee)) *
				   (1 - hearing->offer);
}

static void
add_act(struct hearing *hearing, const struct heard *heard,
    const struct match *found)
{
	const struct form *form = form_of(hearing->rules, found);
	struct act *act = g_new0(struct act, 1);

	act->kind = form->block->kind;
	act->directive = form->block->directive;
	act->probability = form->weight;
	act->sentence_start = heard->span.start;
	act->sentence_end = heard->span.end;
	act->start = heard->span.start + found->start;
	act->end = heard->span.start + found->end;
	strengthen(hearing, heard, act);
	cancel_from_sentence(hearing, heard, act, found);
	cancel_from_text(hearing, act, form->block);
	g_ptr_array_add(hearing->acts, act);
}

static void
judge(struct hearing *hearing, const struct heard *heard)
{
	const struct match *authority =
	    best_of(hearing->rules, heard, ROLE_AUTHORITY);
	guint i;

	for (i = 0; i < heard->matches->len; i++) {
		const struct match *match =
		    &g_array_index(heard->matches, struct match, i);

		if (hearing->acts->len >= ACTS_MAX)
			return;
		if (role_of(hearing->rules, match) == ROLE_ACT &&
		    has_what_it_needs(hearing->rules, heard,
			form_of(hearing->rules, match)->block))
			add_act(hearing, heard, match);
	}
	if (weight_of(hearing->rules, authority) >
	    weight_of(hearing->rules, hearing->spoken)) {
		hearing->spoken = authority;
		hearing->spoken_in = heard;
	}
}

/* Lines that the writer quotes by hand are somebody else's. */
static bool
is_quoted(const char *text, const struct span *span)
{
	return text[span->start] == '>';
}

static double
offer_weight(const struct obligation_rules *rules)
{
	guint i;

	for (i = 0; i < rules->blocks->len; i++) {
		const struct speech_block *block = rules->blocks->pdata[i];

		if (block->role == ROLE_OFFER)
			return block->weight;
	}
	return 0;
}

GPtrArray *
acts_in(const struct obligation_rules *rules, const char *text, gsize len,
    bool offered, bool *cut)
{
	g_autoptr(GArray) spans = sentences_find(text, len);
	g_autoptr(GPtrArray) heard = g_ptr_array_new_with_free_func(heard_free);
	struct hearing hearing = {.rules = rules,
	    .text = text,
	    .heard = heard,
	    .acts = g_ptr_array_new_with_free_func(act_free),
	    .offer = offered ? offer_weight(rules) : 0};
	guint i;

	for (i = 0; i < spans->len; i++) {
		const struct span *span = &g_array_index(spans, struct span, i);

		if (!is_quoted(text, span))
			g_ptr_array_add(heard, hear(rules, text, span));
	}
	for (i = 0; i < heard->len; i++) {
		const struct heard *sentence = heard->pdata[i];

		judge(&hearing, sentence);
		*cut = *cut || !sentence->complete;
	}
	*cut = *cut || hearing.acts->len >= ACTS_MAX;
	return hearing.acts;
}

bool
offer_in(const struct obligation_rules *rules, const char *text, gsize len)
{
	g_autoptr(GArray) spans = sentences_find(text, len);
	bool found = false;
	guint i;

	for (i = 0; i < spans->len && !found; i++) {
		struct heard *heard =
		    hear(rules, text, &g_array_index(spans, struct span, i));

		found = best_of(rules, heard, ROLE_OFFER) != NULL;
		heard_free(heard);
	}
	return found;
}
