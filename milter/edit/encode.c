#include <string.h>

#include "milter/edit/encode.h"

enum { LINE_MAX_LENGTH = 76 };

/* Bytes of the UTF-8 sequence here, or 1 where there is none. */
static gsize
sequence_length(const guint8 *octets, gsize len)
{
	gunichar c;

	if (octets[0] < 0xc0)
		return 1;
	c = g_utf8_get_char_validated((const char *)octets,
	    (gssize)MIN(len, 4));
	if (c == (gunichar)-1 || c == (gunichar)-2)
		return 1;
	return (gsize)g_unichar_to_utf8(c, NULL);
}

/*
 * May an octet stand for itself?  Not white space at the end of a line, which
 * gets lost, nor what mail programs take for something else at its start.
 */
static bool
is_literal(const guint8 *octets, gsize len, bool at_start, bool at_end)
{
	switch (octets[0]) {
	case ' ':
	case '\t':
		return !at_end;
	case '=':
		return false;
	case '.':
		return !(at_start && at_end);
	case 'F':
		return !(at_start && len >= 5 &&
		    memcmp(octets, "From ", 5) == 0);
	default:
		return octets[0] > ' ' && octets[0] < 0x7f;
	}
}

void
qp_encode(GString *out, const guint8 *octets, gsize len, const char *eol,
    gsize *column)
{
	const gsize eol_len = strlen(eol);

	for (gsize i = 0; i < len;) {
		const guint8 *p = octets + i;
		gsize size = sequence_length(p, len - i), width;
		bool at_end, literal;

		if (len - i >= eol_len && memcmp(p, eol, eol_len) == 0) {
			g_string_append(out, eol);
			*column = 0;
			i += eol_len;
			continue;
		}
		at_end = i + size == len ||
		    (len - i - size >= eol_len &&
			memcmp(p + size, eol, eol_len) == 0);
		literal = is_literal(p, len - i, *column == 0, at_end);
		width = literal ? 1 : 3 * size;
		if (*column + width > LINE_MAX_LENGTH - (at_end ? 0 : 1)) {
			g_string_append_c(out, '=');
			g_string_append(out, eol);
			*column = 0;
			continue;
		}
		if (literal)
			g_string_append_c(out, (char)*p);
		else
			for (gsize j = 0; j < size; j++)
				g_string_append_printf(out, "=%02X", p[j]);
		*column += width;
		i += size;
	}
}

void
base64_encode(GString *out, const guint8 *octets, gsize len, const char *eol,
    gsize column)
{
	while (len > 0) {
		g_autofree char *encoded = NULL;
		gsize take;

		if (column + 4 > LINE_MAX_LENGTH) {
			g_string_append(out, eol);
			column = 0;
		}
		take = MIN((LINE_MAX_LENGTH - column) / 4 * 3, len);
		encoded = g_base64_encode(octets, take);
		g_string_append(out, encoded);
		column += strlen(encoded);
		octets += take;
		len -= take;
	}
}
