#include <string.h>

#include "policy/detect/confidential_reader.h"

void
reader_begin(struct reader *r, const struct pattern_block *block)
{
	r->block = block;
	r->told = false;
	reader_rewind(r);
}

void
reader_rewind(struct reader *r)
{
	r->clause = NULL;
	r->next_clause = 0;
	r->next_token = 0;
}

static const struct pattern_token *
peek(const struct reader *r)
{
	const GPtrArray *tokens = r->clause->tokens;

	return r->next_token < tokens->len ? tokens->pdata[r->next_token]
					   : NULL;
}

void
reader_skip(struct reader *r)
{
	r->next_token = r->clause->tokens->len;
}

static void
fault_at(struct reader *r, const struct place *place, const char *message)
{
	diags_add(r->diags, DIAG_ERROR, place, "%s", message);
	r->told = true;
	reader_skip(r);
}

bool
reader_next_clause(struct reader *r)
{
	const struct pattern_token *left = r->clause != NULL ? peek(r) : NULL;

	if (left != NULL)
		fault_at(r, &left->place, "this is not expected here");
	if (r->next_clause == r->block->clauses->len)
		return false;
	r->clause = r->block->clauses->pdata[r->next_clause++];
	r->next_token = 0;
	return true;
}

void
reader_fault(struct reader *r, const char *fmt, ...)
{
	g_autofree char *message = NULL;
	va_list ap;

	va_start(ap, fmt);
	message = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	fault_at(r, r->clause != NULL ? &r->clause->place : &r->block->place,
	    message);
}

void
reader_unknown(struct reader *r, const struct place *place, const char *what,
    const char *word, const char *const *known)
{
	const char *near = diag_suggest(word, known);
	g_autofree char *message =
	    near != NULL
		? g_strdup_printf("unknown %s \"%s\", did you mean \"%s\"?",
		      what, word, near)
		: g_strdup_printf("unknown %s \"%s\"", what, word);

	fault_at(r, place, message);
}

void
reader_duplicate(struct reader *r, const struct place *before)
{
	diags_add(r->diags, DIAG_ERROR, &r->block->place, "duplicate %s \"%s\"",
	    r->block->kind, r->block->name);
	diags_add(r->diags, DIAG_NOTE, before, "previously defined here");
}

/* Where the next token stands, or the clause when there is none. */
static const struct place *
here(const struct reader *r)
{
	const struct pattern_token *token = peek(r);

	return token != NULL ? &token->place : &r->clause->place;
}

const struct pattern_token *
reader_take(struct reader *r, enum pattern_token_kind kind, const char *what)
{
	const struct pattern_token *token = peek(r);
	g_autofree char *message = NULL;

	if (token != NULL && token->kind == kind) {
		r->next_token++;
		return token;
	}
	message = g_strdup_printf("%s is expected here", what);
	fault_at(r, here(r), message);
	return NULL;
}

bool
reader_take_word(struct reader *r, const char *word)
{
	const struct pattern_token *token = peek(r);

	if (token == NULL || token->kind != TOKEN_WORD ||
	    strcmp(token->text, word) != 0)
		return false;
	r->next_token++;
	return true;
}

bool
reader_expect_word(struct reader *r, const char *word)
{
	g_autofree char *message = NULL;

	if (reader_take_word(r, word))
		return true;
	message = g_strdup_printf("\"%s\" is expected here", word);
	fault_at(r, here(r), message);
	return false;
}

bool
reader_take_comma(struct reader *r)
{
	const struct pattern_token *token = peek(r);

	if (token == NULL || token->kind != TOKEN_COMMA)
		return false;
	r->next_token++;
	return true;
}

bool
reader_take_number(
    struct reader *r, double lowest, double highest, double *number)
{
	const struct pattern_token *token =
	    reader_take(r, TOKEN_NUMBER, "a number");
	g_autofree char *message = NULL;

	if (token == NULL)
		return false;
	if (token->number >= lowest && token->number <= highest) {
		*number = token->number;
		return true;
	}
	message = g_strdup_printf(
	    "a number from %g to %g is expected here", lowest, highest);
	fault_at(r, &token->place, message);
	return false;
}

char *
reader_take_regex(struct reader *r, struct place *place)
{
	const struct pattern_token *token = peek(r);

	if (token == NULL ||
	    (token->kind != TOKEN_REGEX && token->kind != TOKEN_TEXT)) {
		fault_at(r, here(r), "a regex or a text is expected here");
		return NULL;
	}
	r->next_token++;
	*place = token->place;
	if (token->kind == TOKEN_REGEX)
		return g_strdup(token->text);
	return pattern_literal(token->text);
}
