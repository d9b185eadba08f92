/*
 * A message that does not come from an MTA: from a file, or out of another
 * message.
 */
#include <string.h>

#include "milter/message/internal.h"

/* As much of a field as is kept. */
enum { FIELD_MAX = 65536 };

/* One field with its folds; its length in the file, or 0 for none. */
static gsize
take_field(struct message *m, const char *data, gsize len)
{
	gsize name_len = 0, end = 0;
	g_autofree char *name = NULL;
	g_autoptr(GString) value = g_string_new(NULL);

	while (name_len < len && (guchar)data[name_len] > ' ' &&
	       (guchar)data[name_len] < 0x7f && data[name_len] != ':')
		name_len++;
	if (name_len == 0 || name_len == len || data[name_len] != ':')
		return 0;
	do {
		const char *lf = memchr(data + end, '\n', len - end);

		end = lf != NULL ? (gsize)(lf - data) + 1 : len;
	} while (end < len && (data[end] == ' ' || data[end] == '\t'));
	for (gsize i = name_len + 1; i < end && value->len < FIELD_MAX; i++)
		if (data[i] != '\r' && data[i] != '\0')
			g_string_append_c(value, data[i]);
	if (value->len > 0 && value->str[value->len - 1] == '\n')
		g_string_truncate(value, value->len - 1);
	name = g_strndup(data, name_len);
	message_add_header(m, name, value->str);
	return end;
}

struct message *
message_parse(const struct message_limits *limits, const void *bytes, gsize len)
{
	struct message *m = message_new(limits);
	const char *data = bytes;
	gsize pos = 0, size;

	if (len >= 5 && memcmp(data, "From ", 5) == 0) {
		const char *lf = memchr(data, '\n', len);

		pos = lf != NULL ? (gsize)(lf - data) + 1 : len;
	}
	while (pos < len && (size = take_field(m, data + pos, len - pos)) > 0)
		pos += size;
	if (pos < len && data[pos] == '\r')
		pos++;
	if (pos < len && data[pos] == '\n')
		pos++;
	message_add_body(m, data + pos, len - pos);
	return m;
}
