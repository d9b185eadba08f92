#include <string.h>

#include "policy/pattern/alternatives.h"
#include "policy/pattern/literals.h"
#include "policy/pattern/matcher.h"
#include "policy/pattern/needs.h"
#include "policy/pattern/required.h"
#include "tests/unit/unit.h"

static const struct place HERE = {"f", 1, 1, 1};

/*
 * What a regex needs: the first set of each case, joined by "|"; cases joined
 * by " ; "; NULL: nothing that helps.
 */
static const struct {
	const char *name, *regex, *want;
} derived[] = {
    {"a word", "grievance", "grievance"},
    {"caseless", "GrieVance", "grievance"},
    {"too short", "a", NULL},
    {"short with spaces", "\\s+a\\s+", NULL},
    {"nothing", "\\w+", NULL},
    {"white space joins", "we\\s+will", "we will"},
    {"one space", "we\\swill", "we will"},
    {"some spaces", "we\\s{1,3}will", "we will"},
    {"spaces that meet", "we\\s+\\s+will", "we will"},
    {"a line end", "we\\nwill", "we will"},
    {"digits", "\\d\\d-07", "00-00"},
    {"a sign and a digit", "£\\s*\\d", "\2000|\200 0"},
    {"a no-break space", "we\302\240will", "we will"},
    {"cases of their own", "(?:one\\d+two|three.four)five", "one0 ; three"},
    {"what follows cases", "(?:one.|.two)five", "five ; five"},
    {"no space is none too", "we\\s*will", "wewill|we will"},
    {"alternatives", "(?:one|two|three)", "one|two|three"},
    {"an alternative that is short", "(?:three|a)", NULL},
    {"an alternative that is anything", "three|\\w", NULL},
    {"an alternative of one digit", "three|\\d", "three ; 0"},
    {"a word of one letter", "\\b[ao]\\b|three", "a|o ; three"},
    {"a sign", "[?!]", "!|?"},
    {"alternatives at the top", "one|three", "one ; three"},
    {"an empty alternative", "(?:three|)", NULL},
    {"parts multiply", "(?:I|we) (?:agree|accept)",
	"i agree|i accept|we agree|we accept"},
    {"the best part", "agree\\d+extension", "0extension"},
    {"the better of two groups", "(?:one|two).(?:three|seven)", "three|seven"},
    {"optional letter", "colou?r", "color|colour"},
    {"optional word", "we(?:\\s+hereby)?\\s+agree", "we agree|we hereby ag"},
    {"any number", "(?:really\\s+)*agree", "agree"},
    {"one or more", "(?:really\\s+)+x", "really "},
    {"more of them", "(?:abc){2}d", "abcabcd"},
    {"as many at least", "\\d{6,16}", "000000"},
    {"at least none", "(?:really){0,2}agree", "agree"},
    {"none", "x{0}agree", "agree"},
    {"the last letter repeats", "hello+", "hello"},
    {"the first letter repeats", "h+ello", "hello"},
    {"lazy and possessive", "hello?+world??",
	"hellworl|hellworld|"
	"helloworl|helloworld"},
    {"class of a few", "gr[ae]y", "gray|grey"},
    {"class of one letter in both cases", "[Gg]rey", "grey"},
    {"class of many", "[a-z]grey", "grey"},
    {"class but for", "[^g]rey", "rey"},
    {"class beyond ASCII", "[aé]grey", "\200grey|agrey|kgrey|sgrey"},
    {"class with a bracket", "[]]grey", "]grey"},
    {"beyond ASCII", "caf\303\251teria", "caf\200teria"},
    {"long s", "\305\277ecret", "secret"},
    {"Kelvin", "\\x{212a}elvin", "kelvin"},
    {"escaped signs", "a\\.b\\-c", "a.b-c"},
    {"in hexadecimal", "\\x41bc", "abc"},
    {"boundaries and anchors", "^\\bgrey\\b$", "grey"},
    {"look-ahead is no text", "grey(?=\\s+cat)hound", "greyhound"},
    {"look-behind is no text", "(?<=old )(?<!the )hound", "hound"},
    {"look-ahead alone", "(?=hound)\\w+", "hound"},
    {"look-ahead that may be", "(?:(?=hound)|x?)\\w+", NULL},
    {"look-behind alone", "(?<=hound)\\w+", NULL},
    {"refused text", "(?!hound)cat", "cat"},
    {"parentheses in look-ahead", "(?=[)](?:a|b\\)))hound", "hound"},
    {"options", "(?i)grey(?-i:CAT)", "greycat"},
    {"named group", "(?<n>grey)(?P<m>cat)", "greycat"},
    {"atomic group", "(?>grey)cat", "greycat"},
    {"property", "\\p{Lu}grey\\pLcat", "grey"},
    {"dot", "grey.cat", "grey"},
    {"back reference", "(?<n>grey)\\k<n>", NULL},
    {"condition", "(?<n>a)?(?(n)grey|white)", NULL},
    {"subroutine", "(?<n>grey)(?&n)", NULL},
    {"comment", "grey(?#)hound", NULL},
    {"alternatives are reset", "(?|grey|white)", NULL},
    {"branches of a group that repeats", "(?:grey|white)+", "grey|white"},
};

static void
add_set(GString *text, const GArray *set)
{
	guint i;

	for (i = 0; i < set->len; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? "|" : "",
		    g_array_index(set, struct literal, i).text);
}

START_TEST(test_derived)
{
	g_autoptr(required) required = required_new();
	g_autoptr(GPtrArray) got = required_cases(required, derived[_i].regex);
	g_autoptr(GString) text = g_string_new(NULL);
	guint i;

	for (i = 0; got != NULL && i < got->len; i++) {
		const GPtrArray *sets = got->pdata[i];

		g_string_append(text, i > 0 ? " ; " : "");
		add_set(text, sets->pdata[0]);
	}
	ck_assert_msg(
	    (got == NULL) == (derived[_i].want == NULL) &&
		(got == NULL || strcmp(text->str, derived[_i].want) == 0),
	    "%s: %s", derived[_i].name, text->str);
}
END_TEST

/* Too many to be any help. */
START_TEST(test_many)
{
	g_autoptr(required) required = required_new();
	g_autoptr(GString) regex = g_string_new("x0000");
	int i;

	for (i = 1; i <= REQUIRED_MAX; i++)
		g_string_append_printf(regex, "|x%04d", i);
	g_string_append(regex, "|y");
	ck_assert_ptr_null(required_cases(required, regex->str));
}
END_TEST

/* One regex on one text that it matches: however it is written there. */
static const struct {
	const char *name, *regex, *text;
} written[] = {
    {"capitals", "we will", "WE WILL"},
    {"spaces", "we\\s+will", "We \t\n  will"},
    {"no-break space", "we\\s+will", "we\302\240 will"},
    {"line separator", "we\\s+will", "we\342\200\250will"},
    {"next line", "we\\s+will", "we\302\205will"},
    {"ideographic space", "we\\s+will", "we\343\200\200will"},
    {"long s", "secret", "\305\277ecret"},
    {"Kelvin", "keep", "\342\204\252eep"},
    {"class with Kelvin", "[k]eep", "\342\204\252eep"},
    {"at the end", "abc", "xabc"},
    {"within itself", "aab", "aaab"},
    {"one within another", "(?:abcd|bce)", "abce"},
    {"no space where one may be", "we\\s*will", "wewill"},
    {"space at both ends", "\\s+will\\s+", "a  will  b"},
    {"more than one", "(?:really\\s+)+agree", "really  really agree"},
};

START_TEST(test_written)
{
	g_autoptr(matcher) m = matcher_new();
	g_autoptr(diags) diags = diags_new();
	g_autoptr(GArray) got = g_array_new(FALSE, FALSE, sizeof(struct match));
	g_autoptr(required) required = required_new();
	g_autoptr(GPtrArray) needed =
	    required_cases(required, written[_i].regex);

	ck_assert_ptr_nonnull(needed);
	matcher_add(m, written[_i].regex, "x", &HERE);
	matcher_forgo_prefilter(m);
	ck_assert(matcher_compile(m, diags));
	ck_assert(
	    matcher_scan(m, written[_i].text, strlen(written[_i].text), got));
	ck_assert_msg(got->len == 1, "%s", written[_i].name);
}
END_TEST

/* The sets of literals that stand in a text. */
START_TEST(test_sets)
{
	static const struct {
		struct literal literal;
		guint set;
	} added[] = {
	    {{.text = "abcd"}, 7},
	    {{.text = "bc"}, 3},
	    {{.text = "abd"}, 1},
	    {{.text = "bc"}, 2},
	    {{.text = "bc"}, 2},
	    {{.text = "cd", .word = true}, 4},
	    {{.text = "ab", .word = true}, 5},
	};
	struct literals *l = literals_new();
	struct literals_scratch *scratch;
	struct shadow_text shadow;
	g_autoptr(GString) got = g_string_new(NULL);
	const GArray *sets;
	guint i, round;

	for (i = 0; i < G_N_ELEMENTS(added); i++)
		literals_add(l, &added[i].literal, added[i].set);
	literals_seal(l);
	scratch = literals_scratch_new(l);
	shadow_text_init(&shadow);
	for (round = 0; round < 2; round++) {
		shadow_text_set(&shadow, "xABC abcd bc", 12);
		sets = literals_find(l, scratch, &shadow);
		for (i = 0; i < sets->len; i++)
			ck_assert(literals_found(
			    scratch, g_array_index(sets, guint, i)));
		for (i = 0; i < 8; i++)
			if (literals_found(scratch, i))
				g_string_append_printf(got, "%u ", i);
		shadow_text_set(&shadow, "xABC", 2);
		sets = literals_find(l, scratch, &shadow);
		ck_assert_uint_eq(sets->len, 0);
	}
	ck_assert_str_eq(got->str, "2 3 5 7 2 3 5 7 ");
	shadow_text_clear(&shadow);
	literals_scratch_free(scratch);
	literals_free(l);
}
END_TEST

/* Where in a text a regex may match: "first-last" of each window, in bytes. */
static const struct {
	const char *name, *regex, *text, *want;
} windows[] = {
    {"at the start", "abc", "abc def", "0-0 "},
    {"at the end", "abc", "def abc", "4-4 "},
    {"not cut off", "abc", "def ab", ""},
    {"so many characters before", "[^a]{2,4}abc", "zzzzzzabc", "2-6 "},
    {"no more than there are", "[^a]{2,4}abc", "zzabc", "0-2 "},
    {"the longest word before", "\\w+\\Wabc", "one longest /abc", "5-13 "},
    {"anything before", "[^a]*abc", "zz abc zz abc zz", "0-10 "},
    {"bytes before", "[^a]{3}abc", "éééééabc", "4-10 "},
    {"bytes behind", "abc", "ééabcéé", "4-4 "},
    {"many bytes before", "[^a]abc",
	"éééééééééééééééééééééééééééééééééééééééé-abc-", "80-81 "},
    {"all of white space", "\\sabc", "x \t\n abc", "1-4 "},
    {"white space beyond ASCII", "\\sabc", "x \302\240 abc", "1-4 "},
    {"white space within", "ab\\s+cd", "xab \n cd", "1-1 "},
    {"apart", "[^a]abc", "xabcxxabc", "0-1 5-6 "},
    {"touching", "[^a]{2}abc", "abcabc", "0-3 "},
    {"overlapping", "[^a]{5}abc", "xxxxabcabc", "0-7 "},
    {"a word begins", "\\bcat", "concat cat a_cat \303\251cat", "7-7 19-19 "},
    {"a word or a dot", "(?:\\b|[.])cat", "con.cat concat", "3-4 "},
    {"both sets in reach", "abc..def", "abc..def", "0-0 "},
    {"one set missing", "abc..def", "abc..de", ""},
    {"one set out of reach", "abc..def", "abc...def", ""},
    {"one set before the other", "abc..def", "def..abc", ""},
    {"in one case", "abc..def|ghi..jkl", "abc..jkl ghi..jkl", "9-9 "},
    {"in both cases", "abc..def|ghi..jkl", "abc..def ghi..jkl", "0-0 9-9 "},
    {"cases that overlap", "[^a]{3}abc|[^b]bcd", "xxxabcd", "0-4 "},
    {"a long s", "secret", "x \305\277ecret", "2-2 "},
    {"one character at the end", "[?!]", "so? yes!", "2-2 7-7 "},
    {"a word of one letter", "\\bI\\b", "it is I", "0-0 3-3 6-6 "},
    {"behind a look-ahead", "(?=.{0,2}ab)\\w\\w", "xxxxab", "2-4 "},
};

START_TEST(test_windows)
{
	struct needs *needs = needs_new();
	struct needs_scratch *scratch;
	struct shadow_text shadow;
	g_autoptr(GArray) got =
	    g_array_new(FALSE, FALSE, sizeof(struct window));
	g_autoptr(GString) text = g_string_new(NULL);
	guint i;

	ck_assert(needs_add(needs, windows[_i].regex, 0));
	needs_seal(needs);
	scratch = needs_scratch_new(needs);
	shadow_text_init(&shadow);
	shadow_text_set(&shadow, windows[_i].text, strlen(windows[_i].text));
	needs_scan(needs, scratch, &shadow, shadow_text_runs(&shadow), got);
	windows_sort(got, &shadow);
	for (i = 0; i < got->len; i++)
		g_string_append_printf(text, "%zu-%zu ",
		    g_array_index(got, struct window, i).first,
		    g_array_index(got, struct window, i).last);
	ck_assert_msg(strcmp(text->str, windows[_i].want) == 0, "%s: %s",
	    windows[_i].name, text->str);
	shadow_text_clear(&shadow);
	needs_scratch_free(scratch);
	needs_free(needs);
}
END_TEST

/* A regex and its alternatives, one a line. */
static const struct {
	const char *regex, *want;
} apart[] = {
    {"a", "a"},
    {"a|b", "a\nb"},
    {"(?:a|b)", "a\nb"},
    {"(?:a|(?:b|c))|d", "a\nb\nc\nd"},
    {"(?:a|b)c", "(?:a|b)c"},
    {"(?:a|b)|c(?:d|e)", "a\nb\nc(?:d|e)"},
    {"(?:a|b)(?:c|d)", "(?:a|b)(?:c|d)"},
    {"(?:a|b)+", "(?:a|b)+"},
    {"(?<n>a|b)", "(?<n>a|b)"},
    {"[a|b]|\\|", "[a|b]\n\\|"},
    {"[)|]|(?:[(]|x)", "[)|]\n[(]\nx"},
    {"(?=a|b)c|d", "(?=a|b)c\nd"},
    {"(?-i:A|B)|c", "(?-i:A|B)\nc"},
    {"a(?-i)|b", "a(?-i)|b"},
    {"a||b", "a||b"},
    {"(?:a|)|b", "(?:a|)|b"},
    {"\303\251|(?:\303\251|b)", "\303\251\n\303\251\nb"},
};

START_TEST(test_apart)
{
	g_autoptr(GPtrArray) parts = pattern_alternatives(apart[_i].regex);
	g_autofree char *got = NULL;

	g_ptr_array_add(parts, NULL);
	got = g_strjoinv("\n", (char **)parts->pdata);
	ck_assert_msg(strcmp(got, apart[_i].want) == 0, "%s: got %s",
	    apart[_i].regex, got);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("required");
	TCase *tc = tcase_create("required");

	tcase_add_loop_test(tc, test_apart, 0, G_N_ELEMENTS(apart));
	tcase_add_loop_test(tc, test_derived, 0, (int)G_N_ELEMENTS(derived));
	tcase_add_test(tc, test_many);
	tcase_add_loop_test(tc, test_written, 0, (int)G_N_ELEMENTS(written));
	tcase_add_test(tc, test_sets);
	tcase_add_loop_test(tc, test_windows, 0, (int)G_N_ELEMENTS(windows));
	suite_add_tcase(suite, tc);
	return suite;
}
