#include <string.h>

#include "policy/diag.h"
#include "tests/unit/unit.h"

/* One finding in a file of one name, and how it is shown. */
static const struct {
	const char *name, *source;
	unsigned line, column, width;
	const char *message, *want;
} shown[] = {
    {"plain", "one\nthen fotter\n", 2, 6, 6, "unknown",
	"f:2:6: error: unknown\nthen fotter\n     ^~~~~~\n"},
    {"tabs stay tabs", "\tthen\tx y", 1, 7, 1, "m",
	"f:1:7: error: m\n\tthen\tx y\n\t    \t^\n"},
    {"columns are characters", "Zoë x", 1, 5, 1, "m",
	"f:1:5: error: m\nZoë x\n    ^\n"},
    {"wide characters", "第一 x", 1, 4, 1, "m",
	"f:1:4: error: m\n第一 x\n     ^\n"},
    {"wide characters underlined", "第一", 1, 1, 2, "m",
	"f:1:1: error: m\n第一\n^~~~\n"},
    {"combining characters", "e\xcc\x81 x", 1, 4, 1, "m",
	"f:1:4: error: m\ne\xcc\x81 x\n  ^\n"},
    {"carriage return", "ab\r\ncd\r\n", 1, 2, 1, "m",
	"f:1:2: error: m\nab\n ^\n"},
    {"byte order mark",
	"\xef\xbb\xbf"
	"ab",
	1, 1, 1, "m", "f:1:1: error: m\nab\n^\n"},
    {"behind the line", "ab", 1, 5, 3, "m", "f:1:5: error: m\nab\n    ^\n"},
    {"width ends with the line", "ab", 1, 2, 9, "m",
	"f:1:2: error: m\nab\n ^\n"},
    {"underlined", "abcd", 1, 2, 3, "m", "f:1:2: error: m\nabcd\n ^~~\n"},
    {"empty line", "\nab", 1, 1, 1, "m", "f:1:1: error: m\n"},
    {"no such line", "ab", 7, 1, 1, "m", "f:7:1: error: m\n"},
    {"line only", "ab", 1, 0, 1, "m", "f:1: error: m\n"},
    {"file only", "ab", 0, 0, 1, "m", "f: error: m\n"},
    {"not UTF-8",
	"a\xff"
	"b x",
	1, 5, 1, "m",
	"f:1:5: error: m\na\xef\xbf\xbd"
	"b x\n    ^\n"},
    {"control characters", "a\x1b[1m x", 1, 1, 1, "m\x1b",
	"f:1:1: error: m?\na?[1m x\n^\n"},
};

START_TEST(test_shown)
{
	g_autoptr(diags) diags = diags_new();
	struct place place = {
	    "f", shown[_i].line, shown[_i].column, shown[_i].width};
	g_autofree char *got = NULL;

	diags_set_source(
	    diags, "f", shown[_i].source, strlen(shown[_i].source));
	diags_add(diags, DIAG_ERROR, &place, "%s", shown[_i].message);
	got = diags_to_string(diags);
	ck_assert_msg(
	    strcmp(got, shown[_i].want) == 0, "%s:\n%s", shown[_i].name, got);
}
END_TEST

/* Sorted by file and place, each with its notes; other files last. */
START_TEST(test_order)
{
	static const struct {
		const char *file;
		unsigned line, column;
		enum diag_level level;
	} added[] = {
	    {"roster", 3, 1, DIAG_ERROR},
	    {"b", 2, 1, DIAG_ERROR},
	    {"a", 9, 9, DIAG_NOTE},
	    {"b", 1, 5, DIAG_WARNING},
	    {"b", 1, 2, DIAG_ERROR},
	    {"a", 7, 1, DIAG_ERROR},
	};
	g_autoptr(diags) diags = diags_new();
	g_autofree char *got = NULL;
	size_t i;

	diags_set_source(diags, "a", "", 0);
	diags_set_source(diags, "b", "", 0);
	for (i = 0; i < G_N_ELEMENTS(added); i++) {
		struct place place = {
		    added[i].file, added[i].line, added[i].column, 1};

		diags_add(diags, added[i].level, &place, "%zu", i);
	}
	got = diags_to_string(diags);
	ck_assert_str_eq(got, "a:7:1: error: 5\n"
			      "b:1:2: error: 4\n"
			      "b:1:5: warning: 3\n"
			      "b:2:1: error: 1\n"
			      "a:9:9: note: 2\n"
			      "roster:3:1: error: 0\n");
	ck_assert_uint_eq(diags_errors(diags), 4);
	ck_assert_uint_eq(diags_count(diags), 6);
	ck_assert_str_eq(diags_get(diags, 0)->message, "0");
	ck_assert_ptr_null(diags_get(diags, 6));
}
END_TEST

START_TEST(test_bounded)
{
	g_autoptr(diags) diags = diags_new();
	g_autofree char *long_line = g_strnfill(5000, 'x');
	struct place place = {"f", 1, 1, 1};
	unsigned i;

	diags_set_source(diags, "f", long_line, 5000);
	for (i = 0; i < 1000; i++)
		diags_add(diags, DIAG_ERROR, &place, "m");
	ck_assert_uint_eq(diags_errors(diags), 1000);
	ck_assert_uint_eq(diags_count(diags), 201);
	ck_assert_ptr_null(diags_get(diags, 0)->source);
	ck_assert_int_eq(diags_get(diags, 200)->level, DIAG_NOTE);
}
END_TEST

static const char *const candidates[] = {"footer", "report", "hold", "when",
    "councillor", "cllr.jones", "is", "in", NULL};

static const struct {
	const char *word, *want;
} suggestions[] = {
    {"fotter", "footer"},
    {"FOOTER", "footer"},
    {"reprot", "report"},
    {"wehn", "when"},
    {"holdd", "hold"},
    {"councilor", "councillor"},
    {"conucilor", "councillor"},
    {"cllr.jonse", "cllr.jones"},
    {"IS", "is"},
    {"si", NULL},
    {"on", NULL},
    {"quarantine", NULL},
    {"", NULL},
    {"w", NULL},
};

START_TEST(test_suggest)
{
	const char *got = diag_suggest(suggestions[_i].word, candidates);

	ck_assert_pstr_eq(got, suggestions[_i].want);
}
END_TEST

START_TEST(test_suggest_bounds)
{
	static const char *const none[] = {NULL};
	g_autofree char *long_word = g_strnfill(100000, 'x');

	ck_assert_ptr_null(diag_suggest("footer", none));
	ck_assert_ptr_null(diag_suggest(long_word, candidates));
	ck_assert_ptr_null(diag_suggest("foo\xff", candidates));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("diag");
	TCase *tc = tcase_create("diag");

	tcase_add_loop_test(tc, test_shown, 0, G_N_ELEMENTS(shown));
	tcase_add_test(tc, test_order);
	tcase_add_test(tc, test_bounded);
	tcase_add_loop_test(tc, test_suggest, 0, G_N_ELEMENTS(suggestions));
	tcase_add_test(tc, test_suggest_bounds);
	suite_add_tcase(suite, tc);
	return suite;
}
