#include "milter/gather.h"
#include "milter/message/content.h"
#include "policy/text/segments.h"

static struct attachment *
unread(const struct message_attachment *part, enum attachment_state state,
    const char *reason)
{
	struct attachment *attachment = attachment_new();

	g_free(attachment->name);
	attachment->name = g_strdup(part->name);
	attachment->state = state;
	attachment->reason = g_strdup(reason);
	return attachment;
}

/* One part: the attachment, and what is in it. */
static GPtrArray *
read_part(struct message *message, const struct message_attachment *part,
    struct extractor *extractor)
{
	g_autoptr(GBytes) data = NULL;
	GPtrArray *found;
	gconstpointer octets;
	gsize len;

	if (extractor != NULL &&
	    (data = message_attachment_data(message, part)) != NULL) {
		octets = g_bytes_get_data(data, &len);
		return extractor_read(
		    extractor, part->name, part->type, octets, len);
	}
	found = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)attachment_free);
	g_ptr_array_add(found, extractor == NULL
		? unread(part, ATTACHMENT_UNSUPPORTED,
		      "attachments are not read")
		: unread(part, ATTACHMENT_FAILED,
		      "its transfer encoding cannot be undone"));
	return found;
}

void
gather_attachments(struct content *content, struct message *message,
    struct extractor *extractor)
{
	const GPtrArray *parts = message_attachments(message);

	for (guint i = 0; i < parts->len; i++) {
		const struct message_attachment *part = parts->pdata[i];

		content_add_attachments(content,
		    read_part(message, part, extractor), part->leaf);
	}
}
