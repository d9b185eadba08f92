#include <string.h>

#include "tests/unit/compound.h"
#include "tests/unit/unit.h"

enum {
	SECTOR = 512,
	SHORT = 64, /* a sector of the stream of short ones */
	SHORT_MAX = 4096,
	ENTRY = 128,
};

static const guint32 END = 0xfffffffe, NONE = 0xffffffff, FAT = 0xfffffffd;

void
compound_put(guint8 *at, guint32 number)
{
	for (int i = 0; i < 4; i++)
		at[i] = (guint8)(number >> 8 * i);
}

static void
append_number(GByteArray *to, guint32 number)
{
	guint8 bytes[4];

	compound_put(bytes, number);
	g_byte_array_append(to, bytes, sizeof(bytes));
}

static void
pad(GByteArray *to, guint unit, guint8 with)
{
	while (to->len % unit != 0)
		g_byte_array_append(to, &with, 1);
}

struct builder {
	GByteArray *directory;
	GHashTable *storages; /* path → number */
	GByteArray *minis, *mini_fat;
	GByteArray *sectors; /* but for the FAT's */
	GByteArray *fat;     /* of these, counted from 0 */
};

static guint8 *
entry(struct builder *b, guint32 number)
{
	return b->directory->data + (gsize)number * ENTRY;
}

/* Becomes the last of its siblings. */
static guint32
add_entry(struct builder *b, const char *name, guint8 type, guint32 parent)
{
	guint8 bytes[ENTRY] = {0};
	guint32 number = b->directory->len / ENTRY, next;
	gsize len = strlen(name);
	guint8 *link;

	ck_assert_uint_lt(len, 32);
	for (gsize i = 0; i < len; i++)
		bytes[2 * i] = (guint8)name[i];
	bytes[64] = (guint8)(2 * len + 2);
	bytes[66] = type;
	bytes[67] = 1;
	compound_put(bytes + COMPOUND_LEFT, NONE);
	compound_put(bytes + COMPOUND_RIGHT, NONE);
	compound_put(bytes + COMPOUND_CHILD, NONE);
	g_byte_array_append(b->directory, bytes, sizeof(bytes));
	if (number == 0)
		return number;
	link = entry(b, parent) + COMPOUND_CHILD;
	while ((next = link[0] | (guint32)link[1] << 8 |
		       (guint32)link[2] << 16 | (guint32)link[3] << 24) != NONE)
		link = entry(b, next) + COMPOUND_RIGHT;
	compound_put(link, number);
	return number;
}

static guint32
storage_of(struct builder *b, const char *path)
{
	const char *slash = strrchr(path, '/');
	g_autofree char *folder = NULL;
	gpointer number;

	if (slash == NULL)
		return 0;
	folder = g_strndup(path, (gsize)(slash - path));
	if (!g_hash_table_lookup_extended(b->storages, folder, NULL, &number)) {
		guint32 parent = storage_of(b, folder);
		const char *name = strrchr(folder, '/');

		number = GUINT_TO_POINTER(
		    add_entry(b, name != NULL ? name + 1 : folder, 1, parent));
		g_hash_table_insert(b->storages, g_strdup(folder), number);
	}
	return GPOINTER_TO_UINT(number);
}

/* In sectors of a size, one after the other; the first one. */
static guint32
add_chain(GByteArray *sectors, GByteArray *fat, guint size, const void *data,
    gsize len)
{
	guint32 first = sectors->len / size;

	if (len == 0)
		return END;
	g_byte_array_append(sectors, data, (guint)len);
	pad(sectors, size, 0);
	while (fat->len / 4 < sectors->len / size)
		append_number(fat, fat->len / 4 + 1);
	compound_put(fat->data + fat->len - 4, END);
	return first;
}

static void
add_stream(struct builder *b, const struct compound_stream *stream)
{
	guint32 parent = storage_of(b, stream->path), number, first;
	const char *slash = strrchr(stream->path, '/');

	number =
	    add_entry(b, slash != NULL ? slash + 1 : stream->path, 2, parent);
	first = stream->len < SHORT_MAX ? add_chain(b->minis, b->mini_fat,
					      SHORT, stream->data, stream->len)
					: add_chain(b->sectors, b->fat, SECTOR,
					      stream->data, stream->len);
	compound_put(entry(b, number) + COMPOUND_FIRST, first);
	compound_put(entry(b, number) + COMPOUND_SIZE, (guint32)stream->len);
}

/* The header names no more than 109 sectors of the FAT, which is enough. */
static GByteArray *
assemble(struct builder *b, guint32 directory, guint32 mini_fat)
{
	static const guint8 start[] = {
	    0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};
	guint8 header[SECTOR] = {0};
	GByteArray *file = g_byte_array_new();
	guint32 count;

	/* It has itself in it, too. */
	for (count = 1; count * SECTOR / 4 < b->fat->len / 4 + count;)
		count++;
	for (guint32 i = 0; i < count; i++)
		append_number(b->fat, FAT);
	pad(b->fat, SECTOR, 0xff);
	memcpy(header, start, sizeof(start));
	header[26] = 3;
	header[28] = 0xfe;
	header[29] = 0xff;
	header[30] = 9;
	header[32] = 6;
	compound_put(header + 44, count);
	compound_put(header + 48, directory);
	compound_put(header + 56, SHORT_MAX);
	compound_put(header + 60, mini_fat);
	compound_put(header + 64, b->mini_fat->len / SECTOR);
	compound_put(header + 68, END);
	for (guint32 i = 0; i < 109; i++)
		compound_put(header + 76 + 4 * i,
		    i < count ? b->sectors->len / SECTOR + i : NONE);
	g_byte_array_append(file, header, sizeof(header));
	g_byte_array_append(file, b->sectors->data, b->sectors->len);
	g_byte_array_append(file, b->fat->data, b->fat->len);
	return file;
}

GByteArray *
compound_build(const struct compound_stream *streams)
{
	g_autoptr(GByteArray) entries = g_byte_array_new();
	g_autoptr(GByteArray) minis = g_byte_array_new();
	g_autoptr(GByteArray) mini_fat = g_byte_array_new();
	g_autoptr(GByteArray) sectors = g_byte_array_new();
	g_autoptr(GByteArray) fat = g_byte_array_new();
	g_autoptr(GHashTable) storages =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct builder b = {entries, storages, minis, mini_fat, sectors, fat};
	guint32 directory, minis_at, fat_at;

	add_entry(&b, "Root Entry", 5, 0);
	for (; streams->path != NULL; streams++)
		add_stream(&b, streams);
	minis_at = add_chain(sectors, fat, SECTOR, minis->data, minis->len);
	compound_put(entry(&b, 0) + COMPOUND_FIRST, minis_at);
	compound_put(entry(&b, 0) + COMPOUND_SIZE, minis->len);
	pad(mini_fat, SECTOR, 0xff);
	fat_at = add_chain(sectors, fat, SECTOR, mini_fat->data, mini_fat->len);
	directory =
	    add_chain(sectors, fat, SECTOR, entries->data, entries->len);
	return assemble(&b, directory, fat_at);
}

guint8 *
compound_entry(const GByteArray *file, const char *name)
{
	guint8 wide[64] = {0};
	gsize len = strlen(name);

	for (gsize i = 0; i < len; i++)
		wide[2 * i] = (guint8)name[i];
	for (gsize at = SECTOR; at + ENTRY <= file->len; at += ENTRY)
		if (memcmp(file->data + at, wide, sizeof(wide)) == 0)
			return file->data + at;
	ck_abort_msg("no entry %s", name);
}
