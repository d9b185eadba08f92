#include <stdlib.h>
#include <string.h>

#include "policy/pattern/matcher.h"
#include "tests/unit/unit.h"

/*
 * With the literals that a regex needs, with Hyperscan, and without either the
 * findings are the same.  Where the build or the machine has no Hyperscan, this
 * is of the literals alone.
 */
static const struct place HERE = {"f", 1, 1, 1};

static GArray *
matches_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(struct match));
}

/* May it be used? */
static bool
compiles(const char *regex)
{
	g_autoptr(matcher) m = matcher_new();
	g_autoptr(diags) diags = diags_new();

	matcher_add(m, regex, "x", &HERE);
	matcher_forgo_prefilter(m);
	return matcher_compile(m, diags);
}

/* Every character in what depends on Unicode's tables. */
static const char *const classes[] = {
    "\\w",
    "\\d",
    "\\s",
    "\\W",
    "\\D",
    "\\S",
    ".",
    "\\h",
    "\\v",
    "\\H",
    "\\V",
    "\\R",
    "\\X",
    "\\p{L}",
    "\\p{Lu}",
    "\\P{L}",
    "\\pN",
    "\\p{Greek}",
    "[[:alpha:]]",
    "[[:punct:]]",
    "[[:upper:]]",
    "[[:cntrl:]]",
    "[[:^alnum:]]",
    "[^a]",
    "[a-z]",
    "[^\\w]",
    "[^\\W]",
    "[^\\W\\d_]",
    "[^[:alpha:]]",
    "[k]",
    "[^k]",
    "(?-i)[^k]",
    "(?-i)[^a-z]",
    "(?-i)k",
    "k",
    "s",
    "[^\\x{2000}-\\x{3000}]",
    "[\\x{2000}-\\x{3000}]",
    "[^é]",
    "é",
    "É",
    "σ",
    "µ",
    "ß",
    "ǆ",
    "\\x{212a}",
    "[\\x{17f}]",
    "\\x41",
    "[\\x41-\\x{5a}]",
    "\\n",
    "\\ ",
    "\\-",
    "[\\b]",
    "[\\d.-]",
    "[+--]",
};

START_TEST(test_characters)
{
	g_autoptr(matcher) plain = matcher_new();
	g_autoptr(matcher) helped = matcher_new();
	g_autoptr(diags) diags = diags_new();
	gunichar c;
	guint i;

	matcher_forgo_prefilter(plain);
	matcher_forgo_literals(plain);
	for (i = 0; i < G_N_ELEMENTS(classes); i++) {
		matcher_add(plain, classes[i], "x", &HERE);
		matcher_add(helped, classes[i], "x", &HERE);
	}
	ck_assert(matcher_compile(plain, diags));
	ck_assert(matcher_compile(helped, diags));
	for (c = 0; c < 0x1fc00; c += c < 0x2800 ? 1 : 7) {
		g_autoptr(GArray) want = matches_new();
		g_autoptr(GArray) got = matches_new();
		char text[8];
		gsize len = (gsize)g_unichar_to_utf8(c, text);

		if (c >= 0xd800 && c < 0xe000)
			continue;
		ck_assert(matcher_scan(plain, text, len, want));
		ck_assert(matcher_scan(helped, text, len, got));
		for (i = 0; i < want->len && i < got->len; i++)
			ck_assert_msg(
			    g_array_index(want, struct match, i).id ==
				g_array_index(got, struct match, i).id,
			    "U+%04X, %s", c,
			    classes[g_array_index(want, struct match, i).id]);
		ck_assert_uint_eq(want->len, got->len);
	}
}
END_TEST

/* Regexes and texts made at random must be found the same both ways. */
static const char *const atoms[] = {"a", "b", "k", "s", "1", "é", "É", "ŵ",
    "\\s+", "\\s", "\\s*", "-", "\\.", ".", "\\w", "\\w+", "\\d+", "\\W",
    "\\S+", "\\D", "[a-c]", "[^a]", "[^a-c\\s]", "[^\\W\\d_]", "[é-ü]", "[^é]",
    "\\p{Lu}", "\\p{L}+", "\\P{L}", "[[:punct:]]", "[[:alpha:]]", "\\h",
    "\\x41", "\\x{e9}", "[\\w'-]+", "[]a]", "[^]a]", "\\n", "ab", "the",
    "(?:ab|a)", "(?:a|é|1)", "\\bab", "ab\\b", "\\b", "\\B", "^", "$", "\\A",
    "\\z", "(?=a)", "(?!b)", "(?<=a)", "(?<!\\w)", "(?<![^)]a)", "(?m)^",
    "(?m)$", "(?-i)", "(?i)", "(?s).", "(?>a+)", "(?<n>a)", "(?i:ab)",
    "(?-i:AB)", "[^.\\n]{0,6}", "[\\s\\S]{0,9}?", "\\R", "\\k<n>",
    /* Some need a literal. */
    "secret", "keep\\s+calm", "s[aeo]lt", "(?:book|kiosk)", "keep", "look"};
static const char *const quantifiers[] = {"", "", "", "", "", "", "", "?", "*",
    "+", "{0,3}", "{2}", "{1,}", "+?", "*+", "??", "{0,2}+"};
static const char *const pieces[] = {"a", "b", "ab", "AB", "the", "k", "s", "1",
    "23", "secret", "Keep", " calm", "salt", "BOOK", "kiosk", "look", "é", "É",
    "ŵ", "ü", " ", " ", "  ", "\n", "\n\n", "-", ".", ")", "]", "'", "A",
    "\xc2\xa0", "\xe2\x80\xa8", "\xe2\x80\x94", "\xf0\x9f\x98\x80",
    "\xc5\xbf"
    "ecret",
    "\xe2\x84\xaa"
    "eep",
    "\xe2\x84\xaa", "\xc5\xbf", "x", "yy",
    "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"
    "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"};

static const char *
pick(GRand *random, const char *const *from, gsize n)
{
	return from[g_rand_int_range(random, 0, (gint32)n)];
}

static void
add_random(GRand *random, GString *regex, unsigned depth)
{
	int n = g_rand_int_range(random, 1, 5);

	for (; n > 0; n--) {
		if (depth > 0 && g_rand_int_range(random, 0, 4) == 0) {
			g_string_append(regex, "(?:");
			add_random(random, regex, depth - 1);
			g_string_append_c(regex, '|');
			add_random(random, regex, depth - 1);
			g_string_append_c(regex, ')');
		} else {
			g_string_append(
			    regex, pick(random, atoms, G_N_ELEMENTS(atoms)));
		}
		g_string_append(regex,
		    pick(random, quantifiers, G_N_ELEMENTS(quantifiers)));
	}
}

static GPtrArray *
random_regexes(GRand *random, guint count)
{
	GPtrArray *regexes = g_ptr_array_new_with_free_func(g_free);

	while (regexes->len < count) {
		g_autoptr(GString) regex = g_string_new(NULL);

		add_random(random, regex, 2);
		if (compiles(regex->str))
			g_ptr_array_add(regexes, g_strdup(regex->str));
	}
	return regexes;
}

static char *
random_text(GRand *random)
{
	GString *text = g_string_new(NULL);
	int n = g_rand_int_range(random, 0, 300);
	bool sparse = g_rand_int_range(random, 0, 3) > 0;
	gsize kinds = G_N_ELEMENTS(pieces);

	/* Some are ASCII, most have no letter that is an ASCII one. */
	if (g_rand_int_range(random, 0, 4) == 0)
		kinds = 9;
	else if (g_rand_int_range(random, 0, 8) > 0)
		kinds -= 7;
	/* A window is wider than most matches: it must not hold them all. */
	for (; n > 0; n--)
		g_string_append(
		    text, sparse && g_rand_int_range(random, 0, 12) > 0
			      ? "; . "
			      : pick(random, pieces, kinds));
	return g_string_free(text, FALSE);
}

static guint32
seed(int i)
{
	const char *given = g_getenv("SEED");

	return (guint32)i + (given != NULL ? (guint32)atoi(given) : 0);
}

START_TEST(test_random)
{
	GRand *random = g_rand_new_with_seed(seed(_i));
	g_autoptr(GPtrArray) regexes = random_regexes(random, 60);
	g_autoptr(matcher) plain = matcher_new();
	g_autoptr(matcher) helped = matcher_new();
	g_autoptr(diags) diags = diags_new();
	guint i, k;

	matcher_forgo_prefilter(plain);
	matcher_forgo_literals(plain);
	/* Otherwise Hyperscan sees only regexes that need no literals. */
	if (_i % 2 == 1)
		matcher_forgo_literals(helped);
	for (i = 0; i < regexes->len; i++) {
		matcher_add(plain, g_ptr_array_index(regexes, i), "x", &HERE);
		matcher_add(helped, g_ptr_array_index(regexes, i), "x", &HERE);
	}
	ck_assert(matcher_compile(plain, diags));
	ck_assert(matcher_compile(helped, diags));
	ck_assert(!matcher_has_prefilter(plain));
	for (i = 0; i < 100; i++) {
		g_autofree char *text = random_text(random);
		g_autoptr(GArray) want = matches_new();
		g_autoptr(GArray) got = matches_new();
		bool complete = matcher_scan(plain, text, strlen(text), want);

		ck_assert(
		    matcher_scan(helped, text, strlen(text), got) == complete);
		for (k = 0; k < want->len; k++) {
			const struct match *a =
			    &g_array_index(want, struct match, k);
			const struct match *b =
			    k < got->len ? &g_array_index(got, struct match, k)
					 : NULL;

			ck_assert_msg(b != NULL && a->id == b->id &&
					  a->start == b->start &&
					  a->end == b->end,
			    "/%s/ at %zu in \"%s\"",
			    (const char *)g_ptr_array_index(regexes, a->id),
			    a->start, text);
		}
		ck_assert_uint_eq(want->len, got->len);
	}
	g_rand_free(random);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("prefilter");
	TCase *tc = tcase_create("prefilter");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, test_characters);
	tcase_add_loop_test(tc, test_random, 0, 8);
	suite_add_tcase(suite, tc);
	return suite;
}
