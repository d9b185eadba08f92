#include <string.h>

#include "milter/extract/bytes.h"
#include "milter/extract/charset_guess.h"
#include "milter/extract/ole.h"
#include "milter/extract/properties.h"

enum {
	STREAM_MAX = 1 << 20,
	PROPERTIES_MAX = 200,
	CODEPAGE = 1, /* property identifier */
	UTF16 = 1200,
	TYPE_STRING = 30,
	TYPE_WIDE = 31,
};

/* One section of a stream. */
struct set {
	const guint8 *data;
	gsize len;
	unsigned codepage;
};

static guint32
get32(const struct set *set, gsize at)
{
	return at > set->len || set->len - at < 4 ? 0
						  : bytes_32(set->data + at);
}

/* So many bytes at a place in the section, as far as there are any. */
static char *
get_text(const struct set *set, gsize at, gsize bytes, bool wide)
{
	g_autofree char *label = g_strdup_printf("cp%u", set->codepage);

	if (at > set->len)
		return g_strdup("");
	bytes = MIN(bytes, set->len - at);
	if (!wide) {
		const guint8 *end = memchr(set->data + at, '\0', bytes);

		if (end != NULL)
			bytes = (gsize)(end - set->data) - at;
		return charset_guess(set->data + at, bytes,
		    set->codepage == 1252 ? NULL : label);
	}
	return g_strchomp(charset_utf16(set->data + at, bytes));
}

static char *
get_value(const struct set *set, gsize at)
{
	guint32 type = get32(set, at) & 0xffff;
	gsize size = get32(set, at + 4);

	if (type == TYPE_STRING)
		return get_text(set, at + 8, size, set->codepage == UTF16);
	if (type == TYPE_WIDE)
		return get_text(set, at + 8, MIN(size, STREAM_MAX) * 2, true);
	return NULL;
}

/* Where a property stands in its section; 0: it has none. */
static gsize
find(const struct set *set, guint32 id)
{
	guint32 count = MIN(get32(set, 4), PROPERTIES_MAX);

	for (guint32 i = 0; i < count; i++)
		if (get32(set, 8 + 8 * (gsize)i) == id)
			return get32(set, 12 + 8 * (gsize)i);
	return 0;
}

static bool
open_set(struct set *set, const GByteArray *stream, unsigned which)
{
	struct set whole = {stream->data, stream->len, 1252};
	gsize at = get32(&whole, 44 + 20 * (gsize)which), codepage;

	if (get32(&whole, 24) <= which || at == 0 || at >= stream->len)
		return false;
	*set = (struct set){stream->data + at, stream->len - at, 1252};
	codepage = find(set, CODEPAGE);
	if (codepage != 0 && (get32(set, codepage + 4) & 0xffff) != 0)
		set->codepage = get32(set, codepage + 4) & 0xffff;
	return true;
}

struct known {
	guint32 id;
	const char *name;
};

static void
read_known(struct document *document, const GByteArray *stream,
    const struct known *known, gsize count)
{
	struct set set;

	if (stream == NULL || !open_set(&set, stream, 0))
		return;
	for (gsize i = 0; i < count; i++) {
		gsize at = find(&set, known[i].id);
		g_autofree char *value = at != 0 ? get_value(&set, at) : NULL;

		document_property(document, known[i].name, value);
	}
}

/* Names that people or labels gave: a dictionary is property 0. */
static void
read_custom(struct document *document, const GByteArray *stream)
{
	struct set set;
	gsize at;
	guint32 count;

	if (stream == NULL || !open_set(&set, stream, 1) ||
	    (at = find(&set, 0)) == 0)
		return;
	count = MIN(get32(&set, at), PROPERTIES_MAX);
	at += 4;
	for (guint32 i = 0; i < count && at < set.len; i++) {
		guint32 id = get32(&set, at), len = get32(&set, at + 4);
		bool wide = set.codepage == UTF16;
		gsize bytes = (gsize)MIN(len, STREAM_MAX) * (wide ? 2 : 1);
		g_autofree char *name = get_text(&set, at + 8, bytes, wide);
		gsize value_at = find(&set, id);
		g_autofree char *value =
		    value_at != 0 ? get_value(&set, value_at) : NULL;

		document_property(document, name, value);
		at += 8 + (wide ? (bytes + 3) / 4 * 4 : bytes);
	}
}

void
office_97_properties(struct document *document, const guint8 *data, gsize len)
{
	static const struct known summary[] = {{2, "title"}, {3, "subject"},
	    {4, "creator"}, {5, "keywords"}, {6, "description"}};
	static const struct known more[] = {{2, "category"}, {14, "Manager"},
	    {15, "Company"}, {27, "contentStatus"}};
	g_autoptr(GByteArray) first =
	    ole_stream(data, len, "\005SummaryInformation", STREAM_MAX);
	g_autoptr(GByteArray) second =
	    ole_stream(data, len, "\005DocumentSummaryInformation", STREAM_MAX);

	read_known(document, first, summary, G_N_ELEMENTS(summary));
	read_known(document, second, more, G_N_ELEMENTS(more));
	read_custom(document, second);
}
