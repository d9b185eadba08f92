#include <string.h>

#include "milter/extract/bytes.h"
#include "milter/extract/charset_guess.h"
#include "milter/extract/object.h"
#include "milter/extract/ole.h"
#include "milter/extract/reader.h"

enum {
	EMBEDDED = 2, /* format of an object that is not a link */
	NAME_BYTES = 1024,
};

/* Text that ends with a NUL. */
static char *
take_text(struct bytes *from)
{
	const guint8 *p = from->p;
	const guint8 *end = from->len > 0 ? memchr(p, '\0', from->len) : NULL;

	if (end == NULL) {
		from->ended = true;
		return NULL;
	}
	bytes_take(from, (gsize)(end - p) + 1);
	return charset_guess(p, MIN((gsize)(end - p), NAME_BYTES), NULL);
}

static void
read_file(
    struct document *document, const char *name, const guint8 *data, gsize len)
{
	if (document_deeper(document, "files"))
		reading_member(
		    document, name, NULL, data, len, ATTACHMENT_READ, NULL);
}

/*
 * A file as the Object Packager wraps it: a number, its label, where it was,
 * two numbers, where it goes for a while, and its bytes.  False when it is not
 * that.
 */
static bool
read_packed(struct document *document, struct bytes bytes)
{
	g_autofree char *label = NULL, *path = NULL;
	guint32 len;
	const guint8 *data;

	bytes_take(&bytes, 2);
	label = take_text(&bytes);
	path = take_text(&bytes);
	bytes_take(&bytes, 4);
	bytes_take(&bytes, bytes_take_32(&bytes));
	len = bytes_take_32(&bytes);
	if ((data = bytes_take(&bytes, len)) == NULL)
		return false;
	read_file(document, label, data, len);
	return true;
}

/* The data of a program before OLE 2, in any form that it likes. */
static void
read_native(struct document *document, const char *name, struct bytes bytes)
{
	if (!read_packed(document, bytes))
		read_file(document, name, bytes.p, bytes.len);
}

/* By streams that hold a whole file. */
void
read_object(struct document *document, const guint8 *data, gsize len)
{
	static const char *const files[] = {
	    "Package", "CONTENTS", "EmbeddedOdf"};
	g_autoptr(GByteArray) native =
	    ole_stream(data, len, "\001Ole10Native", len);

	/* Its length comes first. */
	if (native != NULL && native->len >= 4)
		read_native(document, "object",
		    (struct bytes){
			.p = native->data + 4, .len = native->len - 4});
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(GByteArray) bytes =
		    ole_stream(data, len, files[i], len);

		if (bytes != NULL)
			read_file(document, files[i], bytes->data, bytes->len);
	}
}

void
object_add_digit(struct object_digits *digits, guint8 c)
{
	int value = g_ascii_xdigit_value((char)c);
	guint8 byte;

	if (value == -1)
		return;
	if (digits->half == -1) {
		digits->half = value;
		return;
	}
	byte = (guint8)(digits->half << 4 | value);
	g_byte_array_append(digits->bytes, &byte, 1);
	digits->half = -1;
}

void
object_read_old(struct document *document, const guint8 *data, gsize len)
{
	struct bytes bytes = {.p = data, .len = len};
	g_autofree char *class = NULL;
	guint32 format, size;

	bytes_take(&bytes, 4); /* its version */
	format = bytes_take_32(&bytes);
	/* Its class, topic and item. */
	for (int i = 0; i < 3; i++) {
		const guint8 *text;

		size = bytes_take_32(&bytes);
		text = bytes_take(&bytes, size);
		if (text != NULL && i == 0)
			class = charset_guess(text,
			    strnlen((const char *)text, MIN(size, NAME_BYTES)),
			    NULL);
	}
	size = bytes_take_32(&bytes);
	if (!bytes.ended && format == EMBEDDED && size <= bytes.len)
		read_native(
		    document, class, (struct bytes){.p = bytes.p, .len = size});
	else if (len > 0)
		/* A link, or what nobody but its maker knows. */
		read_file(document, "object", data, len);
}

static void
read_storages(struct document *document, ole *ole, guint32 storage, gsize len)
{
	g_autoptr(GPtrArray) entries = ole_list(ole, storage);

	for (guint i = 0; i < entries->len; i++) {
		const struct ole_entry *entry = entries->pdata[i];
		g_autofree guint8 *file = NULL;

		/* Word has them in one place, Excel among its streams. */
		if (!entry->storage ||
		    (storage == OLE_ROOT &&
			!g_str_has_prefix(entry->name, "MBD")))
			continue;
		if (!reading_take(document->reading, len)) {
			document_fail(document, ATTACHMENT_TRUNCATED,
			    "it unpacks to more than is allowed");
			return;
		}
		file = ole_rooted(ole, entry->number, OLE_ROOT);
		read_file(document, entry->name, file, len);
	}
}

void
object_read_97(struct document *document, const guint8 *data, gsize len)
{
	g_autoptr(ole) ole = ole_open(data, len);
	guint32 pool = ole != NULL ? ole_find(ole, "ObjectPool") : OLE_ROOT;

	if (pool != OLE_ROOT)
		read_storages(document, ole, pool, len);
	if (ole != NULL)
		read_storages(document, ole, OLE_ROOT, len);
}
