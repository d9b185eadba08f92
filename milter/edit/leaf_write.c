/*
 * From text to be inserted at a character to bytes that replace bytes.
 *
 * As little as possible changes: in 7bit, 8bit and quoted-printable just the
 * text goes in; base64 is encoded anew from the group of octets that the text
 * begins in.  Two things force the whole leaf to be encoded anew: a character
 * that its charset does not have, so that it becomes UTF-8, and a byte above
 * 127 in a leaf that had none, which then becomes quoted-printable so that
 * 7-bit mail stays that.
 */
#include <string.h>

#include "milter/edit/encode.h"
#include "milter/edit/field.h"
#include "milter/edit/leaf_private.h"
#include "milter/message/transfer.h"

/* What goes in, in the leaf's own octets. */
struct patch {
	guint8 *octets;
	gsize len, at;
};

static const char *
raw_text(const struct leaf *leaf, gsize *len)
{
	const char *body = message_body(leaf->m, len);

	*len = leaf->part->body_end - leaf->part->body_start;
	return body + leaf->part->body_start;
}

static void
add_splice(const struct leaf *leaf, struct edit *e, gsize start, gsize end,
    GString *text)
{
	gsize len = text->len, base = leaf->part->body_start;

	edit_add_splice(
	    e, base + start, base + end, g_string_free(text, FALSE), len);
}

/* The line end of the text itself, which base64 may hide. */
static const char *
text_eol(const struct leaf *leaf)
{
	const char *lf;

	if (leaf->part->encoding != ENCODING_BASE64)
		return leaf->eol;
	lf = memchr(leaf->text.chars, '\n', leaf->text.chars_len);
	return lf != NULL && (lf == leaf->text.chars || lf[-1] != '\r') ?
	    "\n" :
	    "\r\n";
}

static char *
with_eol(const char *text, const char *eol)
{
	GString *out = g_string_new(NULL);

	for (; *text != '\0'; text++)
		if (*text == '\n')
			g_string_append(out, eol);
		else
			g_string_append_c(out, *text);
	return g_string_free(out, FALSE);
}

/* UTF-8 in the leaf's charset; NULL if that does not have the characters. */
static guint8 *
to_charset(const struct leaf *leaf, const char *text, gsize *len)
{
	const char *label = leaf->part->charset;
	bool plain = is_ascii(text, strlen(text));

	*len = strlen(text);
	switch (leaf->text.charset) {
	case CHARSET_UTF8:
		plain = true;
		break;
	case CHARSET_NONE:
	case CHARSET_SUPERSET:
	case CHARSET_ISO2022:
		break;
	case CHARSET_UTF7:
		plain = false;
		label = "UTF-7";
		break;
	case CHARSET_UTF16:
		plain = false;
		label = leaf->text.little_endian ? "UTF-16LE" : "UTF-16BE";
		break;
	case CHARSET_CLOSED:
		return NULL;
	}
	if (plain)
		return (guint8 *)g_strdup(text);
	/* Among octets that are not in it, nobody would find it again. */
	if (!leaf->text.exact)
		return NULL;
	return charset_from_utf8(label, text, *len, len);
}

/* ISO-2022: is the text before the octet back in ASCII? */
static bool
is_in_ascii(const struct text *text, gsize octet)
{
	const guint8 *esc = memrchr(text->octets, 0x1b, octet);

	return esc == NULL || (octet - (gsize)(esc - text->octets) >= 3 &&
	    esc[1] == '(' && (esc[2] == 'B' || esc[2] == 'J'));
}

static bool
find_octet(const struct leaf *leaf, const struct insertion *ins, gsize *octet)
{
	const struct text *text = &leaf->text;

	if (leaf->source_is_octets) {
		*octet = ins->pos;
		return true;
	}
	if (leaf->html != NULL ?
		!text_octet_inside(
		    text, leaf->part->charset, ins->pos, octet) :
		!text_octet(text, ins->pos, octet))
		return false;
	return text->charset != CHARSET_ISO2022 || is_in_ascii(text, *octet);
}

/* The octets with the patches in them, from an octet on. */
static GByteArray *
patched(const struct leaf *leaf, const struct patch *patches, gsize from)
{
	const struct text *text = &leaf->text;
	GByteArray *out =
	    g_byte_array_sized_new((guint)(text->octets_len - from + 256));

	for (unsigned i = 0; i < leaf->count; i++) {
		const struct patch *p = &patches[i];

		g_byte_array_append(
		    out, text->octets + from, (guint)(p->at - from));
		g_byte_array_append(out, p->octets, (guint)p->len);
		from = p->at;
	}
	g_byte_array_append(
	    out, text->octets + from, (guint)(text->octets_len - from));
	return out;
}

/* Sets the part's MIME fields; a message without any becomes MIME. */
static void
set_field(const struct leaf *leaf, struct edit *e, const char *name,
    const char *value)
{
	field_set(e, leaf->m, leaf->part, name, value, leaf->eol);
}

static void
set_version(const struct leaf *leaf, struct edit *e)
{
	if (leaf->part->parent == NULL &&
	    message_find_header(leaf->m, "MIME-Version") == NULL)
		set_field(leaf, e, "MIME-Version", "1.0");
}

static const char encoding_field[] = "Content-Transfer-Encoding";

/* Is a line longer than a header or a body may have (RFC 5322, 2.1.1)? */
static bool
has_long_line(const guint8 *octets, gsize len)
{
	const guint8 *end = octets + len;

	while (octets < end) {
		const guint8 *lf = memchr(octets, '\n', (gsize)(end - octets));
		const guint8 *next = lf != NULL ? lf + 1 : end;

		if (next - octets > 998)
			return true;
		octets = next;
	}
	return false;
}

/* Replaces the whole leaf by these octets, in its encoding or a safe one. */
static void
write_whole(const struct leaf *leaf, struct edit *e, const guint8 *octets,
    gsize len)
{
	GString *out = g_string_sized_new(len + len / 8 + 64);
	gsize raw_len, column = 0;
	const char *raw = raw_text(leaf, &raw_len);

	switch (leaf->part->encoding) {
	case ENCODING_BASE64:
		base64_encode(out, octets, len, leaf->eol, 0);
		break;
	case ENCODING_QP:
		qp_encode(out, octets, len, leaf->eol, &column);
		if (column > 0)
			g_string_append_c(out, '=');
		break;
	default:
		/* In another charset the same line may have more octets. */
		if (!is_ascii(raw, raw_len) && !has_long_line(octets, len)) {
			g_string_append_len(
			    out, (const char *)octets, (gssize)len);
			break;
		}
		qp_encode(out, octets, len, leaf->eol, &column);
		set_field(leaf, e, encoding_field, "quoted-printable");
		break;
	}
	if ((leaf->part->abuts || leaf->part->parent == NULL) &&
	    !g_str_has_suffix(out->str, "\n"))
		g_string_append(out, leaf->eol);
	add_splice(leaf, e, 0, raw_len, out);
}

/*
 * May the charset change?  Only if everybody reads the old octets alike: they
 * convert there and back, and no ISO-8859 label stands for Windows' charset.
 */
static bool
may_widen(const struct leaf *leaf)
{
	const struct text *text = &leaf->text;
	const char *label = leaf->part->charset;
	g_autofree guint8 *back = NULL;
	gsize len;

	if (leaf->html != NULL || !text->exact ||
	    text->charset == CHARSET_CLOSED)
		return false;
	if (text->same)
		return true;
	if (text->charset == CHARSET_UTF16)
		return false;
	if (g_ascii_strncasecmp(label, "iso-8859-", 9) == 0)
		for (gsize i = 0; i < text->octets_len; i++)
			if (text->octets[i] >= 0x80 && text->octets[i] < 0xa0)
				return false;
	back = charset_from_utf8(label, text->chars, text->chars_len, &len);
	return back != NULL && len == text->octets_len &&
	    memcmp(back, text->octets, len) == 0;
}

static bool
write_widened(const struct leaf *leaf, struct edit *e, const char **why)
{
	g_autofree char *type =
	    field_get(leaf->m, leaf->part, "Content-Type");
	g_autofree char *widened = type == NULL ?
	    g_strdup("text/plain; charset=utf-8") :
	    field_with_charset(type, "utf-8");
	g_autoptr(GString) chars = g_string_new(NULL);
	gsize from = 0;

	if (widened == NULL || !may_widen(leaf)) {
		*why = "a text's charset does not have the letters needed";
		return false;
	}
	for (unsigned i = 0; i < leaf->count; i++) {
		const struct insertion *ins = &leaf->insertions[i];
		g_autofree char *text = with_eol(ins->text, text_eol(leaf));

		g_string_append_len(chars, leaf->source + from,
		    (gssize)(ins->pos - from));
		g_string_append(chars, text);
		from = ins->pos;
	}
	g_string_append_len(chars, leaf->source + from,
	    (gssize)(leaf->source_len - from));
	set_field(leaf, e, "Content-Type", widened);
	write_whole(leaf, e, (const guint8 *)chars->str, chars->len);
	return true;
}

static gsize
column_at(const char *raw, gsize pos)
{
	const char *lf = memrchr(raw, '\n', pos);

	return lf != NULL ? (gsize)(raw + pos - lf) - 1 : pos;
}

static void
write_qp(const struct leaf *leaf, struct edit *e, const struct patch *p)
{
	gsize raw_len, at, column;
	const char *raw = raw_text(leaf, &raw_len);
	GString *out = g_string_new(NULL);
	bool ends_line;

	at = p->at == leaf->text.octets_len ? raw_len :
					      qp_offset(raw, raw_len, p->at);
	column = column_at(raw, at);
	if (at > 0 && at == raw_len) {
		gsize last = raw_len;

		while (last > 0 && strchr(" \t", raw[last - 1]) != NULL)
			last--;
		if (last > 0 && raw[last - 1] == '=') {
			/* A soft break that its line end got lost of. */
			g_string_append(out, leaf->eol);
			column = 0;
		}
	}
	ends_line = p->octets[0] == (guint8)leaf->eol[0];
	if (column > 0 && !ends_line) {
		g_string_append_printf(out, "=%s", leaf->eol);
		column = 0;
	}
	qp_encode(out, p->octets, p->len, leaf->eol, &column);
	add_splice(leaf, e, at, at, out);
}

static void
write_base64(
    const struct leaf *leaf, struct edit *e, const struct patch *patches)
{
	gsize raw_len, start, end, group = patches[0].at / 3;
	const char *raw = raw_text(leaf, &raw_len);
	GByteArray *octets = patched(leaf, patches, group * 3);
	GString *out = g_string_new(NULL);

	for (end = raw_len; end > 0 && g_ascii_isspace(raw[end - 1]);)
		end--;
	start = MIN(base64_offset(raw, raw_len, group * 4), end);
	base64_encode(
	    out, octets->data, octets->len, leaf->eol, column_at(raw, start));
	if (leaf->part->abuts)
		g_string_append(out, leaf->eol);
	g_byte_array_unref(octets);
	add_splice(leaf, e, start, end, out);
}

static bool
is_raw(enum transfer_encoding encoding)
{
	return encoding == ENCODING_7BIT || encoding == ENCODING_8BIT ||
	    encoding == ENCODING_BINARY;
}

/* Would a patch bring the first byte above 127 into 7-bit text? */
static bool
breaks_7bit(const struct leaf *leaf, const struct patch *patches)
{
	const struct text *text = &leaf->text;
	bool plain = true;

	for (unsigned i = 0; i < leaf->count; i++)
		plain = plain && is_ascii(patches[i].octets, patches[i].len);
	return !plain && is_raw(leaf->part->encoding) &&
	    is_ascii(text->octets, text->octets_len);
}

static void
write_patches(
    const struct leaf *leaf, struct edit *e, const struct patch *patches)
{
	if (breaks_7bit(leaf, patches)) {
		GByteArray *octets = patched(leaf, patches, 0);

		write_whole(leaf, e, octets->data, octets->len);
		g_byte_array_unref(octets);
		return;
	}
	if (leaf->part->encoding == ENCODING_BASE64) {
		write_base64(leaf, e, patches);
		return;
	}
	for (unsigned i = 0; i < leaf->count; i++) {
		const struct patch *p = &patches[i];

		if (leaf->part->encoding == ENCODING_QP)
			write_qp(leaf, e, p);
		else
			add_splice(leaf, e, p->at, p->at,
			    g_string_new_len(
				(const char *)p->octets, (gssize)p->len));
	}
}

/* Does a line begin like a boundary of the multiparts that the part is in? */
static bool
is_like_boundary(const struct part *part, const char *line, gsize len)
{
	if (len < 2 || memcmp(line, "--", 2) != 0)
		return false;
	while ((part = part->parent) != NULL) {
		gsize size = strlen(part->boundary);

		if (len - 2 >= size &&
		    memcmp(line + 2, part->boundary, size) == 0)
			return true;
	}
	return false;
}

static bool
has_boundary(const struct part *part, const char *text, gsize len)
{
	const char *end = text + len, *lf;

	while (!is_like_boundary(part, text, (gsize)(end - text))) {
		lf = memchr(text, '\n', (gsize)(end - text));
		if (lf == NULL)
			return false;
		text = lf + 1;
	}
	return true;
}

/*
 * May a replacement make a boundary, of itself or of a line that it breaks?
 * "--b</body>" is text, but "--b" is the boundary of its multipart.
 */
static bool
makes_boundary(const struct leaf *leaf, const struct splice *s)
{
	gsize len, text_len, start;
	const char *body = message_body(leaf->m, &len);
	const char *text = g_bytes_get_data(s->text, &text_len);

	start = s->start - column_at(body, s->start);
	return (s->start > start && is_like_boundary(leaf->part, body + start,
					s->start - start)) ||
	       has_boundary(leaf->part, text, text_len) ||
	       (column_at(body, s->end) > 0 &&
		   is_like_boundary(leaf->part, body + s->end, len - s->end));
}

bool
leaf_write(struct leaf *leaf, struct edit *e, const char **why)
{
	struct patch patches[G_N_ELEMENTS(leaf->insertions)] = { 0 };
	bool fits = true, found = true;
	guint fields = e->headers->len, splices = e->splices->len;

	if (leaf->part->unseparated) {
		*why = "a text part has a broken header";
		return false;
	}
	for (unsigned i = 0; i < leaf->count && fits; i++) {
		const struct insertion *ins = &leaf->insertions[i];
		g_autofree char *text = with_eol(ins->text, text_eol(leaf));

		patches[i].octets = to_charset(leaf, text, &patches[i].len);
		fits = patches[i].octets != NULL;
		found = found && find_octet(leaf, ins, &patches[i].at);
	}
	if (fits && found)
		write_patches(leaf, e, patches);
	for (unsigned i = 0; i < leaf->count; i++)
		g_free(patches[i].octets);
	if (!fits && !write_widened(leaf, e, why))
		return false;
	if (fits && !found) {
		*why = "a text's characters cannot be told apart";
		return false;
	}
	for (guint i = splices; i < e->splices->len; i++)
		if (makes_boundary(leaf,
			&g_array_index(e->splices, struct splice, i))) {
			*why = "a line begins like a boundary";
			return false;
		}
	if (e->headers->len > fields)
		set_version(leaf, e);
	field_remove(e, leaf->m, leaf->part, "Content-MD5");
	return true;
}
