/*
 * Signed and encrypted mail: S/MIME (RFC 8551), PGP/MIME (RFC 3156) and PGP
 * inline in text; and what else may stand inline.
 */
#include <string.h>

#include "milter/message/internal.h"
#include "milter/message/signed_data.h"
#include "milter/message/text.h"
#include "milter/message/uuencode.h"

/* The content types of CMS, as their object identifiers begin (RFC 5652). */
static const guint8 oid_signed[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
	0x07, 0x02 };

/* Who signs what is signed, and so on, is no council. */
enum { WRAPPED_MAX = 8 };

static bool
is_any(const char *value, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(value, *words) == 0)
			return true;
	return false;
}

/* Does the CMS object at the start of the part say that it is signed? */
static bool
cms_is_signed(struct message *m, const struct part *part)
{
	struct text text;
	gsize head;
	bool found;

	text_init(&text, m, part);
	head = MIN(text.octets_len, 64);
	found = text.octets != NULL &&
	    memmem(text.octets, head, oid_signed, sizeof(oid_signed)) != NULL;
	text_clear(&text);
	return found;
}

/* Does a line of the text begin with this armour line? */
static bool
has_armour(const char *chars, gsize len, const char *armour)
{
	const char *p = chars, *end = chars + len, *found;
	gsize size = strlen(armour);

	while ((found = memmem(p, (gsize)(end - p), armour, size)) != NULL) {
		if (found == chars || found[-1] == '\n' || found[-1] == '>')
			return true;
		p = found + size;
	}
	return false;
}

/*
 * Text with PGP's armour in it, or a file.  Quoted-printable never encodes the
 * characters that these begin with, so that only base64 has to be decoded to
 * look.
 */
static void
check_inline(struct message *m, struct part *part)
{
	struct text text = { 0 };
	const char *chars;
	gsize len;

	if (part->encoding == ENCODING_BASE64) {
		text_init(&text, m, part);
		chars = (const char *)text.octets;
		len = text.octets_len;
	} else {
		chars = message_body(m, &len) + part->body_start;
		len = part->body_end - part->body_start;
	}
	if (chars != NULL &&
	    memmem(chars, len, "-----BEGIN PGP ", 15) != NULL) {
		if (has_armour(chars, len, "-----BEGIN PGP MESSAGE")) {
			part->kind = PART_ENCRYPTED;
			m->encryption = "encrypted inline with PGP";
		} else if (has_armour(chars, len,
			       "-----BEGIN PGP SIGNED MESSAGE")) {
			part->kind = PART_SIGNED;
			m->signature = "signed inline with PGP";
		}
	}
	part->uuencoded = chars != NULL && part->kind == PART_TEXT &&
	    !part->html && uuencode_suspect(chars, len);
	if (part->encoding == ENCODING_BASE64)
		text_clear(&text);
}

static bool
is_pkcs7(const struct part *part)
{
	static const char *const names[] = { "pkcs7-mime", "x-pkcs7-mime",
		NULL };

	return strcmp(part->type, "application") == 0 &&
	    is_any(part->subtype, names);
}

/* The message inside of a signature counts as part of the one around it. */
static void
enter(struct message *m, struct part *part, GBytes *content)
{
	struct message_limits limits = m->limits;
	gsize len;
	const void *data = g_bytes_get_data(content, &len);

	if (m->wrapped >= WRAPPED_MAX) {
		m->limited = "signatures in it are nested beyond reason";
		return;
	}
	if (limits.parts != 0 && m->parts >= limits.parts) {
		m->limited = "it has more parts than the limit";
		return;
	}
	if (limits.parts != 0)
		limits.parts -= m->parts;
	part->inside = message_parse(&limits, data, len);
	part->inside->wrapped = m->wrapped + 1;
	message_root(part->inside);
	m->parts += part->inside->parts;
	if (part->inside->encryption != NULL)
		m->encryption = part->inside->encryption;
	if (part->inside->limited != NULL)
		m->limited = part->inside->limited;
	else if (part->inside->cut)
		m->limited = "what is signed in it is larger than the limit";
}

static void
open_signed(struct message *m, struct part *part)
{
	g_autoptr(GBytes) content = NULL;
	enum signed_data found = SIGNED_DATA_BROKEN;
	struct text text;

	text_init(&text, m, part);
	if (text.octets != NULL)
		found = signed_data_open(
		    text.octets, text.octets_len, &content);
	text_clear(&text);
	if (found == SIGNED_DATA_MESSAGE)
		enter(m, part, content);
	else if (found == SIGNED_DATA_ENCRYPTED)
		m->encryption = "encrypted with S/MIME";
	else if (found == SIGNED_DATA_BROKEN)
		m->limited = "what is signed in it cannot be read";
}

static void
check_pkcs7(struct message *m, struct part *part)
{
	const char *kind = part->smime;

	if (kind != NULL ? strcmp(kind, "signed-data") == 0 ||
		    strcmp(kind, "signed-receipt") == 0 :
			   cms_is_signed(m, part)) {
		part->kind = PART_SIGNED;
		m->signature = "signed with S/MIME";
		open_signed(m, part);
	} else if (kind != NULL && strcmp(kind, "compressed-data") == 0) {
		m->limited = "it is compressed with S/MIME";
	} else if (kind == NULL || g_str_has_suffix(kind, "enveloped-data")) {
		part->kind = PART_ENCRYPTED;
		m->encryption = "encrypted with S/MIME";
	}
}

static const char *
child_subtype(const struct part *part, guint i)
{
	return part->children != NULL && i < part->children->len ?
	    ((struct part *)part->children->pdata[i])->subtype :
	    "";
}

static void
check_part(struct message *m, struct part *part)
{
	switch (part->kind) {
	case PART_SIGNED:
		m->signature = strstr(child_subtype(part, 1), "pgp") != NULL ?
		    "signed with PGP" :
		    "signed with S/MIME";
		break;
	case PART_ENCRYPTED:
		m->encryption = "encrypted with PGP";
		break;
	case PART_TEXT:
		check_inline(m, part);
		break;
	case PART_ATTACHMENT:
		if (is_pkcs7(part))
			check_pkcs7(m, part);
		else if (strcmp(part->type, "application") == 0 &&
		    strcmp(part->subtype, "pgp-encrypted") == 0) {
			/* Left over when Exchange flattens PGP/MIME. */
			part->kind = PART_ENCRYPTED;
			m->encryption = "encrypted with PGP";
		} else if (strcmp(part->type, "application") == 0 &&
		    strcmp(part->subtype, "pgp") == 0)
			check_inline(m, part);
		break;
	default:
		break;
	}
	if (part->children == NULL)
		return;
	for (guint i = 0; i < part->children->len; i++)
		check_part(m, part->children->pdata[i]);
}

void
protect_read(struct message *m)
{
	check_part(m, m->root);
}
