/*
 * Outlook's messages, in files of their own and as Exchange sends them, and
 * the objects that programs embed in each other's documents.
 */
#include <string.h>

#include "tests/unit/compound.h"
#include "tests/unit/extracting.h"
#include "tests/unit/unit.h"

#define Z4 "\0\0\0\0"
#define Z8 Z4 Z4
#define LONG(number, value) "\003\0" number Z4 value Z4

#define V "__substg1.0_"
#define SHORTS "__properties_version1.0"
#define R0 "__recip_version1.0_#00000000/"
#define R1 "__recip_version1.0_#00000001/"
#define A0 "__attach_version1.0_#00000000/"
#define A1 "__attach_version1.0_#00000001/"
#define NAMES "__nameid_version1.0/"

/* The properties of a message, and how its file is attached. */
#define MESSAGE COMPOUND(SHORTS, Z8 Z8 Z8 Z8)
#define SUBJECT(text) COMPOUND(V "0037001E", text)
#define BODY(text) COMPOUND(V "1000001E", text)
#define HTML(text) COMPOUND(V "10130102", text)
#define RTF(text) COMPOUND(V "10090102", text)
#define METHOD(value) COMPOUND(A0 SHORTS, Z8 LONG("\005\067", value))

/* The first example of [MS-OXRTFCP]. */
#define RTF_PACKED                                                    \
	"\055\0\0\0\053\0\0\0LZFu\361\305\307\247\003\0\012\0rcpg125" \
	"B2\012\363 hel\011\0 bw\005\260ld}\012\200\017\240"
/* "{\rtf1 The green.}", as [MS-OXRTFCP] packs nothing of it. */
#define RTF_TEXT "{\\rtf1 The green.}"
#define RTF_PLAIN "\036\0\0\0\022\0\0\0MELA\0\0\0\0" RTF_TEXT

static const struct {
	const char *name;
	struct compound_stream streams[24];
	const char *want;
} messages[] = {
    {"a message",
	{COMPOUND(SHORTS, Z8 Z8 Z8 Z8 LONG("\066\0",
			      "\003\0\0\0") "\100\0\071\0" Z4 "\0\200\330\107"
					    "\200\334\334\001"),
	    SUBJECT("The hedge"), COMPOUND(V "0042001F", "J\0a\0n\0e\0"),
	    COMPOUND(V "5D02001E", "jane@woodland-pc.example"),
	    COMPOUND(R0 SHORTS, Z8 LONG("\025\014", "\001\0\0\0")),
	    COMPOUND(R0 V "3001001E", "Mr Tester"),
	    COMPOUND(R0 V "39FE001E", "tester@council.example"),
	    COMPOUND(R1 SHORTS, Z8 LONG("\025\014", "\002\0\0\0")),
	    COMPOUND(R1 V "3001001E", "Ms Example"),
	    COMPOUND(R1 V "3003001E", "/o=Woodland/cn=example"),
	    BODY("It costs \243120.\r\n")},
	"a.msg: msg, read\nSensitivity = Company-Confidential\n"
	"From: Jane <jane@woodland-pc.example>\n"
	"To: Mr Tester <tester@council.example>\nCc: Ms Example\n"
	"Date: 2026-05-05 11:14 UTC\nSubject: The hedge\n"
	"It costs \302\243120.\r\n"},
    {"markings have names of their own",
	{MESSAGE, COMPOUND(NAMES V "00020102", "" Z8 Z8),
	    COMPOUND(NAMES V "00030102", "\0\0\0\0\007\0\0\0"
					 "\033\0\0\0\007\0\001\0"
					 "\266\205\0\0\006\0\002\0"
					 "\377\377\377\0\007\0\003\0"),
	    COMPOUND(NAMES V "00040102",
		"\026\0\0\0m\0s\0i\0p\0_\0l\0a\0b\0e\0l\0s\0\0\0"
		"\020\0\0\0K\0e\0y\0w\0o\0r\0d\0s\0"),
	    COMPOUND(V "8000001E", "Official-Sensitive"),
	    COMPOUND(V "8002001E", "Secret"),
	    COMPOUND(V "8003001E", "of no name"),
	    COMPOUND(V "007D001E",
		"Received: x\r\nX-Classification: closed\r\n\r\n")},
	"a.msg: msg, read\nmsip_labels = Official-Sensitive\n"
	"Classification = Secret\nX-Classification = closed\n"},
    {"several values",
	{MESSAGE, COMPOUND(NAMES V "00030102", "\0\0\0\0\007\0\0\0"),
	    COMPOUND(NAMES V "00040102", "\020\0\0\0K\0e\0y\0w\0o\0r\0d\0s\0"),
	    COMPOUND(V "8000101E", Z8), COMPOUND(V "8000101E-00000000", "one"),
	    COMPOUND(V "8000101E-00000001", "two")},
	"a.msg: msg, read\nKeywords = one; two\n"},
    {"HTML alone", {MESSAGE, HTML("<html><body>The <b>green</b>.")},
	"a.msg: msg, read\nThe green.\n"},
    {"RTF alone", {MESSAGE, RTF(RTF_PLAIN)}, "a.msg: msg, read\nThe green.\n"},
    {"RTF that is packed", {MESSAGE, RTF(RTF_PACKED)},
	"a.msg: msg, read\nhello world\n"},
    {"three that say the same",
	{MESSAGE, BODY("The green."), HTML("<html><body>The <b>green</b>."),
	    RTF(RTF_PLAIN)},
	"a.msg: msg, read\nThe green.\n"},
    {"three that do not",
	{MESSAGE, BODY("Harmless."), HTML("<html><body>Something <b>else</b>."),
	    RTF(RTF_PLAIN)},
	"a.msg: msg, read\nHarmless.\nSomething else.\nThe green.\n"},
    {"RTF that is damaged", {MESSAGE, RTF("\036\0\0\0\022\0\0\0MELA")},
	"a.msg: msg, failed, text in it that cannot be read\n"},
    {"RTF of an absurd size",
	{MESSAGE, RTF("\036\0\0\0\377\377\377\377LZFu" Z8)},
	"a.msg: msg, failed, text in it that cannot be read\n"},
    {"a file",
	{MESSAGE, METHOD("\001\0\0\0"),
	    COMPOUND(A0 V "3704001E", "NOTES~1.TXT"),
	    COMPOUND(A0 V "3707001E", "notes on it.txt"),
	    COMPOUND(A0 V "37010102", "Inner.")},
	"a.msg: msg, read\na.msg/notes on it.txt: txt, read\nInner.\n"},
    {"an empty file",
	{MESSAGE, METHOD("\001\0\0\0"), COMPOUND(A0 V "3707001E", "a.txt"),
	    COMPOUND(A0 V "37010102", "")},
	"a.msg: msg, read\na.msg/a.txt: , read\n"},
    {"a file that is not there",
	{MESSAGE, METHOD("\001\0\0\0"), COMPOUND(A0 V "3707001E", "a.txt")},
	"a.msg: msg, read\na.msg/a.txt: , failed, it is damaged\n"},
    {"a link",
	{MESSAGE, METHOD("\007\0\0\0"), COMPOUND(A0 V "3707001E", "a.docx")},
	"a.msg: msg, read\n"
	"a.msg/a.docx: , unsupported, only a link to it is attached\n"},
    {"rights management",
	{MESSAGE, BODY("Protected."), METHOD("\001\0\0\0"),
	    COMPOUND(A0 V "3707001E", "message.rpmsg"),
	    COMPOUND(A0 V "37010102", "v\350\004`\304\021\343\206" Z8)},
	"a.msg: msg, encrypted, it is protected by rights management\n"
	"Protected.\n"
	"a.msg/message.rpmsg: rpmsg, encrypted, it is encrypted\n"},
    {"signed parts",
	{MESSAGE, METHOD("\001\0\0\0"), COMPOUND(A0 V "3707001E", "smime.p7m"),
	    COMPOUND(A0 V "370E001E", "multipart/signed"),
	    COMPOUND(A0 V "37010102",
		"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n"
		"Content-Transfer-Encoding: "
		"base64\r\n\r\nTm90ZWQu\r\n--b--\r\n")},
	"a.msg: msg, read\na.msg/smime.p7m: eml, read\nNoted.\n"},
    {"a message inside, whose names are outside",
	{MESSAGE, BODY("Outer."),
	    COMPOUND(NAMES V "00030102", "\0\0\0\0\007\0\0\0"),
	    COMPOUND(NAMES V "00040102", "\020\0\0\0K\0e\0y\0w\0o\0r\0d\0s\0"),
	    METHOD("\005\0\0\0"), COMPOUND(A0 V "3001001E", "An old one"),
	    COMPOUND(
		A0 V "3701000D/" SHORTS, Z8 Z8 Z8 LONG("\066\0", "\001\0\0\0")),
	    COMPOUND(A0 V "3701000D/" V "0037001E", "An old one"),
	    COMPOUND(A0 V "3701000D/" V "1000001E", "Inner."),
	    COMPOUND(A0 V "3701000D/" V "8000001E", "trees"),
	    COMPOUND(A0 V "3701000D/" A0 V "37010102", "Innermost."),
	    COMPOUND(A1 V "37010102", "Last.")},
	"a.msg: msg, read\nOuter.\n"
	"a.msg/An old one: msg, read\nSensitivity = Personal\n"
	"Keywords = trees\nSubject: An old one\nInner.\n"
	"a.msg/An old one/: txt, read\nInnermost.\na.msg/: txt, read\nLast.\n"},
    {"an object inside",
	{MESSAGE, METHOD("\006\0\0\0"),
	    COMPOUND(A0 V "3701000D/Package", "{\\rtf1 Inner.}")},
	"a.msg: msg, read\na.msg/: ole, read\n"
	"a.msg//Package: rtf, read\nInner.\n"},
};

START_TEST(test_message)
{
	g_autoptr(GByteArray) file = compound_build(messages[_i].streams);

	extracting_check(messages[_i].name,
	    extracting_read(NULL, "a.msg", file->data, file->len),
	    messages[_i].want);
}
END_TEST

static const struct compound_stream nested[] = {MESSAGE, BODY("Words."),
    COMPOUND(A0 V "3701000D/" SHORTS, Z8 Z8 Z8),
    COMPOUND(A0 V "3701000D/" V "1000001E", "Inner."), {NULL, NULL, 0}};

/* A message that is attached to itself. */
START_TEST(test_loop)
{
	g_autoptr(GByteArray) file = compound_build(nested);
	guint8 *inner = compound_entry(file, V "3701000D");

	/* The first entry after the root's. */
	compound_put(inner + COMPOUND_CHILD, 1);
	extracting_check("loop",
	    extracting_read(NULL, "a.msg", file->data, file->len),
	    "a.msg: msg, read\nWords.\na.msg/: msg, failed, it is damaged\n"
	    "Words.\na.msg//: , failed, it is damaged\n");
}
END_TEST

/* One number in the directory that is not as it should be. */
static const struct {
	const char *name, *entry;
	int at;
	guint32 number;
	const char *want;
} damaged[] = {
    {"siblings in a loop", V "1000001E", COMPOUND_RIGHT, 1,
	"a.msg: msg, read\nWords.\n"},
    {"its own sibling", SHORTS, COMPOUND_LEFT, 1,
	"a.msg: msg, read\nWords.\na.msg/: msg, read\nInner.\n"},
    {"a sibling beyond the end", V "1000001E", COMPOUND_RIGHT, 0x7fffffff,
	"a.msg: msg, failed, it is damaged\nWords.\n"},
    {"a stream beyond the end", V "1000001E", COMPOUND_FIRST, 0x7fffffff,
	"a.msg: msg, failed, it is damaged\na.msg/: msg, read\nInner.\n"},
    {"an absurd size", V "1000001E", COMPOUND_SIZE, 0xfffffff0,
	"a.msg: msg, failed, it is damaged\n"},
};

START_TEST(test_damaged)
{
	g_autoptr(GByteArray) file = compound_build(nested);
	g_autoptr(GPtrArray) found = NULL;
	g_autofree char *show = NULL;

	compound_put(compound_entry(file, damaged[_i].entry) + damaged[_i].at,
	    damaged[_i].number);
	found = extracting_read(NULL, "a.msg", file->data, file->len);
	show = extracting_show(found);
	ck_assert_msg(g_str_has_prefix(show, damaged[_i].want),
	    "%s: got\n%s\nwant\n%s", damaged[_i].name, show, damaged[_i].want);
}
END_TEST

/* Many streams that are the same long one. */
START_TEST(test_aliases)
{
	g_autofree char *words = g_strnfill(1 << 20, 'x');
	struct compound_stream streams[64] = {MESSAGE};
	g_autoptr(GByteArray) file = NULL;
	struct extract_limits limits = {.expanded = 4 << 20};
	g_autoptr(GPtrArray) found = NULL;
	const struct attachment *a;
	guint8 *first;

	for (int i = 1; i < 60; i++)
		streams[i] = (struct compound_stream){
		    g_strdup_printf(
			"__attach_version1.0_#%08X/" V "37010102", i),
		    i == 1 ? words : "", i == 1 ? 1 << 20 : 0};
	file = compound_build(streams);
	first = compound_entry(file, V "37010102");
	for (guint8 *p = first; p < file->data + file->len - 512; p += 128)
		if (memcmp(p, first, 64) == 0)
			memcpy(p + COMPOUND_FIRST, first + COMPOUND_FIRST, 8);
	found = extracting_read(&limits, "a.msg", file->data, file->len);
	a = found->pdata[0];
	ck_assert_str_eq(a->reason, "it unpacks to more than is allowed");
	ck_assert_uint_lt(found->len, 60);
	for (int i = 1; i < 60; i++)
		g_free((gpointer)(gsize)streams[i].path);
}
END_TEST

/* Attributes of TNEF: a level, a number, a length, bytes and a checksum. */
#define T "\170\237\076\042\001\0"
#define ATTRIBUTE(level, number, len, bytes) \
	level number "\0\0" len "\0\0\0" bytes "\0\0"
#define MAPI(len, bytes) ATTRIBUTE("\001", "\003\220", len, bytes)
#define FILE_BEGINS ATTRIBUTE("\002", "\002\220", "\0", "")
#define TITLE ATTRIBUTE("\002", "\020\200", "\006", "a.txt\0")
#define DATA ATTRIBUTE("\002", "\017\200", "\006", "Inner.")

static const struct {
	const char *name, *input;
	gsize len;
	const char *want;
} tnef[] = {
#define TNEF(name, input, want)                      \
	{                                            \
		name, input, sizeof(input) - 1, want \
	}
    TNEF("attributes",
	T ATTRIBUTE("\001", "\004\200", "\006", "Hedge\0") ATTRIBUTE(
	    "\001", "\014\200", "\006", "Words.") FILE_BEGINS TITLE DATA,
	"winmail.dat: dat, read\nSubject: Hedge\nWords.\n"
	"winmail.dat/a.txt: txt, read\nInner.\n"),
    TNEF("properties",
	T MAPI("\064", "\002\0\0\0"
		       "\036\0\067\0\001\0\0\0\006\0\0\0Hedge\0\0\0"
		       "\002\001\023\020\001\0\0\0\020\0\0\0<html>The green."),
	"winmail.dat: dat, read\nSubject: Hedge\nThe green.\n"),
    TNEF("a marking of its own number",
	T MAPI("\104", "\001\0\0\0\036\0\001\200" Z8 Z8 "\001\0\0\0\022\0\0\0"
		       "K\0e\0y\0w\0o\0r\0d\0s\0\0\0\0\0"
		       "\001\0\0\0\006\0\0\0trees\0\0\0"),
	"winmail.dat: dat, read\nKeywords = trees\n"),
    TNEF("a message inside",
	T FILE_BEGINS ATTRIBUTE("\002", "\005\220", "\070",
	    "\001\0\0\0\015\0\001\067\001\0\0\0\045\0\0\0" Z8 Z8 T ATTRIBUTE(
		"\001", "\014\200", "\004", "Deep") "\0\0\0"),
	"winmail.dat: dat, read\n"
	"winmail.dat/: dat, read\nDeep\n"),
    TNEF("a file without data", T FILE_BEGINS TITLE,
	"winmail.dat: dat, read\n"
	"winmail.dat/a.txt: , failed, it is damaged\n"),
    TNEF("nothing", T, "winmail.dat: dat, read\n"),
    TNEF("cut", T FILE_BEGINS "\002\017\200\0\0\377\0\0\0Inn",
	"winmail.dat: dat, failed, it ends in the middle\n"
	"winmail.dat/: , failed, it is damaged\n"),
    TNEF("absurd numbers",
	T MAPI("\010", "\377\377\377\377\036\020\067\0") ATTRIBUTE(
	    "\001", "\004\220", "\010", "\377\377\377\377\377\377\377\377"),
	"winmail.dat: dat, failed, it is damaged\n"),
#undef TNEF
};

START_TEST(test_tnef)
{
	extracting_check(tnef[_i].name,
	    extracting_read(NULL, "winmail.dat", tnef[_i].input, tnef[_i].len),
	    tnef[_i].want);
}
END_TEST

/* What the Object Packager wraps around a file. */
#define PACKED(len)                                        \
	"\002\0notes.txt\0C:\\notes.txt\0\0\0\003\0\004\0" \
	"\0\0tmp\0" len "\0\0\0Inner."

static const struct {
	const char *name;
	struct compound_stream streams[4];
	const char *want;
} objects[] = {
    {"a file", {COMPOUND("\001Ole10Native", "\060\0\0\0" PACKED("\006"))},
	"a.bin: ole, read\na.bin/notes.txt: txt, read\nInner.\n"},
    {"a file that is cut",
	{COMPOUND("\001Ole10Native", "\060\0\0\0" PACKED("\007"))},
	"a.bin: ole, read\n"
	"a.bin/object: , unsupported, a kind of file that is not known\n"},
    {"a document", {COMPOUND("Package", "{\\rtf1 Inner.}")},
	"a.bin: ole, read\na.bin/Package: rtf, read\nInner.\n"},
    {"a PDF", {COMPOUND("CONTENTS", "%PDF-1.4\n")},
	"a.bin: ole, read\n"
	"a.bin/CONTENTS: pdf, unsupported, pdftotext is not installed\n"},
    {"an equation", {COMPOUND("Equation Native", "x")},
	"a.bin: ole, unsupported, nothing here reads such files\n"},
    {"objects of an old workbook",
	{COMPOUND("Workbook", "\011\010\0\0"),
	    COMPOUND("MBD0001/Package", "{\\rtf1 Inner.}")},
	"a.bin: xls, unsupported, xls2csv is not installed\n"
	"a.bin/MBD0001: ole, read\n"
	"a.bin/MBD0001/Package: rtf, read\nInner.\n"},
};

START_TEST(test_object)
{
	g_autoptr(GByteArray) file = compound_build(objects[_i].streams);

	extracting_check(objects[_i].name,
	    extracting_read(NULL, "a.bin", file->data, file->len),
	    objects[_i].want);
}
END_TEST

/* Objects in RTF, as hexadecimal digits or bytes. */
#define OLE1(class, len) \
	"\001\005\0\0\002\0\0\0\010\0\0\0" class "\0" Z8 len "\0\0\0"

static const struct {
	const char *name, *object;
	gsize len;
	const char *want;
} old[] = {
#define OLD(name, object, want)                        \
	{                                              \
		name, object, sizeof(object) - 1, want \
	}
    OLD("a file", OLE1("Package", "\057") PACKED("\006") "more",
	"a.rtf: rtf, read\nab\na.rtf/notes.txt: txt, read\nInner.\n"),
    OLD("a document", OLE1("Wording", "\016") "{\\rtf1 Inner.}",
	"a.rtf: rtf, read\nab\na.rtf/Wording: rtf, read\nInner.\n"),
    OLD("a document that is cut", OLE1("Wording", "\017") "{\\rtf1 Inner.}",
	"a.rtf: rtf, read\nab\n"
	"a.rtf/object: , unsupported, a kind of file that is not known\n"),
    OLD("a link", "\001\005\0\0\001\0\0\0" Z8,
	"a.rtf: rtf, read\nab\n"
	"a.rtf/object: , unsupported, a kind of file that is not known\n"),
    OLD("nothing", "", "a.rtf: rtf, read\nab\n"),
#undef OLD
};

START_TEST(test_rtf)
{
	g_autoptr(GString) rtf =
	    g_string_new("{\\rtf1 a{\\object\\objemb"
			 "{\\*\\objclass X}{\\*\\objdata ");
	const char *end = "}{\\result{\\pict 00}}}b}";
	g_autofree char *name = g_strconcat(old[_i].name, ", in bytes", NULL);
	gsize start = rtf->len;

	for (gsize i = 0; i < old[_i].len; i++)
		g_string_append_printf(rtf, "%02x%s", (guint8)old[_i].object[i],
		    i % 16 == 15 ? "\n" : "");
	g_string_append(rtf, end);
	extracting_check(old[_i].name,
	    extracting_read(NULL, "a.rtf", rtf->str, rtf->len), old[_i].want);

	g_string_truncate(rtf, start);
	g_string_append_printf(rtf, "\\bin%u ", (unsigned)old[_i].len);
	g_string_append_len(rtf, old[_i].object, (gssize)old[_i].len);
	g_string_append(rtf, end);
	extracting_check(name,
	    extracting_read(NULL, "a.rtf", rtf->str, rtf->len), old[_i].want);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("extract_items");
	TCase *tcase = tcase_create("items");

	tcase_add_loop_test(tcase, test_message, 0, G_N_ELEMENTS(messages));
	tcase_add_test(tcase, test_loop);
	tcase_add_loop_test(tcase, test_damaged, 0, G_N_ELEMENTS(damaged));
	tcase_add_test(tcase, test_aliases);
	tcase_add_loop_test(tcase, test_tnef, 0, G_N_ELEMENTS(tnef));
	tcase_add_loop_test(tcase, test_object, 0, G_N_ELEMENTS(objects));
	tcase_add_loop_test(tcase, test_rtf, 0, G_N_ELEMENTS(old));
	suite_add_tcase(suite, tcase);
	return suite;
}
