#include <string.h>

#include "milter/extract/charset_guess.h"
#include "milter/extract/unpack.h"

enum { BLOCK = 65536 };

/* Not archive_read_support_filter_all(): that would start programs. */
static void
support_filters(struct archive *archive)
{
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_bzip2(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_filter_lzma(archive);
	archive_read_support_filter_lzip(archive);
	archive_read_support_filter_compress(archive);
	archive_read_support_filter_zstd(archive);
	archive_read_support_filter_lz4(archive);
}

static void
support_formats(struct archive *archive, enum unpack_format format)
{
	/* Of a zip file, the directory at its end counts, as it does for
	 * people's programs. */
	if (format == UNPACK_ZIP || format == UNPACK_ANY)
		archive_read_support_format_zip_seekable(archive);
	if (format == UNPACK_ZIP)
		return;
	if (format != UNPACK_ONE) {
		archive_read_support_format_tar(archive);
		archive_read_support_format_cpio(archive);
	}
	if (format != UNPACK_ANY) {
		archive_read_support_format_raw(archive);
		return;
	}
	archive_read_support_format_7zip(archive);
	archive_read_support_format_rar(archive);
	archive_read_support_format_rar5(archive);
	archive_read_support_format_cab(archive);
	archive_read_support_format_lha(archive);
	archive_read_support_format_iso9660(archive);
	archive_read_support_format_ar(archive);
}

struct archive *
unpack_open(enum unpack_format format, const void *data, gsize len)
{
	struct archive *archive = archive_read_new();

	if (archive == NULL)
		return NULL;
	if (format == UNPACK_COMPRESSED || format == UNPACK_ONE)
		support_filters(archive);
	support_formats(archive, format);
	if (archive_read_open_memory(archive, data, len) != ARCHIVE_OK) {
		archive_read_free(archive);
		return NULL;
	}
	return archive;
}

enum unpack_next
unpack_next(struct archive *archive, struct archive_entry **entry)
{
	switch (archive_read_next_header(archive, entry)) {
	case ARCHIVE_OK:
	case ARCHIVE_WARN:
		return UNPACK_MEMBER;
	case ARCHIVE_EOF:
		return UNPACK_END;
	default:
		return UNPACK_DAMAGED;
	}
}

char *
unpack_name(struct archive_entry *entry)
{
	const char *name = archive_entry_pathname_utf8(entry);

	if (name != NULL)
		return g_strdup(name);
	name = archive_entry_pathname(entry);
	if (name == NULL)
		return g_strdup("");
	return charset_guess((const guint8 *)name, strlen(name), NULL);
}

enum unpack_read
unpack_data(struct archive *archive, struct archive_entry *entry,
    struct reading *reading, GByteArray *to)
{
	g_autofree guint8 *block = NULL;
	la_ssize_t got;

	if (archive_entry_is_data_encrypted(entry) == 1)
		return UNPACK_ENCRYPTED;
	block = g_malloc(BLOCK);
	while ((got = archive_read_data(archive, block, BLOCK)) > 0) {
		gsize fits = MIN((gsize)got, reading->expanded);

		g_byte_array_append(to, block, (guint)fits);
		if (!reading_take(reading, (gsize)got))
			return UNPACK_CUT;
	}
	return got == 0 ? UNPACK_WHOLE : UNPACK_BROKEN;
}
