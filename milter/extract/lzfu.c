/*
 * The compression of RTF in messages, [MS-OXRTFCP]: a window of 4 KB that
 * begins with words that most RTF has, and references into it.
 */
#include <string.h>

#include "milter/extract/bytes.h"
#include "milter/extract/mapi.h"

enum {
	HEADER = 16,
	WINDOW = 4096,
	MOST = 9, /* times the packed size: 17 bytes for two and a bit */
	PACKED = 0x75465a4c, /* "LZFu" */
	PLAIN = 0x414c454d,  /* "MELA" */
};

static const char preset[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman "
    "\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New "
    "RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0"
    "\\fs20\\b\\i\\u\\tab\\tx";

struct window {
	guint8 bytes[WINDOW];
	unsigned at;
	GByteArray *out;
};

static void
put(struct window *window, guint8 byte)
{
	window->bytes[window->at] = byte;
	window->at = (window->at + 1) % WINDOW;
	g_byte_array_append(window->out, &byte, 1);
}

/* False when it ends before its end mark, or has more than it said. */
static bool
unpack(struct window *window, const guint8 *p, const guint8 *end, gsize most)
{
	while (p < end) {
		unsigned flags = *p++;

		for (int bit = 0; bit < 8; bit++, flags >>= 1) {
			unsigned from, length;

			if ((flags & 1) == 0) {
				if (p == end || window->out->len >= most)
					return p == end;
				put(window, *p++);
				continue;
			}
			if (end - p < 2)
				return false;
			from = (unsigned)p[0] << 4 | p[1] >> 4;
			length = (p[1] & 0x0fU) + 2;
			p += 2;
			/* A reference to what comes next is the end. */
			if (from == window->at)
				return true;
			if (window->out->len + length > most)
				return false;
			while (length-- > 0)
				put(window, window->bytes[from++ % WINDOW]);
		}
	}
	return window->out->len >= most;
}

GByteArray *
lzfu_unpack(struct reading *reading, const guint8 *data, gsize len)
{
	struct window window = {.at = sizeof(preset) - 1};
	gsize size;
	bool whole;

	if (len < HEADER)
		return NULL;
	size = bytes_32(data + 4);
	if (size / MOST > len || !reading_take(reading, size))
		return NULL;
	window.out = g_byte_array_new();
	memcpy(window.bytes, preset, sizeof(preset) - 1);
	switch (bytes_32(data + 8)) {
	case PACKED:
		whole = unpack(&window, data + HEADER, data + len, size);
		break;
	case PLAIN:
		whole = len - HEADER >= size;
		g_byte_array_append(
		    window.out, data + HEADER, (guint)MIN(len - HEADER, size));
		break;
	default:
		whole = false;
	}
	if (whole)
		return window.out;
	g_byte_array_unref(window.out);
	return NULL;
}
