#include <stdio.h>
#include <string.h>

#include "milter/ctl/ctl.h"
#include "milter/ctl/show_content.h"

enum { INDENT = 4, FIRST_WORDS = 48, LABEL = 24 };

/* "quoted 2, part 0, html" */
static char *
describe(const struct segment *segment)
{
	GString *text = g_string_new(origin_name(segment->origin));

	if (segment->depth > 0)
		g_string_append_printf(text, " %u", segment->depth);
	if (segment->attachment >= 0)
		g_string_append_printf(text, ", attachment %d%s",
		    segment->attachment, segment->opens ? ", opens" : "");
	else if (segment->origin != ORIGIN_SUBJECT)
		g_string_append_printf(text, ", part %u%s", segment->part,
		    segment->html ? ", html" : "");
	return g_string_free(text, FALSE);
}

/* "Jane Jones <jones@woodland-pc.example>", or NULL. */
static char *
describe_writer(const struct segment *segment)
{
	if (segment->writer_address == NULL)
		return g_strdup(segment->writer_name);
	if (segment->writer_name == NULL)
		return g_strdup_printf("<%s>", segment->writer_address);
	return g_strdup_printf(
	    "%s <%s>", segment->writer_name, segment->writer_address);
}

static void
print_lines(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line != NULL; line++) {
		g_autofree char *printable = ctl_printable(*line);

		if (line[1] == NULL && **line == '\0')
			break;
		if (*printable == '\0')
			puts("");
		else
			printf("%*s%s\n", INDENT, "", printable);
	}
}

static void
print_segment(const struct segment *segment)
{
	g_autofree char *what = describe(segment);
	g_autofree char *writer = describe_writer(segment);
	g_autofree char *by =
	    writer != NULL ? ctl_printable(writer) : g_strdup("");

	printf("%s%s%s%s%s\n", what, *segment->language != '\0' ? ", " : "",
	    segment->language, writer != NULL ? ", by " : "", by);
	print_lines(segment->text);
}

/* Attachments that nothing was read of are worth a line. */
static void
print_attachment(const struct attachment *attachment)
{
	g_autofree char *name = ctl_printable(attachment->name);

	printf("attachment %s: %s%s%s\n", *name != '\0' ? name : "without name",
	    attachment_state_name(attachment->state),
	    attachment->reason != NULL ? ", " : "",
	    attachment->reason != NULL ? attachment->reason : "");
}

void
show_content_text(const struct content *content)
{
	for (guint i = 0; i < content->segments->len; i++) {
		if (i > 0)
			puts("");
		print_segment(content->segments->pdata[i]);
	}
	if (content->segments->len > 0 && content->attachments->len > 0)
		puts("");
	for (guint i = 0; i < content->attachments->len; i++)
		print_attachment(content->attachments->pdata[i]);
	if (content->not_read != NULL)
		printf("\nnot all was read: %s\n", content->not_read);
}

static char *
first_words(const struct segment *segment)
{
	g_autofree char *start =
	    g_strndup(segment->text, MIN(segment->len, 8 * FIRST_WORDS));
	g_autofree char *printable = NULL;
	const char *end;

	g_strdelimit(start, "\n", ' ');
	printable = ctl_printable(g_strstrip(start));
	if (g_utf8_strlen(printable, -1) <= FIRST_WORDS &&
	    segment->len <= 8 * FIRST_WORDS)
		return g_steal_pointer(&printable);
	end = g_utf8_strlen(printable, -1) > FIRST_WORDS
		  ? g_utf8_offset_to_pointer(printable, FIRST_WORDS)
		  : printable + strlen(printable);
	return g_strdup_printf("%.*s...", (int)(end - printable), printable);
}

void
show_content_brief(const struct content *content)
{
	for (guint i = 0; i < content->segments->len; i++) {
		const struct segment *segment = content->segments->pdata[i];
		g_autofree char *what = describe(segment);
		g_autofree char *words = first_words(segment);

		printf("  %-*s %s\n", LABEL, what, words);
	}
	for (guint i = 0; i < content->attachments->len; i++) {
		fputs("  ", stdout);
		print_attachment(content->attachments->pdata[i]);
	}
	if (content->not_read != NULL)
		printf("  not all was read: %s\n", content->not_read);
}

static void
write_segment(struct json *json, const struct segment *segment)
{
	json_object(json, NULL);
	json_string(json, "origin", origin_name(segment->origin));
	json_number(json, "part", segment->part);
	json_bool(json, "html", segment->html);
	json_string(json, "language", segment->language);
	if (segment->depth > 0)
		json_number(json, "depth", segment->depth);
	if (segment->writer_name != NULL)
		json_string(json, "writer_name", segment->writer_name);
	if (segment->writer_address != NULL)
		json_string(json, "writer_address", segment->writer_address);
	if (segment->attachment >= 0) {
		json_number(json, "attachment", segment->attachment);
		json_bool(json, "opens", segment->opens);
	}
	json_string(json, "text", segment->text);
	json_end(json);
}

static void
write_attachment(struct json *json, const struct attachment *attachment)
{
	json_object(json, NULL);
	json_string(json, "name", attachment->name);
	json_string(json, "type", attachment->type);
	json_string(json, "state", attachment_state_name(attachment->state));
	if (attachment->reason != NULL)
		json_string(json, "reason", attachment->reason);
	json_end(json);
}

void
show_content_json(struct json *json, const struct content *content)
{
	json_array(json, "segments");
	for (guint i = 0; i < content->segments->len; i++)
		write_segment(json, content->segments->pdata[i]);
	json_end(json);
	json_array(json, "attachments");
	for (guint i = 0; i < content->attachments->len; i++)
		write_attachment(json, content->attachments->pdata[i]);
	json_end(json);
	if (content->not_read != NULL)
		json_string(json, "not_read", content->not_read);
}
