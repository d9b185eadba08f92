/* Files that stand in a plain text. */
#include <string.h>

#include "milter/message/content.h"
#include "milter/message/uuencode.h"
#include "tests/mail/mail.h"
#include "tests/unit/extracting.h"
#include "tests/unit/unit.h"

/* "The hall is open.\n", and the same with what comes before MIME. */
#define LINE "25&AE(&AA;&P@:7,@;W!E;BX*\n"
#define FILE_OF(name) "begin 644 " name "\n" LINE "`\nend\n"

/* Each file as "NAME=CONTENT|". */
static const struct {
	const char *text, *want;
} cases[] = {
    {"Hello.\n\n" FILE_OF("a.txt") "Bye.\n", "a.txt=The hall is open.\n|"},
    {FILE_OF("a.txt") "\n" FILE_OF("The plan.txt"),
	"a.txt=The hall is open.\n|The plan.txt=The hall is open.\n|"},
    {"begin 0600 a\r\n#86)C\r\n`\r\nend\r\n", "a=abc|"},
    /* The spaces that stand for zeros are gone, or there is a checksum. */
    {"begin 644 a\n#80\n \nend\n", "a=a\0\0|"},
    {"begin 644 a\n#86)CX\n`\nend\n", "a=abc|"},
    /* Cut. */
    {"begin 644 a\n#86)C\n", "a=abc|"},
    {"begin 644 a\n#86)C", "a=abc|"},
    /* No files. */
    {"begin with 3 lines\n#86)C\nend\n", ""},
    {"> begin 644 a\n#86)C\nend\n", ""},
    {"begin 644 a\nend\n", ""},
    {"begin 644 a\n`\nend\n", ""},
    {"begin 644 \n#86)C\n`\nend\n", ""},
    {"begin 64 a\n#86)C\n`\nend\n", ""},
    {"begin 644 a\nWe accept your quotation.\n`\nend\n", ""},
    {"begin 644 a\nW@ ACCEPT YOUR QUOTATION\n`\nend\n", ""},
    {"begin 644 a\n#86)CXYZ\n`\nend\n", ""},
    {"begin", ""},
    {"", ""},
};

static char *
show(const char *text)
{
	GString *out = g_string_new(NULL);
	gsize len = strlen(text), pos = 0;
	struct uuencoded file;

	while (uuencode_find(text, len, &pos, &file)) {
		g_autoptr(GBytes) bytes = uuencode_decode(text, &file);
		g_autofree char *name = file.name;
		gsize size;
		const char *data = g_bytes_get_data(bytes, &size);

		ck_assert(uuencode_suspect(text, len));
		g_string_append_printf(out, "%s=%.*s|", name, (int)size, data);
	}
	return g_string_free(out, FALSE);
}

START_TEST(find)
{
	g_autofree char *got = show(cases[_i].text);

	ck_assert_msg(g_str_has_prefix(got, cases[_i].want) &&
			  (*cases[_i].want != '\0' || *got == '\0'),
	    "%s: %s", cases[_i].text, got);
}
END_TEST

/* All lengths of a last line, and whatever is in it. */
START_TEST(every)
{
	guint8 data[45];

	for (gsize len = 1; len <= sizeof(data); len++) {
		g_autoptr(GString) text = g_string_new("begin 644 a\n");
		g_autoptr(GBytes) bytes = NULL;
		g_autofree char *name = NULL;
		struct uuencoded file;
		gsize pos = 0;

		data[len - 1] = (guint8)(len * 37);
		g_string_append_c(text, (char)(' ' + len));
		for (gsize i = 0; i < len; i += 3) {
			guint32 three =
			    (guint32)data[i] << 16 |
			    (i + 1 < len ? (guint32)data[i + 1] << 8 : 0) |
			    (i + 2 < len ? data[i + 2] : 0);

			for (int shift = 18; shift >= 0; shift -= 6)
				g_string_append_c(
				    text, (char)(' ' + (three >> shift & 63)));
		}
		g_string_append(text, "\n`\nend\n");
		ck_assert(uuencode_find(text->str, text->len, &pos, &file));
		name = file.name;
		bytes = uuencode_decode(text->str, &file);
		ck_assert_uint_eq(g_bytes_get_size(bytes), len);
		ck_assert_mem_eq(g_bytes_get_data(bytes, NULL), data, len);
	}
}
END_TEST

/* How the text itself is sent does not matter. */
START_TEST(attachments)
{
	static const char text[] = "Hello.\n" FILE_OF("a.txt");
	g_autofree char *coded =
	    g_base64_encode((const guchar *)text, sizeof(text) - 1);
	g_autofree char *source =
	    g_strconcat("From: a@b.example\n"
			"Content-Transfer-Encoding: base64\n\n",
		coded, "\n", NULL);
	g_autoptr(mail) mail = mail_parse(source, strlen(source), true);
	g_autoptr(message) m = mail_message(mail, NULL);
	const GPtrArray *found = message_attachments(m);
	const struct message_attachment *a;
	g_autoptr(GBytes) data = NULL;

	ck_assert_uint_eq(found->len, 1);
	ck_assert_uint_eq(message_facts(m)->attachments, 1);
	a = found->pdata[0];
	ck_assert_str_eq(a->name, "a.txt");
	data = message_attachment_data(a);
	ck_assert_uint_eq(g_bytes_get_size(data), 18);
}
END_TEST

START_TEST(attached)
{
	static const char inner[] =
	    "From: a@b.example\nSubject: Roof\n\nHello.\n" FILE_OF("a.txt");

	extracting_check("a.eml",
	    extracting_read(NULL, "a.eml", inner, sizeof(inner) - 1),
	    "a.eml: eml, read\nFrom: a@b.example\nSubject: "
	    "Roof\nHello.\n" FILE_OF(
		"a.txt") "a.eml/a.txt: txt, read\nThe hall is open.\n");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("uuencode");
	TCase *tcase = tcase_create("uuencode");

	tcase_add_loop_test(tcase, find, 0, G_N_ELEMENTS(cases));
	tcase_add_test(tcase, every);
	tcase_add_test(tcase, attachments);
	tcase_add_test(tcase, attached);
	suite_add_tcase(suite, tcase);
	return suite;
}
