#include <string.h>

#include "milter/message/content.h"
#include "milter/message/internal.h"
#include "milter/message/leaves.h"
#include "milter/message/text.h"

static void
attachment_clear(gpointer data)
{
	struct message_attachment *a = data;

	if (a->file != NULL)
		g_free(a->file->name);
	g_free(a->file);
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

static struct message_attachment *
add(struct message *m, const struct leaf *leaf)
{
	struct message_attachment *a = g_new0(struct message_attachment, 1);

	a->message = leaf->message;
	a->part = leaf->part;
	a->leaf = leaf->number;
	g_ptr_array_add(m->attachments, a);
	return a;
}

static void
add_part(struct message *m, const struct leaf *leaf)
{
	const struct part *part = leaf->part;
	struct message_attachment *a = add(m, leaf);

	a->name = part->name != NULL ? part->name : "";
	a->type = g_strconcat(part->type, "/", part->subtype, NULL);
	a->related = !part->attachment && part->parent != NULL &&
		     strcmp(part->parent->subtype, "related") == 0;
}

static void
add_uuencoded(struct message *m, const struct leaf *leaf)
{
	struct uuencoded file;
	struct text text;
	gsize pos = 0;

	text_init(&text, leaf->message, leaf->part);
	while (text.octets != NULL &&
	       uuencode_find(text.octets, text.octets_len, &pos, &file)) {
		struct message_attachment *a = add(m, leaf);

		a->file = g_memdup2(&file, sizeof(file));
		a->name = file.name;
		a->type = g_strdup("application/octet-stream");
	}
	text_clear(&text);
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

		if (leaf->part->uuencoded)
			add_uuencoded(m, leaf);
		else if (!leaf_is_text(leaf) &&
			 leaf->part->kind != PART_ENCRYPTED &&
			 !is_signature(leaf->part))
			add_part(m, leaf);
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
	if (a->file != NULL)
		bytes = uuencode_decode(text.octets, a->file);
	else if (text.decoded != NULL)
		bytes = g_bytes_new_take(
		    g_steal_pointer(&text.decoded), text.octets_len);
	else if (text.octets != NULL)
		bytes = g_bytes_new(text.octets, text.octets_len);
	text_clear(&text);
	return bytes;
}
