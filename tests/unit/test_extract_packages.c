/*
 * Documents that are zip files: what LibreOffice does not write, or not so.
 */
#include <string.h>

#include "tests/unit/extracting.h"
#include "tests/unit/unit.h"

#define W(body)                                      \
	"<w:document xmlns:w=\"w\" xmlns:mc=\"mc\" " \
	"xmlns:a=\"a\"><w:body>" body "</w:body></w:document>"
#define TYPES "[Content_Types].xml", "<Types/>"
#define P(text) "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"
#define ODT "mimetype", "application/vnd.oasis.opendocument.text"

static const struct {
	const char *name, *file;
	const char *members[24];
	const char *want;
} packages[] = {
    {"deleted, moved, hidden and fallback text", "a.docx",
	{TYPES, "word/document.xml",
	    W("<w:p><w:r><w:t>a</w:t></w:r><w:del><w:r><w:delText>b</w:delText>"
	      "</w:r></w:del><w:moveFrom><w:r><w:t>c</w:t></w:r></w:moveFrom>"
	      "<w:r><w:rPr><w:vanish/></w:rPr><w:t>d</w:t></w:r><w:r><w:rPr>"
	      "<w:vanish w:val=\"0\"/></w:rPr><w:t>e</w:t><w:tab/><w:t>f</w:t>"
	      "<w:noBreakHyphen/></w:r><mc:AlternateContent><mc:Choice><w:r>"
	      "<w:t>g</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>h</w:t>"
	      "</w:r></mc:Fallback></mc:AlternateContent></w:p>")},
	"a.docx: docx, read\nae\tf-g\n"},
    {"a text box does not tear a sentence", "a.docx",
	{TYPES, "word/document.xml",
	    W("<w:p><w:r><w:t>The </w:t><w:txbxContent>" P(
		"box") "</w:"
		       "txbxContent><w:t>hall.</w:t></w:r></w:p>" P("Next."))},
	"a.docx: docx, read\nThe hall.\nbox\nNext.\n"},
    {"a row is a line", "a.docx",
	{TYPES, "word/document.xml",
	    W("<w:tbl><w:tr><w:tc>" P("a") P("b") "</w:tc><w:tc>" P(
		"c") "</w:tc></w:tr></w:tbl>" P("d"))},
	"a.docx: docx, read\na b\tc\nd\n"},
    {"page headers come first, and once", "a.docx",
	{TYPES, "word/document.xml", W(P("Text.")), "word/header1.xml",
	    W(P("SECRET")), "word/header2.xml", W(P("SECRET")),
	    "word/footer1.xml", W(P("Page"))},
	"a.docx: docx, read\nSECRET\nPage\nText.\n"},
    {"sensitivity label", "a.docx",
	{TYPES, "word/document.xml", W(P("x")), "docMetadata/LabelInfo.xml",
	    "<clbl:labelList xmlns:clbl=\"c\"><clbl:label id=\"{f1e2}\" "
	    "enabled=\"1\"/></clbl:labelList>",
	    "docProps/app.xml",
	    "<Properties><Pages>3</Pages><Company>Woodland &amp; Co</Company>"
	    "</Properties>"},
	"a.docx: docx, read\nCompany = Woodland & Co\n"
	"sensitivity label = {f1e2}\nx\n"},
    {"embedded files", "a.docx",
	{TYPES, "word/document.xml", W(P("Outer.")),
	    "word/embeddings/notes.txt", "Inner."},
	"a.docx: docx, read\nOuter.\na.docx/word/embeddings/notes.txt: txt, "
	"read\nInner.\n"},
    {"files that are no parts", "a.docx",
	{TYPES, "word/document.xml", W(P("Outer.")), "word/chunk.htm",
	    "<html><body>In<b></b>ner.", "notes.txt", "Hidden.",
	    "word/media/a.png", "x"},
	"a.docx: docx, read\nOuter.\n"
	"a.docx/notes.txt: txt, read\nHidden.\n"
	"a.docx/word/chunk.htm: html, read\nInner.\n"},
    {"files that are no parts of ODF", "a.odt",
	{ODT, "content.xml",
	    "<o:b xmlns:o=\"o\" xmlns:text=\"t\"><text:p>Outer.</text:p>"
	    "</o:b>",
	    "notes.txt", "Hidden.", "Object 1", "{\\rtf1 Inner.}",
	    "ObjectReplacements/Object 1", "x", "layout-cache", "x"},
	"a.odt: odt, read\nOuter.\n"
	"a.odt/Object 1: rtf, read\nInner.\n"
	"a.odt/notes.txt: txt, read\nHidden.\n"},
    {"a document of another name", "a.docx",
	{TYPES, "_rels/.rels",
	    "<Relationships><Relationship Id=\"r\" Type=\"x/officeDocument\" "
	    "Target=\"word/real.xml\"/></Relationships>",
	    "word/document.xml", W(P("Decoy.")), "word/real.xml",
	    W(P("Real."))},
	"a.docx: docx, read\nReal.\nDecoy.\n"},
    {"parts that relations alone lead to", "a.docx",
	{"[Content_Types].xml",
	    "<Types><Override PartName=\"/A/text.png\" ContentType=\""
	    "application/vnd.openxmlformats-officedocument.wordprocessingml."
	    "document.main+xml\"/></Types>",
	    "_rels/.rels",
	    "<Relationships><Relationship Id=\"r\" Type=\"http://purl.oclc.org"
	    "/ooxml/officeDocument/relationships/officeDocument\" "
	    "Target=\"a/Text.png\"/><Relationship Id=\"s\" "
	    "Type=\"x/metadata/core-properties\" Target=\"b.dat\"/>"
	    "</Relationships>",
	    "A/_rels/text.png.RELS",
	    "<Relationships><Relationship Type=\"x/header\" "
	    "Target=\"../top.bin\"/><Relationship Type=\"x/footnotes\" "
	    "Target=\"n.xml\"/><Relationship Type=\"x/aFChunk\" "
	    "Target=\"chunk.xml\"/><Relationship Type=\"x/oleObject\" "
	    "Target=\"o.data\"/></Relationships>",
	    "A/text.png", W(P("Text.")), "b.dat",
	    "<c><title>Title</title></c>", "top.bin", W(P("SECRET")),
	    "A/n.xml", W(P("Note.")), "A/chunk.xml",
	    "<html><body>Ch<b></b>unk.", "A/o.data", "{\\rtf1 Object.}"},
	"a.docx: docx, read\ntitle = Title\nSECRET\nText.\nNote.\n"
	"a.docx/A/chunk.xml: html, read\nChunk.\n"
	"a.docx/A/o.data: rtf, read\nObject.\n"},
    {"a part that is not there", "a.docx",
	{TYPES, "word/document.xml", W(P("Text.")),
	    "word/_rels/document.xml.rels",
	    "<Relationships><Relationship Type=\"x/header\" "
	    "Target=\"h.xml\"/><Relationship Type=\"x/header\" "
	    "TargetMode=\"External\" Target=\"x.xml\"/></Relationships>"},
	"a.docx: docx, failed, it lacks a part that it names\nText.\n"},
    {"a document of two kinds", "a.docx",
	{"[Content_Types].xml",
	    "<Types><O ContentType=\"wordprocessingml.main+xml\"/>"
	    "<O ContentType='spreadsheetml.main+xml'/></Types>",
	    "word/document.xml", "<?xml version=\"1.0\"?><w><t>One.</t></w>"},
	"a.docx: zip, read\na.docx/[Content_Types].xml: txt, read\n"
	"<Types><O ContentType=\"wordprocessingml.main+xml\"/>"
	"<O ContentType='spreadsheetml.main+xml'/></Types>\n"
	"a.docx/word/document.xml: xml, read\nOne.\n"},
    {"a document of its usual name", "a.docx",
	{TYPES, "_rels/.rels",
	    "<Relationships><Relationship Id=\"r\" Type=\"x/officeDocument\" "
	    "Target=\"/word/document.xml\"/></Relationships>",
	    "word/document.xml", W(P("Real."))},
	"a.docx: docx, read\nReal.\n"},
    {"sheets of other names", "a.xlsx",
	{TYPES, "xl/workbook.xml",
	    "<workbook xmlns:r=\"r\"><sheet name=\"A\" r:id=\"r1\"/>"
	    "</workbook>",
	    "xl/_rels/workbook.xml.rels",
	    "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" "
	    "Target=\"pages/a.xml\"/></Relationships>",
	    "xl/pages/a.xml",
	    "<worksheet><row><c><v>4.5</v></c></row></worksheet>",
	    "xl/worksheets/sheet1.xml",
	    "<worksheet><row><c><v>7</v></c></row></worksheet>"},
	"a.xlsx: xlsx, read\nA\n4.5\n7\n"},
    {"a sheet that is not there", "a.xlsx",
	{TYPES, "xl/workbook.xml",
	    "<workbook xmlns:r=\"r\"><sheet name=\"A\" r:id=\"r1\"/>"
	    "</workbook>",
	    "xl/_rels/workbook.xml.rels",
	    "<Relationships><Relationship Id=\"r1\" Type=\"x/other\" "
	    "Target=\"pages/a.xml\"/></Relationships>",
	    "xl/pages/a.xml", "<worksheet/>"},
	"a.xlsx: xlsx, failed, it lacks a part that it names\nA\n"},
    {"a binary workbook", "a.xlsb",
	{TYPES, "_rels/.rels",
	    "<Relationships><Relationship Type=\"x/officeDocument\" "
	    "Target=\"xl/workbook.bin\"/></Relationships>",
	    "xl/workbook.bin", "x"},
	"a.xlsb: xlsx, unsupported, a workbook of a form that is not read\n"},
    {"strings of another name", "a.xlsx",
	{TYPES, "xl/workbook.xml", "<workbook/>", "xl/_rels/workbook.xml.rels",
	    "<Relationships><Relationship Id=\"r2\" "
	    "Type=\"x/sharedStrings\" Target=\"words.xml\"/>"
	    "</Relationships>",
	    "xl/words.xml", "<sst><si><t>word</t></si></sst>",
	    "xl/worksheets/a.xml",
	    "<worksheet><row><c t=\"s\"><v>0</v></c></row></worksheet>"},
	"a.xlsx: xlsx, read\nword\n"},
    {"slides of other names", "a.pptx",
	{TYPES, "_rels/.rels",
	    "<Relationships><Relationship Type=\"x/officeDocument\" "
	    "Target=\"ppt/talk.xml\"/></Relationships>",
	    "ppt/talk.xml", "<p xmlns:r=\"r\"><sldId r:id=\"a\"/></p>",
	    "ppt/_rels/talk.xml.rels",
	    "<Relationships><Relationship Id=\"a\" Type=\"x/slide\" "
	    "Target=\"/a.xml\"/></Relationships>",
	    "a.xml", "<s><p><t>First.</t></p></s>", "_rels/a.xml.rels",
	    "<Relationships><Relationship Type=\"x/notesSlide\" "
	    "Target=\"n.xml\"/></Relationships>",
	    "n.xml", "<n><p><t>Notes.</t></p></n>",
	    "ppt/notesSlides/notesSlide1.xml",
	    "<n><p><t>Of no slide.</t></p></n>"},
	"a.pptx: pptx, read\nFirst.\nNotes.\nOf no slide.\n"},
    {"no document", "a.docx", {TYPES, "word/styles.xml", "<x/>"},
	"a.docx: docx, failed, it has no document in it\n"},
    {"damaged XML keeps what there was", "a.docx",
	{TYPES, "word/document.xml", "<w:document xmlns:w=\"w\">" P("x") "<w"},
	"a.docx: docx, failed, its XML is damaged\nx\n"},
    {"strings of a sheet", "a.xlsx",
	{TYPES, "xl/workbook.xml",
	    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"B &amp; A\" "
	    "r:id=\"r2\"/><sheet name=\"C\" r:id=\"r1\"/></sheets></workbook>",
	    "xl/_rels/workbook.xml.rels",
	    "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/"
	    "sheet1.xml\"/><Relationship Id=\"r2\" "
	    "Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>",
	    "xl/sharedStrings.xml",
	    "<sst><si><t>zero</t></si><si><r><t>on</t></r><r><t>e\nx</t></r>"
	    "<rPh><t>hint</t></rPh></si></sst>",
	    "xl/worksheets/sheet1.xml",
	    "<worksheet><row><c t=\"inlineStr\"><is><t>in</t></is></c><c><v>4.5"
	    "</v></c><c t=\"s\"><v>99</v></c></row></worksheet>",
	    "xl/worksheets/sheet2.xml",
	    "<worksheet><row><c t=\"s\"><v>1</v></c><c t=\"s\"><v>0</v></c>"
	    "</row><headerFooter><oddHeader>&amp;L&amp;\"Arial,Bold\"&amp;14"
	    "SECRET&amp;C&amp;Kff0000R&amp;&amp;D &amp;P</oddHeader>"
	    "</headerFooter></worksheet>"},
	"a.xlsx: xlsx, read\nSECRET\nR&D\nB & A\none x\tzero\nC\nin\t4.5\n"},
    {"slides in their order", "a.pptx",
	{TYPES, "ppt/presentation.xml",
	    "<p xmlns:r=\"r\"><sldId id=\"1\" r:id=\"b\"/><sldId id=\"2\" "
	    "r:id=\"a\"/></p>",
	    "ppt/_rels/presentation.xml.rels",
	    "<Relationships><Relationship Id=\"a\" Target=\"slides/slide1.xml\""
	    "/><Relationship Id=\"b\" Target=\"slides/slide2.xml\"/>"
	    "</Relationships>",
	    "ppt/slides/slide1.xml", "<s><p><t>Last.</t></p></s>",
	    "ppt/slides/slide2.xml",
	    "<s><p><t>Fir</t><t>st.</t></p><p><fld><t>1</t></fld></p></s>",
	    "ppt/slides/_rels/slide2.xml.rels",
	    "<Relationships><Relationship Id=\"n\" Type=\"x/notesSlide\" "
	    "Target=\"../notesSlides/notesSlide7.xml\"/></Relationships>",
	    "ppt/notesSlides/notesSlide7.xml", "<n><p><t>Notes.</t></p></n>",
	    "ppt/slides/slide10.xml", "<s><p><t>Not listed.</t></p></s>",
	    "ppt/slideMasters/slideMaster1.xml",
	    "<m><sp><ph type=\"title\"/><p><t>Click here</t></p></sp><sp><p><t>"
	    "SECRET</t></p></sp><sp><ph type=\"ftr\"/><p><t>Foot</t></p></sp>"
	    "</m>"},
	"a.pptx: pptx, read\nSECRET\nFoot\nFirst.\nNotes.\nLast.\n"
	"Not listed.\n"},
    {"notes and comments do not tear a sentence", "a.odt",
	{ODT, "content.xml",
	    "<office:body xmlns:office=\"o\" xmlns:text=\"t\" xmlns:dc=\"d\">"
	    "<text:p>The<text:s text:c=\"2\"/>hall<text:note><text:note-"
	    "citation>1</text:note-citation><text:note-body><text:p>Note."
	    "</text:p></text:note-body></text:note> and<office:annotation>"
	    "<dc:creator>Ms Example</dc:creator><text:p>Why?</text:p>"
	    "</office:annotation><text:tab/>green.</text:p><text:tracked-"
	    "changes><text:p>gone</text:p></text:tracked-changes>"
	    "<text:p>On <text:date>2 May</text:date>.</text:p></office:body>"},
	"a.odt: odt, read\nThe  hall and\tgreen.\nNote.\nWhy?\nOn 2 May.\n"},
    {"ODF with a password", "a.odt",
	{ODT, "content.xml", "garbage", "META-INF/manifest.xml",
	    "<m><manifest:encryption-data/></m>"},
	"a.odt: odt, encrypted, it has a password\n"},
    {"archive", "a.zip", {"b/c.txt", "One.", "../d", "{\\rtf1 Two.}"},
	"a.zip: zip, read\na.zip/b/c.txt: txt, read\nOne.\n"
	"a.zip/../d: rtf, read\nTwo.\n"},
};

START_TEST(test_package)
{
	g_autoptr(GByteArray) zip = extracting_zip(packages[_i].members);

	extracting_check(packages[_i].name,
	    extracting_read(NULL, packages[_i].file, zip->data, zip->len),
	    packages[_i].want);
}
END_TEST

/* Programs that open documents go by the directory at the end. */
START_TEST(test_two_names)
{
	static const char *const members[] = {TYPES, "word/aocument.xml",
	    W(P("Real.")), "word/document.xml", W(P("Decoy.")), NULL};
	g_autoptr(GByteArray) zip = extracting_zip(members);
	guint8 *directory = memmem(zip->data, zip->len, "PK\001\002", 4);
	gsize len = zip->len - (gsize)(directory - zip->data);

	*(char *)memmem(directory, len, "document.xml", 12) = 'x';
	*(char *)memmem(directory, len, "aocument.xml", 12) = 'd';
	extracting_check("two names",
	    extracting_read(NULL, "a.docx", zip->data, zip->len),
	    "a.docx: docx, failed, its parts have two names each\nDecoy.\n");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("extract_packages");
	TCase *tcase = tcase_create("packages");

	tcase_add_loop_test(tcase, test_package, 0, G_N_ELEMENTS(packages));
	tcase_add_test(tcase, test_two_names);
	suite_add_tcase(suite, tcase);
	return suite;
}
