/*
 * PowerPoint before 2007: the text atoms of its one stream, [MS-PPT] 2.9.
 */
#include "milter/extract/charset_guess.h"
#include "milter/extract/ole.h"
#include "milter/extract/properties.h"
#include "milter/extract/reader.h"

enum {
	HEADER = 8,
	CONTAINER = 0x0f, /* version of a record that has records */
	SLIDE = 0x03ee,
	MASTER = 0x03f8,     /* prompts of placeholders */
	CHARACTERS = 0x0fa0, /* UTF-16 */
	BYTES = 0x0fa8,      /* its low halves */
};

static void
write_text(struct document *document, const guint8 *p, gsize len, bool wide)
{
	/* Where a number or date comes when the slide is shown. */
	if (len == 1U + wide && p[0] == '*')
		return;
	for (gsize i = 0; i + wide < len; i += wide ? 2 : 1) {
		gunichar c = wide ? p[i] | (gunichar)p[i + 1] << 8 : p[i];
		char utf8[6];

		if (c == '\r' || c == '\v')
			document_line(document);
		else if (c == '\t' || (c >= ' ' && (c < 0xd800 || c > 0xdfff)))
			document_text(
			    document, utf8, g_unichar_to_utf8(c, utf8));
	}
	document_line(document);
}

/* Containers are entered by reading on after their header. */
static void
read_records(struct document *document, const GByteArray *stream)
{
	gsize at = 0;
	unsigned slides = 0;

	while (at + HEADER <= stream->len && document->reading->text > 0) {
		const guint8 *p = stream->data + at;
		unsigned type = p[2] | (unsigned)p[3] << 8;
		gsize len = p[4] | (gsize)p[5] << 8 | (gsize)p[6] << 16 |
			    (gsize)p[7] << 24;

		at += HEADER;
		len = MIN(len, stream->len - at);
		if (type == SLIDE && slides++ == 1)
			document_page(document);
		if (type == CHARACTERS || type == BYTES)
			write_text(
			    document, p + HEADER, len, type == CHARACTERS);
		if ((p[0] & 0x0f) != CONTAINER || type == MASTER)
			at += len;
	}
}

void
read_ppt(struct document *document, const guint8 *data, gsize len)
{
	g_autoptr(GByteArray) encrypted =
	    ole_stream(data, len, "EncryptedSummary", 1);
	g_autoptr(GByteArray) stream =
	    ole_stream(data, len, "PowerPoint Document", len);

	if (encrypted != NULL) {
		document_fail(
		    document, ATTACHMENT_ENCRYPTED, "it has a password");
		return;
	}
	office_97_properties(document, data, len);
	if (stream != NULL)
		read_records(document, stream);
}
