/*
 * Mail inside of its S/MIME signature: what it says is judged like any other's.
 * The signatures here have no signers, since nobody asks whether they hold.
 */
#include <string.h>

#include "milter/message/content.h"
#include "milter/message/internal.h"
#include "tests/mail/mail.h"
#include "tests/unit/extracting.h"
#include "tests/unit/unit.h"

#define OID_DATA "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
#define OID_SIGNED "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
#define OID_ENVELOPED "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"
#define OID_RECEIPT "\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x01"
#define OID_LEN 11

static void
append(GByteArray *out, const void *data, gsize len)
{
	g_byte_array_append(out, data, (guint)len);
}

/* Around what is there: a tag and the length. */
static void
wrap(GByteArray *out, guint8 tag)
{
	guint len = out->len;
	const guint8 head[] = {
	    tag, 0x83, (guint8)(len >> 16), (guint8)(len >> 8), (guint8)len};

	g_byte_array_prepend(out, head, sizeof(head));
}

/* SignedData of RFC 5652, 5.1; text NULL: nothing is in it. */
static GByteArray *
sign(const char *oid, gsize oid_len, const char *text, gsize len)
{
	GByteArray *out = g_byte_array_new();

	if (text != NULL) {
		append(out, text, len);
		wrap(out, 0x04);
		wrap(out, 0xa0);
	}
	g_byte_array_prepend(out, (const guint8 *)oid, (guint)oid_len);
	wrap(out, 0x30);
	g_byte_array_prepend(out, (const guint8 *)"\x02\x01\x01\x31\x00", 5);
	append(out, "\x31\x00", 2);
	wrap(out, 0x30);
	wrap(out, 0xa0);
	g_byte_array_prepend(out, (const guint8 *)OID_SIGNED, OID_LEN);
	wrap(out, 0x30);
	return out;
}

/* The same as programs write it that do not know how much will come. */
static GByteArray *
sign_stream(const char *text)
{
	static const char head[] =
	    "\x30\x80" OID_SIGNED "\xa0\x80\x30\x80\x02\x01\x01\x31\x00"
	    "\x30\x80" OID_DATA "\xa0\x80\x24\x80";
	static const guint8 tail[14] = {[6] = 0x31};
	GByteArray *out = g_byte_array_new();

	append(out, head, sizeof(head) - 1);
	for (; *text != '\0'; text++) {
		append(out, "\x04\x01", 2);
		append(out, text, 1);
	}
	append(out, tail, sizeof(tail));
	return out;
}

static char *
base64(const GByteArray *data)
{
	g_autofree char *all = g_base64_encode(data->data, data->len);
	GString *lines = g_string_new(NULL);

	for (gsize i = 0; i < strlen(all); i += 76)
		g_string_append_printf(lines, "%.76s\n", all + i);
	return g_string_free(lines, FALSE);
}

#define HEADER "From: Priya Patel <patel@woodland-pc.example>\nSubject: Roof\n"
#define OPAQUE                                                            \
	"Content-Type: application/pkcs7-mime; smime-type=signed-data;\n" \
	" name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"

static char *
opaque(GByteArray *data)
{
	g_autofree char *lines = base64(data);

	g_byte_array_unref(data);
	return g_strconcat(OPAQUE, lines, NULL);
}

static struct message *
read_message(const char *entity, const struct message_limits *limits)
{
	g_autofree char *all = g_strconcat(HEADER, entity, NULL);
	g_autoptr(mail) m = mail_parse(all, strlen(all), true);

	return mail_message(m, limits);
}

/* Segments but for the subject, attachments that are closed, and limits. */
static char *
show(struct message *m)
{
	g_autoptr(content) content = message_content(m, true);
	GString *out = g_string_new(NULL);

	for (guint i = 1; i < content->segments->len; i++) {
		const struct segment *s = content->segments->pdata[i];
		g_autofree char *text = g_strdup(s->text);

		g_string_append_printf(out, "%s%u: %s|", origin_name(s->origin),
		    s->part, g_strchomp(text));
	}
	for (guint i = 0; i < content->attachments->len; i++) {
		const struct attachment *a = content->attachments->pdata[i];

		g_string_append_printf(out, "%s|", a->reason);
	}
	if (content->not_read != NULL)
		g_string_append_printf(out, "not read: %s|", content->not_read);
	return g_string_free(out, FALSE);
}

static void
check_says(const char *name, const char *entity, const char *want)
{
	g_autoptr(message) m = read_message(entity, NULL);
	g_autofree char *got = show(m);

	ck_assert_msg(strcmp(got, want) == 0, "%s: %s", name, got);
	ck_assert_str_eq(message_signature(m), "signed with S/MIME");
}

#define TEXT "Content-Type: text/plain\n\nWe accept.\n"

START_TEST(whole)
{
	g_autofree char *plain =
	    opaque(sign(OID_DATA, OID_LEN, TEXT, strlen(TEXT)));
	g_autofree char *stream = opaque(sign_stream(TEXT));
	g_autofree char *twice =
	    opaque(sign(OID_DATA, OID_LEN, plain, strlen(plain)));

	check_says("plain", plain, "own0: We accept.|");
	check_says("stream", stream, "own0: We accept.|");
	check_says("signed twice", twice, "own0: We accept.|");
}
END_TEST

#define MIXED                                                               \
	"Content-Type: multipart/mixed; boundary=b\n\n--b\n"                \
	"Content-Type: multipart/alternative; boundary=c\n\n"               \
	"--c\n\nYes.\n--c\nContent-Type: text/html\n\n<p>Yes.</p>\n--c--\n" \
	"--b\nContent-Type: application/pdf; name=plan.pdf\n"               \
	"Content-Transfer-Encoding: base64\n\nUERG\n--b--\n"

/* Beside the signature's part there may be the footer of a mailing list. */
START_TEST(parts)
{
	g_autofree char *inner =
	    opaque(sign(OID_DATA, OID_LEN, MIXED, strlen(MIXED)));
	g_autofree char *entity = g_strconcat(
	    "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nFirst.\n"
	    "--a\n",
	    inner, "\n--a\n\nLast.\n--a--\n", NULL);
	g_autoptr(message) m = read_message(entity, NULL);
	g_autofree char *got = show(m);
	const GPtrArray *attachments = message_attachments(m);
	const struct message_attachment *plan;
	g_autoptr(GBytes) data = NULL;

	ck_assert_str_eq(
	    got, "own0: First.|own1: Yes.|own3: Last.|name2: plan.pdf|");
	ck_assert_uint_eq(attachments->len, 1);
	ck_assert_uint_eq(message_facts(m)->attachments, 1);
	plan = attachments->pdata[0];
	ck_assert_str_eq(plan->name, "plan.pdf");
	ck_assert_uint_eq(plan->leaf, 2);
	data = message_attachment_data(plan);
	ck_assert_mem_eq(g_bytes_get_data(data, NULL), "PDF", 3);
}
END_TEST

START_TEST(places)
{
	g_autofree char *entity =
	    opaque(sign(OID_DATA, OID_LEN, TEXT, strlen(TEXT)));
	g_autoptr(message) m = read_message(entity, NULL);
	g_autoptr(content) content = message_content(m, true);
	gsize place;

	ck_assert(!content_place(m, content->segments->pdata[1], 0, &place));
}
END_TEST

/* What cannot be read is not said to be inspected. */
START_TEST(closed)
{
	static const char enveloped[] = "Content-Type: application/pkcs7-mime; "
					"smime-type=enveloped-data\n\nx\n";
	g_autofree char *encrypted =
	    opaque(sign(OID_DATA, OID_LEN, enveloped, strlen(enveloped)));
	g_autofree char *bare = opaque(sign(OID_ENVELOPED, OID_LEN, "x", 1));
	g_autofree char *receipt =
	    opaque(sign(OID_RECEIPT, OID_LEN + 2, "x", 1));
	g_autofree char *empty = opaque(sign(OID_DATA, OID_LEN, NULL, 0));
	GByteArray *data = sign(OID_DATA, OID_LEN, TEXT, strlen(TEXT));
	g_autofree char *cut = NULL;
	const struct {
		const char *name, *entity, *want, *not_inspected;
	} table[] = {
	    {"encrypted message", encrypted, "encrypted with S/MIME|",
		"the message is encrypted with S/MIME"},
	    {"encrypted content", bare, "name0: smime.p7m|",
		"the message is encrypted with S/MIME"},
	    {"receipt", receipt, "name0: smime.p7m|", NULL},
	    {"certificates", empty, "name0: smime.p7m|", NULL},
	    {"cut", NULL,
		"name0: smime.p7m|not read: what is signed in it cannot be "
		"read|",
		"what is signed in it cannot be read"},
	    {"no base64",
		"Content-Type: application/pkcs7-mime; smime-type=signed-data\n"
		"Content-Transfer-Encoding: x-uuencode\n\nx\n",
		"not read: what is signed in it cannot be read|",
		"what is signed in it cannot be read"},
	    {"compressed",
		"Content-Type: application/pkcs7-mime; "
		"smime-type=compressed-data\n\nx\n",
		"not read: it is compressed with S/MIME|",
		"it is compressed with S/MIME"},
	};

	g_byte_array_set_size(data, data->len - 20);
	cut = opaque(data);
	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(message) m = read_message(
		    table[i].entity != NULL ? table[i].entity : cut, NULL);
		g_autofree char *got = show(m);

		ck_assert_msg(strcmp(got, table[i].want) == 0, "%s: %s",
		    table[i].name, got);
		ck_assert_msg(g_strcmp0(message_facts(m)->not_inspected,
				  table[i].not_inspected) == 0,
		    "%s: %s", table[i].name, message_facts(m)->not_inspected);
	}
}
END_TEST

START_TEST(nested)
{
	const struct message_limits few = {.parts = 5};
	g_autofree char *entity = g_strdup(TEXT);
	g_autofree char *mixed =
	    opaque(sign(OID_DATA, OID_LEN, MIXED, strlen(MIXED)));
	g_autofree char *both = g_strconcat("Content-Type: multipart/mixed; "
					    "boundary=a\n\n--a\n",
	    mixed, "\n--a\n", mixed, "\n--a--\n", NULL);
	g_autoptr(message) m = NULL, small = NULL, big = NULL;

	for (unsigned i = 0; i < 9; i++) {
		char *outer =
		    opaque(sign(OID_DATA, OID_LEN, entity, strlen(entity)));

		g_free(entity);
		entity = outer;
	}
	m = read_message(entity, NULL);
	ck_assert_str_eq(message_facts(m)->not_inspected,
	    "signatures in it are nested beyond reason");
	small = read_message(both, &few);
	ck_assert_str_eq(message_facts(small)->not_inspected,
	    "it has more parts than the limit");
	big = read_message(both, NULL);
	ck_assert_ptr_null(message_facts(big)->not_inspected);
}
END_TEST

/* As an attachment, whatever it is called, and in a message that is one. */
START_TEST(attached)
{
	static const char said[] = "From: a@b.example\nSubject: Roof\n" TEXT;
	g_autoptr(GByteArray) data =
	    sign(OID_DATA, OID_LEN, said, strlen(said));
	g_autoptr(GByteArray) empty = sign(OID_DATA, OID_LEN, NULL, 0);
	g_autoptr(GByteArray) bare = sign(OID_ENVELOPED, OID_LEN, "x", 1);
	g_autoptr(GByteArray) receipt = sign(OID_RECEIPT, OID_LEN + 2, "x", 1);
	g_autofree char *inner =
	    opaque(sign(OID_DATA, OID_LEN, TEXT, strlen(TEXT)));
	g_autofree char *eml =
	    g_strconcat("From: a@b.example\nSubject: Wall\n", inner, NULL);

	extracting_check("letter.bin",
	    extracting_read(NULL, "letter.bin", data->data, data->len),
	    "letter.bin: p7m, read\nFrom: a@b.example\nSubject: Roof\n"
	    "We accept.\n");
	extracting_check("a.eml",
	    extracting_read(NULL, "a.eml", eml, strlen(eml)),
	    "a.eml: eml, read\nFrom: a@b.example\nSubject: Wall\n"
	    "We accept.\n");
	extracting_check("smime.p7s",
	    extracting_read(NULL, "smime.p7s", empty->data, empty->len),
	    "smime.p7s: p7m, read\n");
	extracting_check("encrypted",
	    extracting_read(NULL, "smime.p7m", bare->data, bare->len),
	    "smime.p7m: p7m, encrypted, what is signed in it is encrypted\n");
	extracting_check("receipt",
	    extracting_read(NULL, "smime.p7m", receipt->data, receipt->len),
	    "smime.p7m: p7m, unsupported, what is signed in it is no mail\n");
	extracting_check("cut",
	    extracting_read(NULL, "smime.p7m", data->data, data->len - 20),
	    "smime.p7m: p7m, failed, it is damaged\n");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("signed");
	TCase *tcase = tcase_create("signed");

	tcase_add_test(tcase, whole);
	tcase_add_test(tcase, parts);
	tcase_add_test(tcase, places);
	tcase_add_test(tcase, closed);
	tcase_add_test(tcase, nested);
	tcase_add_test(tcase, attached);
	suite_add_tcase(suite, tcase);
	return suite;
}
