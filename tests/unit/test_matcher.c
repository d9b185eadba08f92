#include <string.h>

#include "policy/level.h"
#include "policy/pattern/file.h"
#include "policy/pattern/matcher.h"
#include "tests/unit/unit.h"

static const struct place HERE = {"f", 1, 1, 1};

/* Compiles one regex; NULL with what is said of it. */
static struct matcher *
compile(const char *regex, bool plain, char **said)
{
	g_autoptr(matcher) m = matcher_new();
	g_autoptr(diags) diags = diags_new();
	bool good;

	matcher_add(m, regex, "x", &HERE);
	if (plain)
		matcher_forgo_prefilter(m);
	good = matcher_compile(m, diags);
	ck_assert_uint_eq(diags_errors(diags), !good);
	*said = diags_to_string(diags);
	return good ? g_steal_pointer(&m) : NULL;
}

static GArray *
matches_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(struct match));
}

/* "id:matched text|…" */
static char *
show(const char *text, const GArray *matches)
{
	GString *out = g_string_new(NULL);
	guint i;

	for (i = 0; i < matches->len; i++) {
		const struct match *match =
		    &g_array_index(matches, struct match, i);

		g_string_append_printf(
		    out, "%s%u:", i > 0 ? "|" : "", match->id);
		g_string_append_len(out, text + match->start,
		    (gssize)(match->end - match->start));
	}
	return g_string_free(out, FALSE);
}

static const struct {
	const char *name, *regex, *text, *want;
} found[] = {
    {"caseless", "grievance", "A GRIEVANCE, a Grievance",
	"0:GRIEVANCE|0:Grievance"},
    {"caseless beyond ASCII", "tŷ", "TŶ", "0:TŶ"},
    {"case matters where it is said", "(?-i)AB\\d", "ab1 AB1", "0:AB1"},
    {"no overlap", "aa", "aaaaa", "0:aa|0:aa"},
    {"no match", "b", "aaa", ""},
    {"empty text", "a", "", ""},
    {"longest by its quantifier", "a+", "baab", "0:aa"},
    {"lazy", "a+?", "aa", "0:a|0:a"},
    {"possessive", "a++b", "aab", "0:aab"},
    {"word boundary", "\\bhr\\b", "hr three chr", "0:hr"},
    {"word boundary beyond ASCII", "\\bt\\b", "tŷ ŷt t", "0:t"},
    {"word boundary of a letter beyond ASCII", "\\bé", " é", "0:é"},
    {"no word boundary", "\\Bt", "t at", "0:t"},
    {"properties", "\\bMs\\s+\\p{L}+", "Ms Zoë", "0:Ms Zoë"},
    {"digits", "\\d+", "a 12 ٣", "0:12|0:٣"},
    {"look-behind", "(?<=no )pay", "no pay pay", "0:pay"},
    {"look-ahead", "pay(?= rise)", "pay pay rise", "0:pay"},
    {"negative look-behind", "(?<!no )pay", "no pay pay", "0:pay"},
    {"look-ahead of the whole text", "a(?=.*z)", "a b z", "0:a"},
    {"backreference", "(?<x>[ab])\\k<x>", "abba", "0:bb"},
    {"conditional", "(?(?=a)ab|cd)", "ab cd", "0:ab|0:cd"},
    {"lines", "(?m)^b$", "a\nb\nc", "0:b"},
    {"end of the text", "b$", "b\nb\n", "0:b"},
    {"over a line end", "annual\\s+leave", "annual\nleave", "0:annual\nleave"},
    {"across many lines", "a\\s+b", "a\n\n \n\n\nb", "0:a\n\n \n\n\nb"},
    {"a gap", "a[^.]{0,5}b", "a123b a123456b", "0:a123b"},
    {"long words", "a\\w+z", "a1234567890123456789012345678901234567890z",
	"0:a1234567890123456789012345678901234567890z"},
    {"Kelvin is a k", "k", "\xe2\x84\xaa", "0:\xe2\x84\xaa"},
    {"long s is an s", "\\bs", "\xc5\xbf", "0:\xc5\xbf"},
    {"what is no class", "[[:alpha:]]+", "ab1é", "0:ab|0:é"},
    {"a negated class", "[^\\W\\d_]+", "ab1é_", "0:ab|0:é"},
    {"a bracket in a class", "[]x]+", "a]x", "0:]x"},
    {"a literal brace", "a{b}c{", "a{b}c{", "0:a{b}c{"},
};

static void
check_found(const char *name, const char *regex, const char *text,
    const char *want, bool plain)
{
	g_autofree char *said = NULL, *got = NULL;
	g_autoptr(matcher) m = compile(regex, plain, &said);
	g_autoptr(GArray) matches = matches_new();

	ck_assert_msg(m != NULL, "%s: %s", name, said);
	ck_assert_msg(matcher_scan(m, text, strlen(text), matches), "%s", name);
	got = show(text, matches);
	ck_assert_msg(strcmp(got, want) == 0, "%s (%s): %s", name,
	    plain ? "PCRE2" : "prefilter", got);
}

START_TEST(test_found)
{
	g_autofree char *deep = NULL;

	check_found(found[_i].name, found[_i].regex, found[_i].text,
	    found[_i].want, true);
	check_found(found[_i].name, found[_i].regex, found[_i].text,
	    found[_i].want, false);
	/* The same, far into a text that is not ASCII. */
	if (found[_i].text[0] == '\0' || strpbrk(found[_i].regex, "$^") != NULL)
		return;
	deep = g_strdup_printf("%s%s",
	    "— ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — ŵ"
	    " — ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — "
	    "ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — ŵ "
	    "— ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — ŵ — ",
	    found[_i].text);
	if (strstr(found[_i].regex, "alpha") != NULL ||
	    strstr(found[_i].regex, "[^") != NULL)
		return;
	check_found(
	    found[_i].name, found[_i].regex, deep, found[_i].want, true);
	check_found(
	    found[_i].name, found[_i].regex, deep, found[_i].want, false);
}
END_TEST

#define ENDLESS "backtracks without end"
#define NOTHING "matches even where nothing stands"

static const struct {
	const char *name, *regex, *want;
} refused[] = {
    {"no regex", "(a", "f:1:1: error: \"x\": missing closing parenthesis"},
    {"empty", "", NOTHING},
    {"optional", "a?", NOTHING},
    {"starred", "(?:a|b)*", NOTHING},
    {"only a boundary", "\\b", NOTHING},
    {"only a look-ahead", "(?=a)", NOTHING},
    {"look-ahead for a word", "(?=grievance)", NOTHING},
    {"start of the text", "^", NOTHING},
    {"nested letters", "(?:\\w+)+!", ENDLESS},
    {"nested letters, spaced", "(?:\\w+\\s?)+!", ENDLESS},
    {"nested behind a word", "grievance (?:\\w+ ?)*!", ENDLESS},
    {"nested digits", "(?:\\d+,?)+p", ENDLESS},
    {"nested spaces", "a(?:\\s*\\n?)*b", ENDLESS},
    {"nested literal", "(?:(?:ha)+)+!", ENDLESS},
    {"nested phrase", "(?:(?:very\\s+)+)+well", ENDLESS},
    {"alternatives that overlap", "(?:a|aa)+!", ENDLESS},
    {"alternatives of words", "(?:foo|foofoo)+!", ENDLESS},
    {"a dot", "(?:.*,)*x", ENDLESS},
    {"spaces four times", "a\\s*\\s*\\s*\\s*b", ENDLESS},
    {"from a class", "(?:[;]+)+x", ENDLESS},
    {"optional ones in a row",
	"a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?b", ENDLESS},
    {"recursion", "(?<r>a(?&r)?a?)+b", ENDLESS},
};

START_TEST(test_refused)
{
	g_autofree char *said = NULL;
	g_autoptr(matcher) m = compile(refused[_i].regex, false, &said);

	ck_assert_msg(m == NULL, "%s was not refused", refused[_i].name);
	ck_assert_msg(strstr(said, refused[_i].want) != NULL, "%s: %s",
	    refused[_i].name, said);
	ck_assert_msg(g_str_has_prefix(said, "f:1:1: error: \"x\": "), "%s: %s",
	    refused[_i].name, said);
}
END_TEST

/* What rules are made of is not refused. */
static const char *const accepted[] = {
    "\\d+x",
    "£\\s*\\d[\\d,.]*(?:\\s*(?:k|million))?",
    "\\b(?:Mr|Mrs|Ms|Cllr)\\.?\\s+\\p{Lu}[\\w'-]+(?:\\s+\\p{Lu}[\\w'-]+){0,3}",
    "grievance[^.\\n]{0,120}\\bhearing",
    "(?:\\w+\\s+){0,8}salary",
    "\\bno(?:t|w)?\\s+(?:\\w+\\s+){0,6}?confidential\\b",
    "[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+",
    "\\b[A-Z]{2}\\s?\\d{2}\\s?\\d{2}\\s?\\d{2}\\s?[A-D]\\b",
    "(?m)^\\W*private\\s+(?:and|&)\\s+confidential\\W*$",
    "in\\s+confidence.{0,200}because.{0,200}paragraph\\s+\\d",
    "(?:0?[1-9]|[12]\\d|3[01])(?:st|nd|rd|th)?\\s+(?:Jan|Feb)\\w*\\s+\\d{4}",
};

START_TEST(test_accepted)
{
	g_autofree char *said = NULL;
	g_autoptr(matcher) m = compile(accepted[_i], false, &said);

	ck_assert_msg(m != NULL, "%s", said);
}
END_TEST

/* Several regexes: all faults are told, ids count up, matches are sorted. */
START_TEST(test_several)
{
	g_autoptr(matcher) good = matcher_new();
	g_autoptr(matcher) bad = matcher_new();
	g_autoptr(diags) diags = diags_new();
	g_autoptr(GArray) matches = matches_new();
	g_autofree char *got = NULL;
	const char *text = "the cat sat; a cat";

	ck_assert_uint_eq(matcher_add(good, "cat\\s+sat", "a", &HERE), 0);
	ck_assert_uint_eq(matcher_add(good, "cat", "b", &HERE), 1);
	ck_assert_uint_eq(matcher_add(good, "\\bcat", "c", &HERE), 2);
	ck_assert(matcher_compile(good, diags));
	ck_assert(matcher_scan(good, text, strlen(text), matches));
	got = show(text, matches);
	ck_assert_str_eq(got, "0:cat sat|1:cat|2:cat|1:cat|2:cat");

	matcher_add(bad, "a*", "a", &HERE);
	matcher_add(bad, "fine", "b", &HERE);
	matcher_add(bad, "(", "c", &HERE);
	ck_assert(!matcher_compile(bad, diags));
	ck_assert_uint_eq(diags_errors(diags), 2);
}
END_TEST

START_TEST(test_none)
{
	g_autoptr(matcher) m = matcher_new();
	g_autoptr(diags) diags = diags_new();
	g_autoptr(GArray) matches = matches_new();

	ck_assert(matcher_compile(m, diags));
	ck_assert(matcher_scan(m, "text", 4, matches));
	ck_assert_uint_eq(matches->len, 0);
	matcher_free(NULL);
}
END_TEST

/* What is appended stays behind what is there. */
START_TEST(test_appended)
{
	g_autofree char *said = NULL;
	g_autoptr(matcher) m = compile("b", false, &said);
	g_autoptr(GArray) matches = matches_new();

	ck_assert(matcher_scan(m, "ab", 2, matches));
	ck_assert(matcher_scan(m, "ba", 2, matches));
	ck_assert_uint_eq(matches->len, 2);
	ck_assert_uint_eq(g_array_index(matches, struct match, 0).start, 1);
	ck_assert_uint_eq(g_array_index(matches, struct match, 1).start, 0);
}
END_TEST

static const struct {
	const char *name, *text;
	gsize len;
	bool complete;
	guint count;
} cut[] = {
    {"the beginning of a text", "ab ab ab", 5, true, 2},
    {"nothing of it", "ab", 0, true, 0},
    {"a match is cut", "ab", 1, true, 0},
    {"a character is cut", "ab \xc3\xa9", 4, false, 1},
    {"not UTF-8", "ab \xff ab", 7, false, 1},
    {"a NUL", "ab\0ab", 5, true, 2},
    {"a NUL and not UTF-8", "ab\0\xffz", 5, false, 1},
};

START_TEST(test_cut)
{
	g_autofree char *said = NULL;
	g_autoptr(matcher) m = compile("ab", false, &said);
	g_autoptr(GArray) matches = matches_new();

	ck_assert_msg(matcher_scan(m, cut[_i].text, cut[_i].len, matches) ==
			  cut[_i].complete,
	    "%s", cut[_i].name);
	ck_assert_msg(matches->len == cut[_i].count, "%s: %u", cut[_i].name,
	    matches->len);
}
END_TEST

static const struct {
	const char *name, *regex, *text, *group, *want;
} groups[] = {
    {"named", "£(?<sum>\\d+)k", "cost £25k", "sum", "25"},
    {"whole text is seen", "(?<=a )(?<x>b)(?= c)", "a b c", "x", "b"},
    {"the first of two", "(?<x>a)|(?<x>b)", "a", "x", "a"},
    {"the second of two", "(?<x>a)|(?<x>b)", "b", "x", "b"},
    {"took no part", "a(?<x>b)?", "a", "x", NULL},
    {"no such group", "(?<x>a)", "a", "y", NULL},
};

START_TEST(test_groups)
{
	g_autofree char *said = NULL, *got = NULL;
	g_autoptr(matcher) m = compile(groups[_i].regex, false, &said);
	g_autoptr(GArray) matches = matches_new();
	const char *text = groups[_i].text;
	gsize start, end;

	ck_assert(matcher_scan(m, text, strlen(text), matches));
	ck_assert_uint_eq(matches->len, 1);
	if (matcher_group(m, text, strlen(text),
		&g_array_index(matches, struct match, 0), groups[_i].group,
		&start, &end))
		got = g_strndup(text + start, end - start);
	ck_assert_pstr_eq(got, groups[_i].want);
}
END_TEST

START_TEST(test_bounded)
{
	g_autofree char *said = NULL, *text = g_strnfill(300 * 1000, 'a');
	g_autoptr(matcher) m = compile("a", _i == 1, &said);
	g_autoptr(GArray) matches = matches_new();

	ck_assert(!matcher_scan(m, text, strlen(text), matches));
	ck_assert_uint_eq(matches->len, 10 * 1000);
}
END_TEST

/* Threads share a matcher. */
static void *
scan_often(void *p)
{
	const struct matcher *m = p;
	const char *text = "the grievance hearing of £25k, ŵ";
	guint i, wrong = 0;

	for (i = 0; i < 500; i++) {
		g_autoptr(GArray) matches = matches_new();
		g_autofree char *got = NULL;

		matcher_scan(m, text, strlen(text), matches);
		got = show(text, matches);
		wrong += strcmp(got, "0:grievance hearing|1:£25k") != 0;
	}
	return GUINT_TO_POINTER(wrong);
}

START_TEST(test_threads)
{
	g_autoptr(matcher) m = matcher_new();
	g_autoptr(diags) diags = diags_new();
	GThread *threads[8];
	guint i;

	matcher_add(m, "grievance\\s+hearing", "a", &HERE);
	matcher_add(m, "£\\d+k", "b", &HERE);
	ck_assert(matcher_compile(m, diags));
	for (i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("scan", scan_often, m);
	for (i = 0; i < G_N_ELEMENTS(threads); i++)
		ck_assert_uint_eq(
		    GPOINTER_TO_UINT(g_thread_join(threads[i])), 0);
}
END_TEST

static const struct {
	const char *name, *text, *want;
} literals[] = {
    {"a phrase", "in confidence", "\\bin\\s+confidence\\b"},
    {"signs", "(Part II)", "\\(Part\\s+II\\)"},
    {"a sum", "£5", "£5\\b"},
    {"spaces around", "  hr \n", "\\bhr\\b"},
    {"apostrophes", "Chair’s", "\\bChair's\\b"},
    {"dashes", "official–sensitive", "\\bofficial-sensitive\\b"},
    {"quotation marks", "“x”", "\"x\""},
    {"composed", "cafe\xcc\x81", "\\bcafé\\b"},
    {"ellipsis", "x…", "\\bx\\.\\.\\."},
    {"nothing", "", ""},
    {"only spaces", " \t", ""},
};

START_TEST(test_literals)
{
	g_autofree char *got = pattern_literal(literals[_i].text);

	ck_assert_msg(strcmp(got, literals[_i].want) == 0, "%s: %s",
	    literals[_i].name, got);
}
END_TEST

static const struct {
	double probability;
	enum level level;
	const char *name;
} levels[] = {
    {-1, LEVEL_ANY, "any"},
    {0.29, LEVEL_ANY, "any"},
    {0.3, LEVEL_LOW, "low"},
    {0.59, LEVEL_LOW, "low"},
    {0.6, LEVEL_MEDIUM, "medium"},
    {0.84, LEVEL_MEDIUM, "medium"},
    {0.85, LEVEL_HIGH, "high"},
    {1, LEVEL_HIGH, "high"},
};

START_TEST(test_levels)
{
	ck_assert_int_eq(level_of(levels[_i].probability), levels[_i].level);
	ck_assert_str_eq(level_name(levels[_i].level), levels[_i].name);
}
END_TEST

/* Literals are noted up to a number; behind that, anything may match. */
START_TEST(test_many_literals)
{
	enum { MANY = 1024 * 1024 + 1000 };
	g_autoptr(matcher) m = matcher_new();
	g_autoptr(diags) diags = diags_new();
	g_autoptr(GArray) matches = matches_new();
	g_autoptr(GString) text = g_string_new("at ");
	g_autofree char *got = NULL;
	int i;

	for (i = 0; i < MANY; i++)
		g_string_append(text, "atx");
	g_string_append(text, "at, oat");
	matcher_add(m, "at(?!x)", "a", &HERE);
	matcher_add(m, "\\boat", "b", &HERE);
	matcher_forgo_prefilter(m);
	ck_assert(matcher_compile(m, diags));
	ck_assert(matcher_scan(m, text->str, text->len, matches));
	got = show(text->str, matches);
	ck_assert_str_eq(got, "0:at|0:at|1:oat|0:at");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("matcher");
	TCase *tc = tcase_create("matcher");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, test_found, 0, G_N_ELEMENTS(found));
	tcase_add_loop_test(tc, test_refused, 0, G_N_ELEMENTS(refused));
	tcase_add_loop_test(tc, test_accepted, 0, G_N_ELEMENTS(accepted));
	tcase_add_test(tc, test_several);
	tcase_add_test(tc, test_none);
	tcase_add_test(tc, test_appended);
	tcase_add_loop_test(tc, test_cut, 0, G_N_ELEMENTS(cut));
	tcase_add_loop_test(tc, test_groups, 0, G_N_ELEMENTS(groups));
	tcase_add_loop_test(tc, test_bounded, 0, 2);
	tcase_add_test(tc, test_threads);
	tcase_add_test(tc, test_many_literals);
	tcase_add_loop_test(tc, test_literals, 0, G_N_ELEMENTS(literals));
	tcase_add_loop_test(tc, test_levels, 0, G_N_ELEMENTS(levels));
	suite_add_tcase(suite, tc);
	return suite;
}
