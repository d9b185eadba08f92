/*
 * The control words of RTF 1.9.1 that decide what is text.
 */
#ifndef MILTER_EXTRACT_RTF_WORD_H
#define MILTER_EXTRACT_RTF_WORD_H

#include <glib.h>

enum rtf_act {
	RTF_NOTHING,
	RTF_CHARACTER, /* argument: what it stands for */
	RTF_PARAGRAPH,
	RTF_BREAK,
	RTF_CELL,
	RTF_ROW,
	RTF_IN_TABLE,
	RTF_PARAGRAPH_RESET,
	RTF_PLAIN,
	RTF_HIDDEN,
	RTF_PLACE, /* argument: enum rtf_place */
	RTF_UNICODE,
	RTF_UNICODE_SKIP,
	RTF_FONT,
	RTF_FONT_CHARSET,
	RTF_CODEPAGE,
	RTF_CODEPAGE_IS, /* argument: the code page */
	RTF_BINARY,
};

/* What the text of a group is. */
enum rtf_place {
	RTF_BODY,
	RTF_ASIDE,  /* footnotes, comments, text boxes */
	RTF_MARGIN, /* page headers and footers */
	RTF_SAME,   /* what the group around it is */
	RTF_SKIP,
	RTF_OBJECT, /* bytes in hexadecimal digits */
	RTF_FONTS,
	RTF_PROPERTY, /* of the document, by its own name */
	RTF_PROPERTY_NAME,
	RTF_PROPERTY_VALUE,
};

struct rtf_word {
	const char *name;
	enum rtf_act act;
	int argument;
	const char *property; /* RTF_PROPERTY: its name in a result */
};

/* NULL for one that says nothing about the text. */
const struct rtf_word *rtf_word(const char *name);

/* The code page of a font's charset, or 0. */
unsigned rtf_codepage(int charset);

#endif
