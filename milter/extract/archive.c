/*
 * Archives: each file in them is an attachment of its own.
 */
#include <string.h>

#include "milter/extract/name.h"
#include "milter/extract/reader.h"
#include "milter/extract/unpack.h"

/* What became of a member, said of its archive too. */
static void
tell(struct document *document, enum unpack_read how)
{
	switch (how) {
	case UNPACK_WHOLE:
		break;
	case UNPACK_CUT:
		document_fail(document, ATTACHMENT_TRUNCATED,
		    "it unpacks to more than is allowed");
		break;
	case UNPACK_ENCRYPTED:
		document_fail(document, ATTACHMENT_ENCRYPTED,
		    "files in it have a password");
		break;
	case UNPACK_BROKEN:
		document_fail(
		    document, ATTACHMENT_FAILED, "files in it are damaged");
		break;
	}
}

/* A member whose content cannot be had, or not all of it. */
static void
read_part(struct document *document, const char *name, enum unpack_read how,
    const GByteArray *bytes)
{
	static const struct {
		enum attachment_state state;
		const char *reason;
	} ends[] = {
	    [UNPACK_WHOLE] = {ATTACHMENT_READ, NULL},
	    [UNPACK_CUT] = {ATTACHMENT_TRUNCATED,
		"it unpacks to more than is allowed"},
	    [UNPACK_ENCRYPTED] = {ATTACHMENT_ENCRYPTED, "it has a password"},
	    [UNPACK_BROKEN] = {ATTACHMENT_FAILED, "it is damaged"},
	};

	reading_member(document, name, NULL, bytes->data, bytes->len,
	    ends[how].state, ends[how].reason);
}

/* False when the budget is spent. */
static bool
read_entry(struct document *document, struct archive *archive,
    struct archive_entry *entry, const char *name)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	enum unpack_read how =
	    unpack_data(archive, entry, document->reading, bytes);

	tell(document, how);
	read_part(document, name, how, bytes);
	return how != UNPACK_CUT;
}

/* Of one compressed file: the archive's own without its last extension. */
static char *
bare_name(const struct document *document)
{
	g_autofree char *base = g_path_get_basename(document->attachment->name);
	char *dot = strrchr(base, '.');

	if (dot != NULL && dot != base)
		*dot = '\0';
	return g_strdup(base);
}

/* Links and devices lead out of the archive, and folders have no text. */
static bool
is_file(struct archive_entry *entry, const char *name)
{
	mode_t type = archive_entry_filetype(entry);

	return (type == AE_IFREG || type == 0) && !g_str_has_suffix(name, "/");
}

/* False when there is nothing in it. */
static bool
read_entries(struct document *document, struct archive *archive)
{
	struct archive_entry *entry;
	enum unpack_next next;
	bool more = true, any = false;

	while (more && (next = unpack_next(archive, &entry)) == UNPACK_MEMBER) {
		g_autofree char *name = unpack_name(entry);

		any = true;
		if (!is_file(entry, name))
			continue;
		if (archive_format(archive) == ARCHIVE_FORMAT_RAW) {
			g_free(name);
			name = bare_name(document);
		}
		if (document->reading->files == 0) {
			document_fail(document, ATTACHMENT_TRUNCATED,
			    "more than %u files",
			    document->reading->limits->files);
			return true;
		}
		more = read_entry(document, archive, entry, name);
	}
	if (!more || next == UNPACK_END)
		return any;
	if (archive_read_has_encrypted_entries(archive) == 1)
		document_fail(
		    document, ATTACHMENT_ENCRYPTED, "it has a password");
	else
		document_fail(document, ATTACHMENT_FAILED, "it is damaged");
	return true;
}

/* False when there is nothing in it. */
static bool
read_any(struct document *document, enum unpack_format format,
    const guint8 *data, gsize len)
{
	g_autoptr(unpack) archive = NULL;

	if (!document_deeper(document, "archives"))
		return true;
	archive = unpack_open(format, data, len);
	if (archive != NULL)
		return read_entries(document, archive);
	document_fail(document, ATTACHMENT_FAILED, "it is damaged");
	return true;
}

void
read_archive(struct document *document, const guint8 *data, gsize len)
{
	read_any(document, UNPACK_ANY, data, len);
}

void
read_compressed(struct document *document, const guint8 *data, gsize len)
{
	/* What begins with zeros is a tar file without files, but not only. */
	if (!read_any(document, UNPACK_COMPRESSED, data, len))
		read_any(document, UNPACK_ONE, data, len);
}
