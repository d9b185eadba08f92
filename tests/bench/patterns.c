/*
 * What it costs to hold many patterns against a text: 10, 100 and 1,000 of
 * them, over 50 KB and 2 MB; by PCRE2 alone, which tries each one everywhere,
 * behind Hyperscan, and as it is done, near the literals that each one needs.
 * Patterns and texts are made up from one seed, in the manner of evidence rules
 * and of letters.
 *
 *	patterns [seed]
 *
 * It fails when they do not find the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy/pattern/matcher.h"

enum { WORDS = 4000, ROUNDS = 3 };

/* The ways in which matches are looked for. */
enum way { WAY_PLAIN, WAY_HYPERSCAN, WAY_LITERALS, WAYS };

struct made {
	GRand *random;
	GPtrArray *words; /* char *, the frequent ones first */
};

static const char *
pick(struct made *made, const char *const *from, gsize n)
{
	return from[g_rand_int_range(made->random, 0, (gint32)n)];
}

static void
make_words(struct made *made)
{
	static const char *const heads[] = {"b", "c", "d", "f", "g", "h", "l",
	    "m", "n", "p", "r", "s", "t", "w", "st", "tr", "pl", "gr", "ch",
	    "sh"};
	static const char *const tails[] = {"a", "e", "i", "o", "u", "an", "er",
	    "in", "on", "al", "ent", "ing", "or", "et", "ea", "ow"};
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	made->words = g_ptr_array_new_with_free_func(g_free);
	while (made->words->len < WORDS) {
		GString *word = g_string_new(NULL);
		int n = g_rand_int_range(made->random, 1, 5);

		for (; n > 0; n--)
			g_string_append_printf(word, "%s%s",
			    pick(made, heads, G_N_ELEMENTS(heads)),
			    pick(made, tails, G_N_ELEMENTS(tails)));
		if (g_hash_table_add(seen, word->str))
			g_ptr_array_add(
			    made->words, g_string_free(word, FALSE));
		else
			g_string_free(word, TRUE);
	}
}

/* As in a language, a few words are most of a text. */
static const char *
frequent(struct made *made)
{
	double x = g_rand_double(made->random);

	return g_ptr_array_index(made->words, (guint)(x * x * x * WORDS));
}

/* Of the words that a rule looks for, hardly any is short. */
static const char *
telling(struct made *made)
{
	const char *word;

	do
		word = g_ptr_array_index(made->words,
		    (guint)g_rand_int_range(made->random, 0, WORDS));
	while (strlen(word) < 6);
	return word;
}

static char *
make_text(struct made *made, gsize len)
{
	GString *text = g_string_sized_new(len + 100);
	unsigned column = 0;

	while (text->len < len) {
		const char *word = frequent(made);
		int what = g_rand_int_range(made->random, 0, 100);

		if (what == 0)
			g_string_append_printf(text, "\302\243%d,%03d",
			    g_rand_int_range(made->random, 1, 900),
			    g_rand_int_range(made->random, 0, 1000));
		else if (what < 4)
			g_string_append_printf(text, "%s %c%s",
			    what == 1 ? "Mr" : "Ms", g_ascii_toupper(*word),
			    word + 1);
		else
			g_string_append(text, word);
		g_string_append(text, what < 12 ? ". " : " ");
		if (++column % 12 == 0)
			text->str[text->len - 1] = '\n';
	}
	g_string_truncate(text, len);
	while (!g_utf8_validate_len(text->str, text->len, NULL))
		g_string_truncate(text, text->len - 1);
	return g_string_free(text, FALSE);
}

static char *
make_regex(struct made *made)
{
	const char *a = telling(made), *b = telling(made), *c = telling(made);
	const char *d = telling(made);

	switch (g_rand_int_range(made->random, 0, 6)) {
	case 0:
		return g_strdup_printf(
		    "\\b(?:%s|%s|%s)\\s+(?:%s)s?\\b", a, b, c, d);
	case 1:
		return g_strdup_printf("\302\243\\s*\\d[\\d,.]*(?:\\s*(?:k|"
				       "million))?\\s+(?:%s|%s)\\b",
		    a, b);
	case 2:
		return g_strdup_printf(
		    "\\b(?:%s|%s)\\b[^.\\n]{0,60}\\b%s\\b", a, b, c);
	case 3:
		return g_strdup_printf("\\b(?:Mr|Mrs|Ms)\\s+\\p{Lu}\\w+(?:\\s+"
				       "\\p{Lu}\\w+)?\\s+(?:%s|%s)\\b",
		    a, b);
	case 4:
		return g_strdup_printf("\\b%s(?:ed|ing|s)?\\s+(?:[\\w'-]+\\s+)"
				       "{0,4}?%s\\b",
		    a, b);
	default:
		return g_strdup_printf("\\b%s\\s+%s\\b", a, b);
	}
}

static struct matcher *
make_matcher(const GPtrArray *regexes, guint n, enum way way)
{
	g_autoptr(diags) diags = diags_new();
	struct matcher *m = matcher_new();
	struct place place = {"made", 1, 1, 1};
	guint i;

	for (i = 0; i < n; i++)
		matcher_add(m, g_ptr_array_index(regexes, i), "made", &place);
	if (way == WAY_PLAIN)
		matcher_forgo_prefilter(m);
	if (way != WAY_LITERALS)
		matcher_forgo_literals(m);
	if (!matcher_compile(m, diags)) {
		diags_print(diags, stderr);
		exit(1);
	}
	return m;
}

/* Processor time of this thread, in microseconds: the machine may be busy. */
static gint64
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (gint64)t.tv_sec * G_USEC_PER_SEC + t.tv_nsec / 1000;
}

/* Milliseconds of the best of some rounds. */
static double
measure(const struct matcher *m, const char *text, GArray *matches)
{
	gint64 best = G_MAXINT64, start;
	int round;

	for (round = 0; round < ROUNDS; round++) {
		g_array_set_size(matches, 0);
		start = now();
		if (!matcher_scan(m, text, strlen(text), matches))
			fprintf(stderr, "a limit was met\n");
		best = MIN(best, now() - start);
	}
	return (double)best / 1000;
}

static bool
equal(const GArray *a, const GArray *b)
{
	guint i;

	for (i = 0; i < a->len && a->len == b->len; i++) {
		const struct match *x = &g_array_index(a, struct match, i);
		const struct match *y = &g_array_index(b, struct match, i);

		if (x->id != y->id || x->start != y->start || x->end != y->end)
			return false;
	}
	return a->len == b->len;
}

/* The ways on one text. */
static bool
compare_on(struct matcher *const *matchers, const char *text)
{
	static const char *const names[WAYS] = {
	    "PCRE2", "Hyperscan", "literals"};
	g_autoptr(GArray) first =
	    g_array_new(FALSE, FALSE, sizeof(struct match));
	g_autoptr(GArray) found =
	    g_array_new(FALSE, FALSE, sizeof(struct match));
	int way;

	printf("%13zu bytes:", strlen(text));
	for (way = 0; way < WAYS; way++) {
		GArray *matches = way == 0 ? first : found;

		printf("  %s %9.2f ms", names[way],
		    measure(matchers[way], text, matches));
		if (!equal(first, matches)) {
			fprintf(stderr, "the findings differ\n");
			return false;
		}
	}
	printf(", %u findings\n", first->len);
	return true;
}

static bool
compare(const GPtrArray *regexes, guint n, const char *const *texts)
{
	struct matcher *matchers[WAYS];
	gint64 start = now();
	bool good = true;
	int way;
	guint i;

	printf("%5u patterns, loaded in", n);
	for (way = 0; way < WAYS; way++) {
		matchers[way] = make_matcher(regexes, n, way);
		printf(" %.0f", (double)(now() - start) / 1000);
		start = now();
	}
	printf(" ms%s\n", matcher_has_prefilter(matchers[WAY_HYPERSCAN])
			      ? ""
			      : " (there is no Hyperscan)");
	for (i = 0; texts[i] != NULL && good; i++)
		good = compare_on(matchers, texts[i]);
	for (way = 0; way < WAYS; way++)
		matcher_free(matchers[way]);
	return good;
}

int
main(int argc, char **argv)
{
	static const guint counts[] = {10, 100, 1000};
	struct made made = {.random = g_rand_new_with_seed(
				argc > 1 ? (guint32)atoi(argv[1]) : 1)};
	g_autoptr(GPtrArray) regexes = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *letter = NULL, *book = NULL;
	const char *texts[3] = {NULL};
	bool good = true;
	guint i;

	make_words(&made);
	texts[0] = letter = make_text(&made, 50 * 1000);
	texts[1] = book = make_text(&made, 2 * 1000 * 1000);
	for (i = 0; i < counts[G_N_ELEMENTS(counts) - 1]; i++)
		g_ptr_array_add(regexes, make_regex(&made));
	for (i = 0; i < G_N_ELEMENTS(counts) && good; i++)
		good = compare(regexes, counts[i], texts);
	g_ptr_array_unref(made.words);
	g_rand_free(made.random);
	return good ? 0 : 1;
}
