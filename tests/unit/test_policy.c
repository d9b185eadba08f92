/* What is said of policies: each fault, and where. */
#include <string.h>

#include "tests/unit/parsing.h"
#include "tests/unit/unit.h"

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of all cases, sorted. */
static GPtrArray *
list_cases(void)
{
	g_autofree char *path = unit_source("tests", "unit", "policy", NULL);
	g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	while (directory != NULL && (name = g_dir_read_name(directory)) != NULL)
		if (g_str_has_suffix(name, ".policy"))
			g_ptr_array_add(
			    names, g_strndup(name, strlen(name) - 7));
	g_ptr_array_sort(names, compare_names);
	return names;
}

/* NAME.policy says NAME.expected, and loads when no error is among it. */
START_TEST(test_case)
{
	g_autoptr(GPtrArray) names = list_cases();
	const char *name = g_ptr_array_index(names, _i);
	g_autofree char *file = g_strconcat(name, ".policy", NULL);
	g_autofree char *answer = g_strconcat(name, ".expected", NULL);
	g_autofree char *expected =
	    unit_source("tests", "unit", "policy", answer, NULL);
	g_autofree char *want = NULL, *got = NULL;
	g_autoptr(diags) diags = diags_new();
	g_autoptr(policy) policy = NULL;

	ck_assert_msg(g_file_get_contents(expected, &want, NULL, NULL),
	    "%s is missing", expected);
	policy = parsing_load(file, diags);
	got = diags_to_string(diags);
	ck_assert_msg(strcmp(got, want) == 0, "%s says:\n%s", file, got);
	ck_assert((policy != NULL) == (diags_errors(diags) == 0));
}
END_TEST

/* What is said first of a policy made of a head, n times a piece, and a tail.
 */
static const struct {
	const char *name, *head;
	unsigned n;
	const char *piece, *tail, *want;
} bounded[] = {
    {"nesting", PARSING_HEAD "rule x when ", 100000, "(", "sender is officer",
	"there are more than 32 parentheses within parentheses"},
    {"stack", PARSING_HEAD "rule x when ", 100000, "(", "sender is officer",
	"this is nested too deeply to be read"},
    {"not", PARSING_HEAD "rule x when ", 50000, "not ", "sender is officer",
	"expected a test after \"not\", such as \"sender is officer\", "
	"found \"not\""},
    {"tests", PARSING_HEAD "rule x when sender is officer", 20000,
	" and sender is officer", " then report",
	"rule \"x\" has more than 100 tests: make it two"},
    {"unless", PARSING_HEAD "rule x when sender is officer ", 20000,
	"unless sender is clerk ", "then report",
	"rule \"x\" has more than 100 tests: make it two"},
    {"size", PARSING_HEAD, 70000, "# sixteen bytes\n", "",
	"the policy is larger than 1048576 bytes"},
    {"rubbish", PARSING_HEAD, 100000, "= ", "",
	"\"=\" means nothing here: take it out"},
};

START_TEST(test_bounded)
{
	g_autoptr(GString) text = g_string_new(bounded[_i].head);
	g_autoptr(diags) diags = diags_new();
	bool found = false;
	unsigned i;

	for (i = 0; i < bounded[_i].n; i++)
		g_string_append(text, bounded[_i].piece);
	g_string_append(text, bounded[_i].tail);
	ck_assert_ptr_null(parsing_text(text->str, diags));
	for (i = 0; i < diags_count(diags) && !found; i++)
		found =
		    strcmp(diags_get(diags, i)->message, bounded[_i].want) == 0;
	ck_assert_msg(
	    found, "%s: %s", bounded[_i].name, diags_get(diags, 0)->message);
}
END_TEST

/* first.policy includes 1.inc, that 2.inc …, or all of them. */
static char *
load_chain(unsigned files, bool nested)
{
	g_autofree char *directory = unit_directory();
	g_autofree char *path = NULL;
	g_autoptr(GString) first = g_string_new(PARSING_HEAD);
	g_autoptr(diags) diags = diags_new();
	unsigned i;

	for (i = 1; i <= files; i++) {
		g_autofree char *name = g_strdup_printf("%u.inc", i);
		g_autofree char *next =
		    g_strdup_printf("include \"%u.inc\"\n", i + 1);

		g_free(unit_write(directory, name,
		    nested && i < files ? next : "# nothing\n"));
		if (i == 1 || !nested)
			g_string_append_printf(first, "include \"%s\"\n", name);
	}
	path = unit_write(directory, "first.policy", first->str);
	policy_unref(policy_load(path, diags));
	unit_remove(directory);
	for (i = 0; i < diags_count(diags); i++)
		if (strstr(diags_get(diags, i)->message, "too many files"))
			return g_path_get_basename(
			    diags_get(diags, i)->place.file);
	return g_strdup("");
}

START_TEST(test_includes)
{
	static const struct {
		unsigned files;
		bool nested;
		const char *want; /* where it is too much */
	} chains[] = {
	    {8, true, ""},
	    {9, true, "8.inc"},
	    {63, false, ""},
	    {64, false, "first.policy"},
	};
	g_autofree char *where =
	    load_chain(chains[_i].files, chains[_i].nested);

	ck_assert_str_eq(where, chains[_i].want);
}
END_TEST

/* Whatever the shipped policies say, they say it without a fault. */
START_TEST(test_shipped)
{
	static const char *const names[] = {"council.policy",
	    "presets/leigh-on-sea.policy", "presets/leighton-linslade.policy",
	    "presets/member-officer.policy", "presets/old-marston.policy",
	    "presets/woodland.policy"};
	g_autofree char *path = unit_source("conf", names[_i], NULL);
	g_autoptr(diags) diags = diags_new();
	g_autoptr(policy) policy = policy_load(path, diags);
	g_autofree char *got = diags_to_string(diags);

	ck_assert_msg(policy != NULL && *got == '\0', "%s", got);
}
END_TEST

START_TEST(test_missing_file)
{
	g_autoptr(diags) diags = diags_new();
	g_autofree char *got = NULL;

	ck_assert_ptr_null(policy_load("/nonexistent/x.policy", diags));
	got = diags_to_string(diags);
	ck_assert_str_eq(got,
	    "/nonexistent/x.policy: error: cannot read the policy: No such "
	    "file or directory\n");
}
END_TEST

Suite *
unit_suite(void)
{
	g_autoptr(GPtrArray) names = list_cases();
	Suite *suite = suite_create("policy");
	TCase *tc = tcase_create("policy");

	tcase_add_loop_test(tc, test_case, 0, (int)names->len);
	tcase_add_loop_test(tc, test_bounded, 0, G_N_ELEMENTS(bounded));
	tcase_add_loop_test(tc, test_includes, 0, 4);
	tcase_add_loop_test(tc, test_shipped, 0, 6);
	/* All patterns are compiled and tried, under a sanitizer too. */
	tcase_set_timeout(tc, 300);
	tcase_add_test(tc, test_missing_file);
	suite_add_tcase(suite, tc);
	return suite;
}
