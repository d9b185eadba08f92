/*
 * Evidence of confidential content: how blocks are read, how anchors and what
 * is near them add up, and the rules that are shipped.
 */
#include <math.h>
#include <string.h>

#include "policy/detect/confidential.h"
#include "policy/text/normalise.h"
#include "tests/unit/unit.h"

/* Set when a limit was met. */
static bool cut;

/* Rules from texts or files; the blocks live as long as the test. */
struct fixture {
	struct diags *diags;
	GHashTable *lets;
	GPtrArray *files, *blocks;
};

static void
set_up(struct fixture *f)
{
	f->diags = diags_new();
	f->lets = pattern_lets_new();
	f->files =
	    g_ptr_array_new_with_free_func((GDestroyNotify)pattern_file_free);
	f->blocks = g_ptr_array_new();
}

static void
tear_down(struct fixture *f)
{
	g_ptr_array_unref(f->blocks);
	g_ptr_array_unref(f->files);
	g_hash_table_unref(f->lets);
	diags_free(f->diags);
}

static void
read_text(struct fixture *f, const char *path, const char *text)
{
	struct pattern_file *file =
	    pattern_file_read(path, text, strlen(text), f->lets, f->diags);

	g_ptr_array_add(f->files, file);
	g_ptr_array_extend(f->blocks, file->blocks, NULL, NULL);
}

static void
read_shipped(struct fixture *f)
{
	static const char *const names[] = {"confidential.patterns",
	    "confidential-welsh.patterns", "identifiers.patterns"};
	guint i;

	for (i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path =
		    unit_source("conf", "patterns", names[i], NULL);
		g_autofree char *text = NULL;

		ck_assert(g_file_get_contents(path, &text, NULL, NULL));
		read_text(f, names[i], text);
	}
}

static struct segment *
add_segment(struct content *content, enum origin origin, const char *text)
{
	struct segment *segment = content_add_segment(content, origin);

	g_free(segment->text);
	segment->text = text_normalise(text, strlen(text), &segment->len, NULL);
	return segment;
}

/* The surest finding, "category probability count phrase"; "" is none. */
static char *
describe(const GPtrArray *secrets)
{
	const struct secret *secret;

	if (secrets->len == 0)
		return g_strdup("");
	secret = g_ptr_array_index(secrets, 0);
	return g_strdup_printf("%s %.2f %u %s", secret->category,
	    secret->probability, secret->count, secret->phrase);
}

static const char small[] =
    "let person /\\b(?:he|she|her|his)\\b/\n"
    "let hush \"keep this quiet\"\n"
    "category staff \"a member of staff\"\n"
    "    law        \"paragraph 1\"\n"
    "    near       {hush} within 50 gains 0.5\n"
    "    lowered by \"policy\" in sentence to 0.5\n"
    "category money\n"
    "category identity\n"
    "evidence absence \"absence\"\n"
    "    category   staff\n"
    "    confidence 0.4\n"
    "    anchor     \"absence\", \"sick note\"\n"
    "    near       {person} in sentence gains 0.5\n"
    "evidence hearing\n"
    "    category   staff\n"
    "    anchor     \"hearing\" confidence 0.2\n"
    "    anchor     \"tribunal\" confidence 0.7\n"
    "    near       {person} in sentence gains 0.5\n"
    "evidence sum\n"
    "    category   money\n"
    "    anchor     \"debt\" confidence 0.3\n"
    "    near       /£\\d+/ within 10 gains 0.5\n"
    "evidence nino\n"
    "    category   identity\n"
    "    validator  nino\n"
    "    confidence 0.5\n"
    "    anchor     /number (?<id>[A-Z]{2}\\d{6}[A-Z])/\n"
    "    near       \"payroll\" within 40 gains 0.8\n";

/* clang-format off */
static const struct find_case {
	const char *name, *text, *want;
} finds[] = {
	{ "nothing", "The hedge is cut.", "" },
	{ "a noun", "The absence.", "staff 0.40 1 absence" },
	{ "nouns never add up", "An absence, a sick note, a hearing.",
	    "staff 0.40 3 absence" },
	{ "with a person", "Her absence.", "staff 0.70 1 absence" },
	{ "the person of another sentence",
	    "The absence. She came.", "staff 0.40 1 absence" },
	{ "after a title the sentence goes on",
	    "The absence of Mrs. Ex, she said.", "staff 0.70 1 absence" },
	{ "of another paragraph",
	    "The absence\n\nshe said", "staff 0.40 1 absence" },
	{ "over a line end", "The absence\nthat she had", "staff 0.70 1 absence" },
	{ "a cue counts once", "Her absence, her sick note.",
	    "staff 0.82 2 absence" },
	{ "the same words count once", "Her absence, his absence.",
	    "staff 0.70 1 absence" },
	{ "a noun beside evidence", "Her absence. The tribunal.",
	    "staff 0.91 2 absence" },
	{ "the category's cue", "The absence: keep this quiet.",
	    "staff 0.70 1 absence" },
	{ "too far", "The absence of the one whom we saw in the garden of the "
	    "mill last: keep this quiet.", "staff 0.40 1 absence" },
	{ "lowered, not erased", "Her absence and the policy.",
	    "staff 0.35 1 absence" },
	{ "another sentence does not lower", "Her absence. A policy.",
	    "staff 0.70 1 absence" },
	{ "too far to be one matter", "Her absence. "
	    "The hedge by the hall has been cut and the path has been swept. "
	    "The hedge by the mill has been cut and the path has been swept. "
	    "The hedge by the pond has been cut and the path has been swept. "
	    "The hedge by the weir has been cut and the path has been swept. "
	    "The hedge by the lane has been cut and the path has been swept. "
	    "The hedge by the road has been cut and the path has been swept. "
	    "The hedge by the shop has been cut and the path has been swept. "
	    "The tribunal.", "staff 0.70 2 absence" },
	{ "characters, not bytes", "debt ŵŷŵŷŵŷŵ £5", "money 0.65 1 debt" },
	{ "one character too far", "debt ŵŷŵŷŵŷŵŷŵŷ £5", "money 0.30 1 debt" },
	{ "an identifier", "His number AB123456C.", "identity 0.50 1 AB****56C" },
	{ "of a known kind", "For payroll: number AB123456C.",
	    "identity 0.90 1 AB****56C" },
	{ "its form is wrong", "For payroll: number BG123456C.", "" },
};
/* clang-format on */

START_TEST(test_find)
{
	const struct find_case *c = &finds[_i];
	struct fixture f;
	struct confidential_rules *rules;
	g_autoptr(content) content = content_new();
	g_autoptr(GPtrArray) secrets = NULL;
	g_autofree char *got = NULL, *said = NULL;

	set_up(&f);
	read_text(&f, "small", small);
	rules = confidential_rules_new(f.blocks, f.diags);
	said = diags_to_string(f.diags);
	ck_assert_str_eq(said, "");
	add_segment(content, ORIGIN_OWN, c->text);
	secrets = secrets_find(rules, content, &cut);
	got = describe(secrets);
	ck_assert_msg(strcmp(got, c->want) == 0, "%s: \"%s\"", c->name, got);
	confidential_rules_free(rules);
	tear_down(&f);
}
END_TEST

/* Each text by itself: own words, quoted ones, every attachment. */
START_TEST(test_passages)
{
	struct fixture f;
	struct confidential_rules *rules;
	g_autoptr(content) content = content_new();
	g_autoptr(GPtrArray) secrets = NULL;
	const struct secret *secret;

	set_up(&f);
	read_text(&f, "small", small);
	rules = confidential_rules_new(f.blocks, f.diags);
	ck_assert(confidential_rules_have(rules, "staff"));
	ck_assert(!confidential_rules_have(rules, "tender"));
	content_add_attachment(content);
	content_add_attachment(content);
	add_segment(content, ORIGIN_SUBJECT, "Her absence");
	add_segment(content, ORIGIN_OWN, "Please see below: keep this quiet");
	add_segment(content, ORIGIN_QUOTED, "The tribunal");
	add_segment(content, ORIGIN_SIGNATURE, "Her tribunal");
	add_segment(content, ORIGIN_DISCLAIMER, "Her tribunal");
	add_segment(content, ORIGIN_FOOTER, "Her tribunal");
	add_segment(content, ORIGIN_ATTACHMENT, "Her sick note")->attachment =
	    1;
	secrets = secrets_find(rules, content, &cut);
	ck_assert_uint_eq(secrets->len, 3);
	/* The subject and the text are the author's own words. */
	secret = g_ptr_array_index(secrets, 0);
	ck_assert_uint_eq(secret->segment, 0);
	ck_assert_uint_eq(secret->start, 4);
	ck_assert_uint_eq(secret->end, 11);
	ck_assert(fabs(secret->probability - 0.85) < 0.001);
	ck_assert_str_eq(secret->title, "a member of staff");
	secret = g_ptr_array_index(secrets, 1);
	ck_assert_uint_eq(secret->segment, 2);
	secret = g_ptr_array_index(secrets, 2);
	ck_assert_uint_eq(secret->segment, 6);
	ck_assert_uint_eq(secret->start, 4);
	confidential_rules_free(rules);
	tear_down(&f);
}
END_TEST

#define A_CATEGORY "category staff\nevidence e\n"

/* clang-format off */
static const struct fault_case {
	const char *text, *want;
} faults[] = {
	{ "evidence e\n    anchor \"x\"\n",
	    "f:1:10: error: evidence \"e\" has no category\n" },
	{ A_CATEGORY "    category staff\n",
	    "f:2:10: error: evidence \"e\" has no anchor\n" },
	{ A_CATEGORY "    category stuff\n    anchor \"x\"\n",
	    "f:3:14: error: unknown category \"stuff\", did you mean "
	    "\"staff\"?\n" },
	{ A_CATEGORY "    category staff\n    ancor \"x\"\n    anchor \"x\"\n",
	    "f:4:5: error: unknown clause \"ancor\", did you mean "
	    "\"anchor\"?\n" },
	{ A_CATEGORY "    category staff\n    anchor \"x\" confidence 1.5\n",
	    "f:4:27: error: a number from 0 to 1 is expected here\n" },
	{ A_CATEGORY "    category staff\n    anchor \"x\" near\n",
	    "f:4:16: error: this is not expected here\n" },
	{ A_CATEGORY "    category staff\n    anchor x\n    anchor \"x\"\n",
	    "f:4:12: error: a regex or a text is expected here\n" },
	{ A_CATEGORY "    category staff\n    anchor \"x\"\n    near \"y\" in page\n",
	    "f:5:17: error: \"sentence\" is expected here\n" },
	{ A_CATEGORY "    category staff\n    anchor \"x\"\n    lowered \"y\"\n",
	    "f:5:13: error: \"by\" is expected here\n" },
	{ A_CATEGORY "    category staff\n    anchor \"x\"\n    no \"y\"\n",
	    "f:5:8: error: \"match\" is expected here\n" },
	{ A_CATEGORY "    category staff\n    anchor \"x\" confidence 0.7\n    match \"x\" at hihg\n",
	    "f:5:18: error: unknown level \"hihg\", did you mean \"high\"?\n" },
	{ A_CATEGORY "    category staff\n    anchor \"x\"\n    validator mino\n",
	    "f:5:15: error: unknown validator \"mino\", did you mean "
	    "\"nino\"?\n" },
	{ A_CATEGORY "    category staff\n    validator nino\n"
	    "    anchor \"x\" confidence 0.9\n",
	    "f:2:10: error: a check digit alone has no more confidence than "
	    "0.59: say with \"near\" what makes it surer\n" },
	{ A_CATEGORY "    category staff\n    anchor \"x\" confidence 0.7\n"
	    "    match \"y\"\n    no match \"x\"\n",
	    "f:5:11: error: this example must be found as staff at medium: "
	    "its probability is 0.00\n"
	    "f:6:14: error: this example must not be found as staff at "
	    "medium: its probability is 0.70\n" },
	{ "bank-tables b\n    weights \"no such file\"\n",
	    "f:2:13: error: " },	/* the rest is GLib's */
};
/* clang-format on */

/* Without the quoted source lines. */
static char *
first_lines(const struct diags *diags)
{
	GString *out = g_string_new(NULL);
	guint i;

	for (i = 0; i < diags_count(diags); i++) {
		const struct diag *diag = diags_get(diags, i);

		g_string_append_printf(out, "%s:%u:%u: error: %s\n",
		    diag->place.file, diag->place.line, diag->place.column,
		    diag->message);
	}
	return g_string_free(out, FALSE);
}

START_TEST(test_fault)
{
	const struct fault_case *c = &faults[_i];
	struct fixture f;
	struct confidential_rules *rules;
	g_autofree char *got = NULL;

	set_up(&f);
	read_text(&f, "f", c->text);
	rules = confidential_rules_new(f.blocks, f.diags);
	confidential_rules_try(rules, f.diags);
	got = first_lines(f.diags);
	if (g_str_has_suffix(c->want, "\n"))
		ck_assert_str_eq(got, c->want);
	else
		ck_assert_msg(g_str_has_prefix(got, c->want), "%s", got);
	confidential_rules_free(rules);
	tear_down(&f);
}
END_TEST

/* Every example in the files holds, and the categories are there. */
START_TEST(test_shipped)
{
	static const char *const names[] = {"special-category", "staff",
	    "individual", "casework", "identity", "financial", "tender", "land",
	    "labour", "legal", "notice", "crime", "criminal-offence",
	    "safeguarding", "standards", "member-advice", "closed-session",
	    "in-confidence"};
	struct fixture f;
	struct confidential_rules *rules;
	g_autofree char *said = NULL;
	guint i;

	set_up(&f);
	read_shipped(&f);
	rules = confidential_rules_new(f.blocks, f.diags);
	confidential_rules_try(rules, f.diags);
	said = diags_to_string(f.diags);
	ck_assert_str_eq(said, "");
	for (i = 0; i < G_N_ELEMENTS(names); i++)
		ck_assert_msg(
		    confidential_rules_have(rules, names[i]), "%s", names[i]);
	confidential_rules_free(rules);
	tear_down(&f);
}
END_TEST

/* What a report may show: neither names nor figures. */
START_TEST(test_phrases)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"Ms Example is being treated for epilepsy.",
		"treated for epilepsy"},
	    {"Mr Tester of plot 7 is behind with his rent.",
		"behind with his rent"},
	    {"Mr Tester owes us £380 for plot 7.", "owes us £***"},
	    {"His IBAN is GB82WEST12345698765432.", "GB*****************432"},
	};
	struct fixture f;
	struct confidential_rules *rules;
	guint i;

	set_up(&f);
	read_shipped(&f);
	rules = confidential_rules_new(f.blocks, f.diags);
	for (i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(content) content = content_new();
		g_autoptr(GPtrArray) secrets = NULL;
		const struct secret *secret;

		add_segment(content, ORIGIN_OWN, cases[i].text);
		secrets = secrets_find(rules, content, &cut);
		ck_assert_uint_ge(secrets->len, 1);
		secret = g_ptr_array_index(secrets, 0);
		ck_assert_str_eq(secret->phrase, cases[i].want);
	}
	confidential_rules_free(rules);
	tear_down(&f);
}
END_TEST

/* A text of a megabyte, of nothing but anchors and cues, takes no time. */
START_TEST(test_bounded)
{
	g_autoptr(content) content = content_new();
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GPtrArray) secrets = NULL;
	struct fixture f;
	struct confidential_rules *rules;

	set_up(&f);
	read_text(&f, "small", small);
	rules = confidential_rules_new(f.blocks, f.diags);
	while (text->len < 1000 * 1000)
		g_string_append(text, "Her absence, his sick note ");
	add_segment(content, ORIGIN_OWN, text->str);
	secrets = secrets_find(rules, content, &cut);
	ck_assert_uint_eq(secrets->len, 1);
	ck_assert(cut);
	confidential_rules_free(rules);
	tear_down(&f);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("confidential");
	TCase *t = tcase_create("confidential");
	TCase *shipped = tcase_create("shipped");

	tcase_add_loop_test(t, test_find, 0, G_N_ELEMENTS(finds));
	tcase_add_test(t, test_passages);
	tcase_add_loop_test(t, test_fault, 0, G_N_ELEMENTS(faults));
	tcase_add_test(t, test_bounded);
	suite_add_tcase(s, t);
	tcase_set_timeout(shipped, 600);
	tcase_add_test(shipped, test_shipped);
	tcase_add_test(shipped, test_phrases);
	suite_add_tcase(s, shipped);
	return s;
}
