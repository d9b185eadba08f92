/*
 * A labelled line made the message that its position speaks of, with ordinary
 * words around it, as the detectors see one.
 */
#include <string.h>

#include "milter/ctl/score.h"
#include "policy/text/normalise.h"

/* What nothing should be found in. */
#define WORDS_BEFORE \
	"Dear all,\n\nThank you for coming on Monday. The hall was full.\n\n" \
	"The minutes are on the website, and the next meeting is in May.\n\n" \
	"The hedge along the footpath has been cut.\n\n"
#define WORDS_AFTER "\nThe next meeting is in May.\n\nKind regards\nAlex\n"

static void
add_segment(struct content *content, enum origin origin, const char *text)
{
	struct segment *segment = content_add_segment(content, origin);

	segment->text = text_normalise(text, strlen(text), &segment->len, NULL);
	segment->language = "";
	segment->attachment = -1;
	segment->depth = origin == ORIGIN_QUOTED ? 1 : 0;
}

/* Prose; lines that begin with ">" are what it answers. */
static void
add_prose(struct content *content, const char *before, const char *text,
    const char *after)
{
	g_autoptr(GString) own = g_string_new(before);
	g_autoptr(GString) quoted = g_string_new(NULL);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++) {
		const char *line = lines[i];
		bool is_quoted = *line == '>';

		if (is_quoted)
			line += 1 + strspn(line + 1, " ");
		g_string_append_printf(is_quoted ? quoted : own, "%s\n", line);
	}
	g_string_append(own, after);
	add_segment(content, ORIGIN_OWN, own->str);
	if (quoted->len > 0)
		add_segment(content, ORIGIN_QUOTED, quoted->str);
}

static void
add_attachment(struct content *content, const char *name)
{
	struct attachment *attachment = content_add_attachment(content);
	struct segment *segment;

	g_free(attachment->name);
	attachment->name = g_strdup(name);
	add_segment(content, ORIGIN_NAME, name);
	segment = content->segments->pdata[content->segments->len - 1];
	segment->attachment = 0;
}

/* "Name: value", unfolded. */
static void
add_field(struct header_facts *headers, const char *field)
{
	const char *colon = strchr(field, ':');
	g_autofree char *name = NULL;
	g_autofree char *value = NULL;

	if (colon == NULL)
		return;
	name = g_strndup(field, (gsize)(colon - field));
	value = g_strdup(colon + 1);
	g_strdelimit(value, "\n", ' ');
	g_ptr_array_add(
	    headers->fields, mailbox_new(name, g_strstrip(value)));
}

static void
place_text(struct sample *sample, const char *text)
{
	const char *position = sample->position;

	if (strcmp(position, "subject") == 0)
		add_segment(sample->content, ORIGIN_SUBJECT, text);
	else if (strcmp(position, "header") == 0)
		add_field(sample->headers, text);
	else if (strcmp(position, "filename") == 0)
		add_attachment(sample->content, text);
	else if (strcmp(position, "first-line") == 0)
		add_prose(sample->content, "", text, WORDS_AFTER);
	else if (strcmp(position, "last-line") == 0 ||
	    strcmp(position, "footer") == 0)
		add_prose(sample->content, WORDS_BEFORE, text, "");
	else if (strcmp(position, "body") == 0)
		add_prose(sample->content, WORDS_BEFORE, text, WORDS_AFTER);
	else
		add_prose(sample->content, "", text, "");
}

struct sample *
sample_new(const char *line)
{
	const char *tab = strchr(line, '\t'), *at;
	g_autofree char *label = NULL;
	g_autoptr(GString) text = NULL;
	struct sample *sample;

	if (tab == NULL)
		return NULL;
	label = g_strndup(line, (gsize)(tab - line));
	at = strchr(label, '@');
	sample = g_new0(struct sample, 1);
	sample->kind = g_strndup(label, strcspn(label, "@"));
	sample->position = g_strdup(at != NULL ? at + 1 : "");
	sample->text = g_strdup(tab + 1);
	sample->content = content_new();
	sample->headers = header_facts_new();
	text = g_string_new(sample->text);
	g_string_replace(text, "\\n", "\n", 0);
	place_text(sample, text->str);
	return sample;
}

void
sample_free(struct sample *sample)
{
	if (sample == NULL)
		return;
	g_free(sample->kind);
	g_free(sample->position);
	g_free(sample->text);
	content_free(sample->content);
	header_facts_free(sample->headers);
	g_free(sample);
}
