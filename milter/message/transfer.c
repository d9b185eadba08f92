#include <string.h>

#include "milter/message/transfer.h"

static int
hex_value(char c)
{
	return g_ascii_xdigit_value(c);
}

/* Length of the soft break that begins at raw[0], an "="; 0: none. */
static gsize
soft_break(const char *raw, gsize len)
{
	gsize i = 1;

	while (i < len && (raw[i] == ' ' || raw[i] == '\t'))
		i++;
	if (i == len)
		return i;
	if (raw[i] == '\n')
		return i + 1;
	if (raw[i] == '\r' && i + 1 < len && raw[i + 1] == '\n')
		return i + 2;
	return 0;
}

/*
 * Reads up to n octets into out, if there is one, and returns where in raw
 * they end.
 */
static gsize
qp_read(const char *raw, gsize len, gsize n, guint8 *out, gsize *count)
{
	gsize i = 0, octets = 0, skip;

	while (i < len && octets < n) {
		guint8 octet = (guint8)raw[i];

		if (octet != '=') {
			i++;
		} else if (len - i >= 3 && hex_value(raw[i + 1]) >= 0 &&
		    hex_value(raw[i + 2]) >= 0) {
			octet = (guint8)(hex_value(raw[i + 1]) << 4 |
			    hex_value(raw[i + 2]));
			i += 3;
		} else if ((skip = soft_break(raw + i, len - i)) > 0) {
			i += skip;
			continue;
		} else
			i++;
		if (out != NULL)
			out[octets] = octet;
		octets++;
	}
	if (count != NULL)
		*count = octets;
	return i;
}

guint8 *
qp_decode(const char *raw, gsize len, gsize *octets_len)
{
	guint8 *out = g_malloc(len + 1);

	qp_read(raw, len, G_MAXSIZE, out, octets_len);
	return out;
}

gsize
qp_offset(const char *raw, gsize len, gsize n)
{
	return qp_read(raw, len, n, NULL, NULL);
}

/* 0 to 63, 64 for padding, 65 for white space, 66 for anything else. */
static const guint8 *
base64_values(void)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789+/";
	static guint8 values[256];
	static gsize once;

	if (g_once_init_enter(&once)) {
		memset(values, 66, sizeof(values));
		for (guint8 i = 0; i < 64; i++)
			values[(guchar)alphabet[i]] = i;
		values['='] = 64;
		values['\r'] = values['\n'] = values[' '] = values['\t'] = 65;
		g_once_init_leave(&once, 1);
	}
	return values;
}

guint8 *
base64_decode(const char *raw, gsize len, gsize *octets_len)
{
	const guint8 *values = base64_values();
	guint8 *out = g_malloc(len / 4 * 3 + 4), *p = out;
	guint32 bits = 0;
	unsigned have = 0, padding = 0;

	for (gsize i = 0; i < len; i++) {
		guint8 v = values[(guchar)raw[i]];

		if (v == 65)
			continue;
		if (v == 64 && have >= 2 && have + ++padding <= 4)
			continue;
		if (v >= 64 || padding > 0) {
			g_free(out);
			return NULL;
		}
		bits = bits << 6 | v;
		if (++have == 4) {
			*p++ = (guint8)(bits >> 16);
			*p++ = (guint8)(bits >> 8);
			*p++ = (guint8)bits;
			have = 0;
		}
	}
	if (have == 1) {
		g_free(out);
		return NULL;
	}
	if (have >= 2)
		*p++ = (guint8)(bits >> (have == 2 ? 4 : 10));
	if (have == 3)
		*p++ = (guint8)(bits >> 2);
	*octets_len = (gsize)(p - out);
	return out;
}

gsize
base64_offset(const char *raw, gsize len, gsize n)
{
	const guint8 *values = base64_values();

	for (gsize i = 0; i < len; i++)
		if (values[(guchar)raw[i]] < 64 && n-- == 0)
			return i;
	return len;
}
