/*
 * The examples of a pattern file, tried.  A "match" must be found as that
 * marking's kind; a "no match" of a marking must not be found as its kind, and
 * one of a mention must not be found at all.
 */
#include <string.h>

#include "policy/detect/marking_rules.h"
#include "policy/text/normalise.h"

static void
add_text(struct content *content, enum origin origin, const char *text)
{
	struct segment *segment = content_add_segment(content, origin);

	segment->text = text_normalise(text, strlen(text), &segment->len, NULL);
	segment->language = "";
	segment->attachment = -1;
}

/* The example as the message that has it at that place. */
static struct content *
example_content(const struct marking_example *example)
{
	struct content *content = content_new();
	g_autofree char *text = NULL;

	switch (example->where) {
	case MARKING_SUBJECT:
		add_text(content, ORIGIN_SUBJECT, example->text);
		break;
	case MARKING_ATTACHMENT:
		add_text(content, ORIGIN_NAME, example->text);
		break;
	case MARKING_BOTTOM:
	case MARKING_BODY:
		text = g_strconcat(
		    "One\n\nTwo\n\nThree\n\nFour\n\nFive\n\nSix\n\n",
		    example->text, "\n",
		    example->where == MARKING_BODY ? "\nLast\n" : "", NULL);
		add_text(content, ORIGIN_OWN, text);
		break;
	default:
		text = g_strconcat(example->text, "\n\nText\n", NULL);
		add_text(content, ORIGIN_OWN, text);
		break;
	}
	return content;
}

/* "Name: value" as the header that has it. */
static struct header_facts *
example_headers(const struct marking_example *example)
{
	struct header_facts *headers = header_facts_new();
	const char *colon = strchr(example->text, ':');
	g_autofree char *name = NULL;
	g_autofree char *value = NULL;

	if (example->where != MARKING_HEADER || colon == NULL)
		return headers;
	name = g_strndup(example->text, (gsize)(colon - example->text));
	value = g_strstrip(g_strdup(colon + 1));
	g_ptr_array_add(headers->fields, mailbox_new(name, value));
	return headers;
}

static bool
is_found(
    const struct marking_rules *rules, const struct marking_example *example)
{
	g_autoptr(content) content = example_content(example);
	g_autoptr(header_facts) headers = example_headers(example);
	g_autoptr(GPtrArray) found = NULL;
	const char *kind = example->rule->kind;
	bool cut = false;

	if (example->where == MARKING_HEADER)
		g_ptr_array_set_size(content->segments, 0);
	found = markings_find(rules, headers, content, &cut);
	if (kind == NULL)
		return found->len > 0;
	for (guint i = 0; i < found->len; i++) {
		const struct marking *marking = found->pdata[i];

		if (strcmp(marking->kind, kind) == 0)
			return true;
	}
	return false;
}

void
marking_rules_try(const struct marking_rules *rules, struct diags *diags)
{
	for (guint i = 0; i < rules->examples->len; i++) {
		const struct marking_example *example =
		    &g_array_index(rules->examples, struct marking_example, i);

		if (is_found(rules, example) == example->wanted)
			continue;
		diags_add(diags, DIAG_ERROR, &example->place,
		    example->wanted
			? "\"%s\" does not find this example"
			: "\"%s\" must not find this example and does",
		    example->rule->name);
	}
}
