#include <gmime/gmime.h>
#include <string.h>

#include "milter/message/filename.h"
#include "milter/message/internal.h"

char *
header_text(const char *value)
{
	g_autofree char *plain = header_unfold(value, strlen(value));
	g_autofree char *text = g_mime_utils_header_decode_text(NULL, plain);

	return g_utf8_make_valid(text, -1);
}

/* The value of a field in a header, folds and all, or NULL. */
static char *
find_field(const char *header, gsize len, const char *name)
{
	const char *p = header, *end = header + len;
	gsize name_len = strlen(name);

	while (p < end) {
		const char *start = p;

		do {
			const char *lf = memchr(p, '\n', (gsize)(end - p));

			p = lf != NULL ? lf + 1 : end;
		} while (p < end && (*p == ' ' || *p == '\t'));
		if ((gsize)(p - start) > name_len && start[name_len] == ':' &&
		    g_ascii_strncasecmp(start, name, name_len) == 0)
			return header_unfold(start + name_len + 1,
			    (gsize)(p - start) - name_len - 1);
	}
	return NULL;
}

static char *
part_field(struct message *m, const struct part *part, const char *name)
{
	const char *value;
	gsize len;
	const char *body = message_body(m, &len);

	if (part->parent == NULL) {
		value = message_find_header(m, name);
		return value != NULL ? header_unfold(value, strlen(value))
				     : NULL;
	}
	return find_field(body + part->header_start,
	    part->header_end - part->header_start, name);
}

char *
part_filename(struct message *m, const struct part *part)
{
	g_autofree char *disposition =
	    part_field(m, part, "Content-Disposition");
	g_autofree char *type = part_field(m, part, "Content-Type");
	const char *name = NULL;
	char *result = NULL;

	if (disposition != NULL) {
		GMimeContentDisposition *d =
		    g_mime_content_disposition_parse(NULL, disposition);

		name = g_mime_content_disposition_get_parameter(d, "filename");
		result = name != NULL ? header_text(name) : NULL;
		g_object_unref(d);
	}
	if (result == NULL && type != NULL) {
		GMimeContentType *t = g_mime_content_type_parse(NULL, type);

		name = g_mime_content_type_get_parameter(t, "name");
		result = name != NULL ? header_text(name) : NULL;
		g_object_unref(t);
	}
	return result;
}
