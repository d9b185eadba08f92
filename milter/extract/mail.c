/*
 * A message that is attached: its own words are its text, its parts are
 * attachments inside it.
 */
#include <string.h>

#include "milter/extract/mail.h"
#include "milter/extract/reader.h"
#include "milter/message/filename.h"
#include "milter/message/flowed.h"
#include "milter/message/html.h"
#include "milter/message/signed_data.h"
#include "milter/message/text.h"
#include "milter/message/uuencode.h"

static const struct message_limits limits = {.parts = 1000, .depth = 50};

/* Fields that people see of a message. */
static const char *const shown[] = {"From", "To", "Cc", "Date", "Subject"};
/* And fields that may carry a marking. */
static const char *const markings[] = {"Sensitivity", "msip_labels",
    "X-Protective-Marking", "X-Classification", "Keywords", "Comments"};

static void
read_header(struct document *document, struct message *m)
{
	document_margin(document, true);
	for (gsize i = 0; i < G_N_ELEMENTS(shown); i++) {
		const char *value = message_find_header(m, shown[i]);
		g_autofree char *text = NULL;

		if (value == NULL)
			continue;
		text = header_text(value);
		document_text(document, shown[i], -1);
		document_text(document, ": ", -1);
		document_text(document, text, -1);
		document_line(document);
	}
	document_margin(document, false);
}

static void
read_markings(struct document *document, struct message *m)
{
	for (gsize i = 0; i < G_N_ELEMENTS(markings); i++) {
		const char *value = message_find_header(m, markings[i]);
		g_autofree char *text =
		    value != NULL ? header_text(value) : NULL;

		if (text != NULL)
			document_property(document, markings[i], text);
	}
}

void
mail_markings(struct document *document, const char *header, gsize len)
{
	g_autoptr(message) m = message_parse(&limits, header, len);

	read_markings(document, m);
}

bool
mail_is_marking(const char *field)
{
	for (gsize i = 0; i < G_N_ELEMENTS(markings); i++)
		if (g_ascii_strcasecmp(markings[i], field) == 0)
			return true;
	return false;
}

/* Its characters, whatever its label says of them; or NULL. */
static char *
part_text(struct message *m, const struct part *part)
{
	struct text text;
	char *result = NULL;

	text_read(&text, m, part);
	if (text.chars != NULL && part->html) {
		g_autoptr(html) html =
		    html_read(text.chars, text.chars_len, false);

		if (html != NULL)
			result = g_strndup(html->all->str, html->all->len);
	} else if (text.chars != NULL) {
		g_autofree char *flowed = NULL;
		const char *chars = text.chars;
		gsize len = text.chars_len;

		if (part->flowed)
			chars = flowed =
			    flowed_read(chars, len, part->delsp, &len, NULL);
		result = g_utf8_make_valid(chars, (gssize)len);
	}
	text_clear(&text);
	return result;
}

bool
mail_says_the_same(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (*a != '\0' && !g_ascii_isalnum(*a))
			a++;
		while (*b != '\0' && !g_ascii_isalnum(*b))
			b++;
		if (*a != *b)
			return false;
		if (*a == '\0')
			return true;
	}
}

static void
read_text_part(struct document *document, struct message *m,
    const struct part *part, char **before)
{
	char *text = part_text(m, part);
	bool twin = part->parent != NULL && *before != NULL &&
		    strcmp(part->parent->subtype, "alternative") == 0;

	if (text == NULL) {
		document_fail(document, ATTACHMENT_FAILED,
		    "text in it that cannot be read");
		return;
	}
	if (!twin || !mail_says_the_same(*before, text)) {
		document_text(document, text, -1);
		document_line(document);
	}
	g_free(*before);
	*before = text;
}

/* data NULL: they could not be decoded. */
static void
read_inside(struct document *document, const char *name, const char *type,
    const void *data, gsize len)
{
	if (!document_deeper(document, "messages"))
		return;
	if (data == NULL)
		reading_member(document, name, type, "", 0, ATTACHMENT_FAILED,
		    "its transfer encoding is damaged");
	else
		reading_member(
		    document, name, type, data, len, ATTACHMENT_READ, NULL);
}

/* Files that are uuencoded in a text. */
static void
read_uuencoded(
    struct document *document, struct message *m, const struct part *part)
{
	struct uuencoded file;
	struct text text;
	gsize pos = 0, len;

	text_init(&text, m, part);
	while (text.octets != NULL &&
	       uuencode_find(text.octets, text.octets_len, &pos, &file)) {
		g_autoptr(GBytes) bytes = uuencode_decode(text.octets, &file);
		g_autofree char *name = file.name;
		const void *data = g_bytes_get_data(bytes, &len);

		read_inside(
		    document, name, "application/octet-stream", data, len);
	}
	text_clear(&text);
}

static void
read_attachment(
    struct document *document, struct message *m, const struct part *part)
{
	g_autofree char *name = part_filename(m, part);
	g_autofree char *type =
	    g_strconcat(part->type, "/", part->subtype, NULL);
	struct text text;

	if (name == NULL && strcmp(part->type, "message") == 0)
		name = g_strdup("message.eml");
	text_init(&text, m, part);
	read_inside(document, name, type, text.octets, text.octets_len);
	text_clear(&text);
}

static void
read_parts(struct document *document, struct message *m,
    const struct part *part, char **before)
{
	if (part->inside != NULL) {
		read_parts(
		    document, part->inside, message_root(part->inside), before);
		return;
	}
	if (part->children != NULL) {
		for (guint i = 0; i < part->children->len; i++)
			read_parts(
			    document, m, part->children->pdata[i], before);
		return;
	}
	if (strcmp(part->type, "text") == 0 && !part->named &&
	    !part->attachment && part->kind != PART_CLOSED)
		read_text_part(document, m, part, before);
	else
		read_attachment(document, m, part);
	if (part->uuencoded)
		read_uuencoded(document, m, part);
}

void
read_mail(struct document *document, const guint8 *data, gsize len)
{
	g_autoptr(message) m = message_parse(&limits, data, len);
	const struct part *root = message_root(m);
	g_autofree char *before = NULL;
	const char *encryption = message_encryption(m), *limit;

	read_header(document, m);
	read_markings(document, m);
	if (encryption != NULL)
		document_fail(document, ATTACHMENT_ENCRYPTED, "%s", encryption);
	read_parts(document, m, root, &before);
	/* Its structure has limits of its own. */
	limit = message_facts(m)->not_inspected;
	if (limit != NULL)
		document_fail(document, ATTACHMENT_TRUNCATED, "%s", limit);
}

void
read_signed(struct document *document, const guint8 *data, gsize len)
{
	g_autoptr(GBytes) content = NULL;
	const guint8 *message;

	switch (signed_data_open(data, len, &content)) {
	case SIGNED_DATA_MESSAGE:
		message = g_bytes_get_data(content, &len);
		read_mail(document, message, len);
		break;
	case SIGNED_DATA_EMPTY:
		break;
	case SIGNED_DATA_ENCRYPTED:
		document_fail(document, ATTACHMENT_ENCRYPTED,
		    "what is signed in it is encrypted");
		break;
	case SIGNED_DATA_OTHER:
		document_fail(document, ATTACHMENT_UNSUPPORTED,
		    "what is signed in it is no mail");
		break;
	case SIGNED_DATA_BROKEN:
		document_fail(document, ATTACHMENT_FAILED, "it is damaged");
		break;
	}
}
