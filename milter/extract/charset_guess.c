#include <string.h>

#include "milter/extract/charset_guess.h"
#include "milter/message/charset.h"

enum { LOOK = 8192 };

/*
 * UTF-16 without a mark: in Latin text nearly every other byte is zero.
 * Returns 'l', 'b' or '\0'.
 */
static char
utf16_order(const guint8 *data, gsize len)
{
	gsize even = 0, odd = 0, pairs = MIN(len, LOOK) / 2;

	if (len >= 2 && data[0] == 0xff && data[1] == 0xfe)
		return 'l';
	if (len >= 2 && data[0] == 0xfe && data[1] == 0xff)
		return 'b';
	for (gsize i = 0; i < pairs; i++) {
		even += data[2 * i] == 0;
		odd += data[2 * i + 1] == 0;
	}
	if (pairs < 4)
		return '\0';
	if (odd > pairs * 3 / 4 && even < pairs / 20 + 1)
		return 'l';
	if (even > pairs * 3 / 4 && odd < pairs / 20 + 1)
		return 'b';
	return '\0';
}

bool
charset_is_text(const guint8 *data, gsize len)
{
	gsize odd = 0, look = MIN(len, LOOK);

	if (utf16_order(data, len) != '\0')
		return true;
	for (gsize i = 0; i < look; i++) {
		if (data[i] == '\0')
			return false;
		odd += data[i] < ' ' &&
		       strchr("\t\n\r\f\v\b\033\032", data[i]) == NULL;
	}
	return odd <= look / 50;
}

gunichar
charset_windows(guint8 c)
{
	static const guint16 high[32] = {0x20ac, 0x81, 0x201a, 0x192, 0x201e,
	    0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d,
	    0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
	    0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178};

	return c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c;
}

static char *
from_windows(const guint8 *data, gsize len)
{
	GString *out = g_string_sized_new(len + len / 8);

	for (gsize i = 0; i < len; i++) {
		if (data[i] == '\0')
			g_string_append_c(out, ' ');
		else if (data[i] < 0x80)
			g_string_append_c(out, (char)data[i]);
		else
			g_string_append_unichar(out, charset_windows(data[i]));
	}
	return g_string_free(out, FALSE);
}

static char *
from_utf16(const guint8 *data, gsize len, bool little)
{
	GString *out = g_string_sized_new(len);

	for (gsize i = 0; i + 1 < len; i += 2) {
		gunichar c = data[i + !little] | (gunichar)data[i + little]
						     << 8;

		if (c >= 0xd800 && c < 0xdc00 && i + 3 < len) {
			gunichar low = data[i + 2 + !little] |
				       (gunichar)data[i + 2 + little] << 8;

			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) +
				    (low - 0xdc00);
				i += 2;
			}
		}
		if (c == 0xfeff)
			continue;
		g_string_append_unichar(out, c == 0 ? ' '
					     : c >= 0xd800 && c < 0xe000
						 ? 0xfffd
						 : c);
	}
	return g_string_free(out, FALSE);
}

char *
charset_utf16(const guint8 *data, gsize len)
{
	return from_utf16(data, len, true);
}

/* UTF-8, but for a few damaged places and one at a cut end. */
static bool
is_nearly_utf8(const char *text, gsize len)
{
	const char *end;
	gsize good = 0, bad = 0;

	while (len > 0 && !g_utf8_validate_len(text, len, &end)) {
		for (const char *p = text; p < end; p++)
			good += (guchar)*p >= 0xc0;
		bad++;
		if (end + 4 > text + len && good > 0)
			return true;
		len -= (gsize)(end + 1 - text);
		text = end + 1;
	}
	for (const char *p = text; p < text + len; p++)
		good += (guchar)*p >= 0xc0;
	return bad == 0 || good > bad * 20;
}

char *
charset_guess(const guint8 *data, gsize len, const char *label)
{
	char order = utf16_order(data, len), *text;
	gsize text_len;

	if (order != '\0')
		return from_utf16(data, len, order == 'l');
	if (len >= 3 && memcmp(data, "\357\273\277", 3) == 0)
		return g_utf8_make_valid(
		    (const char *)data + 3, (gssize)len - 3);
	if (is_ascii(data, len) || is_nearly_utf8((const char *)data, len))
		return g_utf8_make_valid((const char *)data, (gssize)len);
	if (label != NULL && charset_kind(label) == CHARSET_SUPERSET) {
		text = charset_to_utf8(label, data, len, &text_len);
		if (text != NULL)
			return text;
	}
	return from_windows(data, len);
}
