#include <string.h>

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

/*
 * One part: the attachment, and what is in it.  deadline: on GLib's monotonic
 * clock.
 */
static GPtrArray *
read_part(const struct message_attachment *part, struct extractor *extractor,
    gint64 deadline)
{
	g_autoptr(GBytes) data = NULL;
	GPtrArray *found;
	gconstpointer octets;
	bool late = g_get_monotonic_time() >= deadline;
	gsize len;

	if (extractor != NULL && !late &&
	    (data = message_attachment_data(part)) != NULL) {
		octets = g_bytes_get_data(data, &len);
		return extractor_read(
		    extractor, part->name, part->type, octets, len);
	}
	found = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)attachment_free);
	g_ptr_array_add(found, extractor == NULL
		? unread(part, ATTACHMENT_UNSUPPORTED,
		      "attachments are not read")
		: late
		? unread(part, ATTACHMENT_TIMED_OUT,
		      "the attachments took too long together")
		: unread(part, ATTACHMENT_FAILED,
		      "its transfer encoding cannot be undone"));
	return found;
}

/* Cuts a text to so many bytes, at the end of a character; counts it. */
static bool
cut(char *text, gsize *left)
{
	gsize len = text != NULL ? strlen(text) : 0;

	if (len <= *left) {
		*left -= len;
		return false;
	}
	*g_utf8_find_prev_char(text, text + *left + 1) = '\0';
	*left = 0;
	return true;
}

static void
bound(GPtrArray *attachments, gsize *left)
{
	for (guint i = 0; i < attachments->len; i++) {
		struct attachment *attachment = attachments->pdata[i];
		bool opening = cut(attachment->opening, left);
		bool text = cut(attachment->text, left);

		if (!opening && !text)
			continue;
		attachment->state = ATTACHMENT_TRUNCATED;
		g_free(attachment->reason);
		attachment->reason =
		    g_strdup("the attachments have more text than is read");
	}
}

void
gather_attachments(struct content *content, struct message *message,
    struct extractor *extractor, gsize limit)
{
	const GPtrArray *parts = message_attachments(message);
	gsize left = limit > 0 ? limit : G_MAXSIZE;
	gint64 deadline = G_MAXINT64;

	if (extractor != NULL)
		deadline = g_get_monotonic_time() +
		    extractor_patience(extractor) * (gint64)G_USEC_PER_SEC;
	for (guint i = 0; i < parts->len; i++) {
		const struct message_attachment *part = parts->pdata[i];
		g_autoptr(GPtrArray) found =
		    read_part(part, extractor, deadline);

		bound(found, &left);
		content_add_attachments(content, found, part->leaf);
	}
}
