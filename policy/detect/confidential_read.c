/*
 * From blocks of pattern files to rules:
 *
 *	category NAME "title"
 *	    law        "…"
 *	    near       REGEX, … within N | in sentence, gains 0.4
 *	    lowered by REGEX, … within N | in sentence, to 0.3
 *
 *	evidence NAME "title"
 *	    category   NAME
 *	    validator  NAME
 *	    confidence 0.4
 *	    anchor     REGEX, … [confidence 0.6]
 *	    near, lowered by: as above
 *	    match      "…" [as CATEGORY] [at LEVEL]
 *	    no match   "…" [as CATEGORY] [at LEVEL]
 *
 *	bank-tables NAME
 *	    weights       "file"
 *	    substitutions "file"
 */
#include <string.h>

#include "policy/detect/confidential_private.h"
#include "policy/detect/confidential_reader.h"
#include "policy/pattern/alternatives.h"

#define CONFIDENCE_DEFAULT 0.4
/* A check digit alone is never more than a noun. */
#define CHECKED_MAX 0.59

static struct category *
category_of(const struct confidential_rules *rules, const char *name)
{
	guint i;

	for (i = 0; i < rules->categories->len; i++) {
		struct category *category = rules->categories->pdata[i];

		if (strcmp(category->name, name) == 0)
			return category;
	}
	return NULL;
}

bool
confidential_rules_have(
    const struct confidential_rules *rules, const char *category)
{
	return category_of(rules, category) != NULL;
}

static void
unknown_category(struct reader *r, const struct pattern_token *token)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	guint i;

	for (i = 0; i < r->rules->categories->len; i++) {
		struct category *category = r->rules->categories->pdata[i];

		g_ptr_array_add(names, category->name);
	}
	g_ptr_array_add(names, NULL);
	reader_unknown(r, &token->place, "category", token->text,
	    (const char *const *)names->pdata);
}

static struct category *
take_category(struct reader *r)
{
	const struct pattern_token *token =
	    reader_take(r, TOKEN_WORD, "the name of a category");
	struct category *category;

	if (token == NULL)
		return NULL;
	category = category_of(r->rules, token->text);
	if (category == NULL)
		unknown_category(r, token);
	return category;
}

static void
cue_free(void *p)
{
	struct cue *cue = p;

	g_array_unref(cue->ids);
	g_free(cue);
}

static void
category_free(void *p)
{
	struct category *category = p;

	g_free(category->name);
	g_free(category->title);
	g_ptr_array_unref(category->near);
	g_ptr_array_unref(category->lowered);
	g_free(category);
}

static void
read_category(struct reader *r)
{
	static const char *const keys[] = {"law", "near", "lowered", NULL};
	struct category *category,
	    *before = category_of(r->rules, r->block->name);

	if (before != NULL) {
		reader_duplicate(r, &before->place);
		return;
	}
	category = g_new0(struct category, 1);
	category->name = g_strdup(r->block->name);
	category->title = g_strdup(
	    *r->block->title != '\0' ? r->block->title : r->block->name);
	category->place = r->block->place;
	category->near = g_ptr_array_new();
	category->lowered = g_ptr_array_new();
	g_ptr_array_add(r->rules->categories, category);
	while (reader_next_clause(r)) {
		if (reader_take_cue(r, category->near, category->lowered))
			continue;
		if (strcmp(r->clause->key, "law") == 0)
			reader_take(r, TOKEN_TEXT, "the law, a text");
		else
			reader_unknown(r, &r->clause->place, "clause",
			    r->clause->key, keys);
	}
}

static void
evidence_free(void *p)
{
	struct evidence *evidence = p;

	g_ptr_array_unref(evidence->near);
	g_ptr_array_unref(evidence->lowered);
	g_free(evidence);
}

static void
example_free(void *p)
{
	struct example *example = p;

	g_free(example->text);
	g_free(example);
}

/* One text; its block's category where none is named. */
static void
read_example(struct reader *r, bool matches, struct evidence *evidence)
{
	static const char *const levels[] = {"low", "medium", "high", NULL};
	const struct pattern_token *text =
	    reader_take(r, TOKEN_TEXT, "an example, a text");
	const struct pattern_token *level;
	struct example *example;
	guint i;

	if (text == NULL)
		return;
	example = g_new0(struct example, 1);
	example->text = g_strdup(text->text);
	example->place = text->place;
	example->matches = matches;
	example->level = LEVEL_MEDIUM;
	example->category = evidence->category;
	g_ptr_array_add(r->rules->examples, example);
	if (reader_take_word(r, "as"))
		example->category = take_category(r);
	if (!reader_take_word(r, "at"))
		return;
	level = reader_take(r, TOKEN_WORD, "low, medium or high");
	for (i = 0; level != NULL && levels[i] != NULL; i++) {
		if (strcmp(level->text, levels[i]) == 0) {
			example->level = (enum level)(LEVEL_LOW + i);
			return;
		}
	}
	if (level != NULL)
		reader_unknown(r, &level->place, "level", level->text, levels);
}

static void
read_anchor(struct reader *r, struct evidence *evidence, double confidence)
{
	struct anchor anchor = {evidence, confidence};
	guint first = r->rules->anchors->len;
	struct place place;
	char *regex;

	while ((regex = reader_take_regex(r, &place)) != NULL) {
		g_autoptr(GPtrArray) parts = pattern_alternatives(regex);
		guint i;

		for (i = 0; i < parts->len; i++) {
			matcher_add(r->rules->anchor_matcher, parts->pdata[i],
			    r->block->name, &place);
			g_array_append_val(r->rules->anchors, anchor);
		}
		g_free(regex);
		if (!reader_take_comma(r))
			break;
	}
	if (!reader_take_word(r, "confidence") ||
	    !reader_take_number(r, 0, 1, &confidence))
		return;
	for (; first < r->rules->anchors->len; first++)
		g_array_index(r->rules->anchors, struct anchor, first)
		    .confidence = confidence;
}

static void
read_validator(struct reader *r, struct evidence *evidence)
{
	const struct pattern_token *name =
	    reader_take(r, TOKEN_WORD, "the name of a validator");
	const char *names[IDENTIFIER_COUNT + 1] = {NULL};
	int i;

	if (name == NULL)
		return;
	evidence->checked =
	    identifier_from_name(name->text, &evidence->validator);
	for (i = 0; i < IDENTIFIER_COUNT; i++)
		names[i] = identifier_name((enum identifier)i);
	if (!evidence->checked)
		reader_unknown(r, &name->place, "validator", name->text, names);
}

/* The category comes first, whatever the order of the clauses. */
static void
find_category(struct reader *r, struct evidence *evidence)
{
	while (reader_next_clause(r))
		if (strcmp(r->clause->key, "category") == 0)
			evidence->category = take_category(r);
		else
			reader_skip(r);
	reader_rewind(r);
}

static void
read_evidence_clause(
    struct reader *r, struct evidence *evidence, double *confidence)
{
	static const char *const keys[] = {"category", "validator",
	    "confidence", "anchor", "near", "lowered", "match", "no", NULL};
	const char *key = r->clause->key;

	if (reader_take_cue(r, evidence->near, evidence->lowered))
		return;
	if (strcmp(key, "category") == 0)
		reader_skip(r);
	else if (strcmp(key, "validator") == 0)
		read_validator(r, evidence);
	else if (strcmp(key, "confidence") == 0)
		reader_take_number(r, 0, 1, confidence);
	else if (strcmp(key, "anchor") == 0)
		read_anchor(r, evidence, *confidence);
	else if (strcmp(key, "match") == 0)
		read_example(r, true, evidence);
	else if (strcmp(key, "no") != 0)
		reader_unknown(r, &r->clause->place, "clause", key, keys);
	else if (reader_expect_word(r, "match"))
		read_example(r, false, evidence);
}

static void
append_cues(struct reader *r, GPtrArray *cues, const GPtrArray *more)
{
	guint i;

	for (i = 0; i < more->len; i++) {
		if (cues->len == CLAUSES_MAX) {
			reader_fault(r,
			    "more than %d clauses together with the "
			    "category's",
			    CLAUSES_MAX);
			return;
		}
		g_ptr_array_add(cues, more->pdata[i]);
	}
}

/* What must hold of the block as a whole. */
static void
check_evidence(struct reader *r, const struct evidence *evidence, guint first)
{
	guint i;

	if (first == r->rules->anchors->len)
		diags_add(r->diags, DIAG_ERROR, &r->block->place,
		    "evidence \"%s\" has no anchor", r->block->name);
	for (i = first; evidence->checked && i < r->rules->anchors->len; i++)
		if (g_array_index(r->rules->anchors, struct anchor, i)
			.confidence > CHECKED_MAX) {
			diags_add(r->diags, DIAG_ERROR, &r->block->place,
			    "a check digit alone has no more confidence than "
			    "%.2f: say with \"near\" what makes it surer",
			    CHECKED_MAX);
			return;
		}
}

static void
read_evidence(struct reader *r)
{
	struct evidence *evidence = g_new0(struct evidence, 1);
	double confidence = CONFIDENCE_DEFAULT;
	guint first = r->rules->anchors->len;

	evidence->near = g_ptr_array_new();
	evidence->lowered = g_ptr_array_new();
	g_ptr_array_add(r->rules->evidence, evidence);
	find_category(r, evidence);
	while (reader_next_clause(r))
		read_evidence_clause(r, evidence, &confidence);
	check_evidence(r, evidence, first);
	if (evidence->category == NULL) {
		if (!r->told)
			diags_add(r->diags, DIAG_ERROR, &r->block->place,
			    "evidence \"%s\" has no category", r->block->name);
		return;
	}
	append_cues(r, evidence->near, evidence->category->near);
	append_cues(r, evidence->lowered, evidence->category->lowered);
}

/* A file named in a block, beside the pattern file it stands in. */
static char *
take_file(struct reader *r)
{
	const struct pattern_token *token =
	    reader_take(r, TOKEN_TEXT, "the name of a file, a text");
	g_autofree char *directory = NULL, *path = NULL;
	g_autoptr(GError) error = NULL;
	char *text = NULL;

	if (token == NULL)
		return NULL;
	directory = g_path_get_dirname(token->place.file);
	path = g_path_is_absolute(token->text)
		   ? g_strdup(token->text)
		   : g_build_filename(directory, token->text, NULL);
	if (!g_file_get_contents(path, &text, NULL, &error))
		diags_add(
		    r->diags, DIAG_ERROR, &token->place, "%s", error->message);
	return text;
}

static void
read_bank_tables(struct reader *r)
{
	static const char *const keys[] = {"weights", "substitutions", NULL};
	g_autofree char *weights = NULL, *substitutions = NULL;
	g_autoptr(GError) error = NULL;

	while (reader_next_clause(r)) {
		char **text = strcmp(r->clause->key, keys[0]) == 0 ? &weights
			      : strcmp(r->clause->key, keys[1]) == 0
				  ? &substitutions
				  : NULL;

		if (text == NULL) {
			reader_unknown(r, &r->clause->place, "clause",
			    r->clause->key, keys);
			continue;
		}
		g_free(*text);
		*text = take_file(r);
	}
	if (weights == NULL)
		return;
	bank_tables_free(r->rules->banks);
	r->rules->banks = bank_tables_new(weights, substitutions, &error);
	if (r->rules->banks == NULL)
		diags_add(r->diags, DIAG_ERROR, &r->block->place, "%s",
		    error->message);
}

/* The widest reach of any cue, in bytes: a character has four at most. */
static gsize
widest_reach(const struct confidential_rules *rules)
{
	gsize widest = 0;
	guint i;

	for (i = 0; i < rules->cues->len; i++) {
		const struct cue *cue = rules->cues->pdata[i];
		gsize reach =
		    cue->in_sentence ? SENTENCE_MAX : (gsize)cue->within * 4;

		widest = MAX(widest, reach);
	}
	return widest;
}

static void
read_blocks(struct reader *r, const GPtrArray *blocks, const char *kind,
    void (*read)(struct reader *))
{
	guint i;

	for (i = 0; i < blocks->len; i++) {
		const struct pattern_block *block = blocks->pdata[i];

		if (strcmp(block->kind, kind) != 0)
			continue;
		reader_begin(r, block);
		read(r);
	}
}

struct confidential_rules *
confidential_rules_new(const GPtrArray *blocks, struct diags *diags)
{
	struct confidential_rules *rules = g_new0(struct confidential_rules, 1);
	g_autoptr(GHashTable) ids =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) identities =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct reader r = {.rules = rules,
	    .diags = diags,
	    .cue_ids = ids,
	    .identities = identities};

	rules->categories = g_ptr_array_new_with_free_func(category_free);
	rules->evidence = g_ptr_array_new_with_free_func(evidence_free);
	rules->anchors = g_array_new(FALSE, FALSE, sizeof(struct anchor));
	rules->examples = g_ptr_array_new_with_free_func(example_free);
	rules->cues = g_ptr_array_new_with_free_func(cue_free);
	rules->anchor_matcher = matcher_new();
	rules->cue_matcher = matcher_new();
	read_blocks(&r, blocks, "category", read_category);
	read_blocks(&r, blocks, "evidence", read_evidence);
	read_blocks(&r, blocks, "bank-tables", read_bank_tables);
	/* Both, so that all that is wrong is told at once. */
	rules->compiled = matcher_compile(rules->anchor_matcher, diags);
	rules->compiled &= matcher_compile(rules->cue_matcher, diags);
	rules->reach = widest_reach(rules);
	return rules;
}

void
confidential_rules_free(struct confidential_rules *rules)
{
	if (rules == NULL)
		return;
	g_ptr_array_unref(rules->categories);
	g_ptr_array_unref(rules->evidence);
	g_array_unref(rules->anchors);
	g_ptr_array_unref(rules->examples);
	g_ptr_array_unref(rules->cues);
	matcher_free(rules->anchor_matcher);
	matcher_free(rules->cue_matcher);
	bank_tables_free(rules->banks);
	g_free(rules);
}
