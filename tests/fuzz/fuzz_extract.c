/*
 * libFuzzer: any bytes as an attachment, read in this process with small
 * limits.  The first byte says where they stand: as the file itself, or as one
 * part of a package whose other parts are good.
 */
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#include "milter/extract/reading.h"

int LLVMFuzzerTestOneInput(const unsigned char *, size_t);

static const struct extract_limits limits = {
    .seconds = 20,
    .text = 20000,
    .input = 1 << 20,
    .depth = 3,
    .files = 20,
    .expanded = 1 << 20,
};

#define TYPES                                     \
	{                                         \
		"[Content_Types].xml", "<Types/>" \
	}
#define ODT                                                           \
	{                                                             \
		"mimetype", "application/vnd.oasis.opendocument.text" \
	}
#define BOOK                                                          \
	{                                                             \
		"xl/workbook.xml",                                    \
		    "<w xmlns:r=\"r\"><sheet name=\"S\" r:id=\"a\"/>" \
		    "</w>"                                            \
	}
#define BOOK_PARTS                                      \
	{                                               \
		"xl/_rels/workbook.xml.rels",           \
		    "<R><Relationship Id=\"a\" Target=" \
		    "\"worksheets/s.xml\"/></R>"        \
	}

/* NULL: the part that is fuzzed. */
static const struct {
	const char *parts[4][2];
} packages[] = {
    {{TYPES, {"word/document.xml", NULL}}},
    {{TYPES, {"word/document.xml", "<w/>"}, {"word/header1.xml", NULL}}},
    {{TYPES, {"word/document.xml", "<w/>"}, {"docProps/custom.xml", NULL}}},
    {{TYPES, {"word/document.xml", "<w/>"}, {"word/embeddings/a", NULL}}},
    {{TYPES, BOOK, BOOK_PARTS, {"xl/worksheets/s.xml", NULL}}},
    {{TYPES, BOOK, BOOK_PARTS, {"xl/sharedStrings.xml", NULL}}},
    {{TYPES, {"xl/workbook.xml", NULL}, BOOK_PARTS}},
    {{TYPES, {"ppt/slides/slide1.xml", NULL}}},
    {{TYPES, {"ppt/slides/slide1.xml", "<s/>"},
	{"ppt/slides/_rels/slide1.xml.rels", NULL}}},
    {{TYPES, {"ppt/slides/slide1.xml", "<s/>"},
	{"ppt/slideMasters/slideMaster1.xml", NULL}}},
    {{ODT, {"content.xml", NULL}}},
    {{ODT, {"content.xml", "<c/>"}, {"styles.xml", NULL}}},
    {{ODT, {"content.xml", "<c/>"}, {"meta.xml", NULL}}},
    {{TYPES, {"_rels/.rels", NULL}, {"word/a", "<w><p><t>a</t></p></w>"}}},
    {{TYPES, {"xl/a", "<w/>"}, {"_rels/.rels", NULL}}},
    {{{"[Content_Types].xml", NULL}, {"word/a", "<w/>"}}},
};

static la_ssize_t
take(struct archive *archive, void *bytes, const void *data, size_t len)
{
	(void)archive;
	g_byte_array_append(bytes, data, (guint)len);
	return (la_ssize_t)len;
}

static GByteArray *
pack(const char *const parts[4][2], const unsigned char *data, size_t size)
{
	GByteArray *bytes = g_byte_array_new();
	struct archive *archive = archive_write_new();
	struct archive_entry *entry = archive_entry_new();

	archive_write_set_format_zip(archive);
	archive_write_zip_set_compression_store(archive);
	archive_write_set_bytes_per_block(archive, 0);
	archive_write_open(archive, bytes, NULL, take, NULL);
	for (int i = 0; i < 4 && parts[i][0] != NULL; i++) {
		const void *part =
		    parts[i][1] != NULL ? (const void *)parts[i][1] : data;
		size_t len = parts[i][1] != NULL ? strlen(parts[i][1]) : size;

		archive_entry_clear(entry);
		archive_entry_set_pathname(entry, parts[i][0]);
		archive_entry_set_filetype(entry, AE_IFREG);
		archive_entry_set_size(entry, (la_int64_t)len);
		archive_write_header(archive, entry);
		archive_write_data(archive, part, len);
	}
	archive_entry_free(entry);
	archive_write_close(archive);
	archive_write_free(archive);
	return bytes;
}

static void
begin(void *count, unsigned index, const struct attachment *a)
{
	if (index != (*(unsigned *)count)++ || a->name == NULL)
		abort();
}

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static void
end(void *count, unsigned index, const struct attachment *a)
{
	const char *opening = a->opening != NULL ? a->opening : "";
	const char *text = a->text != NULL ? a->text : "";

	check(index < *(unsigned *)count);
	check(a->state < ATTACHMENT_STATE_COUNT);
	check((a->state == ATTACHMENT_READ) == (a->reason == NULL));
	check(g_utf8_validate(opening, -1, NULL));
	check(g_utf8_validate(text, -1, NULL));
	check(g_utf8_validate(a->name, -1, NULL));
	check(strlen(opening) + strlen(text) <= limits.text);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	g_autoptr(GByteArray) package = NULL;
	unsigned count = 0, which;
	struct reading_events events = {begin, end, NULL, &count};

	if (size == 0)
		return 0;
	which = data[0] % (G_N_ELEMENTS(packages) + 1);
	data++;
	size--;
	if (which > 0) {
		package = pack(packages[which - 1].parts, data, size);
		data = package->data;
		size = package->len;
	}
	reading_run(&limits, &events, "a", "text/plain", data, size, false);
	check(count > 0 && count <= limits.files + 1);
	return 0;
}
