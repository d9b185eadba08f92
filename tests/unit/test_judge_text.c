/*
 * Rules about what a message says: when each is settled, and why.  The patterns
 * are a few of the test's own, since what the shipped ones find is measured
 * elsewhere.
 */
#include <string.h>

#include "policy/judging/judge.h"
#include "policy/text/content.h"
#include "policy/text/normalise.h"
#include "policy/text/segments.h"
#include "tests/unit/judging.h"
#include "tests/unit/unit.h"

#define F TRUTH_FALSE
#define U TRUTH_UNKNOWN
#define T TRUTH_TRUE

static const char PATTERNS[] =
    "marking plain \"confidential\"\n"
    "    kind     confidential\n"
    "    alone    \"confidential\"\n"
    "    begins   \"confidential\"\n"
    "marking later \"under embargo\"\n"
    "    kind     embargoed\n"
    "    begins   \"embargoed\"\n"
    "    needs    time\n"
    "detail why\n"
    "    of       reason\n"
    "    words    \"because\"\n"
    "category staff \"information about a member of staff\"\n"
    "evidence hearing\n"
    "    category staff\n"
    "    confidence 0.7\n"
    "    anchor   \"disciplinary hearing\"\n"
    "act acceptance \"an acceptance\"\n"
    "    sure     /we accept your (?:quotation|price)/\n"
    "cancel question \"a question\"\n"
    "    in sentence /\\?/\n"
    "offer quotation\n"
    "    form     /our price is/\n"
    "office chair\n"
    "    as       chair\n"
    "    title    /chair of the council/\n"
    "office clerk\n"
    "    as       officer\n"
    "    title    /clerk to the council/\n"
    "sign-off valediction\n"
    "    pattern  /yours (?:sincerely|faithfully),?/\n"
    "phrase order\n"
    "    kind     instruction\n"
    "    pattern  /you are to/\n"
    "phrase letter\n"
    "    kind     official-letter\n"
    "    pattern  /for the council/\n";

#define CHAIR "\nYours sincerely\nPriya Patel\nChair of the Council\n"
#define CLERK "\nYours sincerely\nAlex Morgan\nClerk to the Council\n"

/* A message, the one attachment that it may have, and a condition. */
static const struct {
	const char *condition;
	const char *from; /* NULL: the clerk */
	const char *subject, *own, *quoted, *attached;
	enum attachment_state state;
	enum truth message, text, attachments;
	const char *evidence;
} cases[] = {
    {"message is marked confidential", NULL, "Confidential: lease", "Dear Jane",
	NULL, NULL, ATTACHMENT_READ, U, T, T,
	"the message is marked confidential in its subject"},
    {"message is marked", NULL, "Lease", "Dear Jane", NULL, NULL,
	ATTACHMENT_READ, U, F, F, "the message is not marked"},
    {"message is marked", NULL, "Lease", "Dear Jane", NULL, "Dear Sir",
	ATTACHMENT_READ, U, U, F, "the message is not marked"},
    {"message is not marked in subject", NULL, "Lease", "Confidential\n\nDear "
	"Jane", NULL, "Dear Sir", ATTACHMENT_READ, U, T, T,
	"the message is not marked in its subject"},
    {"message is marked confidential", NULL, "Embargoed", "Dear Jane", NULL,
	NULL, ATTACHMENT_READ, U, F, F,
	"the message is not marked confidential"},
    {"message is marked confidential", NULL, "Lease", "Dear Jane",
	"Confidential", NULL, ATTACHMENT_READ, U, F, F,
	"the message is not marked confidential"},
    {"message quotes something marked confidential", NULL, "Lease", "Dear Jane",
	"Confidential", NULL, ATTACHMENT_READ, U, T, T,
	"the message quotes something marked confidential"},
    {"message quotes something marked confidential by councillor", NULL,
	"Lease", "Dear Jane", "Confidential", NULL, ATTACHMENT_READ, U,
	T, T, "the message quotes something marked confidential"},
    {"message quotes something marked confidential by officer", NULL, "Lease",
	"Dear Jane", "Confidential", NULL, ATTACHMENT_READ, U, F, F,
	"the message quotes nothing marked confidential"},
    {"confidence has no reason", NULL, "Confidential", "Dear Jane", NULL, NULL,
	ATTACHMENT_READ, U, T, T, "the marking does not say why"},
    {"confidence has no reason", NULL, "Confidential because of the tenant",
	"Dear Jane", NULL, NULL, ATTACHMENT_READ, U, F, F,
	"the marking says why, or there is none"},
    {"message has contradictory markings", NULL, "Embargoed", "Dear Jane", NULL,
	NULL, ATTACHMENT_READ, U, T, T, NULL},
    {"own text says something confidential", NULL, "Monday",
	"The disciplinary hearing is at ten.", NULL, NULL, ATTACHMENT_READ, U, T,
	T, "the author's text says something confidential: information about a "
	   "member of staff (medium)"},
    {"own text says something confidential high", NULL, "Monday",
	"The disciplinary hearing is at ten.", NULL, NULL, ATTACHMENT_READ, U, F,
	F, "the author's text says nothing confidential at the level high"},
    {"own text says something confidential", NULL, "Monday", "Yes.",
	"The disciplinary hearing is at ten.", NULL, ATTACHMENT_READ, U, F, F,
	"the author's text says nothing confidential"},
    {"message says something confidential staff", NULL, "Monday", "Yes.",
	"The disciplinary hearing is at ten.", NULL, ATTACHMENT_READ, U, T, T,
	"the message says something confidential: information about a member "
	"of staff (medium) in what it quotes"},
    {"own text says something confidential", NULL, "Monday", "See here.", NULL,
	"The disciplinary hearing is at ten.", ATTACHMENT_READ, U, U, T,
	"the author's text says something confidential: information about a "
	"member of staff (medium) in an attachment"},
    {"own text creates an obligation in the name of councillor", "jones",
	"Roof", "We accept your quotation.", NULL, NULL, ATTACHMENT_READ, U, T, T,
	"the text may create an obligation (acceptance, medium): "
	"\"We accept your quotation\""},
    {"own text creates an obligation in the name of councillor", NULL, "Roof",
	"We accept your quotation.", NULL, NULL, ATTACHMENT_READ, U, F, F,
	"the text creates no obligation in the name of a councillor"},
    {"own text creates an obligation acceptance high in the name of councillor",
	"jones", "Roof", "We accept your quotation.", NULL, NULL,
	ATTACHMENT_READ, U, F, F,
	"the text creates no obligation (acceptance) at the level high in the "
	"name of a councillor"},
    {"own text creates an obligation", "jones", "Roof",
	"Shall we accept your quotation?", NULL, NULL, ATTACHMENT_READ, U, F, F,
	"the text creates no obligation (what looks like one of the kind "
	"\"acceptance\" is cancelled by a question)"},
    {"own text creates an obligation in the name of councillor", NULL, "Roof",
	"See the letter.", NULL, "We accept your quotation.\n" CHAIR,
	ATTACHMENT_READ, U, U, T,
	"the text may create an obligation (acceptance, medium) in an "
	"attachment: \"We accept your quotation\""},
    {"own text creates an obligation in the name of councillor", NULL, "Roof",
	"See the letter.", NULL, "We accept your quotation.\n" CLERK,
	ATTACHMENT_READ, U, U, F,
	"the text creates no obligation in the name of a councillor"},
    {"own text creates an obligation", NULL, "Roof", "See the letter.", NULL,
	"We accept your quotation.\nYours faithfully\nA. Builder\n",
	ATTACHMENT_READ, U, U, F, "the text creates no obligation"},
    {"message replies to an offer", "jones", "Roof", "Thank you.",
	"Our price is ten pounds.", NULL, ATTACHMENT_READ, U, T, T,
	"the message replies to an offer"},
    {"own text gives an instruction", "jones", "Hedge",
	"You are to cut the hedge.", NULL, NULL, ATTACHMENT_READ, U, T, T,
	"the text may read like an instruction: \"You are to\""},
    {"message is an official letter", "jones", "Hedge", "I write for the "
	"council.", NULL, NULL, ATTACHMENT_READ, U, T, T,
	"the message may be an official letter: \"for the council\""},
    {"message is in the name of chair", NULL, "Hedge",
	"Dear Sir, thank you.\n" CHAIR, NULL, NULL, ATTACHMENT_READ, U, T, T,
	"the message is in the name of Priya Patel, by its sign-off"},
    {"message is in the name of councillor", NULL, "Hedge",
	"Dear Sir, thank you.\n" CLERK, NULL, NULL, ATTACHMENT_READ, U, F, F,
	"the message is not in the name of a councillor"},
    {"message has an attachment", NULL, "Hedge", "Dear Sir", NULL, "x",
	ATTACHMENT_READ, T, T, T, "the message has an attachment"},
    {"message has no attachment", NULL, "Hedge", "Dear Sir", NULL, NULL,
	ATTACHMENT_READ, T, T, T, "the message has no attachment"},
    {"message has an attachment of type \"docx\"", NULL, "Hedge", "Dear Sir",
	NULL, "x", ATTACHMENT_READ, U, U, T,
	"the message has an attachment of type \"docx\""},
    {"message has an attachment that is encrypted", NULL, "Hedge", "Dear Sir",
	NULL, "x", ATTACHMENT_ENCRYPTED, U, U, T,
	"the message has an attachment that is encrypted"},
    {"message has an attachment that is timed-out", NULL, "Hedge", "Dear Sir",
	NULL, "x", ATTACHMENT_TIMED_OUT, U, U, T,
	"the message has an attachment that is timed out"},
    {"message has an attachment that is unread", NULL, "Hedge", "Dear Sir",
	NULL, "x", ATTACHMENT_READ, U, U, F,
	"the message has no attachment that is unread"},
    {"message is not fully inspected", NULL, "Hedge", "Dear Sir", NULL, "x",
	ATTACHMENT_FAILED, U, U, T,
	"the message was not fully inspected: attachments were not read to the "
	"end (1 failed)"},
    {"message is not fully inspected", NULL, "Hedge", "Dear Sir", NULL, "x",
	ATTACHMENT_UNSUPPORTED, U, U, F, "the message was fully inspected"},
};

/* The policy with one rule and these patterns. */
static struct policy *
make_policy(const char *condition)
{
	g_autofree char *directory = unit_directory();
	g_autofree char *patterns =
	    unit_write(directory, "own.patterns", PATTERNS);
	g_autofree char *text = g_strdup_printf(
	    "include \"%s\"\nrule r when %s then log\n", patterns, condition);
	struct policy *policy = council_policy(text);

	unit_remove(directory);
	return policy;
}

static struct content *
make_text(const char *subject, const char *own, const char *quoted)
{
	struct content *content = content_new();

	content_add_text(
	    content, ORIGIN_SUBJECT, subject, strlen(subject), NULL);
	content_add_text(content, ORIGIN_OWN, own, strlen(own), NULL);
	if (quoted != NULL) {
		struct segment *segment = content_add_text(
		    content, ORIGIN_QUOTED, quoted, strlen(quoted), NULL);

		segment->depth = 1;
		segment->writer_address =
		    g_strdup("jones@woodland-pc.example");
	}
	return content;
}

static struct content *
make_attachment(const char *text, enum attachment_state state)
{
	struct content *content = content_new();
	struct attachment *attachment = content_add_attachment(content);

	g_free(attachment->name);
	attachment->name = g_strdup("letter.docx");
	g_free(attachment->type);
	attachment->type = g_strdup("docx");
	attachment->state = state;
	attachment->text = g_strdup(text);
	content_add_attachment_text(content, 0);
	return content;
}

static void
check(const struct policy *policy, const struct facts *facts, enum truth want,
    const char *condition_text, const char *stage)
{
	const struct expr *condition = policy_find_rule(policy, "r")->condition;
	enum truth got = judge(condition, facts);

	ck_assert_msg(got == want, "%s, %s: %d", condition_text, stage, got);
	ck_assert_int_eq(verdict_undecided(policy, facts), want == U);
}

START_TEST(staged)
{
	const char *condition = cases[_i].condition;
	struct mail mail = {.from = cases[_i].from,
	    .to = "a@x.example",
	    .subject = cases[_i].subject,
	    .attachments = cases[_i].attached != NULL};
	g_autoptr(policy) policy = make_policy(condition);
	g_autoptr(content) text =
	    make_text(cases[_i].subject, cases[_i].own, cases[_i].quoted);
	g_autoptr(content) attached = NULL;
	g_autoptr(facts) facts = mail_facts(policy, &mail, STAGE_MESSAGE);
	g_autoptr(GPtrArray) evidence = evidence_new();
	g_autofree char *why = NULL;

	check(policy, facts, cases[_i].message, condition, "message");
	facts_set_text(facts, text);
	check(policy, facts, cases[_i].text, condition, "text");
	if (cases[_i].attached != NULL) {
		attached =
		    make_attachment(cases[_i].attached, cases[_i].state);
		facts_set_attachments(facts, attached);
	}
	check(policy, facts, cases[_i].attachments, condition, "attachments");
	judge_explain(
	    policy_find_rule(policy, "r")->condition, facts, evidence);
	why = evidence_texts(evidence);
	if (cases[_i].evidence != NULL)
		ck_assert_msg(strcmp(why, cases[_i].evidence) == 0, "%s: %s",
		    condition, why);
	/* In this order, since facts borrow. */
	g_clear_pointer(&facts, facts_free);
}
END_TEST

/* Whose marking is it in "RE: …", the subject of an answer in the history? */
static const struct {
	const char *subject;
	bool answers; /* so that it is the first writer's */
} threads[] = {
    {"Subject: Confidential", false},
    {"Subject: RE: Confidential", true},
    {"*Subject:* Re: Confidential", true},
    {"Betreff: AW: Confidential", true},
    {"Pwnc: ATB: Confidential", true},
    {"Objet : Re : Confidential", true},
    {"Subject: Repairs: Confidential", false},
};

static void
add_history(struct content *content, const char *text, unsigned depth,
    const char *writer)
{
	struct segment *segment = content_add_text(
	    content, ORIGIN_QUOTED, text, strlen(text), NULL);

	segment->depth = depth;
	segment->writer_address = g_strdup(writer);
}

START_TEST(thread)
{
	static const char condition[] =
	    "message quotes something marked confidential by councillor";
	const struct mail mail = {.to = "a@x.example", .reply = true};
	g_autofree char *answer =
	    g_strdup_printf("%s\n\nSo be it.\n", threads[_i].subject);
	g_autoptr(policy) policy = make_policy(condition);
	g_autoptr(content) text = make_text("Monday", "Yes.", NULL);
	g_autoptr(facts) facts = mail_facts(policy, &mail, STAGE_MESSAGE);

	add_history(text, answer, 1, "clerk@woodland-pc.example");
	add_history(text, "Is it so?\n", 2, "jones@woodland-pc.example");
	facts_set_text(facts, text);
	check(policy, facts, threads[_i].answers ? T : F, threads[_i].subject,
	    "text");
	g_clear_pointer(&facts, facts_free);
}
END_TEST

/* Letters quote what the policy allows, and nothing by itself. */
static const struct {
	const char *allowed, *condition, *own;
	bool quoted;
} quotations[] = {
    {"none", "own text creates an obligation", "We accept your price.", false},
    {"obligations", "own text creates an obligation", "We accept your price.",
	true},
    {"obligations", "own text says something confidential",
	"The disciplinary hearing is at ten.", false},
    {"all", "own text says something confidential",
	"The disciplinary hearing is at ten.", true},
};

START_TEST(quotation)
{
	g_autofree char *rule = g_strdup_printf("%s then log\nphrases in "
						"letters %s\nrule s when message "
						"is inbound",
	    quotations[_i].condition, quotations[_i].allowed);
	const struct mail mail = {.from = "jones", .to = "a@x.example"};
	g_autoptr(policy) policy = make_policy(rule);
	g_autoptr(content) text = make_text("Roof", quotations[_i].own, NULL);
	g_autoptr(facts) facts = mail_facts(policy, &mail, STAGE_MESSAGE);
	g_autoptr(GPtrArray) evidence = evidence_new();
	g_autofree char *why = NULL;

	facts_set_text(facts, text);
	judge_explain(
	    policy_find_rule(policy, "r")->condition, facts, evidence);
	why = evidence_texts(evidence);
	ck_assert_msg(
	    (strchr(why, '"') != NULL) == quotations[_i].quoted, "%s", why);
	g_clear_pointer(&facts, facts_free);
}
END_TEST

/* What a detector gave up looking for is not said to be inspected. */
static const struct {
	const char *unit;
	guint few, many;
} limited[] = {
    {"Confidential\n", 200, 201},
    {"The disciplinary hearing.\n", 5000, 5001},
    {"We accept your price.\n", 255, 256},
    {"You are to go.\n", 200, 201},
};

static char *
not_inspected(const char *unit, guint count)
{
	const struct mail mail = {.from = "jones", .to = "a@x.example"};
	g_autoptr(policy) policy = make_policy("message is not fully inspected");
	g_autoptr(GString) own = g_string_new(NULL);
	g_autoptr(content) text = NULL;
	g_autoptr(facts) facts = mail_facts(policy, &mail, STAGE_MESSAGE);
	const struct expr *condition = policy_find_rule(policy, "r")->condition;
	char *why;

	while (count-- > 0)
		g_string_append(own, unit);
	text = make_text("Roof", own->str, NULL);
	facts_set_text(facts, text);
	ck_assert_ptr_null(facts_not_inspected(facts));
	ck_assert_int_eq(
	    judge(condition, facts) == T, facts_not_inspected(facts) != NULL);
	why = g_strdup(facts_not_inspected(facts));
	g_clear_pointer(&facts, facts_free);
	return why;
}

START_TEST(limits)
{
	const char *unit = limited[_i].unit;
	g_autofree char *few = not_inspected(unit, limited[_i].few);
	g_autofree char *many = not_inspected(unit, limited[_i].many);

	ck_assert_msg(few == NULL, "%s: %s", unit, few);
	ck_assert_msg(many != NULL, "%s", unit);
}
END_TEST

/*
 * What costs less is asked first, on whichever side it stands; where that
 * decides, the text is not gone through, and so no limit is met there.
 */
static const struct {
	const char *condition;
	bool searched;
} orders[] = {
    {"own text creates an obligation and message is inbound", false},
    {"message is inbound and own text creates an obligation", false},
    {"own text creates an obligation or message is submitted", false},
    {"not own text creates an obligation and not message is submitted", false},
    {"own text creates an obligation and (message is inbound or "
     "message is a reply)",
	false},
    {"(own text creates an obligation or message is inbound) and "
     "message is a reply",
	false},
    {"own text creates an obligation and message is in the name of councillor",
	false},
    {"message is in the name of councillor and own text creates an obligation",
	false},
    {"own text creates an obligation and message is submitted", true},
    {"own text creates an obligation or message is inbound", true},
};

START_TEST(order)
{
	const struct mail mail = {.from = "x@y.example", .to = "a@x.example"};
	g_autoptr(policy) policy = make_policy(orders[_i].condition);
	g_autoptr(GString) own = g_string_new(NULL);
	g_autoptr(content) text = NULL;
	g_autoptr(facts) facts = mail_facts(policy, &mail, STAGE_MESSAGE);
	int i;

	for (i = 0; i < 256; i++)
		g_string_append(own, "We accept your price.\n");
	text = make_text("Roof", own->str, NULL);
	facts_set_text(facts, text);
	judge(policy_find_rule(policy, "r")->condition, facts);
	ck_assert_msg((facts_not_inspected(facts) != NULL) ==
			  orders[_i].searched,
	    "%s", orders[_i].condition);
	g_clear_pointer(&facts, facts_free);
}
END_TEST

/* A marking's banner says what is confidential and who reads it. */
START_TEST(banner)
{
	const struct mail mail = {.to = "jones a@x.example", .bcc = "smith"};
	g_autoptr(policy) policy = make_policy(
	    "own text says something confidential then mark \"CONFIDENTIAL\" "
	    "in subject with banner \"{reason}: {recipients}\" and no footer\n"
	    "rule s when any hidden recipient is councillor then footer\n"
	    "rule t when message is inbound");
	g_autoptr(content) text =
	    make_text("Monday", "The disciplinary hearing is at ten.", NULL);
	g_autoptr(facts) facts = mail_facts(policy, &mail, STAGE_MESSAGE);
	g_autoptr(verdict) verdict = NULL;
	const struct mark *mark;

	facts_set_text(facts, text);
	verdict = verdict_new(policy, facts, false);
	ck_assert_uint_eq(verdict->marks->len, 1);
	mark = verdict->marks->pdata[0];
	ck_assert_str_eq(mark->word, "CONFIDENTIAL");
	ck_assert(mark->in_subject);
	ck_assert_str_eq(mark->banner, "information about a member of staff: "
				       "Jane Jones and other addressees");
	ck_assert_uint_eq(verdict->footers->len, 0);
	g_clear_pointer(&verdict, verdict_free);
	g_clear_pointer(&facts, facts_free);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("judge text");
	TCase *tcase = tcase_create("judge text");

	tcase_add_loop_test(tcase, staged, 0, G_N_ELEMENTS(cases));
	tcase_add_loop_test(tcase, thread, 0, G_N_ELEMENTS(threads));
	tcase_add_loop_test(tcase, quotation, 0, G_N_ELEMENTS(quotations));
	tcase_add_loop_test(tcase, limits, 0, G_N_ELEMENTS(limited));
	tcase_add_loop_test(tcase, order, 0, G_N_ELEMENTS(orders));
	tcase_add_test(tcase, banner);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return suite;
}
