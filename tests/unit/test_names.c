#include <string.h>

#include "tests/unit/detecting.h"
#include "tests/unit/naming.h"
#include "tests/unit/rosters.h"
#include "tests/unit/unit.h"

/* Made once: patterns take their time to compile. */
static struct council council;

static void
set_up(void)
{
	council_init(&council);
}

static void
tear_down(void)
{
	council_clear(&council);
}

START_TEST(examples_hold)
{
	g_autoptr(diags) diags = diags_new();
	g_autofree char *found = NULL;

	name_rules_try(council.rules, diags);
	found = diags_to_string(diags);
	check_text("examples", found, "");
}
END_TEST

/* What tests/quality/signoffs.tsv calls a sign-off with these names. */
static const char *
label_of(const GPtrArray *names)
{
	bool councillor = false, officer = false, ambiguous = false;
	guint i;

	for (i = 0; i < names->len; i++) {
		const struct name *name = g_ptr_array_index(names, i);

		if (name->other_capacity)
			continue;
		councillor |= name->office == OFFICE_COUNCILLOR ||
			      name->office == OFFICE_CHAIR;
		officer |= name->office == OFFICE_OFFICER;
		ambiguous |= name->office == OFFICE_AMBIGUOUS;
	}
	if (councillor && officer)
		return "ambiguous";
	if (councillor)
		return "councillor";
	if (officer)
		return "officer";
	return ambiguous ? "ambiguous" : "not-a-signoff";
}

struct score {
	const struct council *council;
	enum origin origin;
	unsigned all, wrong;
	GString *misses;
};

static void
score_one(const char *label, const char *text, gpointer data)
{
	struct score *score = data;
	g_autoptr(content) content = content_new();
	g_autoptr(GPtrArray) names = NULL;
	g_autofree char *mail =
	    g_strconcat("The bench has been painted.\n\n", text, NULL);

	add_text(
	    content, score->origin, score->origin == ORIGIN_OWN ? mail : text);
	names = names_find(
	    score->council->rules, NULL, NULL, content, score->council->on);
	score->all++;
	if (strcmp(label_of(names), label) == 0)
		return;
	score->wrong++;
	g_string_append_printf(
	    score->misses, "%s, not %s: %s\n", label_of(names), label, text);
}

/* As a signature, and as the end of what the author wrote. */
static const enum origin score_origins[] = {ORIGIN_SIGNATURE, ORIGIN_OWN};

START_TEST(knows_signoffs)
{
	g_autofree char *path =
	    unit_source("tests", "quality", "signoffs.tsv", NULL);
	struct score score = {
	    &council, score_origins[_i], 0, 0, g_string_new(NULL)};

	read_labelled(path, score_one, &score);
	ck_assert_uint_ge(score.all, 200);
	ck_assert_msg(score.wrong * 50 <= score.all, "%u of %u wrong:\n%s",
	    score.wrong, score.all, score.misses->str);
	g_string_free(score.misses, TRUE);
}
END_TEST

/*
 * Whole messages.  want: one a name, in order, "SIGN=OFFICE" with "/ID" for a
 * person, "+" when for another, "!" when in another capacity.
 */
static const struct {
	const char *name, *from, *from_name, *sender;
	const char *own, *signature, *attached;
	const char *want;
} mails[] = {
    {"councillor's address", "jones@woodland-pc.example", NULL, NULL, "Hello.",
	NULL, NULL, "From=councillor/jones"},
    {"clerk's address", "clerk@woodland-pc.example", "Woodland Parish Council",
	NULL, "Hello.", NULL, NULL, "From=officer/clerk"},
    {"chair's address", "patel@woodland-pc.example", "Priya Patel", NULL,
	"Hello.", NULL, NULL, "From=chair/patel"},
    {"no longer in post", "hughes@woodland-pc.example", NULL, NULL, "Hello.",
	NULL, NULL, ""},
    {"both hats", "kim@woodland-pc.example", NULL, NULL, "Hello.", NULL, NULL,
	"From=ambiguous/both"},
    {"co-opted", "ann@woodland-pc.example", NULL, NULL, "Hello.", NULL, NULL,
	"From=nobody/coopted"},
    {"display name alone", "jj@mail.example", "Cllr Jane Jones", NULL, "Hello.",
	NULL, NULL, "From=councillor/jones"},
    {"display name turned", "jj@mail.example", "Jones, Jane", NULL, "Hello.",
	NULL, NULL, "From=councillor/jones"},
    {"display name over another's address", "clerk@woodland-pc.example",
	"Cllr Jane Jones", NULL, "Hello.", NULL, NULL,
	"From=officer/clerk From=councillor/jones"},
    {"display name on behalf", "clerk@woodland-pc.example",
	"Alex Morgan on behalf of Cllr Jones", NULL, "Hello.", NULL, NULL,
	"From=officer/clerk From=councillor/jones+"},
    {"Sender", "jones@woodland-pc.example", NULL, "deputy@woodland-pc.example",
	"Hello.", NULL, NULL, "From=councillor/jones Sender=officer/deputy"},
    {"sign-off of own text", NULL, NULL, NULL,
	"Dear Mr Tester\n\nWe accept.\n\nYours sincerely\n\nPriya Patel\n"
	"Chair",
	NULL, NULL, "sign-off=chair/patel"},
    {"name alone", NULL, NULL, NULL, "All is well.\n\nJane Jones", NULL, NULL,
	"sign-off=councillor/jones"},
    {"initial", NULL, NULL, NULL, "All is well.\n\nRegards\nJ. Jones", NULL,
	NULL, "sign-off=councillor/jones"},
    {"accents", NULL, NULL, NULL, "All is well.\n\nRegards\nZoe Muller", NULL,
	NULL, "sign-off=councillor/muller"},
    {"two of that surname", NULL, NULL, NULL, "Regards\nCllr Smith", NULL, NULL,
	"sign-off=councillor"},
    {"two of that initial", NULL, NULL, NULL, "Regards\nS Smith", NULL, NULL,
	"sign-off=councillor"},
    {"title tells them apart", NULL, NULL, NULL,
	"Regards\nJ. Smith, Deputy Clerk", NULL, NULL,
	"sign-off=officer/smith3"},
    {"title against the roster", NULL, NULL, NULL,
	"Regards\nJane Jones\nActing Clerk", NULL, NULL,
	"sign-off=ambiguous/jones"},
    {"one of two hats", NULL, NULL, NULL, "Regards\nKim Both\nParish Clerk",
	NULL, NULL, "sign-off=officer/both"},
    {"letter of two", NULL, NULL, NULL,
	"Yours faithfully\n\nPriya Patel\nChair\n\nAlex Morgan\nClerk", NULL,
	NULL, "sign-off=chair/patel sign-off=officer/clerk"},
    {"signature over sign-off", NULL, NULL, NULL,
	"Yours faithfully\n\nCllr Jane Jones", "Alex Morgan\nParish Clerk",
	NULL, "sign-off=councillor/jones sign-off=officer/clerk"},
    {"pp for the clerk", NULL, NULL, NULL,
	"Yours faithfully\n\npp Alex Morgan, Parish Clerk", NULL, NULL,
	"sign-off=officer/clerk+"},
    {"clerk for a councillor", NULL, NULL, NULL,
	"Yours faithfully\n\nAlex Morgan\nClerk\npp Cllr Jane Jones", NULL,
	NULL, "sign-off=councillor/jones+"},
    {"writes for the chair", NULL, NULL, NULL,
	"I am writing on behalf of the Chairman to accept your offer.", NULL,
	NULL, "Sender=chair+"},
    {"writes for a constituent", NULL, NULL, NULL,
	"I am writing on behalf of Mrs Tester about her drains.", NULL, NULL,
	""},
    {"copied to a councillor", NULL, NULL, NULL,
	"Regards\nAlex Morgan\nClerk\ncc: Cllr Jane Jones", NULL, NULL,
	"sign-off=officer/clerk"},
    {"thanks a councillor", NULL, NULL, NULL, "It is done.\nThanks, Cllr Jones",
	NULL, NULL, ""},
    {"names a councillor", NULL, NULL, NULL,
	"The meeting is on Monday and will be led by\nCllr Jane Jones", NULL,
	NULL, ""},
    {"sentence", NULL, NULL, NULL, "Cllr Jane Jones has asked for the key.",
	NULL, NULL, ""},
    {"greeting", NULL, NULL, NULL, "Dear Cllr Jones", NULL, NULL, ""},
    {"resident", "jones@woodland-pc.example", NULL, NULL,
	"I write in a personal capacity.\n\nJane Jones", NULL, NULL,
	"sign-off=councillor/jones! From=councillor/jones!"},
    {"for a club", NULL, NULL, NULL,
	"Regards\nJane Jones\nfor Woodland Football Club", NULL, NULL,
	"sign-off=councillor/jones!"},
    {"letter attached", "clerk@woodland-pc.example", NULL, NULL,
	"Please see the letter attached.", NULL,
	"Dear Ms Example\n\nYou are appointed.\n\nYours sincerely\n\n\n"
	"Priya Patel\nChair of the Council\n\nEnc: plan\ncc Alex Morgan, Clerk",
	"sign-off of the letter attached=chair/patel From=officer/clerk"},
    {"letter attached in Welsh", NULL, NULL, NULL, NULL, NULL,
	"Annwyl Ms Example\n\nPenodir chi.\n\nYr eiddoch yn gywir\n\n"
	"Y Cynghorydd Jane Jones",
	"sign-off of the letter attached=councillor/jones"},
    {"letter signed on behalf", NULL, NULL, NULL, NULL, NULL,
	"Dear Ms Example\n\nYou are appointed.\n\n"
	"For and on behalf of Woodland Parish Council\n\nCllr Jane Jones",
	"sign-off of the letter attached=councillor/jones"},
    {"letterhead", NULL, NULL, NULL, NULL, NULL,
	"From the Mayor of Woodland\n\nDear Ms Example", "letterhead=chair"},
    {"report attached", NULL, NULL, NULL, NULL, NULL,
	"Report\n\nPresent: Cllr Jane Jones, Cllr Priya Patel (Chair)\n"
	"Alex Morgan\nClerk",
	""},
};

static void
tell(GString *out, const struct name *name)
{
	g_string_append_printf(out, "%s%s=%s%s%s%s%s", out->len > 0 ? " " : "",
	    name_sign_name(name->sign), name_office_name(name->office),
	    name->person != NULL ? "/" : "",
	    name->person != NULL ? name->person->id : "",
	    name->for_another ? "+" : "", name->other_capacity ? "!" : "");
}

static void
fill_content(struct content *content, guint i)
{
	if (mails[i].own != NULL)
		add_text(content, ORIGIN_OWN, mails[i].own);
	if (mails[i].signature != NULL)
		add_text(content, ORIGIN_SIGNATURE, mails[i].signature);
	if (mails[i].attached != NULL)
		add_text(content, ORIGIN_ATTACHMENT, mails[i].attached)->opens =
		    true;
}

START_TEST(finds_names)
{
	g_autoptr(content) content = content_new();
	g_autoptr(header_facts) headers = header_facts_new();
	g_autoptr(GPtrArray) names = NULL;
	g_autoptr(GString) got = g_string_new(NULL);
	guint i;

	fill_content(content, (guint)_i);
	if (mails[_i].from != NULL)
		g_ptr_array_add(headers->from,
		    mailbox_new(mails[_i].from_name, mails[_i].from));
	if (mails[_i].sender != NULL)
		g_ptr_array_add(
		    headers->sender, mailbox_new(NULL, mails[_i].sender));
	names = names_find(
	    council.rules, council.people, headers, content, council.on);
	for (i = 0; i < names->len; i++) {
		const struct name *name = g_ptr_array_index(names, i);

		ck_assert(name->probability > 0 && name->probability < 1);
		tell(got, name);
	}
	check_text(mails[_i].name, got->str, mails[_i].want);
}
END_TEST

/* A letter of two pages: the first is the document's opening. */
static const struct {
	const char *name, *first, *second, *want;
} letters[] = {
    {"salutation on the first page", "Dear Ms Example\n\nYou are appointed.",
	"For and on behalf of Woodland Parish Council\n\nCllr Jane Jones",
	"councillor"},
    {"no salutation", "Schedule of works",
	"For and on behalf of Woodland Parish Council\n\nCllr Jane Jones", ""},
    {"signed on the first page",
	"Dear Ms Example\n\nYou are appointed.\n\nYours sincerely\n\n"
	"Cllr Jane Jones",
	"Schedule of works", "councillor"},
    {"private on the first page",
	"Dear Ms Example\n\nI write in a personal capacity.",
	"Yours sincerely\n\nCllr Jane Jones", "!"},
};

START_TEST(reads_letters)
{
	g_autoptr(content) content = content_new();
	g_autoptr(GPtrArray) names = NULL;
	g_autoptr(GString) got = g_string_new(NULL);
	struct segment *segment;
	guint i;

	g_free(content_add_attachment(content)->type);
	((struct attachment *)content->attachments->pdata[0])->type =
	    g_strdup("docx");
	segment = add_text(content, ORIGIN_ATTACHMENT, letters[_i].first);
	segment->opens = true;
	segment->attachment = 0;
	segment = add_text(content, ORIGIN_ATTACHMENT, letters[_i].second);
	segment->attachment = 0;
	names = names_find(
	    council.rules, council.people, NULL, content, council.on);
	for (i = 0; i < names->len; i++) {
		const struct name *name = g_ptr_array_index(names, i);

		g_string_append(got, name->other_capacity
					 ? "!"
					 : name_office_name(name->office));
	}
	check_text(letters[_i].name, got->str, letters[_i].want);
}
END_TEST

/* Who is named where: the evidence that a report may show. */
START_TEST(says_where)
{
	g_autoptr(content) content = content_new();
	g_autoptr(GPtrArray) names = NULL;
	const struct name *name;
	const char *text = "All is well.\n\nRegards\n\nCllr Jane Jones\n";
	g_autofree char *found = NULL;

	add_text(content, ORIGIN_SUBJECT, "Cllr Sam Smith");
	add_text(content, ORIGIN_OWN, text);
	names = names_find(
	    council.rules, council.people, NULL, content, council.on);
	ck_assert_uint_eq(names->len, 1);
	name = g_ptr_array_index(names, 0);
	ck_assert_uint_eq(name->segment, 1);
	found = g_strndup(text + name->start, name->end - name->start);
	check_text("evidence", found, "Cllr Jane Jones");
	ck_assert(name->probability > 0.9);
}
END_TEST

/* Hostile texts: nothing but that it ends, soon and whole. */
static const char *const pieces[] = {
    "Cllr ",
    "Yours sincerely\n",
    "on behalf of ",
    "\n",
    "Cllr Jane Jones, ",
    "I am writing on behalf of the Mayor ",
    "\xc3\xa9",
    "Jane, Cllr\n",
    "a ",
    "-/|,:",
};

START_TEST(bears_anything)
{
	g_autoptr(content) content = content_new();
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GPtrArray) names = NULL;

	while (text->len < 80 * 1024)
		g_string_append(text, pieces[_i]);
	add_text(content, ORIGIN_OWN, text->str);
	add_text(content, ORIGIN_SIGNATURE, text->str);
	add_text(content, ORIGIN_ATTACHMENT, text->str)->opens = true;
	add_text(content, ORIGIN_OWN, "");
	names = names_find(
	    council.rules, council.people, NULL, content, council.on);
	ck_assert_uint_le(names->len, 64);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("names");
	TCase *tcase = tcase_create("names");

	tcase_set_timeout(tcase, 300);
	tcase_add_unchecked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, examples_hold);
	tcase_add_loop_test(
	    tcase, knows_signoffs, 0, G_N_ELEMENTS(score_origins));
	tcase_add_loop_test(tcase, finds_names, 0, G_N_ELEMENTS(mails));
	tcase_add_loop_test(tcase, reads_letters, 0, G_N_ELEMENTS(letters));
	tcase_add_test(tcase, says_where);
	tcase_add_loop_test(tcase, bears_anything, 0, G_N_ELEMENTS(pieces));
	suite_add_tcase(suite, tcase);
	return suite;
}
