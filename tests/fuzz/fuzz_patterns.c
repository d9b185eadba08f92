/*
 * A libFuzzer target: any bytes as a pattern file, and behind a line of "===" a
 * text that its regexes are held against.  With Hyperscan and without it the
 * matches must be the same, none empty, each regex's apart and ascending.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/pattern/file.h"
#include "policy/pattern/matcher.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { REGEXES_MAX = 6, REGEX_MAX = 200, TEXT_MAX = 2000 };

/* Adds what a clause looks for, as a detector does. */
static void
add_clause(const struct pattern_clause *clause, GPtrArray *regexes)
{
	guint i;

	for (i = 0; i < clause->tokens->len; i++) {
		const struct pattern_token *token =
		    g_ptr_array_index(clause->tokens, i);
		g_autofree char *regex = NULL;

		if (token->kind == TOKEN_REGEX)
			regex = g_strdup(token->text);
		else if (token->kind == TOKEN_TEXT)
			regex = pattern_literal(token->text);
		/* Compiling is slow enough without long ones. */
		if (regex != NULL && strlen(regex) < REGEX_MAX &&
		    regexes->len < REGEXES_MAX)
			g_ptr_array_add(regexes, g_steal_pointer(&regex));
	}
}

static GPtrArray *
read_regexes(const char *text, gsize len)
{
	g_autoptr(GHashTable) lets = pattern_lets_new();
	g_autoptr(diags) diags = diags_new();
	g_autoptr(pattern_file) file =
	    pattern_file_read("fuzz.patterns", text, len, lets, diags);
	GPtrArray *regexes = g_ptr_array_new_with_free_func(g_free);
	guint i, k;

	for (i = 0; i < file->blocks->len; i++) {
		const struct pattern_block *block =
		    g_ptr_array_index(file->blocks, i);

		for (k = 0; k < block->clauses->len; k++)
			add_clause(
			    g_ptr_array_index(block->clauses, k), regexes);
	}
	g_free(diags_to_string(diags));
	return regexes;
}

/* A matcher of those that may be used. */
static struct matcher *
compile(GPtrArray *regexes, bool plain)
{
	static const struct place place = {"fuzz.patterns", 1, 1, 1};
	struct matcher *all = matcher_new();
	guint i;

	for (i = 0; i < regexes->len;) {
		const char *regex = g_ptr_array_index(regexes, i);
		g_autoptr(diags) diags = diags_new();
		g_autoptr(matcher) one = matcher_new();

		matcher_add(one, regex, "x", &place);
		matcher_forgo_prefilter(one);
		matcher_forgo_literals(one);
		if (!matcher_compile(one, diags)) {
			g_ptr_array_remove_index(regexes, i);
			continue;
		}
		matcher_add(all, regex, "x", &place);
		i++;
	}
	if (plain) {
		matcher_forgo_prefilter(all);
		matcher_forgo_literals(all);
	}
	return all;
}

static void
check_order(const GArray *matches)
{
	gsize ends[REGEXES_MAX] = {0};
	gsize last = 0;
	guint i;

	for (i = 0; i < matches->len; i++) {
		const struct match *m =
		    &g_array_index(matches, struct match, i);

		if (m->start < last || m->end <= m->start ||
		    m->start < ends[m->id])
			abort();
		last = m->start;
		ends[m->id] = m->end;
	}
}

static void
check_equal(const GArray *a, const GArray *b)
{
	guint i;

	if (a->len != b->len)
		abort();
	for (i = 0; i < a->len; i++) {
		const struct match *x = &g_array_index(a, struct match, i);
		const struct match *y = &g_array_index(b, struct match, i);

		if (x->id != y->id || x->start != y->start || x->end != y->end)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *input = (const char *)data;
	const char *mark = memmem(data, size, "\n===\n", 5);
	gsize len = mark != NULL ? (gsize)(mark - input) + 1 : size;
	const char *text = mark != NULL ? mark + 5 : input;
	gsize text_len = MIN((gsize)(input + size - text), TEXT_MAX);
	g_autoptr(GPtrArray) regexes = read_regexes(input, len);
	g_autoptr(matcher) plain = compile(regexes, true);
	g_autoptr(matcher) helped = compile(regexes, false);
	g_autoptr(diags) diags = diags_new();
	g_autoptr(GArray) want =
	    g_array_new(FALSE, FALSE, sizeof(struct match));
	g_autoptr(GArray) got = g_array_new(FALSE, FALSE, sizeof(struct match));

	if (!matcher_compile(plain, diags) || !matcher_compile(helped, diags))
		abort();
	/* A limit may be met at one place that the other never tries. */
	if (matcher_scan(plain, text, text_len, want) &&
	    matcher_scan(helped, text, text_len, got)) {
		check_order(want);
		check_equal(want, got);
	}
	return 0;
}
