#include <string.h>

#include "policy/detect/phrases.h"
#include "policy/detect/wording.h"
#include "policy/text/sentence.h"

/* Bounds: bytes of a segment that are looked at, and phrases of a message. */
enum { TEXT_MAX = 256 * 1024, PHRASES_MAX = 200 };

/* A block. */
struct speech {
	char *kind, *title;
	double certainty;
	unsigned origins; /* a bit for each enum origin */
	guint withs;      /* how many "with" there are */
};

enum part { PART_PATTERN, PART_UNLESS, PART_WITH };

/* What a regex of the matcher means. */
struct meaning {
	guint speech; /* index */
	enum part part;
	guint with; /* which one of its block's, at most WITHS_MAX */
};

enum { WITHS_MAX = 8 };

struct phrase_rules {
	GPtrArray *speeches; /* struct speech */
	struct matcher *matcher;
	GArray *meanings; /* struct meaning, by id */
	bool compiled;
	GArray *examples; /* struct example, of a struct speech */
};

static void
speech_free(void *p)
{
	struct speech *speech = p;

	g_free(speech->kind);
	g_free(speech->title);
	g_free(speech);
}

static const struct speech *
speech_at(const struct phrase_rules *rules, guint i)
{
	return g_ptr_array_index(rules->speeches, i);
}

static void
add_meanings(struct phrase_rules *rules, const struct wording *w,
    enum part part, struct speech *speech)
{
	struct meaning meaning = {rules->speeches->len - 1, part, 0};
	guint count = wording_add(w, rules->matcher);

	if (part == PART_WITH && speech->withs == WITHS_MAX)
		diags_add(w->diags, DIAG_ERROR, &w->clause->place,
		    "more than %d \"with\" in a block", (int)WITHS_MAX);
	else if (part == PART_WITH)
		meaning.with = speech->withs++;
	while (count-- > 0)
		g_array_append_val(rules->meanings, meaning);
}

static void
read_certainty(const struct wording *w, struct speech *speech)
{
	const struct pattern_token *number = wording_one(w, TOKEN_NUMBER);

	if (number == NULL)
		return;
	if (number->number > 0 && number->number <= 1)
		speech->certainty = number->number;
	else
		diags_add(w->diags, DIAG_ERROR, &number->place,
		    "a certainty is more than 0 and at most 1");
}

/* in subject, own, … */
static void
read_origins(const struct wording *w, struct speech *speech)
{
	static const enum origin origins[] = {
	    ORIGIN_SUBJECT, ORIGIN_OWN, ORIGIN_SIGNATURE, ORIGIN_ATTACHMENT};
	guint i, j;

	speech->origins = 0;
	for (i = 0; i < w->clause->tokens->len; i += 2) {
		const struct pattern_token *token =
		    g_ptr_array_index(w->clause->tokens, i);
		unsigned bit = 0;

		for (j = 0; j < G_N_ELEMENTS(origins); j++)
			if (strcmp(token->text, origin_name(origins[j])) == 0)
				bit = 1U << origins[j];
		if (bit == 0)
			diags_add(w->diags, DIAG_ERROR, &token->place,
			    "expected \"subject\", \"own\", \"signature\" or "
			    "\"attachment\", with commas between them");
		speech->origins |= bit;
	}
}

/* phrase NAME "title": kind, certainty, in, pattern, with, unless, match */
static void
read_clause(
    struct phrase_rules *rules, const struct wording *w, struct speech *speech)
{
	static const char *const keys[] = {"kind", "certainty", "in", "pattern",
	    "with", "unless", "match", "no", NULL};
	const char *key = w->clause->key;
	const struct pattern_token *word;

	if (strcmp(key, "kind") == 0) {
		word = wording_one(w, TOKEN_WORD);
		if (word != NULL) {
			g_free(speech->kind);
			speech->kind = g_strdup(word->text);
		}
	} else if (strcmp(key, "certainty") == 0) {
		read_certainty(w, speech);
	} else if (strcmp(key, "in") == 0) {
		read_origins(w, speech);
	} else if (strcmp(key, "pattern") == 0) {
		add_meanings(rules, w, PART_PATTERN, speech);
	} else if (strcmp(key, "unless") == 0) {
		add_meanings(rules, w, PART_UNLESS, speech);
	} else if (strcmp(key, "with") == 0) {
		add_meanings(rules, w, PART_WITH, speech);
	} else if (strcmp(key, "match") == 0 || strcmp(key, "no") == 0) {
		examples_add(rules->examples, w, speech);
	} else {
		wording_unknown(w, keys);
	}
}

static void
read_block(struct phrase_rules *rules, const struct pattern_block *block,
    struct diags *diags)
{
	struct speech *speech = g_new0(struct speech, 1);
	guint i;

	speech->kind = g_strdup(block->name);
	speech->title =
	    g_strdup(*block->title != '\0' ? block->title : block->name);
	speech->certainty = 0.7;
	speech->origins = 1U << ORIGIN_SUBJECT | 1U << ORIGIN_OWN;
	g_ptr_array_add(rules->speeches, speech);
	for (i = 0; i < block->clauses->len; i++) {
		struct wording w = {
		    block, g_ptr_array_index(block->clauses, i), diags};

		read_clause(rules, &w, speech);
	}
}

struct phrase_rules *
phrase_rules_new(const GPtrArray *blocks, struct diags *diags)
{
	struct phrase_rules *rules = g_new0(struct phrase_rules, 1);
	guint i;

	rules->speeches = g_ptr_array_new_with_free_func(speech_free);
	rules->matcher = matcher_new();
	rules->meanings = g_array_new(FALSE, FALSE, sizeof(struct meaning));
	rules->examples = examples_new();
	for (i = 0; i < blocks->len; i++) {
		const struct pattern_block *block =
		    g_ptr_array_index(blocks, i);

		if (strcmp(block->kind, "phrase") == 0)
			read_block(rules, block, diags);
	}
	/* It would take seconds to make and save little on single sentences. */
	matcher_forgo_prefilter(rules->matcher);
	rules->compiled = matcher_compile(rules->matcher, diags);
	return rules;
}

void
phrase_rules_free(struct phrase_rules *rules)
{
	if (rules == NULL)
		return;
	matcher_free(rules->matcher);
	g_array_unref(rules->meanings);
	g_array_unref(rules->examples);
	g_ptr_array_unref(rules->speeches);
	g_free(rules);
}

bool
phrase_rules_have(const struct phrase_rules *rules, const char *kind)
{
	guint i;

	for (i = 0; i < rules->speeches->len; i++)
		if (strcmp(speech_at(rules, i)->kind, kind) == 0)
			return true;
	return false;
}

/* What was found of one block in one sentence. */
struct finding {
	bool matched, excepted;
	gsize start, end; /* the first match */
	guint withs;      /* a bit for each that was met */
};

static void
note(struct finding *finding, const struct match *match,
    const struct meaning *meaning)
{
	switch (meaning->part) {
	case PART_PATTERN:
		if (!finding->matched) {
			finding->matched = true;
			finding->start = match->start;
			finding->end = match->end;
		}
		break;
	case PART_UNLESS:
		finding->excepted = true;
		break;
	case PART_WITH:
		finding->withs |= 1U << meaning->with;
		break;
	}
}

/* The findings of a sentence, one for each block; false: a limit was met. */
static bool
judge_sentence(const struct phrase_rules *rules, const char *sentence,
    gsize len, struct finding *findings)
{
	g_autoptr(GArray) matches =
	    g_array_new(FALSE, FALSE, sizeof(struct match));
	bool complete = matcher_scan(rules->matcher, sentence, len, matches);
	guint i;

	for (i = 0; i < matches->len; i++) {
		const struct match *match =
		    &g_array_index(matches, struct match, i);
		const struct meaning *meaning =
		    &g_array_index(rules->meanings, struct meaning, match->id);

		note(&findings[meaning->speech], match, meaning);
	}
	return complete;
}

static bool
holds(const struct speech *speech, const struct finding *finding)
{
	return finding->matched && !finding->excepted &&
	       finding->withs == (1U << speech->withs) - 1;
}

static void
add_phrase(GPtrArray *phrases, const struct speech *speech,
    const struct finding *finding, const struct span *sentence, guint segment)
{
	struct phrase *phrase = g_new0(struct phrase, 1);

	phrase->kind = speech->kind;
	phrase->title = speech->title;
	phrase->probability = speech->certainty;
	phrase->segment = segment;
	phrase->sentence_start = sentence->start;
	phrase->sentence_end = sentence->end;
	phrase->start = sentence->start + finding->start;
	phrase->end = sentence->start + finding->end;
	g_ptr_array_add(phrases, phrase);
}

static bool
is_read(const struct phrase_rules *rules, enum origin origin)
{
	guint i;

	for (i = 0; i < rules->speeches->len; i++)
		if ((speech_at(rules, i)->origins & 1U << origin) != 0)
			return true;
	return false;
}

/* The beginning of a text: whole characters, at most TEXT_MAX bytes. */
static gsize
length_read(const struct segment *segment)
{
	gsize len = MIN(segment->len, TEXT_MAX);

	while (len > 0 && len < segment->len &&
	       ((guchar)segment->text[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static void
read_segment(const struct phrase_rules *rules, const struct segment *segment,
    guint index, GPtrArray *phrases, bool *cut)
{
	gsize len = length_read(segment);
	g_autoptr(GArray) sentences = sentences_find(segment->text, len);
	g_autofree struct finding *findings =
	    g_new(struct finding, rules->speeches->len);
	guint i, j;

	*cut = *cut || len < segment->len;
	for (i = 0; i < sentences->len; i++) {
		const struct span *sentence =
		    &g_array_index(sentences, struct span, i);

		memset(findings, 0, sizeof(*findings) * rules->speeches->len);
		if (!judge_sentence(rules, segment->text + sentence->start,
			sentence->end - sentence->start, findings))
			*cut = true;
		for (j = 0; j < rules->speeches->len; j++) {
			const struct speech *speech = speech_at(rules, j);

			if ((speech->origins & 1U << segment->origin) == 0 ||
			    !holds(speech, &findings[j]))
				continue;
			if (phrases->len == PHRASES_MAX) {
				*cut = true;
				return;
			}
			add_phrase(
			    phrases, speech, &findings[j], sentence, index);
		}
	}
}

static int
compare(const void *p, const void *q)
{
	const struct phrase *a = *(struct phrase *const *)p;
	const struct phrase *b = *(struct phrase *const *)q;

	if (a->probability != b->probability)
		return a->probability > b->probability ? -1 : 1;
	if (a->segment != b->segment)
		return a->segment < b->segment ? -1 : 1;
	return a->start < b->start ? -1 : a->start > b->start;
}

GPtrArray *
phrases_find(const struct phrase_rules *rules, const struct content *content,
    bool *cut)
{
	GPtrArray *phrases = g_ptr_array_new_with_free_func(g_free);
	guint i;

	if (!rules->compiled)
		return phrases;
	for (i = 0; i < content->segments->len; i++) {
		const struct segment *segment =
		    g_ptr_array_index(content->segments, i);

		if (is_read(rules, segment->origin))
			read_segment(rules, segment, i, phrases, cut);
	}
	g_ptr_array_sort(phrases, compare);
	return phrases;
}

const struct phrase *
phrases_of_kind(const GPtrArray *phrases, const char *kind, double at_least)
{
	guint i;

	for (i = 0; i < phrases->len; i++) {
		const struct phrase *phrase = g_ptr_array_index(phrases, i);

		if (phrase->probability >= at_least &&
		    strcmp(phrase->kind, kind) == 0)
			return phrase;
	}
	return NULL;
}

/* Does a text have a phrase of that block? */
static bool
has_phrase(
    const struct phrase_rules *rules, char *text, const struct speech *speech)
{
	struct segment segment = {.text = text, .len = strlen(text)};
	g_autoptr(GPtrArray) phrases = g_ptr_array_new_with_free_func(g_free);
	bool cut = false;
	guint i;

	for (i = 0; i < ORIGIN_COUNT; i++)
		if ((speech->origins & 1U << i) != 0)
			segment.origin = (enum origin)i;
	read_segment(rules, &segment, 0, phrases, &cut);
	for (i = 0; i < phrases->len; i++)
		if (((struct phrase *)phrases->pdata[i])->kind == speech->kind)
			return true;
	return false;
}

void
phrase_rules_try(const struct phrase_rules *rules, struct diags *diags)
{
	guint i;

	for (i = 0; rules->compiled && i < rules->examples->len; i++) {
		const struct example *example =
		    &g_array_index(rules->examples, struct example, i);
		const struct speech *speech = example->of;
		bool found = has_phrase(rules, example->text, speech);

		if (found != example->wanted)
			diags_add(diags, DIAG_ERROR, &example->place,
			    found ? "this is taken for %s"
				  : "this is not recognised as %s",
			    speech->title);
	}
}
