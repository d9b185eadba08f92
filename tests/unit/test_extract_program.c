/*
 * Programs that read attachments for a worker, in place of pdftotext: what they
 * may do, and how they end.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/extracting.h"
#include "tests/unit/unit.h"

/* It forks last, since it does not survive that. */
static const char prisoner[] =
    "#!/bin/bash\n"
    "read -r line </etc/passwd && echo may read\n"
    "echo x >\"$0.written\" && echo has written\n"
    "exec 3<>/dev/tcp/127.0.0.1/22 && echo has connected\n"
    "[ \"$UID\" = 0 ] && echo is root\n"
    "kill -9 $PPID && echo has killed\n"
    "echo end\n"
    "(echo has forked)\n";

START_TEST(test_program)
{
	g_autofree char *folder = unit_directory();
	g_autofree char *path = unit_write(folder, "pdftotext", prisoner);
	g_autofree char *written = g_strconcat(path, ".written", NULL);
	struct extract_programs programs = {path, NULL, NULL, NULL};
	g_autoptr(GError) error = NULL;
	struct extractor *extractor;
	g_autoptr(GPtrArray) found = NULL;
	g_autofree char *show = NULL;

	/* Anybody may write there, but for the sandbox. */
	ck_assert_int_eq(g_chmod(folder, 0777), 0);
	ck_assert_int_eq(g_chmod(path, 0755), 0);
	extractor = extractor_new(NULL, &programs, &error);
	ck_assert_msg(
	    extractor != NULL, "%s", error != NULL ? error->message : "");
	found = extractor_read(extractor, "x.pdf", NULL, "%PDF-1.4\n", 9);
	show = extracting_show(found);
	ck_assert_msg(strstr(show, "may read") != NULL, "%s", show);
	ck_assert_msg(strstr(show, "has ") == NULL, "%s", show);
	ck_assert_msg(
	    geteuid() != 0 || strstr(show, "is root") == NULL, "%s", show);
	ck_assert_msg(g_str_has_suffix(show, "end\n"), "%s", show);
	ck_assert(!g_file_test(written, G_FILE_TEST_EXISTS));
	extractor_free(extractor);
	unit_remove(folder);
}
END_TEST

/* Programs that do not end, or do not stop. */
static const struct {
	const char *name, *script, *want;
} programs[] = {
    {"sleeps", "#!/bin/bash\nwhile :; do :; done\n",
	"x.pdf: pdf, timed out, pdftotext took too long\n"},
    {"talks", "#!/bin/bash\nwhile :; do echo aaaaaaaaaaaaaaaaaaa; done\n",
	"x.pdf: pdf, truncated, more than 1000 bytes of text\naaa"},
    {"complains",
	"#!/bin/bash\nfor i in {1..999}; do echo aaaaaaaaa >&2; done\necho x\n",
	"x.pdf: pdf, read\nx\n"},
    {"is damaged", "#!/bin/bash\necho x\nexit 3\n",
	"x.pdf: pdf, failed, it is damaged\nx\n"},
    {"writes two pages", "#!/bin/bash\nprintf 'One.\\n\\fTwo.\\n'\n",
	"x.pdf: pdf, read\nOne.\n\nTwo.\n"},
    {"writes much that is no text",
	"#!/bin/bash\nLC_ALL=C\nprintf -v x '%060000d' 0\n"
	"printf %s \"${x//0/$'\\377'}\"\n",
	"x.pdf: pdf, truncated, more than 1000 bytes of text\n"},
    {"finds no text", "#!/bin/bash\nprintf '\\f\\f'\n",
	"x.pdf: pdf, unsupported, it has no text, but perhaps pictures of "
	"text\n"},
    {"lacks a key",
	"#!/bin/bash\necho \"Couldn't find the 'X' security handler\" >&2\n"
	"exit 1\n",
	"x.pdf: pdf, encrypted, it is encrypted\n"},
    {"is no program", "\177ELF", "x.pdf: pdf, failed, pdftotext broke\n"},
};

START_TEST(test_program_end)
{
	g_autofree char *folder = unit_directory();
	g_autofree char *path =
	    unit_write(folder, "pdftotext", programs[_i].script);
	struct extract_programs wanted = {path, NULL, NULL, NULL};
	struct extract_limits limits = {.seconds = 2, .text = 1000};
	struct extractor *extractor;
	g_autoptr(GPtrArray) found = NULL;
	g_autofree char *show = NULL;

	ck_assert_int_eq(g_chmod(folder, 0755), 0);
	ck_assert_int_eq(g_chmod(path, 0755), 0);
	extractor = extractor_new(&limits, &wanted, NULL);
	ck_assert_ptr_nonnull(extractor);
	found = extractor_read(extractor, "x.pdf", NULL, "%PDF-1.4\n", 9);
	show = extracting_show(found);
	ck_assert_msg(g_str_has_prefix(show, programs[_i].want),
	    "%s: got %.500s", programs[_i].name, show);
	extracting_check_works(extractor, programs[_i].name);
	extractor_free(extractor);
	unit_remove(folder);
}
END_TEST

START_TEST(test_no_program)
{
	struct extract_programs wanted = {"/nonexistent", NULL, NULL, NULL};
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(extractor_new(NULL, &wanted, &error));
	ck_assert_str_eq(error->message, "/nonexistent: no such program");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("extract_program");
	TCase *tcase = tcase_create("program");

	/* On a machine that is busy. */
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, test_program);
	tcase_add_loop_test(tcase, test_program_end, 0, G_N_ELEMENTS(programs));
	tcase_add_test(tcase, test_no_program);
	suite_add_tcase(suite, tcase);
	return suite;
}
