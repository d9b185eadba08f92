#include <string.h>

#include "milter/message/charset.h"

static const struct {
	const char *prefix;	/* of the label, in any case */
	enum charset_kind kind;
} kinds[] = {
	{ "us-ascii", CHARSET_NONE },
	{ "ascii", CHARSET_NONE },
	{ "ansi_x3.4-1968", CHARSET_NONE },
	{ "utf-8", CHARSET_UTF8 },
	{ "utf8", CHARSET_UTF8 },
	{ "iso-8859-", CHARSET_SUPERSET },
	{ "windows-125", CHARSET_SUPERSET },
	{ "gb", CHARSET_SUPERSET },
	{ "big5", CHARSET_SUPERSET },
	{ "euc-", CHARSET_SUPERSET },
	{ "koi8-", CHARSET_SUPERSET },
	/* Two places differ from ASCII, and no text of ours has them. */
	{ "shift_jis", CHARSET_SUPERSET },
	{ "x-sjis", CHARSET_SUPERSET },
	{ "ks_c_5601", CHARSET_SUPERSET },
	{ "utf-7", CHARSET_UTF7 },
	{ "utf7", CHARSET_UTF7 },
	{ "unicode-1-1-utf-7", CHARSET_UTF7 },
	{ "utf-16", CHARSET_UTF16 },
	{ "utf16", CHARSET_UTF16 },
	{ "ucs-2", CHARSET_UTF16 },
	{ "iso-10646-ucs-2", CHARSET_UTF16 },
	{ "iso-2022-cn", CHARSET_CLOSED },
	{ "iso-2022-kr", CHARSET_CLOSED },
	{ "iso-2022-jp", CHARSET_ISO2022 },
	{ "csiso2022jp", CHARSET_ISO2022 },
	{ "csiso2022", CHARSET_CLOSED },
	{ "csunicode", CHARSET_CLOSED },
	{ "hz", CHARSET_CLOSED },
};

/*
 * Is what is ASCII in it ASCII and nothing else?  A label that iconv does not
 * know is taken for one that mail programs made up, and those are.
 */
static bool
is_superset(const char *label)
{
	/* Everything printable, and an escape into two-byte characters. */
	static const char probe[] = " !\"#$%&'()*+,-./0123456789:;<=>?@"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`"
				    "abcdefghijklmnopqrstuvwxyz{|}~~{!!~}"
				    "+AGE-\033$B!!\033(B\r\n";
	const gsize len = sizeof(probe) - 1;
	g_autofree char *text = NULL;
	g_autofree guint8 *back = NULL;
	gsize text_len;

	text = charset_to_utf8(label, (const guint8 *)probe, len, &text_len);
	if (text != NULL)
		return text_len == len && memcmp(text, probe, len) == 0;
	/* It may know the label, and find the probe to be no text in it. */
	back = charset_from_utf8(label, "A", 1, &text_len);
	return back == NULL;
}

enum charset_kind
charset_kind(const char *label)
{
	if (label == NULL)
		return CHARSET_NONE;
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_ascii_strncasecmp(label, kinds[i].prefix,
			strlen(kinds[i].prefix)) == 0)
			return kinds[i].kind;
	return is_superset(label) ? CHARSET_SUPERSET : CHARSET_CLOSED;
}

bool
is_ascii(const void *data, gsize len)
{
	const guint8 *p = data;
	guint64 word;

	for (; len >= sizeof(word); len -= sizeof(word), p += sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		if ((word & G_GUINT64_CONSTANT(0x8080808080808080)) != 0)
			return false;
	}
	for (; len > 0; len--)
		if (*p++ >= 0x80)
			return false;
	return true;
}

static char *
convert(const char *to, const char *from, const void *data, gsize len,
    gsize *out_len)
{
	gsize read = 0, written = 0;
	char *out =
	    g_convert(data, (gssize)len, to, from, &read, &written, NULL);

	if (out != NULL && read != len) {
		g_free(out);
		return NULL;
	}
	*out_len = written;
	return out;
}

/* iconv knows it under another name, or not in the form that mail has. */
static const char *
iconv_name(const char *label)
{
	static const struct {
		const char *label, *name;
	} names[] = {
		{ "x-sjis", "SHIFT_JIS" },
		{ "windows-31j", "CP932" },
		{ "ks_c_5601-1987", "UHC" },
		{ "unicode-1-1-utf-7", "UTF-7" },
		{ "iso-8859-8-i", "ISO-8859-8" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(label, names[i].label) == 0)
			return names[i].name;
	return label;
}

/* iconv drops what it does not expect in a name, and "//" is an option. */
static bool
is_name(const char *label)
{
	for (const char *p = label; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p) && strchr("-_.:+", *p) == NULL)
			return false;
	return *label != '\0';
}

char *
charset_to_utf8(const char *label, const guint8 *octets, gsize len,
    gsize *utf8_len)
{
	if (label == NULL || !is_name(label))
		return NULL;
	return convert("UTF-8", iconv_name(label), octets, len, utf8_len);
}

guint8 *
charset_from_utf8(const char *label, const char *text, gsize len,
    gsize *octets_len)
{
	if (label == NULL || !is_name(label))
		return NULL;
	return (guint8 *)convert(
	    iconv_name(label), "UTF-8", text, len, octets_len);
}
