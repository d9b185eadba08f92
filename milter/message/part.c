/*
 * What a part's own header says of it.
 */
#include <gmime/gmime.h>
#include <string.h>

#include "milter/message/internal.h"

void
entity_clear(struct entity *e)
{
	g_free(e->type);
	g_free(e->encoding);
	g_free(e->disposition);
}

void
message_cast_doubt(struct message *m, const char *why)
{
	if (m->doubt == NULL)
		m->doubt = why;
}

void
part_free(struct part *part)
{
	if (part == NULL)
		return;
	if (part->children != NULL)
		g_ptr_array_unref(part->children);
	message_free(part->inside);
	g_free(part);
}

void
entity_take(struct message *m, struct entity *e, const char *name,
    gsize name_len, const char *value, gsize len)
{
	static const char prefix[] = "content-";
	const gsize skip = sizeof(prefix) - 1;
	char **slot = NULL, *unfolded;

	if (name_len <= skip || g_ascii_strncasecmp(name, prefix, skip) != 0)
		return;
	name += skip;
	name_len -= skip;
	if (name_len == 4 && g_ascii_strncasecmp(name, "type", 4) == 0)
		slot = &e->type;
	else if (name_len == 17 &&
	    g_ascii_strncasecmp(name, "transfer-encoding", 17) == 0)
		slot = &e->encoding;
	else if (name_len == 11 &&
	    g_ascii_strncasecmp(name, "disposition", 11) == 0)
		slot = &e->disposition;
	if (slot == NULL)
		return;
	unfolded = header_unfold(value, len);
	if (memchr(value, '\0', len) != NULL)
		message_cast_doubt(m, "it has a NUL in a MIME header field");
	if (slot == &e->encoding && len > 0 &&
	    g_ascii_isspace(value[len - 1]) && unfolded[0] != '\0')
		message_cast_doubt(
		    m, "it has a space after a transfer encoding's name");
	if (*slot == NULL) {
		*slot = unfolded;
		if (slot == &e->type) {
			e->folded = value;
			e->folded_len = len;
		}
		return;
	}
	if (strcmp(*slot, unfolded) != 0)
		message_cast_doubt(m, slot == &e->type ?
		    "it has two different Content-Type fields in one header" :
		    slot == &e->encoding ?
		    "it has two different Content-Transfer-Encoding fields in "
		    "one header" :
		    "it has two different Content-Disposition fields in one "
		    "header");
	g_free(unfolded);
}

static const char *
keep(struct message *m, const char *text)
{
	return text != NULL ? g_string_chunk_insert(m->strings, text) : NULL;
}

static const char *
keep_lower(struct message *m, const char *text)
{
	g_autofree char *lower = g_ascii_strdown(text, -1);

	return keep(m, lower);
}

static enum transfer_encoding
encoding_of(const char *value)
{
	static const struct {
		const char *name;
		enum transfer_encoding encoding;
	} names[] = {
		{ "", ENCODING_7BIT },
		{ "7bit", ENCODING_7BIT },
		{ "7-bit", ENCODING_7BIT },
		{ "8bit", ENCODING_8BIT },
		{ "8-bit", ENCODING_8BIT },
		{ "binary", ENCODING_BINARY },
		{ "quoted-printable", ENCODING_QP },
		{ "base64", ENCODING_BASE64 },
	};

	if (value == NULL)
		return ENCODING_7BIT;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(value, names[i].name) == 0)
			return names[i].encoding;
	return ENCODING_UNKNOWN;
}

/* A type that nobody can parse is text/plain (RFC 2045, 5.2). */
static bool
type_is_valid(const char *type)
{
	gsize len = strcspn(type, "/;");

	return type[len] == '/' && len > 0 && type[len + 1] != '\0' &&
	    strchr("; \t/", type[len + 1]) == NULL;
}

/* Do type and boundary stand in the field just as they were read? */
static bool
is_plain(const struct part *part, const char *field)
{
	gsize type = strlen(part->type), subtype = strlen(part->subtype);
	const char *end = field + type + 1 + subtype;

	return strlen(field) >= type + 1 + subtype &&
	    g_ascii_strncasecmp(field, part->type, type) == 0 &&
	    field[type] == '/' &&
	    g_ascii_strncasecmp(
		field + type + 1, part->subtype, subtype) == 0 &&
	    strchr(";", end[strspn(end, " \t")]) != NULL;
}

static void
read_type(struct message *m, struct part *part, const struct entity *e)
{
	GMimeContentType *ct = g_mime_content_type_parse(NULL, e->type);
	const char *value;

	part->type = keep_lower(m, g_mime_content_type_get_media_type(ct));
	part->subtype =
	    keep_lower(m, g_mime_content_type_get_media_subtype(ct));
	value = g_mime_content_type_get_parameter(ct, "name");
	part->named = value != NULL;
	part->name = keep(m, value);
	if (strcmp(part->type, "multipart") == 0) {
		g_autofree char *boundary = g_strdup(
		    g_mime_content_type_get_parameter(ct, "boundary"));

		if (boundary != NULL && g_strchomp(boundary)[0] != '\0')
			part->boundary = keep(m, boundary);
		if (part->boundary != NULL &&
		    memmem(e->folded, e->folded_len, part->boundary,
			strlen(part->boundary)) == NULL)
			message_cast_doubt(
			    m, "a boundary is not written plainly");
	} else if (strcmp(part->type, "text") == 0) {
		value = g_mime_content_type_get_parameter(ct, "charset");
		if (value != NULL && value[0] != '\0')
			part->charset = keep(m, value);
		value = g_mime_content_type_get_parameter(ct, "format");
		part->flowed = value != NULL &&
		    g_ascii_strcasecmp(value, "flowed") == 0;
		value = g_mime_content_type_get_parameter(ct, "delsp");
		part->delsp = part->flowed && value != NULL &&
		    g_ascii_strcasecmp(value, "yes") == 0;
	} else if ((value = g_mime_content_type_get_parameter(ct,
			"smime-type")) != NULL)
		part->smime = keep_lower(m, value);
	if (!is_plain(part, e->type) &&
	    (strcmp(part->type, "text") == 0 || part->boundary != NULL ||
		strcmp(part->type, "message") == 0))
		message_cast_doubt(m, "a Content-Type is not written plainly");
	g_object_unref(ct);
}

/* The name that the disposition gives comes before that of the type. */
static void
read_filename(struct message *m, struct part *part, const char *value)
{
	GMimeContentDisposition *disposition =
	    g_mime_content_disposition_parse(NULL, value);
	const char *name = g_mime_content_disposition_get_parameter(
	    disposition, "filename");

	part->named = true;
	if (name != NULL)
		part->name = keep(m, name);
	g_object_unref(disposition);
}

static void
read_disposition(struct message *m, struct part *part, const char *value)
{
	gsize len = strcspn(value, "; \t");
	g_autofree char *lower = g_ascii_strdown(value, -1);

	/* What is not "inline" is an attachment (RFC 2183, 2.8). */
	part->attachment = len > 0 &&
	    !(len == 6 && g_ascii_strncasecmp(value, "inline", 6) == 0);
	if (strstr(lower, "filename") != NULL)
		read_filename(m, part, value);
}

static enum part_kind
kind_of(const struct part *part)
{
	if (strcmp(part->type, "multipart") == 0) {
		if (strcmp(part->subtype, "signed") == 0)
			return PART_SIGNED;
		if (strcmp(part->subtype, "encrypted") == 0)
			return PART_ENCRYPTED;
		if (strcmp(part->subtype, "report") == 0)
			return PART_CLOSED;
		return PART_MULTIPART;
	}
	if (strcmp(part->type, "message") == 0)
		return PART_CLOSED;
	if (strcmp(part->type, "text") == 0) {
		if (strcmp(part->subtype, "calendar") == 0)
			return PART_CLOSED;
		if (!part->attachment &&
		    (strcmp(part->subtype, "plain") == 0 ||
			strcmp(part->subtype, "html") == 0))
			return PART_TEXT;
	}
	if (strcmp(part->type, "application") == 0 &&
	    (strcmp(part->subtype, "ms-tnef") == 0 ||
		strcmp(part->subtype, "vnd.ms-tnef") == 0))
		return PART_CLOSED;
	return PART_ATTACHMENT;
}

struct part *
part_new(struct part *parent)
{
	struct part *part = g_new0(struct part, 1);

	part->parent = parent;
	part->depth = parent != NULL ? parent->depth + 1 : 0;
	return part;
}

void
part_describe(struct message *m, struct part *part, const struct entity *e)
{
	bool digest = part->parent != NULL &&
	    strcmp(part->parent->subtype, "digest") == 0;

	if (e->type != NULL && type_is_valid(e->type))
		read_type(m, part, e);
	else if (digest && e->type == NULL) {
		part->type = "message";
		part->subtype = "rfc822";
	} else {
		part->type = "text";
		part->subtype = "plain";
		part->named =
		    e->type != NULL && strcasestr(e->type, "name=") != NULL;
	}
	part->encoding = encoding_of(e->encoding);
	if (e->disposition != NULL)
		read_disposition(m, part, e->disposition);
	part->kind = kind_of(part);
	part->html = part->kind == PART_TEXT &&
	    strcmp(part->subtype, "html") == 0;
}

