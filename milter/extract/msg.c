/*
 * Outlook's message files, [MS-OXMSG]: a compound file with a storage for each
 * recipient and attachment, and a stream for each property that is text.
 */
#include <string.h>

#include "milter/extract/bytes.h"
#include "milter/extract/charset_guess.h"
#include "milter/extract/mapi.h"
#include "milter/extract/ole.h"
#include "milter/extract/reader.h"

enum {
	PROPERTY = 16,  /* bytes of one in the stream of all short ones */
	NAME_ENTRY = 8, /* of one in the list of names */
	NAME_BYTES = 1024,
};

#define PROPERTIES "__properties_version1.0"
#define NAMES "__nameid_version1.0"
#define RECIPIENT "__recip_version1.0_"
#define ATTACHMENT "__attach_version1.0_"
#define VALUE "__substg1.0_"

struct msg {
	struct document *document;
	struct ole *ole;
	struct mapi *message;
	unsigned codepage;
	bool spent; /* no more may be read */
};

/* Many entries may point to the same bytes: what is read counts. */
static bool
may_take(struct msg *msg, gsize bytes)
{
	if (reading_take(msg->document->reading, bytes))
		return true;
	msg->spent = true;
	document_fail(msg->document, ATTACHMENT_TRUNCATED,
	    "it unpacks to more than is allowed");
	return false;
}

static GPtrArray *
list(struct msg *msg, guint32 storage)
{
	GPtrArray *entries = ole_list(msg->ole, storage);

	if (!may_take(msg, (gsize)entries->len * OLE_ENTRY))
		g_ptr_array_set_size(entries, 0);
	return entries;
}

/* NULL when it may not be read any more. */
static GByteArray *
read_stream(struct msg *msg, const struct ole_entry *entry)
{
	g_autoptr(GByteArray) bytes =
	    ole_read(msg->ole, entry->number, G_MAXUINT32);

	return may_take(msg, bytes->len) ? g_steal_pointer(&bytes) : NULL;
}

/*
 * "__substg1.0_" and eight digits, four for the number and four for the type;
 * what may follow counts values.
 */
static bool
parse_value_name(const char *name, unsigned *number, unsigned *type)
{
	char *end;
	guint64 tag;

	if (!g_str_has_prefix(name, VALUE))
		return false;
	tag = g_ascii_strtoull(name + strlen(VALUE), &end, 16);
	if (end - name != (gssize)strlen(VALUE) + 8)
		return false;
	*number = (unsigned)(tag >> 16);
	*type = (unsigned)tag & 0xffff;
	return true;
}

/*
 * The properties that have 8 bytes or fewer follow a header, whose length
 * differs: 32 bytes in a file, 24 in a message inside it, else 8.
 */
static void
read_short(struct mapi *to, const GByteArray *bytes)
{
	gsize at = bytes->len % PROPERTY == 0 ? 32 : 8;

	for (; at + PROPERTY <= bytes->len; at += PROPERTY) {
		const guint8 *p = bytes->data + at;
		guint32 tag = bytes_32(p);
		unsigned type = tag & 0xffff;
		gsize len = type == MAPI_TIME    ? 8
			    : type == MAPI_LONG  ? 4
			    : type == MAPI_SHORT ? 2
						 : 0;

		if (len > 0 && mapi_wants(to, tag >> 16))
			mapi_add(to, tag >> 16, type, g_bytes_new(p + 8, len));
	}
}

static void
read_properties(struct msg *msg, const GPtrArray *entries, struct mapi *to)
{
	for (guint i = 0; i < entries->len; i++) {
		const struct ole_entry *entry = entries->pdata[i];
		unsigned number, type;

		if (entry->storage)
			continue;
		if (strcmp(entry->name, PROPERTIES) == 0) {
			g_autoptr(GByteArray) bytes = read_stream(msg, entry);

			if (bytes != NULL)
				read_short(to, bytes);
		} else if (parse_value_name(entry->name, &number, &type) &&
			   mapi_wants(to, number)) {
			bool many = (type & MAPI_MANY) != 0;
			GByteArray *bytes;

			/* Of several values, this one has their lengths. */
			if (many && strchr(entry->name, '-') == NULL)
				continue;
			bytes = read_stream(msg, entry);
			if (bytes != NULL)
				mapi_add(to, number,
				    type & ~(unsigned)MAPI_MANY,
				    g_byte_array_free_to_bytes(bytes));
		}
	}
}

/* The stream of a storage that has a property's value; or NULL. */
static GByteArray *
find_value(struct msg *msg, const GPtrArray *entries, const char *name)
{
	for (guint i = 0; i < entries->len; i++) {
		const struct ole_entry *entry = entries->pdata[i];

		if (!entry->storage && strcmp(entry->name, name) == 0)
			return read_stream(msg, entry);
	}
	return NULL;
}

/* What the file's own numbers stand for, [MS-OXMSG] 2.2.3. */
static void
read_names(struct msg *msg)
{
	guint32 storage = ole_find(msg->ole, NAMES);
	g_autoptr(GPtrArray) entries = NULL;
	g_autoptr(GByteArray) names = NULL;
	g_autoptr(GByteArray) strings = NULL;

	if (storage == OLE_ROOT)
		return;
	entries = list(msg, storage);
	names = find_value(msg, entries, VALUE "00030102");
	strings = find_value(msg, entries, VALUE "00040102");
	for (gsize at = 0; names != NULL && at + NAME_ENTRY <= names->len;
	     at += NAME_ENTRY) {
		const guint8 *p = names->data + at;
		guint32 name = bytes_32(p);
		unsigned number = MAPI_OWN + (p[6] | (unsigned)p[7] << 8);
		gsize len;
		g_autofree char *text = NULL;

		if ((p[4] & 1) == 0) {
			mapi_name_known(msg->message, number, name);
			continue;
		}
		if (strings == NULL || strings->len < 4 ||
		    name > strings->len - 4)
			continue;
		len = bytes_32(strings->data + name);
		len = MIN(MIN(len, strings->len - 4 - name), NAME_BYTES);
		text = charset_utf16(strings->data + name + 4, len);
		mapi_name(msg->message, number, g_strchomp(text));
	}
}

static void
read_recipients(
    struct msg *msg, const GPtrArray *entries, GPtrArray *recipients)
{
	for (guint i = 0; i < entries->len; i++) {
		const struct ole_entry *entry = entries->pdata[i];
		g_autoptr(GPtrArray) properties = NULL;
		struct mapi *recipient;

		if (!entry->storage ||
		    !g_str_has_prefix(entry->name, RECIPIENT))
			continue;
		properties = list(msg, entry->number);
		recipient = mapi_new();
		mapi_codepage(recipient, msg->codepage);
		read_properties(msg, properties, recipient);
		g_ptr_array_add(recipients, recipient);
	}
}

/* A message or object inside is a storage, and becomes a file of its own. */
static void
read_inner(struct msg *msg, struct mapi *attachment, guint32 storage, gsize len)
{
	g_autoptr(GBytes) file = NULL;

	if (!may_take(msg, len))
		return;
	file = g_bytes_new_take(
	    ole_rooted(msg->ole, storage, ole_find(msg->ole, NAMES)), len);
	mapi_read_attachment(msg->document, attachment, file);
}

static void
read_attachment(struct msg *msg, guint32 storage, gsize len)
{
	g_autoptr(GPtrArray) entries = list(msg, storage);
	g_autoptr(mapi) attachment = mapi_new();
	GBytes *bytes;
	bool any = false;

	mapi_codepage(attachment, msg->codepage);
	read_properties(msg, entries, attachment);
	for (guint i = 0; i < entries->len; i++) {
		const struct ole_entry *entry = entries->pdata[i];
		unsigned number, type;

		if (!entry->storage ||
		    !parse_value_name(entry->name, &number, &type) ||
		    number != MAPI_DATA)
			continue;
		any = true;
		read_inner(msg, attachment, entry->number, len);
	}
	for (guint i = 0; !msg->spent && (bytes = mapi_bytes(attachment,
					      MAPI_DATA, i)) != NULL;
	     i++) {
		mapi_read_attachment(msg->document, attachment, bytes);
		any = true;
	}
	if (!msg->spent && !any)
		mapi_read_attachment(msg->document, attachment, NULL);
}

void
read_msg(struct document *document, const guint8 *data, gsize len)
{
	g_autoptr(ole) ole = ole_open(data, len);
	g_autoptr(mapi) message = mapi_new();
	g_autoptr(GPtrArray) recipients =
	    g_ptr_array_new_with_free_func((GDestroyNotify)mapi_free);
	struct msg msg = {.document = document, .ole = ole, .message = message};
	g_autoptr(GPtrArray) entries = list(&msg, OLE_ROOT);

	read_names(&msg);
	read_properties(&msg, entries, message);
	msg.codepage = mapi_number(message, MAPI_CODEPAGE);
	if (msg.codepage == 0)
		msg.codepage = mapi_number(message, MAPI_INTERNET_CODEPAGE);
	mapi_codepage(message, msg.codepage);
	read_recipients(&msg, entries, recipients);
	mapi_read_message(document, message, recipients);
	for (guint i = 0; i < entries->len && !msg.spent; i++) {
		const struct ole_entry *entry = entries->pdata[i];

		if (entry->storage && g_str_has_prefix(entry->name, ATTACHMENT))
			read_attachment(&msg, entry->number, len);
	}
	if (ole_damaged(ole))
		document_fail(document, ATTACHMENT_FAILED, "it is damaged");
}
