#include <string.h>

#include "policy/detect/names_private.h"
#include "policy/detect/wording.h"

/*
 * Two matchers: one for the few cues that are looked for in whole texts, one
 * for all that is looked for in a few lines.
 */
enum where { IN_TEXTS, IN_LINES, WHERE_COUNT };

/* How far before a match what overlaps it may begin. */
enum { LOOK_BACK = 64 };

/* What a regex of a matcher means. */
struct meaning {
	const struct office *office; /* NULL: a cue */
	enum cue cue;
	bool unless;
};

struct name_rules {
	GPtrArray *offices; /* struct office */
	struct matcher *matchers[WHERE_COUNT];
	GArray *meanings[WHERE_COUNT]; /* struct meaning, by id */
	bool compiled;
	GArray *office_examples; /* struct example, of a struct office */
	GArray *cue_examples;    /* of a pointer into cue_names */
};

static const char *const cue_names[CUE_COUNT + 1] = {
    [CUE_VALEDICTION] = "valediction",
    [CUE_THANKS] = "thanks",
    [CUE_SIGNED] = "signed",
    [CUE_SALUTATION] = "salutation",
    [CUE_WRITES_FOR] = "writes-for",
    [CUE_CAPACITY] = "capacity",
    [CUE_RECORD] = "record",
    [CUE_FOR_ANOTHER] = "for-another",
    [CUE_PRIVATE] = "private",
    [CUE_OTHER_BODY] = "other-body",
    [CUE_LETTERHEAD] = "letterhead",
    [CUE_CLOSE] = "close",
    [CUE_SENTENCE] = "sentence",
};

static const char *const as_names[] = {
    [OFFICE_NONE] = "nobody",
    [OFFICE_COUNCILLOR] = "councillor",
    [OFFICE_CHAIR] = "chair",
    [OFFICE_OFFICER] = "officer",
    [OFFICE_AMBIGUOUS] = "ambiguous",
    NULL,
};

const char *
name_office_name(enum name_office office)
{
	return as_names[office];
}

static void
office_free(void *p)
{
	struct office *office = p;

	g_free(office->name);
	g_free(office);
}

static int
find_word(const char *const *words, const char *word)
{
	int i;

	for (i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

static void
add_meanings(struct name_rules *rules, const struct wording *w,
    enum where where, const struct meaning *meaning)
{
	guint count = wording_add(w, rules->matchers[where]);

	while (count-- > 0)
		g_array_append_vals(rules->meanings[where], meaning, 1);
}

static void
read_as(const struct wording *w, struct office *office)
{
	const struct pattern_token *word = wording_one(w, TOKEN_WORD);
	int as;

	if (word == NULL)
		return;
	as = find_word(as_names, word->text);
	if (as > OFFICE_NONE)
		office->as = (enum name_office)as;
	else
		diags_add(w->diags, DIAG_ERROR, &word->place,
		    "expected \"councillor\", \"chair\", \"officer\" or "
		    "\"ambiguous\"");
}

static void
read_role(const struct wording *w, struct office *office)
{
	const struct pattern_token *word = wording_one(w, TOKEN_WORD);

	if (word == NULL)
		return;
	office->role = role_by_name(word->text);
	if (office->role < 0)
		diags_add(w->diags, DIAG_ERROR, &word->place,
		    "\"%s\" is no role of a roster", word->text);
}

static bool
is_example(const char *key)
{
	return strcmp(key, "match") == 0 || strcmp(key, "no") == 0;
}

/* office NAME "title": as, role, title, unless, match, no match */
static void
read_office(struct name_rules *rules, const struct pattern_block *block,
    struct diags *diags)
{
	static const char *const keys[] = {
	    "as", "role", "title", "unless", "match", "no", NULL};
	struct office *office = g_new0(struct office, 1);
	struct meaning meaning = {.office = office};
	guint i;

	office->name = g_strdup(block->name);
	office->as = OFFICE_AMBIGUOUS;
	office->role = -1;
	g_ptr_array_add(rules->offices, office);
	for (i = 0; i < block->clauses->len; i++) {
		struct wording w = {
		    block, g_ptr_array_index(block->clauses, i), diags};
		const char *key = w.clause->key;

		meaning.unless = strcmp(key, "unless") == 0;
		if (strcmp(key, "as") == 0)
			read_as(&w, office);
		else if (strcmp(key, "role") == 0)
			read_role(&w, office);
		else if (strcmp(key, "title") == 0 || meaning.unless)
			add_meanings(rules, &w, IN_LINES, &meaning);
		else if (is_example(key))
			examples_add(rules->office_examples, &w, office);
		else
			wording_unknown(&w, keys);
	}
}

/* sign-off NAME: pattern, unless, match, no match */
static void
read_cue(struct name_rules *rules, const struct pattern_block *block,
    struct diags *diags)
{
	static const char *const keys[] = {
	    "pattern", "unless", "match", "no", NULL};
	struct meaning meaning = {.office = NULL};
	int cue = find_word(cue_names, block->name);
	enum where where = cue < CUE_FIRST_OF_LINES ? IN_TEXTS : IN_LINES;
	guint i;

	if (cue < 0) {
		diags_add(diags, DIAG_ERROR, &block->place,
		    "there is no \"%s\" in a sign-off", block->name);
		return;
	}
	meaning.cue = (enum cue)cue;
	for (i = 0; i < block->clauses->len; i++) {
		struct wording w = {
		    block, g_ptr_array_index(block->clauses, i), diags};
		const char *key = w.clause->key;

		meaning.unless = strcmp(key, "unless") == 0;
		if (strcmp(key, "pattern") == 0 || meaning.unless)
			add_meanings(rules, &w, where, &meaning);
		else if (is_example(key))
			examples_add(rules->cue_examples, &w, &cue_names[cue]);
		else
			wording_unknown(&w, keys);
	}
}

struct name_rules *
name_rules_new(const GPtrArray *blocks, struct diags *diags)
{
	struct name_rules *rules = g_new0(struct name_rules, 1);
	guint i;

	rules->offices = g_ptr_array_new_with_free_func(office_free);
	rules->office_examples = examples_new();
	rules->cue_examples = examples_new();
	for (i = 0; i < WHERE_COUNT; i++) {
		rules->matchers[i] = matcher_new();
		rules->meanings[i] =
		    g_array_new(FALSE, FALSE, sizeof(struct meaning));
	}
	for (i = 0; i < blocks->len; i++) {
		const struct pattern_block *block =
		    g_ptr_array_index(blocks, i);

		if (strcmp(block->kind, "office") == 0)
			read_office(rules, block, diags);
		else if (strcmp(block->kind, "sign-off") == 0)
			read_cue(rules, block, diags);
	}
	rules->compiled = true;
	for (i = 0; i < WHERE_COUNT; i++)
		if (!matcher_compile(rules->matchers[i], diags))
			rules->compiled = false;
	return rules;
}

void
name_rules_free(struct name_rules *rules)
{
	guint i;

	if (rules == NULL)
		return;
	for (i = 0; i < WHERE_COUNT; i++) {
		matcher_free(rules->matchers[i]);
		g_array_unref(rules->meanings[i]);
	}
	g_array_unref(rules->office_examples);
	g_array_unref(rules->cue_examples);
	g_ptr_array_unref(rules->offices);
	g_free(rules);
}

static const struct meaning *
meaning_of(const GArray *meanings, const struct match *match)
{
	return &g_array_index(meanings, struct meaning, match->id);
}

/* Does an "unless" of the same block overlap the match at i? */
static bool
is_excepted(const GArray *matches, const GArray *meanings, guint i)
{
	const struct match *match = &g_array_index(matches, struct match, i);
	const struct meaning *meaning = meaning_of(meanings, match);
	guint j = i > LOOK_BACK ? i - LOOK_BACK : 0;

	for (; j < matches->len; j++) {
		const struct match *other =
		    &g_array_index(matches, struct match, j);
		const struct meaning *what = meaning_of(meanings, other);

		if (other->start >= match->end)
			return false;
		if (what->unless && other->end > match->start &&
		    what->office == meaning->office &&
		    what->cue == meaning->cue)
			return true;
	}
	return false;
}

static bool
is_title(const struct hit *hit)
{
	return hit->office != NULL && hit->office->as != OFFICE_AMBIGUOUS;
}

/*
 * Does one take the place of the other?  Of titles that overlap, the longest
 * counts.  The council as such stands in the titles of others and leaves them
 * alone ("Mayor of Woodland Town Council"), but an office ends with its
 * holder's title ("Office of the Mayor").
 */
static bool
takes_place_of(const struct hit *other, const struct hit *hit)
{
	gsize length = hit->end - hit->start;

	if (other->office == NULL)
		return false;
	if (!is_title(other))
		return is_title(hit) && other->end == hit->end &&
		       other->start < hit->start;
	return other->end - other->start > length ||
	       (other->end - other->start == length &&
		   (other < hit || !is_title(hit)));
}

static bool
is_covered(const GArray *hits, guint i)
{
	const struct hit *hit = &g_array_index(hits, struct hit, i);
	guint j = i > LOOK_BACK ? i - LOOK_BACK : 0;

	for (; j < hits->len; j++) {
		const struct hit *other = &g_array_index(hits, struct hit, j);

		if (other->start >= hit->end)
			return false;
		if (j != i && other->end > hit->start &&
		    takes_place_of(other, hit))
			return true;
	}
	return false;
}

static GArray *
scan(const struct name_rules *rules, enum where where, const char *text,
    gsize len)
{
	GArray *hits = g_array_new(FALSE, FALSE, sizeof(struct hit));
	const GArray *meanings = rules->meanings[where];
	g_autoptr(GArray) matches =
	    g_array_new(FALSE, FALSE, sizeof(struct match));
	guint i;

	if (!rules->compiled)
		return hits;
	/* What a limit cuts off is only less evidence. */
	(void)matcher_scan(rules->matchers[where], text, len, matches);
	for (i = 0; i < matches->len; i++) {
		const struct match *match =
		    &g_array_index(matches, struct match, i);
		const struct meaning *meaning = meaning_of(meanings, match);
		struct hit hit = {
		    match->start, match->end, meaning->office, meaning->cue};

		if (!meaning->unless && !is_excepted(matches, meanings, i))
			g_array_append_val(hits, hit);
	}
	return hits;
}

GArray *
name_rules_cues(const struct name_rules *rules, const char *text, gsize len)
{
	return scan(rules, IN_TEXTS, text, len);
}

GArray *
name_rules_hits(const struct name_rules *rules, const char *text, gsize len)
{
	g_autoptr(GArray) all = scan(rules, IN_LINES, text, len);
	GArray *hits = g_array_new(FALSE, FALSE, sizeof(struct hit));
	guint i;

	for (i = 0; i < all->len; i++) {
		const struct hit *hit = &g_array_index(all, struct hit, i);
		bool yields =
		    is_title(hit) ||
		    (hit->office == NULL && (hit->cue == CUE_SENTENCE ||
						hit->cue == CUE_FOR_ANOTHER));

		if (!yields || !is_covered(all, i))
			g_array_append_val(hits, *hit);
	}
	return hits;
}

static bool
has_office(const struct name_rules *rules, const char *text,
    const struct office *office)
{
	struct lines lines = {.text = text, .end = strlen(text)};
	g_autoptr(GArray) signers = NULL;
	guint i;

	lines.closing = true;
	signers = name_signers(rules, NULL, &lines, DAY_FIRST);
	for (i = 0; i < signers->len; i++) {
		const struct signer *signer =
		    &g_array_index(signers, struct signer, i);

		if (signer->first == office && !signer->other_capacity)
			return true;
	}
	return false;
}

static bool
has_cue(const struct name_rules *rules, const char *text, enum cue cue)
{
	g_autoptr(GArray) hits =
	    cue < CUE_FIRST_OF_LINES
		? name_rules_cues(rules, text, strlen(text))
		: name_rules_hits(rules, text, strlen(text));
	guint i;

	for (i = 0; i < hits->len; i++) {
		const struct hit *hit = &g_array_index(hits, struct hit, i);

		if (hit->office == NULL && hit->cue == cue)
			return true;
	}
	return false;
}

static void
try(const struct example *example, bool found, const char *what,
    struct diags *diags)
{
	if (found == example->wanted)
		return;
	diags_add(diags, DIAG_ERROR, &example->place,
	    found ? "this is taken for \"%s\""
		  : "this is not recognised as \"%s\"",
	    what);
}

void
name_rules_try(const struct name_rules *rules, struct diags *diags)
{
	guint i;

	for (i = 0; rules->compiled && i < rules->office_examples->len; i++) {
		const struct example *example =
		    &g_array_index(rules->office_examples, struct example, i);
		const struct office *office = example->of;

		try(example, has_office(rules, example->text, office),
		    office->name, diags);
	}
	for (i = 0; rules->compiled && i < rules->cue_examples->len; i++) {
		const struct example *example =
		    &g_array_index(rules->cue_examples, struct example, i);
		const char *const *name = example->of;

		try(example,
		    has_cue(rules, example->text, (enum cue)(name - cue_names)),
		    *name, diags);
	}
}
