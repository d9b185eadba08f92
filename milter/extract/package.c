#include <string.h>

#include "milter/extract/package.h"
#include "milter/extract/unpack.h"

enum {
	MEMBERS = 20000, /* that a document may have */
	EMPTY = 22,      /* bytes of a zip file without files */
};

struct package {
	GHashTable *members; /* name → GBytes */
};

static const struct file_type zip = {KIND_ARCHIVE, "zip"},
			      empty = {KIND_EMPTY, "zip"},
			      office[] =
				  {
				      {KIND_DOCX, "docx"},
				      {KIND_XLSX, "xlsx"},
				      {KIND_PPTX, "pptx"},
},
			      odf[] = {
				  {KIND_ODF, "odt"},
				  {KIND_ODF, "ods"},
				  {KIND_ODF, "odp"},
				  {KIND_ODF, "odg"},
};

/* ODF says what it is in its first member, stored. */
static const struct file_type *
odf_type(const guint8 *data, gsize len)
{
	static const char mime[] = "application/vnd.oasis.opendocument.";
	static const char *const kinds[] = {
	    "text", "spreadsheet", "presentation", "graphics"};
	const char *p;
	gsize skip;

	if (len < 120 || memcmp(data + 30, "mimetype", 8) != 0)
		return NULL;
	skip = 30 + 8 + data[28] + ((gsize)data[29] << 8);
	if (skip + sizeof(mime) + 16 > len ||
	    memcmp(data + skip, mime, sizeof(mime) - 1) != 0)
		return NULL;
	p = (const char *)data + skip + sizeof(mime) - 1;
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strncmp(p, kinds[i], strlen(kinds[i])) == 0)
			return &odf[i];
	return NULL;
}

const struct file_type *
package_type(const guint8 *data, gsize len)
{
	static const char *const folders[] = {"word/", "xl/", "ppt/"};
	g_autoptr(unpack) archive = NULL;
	const struct file_type *type = odf_type(data, len), *folder = NULL;
	struct archive_entry *entry;
	bool content_types = false;

	if (type != NULL)
		return type;
	/* No more than a directory of nothing, which is no archive to all. */
	if (len == EMPTY && memcmp(data, "PK\5\6", 4) == 0)
		return &empty;
	archive = unpack_open(UNPACK_ZIP, data, len);
	for (unsigned i = 0; archive != NULL && i < MEMBERS &&
			     (!content_types || folder == NULL) &&
			     unpack_next(archive, &entry) == UNPACK_MEMBER;
	     i++) {
		g_autofree char *name = unpack_name(entry);

		if (strcmp(name, "[Content_Types].xml") == 0)
			content_types = true;
		for (gsize j = 0; j < G_N_ELEMENTS(folders); j++)
			if (g_str_has_prefix(name, folders[j]))
				folder = &office[j];
	}
	return content_types && folder != NULL ? folder : &zip;
}

static bool
matches(const char *name, const char *const *patterns)
{
	for (; *patterns != NULL; patterns++)
		if (g_pattern_match_simple(*patterns, name))
			return true;
	return false;
}

static void
take_member(struct package *package, struct document *document,
    struct archive *archive, struct archive_entry *entry, const char *name)
{
	GByteArray *bytes = g_byte_array_new();
	enum unpack_read how =
	    unpack_data(archive, entry, document->reading, bytes);

	switch (how) {
	case UNPACK_WHOLE:
		break;
	case UNPACK_CUT:
		document_fail(document, ATTACHMENT_TRUNCATED,
		    "it unpacks to more than is allowed");
		break;
	case UNPACK_ENCRYPTED:
		document_fail(
		    document, ATTACHMENT_ENCRYPTED, "it has a password");
		break;
	case UNPACK_BROKEN:
		document_fail(document, ATTACHMENT_FAILED, "it is damaged");
		break;
	}
	/* Readers differ in which of two members of one name they take. */
	if (!g_hash_table_contains(package->members, name))
		g_hash_table_insert(package->members, g_strdup(name),
		    g_byte_array_free_to_bytes(bytes));
	else {
		document_fail(document, ATTACHMENT_FAILED,
		    "it has two parts of one name");
		g_byte_array_unref(bytes);
	}
}

struct package *
package_open(struct document *document, const guint8 *data, gsize len,
    const char *const *patterns)
{
	struct package *package = g_new0(struct package, 1);
	g_autoptr(unpack) archive = unpack_open(UNPACK_ZIP, data, len);
	struct archive_entry *entry;
	enum unpack_next next = UNPACK_DAMAGED;
	unsigned count = 0;

	package->members = g_hash_table_new_full(
	    g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
	while (archive != NULL && count++ < MEMBERS &&
	       document->reading->expanded > 0 &&
	       (next = unpack_next(archive, &entry)) == UNPACK_MEMBER) {
		g_autofree char *name = unpack_name(entry);

		if (matches(name, patterns))
			take_member(package, document, archive, entry, name);
	}
	if (next == UNPACK_DAMAGED)
		document_fail(document, ATTACHMENT_FAILED, "it is damaged");
	else if (next == UNPACK_MEMBER)
		document_fail(document, ATTACHMENT_TRUNCATED,
		    "it has more parts, or unpacks to more, than is allowed");
	return package;
}

void
package_free(struct package *package)
{
	if (package == NULL)
		return;
	g_hash_table_unref(package->members);
	g_free(package);
}

GBytes *
package_member(const struct package *package, const char *name)
{
	return g_hash_table_lookup(package->members, name);
}

/* "slide2.xml" before "slide10.xml". */
static int
compare(gconstpointer left, gconstpointer right)
{
	const char *a = *(const char *const *)left;
	const char *b = *(const char *const *)right;

	while (*a != '\0' && *b != '\0') {
		if (g_ascii_isdigit(*a) && g_ascii_isdigit(*b)) {
			char *a_end, *b_end;
			guint64 x = g_ascii_strtoull(a, &a_end, 10);
			guint64 y = g_ascii_strtoull(b, &b_end, 10);

			if (x != y)
				return x < y ? -1 : 1;
			a = a_end;
			b = b_end;
		} else if (*a != *b)
			return *a < *b ? -1 : 1;
		else {
			a++;
			b++;
		}
	}
	return *a != '\0' ? 1 : *b != '\0' ? -1 : 0;
}

GPtrArray *
package_list(const struct package *package, const char *pattern)
{
	GPtrArray *names = g_ptr_array_new();
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, package->members);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		if (g_pattern_match_simple(pattern, name))
			g_ptr_array_add(names, name);
	g_ptr_array_sort(names, compare);
	return names;
}
