/*
 * Attachments as the session gathers them: what they say, and how much of it.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "milter/gather.h"
#include "milter/message/content.h"
#include "tests/unit/unit.h"

#define ATTACHED(text)                                   \
	"Content-Type: text/plain\n"                     \
	"Content-Disposition: attachment; filename=a\n\n" \
	text "\n"

static struct message *
make_message(void)
{
	static const char body[] = "--p\n\nSee below.\n--p\n"
	    ATTACHED("first file") "--p\n" ATTACHED("second \303\251 file")
	    "--p--\n";
	static const struct message_limits limits = {0};
	struct message *message = message_new(&limits);

	message_add_header(
	    message, "Content-Type", " multipart/mixed; boundary=p");
	message_add_body(message, body, strlen(body));
	return message;
}

/* Bytes of all together, and what is left of the second one. */
static const struct {
	gsize limit;
	enum attachment_state first, second;
	const char *text;
} limits[] = {
    {0, ATTACHMENT_READ, ATTACHMENT_READ, "second \303\251 file"},
    {100, ATTACHMENT_READ, ATTACHMENT_READ, "second \303\251 file"},
    {20, ATTACHMENT_READ, ATTACHMENT_TRUNCATED, "second \303\251"},
    {18, ATTACHMENT_READ, ATTACHMENT_TRUNCATED, "second "},
    {4, ATTACHMENT_TRUNCATED, ATTACHMENT_TRUNCATED, ""},
};

static char *
whole_text(const struct attachment *attachment)
{
	g_autofree char *text = g_strconcat(
	    attachment->opening != NULL ? attachment->opening : "",
	    attachment->text != NULL ? attachment->text : "", NULL);

	return g_strdup(g_strchomp(text));
}

START_TEST(bounded)
{
	static const struct extract_limits none = {0};
	static const struct extract_programs programs = {"", "", "", NULL};
	g_autoptr(GError) error = NULL;
	struct extractor *extractor = extractor_new(&none, &programs, &error);
	g_autoptr(message) message = make_message();
	g_autoptr(content) content = content_new();
	const struct attachment *first, *second;
	g_autofree char *text = NULL;
	g_autofree char *want = g_strchomp(g_strdup(limits[_i].text));

	ck_assert_msg(extractor != NULL, "%s", error ? error->message : "");
	gather_attachments(content, message, extractor, limits[_i].limit);
	extractor_free(extractor);
	ck_assert_uint_eq(content->attachments->len, 2);
	first = content->attachments->pdata[0];
	second = content->attachments->pdata[1];
	ck_assert_str_eq(first->name, "a");
	ck_assert_int_eq(first->state, limits[_i].first);
	ck_assert_int_eq(second->state, limits[_i].second);
	text = whole_text(second);
	ck_assert_str_eq(text, want);
}
END_TEST

/* Each is given its second; after five all others are given up. */
START_TEST(patient)
{
	static const struct message_limits no_limits = {0};
	static const struct extract_limits second = {.seconds = 1};
	g_autofree char *folder = unit_directory();
	g_autofree char *path = unit_write(
	    folder, "pdftotext", "#!/bin/bash\nwhile :; do :; done\n");
	const struct extract_programs programs = {path, "", "", NULL};
	g_autoptr(message) message = message_new(&no_limits);
	g_autoptr(content) content = content_new();
	g_autoptr(GString) body = g_string_new("--p\n\nSee below.\n");
	struct extractor *extractor;
	const struct attachment *last;
	gint64 start;
	int i;

	ck_assert_int_eq(g_chmod(folder, 0755), 0);
	ck_assert_int_eq(g_chmod(path, 0755), 0);
	extractor = extractor_new(&second, &programs, NULL);
	ck_assert_ptr_nonnull(extractor);
	ck_assert_uint_eq(extractor_patience(extractor), 5);
	for (i = 0; i < 60; i++)
		g_string_append(body, "--p\nContent-Type: application/pdf\n\n"
				      "%PDF-1.4\n");
	g_string_append(body, "--p--\n");
	message_add_header(
	    message, "Content-Type", " multipart/mixed; boundary=p");
	message_add_body(message, body->str, body->len);
	start = g_get_monotonic_time();
	gather_attachments(content, message, extractor, 0);
	ck_assert_int_lt(
	    g_get_monotonic_time() - start, 30 * G_USEC_PER_SEC);
	extractor_free(extractor);
	unit_remove(folder);
	ck_assert_uint_eq(content->attachments->len, 60);
	last = content->attachments->pdata[59];
	ck_assert_int_eq(last->state, ATTACHMENT_TIMED_OUT);
	ck_assert_str_eq(
	    last->reason, "the attachments took too long together");
}
END_TEST

START_TEST(nobody_reads)
{
	g_autoptr(message) message = make_message();
	g_autoptr(content) content = content_new();
	const struct attachment *first;

	gather_attachments(content, message, NULL, 0);
	ck_assert_uint_eq(content->attachments->len, 2);
	first = content->attachments->pdata[0];
	ck_assert_int_eq(first->state, ATTACHMENT_UNSUPPORTED);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("gather");
	TCase *tcase = tcase_create("gather");

	tcase_add_loop_test(tcase, bounded, 0, G_N_ELEMENTS(limits));
	tcase_add_test(tcase, nobody_reads);
	tcase_add_test(tcase, patient);
	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return suite;
}
