#include <string.h>

#include "milter/extract/bytes.h"
#include "milter/extract/charset_guess.h"
#include "milter/extract/ole.h"

enum {
	HEADER = 512,
	DIRECTORY_MAX = 16 << 20,
	IN_HEADER = 109, /* FAT sectors that the header names */
	MINI_SHIFT = 6,
	NAME_MAX_BYTES = 64,
};

static const guint32 LAST = 0xfffffffa; /* this and above are no sectors */
static const guint32 NONE = 0xffffffff; /* no entry */

/* Where an entry has what, [MS-CFB] 2.6.1. */
enum {
	NAME_LEN = 64, /* with its NUL */
	TYPE = 66,
	LEFT = 68,
	RIGHT = 72,
	CHILD = 76,
	CLASS = 80,
	CLASS_LEN = 16,
	FIRST = 116, /* sector */
	SIZE = 120,
};

enum { STORAGE = 1, STREAM = 2 };

struct ole {
	const guint8 *data;
	gsize len;
	unsigned shift; /* of a sector's size */
	GByteArray *directory;
	/* All short streams, and the chains in them; or NULL so far. */
	GByteArray *mini, *mini_fat;
	bool damaged;
};

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
	guint32 next = bytes_32(ole->data + 68);
	const guint8 *list;

	if (n < IN_HEADER)
		return sector(ole, bytes_32(ole->data + 76 + 4 * n));
	n -= IN_HEADER;
	/* A loop ends since n does. */
	while ((list = sector(ole, next)) != NULL && n >= each) {
		n -= each;
		next = bytes_32(list + 4 * each);
	}
	return list != NULL ? sector(ole, bytes_32(list + 4 * n)) : NULL;
}

static guint32
next_sector(const struct ole *ole, guint32 number)
{
	guint32 each = (1U << ole->shift) / 4;
	const guint8 *fat = fat_sector(ole, number / each);

	return fat != NULL ? bytes_32(fat + 4 * (number % each)) : LAST;
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

/* By a header whose numbers are good; or NULL. */
struct ole *
ole_open(const guint8 *data, gsize len)
{
	struct ole *ole;

	if (!ole_is(data, len) || (data[30] != 9 && data[30] != 12))
		return NULL;
	ole = g_new0(struct ole, 1);
	ole->data = data;
	ole->len = len;
	ole->shift = data[30];
	ole->directory =
	    read_chain(ole, bytes_32(data + 48), MIN(len, DIRECTORY_MAX));
	return ole;
}

void
ole_free(struct ole *ole)
{
	if (ole == NULL)
		return;
	g_byte_array_unref(ole->directory);
	g_clear_pointer(&ole->mini, g_byte_array_unref);
	g_clear_pointer(&ole->mini_fat, g_byte_array_unref);
	g_free(ole);
}

bool
ole_damaged(const struct ole *ole)
{
	return ole->damaged;
}

/* NULL beyond the end of the directory. */
static const guint8 *
entry_at(const struct ole *ole, guint32 number)
{
	return number < ole->directory->len / OLE_ENTRY
		   ? ole->directory->data + (gsize)number * OLE_ENTRY
		   : NULL;
}

/* A way through the directory: each entry is taken once, so a loop ends. */
struct walk {
	const struct ole *ole;
	GHashTable *seen;
	GArray *found; /* numbers */
};

static void
follow(struct walk *walk, guint32 number, gsize link)
{
	const guint8 *entry = entry_at(walk->ole, number);
	guint32 next = entry != NULL ? bytes_32(entry + link) : NONE;

	if (next != NONE &&
	    g_hash_table_add(walk->seen, GUINT_TO_POINTER(next)))
		g_array_append_val(walk->found, next);
}

/*
 * The numbers of what a storage holds, which is a tree of siblings; deep: and
 * of what is held by that.
 */
static GArray *
walk(const struct ole *ole, guint32 storage, bool deep)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	struct walk walk = {
	    ole, seen, g_array_new(FALSE, FALSE, sizeof(guint32))};

	g_hash_table_add(seen, GUINT_TO_POINTER(storage));
	follow(&walk, storage, CHILD);
	for (guint i = 0; i < walk.found->len; i++) {
		guint32 number = g_array_index(walk.found, guint32, i);

		follow(&walk, number, LEFT);
		follow(&walk, number, RIGHT);
		if (deep)
			follow(&walk, number, CHILD);
	}
	return walk.found;
}

/* Names are UTF-16. */
static char *
entry_name(const guint8 *entry)
{
	guint len = entry[NAME_LEN] | (guint)entry[NAME_LEN + 1] << 8;

	len = MIN(len, NAME_MAX_BYTES);
	return charset_utf16(entry, len >= 2 ? len - 2 : 0);
}

static void
entry_free(void *data)
{
	struct ole_entry *entry = data;

	g_free(entry->name);
	g_free(entry);
}

static int
compare(gconstpointer left, gconstpointer right)
{
	const struct ole_entry *a = *(const struct ole_entry *const *)left;
	const struct ole_entry *b = *(const struct ole_entry *const *)right;

	return strcmp(a->name, b->name);
}

GPtrArray *
ole_list(struct ole *ole, guint32 storage)
{
	g_autoptr(GArray) numbers = walk(ole, storage, false);
	GPtrArray *list = g_ptr_array_new_with_free_func(entry_free);

	for (guint i = 0; i < numbers->len; i++) {
		guint32 number = g_array_index(numbers, guint32, i);
		const guint8 *data = entry_at(ole, number);
		struct ole_entry *entry;

		if (data == NULL ||
		    (data[TYPE] != STORAGE && data[TYPE] != STREAM)) {
			ole->damaged = true;
			continue;
		}
		entry = g_new0(struct ole_entry, 1);
		entry->name = entry_name(data);
		entry->storage = data[TYPE] == STORAGE;
		entry->number = number;
		entry->size = bytes_32(data + SIZE);
		g_ptr_array_add(list, entry);
	}
	g_ptr_array_sort(list, compare);
	return list;
}

static bool
has_name(const guint8 *entry, const char *name)
{
	gsize len = strlen(name), i;

	if (entry[NAME_LEN] != 2 * (len + 1))
		return false;
	for (i = 0; i < len; i++)
		if (entry[2 * i] != (guint8)name[i] || entry[2 * i + 1] != 0)
			return false;
	return true;
}

static guint32
find_among(const struct ole *ole, const GArray *numbers, const char *name)
{
	for (guint i = 0; i < numbers->len; i++) {
		guint32 number = g_array_index(numbers, guint32, i);
		const guint8 *entry = entry_at(ole, number);

		if (entry != NULL && has_name(entry, name))
			return number;
	}
	return OLE_ROOT;
}

static guint32
find_anywhere(const struct ole *ole, const char *name)
{
	guint32 count = ole->directory->len / OLE_ENTRY;

	for (guint32 number = 1; number < count; number++)
		if (has_name(entry_at(ole, number), name))
			return number;
	return OLE_ROOT;
}

/* Those of the root come before others of their name. */
guint32
ole_find(const struct ole *ole, const char *name)
{
	g_autoptr(GArray) numbers = walk(ole, OLE_ROOT, false);
	guint32 number = find_among(ole, numbers, name);

	return number != OLE_ROOT ? number : find_anywhere(ole, name);
}

/* Short streams share one of their own, in sectors of 64 bytes. */
static GByteArray *
read_short(struct ole *ole, guint32 number, gsize most)
{
	GByteArray *bytes = g_byte_array_new();

	if (ole->mini == NULL) {
		ole->mini = read_chain(
		    ole, bytes_32(ole->directory->data + FIRST), ole->len);
		ole->mini_fat =
		    read_chain(ole, bytes_32(ole->data + 60), ole->len);
	}
	while (bytes->len < most &&
	       ((gsize)number + 1) << MINI_SHIFT <= ole->mini->len) {
		g_byte_array_append(bytes,
		    ole->mini->data + ((gsize)number << MINI_SHIFT),
		    1 << MINI_SHIFT);
		if (4 * ((gsize)number + 1) > ole->mini_fat->len)
			break;
		number = bytes_32(ole->mini_fat->data + 4 * (gsize)number);
	}
	if (bytes->len > most)
		g_byte_array_set_size(bytes, (guint)most);
	return bytes;
}

GByteArray *
ole_read(struct ole *ole, guint32 stream, gsize most)
{
	const guint8 *entry = entry_at(ole, stream);
	guint32 size, first;
	GByteArray *bytes;

	if (entry == NULL)
		return g_byte_array_new();
	size = bytes_32(entry + SIZE);
	first = bytes_32(entry + FIRST);
	most = MIN(most, size);
	bytes = size < bytes_32(ole->data + 56)
		    ? read_short(ole, first, MIN(most, ole->len))
		    : read_chain(ole, first, MIN(most, ole->len));
	if (bytes->len < most)
		ole->damaged = true;
	return bytes;
}

GByteArray *
ole_stream(const guint8 *data, gsize len, const char *name, gsize most)
{
	g_autoptr(ole) ole = ole_open(data, len);
	guint32 stream = ole != NULL ? ole_find(ole, name) : OLE_ROOT;

	return stream != OLE_ROOT ? ole_read(ole, stream, most) : NULL;
}

/* Puts a directory back to where it stands. */
static void
write_directory(
    const struct ole *ole, guint8 *copy, const GByteArray *directory)
{
	guint32 number = bytes_32(ole->data + 48);
	const guint8 *from;

	for (gsize at = 0; (from = sector(ole, number)) != NULL &&
			   directory->len - at >= (gsize)1 << ole->shift;
	     at += (gsize)1 << ole->shift) {
		memcpy(copy + (from - ole->data), directory->data + at,
		    (gsize)1 << ole->shift);
		number = next_sector(ole, number);
	}
}

/*
 * All entries stay where they are and the streams with them, but others than
 * those of the storage have no name any more: programs look for the first one
 * of a name, wherever it stands.
 */
guint8 *
ole_rooted(const struct ole *ole, guint32 storage, guint32 found)
{
	g_autoptr(GByteArray) directory = g_byte_array_new();
	g_autoptr(GArray) kept = walk(ole, storage, true);
	g_autoptr(GArray) also =
	    found != OLE_ROOT ? walk(ole, found, true) : NULL;
	guint8 *copy = g_memdup2(ole->data, ole->len);
	const guint8 *from = entry_at(ole, storage);

	if (from == NULL)
		return copy;
	if (also != NULL) {
		g_array_append_val(also, found);
		g_array_append_vals(kept, also->data, also->len);
	}
	g_byte_array_append(
	    directory, ole->directory->data, ole->directory->len);
	for (gsize at = OLE_ENTRY; at + OLE_ENTRY <= directory->len;
	     at += OLE_ENTRY)
		directory->data[at + NAME_LEN] = directory->data[at + TYPE] = 0;
	for (guint i = 0; i < kept->len; i++) {
		guint32 number = g_array_index(kept, guint32, i);
		const guint8 *entry = entry_at(ole, number);

		if (entry != NULL && number != OLE_ROOT)
			memcpy(directory->data + (gsize)number * OLE_ENTRY,
			    entry, OLE_ENTRY);
	}
	memcpy(directory->data + CHILD, from + CHILD, 4 + CLASS_LEN);
	write_directory(ole, copy, directory);
	return copy;
}

/* By the streams of the root; of what has none of these, by any. */
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
	    {"__properties_version1.0", {KIND_MSG, "msg"}},
	    {"VisioDocument", {KIND_OTHER, "vsd"}},
	    {"\001Ole10Native", {KIND_OBJECT, "ole"}},
	    {"Package", {KIND_OBJECT, "ole"}},
	    {"CONTENTS", {KIND_OBJECT, "ole"}},
	    {"EmbeddedOdf", {KIND_OBJECT, "ole"}},
	};
	static const struct file_type other = {KIND_OTHER, "ole"};
	g_autoptr(ole) ole = ole_open(data, len);
	g_autoptr(GArray) numbers = NULL;

	if (ole == NULL)
		return &other;
	numbers = walk(ole, OLE_ROOT, false);
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (find_among(ole, numbers, types[i].stream) != OLE_ROOT)
			return &types[i].type;
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (find_anywhere(ole, types[i].stream) != OLE_ROOT)
			return &types[i].type;
	return &other;
}
