#include <string.h>

#include "policy/detect/obligation_rules.h"

static const char *const role_kinds[ROLE_COUNT + 1] = {
    [ROLE_AUTHORITY] = "authority",
    [ROLE_ADDRESSEE] = "addressee",
    [ROLE_ACT] = "act",
    [ROLE_CANCEL] = "cancel",
    [ROLE_OFFER] = "offer",
};

/* What a role adds, or leaves, where its block does not say. */
static const double role_weights[ROLE_COUNT] = {
    [ROLE_AUTHORITY] = 0.4,
    [ROLE_ADDRESSEE] = 0.25,
    [ROLE_CANCEL] = 0,
    [ROLE_OFFER] = 0.6,
};

/* How sure an act is by its words alone. */
static const struct {
	const char *key;
	double weight;
} strengths[] = {{"sure", 0.8}, {"form", 0.6}, {"weak", 0.4}};

struct reader {
	struct obligation_rules *rules;
	struct speech_block *block;
	struct diags *diags;
};

static void
example_free(void *p)
{
	struct example *example = p;

	g_free(example->text);
	g_free(example);
}

static void
block_free(void *p)
{
	struct speech_block *block = p;

	g_free(block->name);
	g_free(block->title);
	g_free(block->kind);
	g_ptr_array_unref(block->despite);
	g_ptr_array_unref(block->needs);
	g_ptr_array_unref(block->examples);
	g_free(block);
}

static const struct pattern_token *
token_at(const struct pattern_clause *clause, guint i)
{
	return i < clause->tokens->len ? clause->tokens->pdata[i] : NULL;
}

static bool
is_word(const struct pattern_token *token, const char *word)
{
	return token != NULL && token->kind == TOKEN_WORD &&
	       strcmp(token->text, word) == 0;
}

static bool
is_regex(const struct pattern_token *token)
{
	return token != NULL &&
	       (token->kind == TOKEN_REGEX || token->kind == TOKEN_TEXT);
}

/* Says what was expected at a token, or at the clause when it ends too soon. */
static void
expected(const struct reader *reader, const struct pattern_clause *clause,
    const struct pattern_token *token, const char *what)
{
	diags_add(reader->diags, DIAG_ERROR,
	    token != NULL ? &token->place : &clause->place, "expected %s",
	    what);
}

/*
 * In a sentence white space is a space, or a line end with perhaps a space
 * behind it.  Regexes that say so are quick to fail: forms are made of many
 * optional words, each with a space of its own.
 */
static char *
with_narrow_spaces(const char *regex)
{
	GString *narrow = g_string_new(regex);

	g_string_replace(narrow, "\\s+", "\\s{1,3}", 0);
	g_string_replace(narrow, "\\s*", "\\s{0,3}", 0);
	return g_string_free(narrow, FALSE);
}

static void
add_regex(struct reader *reader, const struct pattern_token *token,
    const struct form *form)
{
	g_autofree char *literal =
	    token->kind == TOKEN_TEXT ? pattern_literal(token->text) : NULL;
	g_autofree char *regex =
	    with_narrow_spaces(literal != NULL ? literal : token->text);

	matcher_add(
	    reader->rules->matcher, regex, reader->block->name, &token->place);
	g_array_append_vals(reader->rules->forms, form, 1);
}

/* Regexes and texts from the i-th token on, with commas between them. */
static void
read_regexes(struct reader *reader, const struct pattern_clause *clause,
    guint i, struct form form)
{
	const struct pattern_token *token;

	form.block = reader->block;
	for (;; i++) {
		token = token_at(clause, i++);
		if (!is_regex(token)) {
			expected(reader, clause, token,
			    "a regex between slashes or a text between "
			    "quotation marks");
			return;
		}
		add_regex(reader, token, &form);
		token = token_at(clause, i);
		if (token == NULL)
			return;
		if (token->kind != TOKEN_COMMA) {
			expected(reader, clause, token, "a comma");
			return;
		}
	}
}

/* "in clause", "in sentence", "in text", each perhaps with "before". */
static void
read_reach(struct reader *reader, const struct pattern_clause *clause)
{
	struct form form = {0};
	guint i = 0;

	if (is_word(token_at(clause, i), "clause")) {
		form.reach = REACH_CLAUSE;
	} else if (is_word(token_at(clause, i), "sentence")) {
		form.reach = REACH_SENTENCE;
	} else if (is_word(token_at(clause, i), "text")) {
		form.reach = REACH_TEXT;
	} else {
		expected(reader, clause, token_at(clause, i),
		    "\"clause\", \"sentence\" or \"text\"");
		return;
	}
	if (is_word(token_at(clause, ++i), "before")) {
		form.before = true;
		i++;
	}
	read_regexes(reader, clause, i, form);
}

static void
read_example(struct reader *reader, const struct pattern_clause *clause)
{
	bool match = strcmp(clause->key, "match") == 0;
	guint i = match ? 0 : 1;
	const struct pattern_token *token;
	struct example *example;

	if (!match && !is_word(token_at(clause, 0), "match")) {
		expected(reader, clause, token_at(clause, 0), "\"match\"");
		return;
	}
	for (;; i++) {
		token = token_at(clause, i++);
		if (token == NULL || token->kind != TOKEN_TEXT) {
			expected(reader, clause, token,
			    "an example between quotation marks");
			return;
		}
		example = g_new0(struct example, 1);
		example->text = g_strdup(token->text);
		example->match = match;
		example->place = token->place;
		g_ptr_array_add(reader->block->examples, example);
		token = token_at(clause, i);
		if (token == NULL)
			return;
		if (token->kind != TOKEN_COMMA) {
			expected(reader, clause, token, "a comma");
			return;
		}
	}
}

static void
read_kind(struct reader *reader, const struct pattern_clause *clause)
{
	const struct pattern_token *token = token_at(clause, 0);

	if (token == NULL || token->kind != TOKEN_WORD ||
	    clause->tokens->len > 1) {
		expected(reader, clause, token, "one word: the kind of act");
		return;
	}
	g_free(reader->block->kind);
	reader->block->kind = g_strdup(token->text);
}

static void
read_force(struct reader *reader, const struct pattern_clause *clause)
{
	const struct pattern_token *token = token_at(clause, 0);

	if (is_word(token, "directive"))
		reader->block->directive = true;
	else if (!is_word(token, "commissive"))
		expected(
		    reader, clause, token, "\"commissive\" or \"directive\"");
}

/* Names of other blocks, with commas between them. */
static void
read_names(struct reader *reader, const struct pattern_clause *clause,
    GPtrArray *names)
{
	const struct pattern_token *token;
	guint i;

	for (i = 0;; i++) {
		token = token_at(clause, i++);
		if (token == NULL || token->kind != TOKEN_WORD) {
			expected(reader, clause, token, "the name of a block");
			return;
		}
		g_ptr_array_add(names, g_strdup(token->text));
		token = token_at(clause, i);
		if (token == NULL)
			return;
		if (token->kind != TOKEN_COMMA) {
			expected(reader, clause, token, "a comma");
			return;
		}
	}
}

static void
read_despite(struct reader *reader, const struct pattern_clause *clause)
{
	read_names(reader, clause, reader->block->despite);
}

static void
read_needs(struct reader *reader, const struct pattern_clause *clause)
{
	read_names(reader, clause, reader->block->needs);
}

static void
read_weight(struct reader *reader, const struct pattern_clause *clause)
{
	const struct pattern_token *token = token_at(clause, 0);

	if (token == NULL || token->kind != TOKEN_NUMBER || token->number < 0 ||
	    token->number >= 1)
		expected(reader, clause, token, "a number from 0 to below 1");
	else
		reader->block->weight = token->number;
}

static bool
read_strength(struct reader *reader, const struct pattern_clause *clause)
{
	guint i;

	for (i = 0; i < G_N_ELEMENTS(strengths); i++)
		if (strcmp(strengths[i].key, clause->key) == 0) {
			read_regexes(reader, clause, 0,
			    (struct form){.weight = strengths[i].weight});
			return true;
		}
	return false;
}

static const struct {
	const char *key;
	unsigned roles; /* 1 << role, of those that know it */
	void (*read)(struct reader *, const struct pattern_clause *);
} clause_keys[] = {
    {"kind", 1 << ROLE_ACT, read_kind},
    {"force", 1 << ROLE_ACT, read_force},
    {"despite", 1 << ROLE_ACT, read_despite},
    {"needs", 1 << ROLE_ACT, read_needs},
    {"in", 1 << ROLE_CANCEL, read_reach},
    {"weight", ~(1U << ROLE_ACT | 1U << ROLE_CANCEL), read_weight},
    {"leaves", 1 << ROLE_CANCEL, read_weight},
    {"match", ~0U, read_example},
    {"no", ~0U, read_example},
};

static void
read_clause(struct reader *reader, const struct pattern_clause *clause)
{
	enum role role = reader->block->role;
	guint i;

	for (i = 0; i < G_N_ELEMENTS(clause_keys); i++)
		if (strcmp(clause_keys[i].key, clause->key) == 0 &&
		    (clause_keys[i].roles & 1U << role) != 0) {
			clause_keys[i].read(reader, clause);
			return;
		}
	if (role == ROLE_ACT) {
		if (read_strength(reader, clause))
			return;
	} else if (role != ROLE_CANCEL && strcmp(clause->key, "form") == 0) {
		read_regexes(reader, clause, 0, (struct form){0});
		return;
	}
	diags_add(reader->diags, DIAG_ERROR, &clause->place,
	    "a block of %s has no \"%s\"", role_kinds[role], clause->key);
}

static void
read_block(
    struct reader *reader, const struct pattern_block *source, enum role role)
{
	struct speech_block *block = g_new0(struct speech_block, 1);
	guint first = reader->rules->forms->len, i;

	block->role = role;
	block->name = g_strdup(source->name);
	block->title =
	    g_strdup(*source->title != '\0' ? source->title : source->name);
	block->kind = g_strdup(source->name);
	block->weight = role_weights[role];
	block->despite = g_ptr_array_new_with_free_func(g_free);
	block->needs = g_ptr_array_new_with_free_func(g_free);
	block->examples = g_ptr_array_new_with_free_func(example_free);
	block->place = source->place;
	g_ptr_array_add(reader->rules->blocks, block);
	reader->block = block;
	for (i = 0; i < source->clauses->len; i++)
		read_clause(reader, source->clauses->pdata[i]);
	if (reader->rules->forms->len == first)
		diags_add(reader->diags, DIAG_ERROR, &source->place,
		    "\"%s\" looks for nothing: it has no regex", source->name);
}

static const struct speech_block *
block_named(
    const struct obligation_rules *rules, enum role role, const char *name)
{
	guint i;

	for (i = 0; i < rules->blocks->len; i++) {
		const struct speech_block *block = rules->blocks->pdata[i];

		if (block->role == role && strcmp(block->name, name) == 0)
			return block;
	}
	return NULL;
}

static void
check_named(const struct reader *reader, const struct speech_block *block,
    const GPtrArray *names, enum role role)
{
	guint i;

	for (i = 0; i < names->len; i++)
		if (block_named(reader->rules, role, names->pdata[i]) == NULL)
			diags_add(reader->diags, DIAG_ERROR, &block->place,
			    "\"%s\" names \"%s\", but there is no block of "
			    "%s of that name",
			    block->name, (const char *)names->pdata[i],
			    role_kinds[role]);
}

static void
check_names(const struct reader *reader)
{
	const struct obligation_rules *rules = reader->rules;
	guint i;

	for (i = 0; i < rules->blocks->len; i++) {
		const struct speech_block *block = rules->blocks->pdata[i];

		if (block_named(rules, block->role, block->name) != block)
			diags_add(reader->diags, DIAG_ERROR, &block->place,
			    "there is a block of %s \"%s\" before this one",
			    role_kinds[block->role], block->name);
		check_named(reader, block, block->despite, ROLE_CANCEL);
		check_named(reader, block, block->needs, ROLE_AUTHORITY);
	}
}

struct obligation_rules *
obligation_rules_new(const GPtrArray *blocks, struct diags *diags)
{
	struct obligation_rules *rules = g_new0(struct obligation_rules, 1);
	struct reader reader = {.rules = rules, .diags = diags};
	guint i;
	int role;

	rules->blocks = g_ptr_array_new_with_free_func(block_free);
	rules->forms = g_array_new(FALSE, FALSE, sizeof(struct form));
	rules->matcher = matcher_new();
	for (i = 0; i < blocks->len; i++) {
		const struct pattern_block *block = blocks->pdata[i];

		for (role = 0; role < ROLE_COUNT; role++)
			if (strcmp(role_kinds[role], block->kind) == 0)
				read_block(&reader, block, (enum role)role);
	}
	check_names(&reader);
	/*
	 * Forms begin with the commonest of words and are tried on single
	 * sentences: a prefilter takes minutes to make and saves nothing.
	 */
	matcher_forgo_prefilter(rules->matcher);
	matcher_compile(rules->matcher, diags);
	return rules;
}

void
obligation_rules_free(struct obligation_rules *rules)
{
	if (rules == NULL)
		return;
	g_ptr_array_unref(rules->blocks);
	g_array_unref(rules->forms);
	matcher_free(rules->matcher);
	g_free(rules);
}

bool
obligation_rules_have(const struct obligation_rules *rules, const char *kind)
{
	guint i;

	for (i = 0; i < rules->blocks->len; i++) {
		const struct speech_block *block = rules->blocks->pdata[i];

		if (block->role == ROLE_ACT && strcmp(block->kind, kind) == 0)
			return true;
	}
	return false;
}
