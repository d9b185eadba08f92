#include <string.h>

#include "policy/pattern/literals.h"
#include "policy/pattern/matcher.h"
#include "policy/pattern/required.h"
#include "tests/unit/unit.h"

static const struct place HERE = {"f", 1, 1, 1};

/* What a regex needs, joined by "|"; NULL: nothing that helps. */
static const struct {
	const char *name, *regex, *want;
} derived[] = {
    {"a word", "grievance", "grievance"},
    {"caseless", "GrieVance", "grievance"},
    {"too short", "an", NULL},
    {"short with spaces", "a\\s+b", NULL},
    {"nothing", "\\w+", NULL},
    {"white space joins", "we\\s+will", "we will"},
    {"one space", "we\\swill", "we will"},
    {"some spaces", "we\\s{1,3}will", "we will"},
    {"spaces that meet", "we\\s+\\s+will", "we will"},
    {"a line end", "we\\nwill", "we will"},
    {"no space is none too", "we\\s*will", "wewill|we will"},
    {"alternatives", "(?:one|two|three)", "one|two|three"},
    {"an alternative that is short", "(?:three|me)", NULL},
    {"an alternative that is anything", "three|\\d", NULL},
    {"alternatives at the top", "one|three", "one|three"},
    {"an empty alternative", "(?:three|)", NULL},
    {"parts multiply", "(?:I|we) (?:agree|accept)",
	"i agree|i accept|we agree|we accept"},
    {"the best part", "agree\\d+extension", "extension"},
    {"the better of two groups", "(?:one|two).(?:three|seven)", "three|seven"},
    {"optional letter", "colou?r", "color|colour"},
    {"optional word", "we(?:\\s+hereby)?\\s+agree", "we agree|we hereby agree"},
    {"any number", "(?:really\\s+)*agree", "agree"},
    {"one or more", "(?:really\\s+)+x", "really x"},
    {"more of them", "(?:abc){2}d", "abcd"},
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
    {"class beyond ASCII", "[aé]grey", "grey"},
    {"class with a bracket", "[]]grey", "]grey"},
    {"beyond ASCII", "caf\303\251teria", "teria"},
    {"long s", "\305\277ecret", "ecret"},
    {"Kelvin", "\\x{212a}elvin", "elvin"},
    {"escaped signs", "a\\.b\\-c", "a.b-c"},
    {"in hexadecimal", "\\x41bc", "abc"},
    {"boundaries and anchors", "^\\bgrey\\b$", "grey"},
    {"look-ahead is no text", "grey(?=\\s+cat)hound", "greyhound"},
    {"look-behind is no text", "(?<=old )(?<!the )hound", "hound"},
    {"look-around alone", "(?=hound)\\w+", NULL},
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

START_TEST(test_derived)
{
	g_autoptr(GPtrArray) got = required_literals(derived[_i].regex);
	g_autofree char *joined = NULL;

	if (got != NULL) {
		g_ptr_array_add(got, NULL);
		joined = g_strjoinv("|", (char **)got->pdata);
	}
	ck_assert_msg(g_strcmp0(joined, derived[_i].want) == 0, "%s: %s",
	    derived[_i].name, joined);
}
END_TEST

/* Too many to be any help. */
START_TEST(test_many)
{
	g_autoptr(GString) regex = g_string_new("x0000");
	int i;

	for (i = 1; i <= REQUIRED_MAX; i++)
		g_string_append_printf(regex, "|x%04d", i);
	ck_assert_ptr_null(required_literals(regex->str));
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
	g_autoptr(GPtrArray) needed = required_literals(written[_i].regex);

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
	struct literals *l = literals_new();
	struct literals_scratch *scratch;
	g_autoptr(GString) got = g_string_new(NULL);
	const GArray *sets;
	guint i, round;

	literals_add(l, "abcd", 7);
	literals_add(l, "bc", 3);
	literals_add(l, "abd", 1);
	literals_add(l, "bc", 2);
	literals_add(l, "bc", 2);
	literals_add_always(l, 5);
	literals_seal(l);
	scratch = literals_scratch_new(l);
	for (round = 0; round < 2; round++) {
		sets = literals_scan(l, scratch, "xABC abcd bc", 12);
		for (i = 0; i < sets->len; i++)
			g_string_append_printf(
			    got, "%u ", g_array_index(sets, guint, i));
		sets = literals_scan(l, scratch, "xABC", 2);
		ck_assert_uint_eq(sets->len, 1);
	}
	ck_assert_str_eq(got->str, "2 3 5 7 2 3 5 7 ");
	literals_scratch_free(scratch);
	literals_free(l);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("required");
	TCase *tc = tcase_create("required");

	tcase_add_loop_test(tc, test_derived, 0, (int)G_N_ELEMENTS(derived));
	tcase_add_test(tc, test_many);
	tcase_add_loop_test(tc, test_written, 0, (int)G_N_ELEMENTS(written));
	tcase_add_test(tc, test_sets);
	suite_add_tcase(suite, tc);
	return suite;
}
