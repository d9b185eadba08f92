/* Markings, with the patterns that are shipped. */
#include <string.h>

#include "policy/detect/marking.h"
#include "policy/text/normalise.h"
#include "tests/unit/unit.h"

/* Set when a limit was met. */
static bool cut;

/* The rules of a pattern file's text; the diagnostics go to diags. */
static struct marking_rules *
read_rules(const char *text, struct pattern_file **file, struct diags *diags)
{
	g_autoptr(GHashTable) lets = pattern_lets_new();

	*file =
	    pattern_file_read("t.patterns", text, strlen(text), lets, diags);
	return marking_rules_new((*file)->blocks, diags);
}

static struct marking_rules *shipped;
static struct pattern_file *shipped_file;

static void
set_up(void)
{
	g_autofree char *path =
	    unit_source("conf", "patterns", "markings.patterns", NULL);
	g_autofree char *text = NULL;
	g_autoptr(diags) diags = diags_new();
	g_autofree char *said = NULL;

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	shipped = read_rules(text, &shipped_file, diags);
	marking_rules_try(shipped, diags);
	said = diags_to_string(diags);
	ck_assert_str_eq(said, "");
}

static void
tear_down(void)
{
	marking_rules_free(shipped);
	pattern_file_free(shipped_file);
}

enum { SEGMENTS = 4 };

/* A piece of a message: an origin, or one of these. */
enum { OWN_HTML = ORIGIN_COUNT, FIRST_PAGE };
struct piece {
	int origin;
	const char *text;
};

static enum origin
origin_of(const struct piece *piece)
{
	if (piece->origin == OWN_HTML)
		return ORIGIN_OWN;
	return piece->origin == FIRST_PAGE ? ORIGIN_ATTACHMENT
					   : (enum origin)piece->origin;
}

static struct content *
content_of(const struct piece *pieces)
{
	struct content *content = content_new();

	for (int i = 0; i < SEGMENTS && pieces[i].text != NULL; i++) {
		enum origin origin = origin_of(&pieces[i]);
		struct segment *segment = content_add_segment(content, origin);

		segment->text = text_normalise(pieces[i].text,
		    strlen(pieces[i].text), &segment->len, NULL);
		segment->language = "";
		segment->attachment = origin >= ORIGIN_NAME ? 0 : -1;
		segment->opens = pieces[i].origin == FIRST_PAGE;
		segment->html = pieces[i].origin == OWN_HTML;
	}
	return content;
}

/* "confidential@subject subject S R [paragraph] (descriptor); …" */
static char *
describe(const GPtrArray *found)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < found->len; i++) {
		const struct marking *marking = found->pdata[i];

		g_string_append_printf(text, "%s%s@%s %s%s%s",
		    i > 0 ? "; " : "", marking->kind,
		    marking_place_name(marking->place),
		    origin_name(marking->origin),
		    marking->has_scope ? " scope" : "",
		    marking->has_reason ? " reason" : "");
		if (marking->paragraph != NULL)
			g_string_append_printf(
			    text, " [%s]", marking->paragraph);
		if (marking->descriptor != NULL)
			g_string_append_printf(
			    text, " (%s)", marking->descriptor);
	}
	return g_string_free(text, FALSE);
}

#define LONG_BODY "Dear all,\n\nOne.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.\n\n"

/* clang-format off */
static const struct find_case {
	const char *name;
	struct piece pieces[SEGMENTS];
	const char *want;
} find_cases[] = {
	{ "nothing", { { ORIGIN_OWN, "Dear all,\n\nThe hall is open.\n" } }, "" },
	{ "subject", { { ORIGIN_SUBJECT, "RE: [EXT] CONFIDENTIAL: kiosk" } },
	    "confidential@subject subject" },
	{ "piece of a subject", { { ORIGIN_SUBJECT, "Kiosk (confidential)" } },
	    "confidential@subject subject" },
	{ "in capitals", { { ORIGIN_SUBJECT, "Kiosk CONFIDENTIAL figures" } },
	    "confidential@subject subject" },
	{ "a question", { { ORIGIN_SUBJECT, "Is the kiosk report confidential?" } }, "" },
	{ "dash of another kind", { { ORIGIN_SUBJECT, "Kiosk — confidential" } },
	    "confidential@subject subject" },
	{ "joined", { { ORIGIN_SUBJECT, "Exempt and confidential" } },
	    "exempt@subject subject; confidential@subject subject" },
	{ "title with full stops", { { ORIGIN_SUBJECT, "L.A. Confidential at the hall" } }, "" },
	{ "fifth line", { { ORIGIN_OWN, "a\nb\nc\nd\nCONFIDENTIAL\n" } },
	    "confidential@top own" },
	{ "sixth line", { { ORIGIN_OWN, "a\nb\nc\nd\ne\nCONFIDENTIAL\nf\n" } }, "" },
	{ "lines of earlier pieces count", { { ORIGIN_OWN, "a\nb\nc\nd\ne\n" },
	    { ORIGIN_QUOTED, "x\n" }, { ORIGIN_OWN, "CONFIDENTIAL\n\nf\n" } }, "" },
	{ "last line", { { ORIGIN_OWN, LONG_BODY "CONFIDENTIAL\n" } },
	    "confidential@bottom own" },
	{ "last line of a paragraph",
	    { { ORIGIN_OWN, LONG_BODY "It says\nCONFIDENTIAL\n" } }, "" },
	{ "last line below a sign-off", { { ORIGIN_OWN, "Hello.\n" },
	    { ORIGIN_SIGNATURE, "Kind regards\nAlex\n\nOFFICIAL-SENSITIVE\n" } },
	    "sensitive@bottom own" },
	{ "a sign-off marks nothing", { { ORIGIN_OWN, "Hello.\n" },
	    { ORIGIN_SIGNATURE, "Alex\nConfidential Secretary\n" } }, "" },
	{ "heading of a disclaimer", { { ORIGIN_OWN, LONG_BODY "CONFIDENTIAL\n" },
	    { ORIGIN_DISCLAIMER, "For the named person only.\n" } }, "" },
	{ "heading of a disclaimer that nobody found", { { ORIGIN_OWN,
	    LONG_BODY "CONFIDENTIAL\nIf you received this in error delete it.\n" } }, "" },
	{ "disclaimer, footer, unseen", { { ORIGIN_DISCLAIMER, "CONFIDENTIAL\n" },
	    { ORIGIN_FOOTER, "CONFIDENTIAL\n" }, { ORIGIN_UNSEEN, "CONFIDENTIAL\n" } }, "" },
	{ "word at a broken line's end", { { ORIGIN_OWN,
	    "The password that you were all given at the hall last Monday is case\nSENSITIVE.\n" } }, "" },
	{ "quoted", { { ORIGIN_OWN, "Yes.\n" }, { ORIGIN_QUOTED, "CONFIDENTIAL\n\nNo?\n" } },
	    "confidential@top quoted" },
	{ "quoted header block", { { ORIGIN_FORWARDED, "From: Alex\nSent: Monday\n"
	    "To: Jane\nSubject: Confidential: kiosk\n\nHello.\n" } },
	    "confidential@subject forwarded" },
	{ "lines below a header block", { { ORIGIN_QUOTED, "From: Alex\nSent: Monday\n"
	    "To: Jane\nCc: Kim\nSubject: Kiosk\n\nIn confidence\n\nHello.\n" } },
	    "confidential@top quoted" },
	{ "said in the body", { { ORIGIN_OWN, LONG_BODY
	    "I send you this in strict confidence.\n\nSix.\n" } },
	    "confidential@body own" },
	{ "broken line within", { { ORIGIN_OWN, LONG_BODY
	    "I send you this in strict\nconfidence.\n\nSix.\n" } },
	    "confidential@body own" },
	{ "HTML twin", { { ORIGIN_OWN, "In confidence\n" },
	    { OWN_HTML, "In confidence\n" } },
	    "confidential@top own" },
	{ "file name", { { ORIGIN_NAME, "kiosk_lease-CONFIDENTIAL.v2.docx" } },
	    "confidential@attachment name" },
	{ "file in an archive", { { ORIGIN_NAME, "papers.zip/part_2_private_minutes.docx" } },
	    "exempt@attachment name; confidential@attachment name" },
	{ "property", { { ORIGIN_PROPERTY, "Keywords: Confidential" } },
	    "confidential@attachment property" },
	{ "label in a property", { { ORIGIN_PROPERTY,
	    "MSIP_Label_0a_Name: Official-Sensitive" } },
	    "sensitive@attachment property" },
	{ "first page", { { FIRST_PAGE, "Woodland\n\nCONFIDENTIAL\n" },
	    { ORIGIN_ATTACHMENT, "PRIVILEGED\n" } }, "confidential@attachment attachment" },
	{ "no page known", { { ORIGIN_ATTACHMENT, "CONFIDENTIAL\n\nText.\n" } },
	    "confidential@attachment attachment" },
};

static const struct find_case detail_cases[] = {
	{ "paragraph", { { ORIGIN_OWN, "Exempt information: paragraph 3, Part 1, "
	    "Schedule 12A LGA 1972\n" } },
	    "exempt@top own reason [Schedule 12A, paragraph 3]" },
	{ "paragraphs", { { ORIGIN_OWN, "NOT FOR PUBLICATION by virtue of paragraphs "
	    "1 and 2 of Part 1 of Schedule 12A\n" } },
	    "confidential@top own reason [Schedule 12A, paragraph 1 and 2]; "
	    "exempt@top own reason [Schedule 12A, paragraph 1 and 2]" },
	{ "paragraph of Wales in an English part", { { ORIGIN_SUBJECT,
	    "EXEMPT: paragraph 14 of Part 1 of Schedule 12A" } },
	    "exempt@subject subject reason [Schedule 12A, paragraph 14]" },
	{ "Welsh paragraph", { { ORIGIN_OWN,
	    "Eithriedig: paragraff 14 o Ran 4 o Atodlen 12A\n" } },
	    "exempt@top own reason [Schedule 12A, paragraph 14]" },
	{ "Act of 1960", { { ORIGIN_OWN, "Confidential: Public Bodies (Admission to "
	    "Meetings) Act 1960\n" } }, "confidential@top own reason "
	    "[Public Bodies (Admission to Meetings) Act 1960, section 1(2)]" },
	{ "scope", { { ORIGIN_OWN, "Confidential: for councillors only\n" } },
	    "confidential@top own scope" },
	{ "scope and reason", { { ORIGIN_OWN, "The attached is confidential because the "
	    "tenders are not open.\n" } }, "confidential@top own scope reason" },
	{ "reason below a heading", { { ORIGIN_OWN, "CONFIDENTIAL\n\nThis is so because a "
	    "resident is named.\n" } }, "confidential@top own reason" },
	{ "Welsh reason", { { ORIGIN_OWN, "Rhannaf hyn â chi'n gyfrinachol gan nad yw'r "
	    "tendrau wedi'u hagor.\n" } }, "confidential@top own reason" },
	{ "until", { { ORIGIN_OWN, "To be treated as confidential until the item has been "
	    "considered.\n" } }, "confidential@top own scope" },
	{ "descriptor", { { ORIGIN_SUBJECT, "[OFFICIAL-SENSITIVE: PERSONAL DATA] Kiosk" } },
	    "sensitive@subject subject reason (PERSONAL DATA)" },
	{ "handling", { { ORIGIN_SUBJECT, "OFFICIAL SENSITIVE - RECIPIENTS ONLY" } },
	    "sensitive@subject subject scope (RECIPIENTS ONLY); "
	    "confidential@subject subject scope" },
	{ "embargo with its time", { { ORIGIN_SUBJECT, "EMBARGOED UNTIL 00:01 FRIDAY "
	    "6 JUNE - kiosk" } }, "embargoed@subject subject scope (00:01 FRIDAY 6 JUNE)" },
	{ "embargo without", { { ORIGIN_SUBJECT, "Embargoed: kiosk" } },
	    "embargoed@subject subject" },
};
/* clang-format on */

static void
check_find(const struct find_case *c)
{
	g_autoptr(content) content = content_of(c->pieces);
	g_autoptr(GPtrArray) found = markings_find(shipped, NULL, content, &cut);
	g_autofree char *got = describe(found);

	ck_assert_msg(strcmp(got, c->want) == 0, "%s: got \"%s\", want \"%s\"",
	    c->name, got, c->want);
}

START_TEST(test_find)
{
	check_find(&find_cases[_i]);
}
END_TEST

START_TEST(test_details)
{
	check_find(&detail_cases[_i]);
}
END_TEST

#define GUID "11111111-2222-3333-4444-555555555555"
#define OTHER "99999999-2222-3333-4444-555555555555"

/* clang-format off */
static const struct header_case {
	const char *name, *field, *value, *want;
} header_cases[] = {
	{ "personal", "Sensitivity", "Personal", "personal@header subject" },
	{ "private", "sensitivity", "PRIVATE", "confidential@header subject" },
	{ "company", "Sensitivity", "company-confidential (x)",
	    "confidential@header subject" },
	{ "normal", "Sensitivity", "Normal", "" },
	{ "empty", "Sensitivity", "", "" },
	{ "label by its words", "msip_labels", "MSIP_Label_" GUID
	    "_Enabled=true;MSIP_Label_" GUID "_Name=Confidential - Members;",
	    "confidential@header subject" },
	{ "folded in a name and a key", "msip_labels", "MSIP_Label_" GUID
	    "_ Name=OFFICIAL\n\tSENSITIVE;", "sensitive@header subject" },
	{ "of two tenants", "msip_labels", "MSIP_Label_" GUID "_Name=Public;MSIP_Label_"
	    OTHER "_Name=Highly Confidential\\Members",
	    "confidential@header subject" },
	{ "switched off", "msip_labels", "MSIP_Label_" GUID "_Enabled=False;MSIP_Label_"
	    GUID "_Name=Confidential", "" },
	{ "no label", "msip_labels", "", "" },
	{ "no labels either", "msip_labels", "MSIP_Label_;=;MSIP_Label_x_=;;Name", "" },
	{ "public label", "msip_labels", "MSIP_Label_" GUID "_Name=OFFICIAL", "" },
	{ "words", "X-Protective-Marking", "OFFICIAL-SENSITIVE",
	    "sensitive@header subject" },
	{ "Australian", "X-Protective-Marking",
	    "VER=2018.4, NS=gov.au, SEC=OFFICIAL:Sensitive, ORIGIN=a@b.example",
	    "sensitive@header subject" },
	{ "not marked", "X-Protective-Marking", "NOT PROTECTIVELY MARKED", "" },
	{ "SIO", "SIO-Label", "fgcolor=black; marking=\"CONFIDENTIAL\"; type=\":ess\"",
	    "confidential@header subject" },
	{ "SIO in pieces", "SIO-Label", "marking*0*=UTF-8''OFFICIAL%2D; "
	    "marking*1=\"SENSITIVE\"", "sensitive@header subject" },
	{ "SIO, other parameters", "SIO-Label", "type=\"CONFIDENTIAL\"; marking=", "" },
	{ "another field", "X-Mailer", "Confidential", "" },
};
/* clang-format on */

START_TEST(test_headers)
{
	const struct header_case *c = &header_cases[_i];
	g_autoptr(content) content = content_new();
	g_autoptr(header_facts) headers = header_facts_new();
	g_autoptr(GPtrArray) found = NULL;
	g_autofree char *got = NULL;

	g_ptr_array_add(headers->fields, mailbox_new(c->field, c->value));
	found = markings_find(shipped, headers, content, &cut);
	got = describe(found);
	ck_assert_msg(strcmp(got, c->want) == 0, "%s: got \"%s\", want \"%s\"",
	    c->name, got, c->want);
}
END_TEST

/* clang-format off */
static const struct contradiction_case {
	const char *name;
	struct piece pieces[SEGMENTS];
	bool reply;
	const char *want;	/* NULL: none */
} contradiction_cases[] = {
	{ "none", { { ORIGIN_SUBJECT, "Confidential: kiosk" } }, false, NULL },
	{ "release", { { ORIGIN_SUBJECT, "OFFICIAL-SENSITIVE - for public release" } },
	    false, "for public release and OFFICIAL-SENSITIVE - for public release" },
	{ "release below", { { ORIGIN_SUBJECT, "Confidential: kiosk" },
	    { ORIGIN_OWN, "FOR IMMEDIATE RELEASE\n\nText\n" } }, false,
	    "FOR IMMEDIATE RELEASE and Confidential" },
	{ "not for publication", { { ORIGIN_SUBJECT, "Not for publication" } }, false, NULL },
	{ "embargo without its time", { { ORIGIN_SUBJECT, "Embargoed: kiosk" } }, false,
	    "Embargoed without its time" },
	{ "time in the text", { { ORIGIN_SUBJECT, "Embargoed: kiosk" },
	    { ORIGIN_OWN, "Embargoed until 10:00 on 4 July.\n" } }, false, NULL },
	{ "dropped", { { ORIGIN_SUBJECT, "RE: Kiosk" }, { ORIGIN_OWN, "Yes.\n" },
	    { ORIGIN_QUOTED, "CONFIDENTIAL\n\nNo?\n" } }, true,
	    "what it answers or passes on is marked CONFIDENTIAL, the message itself "
	    "is not" },
	{ "kept", { { ORIGIN_SUBJECT, "RE: CONFIDENTIAL" }, { ORIGIN_OWN, "Yes.\n" },
	    { ORIGIN_QUOTED, "CONFIDENTIAL\n\nNo?\n" } }, true, NULL },
};
/* clang-format on */

START_TEST(test_contradiction)
{
	const struct contradiction_case *c = &contradiction_cases[_i];
	g_autoptr(content) content = content_of(c->pieces);
	g_autoptr(header_facts) headers = header_facts_new();
	g_autoptr(GPtrArray) found = NULL;
	g_autofree char *got = NULL;

	headers->is_reply = c->reply;
	found = markings_find(shipped, headers, content, &cut);
	got = markings_contradiction(shipped, found, headers, content);
	ck_assert_msg(g_strcmp0(got, c->want) == 0,
	    "%s: got \"%s\", want \"%s\"", c->name, got, c->want);
}
END_TEST

/* Labels by id and by name, fields, and "despite", in rules of one's own. */
START_TEST(test_labels)
{
	static const char text[] = "marking ours\n"
				   "    kind ours\n"
				   "    label \"" GUID "\", \"Members\"\n"
				   "    header \"X-Class\" \"3\"\n";
	static const struct header_case cases[] = {
	    {"id", "msip_labels", "MSIP_Label_" GUID "_Enabled=true",
		"ours@header subject"},
	    {"name", "msip_labels", "MSIP_Label_" OTHER "_Name=members",
		"ours@header subject"},
	    {"field", "x-class", "3", "ours@header subject"},
	    {"neither", "msip_labels", "MSIP_Label_" OTHER "_Name=Public", ""},
	};
	g_autoptr(diags) diags = diags_new();
	g_autoptr(pattern_file) file = NULL;
	struct marking_rules *rules = read_rules(text, &file, diags);
	const struct header_case *c = &cases[_i];
	g_autoptr(content) content = content_new();
	g_autoptr(header_facts) headers = header_facts_new();
	g_autoptr(GPtrArray) found = NULL;
	g_autofree char *got = NULL;

	ck_assert_uint_eq(diags_errors(diags), 0);
	g_ptr_array_add(headers->fields, mailbox_new(c->field, c->value));
	found = markings_find(rules, headers, content, &cut);
	got = describe(found);
	ck_assert_str_eq(got, c->want);
	g_clear_pointer(&found, g_ptr_array_unref);
	marking_rules_free(rules);
}
END_TEST

/* clang-format off */
static const struct fault_case {
	const char *name, *text, *want;
} fault_cases[] = {
	{ "good", "marking m\n    kind a\n    alone \"x\"\n    match \"x\"\n", "" },
	{ "no kind", "marking m\n    alone \"x\"\n",
	    "t.patterns:1:9: error: the marking \"m\" needs a kind\n"
	    "marking m\n        ^\n" },
	{ "clause", "marking m\n    kind a\n    allone \"x\"\n",
	    "t.patterns:3:5: error: unknown clause \"allone\" of a marking\n"
	    "    allone \"x\"\n    ^~~~~~\n" },
	{ "place", "marking m\n    kind a\n    in subjet\n",
	    "t.patterns:3:8: error: unknown word \"subjet\", did you mean \"subject\"?\n"
	    "    in subjet\n       ^~~~~~\n" },
	{ "despite", "marking m\n    kind a\n    despite q\n",
	    "t.patterns:3:13: error: there is no mention \"q\"\n"
	    "    despite q\n            ^\n" },
	{ "example", "marking m\n    kind a\n    alone \"x\"\n    match \"y\"\n",
	    "t.patterns:4:11: error: \"m\" does not find this example\n"
	    "    match \"y\"\n          ^~~\n" },
	{ "counterexample", "marking m\n    kind a\n    alone \"x\"\n"
	    "    no match in subject \"x\"\n",
	    "t.patterns:4:25: error: \"m\" must not find this example and does\n"
	    "    no match in subject \"x\"\n                        ^~~\n" },
	{ "other blocks are somebody else's", "evidence e\n    anchor \"x\"\n", "" },
};
/* clang-format on */

START_TEST(test_faults)
{
	const struct fault_case *c = &fault_cases[_i];
	g_autoptr(diags) diags = diags_new();
	g_autoptr(pattern_file) file = NULL;
	struct marking_rules *rules = read_rules(c->text, &file, diags);
	g_autofree char *got = NULL;

	if (diags_errors(diags) == 0)
		marking_rules_try(rules, diags);
	got = diags_to_string(diags);
	ck_assert_msg(strcmp(got, c->want) == 0, "%s: got\n%s\nwant\n%s",
	    c->name, got, c->want);
	marking_rules_free(rules);
}
END_TEST

/* Hostile texts end soon. */
START_TEST(test_hostile)
{
	static const char *const pieces[] = {"confidential ", "CONFIDENTIAL\n",
	    "[", "this is not ", "\xe2\x80\xa2 ", "private and ", "> ", "\n",
	    "if exempt under paragraph 1 ", "Embargoed 00:01 "};
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(content) content = NULL;
	g_autoptr(GPtrArray) found = NULL;
	struct piece hostile[SEGMENTS] = {{ORIGIN_OWN, NULL}};

	while (text->len < 100000)
		g_string_append(text, pieces[_i]);
	hostile[0].text = text->str;
	content = content_of(hostile);
	found = markings_find(shipped, NULL, content, &cut);
	ck_assert_uint_le(found->len, 200);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("marking");
	TCase *tc = tcase_create("marking");

	tcase_add_unchecked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, test_find, 0, G_N_ELEMENTS(find_cases));
	tcase_add_loop_test(tc, test_details, 0, G_N_ELEMENTS(detail_cases));
	tcase_add_loop_test(tc, test_headers, 0, G_N_ELEMENTS(header_cases));
	tcase_add_loop_test(
	    tc, test_contradiction, 0, G_N_ELEMENTS(contradiction_cases));
	tcase_add_loop_test(tc, test_labels, 0, 4);
	tcase_add_loop_test(tc, test_faults, 0, G_N_ELEMENTS(fault_cases));
	tcase_add_loop_test(tc, test_hostile, 0, 10);
	tcase_set_timeout(tc, 300);
	suite_add_tcase(s, tc);
	return s;
}
