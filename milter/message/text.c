#include <string.h>

#include "milter/message/text.h"
#include "milter/message/transfer.h"

void
text_init(struct text *text, struct message *m, const struct part *part)
{
	gsize len;
	const char *raw = message_body(m, &len) + part->body_start;

	memset(text, 0, sizeof(*text));
	len = part->body_end - part->body_start;
	switch (part->encoding) {
	case ENCODING_7BIT:
	case ENCODING_8BIT:
	case ENCODING_BINARY:
		text->octets = (const guint8 *)raw;
		text->octets_len = len;
		break;
	case ENCODING_QP:
		text->decoded = qp_decode(raw, len, &text->octets_len);
		text->octets = text->decoded;
		break;
	case ENCODING_BASE64:
		text->decoded = base64_decode(raw, len, &text->octets_len);
		text->octets = text->decoded;
		break;
	case ENCODING_UNKNOWN:
		break;
	}
}

static void
convert(struct text *text, const char *label)
{
	const guint8 *octets = text->octets;
	gsize len = text->octets_len;

	text->converted = charset_to_utf8(label, octets, len, &text->chars_len);
	text->chars = text->converted;
	text->exact = text->converted != NULL;
}

/*
 * The mark at the start decides, else the label.  For "UTF-16" alone, which
 * should be big-endian (RFC 2781, 4.3) and mostly is not, the octets: of text
 * with spaces and line ends in it, more high halves than low ones are zero.
 */
static bool
is_little_endian(struct text *text, const char *label)
{
	gsize len = strlen(label), even = 0, odd = 0;

	if (text->octets_len >= 2 &&
	    (memcmp(text->octets, "\xff\xfe", 2) == 0 ||
		memcmp(text->octets, "\xfe\xff", 2) == 0)) {
		text->mark = 2;
		return text->octets[0] == 0xff;
	}
	if (len > 2 && g_ascii_strcasecmp(label + len - 2, "le") == 0)
		return true;
	if (len > 2 && g_ascii_strcasecmp(label + len - 2, "be") == 0)
		return false;
	for (gsize i = 0; i + 1 < text->octets_len; i += 2) {
		even += text->octets[i] == 0;
		odd += text->octets[i + 1] == 0;
	}
	return odd > even;
}

static void
convert_utf16(struct text *text, const char *label)
{
	text->little_endian = is_little_endian(text, label);
	text->converted = charset_to_utf8(
	    text->little_endian ? "UTF-16LE" : "UTF-16BE",
	    text->octets + text->mark, text->octets_len - text->mark,
	    &text->chars_len);
	text->chars = text->converted;
	text->exact = text->converted != NULL;
}

void
text_read(struct text *text, struct message *m, const struct part *part)
{
	text_init(text, m, part);
	text->charset = charset_kind(part->charset);
	if (text->octets == NULL)
		return;
	switch (text->charset) {
	case CHARSET_NONE:
		text->exact = is_ascii(text->octets, text->octets_len);
		break;
	case CHARSET_UTF8:
		/* Nearly all is ASCII, which is the faster thing to ask. */
		text->exact = is_ascii(text->octets, text->octets_len) ||
		    g_utf8_validate_len((const char *)text->octets,
			text->octets_len, NULL);
		break;
	case CHARSET_SUPERSET:
		if (is_ascii(text->octets, text->octets_len))
			text->exact = true;
		else
			convert(text, part->charset);
		break;
	case CHARSET_UTF16:
		convert_utf16(text, part->charset);
		return;
	case CHARSET_ISO2022:
	case CHARSET_UTF7:
	case CHARSET_CLOSED:
		convert(text, part->charset);
		return;
	}
	if (text->chars != NULL)
		return;
	if (text->charset == CHARSET_UTF8 && text->octets_len >= 3 &&
	    memcmp(text->octets, "\357\273\277", 3) == 0)
		text->mark = 3;
	text->chars = (const char *)text->octets + text->mark;
	text->chars_len = text->octets_len - text->mark;
	text->same = true;
}

void
text_clear(struct text *text)
{
	g_free(text->decoded);
	g_free(text->converted);
	memset(text, 0, sizeof(*text));
}

static gsize
count_lines(const char *chars, gsize len)
{
	const char *p = chars, *end = chars + len;
	gsize count = 0;

	while ((p = memchr(p, '\n', (gsize)(end - p))) != NULL) {
		count++;
		p++;
	}
	return count;
}

static bool
is_utf16_line_end(const struct text *text, gsize i)
{
	guint8 low = text->octets[text->little_endian ? i : i + 1];
	guint8 high = text->octets[text->little_endian ? i + 1 : i];

	return high == 0 && low == '\n';
}

/* After the n-th line end of text in 16-bit units, or at its start. */
static bool
utf16_line(const struct text *text, gsize n, gsize *octet)
{
	gsize i = text->mark;

	for (; n > 0 && i + 1 < text->octets_len; i += 2)
		n -= is_utf16_line_end(text, i);
	*octet = i;
	return n == 0;
}

static gsize
utf16_next_line(const struct text *text, gsize i)
{
	while (i + 1 < text->octets_len && !is_utf16_line_end(text, i))
		i += 2;
	return MIN(i + 2, text->octets_len);
}

bool
text_octet(const struct text *text, gsize offset, gsize *octet)
{
	const char *octets = (const char *)text->octets, *p = octets;
	gsize lines;

	*octet = offset + text->mark;
	if (text->same)
		return true;
	if (offset == text->chars_len) {
		*octet = text->octets_len;
		return true;
	}
	/* Line ends are the same in number, and never part of a character. */
	lines = count_lines(text->chars, offset);
	if (text->charset == CHARSET_UTF16)
		return utf16_line(text, lines, octet);
	if (count_lines(octets, text->octets_len) !=
	    count_lines(text->chars, text->chars_len))
		return false;
	for (; lines > 0; lines--) {
		p = memchr(p, '\n', (gsize)(octets + text->octets_len - p));
		p++;
	}
	*octet = (gsize)(p - octets);
	return true;
}

bool
text_octet_inside(const struct text *text, const char *label, gsize offset,
    gsize *octet)
{
	g_autofree guint8 *before = NULL;
	gsize len;

	*octet = offset + text->mark;
	if (text->same)
		return true;
	if (text->charset == CHARSET_UTF16)
		label = text->little_endian ? "UTF-16LE" : "UTF-16BE";
	before = charset_from_utf8(label, text->chars, offset, &len);
	if (before == NULL || len > text->octets_len - text->mark ||
	    memcmp(before, text->octets + text->mark, len) != 0)
		return false;
	*octet = len + text->mark;
	return true;
}

void
text_lines_to_octets(const struct text *text, GArray *marks)
{
	const char *octets = (const char *)text->octets;
	const char *p = text->chars, *end = p + text->chars_len;
	gsize octet = text->mark;

	while ((p = memchr(p, '\n', (gsize)(end - p))) != NULL) {
		const char *lf;

		p++;
		if (text->charset == CHARSET_UTF16) {
			octet = utf16_next_line(text, octet);
		} else {
			lf = memchr(octets + octet, '\n',
			    text->octets_len - octet);
			if (lf == NULL)
				return;
			octet = (gsize)(lf - octets) + 1;
		}
		text_marks_add(marks, (gsize)(p - text->chars), octet);
	}
}
