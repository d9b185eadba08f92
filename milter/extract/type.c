#include <string.h>

#include "milter/extract/charset_guess.h"
#include "milter/extract/name.h"
#include "milter/extract/ole.h"
#include "milter/extract/package.h"
#include "milter/extract/type.h"

enum {
	LOOK = 4096, /* bytes that tell what a text is */
	TAR_MAGIC = 257,
};

/* Bytes at a fixed place. */
static const struct {
	gsize offset;
	const char *bytes;
	guint8 len;
	struct file_type type;
} magics[] = {
#define MAGIC(offset, bytes, kind, extension)     \
	{                                         \
		offset, bytes, sizeof(bytes) - 1, \
		{                                 \
			kind, extension           \
		}                                 \
	}
    MAGIC(0, "7z\274\257\047\034", KIND_ARCHIVE, "7z"),
    MAGIC(0, "Rar!\032\007", KIND_ARCHIVE, "rar"),
    MAGIC(0, "MSCF\0\0\0\0", KIND_ARCHIVE, "cab"),
    MAGIC(2, "-lh", KIND_ARCHIVE, "lzh"),
    MAGIC(0, "070701", KIND_ARCHIVE, "cpio"),
    MAGIC(0, "070707", KIND_ARCHIVE, "cpio"),
    MAGIC(0, "!<arch>\n", KIND_ARCHIVE, "ar"),
    MAGIC(0x8001, "CD001", KIND_ARCHIVE, "iso"),
    MAGIC(0, "\037\213\010", KIND_COMPRESSED, "gz"),
    MAGIC(0, "\037\235", KIND_COMPRESSED, "z"),
    MAGIC(0, "BZh", KIND_COMPRESSED, "bz2"),
    MAGIC(0, "\3757zXZ\0", KIND_COMPRESSED, "xz"),
    MAGIC(0, "LZIP", KIND_COMPRESSED, "lz"),
    MAGIC(0, "\050\265\057\375", KIND_COMPRESSED, "zst"),
    MAGIC(0, "\004\042\115\030", KIND_COMPRESSED, "lz4"),
    MAGIC(0, "{\\rt", KIND_RTF, "rtf"),
    MAGIC(0, "-----BEGIN PGP MESSAGE-----", KIND_ENCRYPTED, "asc"),
    MAGIC(0, "age-encryption.org/", KIND_ENCRYPTED, "age"),
    /* [MS-OXORMMS] 2.1.1, and its like for other files. */
    MAGIC(0, "v\350\004`\304\021\343\206", KIND_ENCRYPTED, "rpmsg"),
    MAGIC(0, ".pfile", KIND_ENCRYPTED, "pfile"),
    MAGIC(0, "\211PNG\r\n", KIND_MEDIA, "png"),
    MAGIC(0, "\377\330\377", KIND_MEDIA, "jpg"),
    MAGIC(0, "GIF8", KIND_MEDIA, "gif"),
    MAGIC(0, "BM", KIND_MEDIA, "bmp"),
    MAGIC(0, "II*\0", KIND_MEDIA, "tif"),
    MAGIC(0, "MM\0*", KIND_MEDIA, "tif"),
    MAGIC(8, "WEBP", KIND_MEDIA, "webp"),
    MAGIC(8, "WAVE", KIND_MEDIA, "wav"),
    MAGIC(8, "AVI ", KIND_MEDIA, "avi"),
    MAGIC(0, "\0\0\1\0", KIND_MEDIA, "ico"),
    MAGIC(0, "\327\315\306\232", KIND_MEDIA, "wmf"),
    MAGIC(40, " EMF", KIND_MEDIA, "emf"),
    MAGIC(4, "ftypheic", KIND_MEDIA, "heic"),
    MAGIC(4, "ftypM4A", KIND_MEDIA, "m4a"),
    MAGIC(4, "ftyp", KIND_MEDIA, "mp4"),
    MAGIC(0, "ID3", KIND_MEDIA, "mp3"),
    MAGIC(0, "\377\373", KIND_MEDIA, "mp3"),
    MAGIC(0, "OggS", KIND_MEDIA, "ogg"),
    MAGIC(0, "fLaC", KIND_MEDIA, "flac"),
    MAGIC(0, "#!AMR", KIND_MEDIA, "amr"),
    MAGIC(0, "\032\105\337\243", KIND_MEDIA, "mkv"),
    MAGIC(0, "wOFF", KIND_MEDIA, "woff"),
    MAGIC(0, "wOF2", KIND_MEDIA, "woff2"),
    MAGIC(0, "\0\1\0\0\0", KIND_MEDIA, "ttf"),
    MAGIC(0, "OTTO", KIND_MEDIA, "otf"),
    MAGIC(0, "MZ", KIND_PROGRAM, "exe"),
    MAGIC(0, "\177ELF", KIND_PROGRAM, "elf"),
    MAGIC(0, "\170\237\076\042", KIND_TNEF, "dat"),
    MAGIC(0, "L\0\0\0\001\024\002\0", KIND_OTHER, "lnk"),
    MAGIC(0, "SQLite format 3", KIND_OTHER, "sqlite"),
    MAGIC(0, "%!PS", KIND_OTHER, "ps"),
    MAGIC(0, "AT&TFORM", KIND_OTHER, "djvu"),
#undef MAGIC
};

static const struct file_type unknown = {KIND_UNKNOWN, ""},
			      empty = {KIND_EMPTY, ""},
			      text = {KIND_TEXT, "txt"},
			      csv = {KIND_TEXT, "csv"},
			      html = {KIND_HTML, "html"},
			      xml = {KIND_XML, "xml"}, svg = {KIND_XML, "svg"},
			      word_xml = {KIND_WORD_XML, "xml"},
			      flat_text = {KIND_FLAT_ODF, "fodt"},
			      card = {KIND_CARD, "vcf"},
			      calendar = {KIND_CARD, "ics"},
			      mail = {KIND_MAIL, "eml"},
			      pdf = {KIND_PDF, "pdf"},
			      tar = {KIND_ARCHIVE, "tar"},
			      pgp = {KIND_ENCRYPTED, "pgp"},
			      smime = {KIND_ENCRYPTED, "p7m"},
			      signed_data = {KIND_SIGNED, "p7m"};

static bool
starts(const char *p, const char *end, const char *prefix)
{
	gsize len = strlen(prefix);

	return (gsize)(end - p) >= len &&
	       g_ascii_strncasecmp(p, prefix, len) == 0;
}

static bool
holds(const char *p, const char *end, const char *what)
{
	gsize len = strlen(what);

	for (; (gsize)(end - p) >= len; p++)
		if (g_ascii_strncasecmp(p, what, len) == 0)
			return true;
	return false;
}

static const struct file_type *
xml_type(const char *p, const char *end)
{
	if (holds(p, end, "<office:document"))
		return &flat_text;
	if (holds(p, end, "<w:wordDocument") || holds(p, end, "<pkg:package"))
		return &word_xml;
	if (holds(p, end, "<html"))
		return &html;
	return holds(p, end, "<svg") ? &svg : &xml;
}

/* Where a tag is that HTML begins with, after comments. */
static bool
is_html(const char *p, const char *end)
{
	static const char *const tags[] = {"<!doctype html", "<html", "<head",
	    "<body", "<title", "<meta", "<table", "<div", "<p>", "<style",
	    "<script", "<font", "<center", "<h1", "<span", "<a href"};

	while (starts(p, end, "<!--")) {
		const char *stop =
		    memmem(p + 4, (gsize)(end - p - 4), "-->", 3);

		if (stop == NULL)
			return holds(p, end, "<html");
		for (p = stop + 3; p < end && g_ascii_isspace(*p);)
			p++;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(tags); i++)
		if (starts(p, end, tags[i]))
			return true;
	return false;
}

/*
 * A header that some mail program wrote: lines that are all fields or
 * continuations, and of the fields two that mail has.
 */
static bool
is_mail(const char *p, const char *end)
{
	static const char *const fields[] = {
	    "Received:", "Return-Path:", "From:", "To:", "Date:", "Subject:",
	    "Message-ID:", "MIME-Version:", "Content-Type:", "Delivered-To:",
	    "Cc:", "Reply-To:", "DKIM-Signature:", "X-"};
	unsigned known = 0, lines = 0;

	if (starts(p, end, "From ")) {
		p = memchr(p, '\n', (gsize)(end - p));
		if (p == NULL)
			return false;
		p++;
	}
	while (p < end && *p != '\r' && *p != '\n') {
		const char *stop = memchr(p, '\n', (gsize)(end - p));
		const char *name = p;

		if (*p != ' ' && *p != '\t') {
			while (p<end && * p> ' ' && *p != ':' && *p < 127)
				p++;
			if (p == end || p == name || *p != ':')
				return false;
			lines++;
			for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
				known += starts(name, end, fields[i]);
		}
		if (stop == NULL)
			break;
		p = stop + 1;
	}
	return known >= 2 && lines <= known * 8;
}

static const struct file_type *
text_type(const char *name, const char *declared, const guint8 *data, gsize len)
{
	g_autofree char *beginning = charset_guess(data, MIN(len, LOOK), NULL);
	const char *p = beginning, *end = p + strlen(p);

	while (p < end && g_ascii_isspace(*p))
		p++;
	if (starts(p, end, "BEGIN:VCARD"))
		return &card;
	if (starts(p, end, "BEGIN:VCALENDAR"))
		return &calendar;
	if (starts(p, end, "<?xml"))
		return xml_type(p, end);
	if (is_html(p, end))
		return &html;
	if (holds(p, end, "-----BEGIN PGP MESSAGE-----"))
		return &pgp;
	if (is_mail(p, end) || name_ends(name, "eml") ||
	    g_ascii_strcasecmp(declared, "message/rfc822") == 0 ||
	    g_ascii_strcasecmp(declared, "message/global") == 0)
		return &mail;
	if (name_ends(name, "html") || name_ends(name, "htm") ||
	    name_ends(name, "xhtml") ||
	    g_ascii_strncasecmp(declared, "text/html", 9) == 0)
		return &html;
	if (name_ends(name, "csv") || name_ends(name, "tsv") ||
	    g_ascii_strncasecmp(declared, "text/csv", 8) == 0)
		return &csv;
	return &text;
}

/*
 * DER of CMS content: the object identifier 1.2.840.113549.1.7.N stands near
 * its beginning.  N is 2 for signed, 3 and 23 for encrypted data.
 */
static const struct file_type *
cms_type(const guint8 *data, gsize len)
{
	static const guint8 data_oid[] = {
	    0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07};
	static const guint8 auth_oid[] = {
	    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17};
	const guint8 *at;

	if (len < 26 || data[0] != 0x30)
		return NULL;
	at = memmem(data, 24, data_oid, sizeof(data_oid));
	if (at != NULL)
		return at[sizeof(data_oid)] == 2 ? &signed_data : &smime;
	return memmem(data, 24, auth_oid, sizeof(auth_oid)) != NULL ? &smime
								    : NULL;
}

/* Packets of OpenPGP (RFC 4880, 4.2) that encrypted data begins with. */
static bool
is_pgp(const char *name, const guint8 *data, gsize len)
{
	guint8 tag;

	if (len < 16 || (data[0] & 0x80) == 0 ||
	    (!name_ends(name, "pgp") && !name_ends(name, "gpg")))
		return false;
	tag = (data[0] & 0x40) != 0 ? data[0] & 0x3f : data[0] >> 2 & 0x0f;
	return tag == 1 || tag == 3 || tag == 9 || tag == 18;
}

const struct file_type *
type_of(const char *name, const char *declared, const guint8 *data, gsize len)
{
	const struct file_type *type;

	if (len == 0)
		return &empty;
	if (len >= 4 && memcmp(data, "PK", 2) == 0 &&
	    (data[2] == 3 || data[2] == 5 || data[2] == 7))
		return package_type(data, len);
	if (ole_is(data, len))
		return ole_type(data, len);
	/* Readers look for it in the first kilobyte. */
	if (memmem(data, MIN(len, 1024), "%PDF-", 5) != NULL)
		return &pdf;
	if (len > TAR_MAGIC + 5 && memcmp(data + TAR_MAGIC, "ustar", 5) == 0)
		return &tar;
	for (gsize i = 0; i < G_N_ELEMENTS(magics); i++)
		if (len >= magics[i].offset + magics[i].len &&
		    memcmp(data + magics[i].offset, magics[i].bytes,
			magics[i].len) == 0 &&
		    !(magics[i].len < 4 && charset_is_text(data, len)))
			return &magics[i].type;
	if ((type = cms_type(data, len)) != NULL)
		return type;
	if (is_pgp(name, data, len))
		return &pgp;
	return charset_is_text(data, len) ? text_type(name, declared, data, len)
					  : &unknown;
}
