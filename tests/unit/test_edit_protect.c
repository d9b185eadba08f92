/*
 * Signed and encrypted mail, our marker and others', and mail that is for
 * machines: what is wrapped, left, held; and that signatures verify after.
 */
#include <string.h>

#include "tests/mail/mail.h"
#include "tests/unit/unit.h"

#define SMITH "CC councillor Sam Smith"
#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"
#define SIGNED                                                               \
	"Content-Type: multipart/signed; boundary=s\n\n--s\n\none\n--s\n"    \
	"Content-Type: application/pgp-signature\n\nx\n--s--\n"

static const guint8 key[] = "key of the tests";

static struct edit_request *
new_request(void)
{
	struct edit_request *r = edit_request_new();

	r->key = key;
	r->key_len = sizeof(key);
	edit_request_add_footer(r, SMITH, "en");
	return r;
}

static struct edit *
apply(const struct mail *m, const struct edit_request *r, struct mail **edited)
{
	g_autoptr(message) source = mail_message(m, NULL);
	struct edit *e = edit_new(source, r);

	*edited = mail_edit(m, source, e);
	return e;
}

/* clang-format off */
static const struct status_case {
	const char *name, *input;
	enum protected_mail signed_mail, encrypted_mail;
	bool inbound;
	const char *status, *reason;
} status_cases[] = {
	{ "signed", SIGNED, PROTECTED_WRAP, PROTECTED_LEAVE, false,
	    "wrapped", "signed with PGP" },
	{ "signed, left", SIGNED, PROTECTED_LEAVE, PROTECTED_LEAVE, false,
	    "left", "signed with PGP" },
	{ "signed, held", SIGNED, PROTECTED_HOLD, PROTECTED_LEAVE, false,
	    "hold", "signed with PGP" },
	{ "signed inside", MIXED "--b\n" SIGNED "--b--\n",
	    PROTECTED_WRAP, PROTECTED_LEAVE, false,
	    "wrapped", "signed with PGP" },
	{ "signed, text of a list below",
	    MIXED "--b\n" SIGNED "--b\n\nlist\n--b--\n",
	    PROTECTED_WRAP, PROTECTED_LEAVE, false, "done", NULL },
	{ "signed inline", "\n-----BEGIN PGP SIGNED MESSAGE-----\n",
	    PROTECTED_WRAP, PROTECTED_LEAVE, false,
	    "wrapped", "signed inline with PGP" },
	{ "encrypted", "Content-Type: multipart/encrypted; boundary=b\n\n",
	    PROTECTED_WRAP, PROTECTED_LEAVE, false,
	    "left", "encrypted with PGP" },
	{ "encrypted, wrapped",
	    "Content-Type: multipart/encrypted; boundary=b\n\n",
	    PROTECTED_LEAVE, PROTECTED_WRAP, false,
	    "wrapped", "encrypted with PGP" },
	{ "sealed, submitted", "DKIM-Signature: x\n\none\n",
	    PROTECTED_WRAP, PROTECTED_LEAVE, false, "done", NULL },
	{ "sealed, inbound", "DKIM-Signature: x\n\none\n",
	    PROTECTED_WRAP, PROTECTED_LEAVE, true,
	    "left", "sealed by DKIM or ARC" },
	{ "sealed by ARC, held", "ARC-Seal: x\n\none\n",
	    PROTECTED_HOLD, PROTECTED_LEAVE, true,
	    "hold", "sealed by DKIM or ARC" },
	{ "sealed, and the footer is there", "ARC-Seal: x\n\n" SMITH "\n",
	    PROTECTED_HOLD, PROTECTED_LEAVE, true, "there", NULL },
	{ "a PDF alone", "Content-Type: application/pdf\n\nx\n",
	    PROTECTED_WRAP, PROTECTED_LEAVE, false,
	    "wrapped", "it has no text to write in" },
	{ "a forwarded message alone", "Content-Type: message/rfc822\n\n\nx\n",
	    PROTECTED_WRAP, PROTECTED_LEAVE, false,
	    "wrapped", "it has no text to write in" },
	{ "report", "Content-Type: multipart/report; boundary=b\n\n"
	    "--b\n\none\n--b--\n", PROTECTED_WRAP, PROTECTED_LEAVE, false,
	    "left", "it is a delivery or read report" },
	{ "calendar", "Content-Type: text/calendar\n\nx\n",
	    PROTECTED_WRAP, PROTECTED_LEAVE, false,
	    "left", "it is a calendar message" },
	{ "fragment", "Content-Type: message/partial; id=x\n\nx\n",
	    PROTECTED_WRAP, PROTECTED_LEAVE, false,
	    "left", "it is a fragment of a message" },
	{ "TNEF alone", "Content-Type: application/ms-tnef\n\nx\n",
	    PROTECTED_WRAP, PROTECTED_LEAVE, false,
	    "left", "Outlook packed all of it in TNEF" },
	{ "invitation with text",
	    "Content-Type: multipart/alternative; boundary=b\n\n--b\n\none\n"
	    "--b\nContent-Type: text/calendar\n\nx\n--b--\n",
	    PROTECTED_WRAP, PROTECTED_LEAVE, false, "done", NULL },
	{ "enriched twin",
	    "Content-Type: multipart/alternative; boundary=b\n\n--b\n\none\n"
	    "--b\nContent-Type: text/enriched\n\nx\n--b--\n",
	    PROTECTED_WRAP, PROTECTED_LEAVE, false,
	    "wrapped", "an alternative is in a format of its own" },
	{ "unknown encoding", "Content-Transfer-Encoding: x-uuencode\n\nx\n",
	    PROTECTED_WRAP, PROTECTED_LEAVE, false,
	    "wrapped", "a text has an unknown transfer encoding" },
	{ "broken base64", "Content-Transfer-Encoding: base64\n\neA==eA==\n",
	    PROTECTED_WRAP, PROTECTED_LEAVE, false,
	    "wrapped", "a text's base64 is broken" },
};
/* clang-format on */

START_TEST(test_status)
{
	const struct status_case *c = &status_cases[_i];
	g_autoptr(mail) m = mail_parse(c->input, strlen(c->input), true);
	g_autoptr(mail) edited = NULL, again = NULL;
	g_autoptr(edit_request) r = new_request();
	g_autoptr(edit) e = NULL, e2 = NULL;

	r->signed_mail = c->signed_mail;
	r->encrypted_mail = c->encrypted_mail;
	r->inbound = c->inbound;
	e = apply(m, r, &edited);
	ck_assert_msg(strcmp(edit_status_name(e->status), c->status) == 0,
	    "%s: %s", c->name, edit_status_name(e->status));
	ck_assert_pstr_eq(e->reason, c->reason);
	e2 = apply(edited, r, &again);
	if (e->status == EDIT_DONE || e->status == EDIT_WRAPPED)
		ck_assert_str_eq(edit_status_name(e2->status), "there");
	else
		ck_assert_uint_eq(e->splices->len + e->headers->len, 0);
	ck_assert_uint_eq(e->missing->len, e->status != EDIT_THERE);
}
END_TEST

START_TEST(test_wrapper)
{
	static const char input[] =
	    "From: Alex <clerk@woodland-pc.example>\n"
	    "Content-Type: application/pdf;\n\tname=a.pdf\n"
	    "Subject: Plan\nContent-Transfer-Encoding: base64\n"
	    "Content-Disposition: attachment\n\nJVBERi0=\n";
	g_autoptr(mail) m = mail_parse(input, strlen(input), true);
	g_autoptr(mail) edited = NULL;
	g_autoptr(edit_request) r = new_request();
	g_autoptr(edit) e = NULL;
	g_autoptr(GByteArray) bytes = NULL;
	const char *boundary;
	g_autofree char *want = NULL;

	edit_request_add_banner(r, "Zoë", "");
	e = apply(m, r, &edited);
	bytes = mail_bytes(edited);
	g_byte_array_append(bytes, (const guint8 *)"", 1);
	boundary = strstr((char *)bytes->data, "boundary=\"");
	ck_assert_ptr_nonnull(boundary);
	g_autofree char *name = g_strndup(boundary + 10, 34);
	want = g_strdup_printf(
	    "\r\n--%s\r\nContent-Type: text/plain; charset=utf-8\r\n"
	    "Content-Disposition: inline\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
	    "Zo=C3=AB\r\n--%s\r\nContent-Type: application/pdf;\r\n"
	    "\tname=a.pdf\r\nContent-Transfer-Encoding: base64\r\n"
	    "Content-Disposition: attachment\r\n\r\nJVBERi0=\r\n\r\n"
	    "--%s\r\nContent-Type: text/plain; charset=utf-8\r\n"
	    "Content-Disposition: inline\r\n"
	    "Content-Transfer-Encoding: 7bit\r\n\r\n" SMITH "\r\n--%s--\r\n",
	    name, name, name, name);
	ck_assert_ptr_nonnull(strstr((char *)bytes->data, want));
	ck_assert(g_str_has_prefix((char *)bytes->data,
	    "From: Alex <clerk@woodland-pc.example>\r\n"
	    "Content-Type: multipart/mixed;\r\n\tboundary=\"=_council_"));
	ck_assert_ptr_nonnull(
	    strstr((char *)bytes->data, "MIME-Version: 1.0\r\n"));
}
END_TEST

/* The marker of an edited message, as a header line. */
static char *
marker_of(const struct mail *m)
{
	for (guint i = 0; i < m->fields->len; i++) {
		struct mail_field *f = m->fields->pdata[i];

		if (strcmp(f->name, "X-Council-Milter") == 0)
			return g_strdup_printf(
			    "X-Council-Milter:%s\n", f->value);
	}
	return g_strdup("");
}

static unsigned
count_markers(const struct mail *m)
{
	unsigned count = 0;

	for (guint i = 0; i < m->fields->len; i++) {
		const struct mail_field *f = m->fields->pdata[i];

		count += strcmp(f->name, "X-Council-Milter") == 0;
	}
	return count;
}

#define HEAD                                                                 \
	"Message-ID: <1@woodland-pc.example>\n"                              \
	"From: clerk@woodland-pc.example\nDate: 3 Jun 2026\n"

static struct mail *
parse_with(const char *head, const char *marker, const char *body)
{
	g_autofree char *text = g_strconcat(head, marker, "\n", body, NULL);

	return mail_parse(text, strlen(text), true);
}

/*
 * With our marker the line counts wherever it stands, so that what others add
 * below does not bring it twice; with anybody else's, or for another message,
 * it does not, and that marker goes.
 */
START_TEST(test_marker)
{
	static const char disclaimed[] =
	    "Hello\n\n" SMITH "\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n";
	static const struct {
		const char *head, *body, *status;
		unsigned markers;
		bool forged;
	} cases[] = {
		{ HEAD, disclaimed, "there", 1, false },
		{ HEAD, disclaimed, "done", 1, true },
		{ "Message-ID: <2@woodland-pc.example>\n", disclaimed, "done",
		    1, false },
		{ HEAD, "Hello\n", "done", 1, false },
	};
	g_autoptr(mail) first = parse_with(HEAD, "", "Hello\n"), edited = NULL;
	g_autoptr(edit_request) r = new_request();
	g_autoptr(edit) e = apply(first, r, &edited);
	g_autofree char *marker = marker_of(edited);

	ck_assert_str_eq(edit_status_name(e->status), "done");
	ck_assert_ptr_null(strstr(marker, "Smith"));
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *changed = g_strdup(marker);
		g_autoptr(mail) m = NULL, again = NULL;
		g_autoptr(edit) e2 = NULL;

		if (cases[i].forged)
			changed[strlen(changed) - 2] ^= 1;
		m = parse_with(cases[i].head, changed, cases[i].body);
		e2 = apply(m, r, &again);
		ck_assert_msg(strcmp(edit_status_name(e2->status),
				  cases[i].status) == 0,
		    "%zu: %s", i, edit_status_name(e2->status));
		ck_assert_uint_eq(count_markers(again), cases[i].markers);
	}
}
END_TEST

/* Forged ones go in any case, each; ours stays and grows. */
START_TEST(test_markers)
{
	static const char junk[] = "X-Council-Milter: v=1; lines=; mac=0\n";
	g_autoptr(mail) first = parse_with(HEAD, "", "Hello\n"), edited = NULL,
			m = NULL, again = NULL, third = NULL;
	g_autoptr(edit_request) r = new_request(),
				nothing = edit_request_new();
	g_autoptr(edit) e = apply(first, r, &edited), e2 = NULL, e3 = NULL,
			e4 = NULL;
	g_autofree char *marker = marker_of(edited);
	g_autofree char *three = g_strconcat(junk, junk, marker, junk, NULL);
	g_autofree char *grown = NULL;

	ck_assert_str_eq(edit_status_name(e->status), "done");
	m = parse_with(HEAD, three, "Hello\n\n" SMITH "\n");
	edit_request_add_footer(r, "CC councillor Priya Patel", "");
	e2 = apply(m, r, &again);
	ck_assert_str_eq(edit_status_name(e2->status), "done");
	ck_assert_uint_eq(count_markers(again), 1);
	grown = marker_of(again);
	ck_assert_uint_gt(strlen(grown), strlen(marker));
	e3 = apply(again, r, &third);
	ck_assert_str_eq(edit_status_name(e3->status), "there");
	ck_assert_uint_eq(e3->headers->len, 0);
	g_clear_pointer(&third, mail_free);
	e4 = apply(m, nothing, &third);
	ck_assert_str_eq(edit_status_name(e4->status), "none");
	/* Without the key none is ours. */
	ck_assert_uint_eq(count_markers(third), 0);
}
END_TEST

/* What was not received whole must not be replaced. */
START_TEST(test_cut)
{
	const struct message_limits limits = { .size = 10 };
	g_autoptr(mail) m =
	    mail_parse("\nHello there, Jane\n", 19, true);
	g_autoptr(message) source = mail_message(m, &limits);
	g_autoptr(edit_request) r = new_request();
	g_autoptr(edit) e = edit_new(source, r);

	ck_assert_str_eq(edit_status_name(e->status), "left");
	ck_assert_uint_eq(e->missing->len, 1);
}
END_TEST

START_TEST(test_bare_cr_in_header)
{
	static const char input[] = "Subject: x\r\r\r\nX-A: b\n\nHello\n";
	g_autoptr(mail) m = mail_parse(input, strlen(input), true);
	g_autoptr(mail) edited = NULL;
	g_autoptr(edit_request) r = new_request();
	g_autoptr(edit) e = apply(m, r, &edited);

	ck_assert_str_eq(edit_status_name(e->status), "left");
}
END_TEST

/* Runs a program; skips the test when it is not installed. */
static bool
run(const char *directory, const char *command)
{
	g_auto(GStrv) argv = g_strsplit(command, " ", -1);
	g_autofree char *program = g_find_program_in_path(argv[0]);
	gint status = -1;

	if (program == NULL)
		return false;
	return g_spawn_sync(directory, argv, NULL,
		   G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
		       G_SPAWN_STDERR_TO_DEV_NULL,
		   NULL, NULL, NULL, NULL, &status, NULL) &&
	    g_spawn_check_wait_status(status, NULL);
}

static bool
has_program(const char *name)
{
	g_autofree char *program = g_find_program_in_path(name);

	return program != NULL;
}

/* Writes a part of the message, header and content, or the content alone. */
static void
write_part(const char *directory, const char *name, struct message *m,
    const struct part *part, bool with_header)
{
	gsize len,
	    start = with_header ? part->header_start : part->body_start;
	const char *body = message_body(m, &len);
	g_autofree char *path = g_build_filename(directory, name, NULL);

	ck_assert(g_file_set_contents(path, body + start,
	    (gssize)(part->body_end - start), NULL));
}

static struct message *
wrap_file(const char *directory, const char *name)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);
	g_autofree char *data = NULL;
	g_autoptr(mail) m = NULL, edited = NULL;
	g_autoptr(edit_request) r = new_request();
	g_autoptr(edit) e = NULL;
	gsize len;

	ck_assert(g_file_get_contents(path, &data, &len, NULL));
	m = mail_parse(data, len, true);
	e = apply(m, r, &edited);
	ck_assert_str_eq(edit_status_name(e->status), "wrapped");
	return mail_message(edited, NULL);
}

static const struct part *
child(const struct part *part, guint i)
{
	ck_assert_ptr_nonnull(part->children);
	ck_assert_uint_lt(i, part->children->len);
	return part->children->pdata[i];
}

static const char entity[] =
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    "Dear Zo=C3=AB,\r\n\r\nhere is the lease. \r\n-- \r\nAlex\r\n";

/* OpenSSL signs, we wrap, OpenSSL verifies. */
START_TEST(test_smime)
{
	g_autofree char *dir = NULL;
	static const char *const forms[] = { "", " -nodetach" };

	if (!has_program("openssl"))
		return;
	dir = unit_directory();
	g_free(unit_write(dir, "entity", entity));
	ck_assert(run(dir,
	    "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out "
	    "cert.pem -days 3650 -subj /CN=Alex -addext "
	    "keyUsage=digitalSignature"));
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_autofree char *sign = g_strconcat(
		    "openssl cms -sign -in entity -signer cert.pem -inkey "
		    "key.pem -out signed.eml",
		    forms[i], NULL);
		g_autoptr(message) m = NULL;

		ck_assert(run(dir, sign));
		m = wrap_file(dir, "signed.eml");
		write_part(
		    dir, "inner.eml", m, child(message_root(m), 0), true);
		ck_assert(run(dir,
		    "openssl cms -verify -in inner.eml -CAfile cert.pem -out "
		    "verified -purpose any"));
	}
	unit_remove(dir);
}
END_TEST

/* GnuPG signs, we wrap, GnuPG verifies: PGP/MIME and inline. */
START_TEST(test_pgp)
{
	g_autofree char *dir = NULL, *signature = NULL, *whole = NULL,
			*path = NULL;
	g_autoptr(message) m = NULL, m2 = NULL;
	const struct part *inner;

	if (!has_program("gpg") || !has_program("gpgconf"))
		return;
	dir = unit_directory();
	g_free(unit_write(dir, "entity", entity));
	g_free(unit_write(dir, "text", "Dear Jane,\n\nhere is the lease.\n"));
	ck_assert(run(dir,
	    "gpg --homedir . --batch --passphrase  --quick-generate-key "
	    "clerk@woodland-pc.example ed25519 sign never"));
	ck_assert(run(dir,
	    "gpg --homedir . --batch --armor --detach-sign -o sig entity"));
	ck_assert(run(dir,
	    "gpg --homedir . --batch --clearsign -o clear text"));

	path = g_build_filename(dir, "sig", NULL);
	ck_assert(g_file_get_contents(path, &signature, NULL, NULL));
	whole = g_strdup_printf(
	    "Content-Type: multipart/signed; boundary=s;\n"
	    " protocol=\"application/pgp-signature\"\n\n--s\r\n%s\r\n--s\n"
	    "Content-Type: application/pgp-signature\n\n%s\n--s--\n",
	    entity, signature);
	g_free(unit_write(dir, "signed.eml", whole));
	m = wrap_file(dir, "signed.eml");
	inner = child(message_root(m), 0);
	write_part(dir, "part", m, child(inner, 0), true);
	write_part(dir, "part.asc", m, child(inner, 1), false);
	ck_assert(run(dir, "gpg --homedir . --batch --verify part.asc part"));

	g_clear_pointer(&path, g_free);
	g_clear_pointer(&signature, g_free);
	g_clear_pointer(&whole, g_free);
	path = g_build_filename(dir, "clear", NULL);
	ck_assert(g_file_get_contents(path, &signature, NULL, NULL));
	whole = g_strconcat("Subject: x\n\n", signature, NULL);
	g_free(unit_write(dir, "clear.eml", whole));
	m2 = wrap_file(dir, "clear.eml");
	write_part(dir, "inner", m2, child(message_root(m2), 0), false);
	ck_assert(run(dir, "gpg --homedir . --batch --verify inner"));

	run(dir, "gpgconf --homedir . --kill all");
	unit_remove(dir);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("edit_protect");
	TCase *t = tcase_create("edit_protect");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, test_status, 0, G_N_ELEMENTS(status_cases));
	tcase_add_test(t, test_wrapper);
	tcase_add_test(t, test_marker);
	tcase_add_test(t, test_markers);
	tcase_add_test(t, test_cut);
	tcase_add_test(t, test_bare_cr_in_header);
	tcase_add_test(t, test_smime);
	tcase_add_test(t, test_pgp);
	suite_add_tcase(s, t);
	return s;
}
