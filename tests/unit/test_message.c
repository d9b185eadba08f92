/* The structure of messages, and what they are protected by. */
#include <string.h>

#include "tests/mail/mail.h"
#include "tests/unit/unit.h"

static struct message *
read_message(const char *text)
{
	g_autoptr(mail) m = mail_parse(text, strlen(text), true);

	return mail_message(m, NULL);
}

static const char *
kind_name(const struct part *part)
{
	static const char *const names[] = {
		[PART_MULTIPART] = "",
		[PART_TEXT] = "text",
		[PART_SIGNED] = "signed",
		[PART_ENCRYPTED] = "encrypted",
		[PART_CLOSED] = "closed",
		[PART_ATTACHMENT] = "attachment",
	};

	return names[part->kind];
}

/* "mixed[plain text "first", pdf attachment "…"]", contents in quotes. */
static void
show(GString *out, struct message *m, const struct part *part)
{
	gsize len;
	const char *body = message_body(m, &len);
	const char *kind = kind_name(part);

	g_string_append_printf(out, "%s%s%s", part->subtype,
	    kind[0] != '\0' ? " " : "", kind);
	if (part->children == NULL) {
		g_string_append(out, " \"");
		for (gsize i = part->body_start; i < part->body_end; i++)
			if (body[i] == '\n')
				g_string_append_c(out, '|');
			else if (body[i] != '\r')
				g_string_append_c(out, body[i]);
		g_string_append_c(out, '"');
		return;
	}
	g_string_append_c(out, '[');
	for (guint i = 0; i < part->children->len; i++) {
		if (i > 0)
			g_string_append(out, ", ");
		show(out, m, part->children->pdata[i]);
	}
	g_string_append_c(out, ']');
}

#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"
#define PDF "Content-Type: application/pdf\n\n"

/* clang-format off */
static const struct structure_case {
	const char *name, *input, *want;
	bool doubt;
} structure_cases[] = {
	{ "no header", "\nHello\n", "plain text \"Hello|\"", false },
	{ "nothing at all", "", "plain text \"\"", false },
	{ "html", "Content-Type: TEXT/HTML\n\n<p>\n", "html text \"<p>|\"", false },
	{ "no such type", "Content-Type: text\n\nx\n", "plain text \"x|\"", false },
	{ "two parts", MIXED "--b\n\none\n--b\n" PDF "two\n--b--\n",
	    "mixed[plain text \"one\", pdf attachment \"two\"]", false },
	{ "preamble and epilogue",
	    MIXED "pre\n--b\n\none\n\n--b--\nepilogue\n--b\nnot a part\n",
	    "mixed[plain text \"one|\"]", false },
	{ "boundary with spaces after it", MIXED "--b  \n\none\n--b-- \t\n",
	    "mixed[plain text \"one\"]", false },
	{ "longer line is no boundary", MIXED "--b\n\none\n--bb\n--b--\n",
	    "mixed[plain text \"one|--bb\"]", false },
	{ "missing close", MIXED "--b\n\none\n",
	    "mixed[plain text \"one|\"]", false },
	{ "missing boundary", "Content-Type: multipart/mixed\n\n--b\n\none\n",
	    "mixed \"--b||one|\"", false },
	{ "no part", MIXED "just text\n", "mixed[]", false },
	{ "empty part", MIXED "--b\n\n--b\n\n\n--b--\n",
	    "mixed[plain text \"\", plain text \"\"]", false },
	{ "nested",
	    MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n"
	    "--c\n\none\n--c\nContent-Type: text/html\n\ntwo\n--c--\n\n--b\n"
	    PDF "three\n--b--\n",
	    "mixed[alternative[plain text \"one\", html text \"two\"], "
	    "pdf attachment \"three\"]", false },
	{ "inner close missing",
	    MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n"
	    "--c\n\none\n--b\n" PDF "three\n--b--\n",
	    "mixed[alternative[plain text \"one\"], "
	    "pdf attachment \"three\"]", false },
	{ "message is not entered",
	    MIXED "--b\nContent-Type: message/rfc822\n\n" MIXED
	    "--c\n\none\n--b--\n",
	    "mixed[rfc822 closed \"Content-Type: multipart/mixed; boundary=b||"
	    "--c||one\"]", false },
	{ "digest", "Content-Type: multipart/digest; boundary=b\n\n"
	    "--b\n\nSubject: x\n\none\n--b--\n",
	    "digest[rfc822 closed \"Subject: x||one\"]", false },
	{ "report is not entered", "Content-Type: multipart/report; boundary=b\n\n"
	    "--b\n\none\n--b--\n", "report closed \"--b||one|--b--|\"", false },
	{ "text as attachment",
	    MIXED "--b\nContent-Disposition: attachment\n\none\n--b--\n",
	    "mixed[plain attachment \"one\"]", false },
	{ "calendar", "Content-Type: text/calendar\n\nBEGIN\n",
	    "calendar closed \"BEGIN|\"", false },
	{ "tnef", MIXED "--b\nContent-Type: application/ms-tnef\n\nx\n--b--\n",
	    "mixed[ms-tnef closed \"x\"]", false },
	{ "long boundary parameter", "Content-Type: multipart/mixed;\n"
	    "\tboundary*0=ab; boundary*1=cd\n\n--abcd\n\none\n--abcd--\n",
	    "mixed[plain text \"one\"]", true },
	{ "folded boundary", "Content-Type: multipart/mixed; boundary=\"a\n b\"\n"
	    "\n--a b\n\none\n--a b--\n", "mixed[plain text \"one\"]", true },
	{ "two types", "Content-Type: text/plain\nContent-Type: text/html\n\nx\n",
	    "plain text \"x|\"", true },
	{ "one type twice", "Content-Type: text/html\nContent-Type: text/html\n"
	    "\nx\n", "html text \"x|\"", false },
	{ "text for a header", MIXED "--b\nHello there\n--b--\n",
	    "mixed[plain text \"Hello there\"]", true },
	{ "encoded multipart", "Content-Transfer-Encoding: base64\n" MIXED
	    "--b\n\none\n--b--\n", "mixed[plain text \"one\"]", true },
	{ "one boundary twice",
	    MIXED "--b\n" MIXED "--b\n\none\n--b--\n--b--\n",
	    "mixed[mixed[plain text \"one\"]]", true },
	{ "bare CR before a boundary", MIXED "--b\n\none\r--b\n\n--b--\n",
	    "mixed[plain text \"one--b|\"]", true },
	{ "type with rubbish", "Content-Type: text/plain>\n\nx\n",
	    "plain text \"x|\"", true },
	{ "space after an encoding",
	    "Content-Transfer-Encoding: base64 \n\neA==\n",
	    "plain text \"eA==|\"", true },
};
/* clang-format on */

START_TEST(test_structure)
{
	const struct structure_case *c = &structure_cases[_i];
	g_autoptr(message) m = read_message(c->input);
	g_autoptr(GString) got = g_string_new(NULL);

	show(got, m, message_root(m));
	ck_assert_msg(strcmp(got->str, c->want) == 0, "%s: got %s", c->name,
	    got->str);
	ck_assert_msg((message_doubt(m) != NULL) == c->doubt, "%s: %s", c->name,
	    message_doubt(m) != NULL ? message_doubt(m) : "no doubt");
}
END_TEST

#define SIGNED(subtype)                                                      \
	"Content-Type: multipart/signed; boundary=s\n\n--s\n\none\n--s\n"    \
	"Content-Type: application/" subtype "\n\nx\n--s--\n"
#define ARMOUR "-----BEGIN PGP "

/* clang-format off */
static const struct protection_case {
	const char *name, *input, *signature, *encryption;
} protection_cases[] = {
	{ "plain", "\nHello\n", NULL, NULL },
	{ "s/mime", SIGNED("pkcs7-signature"), "signed with S/MIME", NULL },
	{ "pgp/mime", SIGNED("pgp-signature"), "signed with PGP", NULL },
	{ "signed inside", MIXED "--b\n" SIGNED("pgp-signature") "--b--\n",
	    "signed with PGP", NULL },
	{ "opaque", "Content-Type: application/pkcs7-mime; "
	    "smime-type=signed-data\n\nx\n", "signed with S/MIME", NULL },
	{ "enveloped", "Content-Type: application/x-pkcs7-mime;\n"
	    " smime-type=enveloped-data\n\nx\n", NULL, "encrypted with S/MIME" },
	{ "authenticated", "Content-Type: application/pkcs7-mime; "
	    "smime-type=authEnveloped-data\n\nx\n", NULL, "encrypted with S/MIME" },
	{ "certificates only", "Content-Type: application/pkcs7-mime; "
	    "smime-type=certs-only\n\nx\n", NULL, NULL },
	/* SEQUENCE, OID 1.2.840.113549.1.7.2 */
	{ "opaque by its OID", "Content-Type: application/pkcs7-mime\n"
	    "Content-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHAqCA\n",
	    "signed with S/MIME", NULL },
	{ "pgp/mime encrypted",
	    "Content-Type: multipart/encrypted; boundary=b\n\n--b\n\n--b--\n",
	    NULL, "encrypted with PGP" },
	{ "flattened pgp/mime",
	    MIXED "--b\nContent-Type: application/pgp-encrypted\n\nx\n--b--\n",
	    NULL, "encrypted with PGP" },
	{ "inline signed", "\n" ARMOUR "SIGNED MESSAGE-----\n\nx\n",
	    "signed inline with PGP", NULL },
	{ "inline encrypted", "\nHello\n" ARMOUR "MESSAGE-----\n\nx\n",
	    NULL, "encrypted inline with PGP" },
	{ "quoted", "\n> " ARMOUR "SIGNED MESSAGE-----\n", NULL, NULL },
	{ "a key is no signature", "\n" ARMOUR "PUBLIC KEY BLOCK-----\n",
	    NULL, NULL },
	{ "inline in base64", "Content-Transfer-Encoding: base64\n\n"
	    "LS0tLS1CRUdJTiBQR1AgTUVTU0FHRS0tLS0tCg==\n",
	    NULL, "encrypted inline with PGP" },
	{ "broken base64", "Content-Transfer-Encoding: base64\n\n%%%\n",
	    NULL, NULL },
	{ "in a forwarded message",
	    MIXED "--b\nContent-Type: message/rfc822\n\n" SIGNED("pgp-signature")
	    "--b--\n", NULL, NULL },
};
/* clang-format on */

START_TEST(test_protection)
{
	const struct protection_case *c = &protection_cases[_i];
	g_autoptr(message) m = read_message(c->input);
	const struct message_facts *f = message_facts(m);

	ck_assert_pstr_eq(message_signature(m), c->signature);
	ck_assert_pstr_eq(message_encryption(m), c->encryption);
	ck_assert(f->is_signed == (c->signature != NULL));
	ck_assert(f->is_encrypted == (c->encryption != NULL));
	ck_assert(f->not_inspected != NULL || c->encryption == NULL);
}
END_TEST

START_TEST(test_size_limit)
{
	const struct message_limits limits = { .size = 100 };
	g_autoptr(message) m = message_new(&limits);
	char block[60] = { 0 };
	gsize len;

	ck_assert(message_add_body(m, block, sizeof(block)));
	ck_assert(!message_add_body(m, block, sizeof(block)));
	ck_assert(!message_add_body(m, block, 1));
	message_body(m, &len);
	ck_assert_uint_eq(len, sizeof(block));
	ck_assert(message_is_cut(m));
	ck_assert_ptr_nonnull(message_facts(m)->not_inspected);
}
END_TEST

/* Parts and depth beyond the limit are not entered, and that shows. */
START_TEST(test_structure_limits)
{
	const struct message_limits limits[] = { { .parts = 3 },
		{ .depth = 1 } };
	g_autoptr(GString) many = g_string_new(MIXED);

	for (unsigned i = 0; i < 10; i++)
		g_string_append(many,
		    "--b\nContent-Type: multipart/mixed; boundary=c\n\n"
		    "--c\n\nx\n--c--\n");
	g_string_append(many, "--b--\n");
	for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
		g_autoptr(mail) parsed = mail_parse(many->str, many->len, true);
		g_autoptr(message) m = mail_message(parsed, &limits[i]);

		ck_assert_ptr_nonnull(message_facts(m)->not_inspected);
		ck_assert_ptr_nonnull(message_doubt(m));
	}
}
END_TEST

/* What the other fragments say nobody knows. */
START_TEST(test_fragment)
{
	g_autoptr(message) m =
	    read_message("Content-Type: message/partial; id=a; number=1; "
			 "total=2\n\nSubject: x\n\nHello.\n");

	ck_assert_str_eq(message_facts(m)->not_inspected,
	    "it is a fragment of a message");
}
END_TEST

/* However deep, no recursion without bound. */
START_TEST(test_depth_bomb)
{
	g_autoptr(GString) bomb = g_string_new(NULL);
	g_autoptr(message) m = NULL;

	g_string_append(
	    bomb, "Content-Type: multipart/mixed; boundary=b0\n\n");
	for (unsigned i = 0; i < 5000; i++)
		g_string_append_printf(bomb,
		    "--b%u\nContent-Type: multipart/mixed; boundary=b%u\n\n", i,
		    i + 1);
	m = read_message(bomb->str);
	ck_assert_ptr_nonnull(message_facts(m)->not_inspected);
}
END_TEST

START_TEST(test_header_access)
{
	g_autoptr(message) m =
	    read_message("X-A: one\nx-a:  two\n\tmore\nX-B: three\n\nbody\n");
	const char *name, *value;

	ck_assert_uint_eq(message_header_count(m), 3);
	ck_assert_uint_eq(message_count_header(m, "X-a"), 2);
	ck_assert_str_eq(message_find_header(m, "x-a"), "one");
	ck_assert_ptr_null(message_find_header(m, "X-C"));
	message_header(m, 1, &name, &value);
	ck_assert_str_eq(name, "x-a");
	ck_assert_str_eq(value, "  two\n\tmore");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("message");
	TCase *t = tcase_create("message");

	tcase_add_loop_test(
	    t, test_structure, 0, G_N_ELEMENTS(structure_cases));
	tcase_add_loop_test(
	    t, test_protection, 0, G_N_ELEMENTS(protection_cases));
	tcase_add_test(t, test_size_limit);
	tcase_add_test(t, test_fragment);
	tcase_add_test(t, test_structure_limits);
	tcase_add_test(t, test_depth_bomb);
	tcase_add_test(t, test_header_access);
	suite_add_tcase(s, t);
	return s;
}
