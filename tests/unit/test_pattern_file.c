#include <string.h>

#include "policy/pattern/file.h"
#include "tests/unit/unit.h"

static const char kinds[] = "wtrn,";

static void
show_clause(GString *out, const struct pattern_clause *clause)
{
	guint i;

	g_string_append_printf(out, " %s", clause->key);
	for (i = 0; i < clause->tokens->len; i++) {
		const struct pattern_token *token =
		    g_ptr_array_index(clause->tokens, i);

		g_string_append_printf(
		    out, " %c<%s>", kinds[token->kind], token->text);
	}
	g_string_append_c(out, '\n');
}

/* What was read, then what was said. */
static char *
show(const struct pattern_file *file, const struct diags *diags)
{
	GString *out = g_string_new(NULL);
	g_autofree char *said = diags_to_string(diags);
	guint i, k;

	for (i = 0; i < file->blocks->len; i++) {
		const struct pattern_block *block =
		    g_ptr_array_index(file->blocks, i);

		g_string_append_printf(out, "%s %s <%s>\n", block->kind,
		    block->name, block->title);
		for (k = 0; k < block->clauses->len; k++)
			show_clause(out, g_ptr_array_index(block->clauses, k));
	}
	g_string_append(out, said);
	return g_string_free(out, FALSE);
}

static char *
read_and_show(const char *text, gsize len)
{
	g_autoptr(GHashTable) lets = pattern_lets_new();
	g_autoptr(diags) diags = diags_new();
	g_autoptr(pattern_file) file =
	    pattern_file_read("f", text, len, lets, diags);

	return show(file, diags);
}

struct table_case {
	const char *name, *text, *want;
};

static const struct table_case good[] = {
    {"nothing", "", ""},
    {"only comments", "# a\n\n   # b\n", ""},
    {"a block without clauses", "marking x", "marking x <>\n"},
    {"a title", "marking x \"A title\"\n", "marking x <A title>\n"},
    {"clauses",
	"evidence a\n"
	"    category staff\n"
	"\tanchor \"b\", /c/ within 200 # d\n"
	"\n"
	"    no match \"e\"\n",
	"evidence a <>\n category w<staff>\n"
	" anchor t<b> ,<,> r<c> w<within> n<200>\n no w<match> t<e>\n"},
    {"two blocks", "a b\n c\nd e\n f", "a b <>\n c\nd e <>\n f\n"},
    {"the same name of two kinds", "a x\nb x\n", "a x <>\nb x <>\n"},
    {"lines that go on", "a b\n c \"d\",\n\n # e\n    \"f\",\n\"g\"\n",
	"a b <>\n c t<d> ,<,> t<f>\n"
	"f:5:8: error: nothing follows this comma: what goes on in the next "
	"line is indented\n    \"f\",\n       ^\n"
	"f:6:1: error: a statement begins with a word; clauses are indented\n"
	"\"g\"\n^~~\n"},
    {"CR LF", "a b\r\n c \"d\",\r\n \"e\"\r\n", "a b <>\n c t<d> ,<,> t<e>\n"},
    {"byte order mark",
	"\xef\xbb\xbf"
	"a b\n",
	"a b <>\n"},
    {"numbers and words", "a b\n c 0 1.5 1960-act 12a 1. .5 1234567890",
	"a b <>\n c n<0> n<1.5> w<1960-act> w<12a> w<1.> w<.5> "
	"w<1234567890>\n"},
    {"words beyond ASCII", "a b\n tŷ ŵyl", "a b <>\n tŷ w<ŵyl>\n"},
    {"texts", "a b\n c \"d \\\"e\\\" \\\\ \\n f # g\"",
	"a b <>\n c t<d \"e\" \\ \n f # g>\n"},
    {"no comment in a regex", "a b\n c /d # e/ # f",
	"a b <>\n c r<d\\s+#\\s+e>\n"},
    {"slashes", "a b\n c /d\\/e/, /[/]f/, /[^]/]g/, /\\[h/, /[[:alpha:]/]/",
	"a b <>\n c r<d/e> ,<,> r<[/]f> ,<,> r<[^]/]g> ,<,> r<\\[h> ,<,> "
	"r<[[:alpha:]/]>\n"},
    {"spaces in regexes", "a b\n c /d  e\tf/, /[ ]g/, /h\\ i/, / j /",
	"a b <>\n c r<d\\s+e\\s+f> ,<,> r<[ ]g> ,<,> r<h\\ i> ,<,> "
	"r<\\s+j\\s+>\n"},
    {"quantified spaces",
	"a b\n c /d ?e/, /d *e/, /d +e/, /d {2,3}e/, /d ??e/, /d ?+e/, "
	"/d {e/, /(?: )+d/",
	"a b <>\n c r<d\\s*e> ,<,> r<d\\s*e> ,<,> r<d\\s+e> ,<,> "
	"r<d\\s{2,3}e> ,<,> r<d\\s*?e> ,<,> r<d\\s*+e> ,<,> "
	"r<d\\s+{e> ,<,> r<(?:\\s+)+d>\n"},
    {"braces that are no fragments",
	"a b\n c /d{2}/, /d{2,3}/, /d{2,}/, /[{e}]f/, /\\p{Lu}/, "
	"/\\x{e9}/, /(?<n>g)\\k{n}/, /\\{h}/",
	"a b <>\n c r<d{2}> ,<,> r<d{2,3}> ,<,> r<d{2,}> ,<,> r<[{e}]f> ,<,> "
	"r<\\p{Lu}> ,<,> r<\\x{e9}> ,<,> r<(?<n>g)\\k{n}> ,<,> r<\\{h}>\n"},
    {"fragments", "let d /e|f/\nlet g \"h i\", /{d} j/\na b\n c {d}, /{g}+k/",
	"a b <>\n c r<(?:e|f)> ,<,> r<(?:\\bh\\s+i\\b|(?:(?:e|f)\\s+j))+k>\n"},
    {"the same group in two fragments", "let d /(?<n>e)/\na b\n c /{d}|{d}f/",
	"a b <>\n c r<(?:(?<n>e))|(?:(?<n>e))f>\n"},
    {"options end with a fragment", "let d /(?-i)A/, /b/\na b\n c {d}",
	"a b <>\n c r<(?:(?:(?-i)A)|(?:b))>\n"},
};

/* Every fault that can be told. */
static const struct table_case faults[] = {
    {"not UTF-8", "a b\xff\n",
	"a b <>\n"
	"f:1:4: error: byte 0xff is not UTF-8: save the file as UTF-8\n"
	"a b\xef\xbf\xbd\n   ^\n"},
    {"a clause without a block", "  c\n  d\n",
	"f:1:3: error: this clause belongs to no block: a statement begins "
	"in the first column\n  c\n  ^\n"},
    {"a clause after let", "let x /a/\n  c\n",
	"f:2:3: error: this clause belongs to no block: a statement begins "
	"in the first column\n  c\n  ^\n"},
    {"a statement without a word", "\"a\"\n",
	"f:1:1: error: a statement begins with a word; clauses are indented\n"
	"\"a\"\n^~~\n"},
    {"a block without a name", "evidence\n  c\n",
	"f:1:9: error: evidence needs a name\nevidence\n        ^\n"},
    {"a text for a name", "evidence \"a\"\n  c\n",
	"f:1:10: error: the name of evidence is expected here, a word\n"
	"evidence \"a\"\n         ^~~\n"},
    {"no title", "a b c\n",
	"a b <>\nf:1:5: error: only a title in quotation marks may follow the "
	"name\na b c\n    ^\n"},
    {"more than a title", "a b \"c\" d\n",
	"a b <c>\nf:1:9: error: nothing may follow the title: clauses stand in "
	"lines of their own\na b \"c\" d\n        ^\n"},
    {"a block twice", "a b\n c\na b\n",
	"a b <>\n c\na b <>\nf:3:3: error: duplicate a \"b\"\na b\n  ^\n"
	"f:1:3: note: previously defined here\na b\n  ^\n"},
    {"a clause without a word", "a b\n \"c\"\n",
	"a b <>\nf:2:2: error: a clause begins with a word; a line that goes "
	"on in the next ends in a comma\n \"c\"\n ^~~\n"},
    {"two commas", "a b\n c \"d\",, \"e\"\n",
	"a b <>\n c t<d> ,<,> t<e>\nf:2:8: error: this comma stands between "
	"nothing: take it out\n c \"d\",, \"e\"\n       ^\n"},
    {"a comma first", ",a b\n",
	"a b <>\nf:1:1: error: this comma stands between nothing: take it out\n"
	",a b\n^\n"},
    {"a comma last", "a b\n c \"d\",\n",
	"a b <>\n c t<d>\nf:2:7: error: nothing follows this comma: what goes "
	"on in the next line is indented\n c \"d\",\n      ^\n"},
    {"a text that is not closed", "a b\n c \"d\n",
	"a b <>\n c t<d>\nf:2:4: error: this text has no closing quotation "
	"mark on its line\n c \"d\n   ^~\n"},
    {"a backslash in a text", "a b\n c \"d\\e\"\n",
	"a b <>\n c t<d\\e>\nf:2:6: error: only \\\", \\\\ and \\n may follow "
	"a "
	"backslash in a text; write \\\\ for a backslash\n c \"d\\e\"\n"
	"     ^\n"},
    {"a control character in a text", "a b\n c \"d\001\"\n",
	"a b <>\n c t<d\001>\nf:2:6: error: control character in a text: take "
	"it out\n c \"d?\"\n     ^\n"},
    {"a control character", "a b\n c \001\n",
	"a b <>\n c\nf:2:4: error: control character: take it out\n c ?\n"
	"   ^\n"},
    {"a sign", "a b\n c %\n",
	"a b <>\n c\nf:2:4: error: \"%\" means nothing here: take it out\n"
	" c %\n   ^\n"},
    {"other quotation marks", "a b\n c “d”\n",
	"a b <>\n c t<d>\nf:2:4: error: texts stand between plain quotation "
	"marks: \"…\"\n c “d”\n   ^\n"},
    {"a regex that is not closed", "a b\n c /d\n",
	"a b <>\n c r<(?!)>\nf:2:4: error: this regex has no closing slash on "
	"its line\n c /d\n   ^~\n"},
    {"an empty regex", "a b\n c //\n",
	"a b <>\n c r<(?!)>\nf:2:5: error: this regex is empty\n c //\n"
	"    ^\n"},
    {"no regex", "a b\n c /d(e/\n",
	"a b <>\n c r<(?!)>\nf:2:7: error: missing closing parenthesis\n"
	" c /d(e/\n      ^\n"},
    {"no regex behind a fragment", "let x /y/\na b\n c /{x}{x}é[z-a]/\n",
	"a b <>\n c r<(?!)>\nf:3:14: error: range out of order in character "
	"class\n c /{x}{x}é[z-a]/\n             ^\n"},
    {"a number for a group", "a b\n c /(d)\\1/\n",
	"a b <>\n c r<(?!)>\nf:2:8: error: reference to non-existent "
	"subpattern\n c /(d)\\1/\n       ^\n"},
    {"a backslash last", "a b\n c /d\\",
	"a b <>\n c r<(?!)>\nf:2:4: error: this regex has no closing slash on "
	"its line\n c /d\\\n   ^~~\n"},
    {"quoting", "a b\n c /\\Qd\\E/\n",
	"a b <>\n c r<(?!)>\n"
	"f:2:5: error: \\Q has no place in a pattern file\n c /\\Qd\\E/\n"
	"    ^~\n"
	"f:2:8: error: \\E has no place in a pattern file\n c /\\Qd\\E/\n"
	"       ^~\n"},
    {"verbs", "a b\n c /(*UTF)d/\n",
	"a b <>\n c r<(?!)>\nf:2:5: error: \"(*\" has no place in a pattern "
	"file; write \"(\\*\" for an asterisk\n c /(*UTF)d/\n    ^~\n"},
    {"callouts", "a b\n c /d(?C)/\n",
	"a b <>\n c r<(?!)>\nf:2:6: error: \"(?C\" has no place in a pattern "
	"file\n c /d(?C)/\n     ^~~\n"},
    {"extended", "a b\n c /(?ix)d/\n",
	"a b <>\n c r<(?!)>\nf:2:5: error: the option x has no place in a "
	"pattern file: a space already stands for white space\n"
	" c /(?ix)d/\n    ^~~~~\n"},
    {"an apostrophe in a regex", "a b\n c /d’s/\n",
	"a b <>\n c r<d’s>\nf:2:6: warning: patterns see \"'\" in place of "
	"this "
	"character\n c /d’s/\n     ^\n"},
    {"a soft hyphen in a regex",
	"a b\n c /d\xc2\xad"
	"e/\n",
	"a b <>\n c r<d\xc2\xad"
	"e>\nf:2:6: warning: this character is taken "
	"out of a text before patterns see it\n c /d\xc2\xad"
	"e/\n     ^\n"},
    {"an unknown fragment", "let sum /d/\na b\n c /e{sun}/\n",
	"a b <>\n c r<(?!)>\nf:3:6: error: unknown fragment \"sun\", did you "
	"mean \"sum\"?\n c /e{sun}/\n     ^~~~~\n"},
    {"a fragment that nothing resembles", "a b\n c {sum}\n",
	"a b <>\n c r<(?!)>\nf:2:4: error: unknown fragment \"sum\": \"let sum "
	"…\" must stand above\n c {sum}\n   ^~~~~\n"},
    {"a brace", "a b\n c { d\n",
	"a b <>\n c w<d>\nf:2:4: error: a brace begins the name of a fragment "
	"here: {name}\n c { d\n   ^\n"},
    {"let without a name", "let\n",
	"f:1:4: error: a fragment needs a name\nlet\n   ^\n"},
    {"let with a strange name", "let tŷ /a/\n",
	"f:1:5: error: the name of a fragment begins with a letter from a to "
	"z and has only such letters, digits, \"-\", \"_\" and \".\"\n"
	"let tŷ /a/\n    ^~\n"},
    {"let without a regex", "let x\n",
	"f:1:6: error: a regex or a text is expected here\nlet x\n     ^\n"},
    {"let with a word", "let x y\n",
	"f:1:7: error: a regex or a text is expected here\nlet x y\n"
	"      ^\n"},
    {"let without a comma", "let x /a/ /b/\n",
	"f:1:11: error: a comma is expected here\nlet x /a/ /b/\n"
	"          ^~~\n"},
    {"let with an empty text", "let x \"\"\n",
	"f:1:7: error: this text is empty\nlet x \"\"\n      ^~\n"},
    {"let twice", "let x /a/\nlet x /b/\n",
	"f:2:5: error: duplicate let \"x\"\nlet x /b/\n    ^\n"
	"f:1:5: note: previously defined here\nlet x /a/\n    ^\n"},
    {"a faulty fragment is known all the same", "let x /(/\na b\n c {x}\n",
	"a b <>\n c r<(?:(?!))>\n"
	"f:1:8: error: missing closing parenthesis\nlet x /(/\n       ^\n"},
};

static void
check(const struct table_case *c)
{
	g_autofree char *got = read_and_show(c->text, strlen(c->text));

	ck_assert_msg(strcmp(got, c->want) == 0, "%s:\n%s", c->name, got);
}

START_TEST(test_read)
{
	check(&good[_i]);
}
END_TEST

START_TEST(test_faults)
{
	check(&faults[_i]);
}
END_TEST

START_TEST(test_nul)
{
	g_autofree char *got = read_and_show("a b\n c\0\n", 8);

	ck_assert_str_eq(got,
	    "a b <>\n c\nf:2:3: error: NUL character: this is not a text "
	    "file\n c\xef\xbf\xbd\n  ^\n");
}
END_TEST

START_TEST(test_places)
{
	const char *text = "let x /y/\nevidence a \"t\"\n\tnear é {x}, 5\n";
	g_autoptr(GHashTable) lets = pattern_lets_new();
	g_autoptr(diags) diags = diags_new();
	g_autoptr(pattern_file) file =
	    pattern_file_read("f", text, strlen(text), lets, diags);
	const struct pattern_block *block = g_ptr_array_index(file->blocks, 0);
	const struct pattern_clause *clause =
	    g_ptr_array_index(block->clauses, 0);
	const struct pattern_token *token =
	    g_ptr_array_index(clause->tokens, 1);

	ck_assert_str_eq(file->path, "f");
	ck_assert_uint_eq(block->place.line, 2);
	ck_assert_uint_eq(block->place.column, 10);
	ck_assert_uint_eq(clause->place.line, 3);
	ck_assert_uint_eq(clause->place.column, 2);
	ck_assert_uint_eq(clause->place.width, 4);
	ck_assert_uint_eq(token->place.column, 9);
	ck_assert_uint_eq(token->place.width, 3);
	token = g_ptr_array_index(clause->tokens, 3);
	ck_assert(token->number == 5);
}
END_TEST

/* Files share fragments, and their faults name the right one. */
START_TEST(test_two_files)
{
	const char *first = "let x /y/\n", *second = "let x /z/\na b\n c {x}\n";
	g_autoptr(GHashTable) lets = pattern_lets_new();
	g_autoptr(diags) diags = diags_new();
	g_autoptr(pattern_file) one =
	    pattern_file_read("one", first, strlen(first), lets, diags);
	g_autoptr(pattern_file) two =
	    pattern_file_read("two", second, strlen(second), lets, diags);
	g_autofree char *got = show(two, diags);

	ck_assert_uint_eq(one->blocks->len, 0);
	ck_assert_str_eq(got,
	    "a b <>\n c r<(?:z)>\n");
}
END_TEST

/* What is too large, made of many. */
static char *
large(const char *start, const char *each, guint count, const char *end)
{
	GString *text = g_string_new(start);

	for (; count > 0; count--)
		g_string_append(text, each);
	g_string_append(text, end);
	return g_string_free(text, FALSE);
}

static char *
nested(guint depth)
{
	GString *text = g_string_new("let x0 /a/\n");
	guint i;

	for (i = 1; i < depth; i++)
		g_string_append_printf(text, "let x%u /{x%u}/\n", i, i - 1);
	return g_string_free(text, FALSE);
}

/* Fragments that double: 2^n letters. */
static char *
doubling(guint n)
{
	GString *text = g_string_new("let x0 /a/\n");
	guint i;

	for (i = 1; i <= n; i++)
		g_string_append_printf(
		    text, "let x%u /{x%u}{x%u}/\n", i, i - 1, i - 1);
	return g_string_free(text, FALSE);
}

static char *
blocks(guint n)
{
	GString *text = g_string_new(NULL);
	guint i;

	for (i = 0; i < n; i++)
		g_string_append_printf(text, "a b%u\n", i);
	return g_string_free(text, FALSE);
}

START_TEST(test_bounds)
{
	char *texts[] = {
	    large("#", "x", PATTERN_FILE_MAX - 1, ""),
	    large("#", "x", PATTERN_FILE_MAX, ""),
	    large("a b\n c /", "x", PATTERN_REGEX_MAX / 2, "/"),
	    large("a b\n c /", "x", PATTERN_REGEX_MAX + 1, "/"),
	    large("a b\n c ", "\"", 7, ""),
	    nested(PATTERN_LET_DEPTH_MAX),
	    nested(PATTERN_LET_DEPTH_MAX + 1),
	    doubling(15),
	    blocks(PATTERN_BLOCKS_MAX),
	    blocks(PATTERN_BLOCKS_MAX + 10),
	    large("a b\n c /", "(", 10 * 1000, "/"),
	};
	static const char *const wants[] = {NULL,
	    "f: error: larger than "
	    "1048576 bytes",
	    "regular expression is too large", "longer than 65536 bytes",
	    "no closing quotation mark", NULL, "more than 16 deep",
	    "longer "
	    "than 65536",
	    NULL, "more than 5000 blocks", "parentheses are too deeply nested"};
	g_autofree char *text = texts[_i];
	g_autofree char *got = NULL;
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(texts); i++)
		if ((int)i != _i)
			g_free(texts[i]);
	got = read_and_show(text, strlen(text));
	if (wants[_i] == NULL)
		ck_assert_msg(strstr(got, "error") == NULL, "%d: %.300s", _i,
		    strstr(got, "error"));
	else
		ck_assert_msg(strstr(got, wants[_i]) != NULL, "%d: %.300s", _i,
		    strstr(got, "f:") != NULL ? strstr(got, "f:") : got);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("pattern_file");
	TCase *tc = tcase_create("pattern_file");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, test_read, 0, G_N_ELEMENTS(good));
	tcase_add_loop_test(tc, test_faults, 0, G_N_ELEMENTS(faults));
	tcase_add_test(tc, test_nul);
	tcase_add_test(tc, test_places);
	tcase_add_test(tc, test_two_files);
	tcase_add_loop_test(tc, test_bounds, 0, 11);
	suite_add_tcase(suite, tc);
	return suite;
}
