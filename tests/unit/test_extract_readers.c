#include <string.h>

#include "tests/unit/extracting.h"
#include "tests/unit/unit.h"

/* Files that can be written in a line or two. */
static const struct {
	const char *name, *file, *input;
	gsize len;
	const char *want;
} files[] = {
#define FILE(name, file, input, want)                      \
	{                                                  \
		name, file, input, sizeof(input) - 1, want \
	}
    FILE("nothing", "a.txt", "", "a.txt: , read\n"),
    FILE("no name", NULL, "Hello.\n", ": txt, read\nHello.\n"),
    FILE("UTF-8", "a.txt", "T\305\267 a d\305\265r.\n",
	"a.txt: txt, read\nT\305\267 a d\305\265r.\n"),
    FILE("UTF-8 with a mark", "a.txt", "\357\273\277Hello.\n",
	"a.txt: txt, read\nHello.\n"),
    FILE("windows-1252", "a.txt", "It costs \2005 \226 it\222s caf\351.\n",
	"a.txt: txt, read\nIt costs \342\202\2545 \342\200\223 it\342\200\231s "
	"caf\303\251.\n"),
    FILE("UTF-16, little-endian", "a.txt",
	"\377\376H\0i\0 \0w\001=\330\000\336\n\0",
	"a.txt: txt, read\nHi \305\267\360\237\230\200\n"),
    FILE("UTF-16, big-endian", "a.txt", "\376\377\0H\0i\0\n",
	"a.txt: txt, read\nHi\n"),
    FILE("UTF-16 without a mark", "a.txt", "H\0e\0l\0l\0o\0 \0y\0o\0u\0\n\0",
	"a.txt: txt, read\nHello you\n"),
    FILE("a few damaged places do not make it windows-1252", "a.txt",
	"\305\267\305\267\305\267\305\267\305\267\305\267\305\267\305\267"
	"\305\267\305\267\305\267\305\267\305\267\305\267\305\267\305\267"
	"\305\267\305\267\305\267\305\267\305\267\305\267\377 end\n",
	"a.txt: txt, read\n"
	"\305\267\305\267\305\267\305\267\305\267\305\267\305\267\305\267"
	"\305\267\305\267\305\267\305\267\305\267\305\267\305\267\305\267"
	"\305\267\305\267\305\267\305\267\305\267\305\267\357\277\275 end\n"),
    FILE("a table", "a.csv", "Item,Price\nHedge,120\n",
	"a.csv: csv, read\nItem,Price\nHedge,120\n"),
    FILE("a name that lies", "a.docx", "Only text.\n",
	"a.docx: txt, read\nOnly text.\n"),
    FILE("a name that hides", "holiday.jpg", "{\\rtf1 The minutes.\\par}",
	"holiday.jpg: rtf, read\nThe minutes.\n"),
    FILE("a picture", "a.txt", "\211PNG\r\n\032\n\0\0\0\rIHDR",
	"a.txt: png, unsupported, pictures and sound are not read\n"),
    FILE("text that begins like a picture", "a.txt", "BM is short for it.\n",
	"a.txt: txt, read\nBM is short for it.\n"),
    FILE("text that begins like a program", "a.txt", "MZ is short for it.\n",
	"a.txt: txt, read\nMZ is short for it.\n"),
    FILE("a program", "a.pdf", "MZ\220\0\003\0\0\0\004\0",
	"a.pdf: exe, unsupported, it is a program\n"),
    FILE("who knows", "a.bin", "\001\002\003\004\0\001\002",
	"a.bin: , unsupported, a kind of file that is not known\n"),
    FILE("protected by Outlook", "message.rpmsg",
	"\166\350\004\140\304\021\343\206\0\0\0\0",
	"message.rpmsg: rpmsg, encrypted, it is encrypted\n"),
    FILE("protected by a label", "a.pfile", ".pfile\002\0\0\0\0\0",
	"a.pfile: pfile, encrypted, it is encrypted\n"),
    FILE("PGP", "a.asc", "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n",
	"a.asc: asc, encrypted, it is encrypted\n"),
    FILE("PGP behind some words", "a.txt",
	"See below.\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n",
	"a.txt: pgp, encrypted, it is encrypted\n"),
    FILE("S/MIME", "smime.p7m",
	"\060\202\001\000\006\011\052\206\110\206\367\015\001\007\003\240\202"
	"\001\000\060\202\001\000\002\001\002\061\202\001\000\060",
	"smime.p7m: p7m, encrypted, it is encrypted\n"),
    FILE("signed data", "smime.p7m",
	"\060\202\001\000\006\011\052\206\110\206\367\015\001\007\002\240\202"
	"\001\000\060\202\001\000\002\001\002\061\202\001\000\060",
	"smime.p7m: p7m, failed, it is damaged\n"),
    FILE("TNEF that is cut", "winmail.dat", "\170\237\076\042\001\000\001\011",
	"winmail.dat: dat, failed, it ends in the middle\n"),
    FILE("HTML", "a.htm",
	"<!DOCTYPE html><html><head><title>x</title></head><body><p>The "
	"<b>green</b>.<p hidden>unseen<p>caf&eacute;</body></html>",
	"a.htm: html, read\nThe green.\ncaf\303\251\n"),
    FILE("HTML in its own charset", "a.html",
	"<html><head><meta charset=iso-8859-2></head><body>\261</body></html>",
	"a.html: html, read\n\304\205\n"),
    FILE("HTML after a comment", "a.html", "<!-- x -->\n<table><tr><td>a<td>b",
	"a.html: html, read\na\nb\n"),
    FILE("HTML by its name", "a.html", "All,<br>in conf<b></b>idence",
	"a.html: html, read\nAll,\nin confidence\n"),
    FILE("XML", "a.xml", "<?xml version=\"1.0\"?><a><b>one</b><c>two</c></a>",
	"a.xml: xml, read\none\ntwo\n"),
    FILE("XML that is cut", "a.xml", "<?xml version=\"1.0\"?><a><b>one</b>",
	"a.xml: xml, failed, its XML is damaged\none\n"),
    FILE("XML with an entity", "a.xml",
	"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
	"a.xml: xml, failed, its XML declares entities, as attacks do\n"),
    FILE("Word 2003 XML", "a.xml",
	"<?xml version=\"1.0\"?><w:wordDocument xmlns:w=\"w\"><w:body><w:p>"
	"<w:r><w:t>Old XML.</w:t></w:r></w:p></w:body></w:wordDocument>",
	"a.xml: xml, read\nOld XML.\n"),
    FILE("vCard", "a.vcf",
	"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jane Jones\r\nORG:Woodland;Clerk\r\n"
	"item1.EMAIL;TYPE=work:clerk@woodland-pc.example\r\n"
	"NOTE:A long\r\n  note\\nof two lines\r\nPHOTO:AAAA\r\nEND:VCARD\r\n",
	"a.vcf: vcf, read\nJane Jones\nWoodland Clerk\n"
	"clerk@woodland-pc.example\nA long note\nof two lines\n"),
    FILE("vCard 2.1", "a.vcf",
	"BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:T=C5=\n"
	"=B7 yn=0Ay pentref\nTITLE:Clerk\nEND:VCARD\n",
	"a.vcf: vcf, read\nT\305\267 yn\ny pentref\nClerk\n"),
    FILE("vCard of an old Mac", "a.vcf",
	"BEGIN:VCARD\rTITLE:Clerk\rNOTE:a\r b\rEND:VCARD\r",
	"a.vcf: vcf, read\nClerk\nab\n"),
    FILE("calendar", "a.ics",
	"BEGIN:VCALENDAR\nBEGIN:VEVENT\nCLASS:CONFIDENTIAL\n"
	"SUMMARY:Meeting\\, closed\nORGANIZER;CN=\"Jane Jones\":"
	"mailto:clerk@woodland-pc.example\nDTSTART:20261102T100000Z\n"
	"END:VEVENT\nEND:VCALENDAR\n",
	"a.ics: ics, read\nclass = CONFIDENTIAL\nMeeting, closed\n"
	"Jane Jones mailto:clerk@woodland-pc.example\n"),
    FILE("message", "a.eml",
	"From: Jane <clerk@woodland-pc.example>\nSubject: =?utf-8?q?T=C5=B7?=\n"
	"Sensitivity: Company-Confidential\nMIME-Version: 1.0\n"
	"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nOwn words.\n"
	"--b\nContent-Type: text/plain; name=\"=?utf-8?q?n=C3=B4t.txt?=\"\n"
	"Content-Transfer-Encoding: base64\n\nTm90ZWQu\n"
	"--b\nContent-Type: message/rfc822\n\nSubject: Inner\nTo: a@b.example\n"
	"\nInner words.\n--b--\n",
	"a.eml: eml, read\nSensitivity = Company-Confidential\n"
	"From: Jane <clerk@woodland-pc.example>\nSubject: T\305\267\n"
	"Own words.\na.eml/n\303\264t.txt: txt, read\nNoted.\n"
	"a.eml/message.eml: eml, read\nTo: a@b.example\nSubject: Inner\n"
	"Inner words.\n"),
    FILE("message with one field", "a.eml",
	"Content-Transfer-Encoding: base64\n\nTm90ZWQu\n",
	"a.eml: eml, read\nNoted.\n"),
    FILE("message with one field in a message", "a.eml",
	"From: a@b.example\nTo: a@b.example\nContent-Type: message/rfc822\n\n"
	"Content-Transfer-Encoding: base64\n\nTm90ZWQu\n",
	"a.eml: eml, read\nFrom: a@b.example\nTo: a@b.example\n"
	"a.eml/message.eml: eml, read\nNoted.\n"),
    FILE("message with twins", "a.eml",
	"From: a@b.example\nTo: a@b.example\nContent-Type: "
	"multipart/alternative; boundary=b\n\n--b\n\nThe same.\n--b\n"
	"Content-Type: text/html\n\n<p>The <i>same</i>.</p>\n--b--\n",
	"a.eml: eml, read\nFrom: a@b.example\nTo: a@b.example\nThe same.\n"),
    FILE("message with unlike twins", "a.eml",
	"From: a@b.example\nTo: a@b.example\nContent-Type: "
	"multipart/alternative; boundary=b\n\n--b\n\nHarmless.\n--b\n"
	"Content-Type: text/html\n\n<p>Something else.</p>\n--b--\n",
	"a.eml: eml, read\nFrom: a@b.example\nTo: a@b.example\nHarmless.\n"
	"Something else.\n"),
    FILE("compressed", "notes.txt.gz",
	"\037\213\010\000\000\000\000\000\002\003\363\110\315\311\311\327\343"
	"\002\000\374\370\270\335\007\000\000\000",
	"notes.txt.gz: gz, read\nnotes.txt.gz/notes.txt: txt, read\nHello.\n"),
    FILE("a zip file that is none", "a.zip", "PK\003\004 and no more",
	"a.zip: zip, failed, it is damaged\n"),
    FILE("an Office file that is none", "a.doc",
	"\320\317\021\340\241\261\032\341 and no more",
	"a.doc: , unsupported, a kind of file that is not known\n"),
    FILE("a PDF without pdftotext", "a.pdf", "%PDF-1.4\n",
	"a.pdf: pdf, unsupported, pdftotext is not installed\n"),
    FILE("control characters in a name", "a\nb\033.txt", "x\n",
	"a\357\277\275b\357\277\275.txt: txt, read\nx\n"),
#undef FILE
};

START_TEST(test_file)
{
	extracting_check(files[_i].name,
	    extracting_read(
		NULL, files[_i].file, files[_i].input, files[_i].len),
	    files[_i].want);
}
END_TEST

static const struct {
	const char *name, *input, *want;
} rtf[] = {
    {"lines", "{\\rtf1 One\\par two\\line three}", "One\ntwo\nthree\n"},
    {"no space needed", "{\\rtf1 a\\b b\\b0 c\\par\nd}", "abc\nd\n"},
    {"groups", "{\\rtf1 a{\\i b{\\b c}}d}", "abcd\n"},
    {"hex", "{\\rtf1\\ansi caf\\'e9 \\'80}", "caf\303\251 \342\202\254\n"},
    {"code page", "{\\rtf1\\ansi\\ansicpg1250 \\'b9}", "\304\205\n"},
    {"two bytes", "{\\rtf1\\ansicpg932 \\'93\\'fa}", "\346\227\245\n"},
    {"charset of a font",
	"{\\rtf1{\\fonttbl{\\f0 A;}{\\f5\\fcharset204 B;}}\\f5 \\'e4\\f0 "
	"\\'e4}",
	"\320\264\303\244\n"},
    {"Unicode", "{\\rtf1 \\u375?\\u8211\\'96x}", "\305\267\342\200\223x\n"},
    {"Unicode, negative", "{\\rtf1 \\u-3913?}", "\357\202\267\n"},
    {"Unicode in two halves", "{\\rtf1 \\u-10179?\\u-8704?}",
	"\360\237\230\200\n"},
    {"what stands for Unicode", "{\\rtf1\\uc2 \\u375?!x{\\uc0\\u375 y}}",
	"\305\267x\305\267y\n"},
    {"quotes", "{\\rtf1 \\ldblquote a\\rquote s\\rdblquote\\emdash\\~b}",
	"\342\200\234a\342\200\231s\342\200\235\342\200\224\302\240b\n"},
    {"braces", "{\\rtf1 \\{a\\}\\\\}", "{a}\\\n"},
    {"hidden", "{\\rtf1 a{\\v unseen}b\\v c\\v0 d\\v e\\plain f}", "abdf\n"},
    {"deleted", "{\\rtf1 a{\\deleted b}c}", "ac\n"},
    {"unknown destination", "{\\rtf1 a{\\*\\madeup b{c}}d}", "ad\n"},
    {"unknown word", "{\\rtf1 a\\madeup7 b}", "ab\n"},
    {"picture", "{\\rtf1 a{\\pict\\wmetafile8 0100 {\\b c}}d}", "ad\n"},
    {"bytes that are not text", "{\\rtf1 a\\bin3 }{\\d}", "ad\n"},
    {"field", "{\\rtf1{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt seen}}}",
	"seen\n"},
    {"footnote", "{\\rtf1 a{\\footnote note}b\\par c}", "ab\nnote\nc\n"},
    {"text box",
	"{\\rtf1 a{\\shp{\\*\\shpinst{\\sp{\\sn x}{\\sv 1}}{\\shptxt box}}"
	"{\\shprslt again}}b\\par}",
	"ab\nbox\n"},
    {"page header", "{\\rtf1{\\header OFFICIAL\\par}a}", "OFFICIAL\na\n"},
    {"table", "{\\rtf1\\trowd\\intbl a\\par b\\cell c\\cell\\row\\pard d}",
	"a b\tc\nd\n"},
    {"Unicode twin", "{\\rtf1{\\upr{plain}{\\*\\ud{better}}}x}", "betterx\n"},
    {"nothing", "{\\rtf1}", ""},
};

START_TEST(test_rtf)
{
	g_autofree char *want =
	    g_strconcat("a.rtf: rtf, read\n", rtf[_i].want, NULL);

	extracting_check(rtf[_i].name,
	    extracting_read(
		NULL, "a.rtf", rtf[_i].input, strlen(rtf[_i].input)),
	    want);
}
END_TEST

START_TEST(test_rtf_properties)
{
	static const char input[] =
	    "{\\rtf1{\\info{\\title The minutes}{\\author Ms Example}"
	    "{\\creatim\\yr2026}}{\\*\\userprops{\\propname MSIP_Label}"
	    "\\proptype30{\\staticval Secret}}x}";

	extracting_check("properties",
	    extracting_read(NULL, "a.rtf", input, sizeof(input) - 1),
	    "a.rtf: rtf, read\ntitle = The minutes\ncreator = Ms Example\n"
	    "MSIP_Label = Secret\nx\n");
}
END_TEST

START_TEST(test_rtf_property_twin)
{
	static const char input[] =
	    "{\\rtf1{\\info{\\title{\\upr{plain}{\\*\\ud{better}}}}}x}";

	extracting_check("twin",
	    extracting_read(NULL, "a.rtf", input, sizeof(input) - 1),
	    "a.rtf: rtf, read\ntitle = better\nx\n");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("extract_readers");
	TCase *tcase = tcase_create("readers");

	tcase_add_loop_test(tcase, test_file, 0, G_N_ELEMENTS(files));
	tcase_add_loop_test(tcase, test_rtf, 0, G_N_ELEMENTS(rtf));
	tcase_add_test(tcase, test_rtf_properties);
	tcase_add_test(tcase, test_rtf_property_twin);
	suite_add_tcase(suite, tcase);
	return suite;
}
