/*
 * What a file is by what is in it.  Its name and what the message says of it
 * only choose between kinds of text that differ in nothing else.
 */
#ifndef MILTER_EXTRACT_TYPE_H
#define MILTER_EXTRACT_TYPE_H

#include <glib.h>
#include <stdbool.h>

/* Who reads it. */
enum file_kind {
	KIND_UNKNOWN,
	KIND_EMPTY,
	KIND_TEXT,
	KIND_HTML,
	KIND_XML,
	KIND_WORD_XML, /* Word's as one XML file */
	KIND_FLAT_ODF,
	KIND_RTF,
	KIND_CARD, /* vCard, iCalendar */
	KIND_MAIL,
	KIND_SIGNED, /* mail in its signature */
	KIND_DOCX,
	KIND_XLSX,
	KIND_PPTX,
	KIND_ODF,
	KIND_ARCHIVE,
	KIND_COMPRESSED, /* one file, or a tar file */
	KIND_PDF,
	KIND_DOC,
	KIND_XLS,
	KIND_PPT,
	KIND_MSG,    /* an item of Outlook */
	KIND_TNEF,   /* the same, sent by Exchange */
	KIND_OBJECT, /* a file that is embedded in another one */
	KIND_ENCRYPTED,
	KIND_MEDIA, /* pictures, sound, film, fonts */
	KIND_PROGRAM,
	KIND_OTHER, /* known, but not read here */
	KIND_COUNT
};

struct file_type {
	enum file_kind kind;
	const char *extension; /* usual, lower case; "" when unknown */
};

/* Never NULL. */
const struct file_type *type_of(
    const char *name, const char *declared, const guint8 *data, gsize len);

#endif
