#include <string.h>

#include "policy/detect/marking_rules.h"

static const char *const place_names[] = {
    "subject", "header", "top", "bottom", "body", "attachment", NULL};
static const char *const detail_names[] = {
    "scope", "reason", "paragraph", "time", "release", NULL};
static const char *const scope_names[] = {
    "sentence", "line", "paragraph", NULL};
/* The clauses of a marking that hold regexes, by enum marking_use. */
static const char *const use_names[] = {"alone", "begins", "ends", "named",
    "opens", "says", "unless", "with", NULL};

enum {
	ALL_PLACES = (1 << MARKING_PLACE_COUNT) - 1,
	/* Words that stand alone are judged by how they stand. */
	ALL_BUT_ALONE = ((1 << USE_UNLESS) - 1) & ~(1 << USE_ALONE),
};

const char *
marking_place_name(enum marking_place place)
{
	return place_names[place];
}

/* A block while it is read. */
struct reading {
	struct marking_rules *rules;
	struct marking_rule *rule;
	const struct pattern_clause *clause;
	guint next; /* token of the clause */
	struct diags *diags;
};

static int
index_of(const char *word, const char *const *names)
{
	for (int i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], word) == 0)
			return i;
	return -1;
}

static const struct pattern_token *
peek(const struct reading *in)
{
	const GPtrArray *tokens = in->clause->tokens;

	return in->next < tokens->len ? tokens->pdata[in->next] : NULL;
}

static void
fault(const struct reading *in, const char *wanted)
{
	const struct pattern_token *token = peek(in);

	diags_add(in->diags, DIAG_ERROR,
	    token != NULL ? &token->place : &in->clause->place,
	    "\"%s\" needs %s%s", in->clause->key, wanted,
	    token != NULL ? " here" : "");
}

/* Takes a token of the kind, or complains. */
static const struct pattern_token *
take(struct reading *in, enum pattern_token_kind kind, const char *wanted)
{
	const struct pattern_token *token = peek(in);

	if (token == NULL || token->kind != kind) {
		fault(in, wanted);
		return NULL;
	}
	in->next++;
	return token;
}

static bool
take_comma(struct reading *in)
{
	const struct pattern_token *token = peek(in);

	if (token == NULL || token->kind != TOKEN_COMMA)
		return false;
	in->next++;
	return true;
}

/* One word of a list of names; its index, or -1 after a complaint. */
static int
take_name(struct reading *in, const char *const *names, const char *wanted)
{
	const struct pattern_token *token = take(in, TOKEN_WORD, wanted);
	const char *near;
	int i;

	if (token == NULL)
		return -1;
	if ((i = index_of(token->text, names)) >= 0)
		return i;
	near = diag_suggest(token->text, names);
	diags_add(in->diags, DIAG_ERROR, &token->place,
	    "unknown word \"%s\"%s%s%s", token->text,
	    near != NULL ? ", did you mean \"" : "", near != NULL ? near : "",
	    near != NULL ? "\"?" : "");
	return -1;
}

/* A list of such names as bits. */
static unsigned
take_bits(struct reading *in, const char *const *names, const char *wanted)
{
	unsigned bits = 0;
	int i;

	do {
		if ((i = take_name(in, names, wanted)) < 0)
			return bits;
		bits |= 1u << i;
	} while (take_comma(in));
	return bits;
}

static void
take_regexes(struct reading *in, enum marking_use use)
{
	do {
		const struct pattern_token *token = peek(in);
		struct marking_word word = {use, in->rule, {0}};
		g_autofree char *literal = NULL;

		if (token == NULL ||
		    (token->kind != TOKEN_REGEX && token->kind != TOKEN_TEXT)) {
			fault(in, "a regex or a text");
			return;
		}
		in->next++;
		if (token->kind == TOKEN_TEXT)
			literal = pattern_literal(token->text);
		word.place = token->place;
		matcher_add(in->rules->matcher,
		    literal != NULL ? literal : token->text, in->rule->name,
		    &token->place);
		g_array_append_val(in->rules->words, word);
	} while (take_comma(in));
}

static void
take_labels(struct reading *in)
{
	do {
		const struct pattern_token *token =
		    take(in, TOKEN_TEXT, "an id or a name in quotation marks");

		if (token == NULL)
			return;
		g_hash_table_replace(in->rules->labels,
		    g_utf8_casefold(token->text, -1), in->rule);
	} while (take_comma(in));
}

/* header "Sensitivity" "Private" */
static void
take_field(struct reading *in)
{
	const struct pattern_token *name, *value;
	struct marking_field field = {NULL, NULL, in->rule};

	if ((name = take(in, TOKEN_TEXT, "a field's name")) == NULL ||
	    (value = take(in, TOKEN_TEXT, "the field's value")) == NULL)
		return;
	field.name = g_strdup(name->text);
	field.value = g_strdup(value->text);
	g_array_append_val(in->rules->fields, field);
}

static void
take_despite(struct reading *in)
{
	do {
		const struct pattern_token *token =
		    take(in, TOKEN_WORD, "a mention's name");

		if (token == NULL)
			return;
		g_ptr_array_add(in->rule->despite, g_strdup(token->text));
		g_array_append_val(in->rule->despite_places, token->place);
	} while (take_comma(in));
}

/* match [in PLACE] "…", … */
static void
take_examples(struct reading *in, bool wanted)
{
	const struct pattern_token *token = peek(in);
	struct marking_example example = {
	    .rule = in->rule, .where = MARKING_TOP, .wanted = wanted};
	int where;

	if (token != NULL && token->kind == TOKEN_WORD &&
	    strcmp(token->text, "in") == 0) {
		in->next++;
		if ((where = take_name(in, place_names, "a place")) < 0)
			return;
		example.where = (enum marking_place)where;
	}
	do {
		if ((token = take(in, TOKEN_TEXT, "an example")) == NULL)
			return;
		example.text = g_strcompress(token->text);
		example.place = token->place;
		g_array_append_val(in->rules->examples, example);
	} while (take_comma(in));
}

/* "no match": the reader takes only "no" for the key. */
static void
take_counterexamples(struct reading *in)
{
	const struct pattern_token *token =
	    take(in, TOKEN_WORD, "\"match\" after it");

	if (token != NULL)
		take_examples(in, false);
}

static bool
read_common(struct reading *in)
{
	const char *key = in->clause->key;

	if (strcmp(key, "match") == 0)
		take_examples(in, true);
	else if (strcmp(key, "no") == 0)
		take_counterexamples(in);
	else
		return false;
	return true;
}

static bool
read_marking_clause(struct reading *in)
{
	const char *key = in->clause->key;
	const struct pattern_token *token;
	int use = index_of(key, use_names);

	if (use >= 0) {
		in->rule->needs_with |= use == USE_WITH;
		take_regexes(in, (enum marking_use)use);
	} else if (strcmp(key, "kind") == 0) {
		token = take(in, TOKEN_WORD, "the kind of marking");
		if (token != NULL) {
			g_free(in->rule->kind);
			in->rule->kind = g_strdup(token->text);
		}
	} else if (strcmp(key, "in") == 0) {
		in->rule->places = take_bits(in, place_names, "a place");
	} else if (strcmp(key, "label") == 0) {
		take_labels(in);
	} else if (strcmp(key, "header") == 0) {
		take_field(in);
	} else if (strcmp(key, "despite") == 0) {
		take_despite(in);
	} else if (strcmp(key, "needs") == 0) {
		static const char *const needs[] = {"time", NULL};

		in->rule->needs_time = take_name(in, needs, "\"time\"") == 0;
	} else if (strcmp(key, "contradicts") == 0) {
		static const char *const what[] = {"release", NULL};

		in->rule->not_public = take_name(in, what, "\"release\"") == 0;
	} else {
		return read_common(in);
	}
	return true;
}

static bool
read_mention_clause(struct reading *in)
{
	const char *key = in->clause->key;
	int scope;

	if (strcmp(key, "words") == 0) {
		take_regexes(in, USE_MENTION);
	} else if (strcmp(key, "within") == 0) {
		scope = take_name(
		    in, scope_names, "\"sentence\", \"line\" or \"paragraph\"");
		if (scope >= 0)
			in->rule->scope = (enum mention_scope)scope;
	} else if (strcmp(key, "cancels") == 0) {
		in->rule->cancels =
		    take_bits(in, use_names, "a clause of a marking");
	} else {
		return read_common(in);
	}
	return true;
}

static bool
read_detail_clause(struct reading *in)
{
	const char *key = in->clause->key;
	const struct pattern_token *token;

	if (strcmp(key, "words") == 0) {
		take_regexes(in, USE_DETAIL);
	} else if (strcmp(key, "as") == 0) {
		if ((token = take(in, TOKEN_TEXT, "a text")) != NULL) {
			g_free(in->rule->as);
			in->rule->as = g_strdup(token->text);
		}
	} else if (strcmp(key, "of") == 0) {
		int detail = take_name(in, detail_names,
		    "scope, reason, paragraph, time or release");

		if (detail >= 0)
			in->rule->detail = (enum detail_kind)detail;
	} else {
		return read_common(in);
	}
	return true;
}

static const struct {
	const char *kind;
	bool (*read)(struct reading *);
} block_kinds[] = {
    {"marking", read_marking_clause},
    {"mention", read_mention_clause},
    {"detail", read_detail_clause},
};

static void
rule_free(void *p)
{
	struct marking_rule *rule = p;

	g_free(rule->name);
	g_free(rule->kind);
	g_free(rule->as);
	g_ptr_array_unref(rule->despite);
	g_array_unref(rule->despite_places);
	g_free(rule);
}

static void
read_block(struct marking_rules *rules, const struct pattern_block *block,
    bool (*read)(struct reading *), struct diags *diags)
{
	struct marking_rule *rule = g_new0(struct marking_rule, 1);
	struct reading in = {rules, rule, NULL, 0, diags};

	rule->name = g_strdup(block->name);
	rule->places = ALL_PLACES;
	rule->cancels = ALL_BUT_ALONE;
	rule->place = block->place;
	rule->despite = g_ptr_array_new_with_free_func(g_free);
	rule->despite_places = g_array_new(FALSE, FALSE, sizeof(struct place));
	g_ptr_array_add(rules->rules, rule);
	for (guint i = 0; i < block->clauses->len; i++) {
		in.clause = block->clauses->pdata[i];
		in.next = 0;
		if (!read(&in))
			diags_add(diags, DIAG_ERROR, &in.clause->place,
			    "unknown clause \"%s\" of a %s", in.clause->key,
			    block->kind);
		else if (peek(&in) != NULL && diags_errors(diags) == 0)
			fault(&in, "nothing more");
	}
	if (read == read_marking_clause && rule->kind == NULL)
		diags_add(diags, DIAG_ERROR, &block->place,
		    "the marking \"%s\" needs a kind", block->name);
}

static bool
has_mention(const GPtrArray *blocks, const char *name)
{
	for (guint i = 0; i < blocks->len; i++) {
		const struct pattern_block *block = blocks->pdata[i];

		if (strcmp(block->kind, "mention") == 0 &&
		    strcmp(block->name, name) == 0)
			return true;
	}
	return false;
}

/* Every "despite" names a mention, of whatever file. */
static void
check_despite(const struct marking_rules *rules, const GPtrArray *blocks,
    struct diags *diags)
{
	for (guint i = 0; i < rules->rules->len; i++) {
		const struct marking_rule *rule = rules->rules->pdata[i];

		for (guint k = 0; k < rule->despite->len; k++)
			if (!has_mention(blocks, rule->despite->pdata[k]))
				diags_add(diags, DIAG_ERROR,
				    &g_array_index(
					rule->despite_places, struct place, k),
				    "there is no mention \"%s\"",
				    (char *)rule->despite->pdata[k]);
	}
}

static void
field_clear(void *p)
{
	struct marking_field *field = p;

	g_free(field->name);
	g_free(field->value);
}

static void
example_clear(void *p)
{
	g_free(((struct marking_example *)p)->text);
}

struct marking_rules *
marking_rules_new(const GPtrArray *blocks, struct diags *diags)
{
	struct marking_rules *rules = g_new0(struct marking_rules, 1);

	rules->rules = g_ptr_array_new_with_free_func(rule_free);
	rules->matcher = matcher_new();
	rules->words = g_array_new(FALSE, FALSE, sizeof(struct marking_word));
	rules->fields = g_array_new(FALSE, FALSE, sizeof(struct marking_field));
	g_array_set_clear_func(rules->fields, field_clear);
	rules->labels =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	rules->examples =
	    g_array_new(FALSE, FALSE, sizeof(struct marking_example));
	g_array_set_clear_func(rules->examples, example_clear);
	for (guint i = 0; i < blocks->len; i++) {
		const struct pattern_block *block = blocks->pdata[i];

		for (gsize j = 0; j < G_N_ELEMENTS(block_kinds); j++)
			if (strcmp(block->kind, block_kinds[j].kind) == 0)
				read_block(
				    rules, block, block_kinds[j].read, diags);
	}
	check_despite(rules, blocks, diags);
	matcher_compile(rules->matcher, diags);
	return rules;
}

bool
marking_rules_have(const struct marking_rules *rules, const char *kind)
{
	if (strcmp(kind, "confidential") == 0)
		return true;
	for (guint i = 0; i < rules->rules->len; i++) {
		const struct marking_rule *rule = rules->rules->pdata[i];

		if (rule->kind != NULL && strcmp(rule->kind, kind) == 0)
			return true;
	}
	return false;
}

void
marking_rules_free(struct marking_rules *rules)
{
	if (rules == NULL)
		return;
	matcher_free(rules->matcher);
	g_array_unref(rules->words);
	g_array_unref(rules->fields);
	g_hash_table_unref(rules->labels);
	g_array_unref(rules->examples);
	g_ptr_array_unref(rules->rules);
	g_free(rules);
}
