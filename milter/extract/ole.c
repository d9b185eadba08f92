#include <string.h>

#include "milter/extract/ole.h"

enum {
	HEADER = 512,
	ENTRY = 128, /* of the directory */
	DIRECTORY_MAX = 1 << 20,
	IN_HEADER = 109, /* FAT sectors that the header names */
	MINI_SHIFT = 6,
};

static const guint32 LAST = 0xfffffffa; /* this and above are no sectors */

struct ole {
	const guint8 *data;
	gsize len;
	unsigned shift; /* of a sector's size */
	GByteArray *directory;
};

static guint32
get32(const guint8 *p)
{
	return p[0] | (guint32)p[1] << 8 | (guint32)p[2] << 16 |
	       (guint32)p[3] << 24;
}

bool
ole_is(const guint8 *data, gsize len)
{
	return len >= HEADER &&
	       memcmp(data, "\320\317\021\340\241\261\032\341", 8) == 0;
}

/* A sector, or NULL when the file ends before it does. */
static const guint8 *
sector(const struct ole *ole, guint32 number)
{
	gsize start = ((gsize)number + 1) << ole->shift;

	return number < LAST && start < ole->len &&
		       ole->len - start >= (gsize)1 << ole->shift
		   ? ole->data + start
		   : NULL;
}

/* The n-th sector of the FAT. */
static const guint8 *
fat_sector(const struct ole *ole, guint32 n)
{
	guint32 each = (1U << ole->shift) / 4 - 1;
	guint32 next = get32(ole->data + 68);
	const guint8 *list;

	if (n < IN_HEADER)
		return sector(ole, get32(ole->data + 76 + 4 * n));
	n -= IN_HEADER;
	/* A loop ends since n does. */
	while ((list = sector(ole, next)) != NULL && n >= each) {
		n -= each;
		next = get32(list + 4 * each);
	}
	return list != NULL ? sector(ole, get32(list + 4 * n)) : NULL;
}

static guint32
next_sector(const struct ole *ole, guint32 number)
{
	guint32 each = (1U << ole->shift) / 4;
	const guint8 *fat = fat_sector(ole, number / each);

	return fat != NULL ? get32(fat + 4 * (number % each)) : LAST;
}

/* At most so many bytes of a chain. */
static GByteArray *
read_chain(const struct ole *ole, guint32 number, gsize most)
{
	GByteArray *bytes = g_byte_array_new();
	const guint8 *data;

	while (bytes->len < most && (data = sector(ole, number)) != NULL) {
		g_byte_array_append(bytes, data, 1U << ole->shift);
		number = next_sector(ole, number);
	}
	if (bytes->len > most)
		g_byte_array_set_size(bytes, (guint)most);
	return bytes;
}

static bool
ole_open(struct ole *ole, const guint8 *data, gsize len)
{
	*ole = (struct ole){.data = data, .len = len};
	if (!ole_is(data, len))
		return false;
	ole->shift = data[30];
	if (ole->shift != 9 && ole->shift != 12)
		return false;
	ole->directory =
	    read_chain(ole, get32(data + 48), MIN(len, DIRECTORY_MAX));
	return true;
}

static void
ole_close(struct ole *ole)
{
	if (ole->directory != NULL)
		g_byte_array_unref(ole->directory);
}

/* Names are UTF-16; those looked for are ASCII. */
static bool
has_name(const guint8 *entry, const char *name)
{
	gsize len = strlen(name), i;

	if (entry[64] != 2 * (len + 1))
		return false;
	for (i = 0; i < len; i++)
		if (entry[2 * i] != (guint8)name[i] || entry[2 * i + 1] != 0)
			return false;
	return true;
}

static const guint8 *
find_entry(const struct ole *ole, const char *name)
{
	const GByteArray *directory = ole->directory;

	for (gsize at = 0; at + ENTRY <= directory->len; at += ENTRY)
		if (has_name(directory->data + at, name))
			return directory->data + at;
	return NULL;
}

/* Short streams share one of their own, in sectors of 64 bytes. */
static GByteArray *
read_short(const struct ole *ole, guint32 number, gsize most)
{
	const guint8 *root = ole->directory->data;
	g_autoptr(GByteArray) all =
	    read_chain(ole, get32(root + 116), ole->len);
	g_autoptr(GByteArray) fat =
	    read_chain(ole, get32(ole->data + 60), ole->len);
	GByteArray *bytes = g_byte_array_new();

	while (bytes->len < most &&
	       ((gsize)number + 1) << MINI_SHIFT <= all->len) {
		g_byte_array_append(bytes,
		    all->data + ((gsize)number << MINI_SHIFT), 1 << MINI_SHIFT);
		if (4 * ((gsize)number + 1) > fat->len)
			break;
		number = get32(fat->data + 4 * (gsize)number);
	}
	if (bytes->len > most)
		g_byte_array_set_size(bytes, (guint)most);
	return bytes;
}

GByteArray *
ole_stream(const guint8 *data, gsize len, const char *name, gsize most)
{
	struct ole ole;
	const guint8 *entry;
	GByteArray *bytes = NULL;

	if (ole_open(&ole, data, len) &&
	    (entry = find_entry(&ole, name)) != NULL) {
		guint32 size = get32(entry + 120);
		guint32 first = get32(entry + 116);

		most = MIN(MIN(most, size), len);
		bytes = size < get32(data + 56) ? read_short(&ole, first, most)
						: read_chain(&ole, first, most);
	}
	ole_close(&ole);
	return bytes;
}

const struct file_type *
ole_type(const guint8 *data, gsize len)
{
	static const struct {
		const char *stream;
		struct file_type type;
	} types[] = {
	    {"EncryptedPackage", {KIND_ENCRYPTED, "ole"}},
	    {"\011DRMContent", {KIND_ENCRYPTED, "ole"}},
	    {"WordDocument", {KIND_DOC, "doc"}},
	    {"Workbook", {KIND_XLS, "xls"}},
	    {"Book", {KIND_XLS, "xls"}},
	    {"PowerPoint Document", {KIND_PPT, "ppt"}},
	    {"__properties_version1.0", {KIND_OTHER, "msg"}},
	    {"VisioDocument", {KIND_OTHER, "vsd"}},
	};
	static const struct file_type other = {KIND_OTHER, "ole"};
	const struct file_type *type = &other;
	struct ole ole;

	if (ole_open(&ole, data, len))
		for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
			if (find_entry(&ole, types[i].stream) != NULL) {
				type = &types[i].type;
				break;
			}
	ole_close(&ole);
	return type;
}
