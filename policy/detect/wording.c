#include <string.h>

#include "policy/detect/wording.h"

static void G_GNUC_PRINTF(3, 4) fault(
    const struct wording *w, const struct place *place, const char *fmt, ...)
{
	g_autofree char *message = NULL;
	va_list ap;

	va_start(ap, fmt);
	message = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	diags_add(w->diags, DIAG_ERROR, place, "%s", message);
}

static const struct pattern_token *
token_at(const struct wording *w, guint i)
{
	const GPtrArray *tokens = w->clause->tokens;

	return i < tokens->len ? g_ptr_array_index(tokens, i) : NULL;
}

guint
wording_add(const struct wording *w, struct matcher *matcher)
{
	guint i, count = 0;

	if (w->clause->tokens->len == 0)
		fault(w, &w->clause->place,
		    "a regex or a text is expected after \"%s\"",
		    w->clause->key);
	for (i = 0; i < w->clause->tokens->len; i++) {
		const struct pattern_token *token = token_at(w, i);
		g_autofree char *literal = NULL;

		if (i % 2 == 1) {
			if (token->kind == TOKEN_COMMA)
				continue;
			fault(w, &token->place, "a comma is expected here");
			break;
		}
		if (token->kind != TOKEN_REGEX && token->kind != TOKEN_TEXT) {
			fault(w, &token->place,
			    "a regex or a text is expected here");
			break;
		}
		if (token->kind == TOKEN_TEXT)
			literal = pattern_literal(token->text);
		matcher_add(matcher, literal != NULL ? literal : token->text,
		    w->block->name, &token->place);
		count++;
	}
	return count;
}

/* The token at i, which is the last one and of that kind, or a fault. */
static const struct pattern_token *
last_token(const struct wording *w, guint i, enum pattern_token_kind kind)
{
	static const char *const kinds[] = {
	    [TOKEN_WORD] = "a word",
	    [TOKEN_TEXT] = "a text in quotation marks",
	    [TOKEN_REGEX] = "a regex",
	    [TOKEN_NUMBER] = "a number",
	    [TOKEN_COMMA] = "a comma",
	};
	const struct pattern_token *token = token_at(w, i);

	if (token != NULL && token->kind == kind &&
	    i + 1 == w->clause->tokens->len)
		return token;
	fault(w, token != NULL ? &token->place : &w->clause->place,
	    "\"%s\" takes %s and nothing more", w->clause->key, kinds[kind]);
	return NULL;
}

const struct pattern_token *
wording_one(const struct wording *w, enum pattern_token_kind kind)
{
	return last_token(w, 0, kind);
}

const char *
wording_example(const struct wording *w, bool *wanted)
{
	const struct pattern_token *token = token_at(w, 0);

	*wanted = strcmp(w->clause->key, "match") == 0;
	if (*wanted) {
		token = last_token(w, 0, TOKEN_TEXT);
	} else if (token == NULL || strcmp(token->text, "match") != 0) {
		fault(w, &w->clause->place, "\"no\" is followed by \"match\"");
		return NULL;
	} else {
		token = last_token(w, 1, TOKEN_TEXT);
	}
	return token != NULL ? token->text : NULL;
}

void
wording_unknown(const struct wording *w, const char *const *keys)
{
	const char *near = diag_suggest(w->clause->key, keys);

	if (near != NULL)
		fault(w, &w->clause->place,
		    "unknown clause \"%s\", did you mean \"%s\"?",
		    w->clause->key, near);
	else
		fault(w, &w->clause->place, "unknown clause \"%s\" of %s",
		    w->clause->key, w->block->kind);
}

static void
example_clear(void *p)
{
	g_free(((struct example *)p)->text);
}

GArray *
examples_new(void)
{
	GArray *examples = g_array_new(FALSE, FALSE, sizeof(struct example));

	g_array_set_clear_func(examples, example_clear);
	return examples;
}

void
examples_add(GArray *examples, const struct wording *w, gconstpointer of)
{
	struct example example = {.place = w->clause->place, .of = of};
	const char *text = wording_example(w, &example.wanted);

	if (text == NULL)
		return;
	example.text = g_strdup(text);
	g_array_append_val(examples, example);
}
