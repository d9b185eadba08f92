/*
 * What Exchange sends as winmail.dat, [MS-OXTNEF]: attributes one after the
 * other, some of which hold properties; attachments follow the message.
 */
#include <string.h>

#include "milter/extract/bytes.h"
#include "milter/extract/charset_guess.h"
#include "milter/extract/mapi.h"
#include "milter/extract/reader.h"

/* Attributes, without the half that says how they are written. */
enum {
	SUBJECT = 0x8004,
	BODY = 0x800c,
	DATA = 0x800f,
	TITLE = 0x8010,
	NEXT_ATTACHMENT = 0x9002,
	PROPERTIES = 0x9003,
	RECIPIENTS = 0x9004,
	ATTACHMENT_PROPERTIES = 0x9005,
	CODEPAGE = 0x9007,
};

enum {
	START = 6,    /* a signature and a key */
	CHECKSUM = 2, /* after each attribute */
	GUID = 16,
	NAME_BYTES = 1024,
	RECIPIENTS_MAX = 10000,
};

struct tnef {
	struct document *document;
	struct mapi *message, *attachment;
	GBytes *data;          /* of the attachment, or NULL */
	GPtrArray *recipients; /* struct mapi */
	unsigned codepage;
};

/* What a number of the file's own stands for comes with each of its uses. */
static void
take_name(struct bytes *from, struct mapi *to, unsigned number)
{
	guint32 kind, len;
	const guint8 *name;

	bytes_take(from, GUID);
	kind = bytes_take_32(from);
	len = bytes_take_32(from);
	if (kind == 0) {
		mapi_name_known(to, number, len);
		return;
	}
	name = bytes_take(from, ((gsize)len + 3) & ~(gsize)3);
	if (name != NULL) {
		g_autofree char *text =
		    charset_utf16(name, MIN(len, NAME_BYTES));

		/* With its NUL, which became a space. */
		mapi_name(to, number, g_strchomp(text));
	}
}

/* The bytes of a type that always has as many; 0: it differs. */
static gsize
fixed_len(unsigned type)
{
	switch (type) {
	case MAPI_OBJECT:
	case MAPI_TEXT:
	case MAPI_UTF16:
	case MAPI_BINARY:
		return 0;
	case 0x05: /* floating point, money, times, large numbers */
	case 0x06:
	case 0x07:
	case 0x14:
	case MAPI_TIME:
		return 8;
	case 0x48:
		return GUID;
	default:
		return 4;
	}
}

static void
take_property(struct bytes *from, struct mapi *to)
{
	guint32 tag = bytes_take_32(from), count = 1;
	unsigned number = tag >> 16;
	unsigned type = tag & 0xffff & ~(unsigned)MAPI_MANY;
	gsize fixed = fixed_len(type);

	if (number >= MAPI_OWN)
		take_name(from, to, number);
	if (fixed == 0 || (tag & MAPI_MANY) != 0)
		count = bytes_take_32(from);
	while (count-- > 0 && !from->ended) {
		gsize len = fixed > 0 ? fixed : bytes_take_32(from);
		const guint8 *value = bytes_take(from, (len + 3) & ~(gsize)3);

		if (value != NULL && mapi_wants(to, number))
			mapi_add(to, number, type, g_bytes_new(value, len));
	}
}

static void
take_properties(struct bytes *from, struct mapi *to)
{
	guint32 count = bytes_take_32(from);

	while (count-- > 0 && !from->ended)
		take_property(from, to);
}

static struct mapi *
new_mapi(const struct tnef *tnef)
{
	struct mapi *mapi = mapi_new();

	mapi_codepage(mapi, tnef->codepage);
	return mapi;
}

static void
take_recipients(struct tnef *tnef, struct bytes *from)
{
	guint32 count = bytes_take_32(from);

	if (count > RECIPIENTS_MAX) {
		document_fail(tnef->document, ATTACHMENT_TRUNCATED,
		    "more than %d recipients", RECIPIENTS_MAX);
		count = RECIPIENTS_MAX;
	}
	while (count-- > 0 && !from->ended) {
		struct mapi *recipient = new_mapi(tnef);

		take_properties(from, recipient);
		g_ptr_array_add(tnef->recipients, recipient);
	}
}

/*
 * An object's bytes follow an identifier: a message's are TNEF again, others a
 * compound file.
 */
static void
end_attachment(struct tnef *tnef)
{
	GBytes *bytes;
	gsize skip;
	guint count = 0;

	if (tnef->attachment == NULL)
		return;
	skip = mapi_type(tnef->attachment, MAPI_DATA) == MAPI_OBJECT ? GUID : 0;
	while (
	    (bytes = mapi_bytes(tnef->attachment, MAPI_DATA, count)) != NULL) {
		gsize len = g_bytes_get_size(bytes);
		gsize start = MIN(skip, len);
		g_autoptr(GBytes) object =
		    g_bytes_new_from_bytes(bytes, start, len - start);

		mapi_read_attachment(tnef->document, tnef->attachment, object);
		count++;
	}
	if (count == 0 || tnef->data != NULL)
		mapi_read_attachment(
		    tnef->document, tnef->attachment, tnef->data);
	g_clear_pointer(&tnef->attachment, mapi_free);
	g_clear_pointer(&tnef->data, g_bytes_unref);
}

/* Any of an attachment's attributes may be the first one. */
static struct mapi *
attachment(struct tnef *tnef)
{
	if (tnef->attachment == NULL)
		tnef->attachment = new_mapi(tnef);
	return tnef->attachment;
}

static void
read_attribute(struct tnef *tnef, unsigned attribute, struct bytes value)
{
	switch (attribute) {
	case SUBJECT:
		mapi_add(tnef->message, MAPI_SUBJECT, MAPI_TEXT,
		    g_bytes_new(value.p, value.len));
		break;
	case BODY:
		mapi_add(tnef->message, MAPI_BODY, MAPI_TEXT,
		    g_bytes_new(value.p, value.len));
		break;
	case CODEPAGE:
		tnef->codepage = bytes_take_32(&value);
		mapi_codepage(tnef->message, tnef->codepage);
		break;
	case PROPERTIES:
		take_properties(&value, tnef->message);
		break;
	case RECIPIENTS:
		take_recipients(tnef, &value);
		break;
	case NEXT_ATTACHMENT:
		end_attachment(tnef);
		attachment(tnef);
		break;
	case TITLE:
		mapi_add(attachment(tnef), MAPI_FILE_NAME, MAPI_TEXT,
		    g_bytes_new(value.p, value.len));
		break;
	case DATA:
		attachment(tnef);
		g_clear_pointer(&tnef->data, g_bytes_unref);
		tnef->data = g_bytes_new(value.p, value.len);
		break;
	case ATTACHMENT_PROPERTIES:
		take_properties(&value, attachment(tnef));
		break;
	}
	if (value.ended)
		document_fail(
		    tnef->document, ATTACHMENT_FAILED, "it is damaged");
}

void
read_tnef(struct document *document, const guint8 *data, gsize len)
{
	g_autoptr(GPtrArray) recipients =
	    g_ptr_array_new_with_free_func((GDestroyNotify)mapi_free);
	struct bytes rest = {data, len, false};
	struct tnef tnef = {.document = document, .recipients = recipients};

	bytes_take(&rest, START);
	tnef.message = new_mapi(&tnef);
	while (rest.len > 0 && !rest.ended) {
		const guint8 *level = bytes_take(&rest, 1);
		unsigned attribute = bytes_take_32(&rest) & 0xffff;
		struct bytes value = {.len = bytes_take_32(&rest)};

		value.p = bytes_take(&rest, value.len);
		bytes_take(&rest, CHECKSUM);
		if (value.p == NULL || level == NULL)
			break;
		read_attribute(&tnef, attribute, value);
	}
	end_attachment(&tnef);
	if (rest.ended)
		document_fail(
		    document, ATTACHMENT_FAILED, "it ends in the middle");
	mapi_read_message(document, tnef.message, recipients);
	mapi_free(tnef.message);
}
