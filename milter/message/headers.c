/*
 * What the header says of people, replies and machines.  This runs on every
 * message, so fields are told apart by one look at a small sorted table, and
 * only those that matter are read.
 */
#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>

#include "milter/message/addresses.h"
#include "milter/message/internal.h"
#include "policy/text/prefix.h"

/*
 * An address field of this length may have been cut: Postfix hands milters the
 * lines of a field that fit into 60,000 bytes, and a line has up to 2,048;
 * Sendmail cuts at 64 KB.
 */
enum { FIELD_CUT = 60000 - 2048 };

enum field_kind {
	FIELD_AUTO_SUBMITTED,
	FIELD_CC,
	FIELD_CONTENT_TYPE,
	FIELD_FROM,
	FIELD_IN_REPLY_TO,
	FIELD_LIST,
	FIELD_MESSAGE_ID,
	FIELD_PRECEDENCE,
	FIELD_REFERENCES,
	FIELD_RESENT_CC,
	FIELD_RESENT_FROM,
	FIELD_RESENT_OTHER,
	FIELD_RESENT_SENDER,
	FIELD_RESENT_TO,
	FIELD_SENDER,
	FIELD_SUBJECT,
	FIELD_SUPPRESS,
	FIELD_TO,
	FIELD_TRACE,
	FIELD_AUTOREPLY,
	FIELD_OTHER,
};

static const struct known {
	const char *name;
	enum field_kind kind;
} known[] = {
	{ "Auto-Submitted", FIELD_AUTO_SUBMITTED },
	{ "Cc", FIELD_CC },
	{ "Content-Type", FIELD_CONTENT_TYPE },
	{ "From", FIELD_FROM },
	{ "In-Reply-To", FIELD_IN_REPLY_TO },
	{ "List-Id", FIELD_LIST },
	{ "List-Post", FIELD_LIST },
	{ "Message-ID", FIELD_MESSAGE_ID },
	{ "Precedence", FIELD_PRECEDENCE },
	{ "Received", FIELD_TRACE },
	{ "References", FIELD_REFERENCES },
	{ "Resent-Bcc", FIELD_RESENT_OTHER },
	{ "Resent-Cc", FIELD_RESENT_CC },
	{ "Resent-Date", FIELD_RESENT_OTHER },
	{ "Resent-From", FIELD_RESENT_FROM },
	{ "Resent-Message-ID", FIELD_RESENT_OTHER },
	{ "Resent-Sender", FIELD_RESENT_SENDER },
	{ "Resent-To", FIELD_RESENT_TO },
	{ "Return-Path", FIELD_TRACE },
	{ "Sender", FIELD_SENDER },
	{ "Subject", FIELD_SUBJECT },
	{ "To", FIELD_TO },
	{ "X-Auto-Response-Suppress", FIELD_SUPPRESS },
	{ "X-Autoreply", FIELD_AUTOREPLY },
	{ "X-Autorespond", FIELD_AUTOREPLY },
};

static int
compare_known(const void *name, const void *entry)
{
	return g_ascii_strcasecmp(name, ((const struct known *)entry)->name);
}

static enum field_kind
field_kind(const char *name)
{
	const struct known *k = bsearch(name, known, G_N_ELEMENTS(known),
	    sizeof(known[0]), compare_known);

	return k != NULL ? k->kind : FIELD_OTHER;
}

char *
header_unfold(const char *value, gsize len)
{
	char *result, *out;

	while (len > 0 && g_ascii_isspace(value[0])) {
		value++;
		len--;
	}
	while (len > 0 && g_ascii_isspace(value[len - 1]))
		len--;
	result = out = g_malloc(len + 1);
	for (gsize i = 0; i < len; i++)
		if (value[i] != '\n' && value[i] != '\r' && value[i] != '\0')
			*out++ = value[i];
	*out = '\0';
	return result;
}

static char *
decode_text(const char *value, gsize len)
{
	char *plain = header_unfold(value, len), *decoded;

	if (strstr(plain, "=?") == NULL && g_utf8_validate(plain, -1, NULL))
		return plain;
	decoded = g_mime_utils_header_decode_text(NULL, plain);
	g_free(plain);
	return decoded;
}

/* Which Resent block is being read; see RFC 5322, 3.6.6. */
struct resent {
	unsigned seen;		/* a bit for each kind of the block */
	enum field_kind last;
	bool closed;
};

/*
 * Blocks stand newest first.  One ends with a trace field, or where a field
 * comes again that it has already, unless right after its like.
 */
static bool
resent_takes(struct resent *block, enum field_kind kind)
{
	if (block->closed)
		return false;
	if ((block->seen & 1u << kind) != 0 && block->last != kind) {
		block->closed = true;
		return false;
	}
	block->seen |= 1u << kind;
	block->last = kind;
	return true;
}

static void
read_addresses(struct header_facts *hf, GPtrArray *list,
    const struct field *f)
{
	const char *value = f->value + strspn(f->value, " \t");
	char *unfolded = NULL;

	if (f->value_len + strlen(f->name) + 2 >= FIELD_CUT)
		hf->recipients_cut = true;
	if (strpbrk(value, "\r\n") != NULL)
		value = unfolded = header_unfold(f->value, f->value_len);
	addresses_parse(list, value);
	g_free(unfolded);
}

/* A report, a receipt or an answer from a calendar. */
static bool
type_is_automatic(const struct field *f)
{
	g_autofree char *value = header_unfold(f->value, f->value_len);
	g_autofree char *lower = g_ascii_strdown(value, -1);

	return g_str_has_prefix(lower, "multipart/report") ||
	    g_str_has_prefix(lower, "message/disposition-notification") ||
	    g_str_has_prefix(lower, "message/delivery-status") ||
	    (g_str_has_prefix(lower, "text/calendar") &&
		(strstr(lower, "method=reply") != NULL ||
		    strstr(lower, "method=\"reply\"") != NULL));
}

static bool
value_is(const struct field *f, const char *word)
{
	const char *value = f->value + strspn(f->value, " \t\n");
	gsize len = strlen(word);

	return g_ascii_strncasecmp(value, word, len) == 0 &&
	    !g_ascii_isalnum(value[len]) && value[len] != '-';
}

/* What tells machines from people, gathered over the whole header. */
struct signs {
	bool machine;	/* certain */
	bool bulk, list;
};

/*
 * Precedence: bulk without a list's own fields is a machine's; with them it is
 * what list software puts on what people write.
 */
static void
read_sign(struct signs *signs, enum field_kind kind, const struct field *f)
{
	switch (kind) {
	case FIELD_AUTO_SUBMITTED:
		signs->machine |= !value_is(f, "no");
		break;
	case FIELD_CONTENT_TYPE:
		signs->machine |= type_is_automatic(f);
		break;
	case FIELD_PRECEDENCE:
		signs->machine |= value_is(f, "auto_reply") ||
		    value_is(f, "auto-reply") || value_is(f, "junk");
		signs->bulk |= value_is(f, "bulk");
		break;
	case FIELD_SUPPRESS:
		signs->machine |= value_is(f, "All");
		break;
	case FIELD_AUTOREPLY:
		signs->machine |= !value_is(f, "no");
		break;
	case FIELD_LIST:
		signs->list = true;
		break;
	default:
		break;
	}
}

static GPtrArray *
address_list(struct header_facts *hf, enum field_kind kind)
{
	switch (kind) {
	case FIELD_FROM:
		return hf->from;
	case FIELD_SENDER:
		return hf->sender;
	case FIELD_TO:
		return hf->to;
	case FIELD_CC:
		return hf->cc;
	case FIELD_RESENT_FROM:
		return hf->resent_from;
	case FIELD_RESENT_SENDER:
		return hf->resent_sender;
	case FIELD_RESENT_TO:
		return hf->resent_to;
	case FIELD_RESENT_CC:
		return hf->resent_cc;
	default:
		return NULL;
	}
}

static bool
is_resent(enum field_kind kind)
{
	return kind >= FIELD_RESENT_CC && kind <= FIELD_RESENT_TO;
}

static void
set_text(char **text, char *value)
{
	g_free(*text);
	*text = value;
}

/*
 * The fields as `header "X" contains "Y"` sees them.  Values without folds,
 * which is nearly all of them, are shared with the message.
 */
static void
add_unfolded(struct message *m, const struct field *f)
{
	const char *value = f->value + strspn(f->value, " \t");
	struct mailbox box;

	if (strpbrk(value, "\r\n") != NULL) {
		g_autofree char *unfolded =
		    header_unfold(f->value, f->value_len);

		value = g_string_chunk_insert(m->strings, unfolded);
	}
	/* Borrowed and never written to, as the array's missing free says. */
	memcpy(&box.name, &f->name, sizeof(box.name));
	memcpy(&box.address, &value, sizeof(box.address));
	g_array_append_val(m->unfolded, box);
}

static void
read_field(struct header_facts *hf, struct signs *signs,
    struct resent *block, const struct field *f)
{
	enum field_kind kind = field_kind(f->name);
	GPtrArray *list = address_list(hf, kind);

	if (is_resent(kind) && !resent_takes(block, kind))
		return;
	if (list != NULL) {
		read_addresses(hf, list, f);
		return;
	}
	switch (kind) {
	case FIELD_SUBJECT:
		if (hf->subject[0] == '\0')
			set_text(&hf->subject,
			    decode_text(f->value, f->value_len));
		break;
	case FIELD_MESSAGE_ID:
		if (hf->message_id[0] == '\0')
			set_text(&hf->message_id,
			    header_unfold(f->value, f->value_len));
		break;
	case FIELD_IN_REPLY_TO:
	case FIELD_REFERENCES:
		hf->is_reply |= strchr(f->value, '<') != NULL;
		break;
	case FIELD_TRACE:
		block->closed |= block->seen != 0;
		break;
	default:
		read_sign(signs, kind, f);
		break;
	}
}

struct header_facts *
headers_read(struct message *m)
{
	struct header_facts *hf = header_facts_new();
	struct signs signs = { false, false, false };
	struct resent block = { 0, FIELD_OTHER, false };

	m->unfolded = g_array_sized_new(
	    FALSE, FALSE, sizeof(struct mailbox), m->fields->len);
	for (guint i = 0; i < m->fields->len; i++) {
		const struct field *f =
		    &g_array_index(m->fields, struct field, i);

		read_field(hf, &signs, &block, f);
		add_unfolded(m, f);
	}
	g_ptr_array_set_free_func(hf->fields, NULL);
	for (guint i = 0; i < m->unfolded->len; i++)
		g_ptr_array_add(hf->fields,
		    &g_array_index(m->unfolded, struct mailbox, i));
	hf->resent = block.seen != 0;
	hf->automatic = signs.machine || (signs.bulk && !signs.list);
	/* Outlook does not always say in the header what it replies to. */
	hf->is_reply |= subject_is_reply(hf->subject);
	hf->is_forward = hf->resent || subject_is_forward(hf->subject);
	return hf;
}
