#include "policy/text/content.h"
#include "policy/text/marks.h"

const char *
origin_name(enum origin origin)
{
	static const char *const names[ORIGIN_COUNT] = {
	    [ORIGIN_SUBJECT] = "subject",
	    [ORIGIN_OWN] = "own",
	    [ORIGIN_QUOTED] = "quoted",
	    [ORIGIN_FORWARDED] = "forwarded",
	    [ORIGIN_SIGNATURE] = "signature",
	    [ORIGIN_DISCLAIMER] = "disclaimer",
	    [ORIGIN_FOOTER] = "footer",
	    [ORIGIN_UNSEEN] = "unseen",
	    [ORIGIN_NAME] = "name",
	    [ORIGIN_ATTACHMENT] = "attachment",
	    [ORIGIN_PROPERTY] = "property",
	};

	return names[origin];
}

const char *
attachment_state_name(enum attachment_state state)
{
	static const char *const names[ATTACHMENT_STATE_COUNT] = {
	    [ATTACHMENT_READ] = "read",
	    [ATTACHMENT_UNSUPPORTED] = "unsupported",
	    [ATTACHMENT_ENCRYPTED] = "encrypted",
	    [ATTACHMENT_TRUNCATED] = "truncated",
	    [ATTACHMENT_TIMED_OUT] = "timed out",
	    [ATTACHMENT_FAILED] = "failed",
	};

	return names[state];
}

static void
segment_free(gpointer data)
{
	struct segment *segment = data;

	g_free(segment->text);
	g_free(segment->writer_name);
	g_free(segment->writer_address);
	if (segment->marks != NULL)
		g_array_unref(segment->marks);
	g_free(segment);
}

static void
property_free(gpointer data)
{
	struct property *property = data;

	g_free(property->name);
	g_free(property->value);
	g_free(property);
}

struct attachment *
attachment_new(void)
{
	struct attachment *a = g_new0(struct attachment, 1);

	a->name = g_strdup("");
	a->type = g_strdup("");
	a->properties = g_ptr_array_new_with_free_func(property_free);
	return a;
}

void
attachment_free(struct attachment *a)
{
	if (a == NULL)
		return;
	g_free(a->name);
	g_free(a->type);
	g_free(a->reason);
	g_free(a->opening);
	g_free(a->text);
	g_ptr_array_unref(a->properties);
	g_free(a);
}

static void
free_attachment(gpointer attachment)
{
	attachment_free(attachment);
}

void
attachment_add_property(
    struct attachment *a, const char *name, const char *value)
{
	struct property *property = g_new0(struct property, 1);

	property->name = g_strdup(name);
	property->value = g_strdup(value);
	g_ptr_array_add(a->properties, property);
}

struct content *
content_new(void)
{
	struct content *content = g_new0(struct content, 1);

	content->segments = g_ptr_array_new_with_free_func(segment_free);
	content->attachments = g_ptr_array_new_with_free_func(free_attachment);
	return content;
}

void
content_free(struct content *content)
{
	if (content == NULL)
		return;
	g_ptr_array_unref(content->segments);
	g_ptr_array_unref(content->attachments);
	g_free(content->not_read);
	g_free(content);
}

struct segment *
content_add_segment(struct content *content, enum origin origin)
{
	struct segment *segment = g_new0(struct segment, 1);

	segment->origin = origin;
	segment->language = "";
	segment->attachment = -1;
	g_ptr_array_add(content->segments, segment);
	return segment;
}

struct attachment *
content_add_attachment(struct content *content)
{
	struct attachment *a = attachment_new();

	g_ptr_array_add(content->attachments, a);
	return a;
}

gsize
segment_source(const struct segment *segment, gsize offset)
{
	return text_marks_source(segment->marks, offset);
}
