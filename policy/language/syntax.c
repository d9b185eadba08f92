#include <string.h>

#include "policy/language/lex.h"
#include "policy/language/gram.h"
#include "policy/language/syntax.h"
#include "policy/language/words.h"

/* More alternatives than these are not listed one by one. */
enum { LISTED_MAX = 6, QUOTED_MAX = 30 };

/*
 * Expected tokens that make up one thing of the language, its name, and
 * examples.  A thing applies when its first token is expected; it then stands
 * for all of its tokens.
 */
static const struct thing {
	const char *name, *examples;
	int tokens[24]; /* ends with 0 */
} things[] = {
    {"the next part of the rule", "\"when\", \"unless\" or \"then\"",
	{T_UNLESS, T_WHEN, T_THEN, T_MODE, T_ACTIVE, T_ON}},
    {"the next part of the case", "\"from\", \"to\" or \"bcc\"",
	{T_BCC, T_FROM, T_TO, T_CC, T_INBOUND, T_AUTOMATIC, T_SIGNED,
	    T_ENCRYPTED, T_REPLY, T_SUBJECT, T_TEXT, T_QUOTING, T_ON}},
    {"an action", "\"footer\", \"report\" or \"hold\"",
	{T_FOOTER, T_NO_FOOTER, T_MARK, T_FLAG, T_REPORT, T_NOTIFY, T_DISCLOSE,
	    T_HOLD, T_REJECT, T_DEFER, T_LOG}},
    {"a test", "\"sender is officer\"",
	{T_AUTHOR, T_SENDER, T_ANY, T_EVERY, T_NO, T_ONLY, T_THE, T_AT, T_MORE,
	    T_FEWER, T_EXACTLY, T_THERE, T_MESSAGE, T_OWN, T_CONFIDENCE,
	    T_SUBJECT, T_HEADER, T_NOT, '('}},
    {"what the message is", "\"inbound\", \"automatic\" or \"a reply\"",
	{T_SUBMITTED, T_INBOUND, T_INTERNAL, T_AUTOMATIC, T_ARTICLE, T_SIGNED,
	    T_ENCRYPTED, T_FULLY, T_MARKED, T_IN, T_NOT}},
    {"a class", "councillor, officer or outsider",
	{T_COMMITTEE, T_GROUP, T_WARD, T_WORD, T_ADDRESS, T_AT_DOMAIN,
	    T_ARTICLE, T_THE, T_IN, T_NOT, T_VISIBLE}},
    {"recipients or a class", "councillors",
	{T_RECIPIENT, T_WORD, T_VISIBLE, T_HIDDEN}},
    {"a role, a person's id or an address", NULL, {T_ADDRESS, T_WORD, T_THE}},
    {"how many", "\"a\", \"no\" or \"at least 2\"",
	{T_FEWER, T_ARTICLE, T_ANY, T_NO, T_AT, T_MORE, T_EXACTLY}},
    {"a statement", "\"rule\", \"class\" or \"expect\"", {T_INCLUDE}},
};

/* Any action may follow a comma. */
static const int actions[] = {T_FOOTER, T_NO_FOOTER, T_MARK, T_FLAG, T_REPORT,
    T_NOTIFY, T_DISCLOSE, T_HOLD, T_REJECT, T_DEFER, T_LOG};

static bool
is_expected(const int *expected, int count, int token)
{
	int i;

	for (i = 0; i < count; i++)
		if (expected[i] == token)
			return true;
	return false;
}

/* Takes a token off the list; returns its new length. */
static int
take(int *expected, int count, int token)
{
	int i, left = 0;

	for (i = 0; i < count; i++)
		if (expected[i] != token)
			expected[left++] = expected[i];
	return left;
}

/* The last statement's first token before a token. */
static int
statement_of(const struct reading *reading, guint before)
{
	guint i;

	for (i = before; i > 0; i--) {
		int kind =
		    g_array_index(reading->tokens, struct token, i - 1).kind;

		if (lex_begins_statement(kind) && kind != T_MODE)
			return kind;
	}
	return 0;
}

/* What a token that is no fixed word would be; examples are in *examples. */
static const char *
describe(int token, int statement, const char **examples)
{
	*examples = NULL;
	switch (token) {
	case T_WORD:
		if (statement == T_DOMAINS || statement == T_EQUIVALENT) {
			*examples = "parish.example";
			return "a domain";
		}
		if (statement == T_TRUSTED) {
			*examples = "192.0.2.0/24";
			return "a network";
		}
		if (statement == T_FOOTER_IN) {
			*examples = "cy";
			return "a language";
		}
		return "a name";
	case T_STRING:
		return "a text in quotation marks";
	case T_NUMBER:
		return "a number";
	case T_DATE:
		*examples = "2026-03-24";
		return "a date";
	case T_ARTICLE:
		return "\"a\"";
	case T_COMMA_ACTION:
	case ',':
		return "\",\"";
	case '(':
		return "\"(\"";
	case ')':
		return "\")\"";
	default:
		return NULL;
	}
}

/* What is expected: phrases, and examples if there is only one of them. */
struct wanted {
	GPtrArray *phrases; /* char * */
	const char *examples;
};

static void
want(struct wanted *wanted, const char *phrase, const char *examples)
{
	guint i;

	for (i = 0; i < wanted->phrases->len; i++)
		if (strcmp(g_ptr_array_index(wanted->phrases, i), phrase) == 0)
			return;
	g_ptr_array_add(wanted->phrases, g_strdup(phrase));
	wanted->examples = examples;
}

/*
 * Statements may begin wherever something may end.  They are worth a word only
 * when nothing else can follow.
 */
static int
drop_statements(int *expected, int count)
{
	int i, left = 0;
	bool any = is_expected(expected, count, T_INCLUDE);

	for (i = 0; i < count; i++)
		if (expected[i] != T_END_OF_FILE &&
		    !(any && lex_begins_statement(expected[i])))
			expected[left++] = expected[i];
	if (any && left == 0)
		expected[left++] = T_INCLUDE;
	return left;
}

/* Fills in what is expected; the phrases are the caller's. */
static void
find_wanted(struct wanted *wanted, const int *all, int count, int statement)
{
	g_autofree int *expected = g_memdup2(all, sizeof(int) * (gsize)count);
	const struct thing *found[G_N_ELEMENTS(things)];
	size_t i, k, n = 0;
	int t;

	count = drop_statements(expected, count);
	for (i = 0; i < G_N_ELEMENTS(things); i++) {
		if (!is_expected(expected, count, things[i].tokens[0]))
			continue;
		for (k = 0; things[i].tokens[k] != 0; k++)
			count = take(expected, count, things[i].tokens[k]);
		found[n++] = &things[i];
	}
	for (t = 0; t < count && (n == 0 || count <= LISTED_MAX); t++) {
		const char *examples;
		const char *phrase =
		    describe(expected[t], statement, &examples);
		const char *word = lex_word(expected[t]);
		g_autofree char *quoted = NULL;

		if (phrase == NULL && word != NULL)
			phrase = quoted = g_strdup_printf("\"%s\"", word);
		if (phrase != NULL)
			want(wanted, phrase, examples);
	}
	for (i = 0; i < n; i++)
		want(wanted, found[i]->name, found[i]->examples);
	if (wanted->phrases->len > 1)
		wanted->examples = NULL;
}

static char *
join(const GPtrArray *phrases)
{
	GString *s = g_string_new(NULL);
	guint i;

	for (i = 0; i < phrases->len; i++) {
		if (i > 0)
			g_string_append(
			    s, i + 1 < phrases->len ? ", " : " or ");
		g_string_append(s, g_ptr_array_index(phrases, i));
	}
	return g_string_free(s, FALSE);
}

/* The token as it reads, shortened if it is long. */
static char *
quote(const struct token *token)
{
	const char *word = lex_word(token->kind);
	const char *end;
	g_autofree char *start = NULL;

	if (token->kind == T_END_OF_FILE)
		return g_strdup("the end of the file");
	if (word != NULL)
		return g_strdup_printf("\"%s\"", word);
	if (g_utf8_strlen(token->text, -1) <= QUOTED_MAX)
		return token->kind == T_STRING
			   ? g_strdup_printf("the text \"%s\"", token->text)
			   : g_strdup_printf("\"%s\"", token->text);
	end = g_utf8_offset_to_pointer(token->text, QUOTED_MAX);
	start = g_strndup(token->text, (gsize)(end - token->text));
	return token->kind == T_STRING
		   ? g_strdup_printf("the text \"%s…\"", start)
		   : g_strdup_printf("\"%s…\"", start);
}

/*
 * The expected word nearest to what stands there, or NULL.  A word that is in
 * its own right of the language was hardly meant to be another, except "than"
 * for "then".
 */
static const char *
suggest(const struct token *found, const int *expected, int count)
{
	g_autoptr(GArray) words = words_new();
	const char *own = lex_word(found->kind);
	int i;

	if (found->kind == T_STRING || *found->text == '\0' ||
	    lex_begins_statement(found->kind) || lex_begins_clause(found->kind))
		return NULL;
	for (i = 0; i < count; i++) {
		const char *word = lex_word(expected[i]);

		if (word != NULL &&
		    (own == NULL || strlen(own) == strlen(word)))
			words_add(words, word);
	}
	return words_nearest(words, found->text);
}

/* A word where only a name of the policy's own can stand. */
static bool
is_reserved(const struct token *found, const int *expected, int count)
{
	return (lex_word(found->kind) != NULL || found->kind == T_ARTICLE) &&
	       is_expected(expected, count, T_WORD) &&
	       !lex_begins_statement(found->kind) &&
	       !lex_begins_clause(found->kind);
}

/*
 * What is missing at the end of a line is missed there, not where the next one
 * begins.
 */
static bool
ends_early(const struct token *found, const struct token *last)
{
	return last != NULL && found->place.line != last->place.line &&
	       (found->kind == T_END_OF_FILE ||
		   lex_begins_statement(found->kind) ||
		   lex_begins_clause(found->kind));
}

/* "found …", and what may have been meant; the caller frees it. */
static char *
describe_found(const struct token *found, const struct token *last,
    const int *expected, int count)
{
	g_autofree char *quoted = quote(found);
	const char *nearest = suggest(found, expected, count);

	if (nearest != NULL)
		return g_strdup_printf(
		    "found %s, did you mean \"%s\"?", quoted, nearest);
	if (is_reserved(found, expected, count))
		return g_strdup_printf("found %s, which is a word of the "
				       "language and cannot be a name",
		    quoted);
	if (ends_early(found, last) && found->kind != T_END_OF_FILE)
		return g_strdup_printf(
		    "found %s on line %u", quoted, found->place.line);
	return g_strdup_printf("found %s", quoted);
}

/*
 * A misspelt word of the language passes for a class, and the error comes only
 * with the word behind it: "any hiden recipient".  Then that class is what is
 * wrong, and not to be looked for.
 */
static bool
blame_class(struct compiler *c, const struct token *last)
{
	const struct use *use;
	const char *nearest;

	if (last == NULL || last->kind != T_WORD || c->uses->len == 0)
		return false;
	use = g_ptr_array_index(c->uses, c->uses->len - 1);
	if (use->class->place.line != last->place.line ||
	    use->class->place.column != last->place.column ||
	    role_by_name(last->text) != -1 ||
	    g_hash_table_contains(c->by_name, last->text))
		return false;
	nearest = lex_nearest(last->text);
	if (nearest == NULL)
		return false;
	compile_report(c, DIAG_ERROR, &last->place,
	    "unknown word \"%s\", did you mean \"%s\"?", last->text, nearest);
	g_ptr_array_set_size(c->uses, (gint)c->uses->len - 1);
	return true;
}

void
syntax_report(struct compiler *c, int kind, const struct place *place,
    const int *expected, int count)
{
	const struct reading *reading = c->reading;
	const struct token *tokens =
	    &g_array_index(reading->tokens, struct token, 0);
	guint at = reading->next - (kind == T_END_OF_FILE ? 0 : 1);
	const struct token *found, *last;
	struct wanted wanted = {g_ptr_array_new_with_free_func(g_free), NULL};
	g_autoptr(GPtrArray) phrases = wanted.phrases;
	g_autofree char *what = NULL, *instead = NULL, *before = NULL;
	struct place where = *place;

	c->broken = true;
	if (kind == ',' && is_expected(expected, count, T_COMMA_ACTION)) {
		/* What is wrong is that no action follows. */
		at++;
		expected = actions;
		count = G_N_ELEMENTS(actions);
		where = tokens[at].place;
	}
	found = &tokens[at];
	last = at > 0 ? &tokens[at - 1] : NULL;
	if (suggest(found, expected, count) == NULL && blame_class(c, last))
		return;
	find_wanted(&wanted, expected, count, statement_of(reading, at));
	what = join(phrases);
	instead = describe_found(found, last, expected, count);
	before = last != NULL ? quote(last) : NULL;
	if (ends_early(found, last))
		where = last->place;
	compile_report(c, DIAG_ERROR, &where, "expected %s%s%s%s%s, %s", what,
	    before != NULL ? " after " : "", before != NULL ? before : "",
	    wanted.examples != NULL ? ", such as " : "",
	    wanted.examples != NULL ? wanted.examples : "", instead);
}
