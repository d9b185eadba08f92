#include <string.h>

#include "policy/detect/phrases.h"
#include "tests/unit/detecting.h"
#include "tests/unit/rosters.h"
#include "tests/unit/unit.h"

/* Set when a limit was met. */
static bool cut;

/* conduct.patterns; made once: patterns take their time to compile. */
static struct phrase_rules *shipped;

static void
set_up(void)
{
	struct pattern_file *file = read_patterns("conduct.patterns");
	g_autoptr(diags) diags = diags_new();
	g_autofree char *found = NULL;

	shipped = phrase_rules_new(file->blocks, diags);
	found = diags_to_string(diags);
	check_text("conduct.patterns", found, "");
	pattern_file_free(file);
}

static void
tear_down(void)
{
	phrase_rules_free(shipped);
}

START_TEST(examples_hold)
{
	g_autoptr(diags) diags = diags_new();
	g_autofree char *found = NULL;

	phrase_rules_try(shipped, diags);
	found = diags_to_string(diags);
	check_text("examples", found, "");
}
END_TEST

struct score {
	const struct phrase_rules *rules;
	unsigned all, wrong;
	GString *misses;
};

static void
score_one(const char *label, const char *text, gpointer data)
{
	struct score *score = data;
	gsize len = strlen(label) - 1;
	g_autofree char *kind = g_strndup(label, len);
	g_autoptr(content) content = content_new();
	g_autoptr(GPtrArray) phrases = NULL;

	ck_assert_msg(phrase_rules_have(score->rules, kind), "%s", kind);
	add_text(content, ORIGIN_OWN, text);
	phrases = phrases_find(score->rules, content, &cut);
	score->all++;
	if ((phrases_of_kind(phrases, kind, 0) != NULL) == (label[len] == '+'))
		return;
	score->wrong++;
	g_string_append_printf(score->misses, "%s: %s\n", label, text);
}

START_TEST(knows_conduct)
{
	g_autofree char *path =
	    unit_source("tests", "quality", "conduct.tsv", NULL);
	struct score score = {shipped, 0, 0, g_string_new(NULL)};

	read_labelled(path, score_one, &score);
	ck_assert_uint_ge(score.all, 250);
	ck_assert_msg(score.wrong * 50 <= score.all, "%u of %u wrong:\n%s",
	    score.wrong, score.all, score.misses->str);
	g_string_free(score.misses, TRUE);
}
END_TEST

/* One rule of each sort, to see what makes them hold. */
static const char RULES[] = "phrase order \"an order\"\n"
			    "    certainty 0.9\n"
			    "    pattern  /\\bmust\\b/, \"shall\"\n"
			    "    unless   /\\?/\n"
			    "phrase loose\n"
			    "    kind     order\n"
			    "    certainty 0.4\n"
			    "    pattern  /\\bplease\\b/\n"
			    "phrase pair\n"
			    "    in       own, attachment\n"
			    "    pattern  /\\bsalt\\b/\n"
			    "    with     /\\bpepper\\b/\n"
			    "    with     /\\bfish\\b/\n";

/* want: "KIND PROBABILITY SEGMENT TEXT", one a line. */
static const struct {
	const char *name;
	enum origin origin;
	const char *input, *want;
} texts[] = {
    {"pattern", ORIGIN_OWN, "You must go.", "order 0.9 0 must\n"},
    {"literal", ORIGIN_OWN, "You shall go.", "order 0.9 0 shall\n"},
    {"part of a word", ORIGIN_OWN, "Shallow mustard.", ""},
    {"unless", ORIGIN_OWN, "Must you go?", ""},
    {"unless in another sentence", ORIGIN_OWN, "You must go. Why?",
	"order 0.9 0 must\n"},
    {"two blocks of a kind, the surer first", ORIGIN_OWN,
	"Please stay. You must.", "order 0.9 0 must\norder 0.4 0 Please\n"},
    {"subject", ORIGIN_SUBJECT, "You must go", "order 0.9 0 must\n"},
    {"quoted", ORIGIN_QUOTED, "You must go.", ""},
    {"signature", ORIGIN_SIGNATURE, "You must go.", ""},
    {"with", ORIGIN_OWN, "Fish, salt and pepper.", "pair 0.7 0 salt\n"},
    {"with one only", ORIGIN_OWN, "Salt and pepper.", ""},
    {"with in another sentence", ORIGIN_OWN, "Salt and pepper. Fish.", ""},
    {"attachment", ORIGIN_ATTACHMENT, "Fish, salt and pepper.",
	"pair 0.7 0 salt\n"},
    {"not in the subject", ORIGIN_SUBJECT, "Fish, salt and pepper", ""},
};

START_TEST(finds_phrases)
{
	g_autoptr(diags) diags = diags_new();
	struct pattern_file *file = read_pattern_text(RULES, diags);
	struct phrase_rules *rules = phrase_rules_new(file->blocks, diags);
	g_autoptr(content) content = content_new();
	g_autoptr(GString) got = g_string_new(NULL);
	g_autoptr(GPtrArray) phrases = NULL;
	guint i;

	ck_assert_uint_eq(diags_count(diags), 0);
	add_text(content, texts[_i].origin, texts[_i].input);
	phrases = phrases_find(rules, content, &cut);
	for (i = 0; i < phrases->len; i++) {
		const struct phrase *p = g_ptr_array_index(phrases, i);

		ck_assert(p->sentence_start <= p->start);
		ck_assert(p->end <= p->sentence_end);
		g_string_append_printf(got, "%s %.1f %u %.*s\n", p->kind,
		    p->probability, p->segment, (int)(p->end - p->start),
		    texts[_i].input + p->start);
	}
	check_text(texts[_i].name, got->str, texts[_i].want);
	phrase_rules_free(rules);
	pattern_file_free(file);
}
END_TEST

static const struct {
	const char *name, *input, *want;
} faults[] = {
    {"other blocks", "office x\n    title /x/\n", ""},
    {"unknown clause", "phrase x\n    patern /x/\n",
	"2:5: error: unknown clause \"patern\", did you mean \"pattern\"?"},
    {"certainty of nothing", "phrase x\n    certainty 0\n",
	"2:15: error: a certainty is more than 0 and at most 1"},
    {"certainty above one", "phrase x\n    certainty 1.5\n",
	"2:15: error: a certainty is more than 0 and at most 1"},
    {"unknown place", "phrase x\n    in own, quoted\n",
	"2:13: error: expected \"subject\", \"own\", \"signature\" or "
	"\"attachment\", with commas between them"},
    {"kind of two words", "phrase x\n    kind a b\n",
	"2:10: error: \"kind\" takes a word and nothing more"},
    {"example missed", "phrase x \"an x\"\n    pattern /x/\n    match \"y\"\n",
	"3:5: error: this is not recognised as an x"},
    {"example taken", "phrase x\n    pattern /x/\n    no match \"x\"\n",
	"3:5: error: this is taken for x"},
};

START_TEST(tells_faults)
{
	g_autoptr(diags) diags = diags_new();
	struct pattern_file *file = read_pattern_text(faults[_i].input, diags);
	struct phrase_rules *rules = phrase_rules_new(file->blocks, diags);
	g_autofree char *found = NULL;

	phrase_rules_try(rules, diags);
	found = list_diags(diags);
	check_text(faults[_i].name, found, faults[_i].want);
	phrase_rules_free(rules);
	pattern_file_free(file);
}
END_TEST

/* Long texts end soon. */
static const char *const pieces[] = {
    "You must not ",
    "I want the ",
    "the Clerk is ",
    "on behalf of the Council ",
    "a. ",
    "Vote for our campaign ",
    "as a resident of ",
    "\n",
};

START_TEST(bears_anything)
{
	g_autoptr(content) content = content_new();
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GPtrArray) phrases = NULL;

	while (text->len < 16 * 1024)
		g_string_append(text, pieces[_i]);
	add_text(content, ORIGIN_OWN, text->str);
	phrases = phrases_find(shipped, content, &cut);
	ck_assert_uint_le(phrases->len, 200);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("phrases");
	TCase *tcase = tcase_create("phrases");

	tcase_set_timeout(tcase, 300);
	tcase_add_unchecked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, examples_hold);
	tcase_add_test(tcase, knows_conduct);
	tcase_add_loop_test(tcase, finds_phrases, 0, G_N_ELEMENTS(texts));
	tcase_add_loop_test(tcase, tells_faults, 0, G_N_ELEMENTS(faults));
	tcase_add_loop_test(tcase, bears_anything, 0, G_N_ELEMENTS(pieces));
	suite_add_tcase(suite, tcase);
	return suite;
}
