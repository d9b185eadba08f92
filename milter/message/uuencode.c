#include <string.h>

#include "milter/message/uuencode.h"

enum { NAME_MAX_BYTES = 255, LINE_MAX_OCTETS = 45 };

/* The line at pos without its end; *next is where the next one begins. */
static gsize
line_length(const char *text, gsize len, gsize pos, gsize *next)
{
	const char *lf = memchr(text + pos, '\n', len - pos);
	gsize size = lf != NULL ? (gsize)(lf - text) - pos : len - pos;

	*next = pos + size + (lf != NULL);
	while (size > 0 &&
	       (text[pos + size - 1] == '\r' || text[pos + size - 1] == ' '))
		size--;
	return size;
}

static char *
begin_name(const char *line, gsize len)
{
	gsize at = 6, digits;
	g_autofree char *name = NULL;

	if (len < at || memcmp(line, "begin ", at) != 0)
		return NULL;
	for (digits = at; at < len && line[at] >= '0' && line[at] <= '7';)
		at++;
	digits = at - digits;
	if (digits < 3 || digits > 4 || len < at + 2 || line[at] != ' ' ||
	    len - at - 1 > NAME_MAX_BYTES)
		return NULL;
	name = g_utf8_make_valid(line + at + 1, (gssize)(len - at - 1));
	return g_steal_pointer(&name);
}

/* How many octets a line stands for; -1: it is none of a file. */
static int
line_octets(const char *line, gsize len)
{
	int octets;

	for (gsize i = 0; i < len; i++)
		if (line[i] < ' ' || line[i] > '`')
			return -1;
	octets = len > 0 ? (line[0] - ' ') & 63 : 0;
	/* Spaces at its end, which stand for zeros, may be gone. */
	if (octets > LINE_MAX_OCTETS ||
	    len > 1 + ((gsize)octets + 2) / 3 * 4 + 1)
		return -1;
	return octets;
}

bool
uuencode_suspect(const void *text, gsize len)
{
	return memmem(text, len, "begin ", 6) != NULL;
}

bool
uuencode_find(const void *bytes, gsize len, gsize *pos, struct uuencoded *found)
{
	const char *text = bytes;
	gsize next;

	for (; *pos < len; *pos = next) {
		gsize size = line_length(text, len, *pos, &next);
		g_autofree char *name = begin_name(text + *pos, size);
		gsize at = next, after;

		if (name == NULL)
			continue;
		while (at < len && line_octets(text + at,
				       line_length(text, len, at, &after)) > 0)
			at = after;
		if (at == next)
			continue;
		*found = (struct uuencoded){
		    .name = g_steal_pointer(&name), .start = next, .end = at};
		*pos = at;
		return true;
	}
	return false;
}

GBytes *
uuencode_decode(const void *bytes, const struct uuencoded *file)
{
	GByteArray *out = g_byte_array_new();
	const char *text = bytes;
	gsize next;

	for (gsize at = file->start; at < file->end; at = next) {
		gsize size = line_length(text, file->end, at, &next);
		guint8 octets[LINE_MAX_OCTETS + 2];
		int count = line_octets(text + at, size);
		guint32 group = 0;

		for (int i = 0; i < (count + 2) / 3 * 4; i++) {
			gsize place = 1 + (gsize)i;
			char c = place < size ? text[at + place] : ' ';

			group = group << 6 | (guint32)((c - ' ') & 63);
			if (i % 4 < 3)
				continue;
			octets[i / 4 * 3] = (guint8)(group >> 16);
			octets[i / 4 * 3 + 1] = (guint8)(group >> 8);
			octets[i / 4 * 3 + 2] = (guint8)group;
		}
		g_byte_array_append(out, octets, (guint)count);
	}
	return g_byte_array_free_to_bytes(out);
}
