#include <string.h>

#include "milter/edit/compose.h"
#include "milter/edit/encode.h"
#include "milter/edit/field.h"
#include "milter/edit/leaf_private.h"
#include "milter/edit/wrap.h"

/*
 * Does a field describe the content, so that it goes with it into the part?
 * Three bear the name but speak of the message (RFC 2156, mbox files).
 */
static bool
is_content_field(const char *name)
{
	static const char *const others[] = { "Content-Length",
		"Content-Identifier", "Content-Return" };

	if (g_ascii_strncasecmp(name, "Content-", 8) != 0)
		return false;
	for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
		if (g_ascii_strcasecmp(name, others[i]) == 0)
			return false;
	return true;
}

/* One that no line of the body begins with. */
static char *
new_boundary(struct message *m)
{
	const char *id = message_find_header(m, "Message-ID");
	gsize len;
	const char *body = message_body(m, &len);

	for (unsigned i = 0;; i++) {
		g_autofree char *seed = g_strdup_printf(
		    "%s %" G_GSIZE_FORMAT " %u", id != NULL ? id : "", len, i);
		g_autofree char *sum = g_compute_checksum_for_string(
		    G_CHECKSUM_SHA256, seed, -1);
		g_autofree char *boundary =
		    g_strdup_printf("=_council_%.24s", sum);

		if (memmem(body, len, boundary, strlen(boundary)) == NULL)
			return g_steal_pointer(&boundary);
	}
}

/* The content fields as they were folded, as the header of the part. */
static void
append_fields(GString *out, struct message *m, const char *eol)
{
	for (unsigned i = 0; i < message_header_count(m); i++) {
		const char *name, *value;

		message_header(m, i, &name, &value);
		if (!is_content_field(name))
			continue;
		g_string_append_printf(out, "%s:", name);
		for (; *value != '\0'; value++)
			if (*value == '\n')
				g_string_append(out, eol);
			else
				g_string_append_c(out, *value);
		g_string_append(out, eol);
	}
}

/* A text part of our own, all its lines ended. */
static void
append_text_part(GString *out, const GPtrArray *lines, enum block block,
    const char *boundary, const char *eol)
{
	g_autofree char *text = compose_plain(lines, block, false);
	bool plain = is_ascii(text, strlen(text));
	gsize column = 0;

	g_string_append_printf(out,
	    "--%s%sContent-Type: text/plain; charset=utf-8%s"
	    "Content-Disposition: inline%s"
	    "Content-Transfer-Encoding: %s%s%s",
	    boundary, eol, eol, eol, plain ? "7bit" : "quoted-printable", eol,
	    eol);
	for (const char *p = text; *p != '\0';) {
		gsize size = strcspn(p, "\n");

		if (plain)
			g_string_append_len(out, p, (gssize)size);
		else
			qp_encode(
			    out, (const guint8 *)p, size, eol, &column);
		g_string_append(out, eol);
		column = 0;
		p += size + 1;
	}
}

static void
change_fields(struct edit *e, struct message *m, const char *boundary,
    bool is_7bit)
{
	const char *encoding =
	    message_find_header(m, "Content-Transfer-Encoding");
	bool binary = encoding != NULL &&
	    g_ascii_strncasecmp(encoding, "binary", 6) == 0;
	unsigned count = message_header_count(m);
	bool has_type = message_find_header(m, "Content-Type") != NULL;
	char *type = g_strdup_printf(
	    "multipart/mixed;\n\tboundary=\"%s\"", boundary);

	/* From the last to the first, so that indexes stay true. */
	for (unsigned i = count; i > 0; i--) {
		const char *name, *value;
		unsigned index = 1;

		message_header(m, i - 1, &name, &value);
		if (!is_content_field(name))
			continue;
		for (unsigned j = 0; j + 1 < i; j++) {
			const char *other;

			message_header(m, j, &other, &value);
			index += g_ascii_strcasecmp(other, name) == 0;
		}
		if (index > 1 || g_ascii_strcasecmp(name, "Content-Type") != 0)
			edit_add_header(
			    e, HEADER_DELETE, name, index, NULL);
	}
	if (message_find_header(m, "MIME-Version") == NULL)
		edit_insert_header(e, m, "MIME-Version", g_strdup("1.0"));
	if (has_type)
		edit_add_header(e, HEADER_CHANGE, "Content-Type", 1, type);
	else
		edit_insert_header(e, m, "Content-Type", type);
	if (binary || !is_7bit)
		edit_insert_header(e, m, "Content-Transfer-Encoding",
		    g_strdup(binary ? "binary" : "8bit"));
}

void
wrap_message(struct edit *e, struct message *m, const GPtrArray *banner,
    const GPtrArray *footer)
{
	const char *eol = message_eol(m);
	g_autofree char *boundary = new_boundary(m);
	GString *before = g_string_new(NULL), *after = g_string_new(eol);
	gsize len, size;
	const char *body = message_body(m, &len);
	bool is_7bit;

	if (banner->len > 0)
		append_text_part(
		    before, banner, BLOCK_BANNER, boundary, eol);
	g_string_append_printf(before, "--%s%s", boundary, eol);
	append_fields(before, m, eol);
	g_string_append(before, eol);
	if (footer->len > 0)
		append_text_part(after, footer, BLOCK_FOOTER, boundary, eol);
	g_string_append_printf(after, "--%s--%s", boundary, eol);
	is_7bit = is_ascii(before->str, before->len) && is_ascii(body, len);
	size = before->len;
	edit_add_splice(e, 0, 0, g_string_free(before, FALSE), size);
	size = after->len;
	edit_add_splice(e, len, len, g_string_free(after, FALSE), size);
	change_fields(e, m, boundary, is_7bit);
}
