#include <stdlib.h>
#include <string.h>

#include "milter/extract/rtf_word.h"

/* In the order of strcmp(), since it is searched by halves. */
static const struct rtf_word words[] = {
    {"aftnsep", RTF_PLACE, RTF_SKIP, NULL},
    {"aftnsepc", RTF_PLACE, RTF_SKIP, NULL},
    {"annotation", RTF_PLACE, RTF_ASIDE, NULL},
    {"ansi", RTF_CODEPAGE_IS, 1252, NULL},
    {"ansicpg", RTF_CODEPAGE, 0, NULL},
    {"author", RTF_PLACE, RTF_PROPERTY, "creator"},
    {"bin", RTF_BINARY, 0, NULL},
    {"bullet", RTF_CHARACTER, 0x2022, NULL},
    {"category", RTF_PLACE, RTF_PROPERTY, "category"},
    {"cell", RTF_CELL, 0, NULL},
    {"colortbl", RTF_PLACE, RTF_SKIP, NULL},
    {"comment", RTF_PLACE, RTF_PROPERTY, "description"},
    {"company", RTF_PLACE, RTF_PROPERTY, "Company"},
    {"deleted", RTF_HIDDEN, 0, NULL},
    {"do", RTF_PLACE, RTF_SAME, NULL},
    {"doccomm", RTF_PLACE, RTF_PROPERTY, "description"},
    {"dptxbxtext", RTF_PLACE, RTF_ASIDE, NULL},
    {"emdash", RTF_CHARACTER, 0x2014, NULL},
    {"emspace", RTF_CHARACTER, ' ', NULL},
    {"endash", RTF_CHARACTER, 0x2013, NULL},
    {"enspace", RTF_CHARACTER, ' ', NULL},
    {"f", RTF_FONT, 0, NULL},
    {"fcharset", RTF_FONT_CHARSET, 0, NULL},
    {"filetbl", RTF_PLACE, RTF_SKIP, NULL},
    {"fldinst", RTF_PLACE, RTF_SKIP, NULL},
    {"fonttbl", RTF_PLACE, RTF_FONTS, NULL},
    {"footer", RTF_PLACE, RTF_MARGIN, NULL},
    {"footerf", RTF_PLACE, RTF_MARGIN, NULL},
    {"footerl", RTF_PLACE, RTF_MARGIN, NULL},
    {"footerr", RTF_PLACE, RTF_MARGIN, NULL},
    {"footnote", RTF_PLACE, RTF_ASIDE, NULL},
    {"ftnsep", RTF_PLACE, RTF_SKIP, NULL},
    {"ftnsepc", RTF_PLACE, RTF_SKIP, NULL},
    {"header", RTF_PLACE, RTF_MARGIN, NULL},
    {"headerf", RTF_PLACE, RTF_MARGIN, NULL},
    {"headerl", RTF_PLACE, RTF_MARGIN, NULL},
    {"headerr", RTF_PLACE, RTF_MARGIN, NULL},
    {"info", RTF_PLACE, RTF_SKIP, NULL},
    {"intbl", RTF_IN_TABLE, 0, NULL},
    {"keywords", RTF_PLACE, RTF_PROPERTY, "keywords"},
    {"ldblquote", RTF_CHARACTER, 0x201c, NULL},
    {"line", RTF_BREAK, 0, NULL},
    {"lquote", RTF_CHARACTER, 0x2018, NULL},
    {"mac", RTF_CODEPAGE_IS, 10000, NULL},
    {"manager", RTF_PLACE, RTF_PROPERTY, "Manager"},
    {"nestcell", RTF_CELL, 0, NULL},
    {"nestrow", RTF_ROW, 0, NULL},
    {"nonshppict", RTF_PLACE, RTF_SKIP, NULL},
    {"objdata", RTF_PLACE, RTF_OBJECT, NULL},
    {"operator", RTF_PLACE, RTF_PROPERTY, "lastModifiedBy"},
    {"page", RTF_BREAK, 0, NULL},
    {"par", RTF_PARAGRAPH, 0, NULL},
    {"pard", RTF_PARAGRAPH_RESET, 0, NULL},
    {"pc", RTF_CODEPAGE_IS, 437, NULL},
    {"pca", RTF_CODEPAGE_IS, 850, NULL},
    {"pict", RTF_PLACE, RTF_SKIP, NULL},
    {"plain", RTF_PLAIN, 0, NULL},
    {"propname", RTF_PLACE, RTF_PROPERTY_NAME, NULL},
    {"rdblquote", RTF_CHARACTER, 0x201d, NULL},
    {"revtbl", RTF_PLACE, RTF_SKIP, NULL},
    {"row", RTF_ROW, 0, NULL},
    {"rquote", RTF_CHARACTER, 0x2019, NULL},
    {"rxe", RTF_PLACE, RTF_SKIP, NULL},
    {"sect", RTF_PARAGRAPH, 0, NULL},
    {"shpinst", RTF_PLACE, RTF_SAME, NULL},
    {"shprslt", RTF_PLACE, RTF_SKIP, NULL},
    {"shptxt", RTF_PLACE, RTF_ASIDE, NULL},
    {"sp", RTF_PLACE, RTF_SKIP, NULL},
    {"staticval", RTF_PLACE, RTF_PROPERTY_VALUE, NULL},
    {"stylesheet", RTF_PLACE, RTF_SKIP, NULL},
    {"subject", RTF_PLACE, RTF_PROPERTY, "subject"},
    {"tab", RTF_CHARACTER, '\t', NULL},
    {"tc", RTF_PLACE, RTF_SKIP, NULL},
    {"title", RTF_PLACE, RTF_PROPERTY, "title"},
    {"u", RTF_UNICODE, 0, NULL},
    {"uc", RTF_UNICODE_SKIP, 0, NULL},
    {"ud", RTF_PLACE, RTF_BODY, NULL},
    {"upr", RTF_PLACE, RTF_SKIP, NULL},
    {"userprops", RTF_PLACE, RTF_SKIP, NULL},
    {"v", RTF_HIDDEN, 0, NULL},
    {"xe", RTF_PLACE, RTF_SKIP, NULL},
};

static int
compare(const void *name, const void *word)
{
	return strcmp(name, ((const struct rtf_word *)word)->name);
}

const struct rtf_word *
rtf_word(const char *name)
{
	return bsearch(
	    name, words, G_N_ELEMENTS(words), sizeof(words[0]), compare);
}

unsigned
rtf_codepage(int charset)
{
	static const struct {
		guint8 charset;
		guint16 codepage;
	} pages[] = {{77, 10000}, {128, 932}, {129, 949}, {134, 936},
	    {136, 950}, {161, 1253}, {162, 1254}, {163, 1258}, {177, 1255},
	    {178, 1256}, {186, 1257}, {204, 1251}, {222, 874}, {238, 1250},
	    {254, 437}, {255, 850}};

	for (gsize i = 0; i < G_N_ELEMENTS(pages); i++)
		if (pages[i].charset == charset)
			return pages[i].codepage;
	return 0;
}
