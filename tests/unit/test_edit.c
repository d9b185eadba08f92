/*
 * Footers, banners and header edits in plain text, in every encoding: what
 * comes out, byte for byte.
 */
#include <string.h>

#include "tests/mail/mail.h"
#include "tests/unit/unit.h"

static const guint8 key[] = "key of the tests";

static struct edit_request *
new_request(void)
{
	struct edit_request *r = edit_request_new();

	r->key = key;
	r->key_len = sizeof(key);
	return r;
}

/* The mail after the request, with LF for CRLF and without our marker. */
static char *
after(const char *input, const struct edit_request *r, enum edit_status *status,
    char **reason)
{
	g_autoptr(mail) m = mail_parse(input, strlen(input), true);
	g_autoptr(message) source = mail_message(m, NULL);
	g_autoptr(edit) e = edit_new(source, r);
	g_autoptr(mail) edited = mail_edit(m, source, e);
	GString *out = g_string_new(NULL);
	g_autoptr(GByteArray) bytes = NULL;

	for (guint i = edited->fields->len; i > 0; i--) {
		struct mail_field *f = edited->fields->pdata[i - 1];

		if (strcmp(f->name, "X-Council-Milter") == 0)
			g_ptr_array_remove_index(edited->fields, i - 1);
	}
	bytes = mail_bytes(edited);
	for (guint i = 0; i < bytes->len; i++)
		if (bytes->data[i] != '\r' || i + 1 == bytes->len ||
		    bytes->data[i + 1] != '\n')
			g_string_append_c(out, (char)bytes->data[i]);
	*status = e->status;
	if (reason != NULL)
		*reason = g_strdup(e->reason);
	return g_string_free(out, FALSE);
}

#define SMITH "CC councillor Sam Smith"
#define MULLER "CC councillor Zoë Müller"
#define WELSH "CC y Cynghorydd Siân Ŵyn"
#define QP "Content-Transfer-Encoding: quoted-printable\n"
#define B64 "Content-Transfer-Encoding: base64\n"
#define UTF8 "Content-Type: text/plain; charset=utf-8\n"
#define FLOWED "Content-Type: text/plain; format=flowed\n"
#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"

/* clang-format off */
static const struct footer_case {
	const char *name, *footer, *input, *want;
} footer_cases[] = {
	{ "plain", SMITH, "\nDear Jane,\n", "\nDear Jane,\n\n" SMITH "\n" },
	{ "blank line there already", SMITH, "\nDear Jane,\n\n",
	    "\nDear Jane,\n\n" SMITH "\n" },
	{ "empty", SMITH, "\n", "\n" SMITH "\n" },
	{ "utf-8 into 7bit", MULLER, UTF8 "\nDear Jane, a=b\n",
	    UTF8 QP "MIME-Version: 1.0\n"
	    "\nDear Jane, a=3Db\n\nCC councillor Zo=C3=AB M=C3=BCller\n" },
	{ "utf-8 into nothing", MULLER, "Subject: x\n\nDear Jane\n",
	    "Subject: x\n"
	    "Content-Type: text/plain; charset=utf-8\n" QP "MIME-Version: 1.0\n"
	    "\nDear Jane\n\nCC councillor Zo=C3=AB M=C3=BCller\n" },
	{ "utf-8 into 8bit", MULLER,
	    UTF8 "Content-Transfer-Encoding: 8bit\n\nSiân\n",
	    UTF8 "Content-Transfer-Encoding: 8bit\n\nSiân\n\n" MULLER "\n" },
	{ "latin-1 kept", MULLER,
	    "Content-Type: text/plain; charset=iso-8859-1\n\nSi\342n\n",
	    "Content-Type: text/plain; charset=iso-8859-1\n\nSi\342n\n\n"
	    "CC councillor Zo\353 M\374ller\n" },
	{ "latin-1 widened", WELSH,
	    "MIME-Version: 1.0\n"
	    "Content-Type: text/plain;\n charset=\"iso-8859-1\"; x=y\n" QP
	    "\nSi=E2n\n",
	    "MIME-Version: 1.0\n"
	    "Content-Type: text/plain;\n charset=utf-8; x=y\n" QP
	    "\nSi=C3=A2n\n\nCC y Cynghorydd Si=C3=A2n =C5=B4yn\n" },
	{ "us-ascii widened", MULLER,
	    "MIME-Version: 1.0\nContent-Type: text/plain; charset=us-ascii\n"
	    "\nJane\n",
	    "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n" QP
	    "\nJane\n\nCC councillor Zo=C3=AB M=C3=BCller\n" },
	{ "qp", SMITH, QP "\nSi=C3=A2n =\nlong\n",
	    QP "\nSi=C3=A2n =\nlong\n\n" SMITH "\n" },
	{ "qp, soft break at the end", SMITH, QP "\nJane=\n",
	    QP "\nJane=\n\n\n" SMITH "\n" },
	{ "qp, line ends encoded", SMITH, QP "\nJane=0D=0A=\n",
	    QP "\nJane=0D=0A=\n\n" SMITH "\n" },
	{ "qp, long footer",
	    "CC councillor Jane Jones, Sam Smith, Priya Patel, Owen Hughes, "
	    "Jane Jones and Sam Smith",
	    QP "\nJane\n",
	    QP "\nJane\n\nCC councillor Jane Jones, Sam Smith, Priya Patel, "
	    "Owen Hughes, Jane Jones a=\nnd Sam Smith\n" },
	/* "abc\r\n", the footer from the sixth octet on */
	{ "base64", SMITH, B64 "\nYWJjDQo=\n",
	    B64 "\nYWJjDQoNCkNDIGNvdW5jaWxsb3IgU2FtIFNtaXRoDQo=\n" },
	{ "base64, lines of LF", SMITH, B64 "\nYWJjCg==\n",
	    B64 "\nYWJjCgpDQyBjb3VuY2lsbG9yIFNhbSBTbWl0aAo=\n" },
	{ "base64, full groups", SMITH, B64 "\nYWJjZA0K\n",
	    B64 "\nYWJjZA0KDQpDQyBjb3VuY2lsbG9yIFNhbSBTbWl0aA0K\n" },
	{ "base64, empty", SMITH, B64 "\n\n",
	    B64 "\nQ0MgY291bmNpbGxvciBTYW0gU21pdGgNCg==\n" },
	/* UTF-16BE with its mark: "A" */
	{ "utf-16", "CC x",
	    "Content-Type: text/plain; charset=utf-16\n" B64 "\n/v8AQQ==\n",
	    "Content-Type: text/plain; charset=utf-16\n" B64
	    "\n/v8AQQANAAoADQAKAEMAQwAgAHgADQAK\n" },
	{ "utf-7", "CC a+b",
	    "Content-Type: text/plain; charset=utf-7\n\nSi+AOI-n\n",
	    "Content-Type: text/plain; charset=utf-7\n\nSi+AOI-n\n\nCC a+-b\n" },
	{ "iso-2022-jp", SMITH,
	    "Content-Type: text/plain; charset=iso-2022-jp\n\n\033$B$\"\033(B\n",
	    "Content-Type: text/plain; charset=iso-2022-jp\n\n\033$B$\"\033(B\n"
	    "\n" SMITH "\n" },
	{ "shift_jis", SMITH,
	    "Content-Type: text/plain; charset=shift_jis\n\n\202\240\n",
	    "Content-Type: text/plain; charset=shift_jis\n\n\202\240\n\n"
	    SMITH "\n" },
	{ "unknown charset", SMITH,
	    "Content-Type: text/plain; charset=x-unknown\n\nSi\342n\n",
	    "Content-Type: text/plain; charset=x-unknown\n\nSi\342n\n\n"
	    SMITH "\n" },
	{ "wrong charset", SMITH, UTF8 "\nSi\342n\n",
	    UTF8 "\nSi\342n\n\n" SMITH "\n" },
	{ "signature block", SMITH, "\nDear Jane\n\n-- \nAlex Morgan\nClerk\n",
	    "\nDear Jane\n\n" SMITH "\n\n-- \nAlex Morgan\nClerk\n" },
	{ "dashes are no signature", SMITH, "\nDear Jane\n--\nx\n",
	    "\nDear Jane\n--\nx\n\n" SMITH "\n" },
	{ "flowed", SMITH, FLOWED "\nDear Jane and \n",
	    FLOWED "\nDear Jane and \n\n\n" SMITH "\n" },
	{ "flowed and stuffed", "From the Clerk", FLOWED "\nDear Jane\n",
	    FLOWED "\nDear Jane\n\n From the Clerk\n" },
	{ "last text of a mixed", SMITH,
	    MIXED "--b\n\none\n--b\nContent-Type: application/pdf\n\nx\n--b\n\n"
	    "two\n--b--\n",
	    MIXED "--b\n\none\n--b\nContent-Type: application/pdf\n\nx\n--b\n\n"
	    "two\n\n" SMITH "\n--b--\n" },
	{ "text file at the end", SMITH,
	    MIXED "--b\n\none\n--b\nContent-Type: text/plain; name=a.txt\n\n"
	    "two\n--b--\n",
	    MIXED "--b\n\none\n\n" SMITH "\n--b\n"
	    "Content-Type: text/plain; name=a.txt\n\ntwo\n--b--\n" },
	{ "alternatives",
	    SMITH, "Content-Type: multipart/alternative; boundary=b\n\n"
	    "--b\n\none\n--b\nContent-Type: text/plain\n" QP "\ntwo\n--b--\n",
	    "Content-Type: multipart/alternative; boundary=b\n\n"
	    "--b\n\none\n\n" SMITH "\n--b\nContent-Type: text/plain\n" QP
	    "\ntwo\n\n" SMITH "\n--b--\n" },
	{ "empty part", SMITH, MIXED "--b\n\n--b--\n",
	    MIXED "--b\n\n" SMITH "\n--b--\n" },
	{ "7-bit part widened", MULLER, MIXED "--b\n\none\n--b--\n",
	    MIXED "--b\nContent-Type: text/plain; charset=utf-8\n" QP
	    "\none\n\nCC councillor Zo=C3=AB M=C3=BCller\n--b--\n" },
	{ "part's field replaced", MULLER,
	    MIXED "--b\ncontent-type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: 7bit\nContent-MD5: x\n\none\n--b--\n",
	    MIXED "--b\ncontent-type: text/plain; charset=utf-8\n" QP
	    "\none\n\nCC councillor Zo=C3=AB M=C3=BCller\n--b--\n" },
	{ "close missing", SMITH, MIXED "--b\n\none\n",
	    MIXED "--b\n\none\n\n" SMITH "\n" },
	{ "uuencoded file", SMITH,
	    "\nHere\nbegin 644 a\n>M quoted?\n`\nend\n",
	    "\nHere\nbegin 644 a\n>M quoted?\n`\nend\n\n" SMITH "\n" },
	{ "spaces and controls in a name", "CC  councillor\n Sam Smith ",
	    "\nJane\n", "\nJane\n\nCC  councillor  Sam Smith\n" },
};
/* clang-format on */

START_TEST(test_footer)
{
	const struct footer_case *c = &footer_cases[_i];
	g_autoptr(edit_request) r = new_request();
	g_autofree char *got = NULL, *again = NULL;
	enum edit_status status;

	edit_request_add_footer(r, c->footer, "en");
	got = after(c->input, r, &status, NULL);
	ck_assert_msg(strcmp(got, c->want) == 0, "%s: got\n%s", c->name, got);
	ck_assert_str_eq(edit_status_name(status), "done");
	/* Found again even without its marker. */
	again = after(got, r, &status, NULL);
	ck_assert_str_eq(again, got);
	ck_assert_str_eq(edit_status_name(status), "there");
}
END_TEST

#define REPLY "In-Reply-To: <1@woodland-pc.example>\n"

/* clang-format off */
static const struct quote_case {
	const char *name, *input, *want;
} quote_cases[] = {
	{ "plain", REPLY "\nYes.\n\nOn 3 Jun 2026, Jane Jones wrote:\n> No?\n",
	    REPLY "\nYes.\n\n" SMITH "\n\nOn 3 Jun 2026, Jane Jones wrote:\n"
	    "> No?\n" },
	{ "before the signature",
	    REPLY "\nYes.\n-- \nAlex\n\nOn 3 Jun 2026, Jane wrote:\n> No?\n",
	    REPLY "\nYes.\n\n" SMITH "\n\n-- \nAlex\n\n"
	    "On 3 Jun 2026, Jane wrote:\n> No?\n" },
	{ "answer below", REPLY "\nOn 3 Jun 2026, Jane wrote:\n> No?\n\nYes.\n",
	    REPLY "\nOn 3 Jun 2026, Jane wrote:\n> No?\n\nYes.\n\n" SMITH "\n" },
	{ "answers between", REPLY "\n> a?\nYes.\n> b?\n",
	    REPLY "\n> a?\nYes.\n> b?\n\n" SMITH "\n" },
	{ "no reply",
	    "\nYes.\n\nOn 3 Jun 2026, Jane wrote:\n> No?\n",
	    "\nYes.\n\nOn 3 Jun 2026, Jane wrote:\n> No?\n\n" SMITH "\n" },
	{ "forward", "Subject: Fwd: lease\n\nSee below.\n\n"
	    "---------- Forwarded message ---------\nFrom: x\n\nText\n",
	    "Subject: Fwd: lease\n\nSee below.\n\n" SMITH "\n\n"
	    "---------- Forwarded message ---------\nFrom: x\n\nText\n" },
	{ "written in the history", REPLY "\nYes.\n\nOn 3 Jun 2026, Jane wrote:\n"
	    "> No?\n> " SMITH "\n",
	    REPLY "\nYes.\n\n" SMITH "\n\nOn 3 Jun 2026, Jane wrote:\n"
	    "> No?\n> " SMITH "\n" },
	{ "in Outlook's history", REPLY "\nYes.\n\n"
	    "-----Original Message-----\nFrom: Jane\n\nNo?\n" SMITH "\n",
	    REPLY "\nYes.\n\n" SMITH "\n\n"
	    "-----Original Message-----\nFrom: Jane\n\nNo?\n" SMITH "\n" },
};
/* clang-format on */

START_TEST(test_above_quote)
{
	const struct quote_case *c = &quote_cases[_i];
	g_autoptr(edit_request) r = new_request();
	g_autofree char *got = NULL;
	enum edit_status status;

	edit_request_add_footer(r, SMITH, "en");
	got = after(c->input, r, &status, NULL);
	ck_assert_msg(strcmp(got, c->want) == 0, "%s: got\n%s", c->name, got);
}
END_TEST

/* What an officer wrote by hand. */
static const struct there_case {
	const char *name, *input;
	bool there;
} there_cases[] = {
	{ "same", "\nDear Jane\n\nCC councillor Sam Smith\n", true },
	{ "upper case and stop", "\nDear Jane\n\nCc: Cllr. Sam Smith.\n", true },
	{ "dots", "\nDear Jane\n\nc.c. Councillor Sam Smith\n", true },
	{ "above the signature",
	    "\nDear Jane\n\nCC Cllr Sam Smith\n\n-- \nAlex\nClerk\n", true },
	{ "below the name", "\nYours\nAlex Morgan\ncc Cllr Sam Smith\n", true },
	{ "another name", "\nDear Jane\n\nCC councillor Sam Smithson\n", false },
	{ "surname alone", "\nDear Jane\n\nCC Cllr Smith\n", false },
	{ "in a sentence", "\nI shall CC councillor Sam Smith\n", false },
	{ "quoted", "\nDear Jane\n> CC councillor Sam Smith\n", false },
	{ "at the top of a long letter",
	    "\nCC councillor Sam Smith\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n"
	    "13\n14\n15\n",
	    false },
};

START_TEST(test_there)
{
	const struct there_case *c = &there_cases[_i];
	g_autoptr(edit_request) r = new_request();
	g_autofree char *got = NULL;
	enum edit_status status;

	edit_request_add_footer(r, SMITH, "en");
	got = after(c->input, r, &status, NULL);
	ck_assert_msg((status == EDIT_THERE) == c->there, "%s: %s", c->name,
	    edit_status_name(status));
	ck_assert(!c->there || strcmp(got, c->input) == 0);
}
END_TEST

/* Only what is missing comes, in its order, and is reported. */
START_TEST(test_several)
{
	static const char input[] = "\nDear Jane\n\nCC Cllr Sam Smith\n";
	g_autoptr(edit_request) r = new_request();
	g_autoptr(mail) m = mail_parse(input, strlen(input), true);
	g_autoptr(message) source = mail_message(m, NULL);
	g_autoptr(edit) e = NULL;
	g_autofree char *got = NULL;
	enum edit_status status;

	edit_request_add_footer(r, "CC councillor Jane Jones", "");
	edit_request_add_footer(r, SMITH, "");
	edit_request_add_footer(r, "CC councillor Priya Patel", "");
	got = after(input, r, &status, NULL);
	ck_assert_str_eq(got,
	    "\nDear Jane\n\nCC Cllr Sam Smith\n\n"
	    "CC councillor Jane Jones\nCC councillor Priya Patel\n");
	e = edit_new(source, r);
	ck_assert_uint_eq(e->missing->len, 2);
	ck_assert_str_eq(((struct edit_line *)e->missing->pdata[1])->text,
	    "CC councillor Priya Patel");
}
END_TEST

/* A line of KOI8-R has twice as many octets in UTF-8. */
START_TEST(test_no_long_line)
{
	g_autofree char *cyrillic = g_strnfill(900, '\301');
	g_autofree char *input = g_strdup_printf(
	    "Content-Type: text/plain; charset=koi8-r\n"
	    "Content-Transfer-Encoding: 8bit\n\n%s\n",
	    cyrillic);
	g_autoptr(edit_request) r = new_request();
	g_autofree char *got = NULL;
	enum edit_status status;

	edit_request_add_footer(r, WELSH, "");
	got = after(input, r, &status, NULL);
	ck_assert_int_eq(status, EDIT_DONE);
	for (const char *line = got; *line != '\0'; line += *line == '\n') {
		gsize len = strcspn(line, "\n");

		ck_assert_uint_le(len, 998);
		line += len;
	}
}
END_TEST

/* What an insertion leaves of the line it breaks would be a boundary. */
static const struct boundary_case {
	const char *name, *encoding, *text;
} boundary_cases[] = {
	{ "before", "7bit", "<html><body><p>x</p>\n--b</body></html>\n" },
	{ "before, after a soft break", "quoted-printable",
	    "<html><body><p>x=\n--b</body></html>\n" },
	{ "after", "7bit", "<html><body>--b\n</body></html>\n" },
};

START_TEST(test_no_new_boundary)
{
	const struct boundary_case *c = &boundary_cases[_i];
	g_autofree char *input = g_strdup_printf(
	    MIXED "--b\nContent-Type: text/html\n"
		  "Content-Transfer-Encoding: %s\n\n%s--b--\n",
	    c->encoding, c->text);
	g_autoptr(edit_request) r = new_request();
	g_autofree char *got = NULL;
	enum edit_status status;

	edit_request_add_footer(r, SMITH, "");
	edit_request_add_banner(r, "CONFIDENTIAL", "");
	got = after(input, r, &status, NULL);
	ck_assert_msg(status == EDIT_WRAPPED, "%s: %s", c->name,
	    edit_status_name(status));
	ck_assert_ptr_nonnull(strstr(got, c->text));
}
END_TEST

/* clang-format off */
static const struct marking_case {
	const char *name, *banner, *tag, *sensitivity, *input, *want;
} marking_cases[] = {
	{ "banner", "CONFIDENTIAL: staffing", NULL, NULL, "\nDear Jane\n",
	    "\nCONFIDENTIAL: staffing\n\nDear Jane\n" },
	{ "banner in the first text", "CONFIDENTIAL", NULL, NULL,
	    MIXED "--b\n\none\n--b\n\ntwo\n--b--\n",
	    MIXED "--b\n\nCONFIDENTIAL\n\none\n--b\n\ntwo\n--b--\n" },
	{ "banner broken at spaces", "CONFIDENTIAL: this message names a person "
	    "in a matter of staff, and goes to nobody.", NULL, NULL, "\nx\n",
	    "\nCONFIDENTIAL: this message names a person in a matter of staff, "
	    "and goes to\nnobody.\n\nx\n" },
	{ "banner in base64", "Private", NULL, NULL, B64 "\nYWJjDQo=\n",
	    B64 "\nUHJpdmF0ZQ0KDQphYmMNCg==\n" },
	{ "banner after a byte order mark", "Private", NULL, NULL,
	    UTF8 "\n\357\273\277Jane\n", UTF8 "\n\357\273\277Private\n\nJane\n" },
	{ "tag", NULL, "[CONFIDENTIAL]", NULL, "Subject: Lease\n\nx\n",
	    "Subject: [CONFIDENTIAL] Lease\n\nx\n" },
	{ "tag there", NULL, "[CONFIDENTIAL]", NULL,
	    "Subject: Re: [Confidential] Lease\n\nx\n",
	    "Subject: Re: [Confidential] Lease\n\nx\n" },
	{ "tag without a subject", NULL, "[CONFIDENTIAL]", NULL, "\nx\n",
	    "Subject: [CONFIDENTIAL]\n\nx\n" },
	{ "tag and folds", NULL, "[CONFIDENTIAL]", NULL,
	    "Subject: The lease of the land beside the village hall, and its rent\n"
	    " for ever\n\nx\n",
	    "Subject: [CONFIDENTIAL]\n"
	    " The lease of the land beside the village hall, and its rent\n"
	    " for ever\n\nx\n" },
	{ "tag before encoded words", NULL, "[CYFRINACHOL]", NULL,
	    "Subject: =?utf-8?q?Si=C3=A2n?=\n\nx\n",
	    "Subject: [CYFRINACHOL] =?utf-8?q?Si=C3=A2n?=\n\nx\n" },
	{ "encoded tag", NULL, "[Ŵ]", NULL, "Subject: =?utf-8?q?Si=C3=A2n?=\n\nx\n",
	    "Subject: =?utf-8?b?W8W0XSA=?= =?utf-8?q?Si=C3=A2n?=\n\nx\n" },
	{ "sensitivity", NULL, NULL, "Company-Confidential", "Subject: x\n\nx\n",
	    "Subject: x\nSensitivity: Company-Confidential\n\nx\n" },
	{ "sensitivity changed", NULL, NULL, "Private",
	    "Sensitivity: Personal\nSensitivity: x\n\nx\n",
	    "Sensitivity: Private\n\nx\n" },
	{ "sensitivity there", NULL, NULL, "Private",
	    "sensitivity: private\n\nx\n", "sensitivity: private\n\nx\n" },
};
/* clang-format on */

START_TEST(test_marking)
{
	const struct marking_case *c = &marking_cases[_i];
	g_autoptr(edit_request) r = new_request();
	g_autofree char *got = NULL, *again = NULL;
	enum edit_status status;

	if (c->banner != NULL)
		edit_request_add_banner(r, c->banner, "en");
	r->subject_tag = g_strdup(c->tag);
	r->sensitivity = g_strdup(c->sensitivity);
	got = after(c->input, r, &status, NULL);
	ck_assert_msg(strcmp(got, c->want) == 0, "%s: got\n%s", c->name, got);
	again = after(got, r, &status, NULL);
	ck_assert_str_eq(again, got);
	ck_assert_str_eq(edit_status_name(status), "there");
}
END_TEST

START_TEST(test_nothing_asked)
{
	g_autoptr(edit_request) r = new_request();
	g_autofree char *got = NULL;
	enum edit_status status;

	got = after("Subject: x\n\nJane\n", r, &status, NULL);
	ck_assert_str_eq(got, "Subject: x\n\nJane\n");
	ck_assert_str_eq(edit_status_name(status), "none");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("edit");
	TCase *t = tcase_create("edit");

	tcase_add_loop_test(t, test_footer, 0, G_N_ELEMENTS(footer_cases));
	tcase_add_loop_test(t, test_above_quote, 0, G_N_ELEMENTS(quote_cases));
	tcase_add_loop_test(t, test_there, 0, G_N_ELEMENTS(there_cases));
	tcase_add_loop_test(t, test_marking, 0, G_N_ELEMENTS(marking_cases));
	tcase_add_test(t, test_several);
	tcase_add_test(t, test_no_long_line);
	tcase_add_loop_test(
	    t, test_no_new_boundary, 0, G_N_ELEMENTS(boundary_cases));
	tcase_add_test(t, test_nothing_asked);
	suite_add_tcase(s, t);
	return s;
}
