#include <string.h>

#include "milter/message/content.h"
#include "milter/message/internal.h"
#include "milter/message/leaves.h"
#include "milter/message/text.h"

static void
attachment_clear(gpointer data)
{
	struct message_attachment *a = data;

	g_free(a->type);
	g_free(a);
}

/* The signature of a signed message, which is about the message itself. */
static bool
is_signature(const struct part *part)
{
	return part->parent != NULL && part->parent->kind == PART_SIGNED &&
	       g_str_has_suffix(part->subtype, "-signature");
}

const GPtrArray *
message_attachments(struct message *m)
{
	g_autoptr(GArray) leaves = NULL;

	if (m->attachments != NULL)
		return m->attachments;
	m->attachments = g_ptr_array_new_with_free_func(attachment_clear);
	leaves = message_leaves(m);
	for (guint i = 0; i < leaves->len; i++) {
		const struct leaf *leaf =
		    &g_array_index(leaves, struct leaf, i);
		const struct part *part = leaf->part;
		struct message_attachment *a;

		if (leaf_is_text(leaf) || part->kind == PART_ENCRYPTED ||
		    is_signature(part))
			continue;
		a = g_new0(struct message_attachment, 1);
		a->message = leaf->message;
		a->part = part;
		a->name = part->name != NULL ? part->name : "";
		a->type = g_strconcat(part->type, "/", part->subtype, NULL);
		a->leaf = leaf->number;
		a->related = !part->attachment && part->parent != NULL &&
			     strcmp(part->parent->subtype, "related") == 0;
		g_ptr_array_add(m->attachments, a);
	}
	return m->attachments;
}

unsigned
attachments_count(struct message *m)
{
	const GPtrArray *all = message_attachments(m);
	unsigned count = 0;

	for (guint i = 0; i < all->len; i++) {
		const struct message_attachment *a = all->pdata[i];

		count += !a->related || !g_str_has_prefix(a->type, "image/");
	}
	return count;
}

GBytes *
message_attachment_data(const struct message_attachment *a)
{
	struct text text;
	GBytes *bytes = NULL;

	text_init(&text, a->message, a->part);
	if (text.decoded != NULL)
		bytes = g_bytes_new_take(
		    g_steal_pointer(&text.decoded), text.octets_len);
	else if (text.octets != NULL)
		bytes = g_bytes_new(text.octets, text.octets_len);
	text_clear(&text);
	return bytes;
}
