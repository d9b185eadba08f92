#include <string.h>

#include "milter/extract/name.h"
#include "milter/extract/package.h"
#include "milter/extract/unpack.h"

enum {
	MEMBERS = 20000,     /* that a document may have */
	TYPES_MAX = 1 << 20, /* bytes of the list of what they are */
	EMPTY = 22,          /* bytes of a zip file without files */
	LOCAL = 30,          /* bytes before a name where the file stands */
	CENTRAL = 46,        /* and in the directory */
	EMPTY_64 = 56,       /* the end of a large one */
	LOCATOR = 20,        /* which says where that is */
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

/*
 * The kind of Office document whose main part the list of types has, or NULL.
 * What is of two kinds is read as an archive, all parts of it.
 */
static const struct file_type *
office_type(const GByteArray *types)
{
	static const char *const names[][2] = {
	    {"wordprocessingml", "ms-word"},
	    {"spreadsheetml", "ms-excel"},
	    {"presentationml", "ms-powerpoint"},
	};
	static const char main_part[] = ".main+xml";
	const char *p = (const char *)types->data;
	const char *end = p + types->len, *at, *type;
	const struct file_type *kind = NULL;

	for (; p < end && (at = memmem(p, (gsize)(end - p), main_part,
			       strlen(main_part))) != NULL;
	     p = at + 1) {
		for (type = at; type > p && *type != '"' && *type != '\'';)
			type--;
		for (int i = 0; i < (int)G_N_ELEMENTS(names) * 2; i++) {
			const char *name = names[i / 2][i % 2];

			if (memmem(type, (gsize)(at - type), name,
				strlen(name)) == NULL)
				continue;
			if (kind != NULL && kind != &office[i / 2])
				return &zip;
			kind = &office[i / 2];
		}
	}
	return kind;
}

const struct file_type *
package_type(const guint8 *data, gsize len)
{
	static const char *const folders[] = {"word/", "xl/", "ppt/"};
	g_autoptr(unpack) archive = NULL;
	g_autoptr(GByteArray) types = g_byte_array_new();
	struct reading budget = {.expanded = TYPES_MAX};
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

		if (g_ascii_strcasecmp(name, "[Content_Types].xml") == 0) {
			content_types = true;
			unpack_data(archive, entry, &budget, types);
			if (types->len > 0)
				type = office_type(types);
			if (type != NULL)
				return type;
		}
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

/*
 * Extensions of parts, and of pictures, sound and data in them.  What has
 * another is a file that the document shows or carries.
 */
bool
package_is_foreign(const char *name)
{
	static const char *const usual[] = {"xml", "rels", "rdf", "vml", "bin",
	    "data", "sigs", "png", "jpg", "jpeg", "jfif", "gif", "bmp", "tif",
	    "tiff", "emf", "wmf", "wdp", "svg", "svm", "webp", "ico", "eps",
	    "odttf", "fntdata", "ttf", "otf", "mp3", "mp4", "m4a", "m4v", "mov",
	    "mpg", "mpeg", "avi", "wmv", "wma", "wav", "glb"};
	const char *slash = strrchr(name, '/');
	const char *dot = strrchr(slash != NULL ? slash : name, '.');

	/* ODF's name for one of another program. */
	if (slash == NULL && g_str_has_prefix(name, "Object "))
		return true;
	if (dot == NULL || dot[1] == '\0')
		return false;
	for (gsize i = 0; i < G_N_ELEMENTS(usual); i++)
		if (g_ascii_strcasecmp(dot + 1, usual[i]) == 0)
			return false;
	return true;
}

static guint32
get(const guint8 *p, unsigned bytes)
{
	guint32 number = 0;

	while (bytes-- > 0)
		number = number << 8 | p[bytes];
	return number;
}

/* Where the directory is, by what stands at the end; or beyond all files. */
static gsize
directory_offset(const guint8 *data, gsize len, gsize end)
{
	guint32 offset = get(data + end + 16, 4), at;

	/* The end has a twin with wider numbers before it. */
	if (offset != G_MAXUINT32 || end < LOCATOR ||
	    memcmp(data + end - LOCATOR, "PK\6\7", 4) != 0)
		return offset;
	at = get(data + end - LOCATOR + 8, 4);
	return len >= EMPTY_64 && at <= len - EMPTY_64 &&
		       memcmp(data + at, "PK\6\6", 4) == 0
		   ? get(data + at + 48, 4)
		   : offset;
}

/* The directory at the end of a zip file, or NULL. */
static const guint8 *
find_directory(const guint8 *data, gsize len)
{
	gsize at = len >= EMPTY ? len - EMPTY : 0;

	for (; len >= EMPTY && len - at <= EMPTY + G_MAXUINT16; at--) {
		if (memcmp(data + at, "PK\5\6", 4) == 0) {
			gsize offset = directory_offset(data, len, at);

			return offset < len ? data + offset : NULL;
		}
		if (at == 0)
			break;
	}
	return NULL;
}

/*
 * A file in a zip file is named in the directory and where it stands.  Programs
 * that open documents go by the one, libarchive by the other.
 */
static bool
names_agree(const guint8 *data, gsize len)
{
	const guint8 *p = find_directory(data, len), *end = data + len;

	while (p != NULL && end - p >= CENTRAL && memcmp(p, "PK\1\2", 4) == 0) {
		gsize name = get(p + 28, 2), at = get(p + 42, 4);
		gsize next = CENTRAL + name + get(p + 30, 2) + get(p + 32, 2);

		if (next > (gsize)(end - p))
			break;
		/* A place beyond 4 GB, which no document has. */
		if (at == G_MAXUINT32)
			return false;
		if (len >= LOCAL && at <= len - LOCAL &&
		    memcmp(data + at, "PK\3\4", 4) == 0 &&
		    (get(data + at + 26, 2) != name ||
			len - at - LOCAL < name ||
			memcmp(data + at + LOCAL, p + CENTRAL, name) != 0))
			return false;
		p += next;
	}
	return true;
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

		if (matches(name, patterns) || name_ends(name, "rels") ||
		    package_is_foreign(name))
			take_member(package, document, archive, entry, name);
	}
	if (!names_agree(data, len))
		document_fail(document, ATTACHMENT_FAILED,
		    "its parts have two names each");
	if (next == UNPACK_DAMAGED)
		document_fail(document, ATTACHMENT_FAILED, "it is damaged");
	else if (next == UNPACK_MEMBER)
		document_fail(document, ATTACHMENT_TRUNCATED,
		    "it has more parts, or unpacks to more, than is allowed");
	return package;
}

void
package_add(struct package *package, struct document *document,
    const guint8 *data, gsize len, const GPtrArray *names)
{
	g_autoptr(unpack) archive =
	    names->len > 0 ? unpack_open(UNPACK_ZIP, data, len) : NULL;
	g_autoptr(GHashTable) wanted =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct archive_entry *entry;
	unsigned count = 0;

	for (guint i = 0; i < names->len; i++) {
		char *name = g_ascii_strdown(names->pdata[i], -1);
		char *plain = g_uri_unescape_string(name, NULL);

		/* Some escape a name where it is used, and not where it is. */
		if (plain != NULL)
			g_hash_table_insert(wanted, plain, names->pdata[i]);
		g_hash_table_insert(wanted, name, names->pdata[i]);
	}
	while (archive != NULL && count++ < MEMBERS &&
	       document->reading->expanded > 0 &&
	       unpack_next(archive, &entry) == UNPACK_MEMBER) {
		g_autofree char *name = unpack_name(entry);
		g_autofree char *lower = g_ascii_strdown(name, -1);
		const char *wants = g_hash_table_lookup(wanted, lower);

		if (wants != NULL)
			take_member(package, document, archive, entry, wants);
	}
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
