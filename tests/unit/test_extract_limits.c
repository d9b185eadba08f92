/*
 * How much of an attachment is read, and that it is told when more is there.
 */
#include <string.h>

#include "tests/unit/extracting.h"
#include "tests/unit/unit.h"

/* Limits, each met by one more than it allows. */
static const struct {
	const char *name;
	struct extract_limits limits;
	const char *members[10];
	const char *want;
} limited[] = {
    {"text", {.text = 4}, {"a", "\303\264\303\264\303\264", NULL},
	"z: zip, read\nz/a: txt, truncated, more than 4 bytes of text\n"
	"\303\264\303\264\n"},
    {"text in all", {.text = 4}, {"a", "abc", "b", "def", NULL},
	"z: zip, read\nz/a: txt, read\nabc\n"
	"z/b: txt, truncated, more than 4 bytes of text\nd\n"},
    {"text before others", {.text = 3},
	{"a", "abcd", "b", "def", "c", "{\\rtf1 x}", "d",
	    "<?xml version=\"1.0\"?><a b=\"c\">x</a>", NULL},
	"z: zip, read\nz/a: txt, truncated, more than 3 bytes of text\nabc\n"
	"z/b: txt, truncated, more than 3 bytes of text\n"
	"z/c: rtf, truncated, more than 3 bytes of text\n"
	"z/d: xml, truncated, more than 3 bytes of text\n"},
    {"text before attributes", {.text = 3},
	{"a",
	    "<?xml version=\"1.0\"?><office:document xmlns:office=\"o\" "
	    "xmlns:text=\"t\"><text:p>abcd<text:s text:c=\"2\"/></text:p>"
	    "</office:document>",
	    NULL},
	"z: zip, read\nz/a: fodt, truncated, more than 3 bytes of text\nabc\n"},
    {"files", {.files = 1}, {"a", "x", "b", "y", NULL},
	"z: zip, truncated, more than 1 files\nz/a: txt, read\nx\n"},
    {"bytes", {.expanded = 3}, {"a", "ab", "b", "cd", "c", "x", NULL},
	"z: zip, truncated, it unpacks to more than is allowed\n"
	"z/a: txt, read\nab\n"
	"z/b: txt, truncated, it unpacks to more than is allowed\nc\n"},
};

START_TEST(test_limit)
{
	g_autoptr(GByteArray) zip = extracting_zip(limited[_i].members);

	extracting_check(limited[_i].name,
	    extracting_read(&limited[_i].limits, "z", zip->data, zip->len),
	    limited[_i].want);
}
END_TEST

/* More text than is kept, in elements whose attributes count. */
START_TEST(test_many_spaces)
{
	g_autoptr(GString) xml = g_string_new(
	    "<?xml version=\"1.0\"?><office:document xmlns:office=\"o\" "
	    "xmlns:text=\"t\"><text:p>");
	g_autoptr(GPtrArray) found = NULL;
	const struct attachment *a;

	for (int i = 0; i < 50000; i++)
		g_string_append(xml, "<text:s text:c=\"999999999\"/>");
	g_string_append(xml, "</text:p></office:document>");
	found = extracting_read(NULL, "a.fodt", xml->str, xml->len);
	a = found->pdata[0];
	ck_assert_int_eq(a->state, ATTACHMENT_TRUNCATED);
}
END_TEST

/* What is left out is told. */
START_TEST(test_many_properties)
{
	g_autoptr(GString) xml = g_string_new("<Properties>");
	const char *members[] = {"[Content_Types].xml", "<Types/>",
	    "word/document.xml", "<w:document xmlns:w=\"w\"/>",
	    "docProps/custom.xml", NULL, NULL};
	g_autoptr(GByteArray) zip = NULL;
	g_autoptr(GPtrArray) found = NULL;
	const struct attachment *a;

	for (int i = 0; i < 201; i++)
		g_string_append_printf(
		    xml, "<property name=\"p%d\"><s>v</s></property>", i);
	g_string_append(xml, "</Properties>");
	members[5] = xml->str;
	zip = extracting_zip(members);
	found = extracting_read(NULL, "a.docx", zip->data, zip->len);
	a = found->pdata[0];
	ck_assert_int_eq(a->state, ATTACHMENT_TRUNCATED);
	ck_assert_str_eq(a->reason, "more than 200 properties");
	ck_assert_uint_eq(a->properties->len, 200);
}
END_TEST

START_TEST(test_many_parts)
{
	g_autoptr(GString) mail =
	    g_string_new("From: a@b.example\nTo: a@b.example\nContent-Type: "
			 "multipart/mixed; boundary=b\n\n");
	g_autoptr(GPtrArray) found = NULL;
	const struct attachment *a;

	for (int i = 0; i < 1500; i++)
		g_string_append(mail, "--b\n\nx\n");
	g_string_append(mail, "--b--\n");
	found = extracting_read(NULL, "a.eml", mail->str, mail->len);
	a = found->pdata[0];
	ck_assert_int_eq(a->state, ATTACHMENT_TRUNCATED);
	ck_assert_str_eq(a->reason, "it has more parts than the limit");
}
END_TEST

/* The opening of a long text ends with a line, and nothing is twice. */
START_TEST(test_opening)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *whole = NULL;
	g_autoptr(GPtrArray) found = NULL;
	const struct attachment *a;
	gsize len;

	for (int i = 0; i < 100; i++)
		g_string_append_printf(
		    text, "Line %d of a text about the t\305\267.\n", i);
	found = extracting_read(NULL, "a.txt", text->str, text->len);
	a = found->pdata[0];
	len = strlen(a->opening);
	ck_assert_uint_gt(len, 1000);
	ck_assert_uint_lt(len, 2200);
	ck_assert_int_eq(a->opening[len - 1], '\n');
	whole = g_strconcat(a->opening, a->text, NULL);
	ck_assert_str_eq(whole, text->str);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("extract_limits");
	TCase *tcase = tcase_create("limits");

	tcase_add_loop_test(tcase, test_limit, 0, G_N_ELEMENTS(limited));
	tcase_add_test(tcase, test_many_spaces);
	tcase_add_test(tcase, test_many_properties);
	tcase_add_test(tcase, test_many_parts);
	tcase_add_test(tcase, test_opening);
	suite_add_tcase(suite, tcase);
	return suite;
}
