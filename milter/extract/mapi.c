#include <string.h>

#include "milter/extract/charset_guess.h"
#include "milter/extract/mail.h"
#include "milter/extract/mapi.h"
#include "milter/extract/name.h"
#include "milter/extract/reader.h"

enum {
	VALUES = 1000, /* of one property */
	TO = 1,        /* of a recipient */
	CC = 2,
	BY_LINK = 7,  /* how a file is attached: these have no bytes */
	UTF8 = 65001, /* code pages */
	WINDOWS = 1252,
};

struct value {
	unsigned type;
	GBytes *bytes;
};

struct mapi {
	GHashTable *values; /* number → GArray of struct value */
	GHashTable *names;  /* number → name */
	unsigned codepage;
};

static void
value_clear(void *value)
{
	g_bytes_unref(((struct value *)value)->bytes);
}

struct mapi *
mapi_new(void)
{
	struct mapi *mapi = g_new0(struct mapi, 1);

	mapi->values = g_hash_table_new_full(
	    NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
	mapi->names = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	mapi->codepage = WINDOWS;
	return mapi;
}

void
mapi_free(struct mapi *mapi)
{
	if (mapi == NULL)
		return;
	g_hash_table_unref(mapi->values);
	g_hash_table_unref(mapi->names);
	g_free(mapi);
}

void
mapi_codepage(struct mapi *mapi, unsigned codepage)
{
	mapi->codepage = codepage;
}

void
mapi_name(struct mapi *mapi, unsigned number, const char *name)
{
	if (mail_is_marking(name))
		g_hash_table_insert(
		    mapi->names, GUINT_TO_POINTER(number), g_strdup(name));
}

void
mapi_name_known(struct mapi *mapi, unsigned number, guint32 known)
{
	static const struct {
		guint32 known;
		const char *name;
	} names[] = {
	    {0x85b6, "Classification"}, {0x85b7, "Classification-Description"}};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (names[i].known == known)
			g_hash_table_insert(mapi->names,
			    GUINT_TO_POINTER(number), g_strdup(names[i].name));
}

static const GArray *
find(const struct mapi *mapi, unsigned number)
{
	return g_hash_table_lookup(mapi->values, GUINT_TO_POINTER(number));
}

bool
mapi_wants(const struct mapi *mapi, unsigned number)
{
	static const guint16 wanted[] = {MAPI_SENSITIVITY, MAPI_SUBJECT,
	    MAPI_SENT, MAPI_AUTHOR_NAME, MAPI_AUTHOR_ADDRESS, MAPI_HEADER,
	    MAPI_RECIPIENT_TYPE, MAPI_SENDER_NAME, MAPI_SENDER_ADDRESS,
	    MAPI_SHOWN_CC, MAPI_SHOWN_TO, MAPI_BODY, MAPI_RTF, MAPI_HTML,
	    MAPI_NAME, MAPI_ADDRESS, MAPI_DATA, MAPI_FILE_NAME, MAPI_METHOD,
	    MAPI_LONG_FILE_NAME, MAPI_MIME_TYPE, MAPI_SMTP_ADDRESS,
	    MAPI_INTERNET_CODEPAGE, MAPI_CODEPAGE, MAPI_SENDER_SMTP,
	    MAPI_AUTHOR_SMTP};

	for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++)
		if (wanted[i] == number)
			return true;
	return g_hash_table_contains(mapi->names, GUINT_TO_POINTER(number));
}

void
mapi_add(struct mapi *mapi, unsigned number, unsigned type, GBytes *bytes)
{
	GArray *values =
	    g_hash_table_lookup(mapi->values, GUINT_TO_POINTER(number));
	struct value value = {type, bytes};

	if (values == NULL) {
		values = g_array_new(FALSE, FALSE, sizeof(struct value));
		g_array_set_clear_func(values, value_clear);
		g_hash_table_insert(
		    mapi->values, GUINT_TO_POINTER(number), values);
	}
	if (values->len < VALUES)
		g_array_append_val(values, value);
	else
		g_bytes_unref(bytes);
}

static char *
value_text(const struct mapi *mapi, const struct value *value)
{
	g_autofree char *label = NULL;
	gsize len;
	const guint8 *data = g_bytes_get_data(value->bytes, &len);
	const guint8 *end;

	if (len == 0)
		return NULL;
	if (value->type == MAPI_UTF16) {
		for (gsize i = 0; i + 1 < len; i += 2)
			if (data[i] == 0 && data[i + 1] == 0)
				len = i;
		return charset_utf16(data, len);
	}
	if (value->type != MAPI_TEXT)
		return NULL;
	end = memchr(data, '\0', len);
	if (end != NULL)
		len = (gsize)(end - data);
	if (mapi->codepage != WINDOWS && mapi->codepage != UTF8)
		label = g_strdup_printf("CP%u", mapi->codepage);
	return charset_guess(data, len, label);
}

char *
mapi_text(const struct mapi *mapi, unsigned number)
{
	const GArray *values = find(mapi, number);
	g_autofree char *before = NULL;
	GString *text = NULL;

	for (guint i = 0; values != NULL && i < values->len; i++) {
		g_autofree char *one =
		    value_text(mapi, &g_array_index(values, struct value, i));

		/* TNEF may say the same in two ways. */
		if (one == NULL || *one == '\0' || g_strcmp0(one, before) == 0)
			continue;
		if (text == NULL)
			text = g_string_new(NULL);
		else
			g_string_append(text, "; ");
		g_string_append(text, one);
		g_free(before);
		before = g_steal_pointer(&one);
	}
	return text != NULL ? g_string_free(text, FALSE) : NULL;
}

GBytes *
mapi_bytes(const struct mapi *mapi, unsigned number, guint which)
{
	const GArray *values = find(mapi, number);

	return values != NULL && which < values->len
		   ? g_array_index(values, struct value, which).bytes
		   : NULL;
}

unsigned
mapi_type(const struct mapi *mapi, unsigned number)
{
	const GArray *values = find(mapi, number);

	return values != NULL ? g_array_index(values, struct value, 0).type : 0;
}

static guint64
get_number(const struct mapi *mapi, unsigned number)
{
	GBytes *bytes = mapi_bytes(mapi, number, 0);
	gsize len = 0;
	const guint8 *p = bytes != NULL ? g_bytes_get_data(bytes, &len) : NULL;
	guint64 result = 0;

	for (gsize i = MIN(len, 8); i-- > 0;)
		result = result << 8 | p[i];
	return result;
}

guint32
mapi_number(const struct mapi *mapi, unsigned number)
{
	return (guint32)get_number(mapi, number);
}

/* The first of several properties that there is. */
static char *
first_text(const struct mapi *mapi, const unsigned *numbers)
{
	char *text = NULL;

	for (; text == NULL && *numbers != 0; numbers++)
		text = mapi_text(mapi, *numbers);
	return text;
}

/* "Name <address>", as far as it is known; an address of Exchange is none. */
static void
append_person(GString *to, const char *name, const char *address)
{
	bool known = address != NULL && strchr(address, '@') != NULL;

	if (to->len > 0 && (name != NULL || known))
		g_string_append(to, ", ");
	if (name != NULL)
		g_string_append(to, name);
	if (known && g_strcmp0(name, address) != 0)
		g_string_append_printf(
		    to, name != NULL ? " <%s>" : "%s", address);
}

static char *
recipients_text(const GPtrArray *recipients, unsigned type)
{
	static const unsigned addresses[] = {
	    MAPI_SMTP_ADDRESS, MAPI_ADDRESS, 0};
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < recipients->len; i++) {
		const struct mapi *recipient = recipients->pdata[i];
		g_autofree char *name = mapi_text(recipient, MAPI_NAME);
		g_autofree char *address = first_text(recipient, addresses);

		if ((mapi_number(recipient, MAPI_RECIPIENT_TYPE) & 0x0f) ==
		    type)
			append_person(text, name, address);
	}
	return text->len > 0 ? g_strdup(text->str) : NULL;
}

static char *
author_text(const struct mapi *message)
{
	static const unsigned names[] = {MAPI_AUTHOR_NAME, MAPI_SENDER_NAME, 0};
	static const unsigned addresses[] = {MAPI_AUTHOR_SMTP,
	    MAPI_AUTHOR_ADDRESS, MAPI_SENDER_SMTP, MAPI_SENDER_ADDRESS, 0};
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *name = first_text(message, names);
	g_autofree char *address = first_text(message, addresses);

	append_person(text, name, address);
	return text->len > 0 ? g_strdup(text->str) : NULL;
}

/* Its unit is 100 ns, from 1601 on. */
static char *
sent_text(const struct mapi *message)
{
	guint64 ticks = get_number(message, MAPI_SENT);
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(
	    (gint64)(ticks / 10000000) - G_GINT64_CONSTANT(11644473600));

	return ticks != 0 && time != NULL
		   ? g_date_time_format(time, "%Y-%m-%d %H:%M UTC")
		   : NULL;
}

/* Takes the value. */
static void
write_field(struct document *document, const char *name, char *value)
{
	if (value != NULL) {
		document_text(document, name, -1);
		document_text(document, ": ", -1);
		document_text(document, g_strdelimit(value, "\r\n", ' '), -1);
		document_line(document);
	}
	g_free(value);
}

static void
read_header(struct document *document, const struct mapi *message,
    const GPtrArray *recipients)
{
	char *to = recipients_text(recipients, TO);
	char *cc = recipients_text(recipients, CC);

	if (to == NULL && cc == NULL) {
		to = mapi_text(message, MAPI_SHOWN_TO);
		cc = mapi_text(message, MAPI_SHOWN_CC);
	}
	document_margin(document, true);
	write_field(document, "From", author_text(message));
	write_field(document, "To", to);
	write_field(document, "Cc", cc);
	write_field(document, "Date", sent_text(message));
	write_field(document, "Subject", mapi_text(message, MAPI_SUBJECT));
	document_margin(document, false);
}

static int
by_number(gconstpointer a, gconstpointer b)
{
	return GPOINTER_TO_INT(a) - GPOINTER_TO_INT(b);
}

static void
read_markings(struct document *document, const struct mapi *message)
{
	static const char *const sensitivities[] = {
	    NULL, "Personal", "Private", "Company-Confidential"};
	guint32 sensitivity = mapi_number(message, MAPI_SENSITIVITY);
	g_autofree char *header = mapi_text(message, MAPI_HEADER);
	g_autoptr(GList) numbers =
	    g_list_sort(g_hash_table_get_keys(message->names), by_number);

	if (sensitivity < G_N_ELEMENTS(sensitivities))
		document_property(
		    document, "Sensitivity", sensitivities[sensitivity]);
	for (const GList *n = numbers; n != NULL; n = n->next) {
		const char *name = g_hash_table_lookup(message->names, n->data);
		g_autofree char *value =
		    mapi_text(message, GPOINTER_TO_UINT(n->data));

		document_property(document, name, value);
	}
	if (header != NULL)
		mail_markings(document, header, strlen(header));
}

/* What one body says is not written again for another one. */
static void
end_body(struct document *document, gsize start, char **before)
{
	GString *body = document->body;
	g_autofree char *text = NULL;

	document_line(document);
	if (body->len == start)
		return;
	text = g_strdup(body->str + start);
	if (*before != NULL && mail_says_the_same(*before, text)) {
		document->reading->text += body->len - start;
		g_string_truncate(body, start);
	}
	g_free(*before);
	*before = g_steal_pointer(&text);
}

static void
read_packed(struct document *document, const guint8 *data, gsize len)
{
	g_autoptr(GByteArray) rtf = lzfu_unpack(document->reading, data, len);

	if (rtf == NULL)
		document_fail(document, ATTACHMENT_FAILED,
		    "text in it that cannot be read");
	else if (rtf->len > 0)
		read_rtf(document, rtf->data, rtf->len);
}

static void
read_bodies(struct document *document, const struct mapi *message)
{
	static const struct {
		unsigned number;
		void (*read)(struct document *, const guint8 *, gsize);
	} bodies[] = {{MAPI_HTML, read_html}, {MAPI_RTF, read_packed}};
	g_autofree char *plain = mapi_text(message, MAPI_BODY);
	g_autofree char *before = NULL;
	gsize start = document->body->len;
	GBytes *bytes;

	if (plain != NULL)
		document_text(document, g_strchug(plain), -1);
	end_body(document, start, &before);
	for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++)
		for (guint which = 0; (bytes = mapi_bytes(message,
					   bodies[i].number, which)) != NULL;
		     which++) {
			gsize len;
			const guint8 *data = g_bytes_get_data(bytes, &len);

			start = document->body->len;
			if (len > 0)
				bodies[i].read(document, data, len);
			end_body(document, start, &before);
		}
}

void
mapi_read_message(struct document *document, const struct mapi *message,
    const GPtrArray *recipients)
{
	read_header(document, message, recipients);
	read_markings(document, message);
	read_bodies(document, message);
}

void
mapi_read_attachment(
    struct document *document, const struct mapi *attachment, GBytes *bytes)
{
	static const unsigned names[] = {
	    MAPI_LONG_FILE_NAME, MAPI_FILE_NAME, MAPI_NAME, 0};
	g_autofree char *name = first_text(attachment, names);
	g_autofree char *type = mapi_text(attachment, MAPI_MIME_TYPE);
	guint32 method = mapi_number(attachment, MAPI_METHOD);

	if (!document_deeper(document, "messages"))
		return;
	/* The whole of a message whose parts are signed. */
	if (type != NULL && g_ascii_strncasecmp(type, "multipart/", 10) == 0) {
		g_free(type);
		type = g_strdup("message/rfc822");
	}
	if (name != NULL && name_ends(name, "rpmsg"))
		document_fail(document, ATTACHMENT_ENCRYPTED,
		    "it is protected by rights management");
	if (bytes != NULL) {
		gsize len;
		const void *data = g_bytes_get_data(bytes, &len);

		reading_member(document, name, type, len > 0 ? data : "", len,
		    ATTACHMENT_READ, NULL);
	} else if (method > 1 && method <= BY_LINK)
		reading_member(document, name, type, "", 0,
		    ATTACHMENT_UNSUPPORTED, "only a link to it is attached");
	else
		reading_member(document, name, type, "", 0, ATTACHMENT_FAILED,
		    "it is damaged");
}
