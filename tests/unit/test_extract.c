#include <string.h>

#include "tests/unit/extracting.h"
#include "tests/unit/unit.h"

enum { SECONDS = 120 }; /* for a test, on a machine that is busy */

static struct extractor *
start(const struct extract_limits *limits)
{
	g_autoptr(GError) error = NULL;
	struct extractor *extractor = extractor_new(limits, NULL, &error);

	ck_assert_msg(
	    extractor != NULL, "%s", error != NULL ? error->message : "");
	return extractor;
}

static GPtrArray *
read_path(struct extractor *extractor, const char *path)
{
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *data = NULL;
	gsize len;

	ck_assert_msg(
	    g_file_get_contents(path, &data, &len, NULL), "no %s", path);
	return extractor_read(extractor, name, NULL, data, len);
}

#define MINUTES_TEXT                                                     \
	"Minutes of the Green Committee",                                \
	    "The clerk\342\200\231s report "                             \
	    "was noted",                                                 \
	    "and the hedge costs \302\243120 \342\200\223 not more.",    \
	    "Mae\342\200\231r cyngor yn cytuno: t\305\267, d\305\265r, " \
	    "\305\265yl."
#define MINUTES_REST                                             \
	"Item\tPrice\nHedge\t\302\243120\n", "First, the lock.", \
	    "Second, the slat.", "Overleaf: the meeting closed at nine."
#define MINUTES_MARGIN                                                       \
	"OFFICIAL-SENSITIVE: not for publication\nWoodland Parish Council, " \
	"draft minutes\n"
#define BUDGET                                                         \
	"Precept", "41250", "agreed in t\305\267\342\200\231r cyngor", \
	    "Burial fees", "980"

/* What LibreOffice wrote; each of the words after the one before. */
static const struct {
	const char *file, *first;
	const char *words[16];
} documents[] = {
    {"minutes.odt",
	"minutes.odt: odt, read\ntitle = Minutes of the Green Committee\n"
	"subject = Village green\ndescription = For members only\n"
	"keyword = green\nMSIP_Label_f1e2_Name = "
	"Official-Sensitive\n" MINUTES_MARGIN,
	{MINUTES_TEXT, "Is this the right price?",
	    "Before the box.\nThe bench is behind the pond.\n", MINUTES_REST}},
    {"minutes.fodt",
	"minutes.fodt: fodt, read\ntitle = Minutes of the Green Committee\n"
	"subject = Village green\ndescription = For members only\n"
	"keyword = green\nMSIP_Label_f1e2_Name = "
	"Official-Sensitive\n" MINUTES_MARGIN,
	{MINUTES_TEXT, "Is this the right price?", "Before the box.\n",
	    "The bench is behind the pond.\n", MINUTES_REST}},
    {"minutes.docx",
	"minutes.docx: docx, read\ndescription = For members only\n"
	"keywords = green\nsubject = Village green\n"
	"title = Minutes of the Green Committee\n"
	"MSIP_Label_f1e2_Name = Official-Sensitive\n" MINUTES_MARGIN,
	{MINUTES_TEXT, "Before the box.\nThe bench is behind the pond.\n",
	    MINUTES_REST, "The report is kept by the clerk.",
	    "Is this the right price?"}},
    {"minutes.rtf",
	"minutes.rtf: rtf, read\ntitle = Minutes of the Green Committee\n"
	"subject = Village green\nkeywords = green\n"
	"description = For members only\n"
	"MSIP_Label_f1e2_Name = Official-Sensitive\n" MINUTES_MARGIN,
	{MINUTES_TEXT, "Is this the right price?",
	    "Before the box.\nThe bench is behind the pond.\n", MINUTES_REST}},
    {"minutes.pdf",
	"minutes.pdf: pdf, read\nKeywords = green\nSubject = Village green\n"
	"Title = Minutes of the Green Committee\n"
	"OFFICIAL-SENSITIVE: not for publication\n",
	{MINUTES_TEXT, "Before the box.", "Item\nPrice\nHedge\n\302\243120\n",
	    "First, the lock.", "Second, the slat.",
	    "The report is kept by the clerk.",
	    "Woodland Parish Council, draft minutes",
	    "Overleaf: the meeting closed at nine."}},
    {"minutes.doc",
	"minutes.doc: doc, read\ntitle = Minutes of the Green Committee\n"
	"subject = Village green\nkeywords = green\n"
	"description = For members only\n"
	"MSIP_Label_f1e2_Name = Official-Sensitive\n",
	{MINUTES_TEXT, "Before the box.", "Item", "Price", "Hedge",
	    "\302\243120", "First, the lock.", "Second, the slat.",
	    "Overleaf: the meeting closed at nine.",
	    "The report is kept by the clerk."}},
    {"budget.ods",
	"budget.ods: ods, read\ntitle = Budget of the parish\n"
	"Classification = Confidential\nBudget: confidential draft\nIncome\n",
	{BUDGET, "Spending\nLegal advice\nAsk the solicitor first.\n"}},
    {"budget.xlsx",
	"budget.xlsx: xlsx, read\ntitle = Budget of the parish\n"
	"Classification = Confidential\nBudget: confidential draft\nIncome\n",
	{BUDGET, "Spending\nLegal advice\nAsk the solicitor first.\n"}},
    {"budget.xls",
	"budget.xls: xls, read\ntitle = Budget of the parish\n"
	"Classification = Confidential\n",
	{BUDGET, "Legal advice"}},
    {"talk.odp",
	"talk.odp: odp, read\ntitle = A talk on the hall\n"
	"CONFIDENTIAL: the village hall\nThank the volunteers first.\n"
	"The roof costs \302\2439,000\n"
	"The tenant\342\200\231s rent is in arrears\n",
	{NULL}},
    {"talk.pptx", "talk.pptx: pptx, read\ntitle = A talk on the hall\n",
	{"CONFIDENTIAL: the village hall\nThank the volunteers first.\n"
	 "The roof costs \302\2439,000\n"
	 "The tenant\342\200\231s rent is in arrears\n"}},
    {"talk.ppt.gz",
	"talk.ppt.gz: gz, read\ntalk.ppt.gz/talk.ppt: ppt, read\n"
	"title = A talk on the hall\nCONFIDENTIAL: the village hall\n"
	"The roof costs \302\2439,000\n"
	"The tenant\342\200\231s rent is in arrears\n"
	"Thank the volunteers first.\n",
	{NULL}},
    {"files.pdf",
	"files.pdf: pdf, unsupported, files inside a PDF are not read\n"
	"Outer words.\n",
	{"files.pdf/notes.txt: , unsupported, "
	 "files inside a PDF are not read\n"}},
    {"locked.docx", "locked.docx: ole, encrypted, it is encrypted\n", {NULL}},
    {"locked.odt", "locked.odt: odt, encrypted, it has a password\n", {NULL}},
    {"locked.doc", "locked.doc: doc, encrypted, it has a password\n", {NULL}},
    {"locked.xls", "locked.xls: xls, encrypted, it has a password\n", {NULL}},
    {"locked.pdf", "locked.pdf: pdf, encrypted, it has a password\n", {NULL}},
    {"locked.7z", "locked.7z: 7z, encrypted, it has a password\n", {NULL}},
    {"locked.zip",
	"locked.zip: zip, encrypted, files in it have a password\n"
	"locked.zip/secret.txt: , encrypted, it has a password\n",
	{NULL}},
};

START_TEST(test_document)
{
	struct extractor *extractor = start(NULL);
	g_autofree char *path = unit_source(
	    "tests", "extract", "documents", documents[_i].file, NULL);
	g_autoptr(GPtrArray) found = read_path(extractor, path);
	g_autofree char *show = extracting_show(found);
	const char *at = show;

	ck_assert_msg(g_str_has_prefix(show, documents[_i].first),
	    "%s: got\n%s\nwant first\n%s", documents[_i].file, show,
	    documents[_i].first);
	for (const char *const *word = documents[_i].words; *word != NULL;
	     word++) {
		at = strstr(at, *word);
		ck_assert_msg(at != NULL, "%s: no \"%s\" in its place in\n%s",
		    documents[_i].file, *word, show);
		at += strlen(*word);
	}
	if (strstr(documents[_i].first, "encrypted") == NULL)
		ck_assert_ptr_null(strstr(show, "Mr Tester"));
	extractor_free(extractor);
}
END_TEST

#define MANY "it unpacks to more than is allowed"

/* How each file of hostile.py ends; more than that may follow. */
static const struct {
	const char *file, *want;
	bool more;
} hostile[] = {
    {"bomb.gz", "gz, truncated, " MANY "\nbomb.gz/bomb: txt, truncated, " MANY,
	true},
    {"bomb.xz", "xz, truncated, " MANY "\nbomb.xz/bomb: txt, truncated, " MANY,
	true},
    {"bomb.zip", "zip, truncated, " MANY "\nbomb.zip/", true},
    {"bomb.docx", "docx, truncated, " MANY "\n", false},
    {"wide.zip", "zip, truncated, " MANY "\nwide.zip/0.zip: zip, truncated",
	true},
    {"deep.zip", "zip, read\n", true},
    {"overlap.zip", "zip, truncated, " MANY "\n", true},
    {"many.zip", "zip, truncated, more than 1000 files\n", true},
    {"empty.zip", "zip, read\n", false},
    {"laughs.xml", "xml, failed, its XML declares entities, as attacks do\n",
	false},
    {"laughs.docx", "docx, failed, its XML declares entities, as attacks do\n",
	false},
    {"outside.docx", "docx, failed, its XML declares entities, as attacks do\n",
	false},
    {"nested.docx", "docx, failed, its XML is damaged\n", false},
    {"repeated.xlsx", "xlsx, truncated, more than 4194304 bytes of text\n",
	true},
    {"names.zip",
	"zip, read\nnames.zip/../../etc/passwd: txt, read\nclimbed\n"
	"names.zip//etc/shadow: txt, read\nrooted\n",
	true},
    {"links.tar", "tar, read\nlinks.tar/link/../../x.txt: txt, read\nclimbed\n",
	false},
    {"braces.rtf", "rtf, failed, groups nested more than 1000 deep\n", false},
    {"binary.rtf", "rtf, failed, it ends in the middle\nbefore\n", false},
    {"wide.rtf", "rtf, read\n", true},
    {"siblings.doc", "ole, unsupported, nothing here reads such files\n",
	false},
    {"children.doc", "ole, unsupported, nothing here reads such files\n",
	false},
    {"pages.pdf", "pdf, read\nPage 1 of many\n", true},
};

static char *directory;

static void
write_hostile(void)
{
	g_autofree char *script =
	    unit_source("tests", "extract", "hostile.py", NULL);
	const char *argv[] = {"python3", "-B", script, NULL, NULL};
	g_autoptr(GError) error = NULL;
	int status = -1;

	directory = unit_directory();
	argv[3] = directory;
	ck_assert_msg(
	    g_spawn_sync(NULL, (char **)(gpointer)argv, NULL,
		G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error) &&
		status == 0,
	    "hostile.py: %s", error != NULL ? error->message : "");
}

static void
remove_hostile(void)
{
	unit_remove(directory);
	g_free(directory);
}

START_TEST(test_hostile)
{
	const char *file = hostile[_i].file;
	struct extractor *extractor = start(NULL);
	g_autofree char *path = g_build_filename(directory, file, NULL);
	g_autoptr(GPtrArray) found = read_path(extractor, path);
	g_autofree char *show = extracting_show(found);
	g_autofree char *want = g_strconcat(file, ": ", hostile[_i].want, NULL);

	ck_assert_msg(hostile[_i].more ? g_str_has_prefix(show, want)
				       : strcmp(show, want) == 0,
	    "%s: got\n%.2000s\nwant\n%s", file, show, want);
	if (strcmp(file, "pages.pdf") == 0)
		ck_assert_ptr_nonnull(strstr(show, "Page 10000 of many"));
	ck_assert_ptr_null(strstr(show, "root:"));
	extracting_check_works(extractor, file);
	extractor_free(extractor);
}
END_TEST

/* Any state is right, but there must be one, and nothing may break. */
START_TEST(test_damaged)
{
	const char *file = documents[_i].file;
	struct extractor *extractor = start(NULL);
	g_autofree char *path =
	    unit_source("tests", "extract", "documents", file, NULL);
	g_autofree char *data = NULL;
	g_autoptr(GRand) random = g_rand_new_with_seed((guint32)_i);
	gsize len;

	ck_assert(g_file_get_contents(path, &data, &len, NULL));
	for (int round = 0; round < 12; round++) {
		g_autofree char *copy = g_memdup2(data, len);
		gsize left = len;
		g_autoptr(GPtrArray) found = NULL;

		if (round % 3 == 0)
			left = (gsize)g_rand_int_range(random, 1, (int)len);
		for (int i = 0; i < round; i++)
			copy[g_rand_int_range(random, 0, (int)left)] ^=
			    (char)(1 << g_rand_int_range(random, 0, 8));
		found = extractor_read(extractor, file, NULL, copy, left);
		for (guint i = 0; i < found->len; i++) {
			const struct attachment *a = found->pdata[i];

			ck_assert_msg(
			    a->reason == NULL ||
				strstr(a->reason, "its reader broke") == NULL,
			    "%s, round %d: %s", file, round, a->reason);
		}
	}
	extracting_check_works(extractor, file);
	extractor_free(extractor);
}
END_TEST

/* The beginning of what is too long is read. */
START_TEST(test_input)
{
	struct extract_limits limits = {.input = 5};
	struct extractor *extractor = start(&limits);
	g_autoptr(GPtrArray) found =
	    extractor_read(extractor, "a.txt", NULL, "Hello, you.", 11);
	g_autofree char *show = extracting_show(found);

	ck_assert_str_eq(
	    show, "a.txt: txt, truncated, more than 5 bytes\nHello\n");
	extractor_free(extractor);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("extract");
	TCase *tcase = tcase_create("documents");

	tcase_set_timeout(tcase, SECONDS);
	tcase_add_loop_test(tcase, test_document, 0, G_N_ELEMENTS(documents));
	tcase_add_loop_test(tcase, test_damaged, 0, G_N_ELEMENTS(documents));
	tcase_add_test(tcase, test_input);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("hostile");
	tcase_set_timeout(tcase, SECONDS);
	tcase_add_unchecked_fixture(tcase, write_hostile, remove_hostile);
	tcase_add_loop_test(tcase, test_hostile, 0, G_N_ELEMENTS(hostile));
	suite_add_tcase(suite, tcase);
	return suite;
}
