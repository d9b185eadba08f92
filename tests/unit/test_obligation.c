#include <string.h>

#include "policy/detect/obligation.h"
#include "tests/unit/unit.h"

/* Set when a limit was met. */
static bool cut;

/* The rules of one text of blocks. */
static struct obligation_rules *
rules_of(GHashTable *lets, GPtrArray *files, GPtrArray *blocks,
    const char *path, const char *text, struct diags *diags)
{
	struct pattern_file *file =
	    pattern_file_read(path, text, strlen(text), lets, diags);
	guint i;

	diags_set_source(diags, path, text, strlen(text));
	g_ptr_array_add(files, file);
	for (i = 0; i < file->blocks->len; i++)
		g_ptr_array_add(blocks, file->blocks->pdata[i]);
	return obligation_rules_new(blocks, diags);
}

/* The shipped rules, made once: no test changes them. */
static struct obligation_rules *shipped;
static struct diags *shipped_diags;

static void
load_shipped(void)
{
	static const char *const names[] = {
	    "obligations.patterns", "obligations-cy.patterns"};
	g_autoptr(GHashTable) lets = pattern_lets_new();
	g_autoptr(GPtrArray) blocks = g_ptr_array_new();
	g_autoptr(GPtrArray) files =
	    g_ptr_array_new_with_free_func((GDestroyNotify)pattern_file_free);
	guint i, j;

	shipped_diags = diags_new();
	for (i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path =
		    unit_source("conf", "patterns", names[i], NULL);
		g_autofree char *text = NULL;
		struct pattern_file *file;
		gsize len;

		ck_assert(g_file_get_contents(path, &text, &len, NULL));
		diags_set_source(shipped_diags, names[i], text, len);
		file =
		    pattern_file_read(names[i], text, len, lets, shipped_diags);
		g_ptr_array_add(files, file);
		for (j = 0; j < file->blocks->len; j++)
			g_ptr_array_add(blocks, file->blocks->pdata[j]);
	}
	shipped = obligation_rules_new(blocks, shipped_diags);
}

static void
unload_shipped(void)
{
	obligation_rules_free(shipped);
	diags_free(shipped_diags);
}

static void
add_text(struct content *content, enum origin origin, const char *text)
{
	struct segment *segment = content_add_segment(content, origin);

	g_free(segment->text);
	segment->text = g_strdup(text);
	segment->len = strlen(text);
	segment->depth = origin == ORIGIN_QUOTED ? 1 : 0;
}

START_TEST(test_shipped)
{
	obligation_rules_try(shipped, shipped_diags);
	if (diags_count(shipped_diags) > 0)
		ck_abort_msg("%s", diags_to_string(shipped_diags));
}
END_TEST

/* The most probable act of a text; kind NULL: there is none at all. */
static const struct {
	const char *name, *input, *kind;
	bool directive;
	enum level level; /* at least */
	const char *authority, *addressee, *cancelled;
} acts[] = {
    {"order", "On behalf of the Parish Council I place an order for two bins.",
	"order", false, LEVEL_HIGH, "On behalf of the Parish Council", NULL,
	NULL},
    {"acceptance", "The Council accepts your quotation.", "acceptance", false,
	LEVEL_HIGH, "The Council", "your", NULL},
    {"instruction", "I authorise you to cut the hedge.", "instruction", true,
	LEVEL_HIGH, NULL, "you", NULL},
    {"go ahead", "Please go ahead with the fence.", "proceed", true,
	LEVEL_MEDIUM, NULL, NULL, NULL},
    {"Welsh", "Mae'r Cyngor yn derbyn eich pris.", "acceptance", false,
	LEVEL_MEDIUM, "Mae'r Cyngor", "eich", NULL},
    {"question", "Is it true that the Council will pay for it?", "payment",
	false, LEVEL_ANY, "the Council", NULL, "a question"},
    {"negation in its clause", "Nobody said that we accept your price.",
	"acceptance", false, LEVEL_ANY, "we", "your", "a negation"},
    {"negation in another clause", "I cannot come, but we accept your price.",
	"acceptance", false, LEVEL_HIGH, "we", "your", NULL},
    {"condition", "If members agree, the Council will pay half the cost.",
	"payment", false, LEVEL_ANY, "the Council", NULL, "a condition"},
    {"start subject to approval",
	"Subject to approval, please start on Monday.", "proceed", true,
	LEVEL_MEDIUM, NULL, NULL, NULL},
    {"pay subject to approval",
	"Subject to approval the Council will pay half the cost.", "payment",
	false, LEVEL_ANY, "the Council", NULL, "what it is subject to"},
    {"report", "As minuted, the Council will pay half the cost (minute 25/1).",
	"payment", false, LEVEL_ANY, "the Council", NULL,
	"a report of what was decided"},
    {"ratified later", "The Council will ratify it later, start on Monday.",
	"ratification", false, LEVEL_MEDIUM, "The Council", NULL, NULL},
    {"quoted by hand", "> We accept your price.", NULL, false, LEVEL_ANY, NULL,
	NULL, NULL},
    {"residents",
	"On behalf of the residents we accept your price for the fence.",
	"acceptance", false, LEVEL_ANY, "we", "your", "speaking for residents"},
    {"authority of an earlier sentence",
	"I write on behalf of the Town Council. Please start on Monday.",
	"proceed", true, LEVEL_MEDIUM, "on behalf of the Town Council", NULL,
	NULL},
    {"capacity said in an earlier sentence",
	"I am writing as a private resident. We accept your price.",
	"acceptance", false, LEVEL_ANY, "We", "your", "a private matter"},
    {"nothing", "The hall is open on Monday.", NULL, false, LEVEL_ANY, NULL,
	NULL, NULL},
    {"nothing at all", "", NULL, false, LEVEL_ANY, NULL, NULL, NULL},
};

START_TEST(test_acts)
{
	g_autoptr(content) content = content_new();
	g_autoptr(GPtrArray) found = NULL;
	const char *name = acts[_i].name;
	const struct act *act;

	add_text(content, ORIGIN_OWN, acts[_i].input);
	found = acts_find(shipped, content, &cut);
	if (acts[_i].kind == NULL) {
		ck_assert_msg(found->len == 0, "%s", name);
		return;
	}
	ck_assert_msg(found->len > 0, "%s: no act", name);
	act = found->pdata[0];
	ck_assert_msg(
	    strcmp(act->kind, acts[_i].kind) == 0, "%s: %s", name, act->kind);
	ck_assert_msg(act->directive == acts[_i].directive, "%s", name);
	ck_assert_msg(level_of(act->probability) >= acts[_i].level, "%s: %.2f",
	    name, act->probability);
	ck_assert_msg(g_strcmp0(act->authority, acts[_i].authority) == 0,
	    "%s: authority %s", name, act->authority);
	ck_assert_msg(g_strcmp0(act->addressee, acts[_i].addressee) == 0,
	    "%s: addressee %s", name, act->addressee);
	ck_assert_msg(g_strcmp0(act->cancelled, acts[_i].cancelled) == 0,
	    "%s: cancelled by %s", name, act->cancelled);
	ck_assert_msg((act->cancelled != NULL) == (act->probability <= 0),
	    "%s: %.2f", name, act->probability);
	ck_assert(act->sentence_start <= act->start);
	ck_assert(act->end <= act->sentence_end);
}
END_TEST

/* A short reply to what is quoted. */
static const struct {
	const char *name, *quoted, *own;
	bool offer;
	enum level level;
} replies[] = {
    {"to a price", "Our quotation for the gate is £480 plus VAT.", "Agreed.",
	true, LEVEL_MEDIUM},
    {"to a question", "Shall we go ahead?", "Yes, go ahead.", true, LEVEL_HIGH},
    {"to nothing", NULL, "Agreed.", false, LEVEL_LOW},
    {"to no offer", "The meeting is on Monday.", "Agreed.", false, LEVEL_LOW},
};

START_TEST(test_replies)
{
	g_autoptr(content) content = content_new();
	g_autoptr(GPtrArray) found = NULL;
	const struct act *act;

	add_text(content, ORIGIN_OWN, replies[_i].own);
	if (replies[_i].quoted != NULL)
		add_text(content, ORIGIN_QUOTED, replies[_i].quoted);
	ck_assert_msg(
	    content_quotes_offer(shipped, content) == replies[_i].offer, "%s",
	    replies[_i].name);
	found = acts_find(shipped, content, &cut);
	ck_assert_uint_gt(found->len, 0);
	act = found->pdata[0];
	ck_assert_msg(level_of(act->probability) == replies[_i].level,
	    "%s: %.2f", replies[_i].name, act->probability);
}
END_TEST

/* Whose words are judged. */
static const struct {
	enum origin origin;
	const char *text;
	bool judged;
} origins[] = {
    {ORIGIN_OWN, "We accept your price.", true},
    {ORIGIN_ATTACHMENT, "We accept your price.", true},
    {ORIGIN_SUBJECT, "We accept your price", true},
    {ORIGIN_SUBJECT, "Re: We accept your price", false},
    {ORIGIN_QUOTED, "We accept your price.", false},
    {ORIGIN_FORWARDED, "We accept your price.", false},
    {ORIGIN_SIGNATURE, "We accept your price.", false},
    {ORIGIN_DISCLAIMER, "We accept your price.", false},
};

START_TEST(test_origins)
{
	g_autoptr(content) content = content_new();
	g_autoptr(GPtrArray) found = NULL;

	add_text(content, ORIGIN_FOOTER, "");
	add_text(content, origins[_i].origin, origins[_i].text);
	found = acts_find(shipped, content, &cut);
	ck_assert_int_eq(found->len > 0, origins[_i].judged);
	if (found->len > 0)
		ck_assert_uint_eq(((struct act *)found->pdata[0])->segment, 1);
}
END_TEST

START_TEST(test_kinds)
{
	static const char *const kinds[] = {"order", "acceptance", "proceed",
	    "instruction", "payment", "grant", "permission", "property",
	    "employment", "appointment", "undertaking", "waiver", "admission",
	    "termination", "service", "proceedings", "ratification", "reply"};
	guint i;

	for (i = 0; i < G_N_ELEMENTS(kinds); i++)
		ck_assert_msg(
		    obligation_rules_have(shipped, kinds[i]), "%s", kinds[i]);
	ck_assert(!obligation_rules_have(shipped, "question"));
	ck_assert(!obligation_rules_have(shipped, "nonsense"));
}
END_TEST

/* Faults of a file, and what is said of them. */
static const struct {
	const char *name, *input, *want;
} faults[] = {
    {"unknown clause", "act a\n    form /b/\n    foo /c/\n",
	"a block of act has no \"foo\""},
    {"clause of another block", "cancel a\n    form /b/\n",
	"a block of cancel has no \"form\""},
    {"no regex", "act a\n    kind b\n", "\"a\" looks for nothing"},
    {"no regex where one is due", "act a\n    form b\n",
	"expected a regex between slashes"},
    {"no comma", "act a\n    form /b/ /c/\n", "expected a comma"},
    {"unknown force", "act a\n    form /b/\n    force strong\n",
	"expected \"commissive\" or \"directive\""},
    {"unknown reach", "cancel a\n    in paragraph /b/\n",
	"expected \"clause\", \"sentence\" or \"text\""},
    {"kind of two words", "act a\n    form /b/\n    kind c d\n",
	"expected one word: the kind of act"},
    {"weight out of range", "authority a\n    form /b/\n    weight 1\n",
	"expected a number from 0 to below 1"},
    {"despite nothing", "act a\n    form /b/\n    despite c\n",
	"\"a\" names \"c\", but there is no block of cancel"},
    {"needs nothing", "act a\n    form /b/\n    needs c\n",
	"\"a\" names \"c\", but there is no block of authority"},
    {"a name is missing", "act a\n    form /b/\n    needs \"c\"\n",
	"expected the name of a block"},
    {"name given twice", "act a\n    form /b/\nact a\n    form /c/\n",
	"there is a block of act \"a\" before"},
    {"example without marks", "act a\n    form /b/\n    match b\n",
	"expected an example between quotation marks"},
    {"no without match", "act a\n    form /b/\n    no \"b\"\n",
	"expected \"match\""},
    {"example that fails", "act a\n    form /bb/\n    match \"c\"\n",
	"\"a\" does not match this example"},
    {"example that should fail", "act a\n    form /bb/\n    no match \"bb\"\n",
	"\"a\" matches this example, but should not"},
    {"sound", "act a\n    form /bb/\n    match \"bb\"\n", NULL},
    {"block of another detector", "marking a\n    foo bar\n", NULL},
};

START_TEST(test_faults)
{
	g_autoptr(GHashTable) lets = pattern_lets_new();
	g_autoptr(GPtrArray) blocks = g_ptr_array_new();
	g_autoptr(GPtrArray) files =
	    g_ptr_array_new_with_free_func((GDestroyNotify)pattern_file_free);
	g_autoptr(diags) diags = diags_new();
	struct obligation_rules *rules = rules_of(
	    lets, files, blocks, "a.patterns", faults[_i].input, diags);
	g_autofree char *said = NULL;

	if (diags_errors(diags) == 0)
		obligation_rules_try(rules, diags);
	obligation_rules_free(rules);
	said = diags_to_string(diags);
	if (faults[_i].want == NULL)
		ck_assert_msg(*said == '\0', "%s: %s", faults[_i].name, said);
	else
		ck_assert_msg(strstr(said, faults[_i].want) != NULL, "%s: %s",
		    faults[_i].name, said);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("obligation");
	TCase *tcase = tcase_create("obligation");

	tcase_add_unchecked_fixture(tcase, load_shipped, unload_shipped);
	tcase_set_timeout(tcase, 600);
	tcase_add_test(tcase, test_shipped);
	tcase_add_loop_test(tcase, test_acts, 0, G_N_ELEMENTS(acts));
	tcase_add_loop_test(tcase, test_replies, 0, G_N_ELEMENTS(replies));
	tcase_add_loop_test(tcase, test_origins, 0, G_N_ELEMENTS(origins));
	tcase_add_test(tcase, test_kinds);
	tcase_add_loop_test(tcase, test_faults, 0, G_N_ELEMENTS(faults));
	suite_add_tcase(suite, tcase);
	return suite;
}
