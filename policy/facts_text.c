#include <string.h>

#include "policy/detect/inspection.h"
#include "policy/detect/thread.h"
#include "policy/facts_private.h"
#include "policy/policy.h"

/* Is it a file within that archive or message, by its name? */
static bool
is_within(const struct attachment *attachment, const char *container)
{
	return container != NULL &&
	    g_str_has_prefix(attachment->name, container) &&
	    attachment->name[strlen(container)] == '/';
}

/*
 * How many attachments ended in a state; what is in one that did is not counted
 * again.
 */
static unsigned
count_state(const GPtrArray *attachments, enum attachment_state state)
{
	const char *container = NULL;
	unsigned count = 0;

	for (guint i = 0; i < attachments->len; i++) {
		const struct attachment *attachment = attachments->pdata[i];

		if (attachment->state != state ||
		    is_within(attachment, container))
			continue;
		container = attachment->name;
		count++;
	}
	return count;
}

/* "2 encrypted", added to a list. */
static void
append_count(GString *list, const struct facts *facts,
    enum attachment_state state)
{
	unsigned count = 0;

	for (guint which = 0; which < INSPECTION_COUNT; which++) {
		struct inspection *in = facts->inspections[which];

		if (in != NULL)
			count += count_state(
			    inspection_content(in)->attachments, state);
	}
	if (count > 0)
		g_string_append_printf(list, "%s%u %s",
		    list->len > 0 ? ", " : "", count,
		    attachment_state_name(state));
}

/*
 * Says what could not be read.  Files of a kind that nothing reads, pictures
 * above all, do not count: nearly every message has one.
 */
static void
note_unread(struct facts *facts)
{
	static const enum attachment_state states[] = {ATTACHMENT_ENCRYPTED,
	    ATTACHMENT_TRUNCATED, ATTACHMENT_TIMED_OUT, ATTACHMENT_FAILED};
	const struct content *text =
	    inspection_content(facts->inspections[INSPECTION_TEXT]);
	g_autoptr(GString) list = g_string_new(NULL);
	char **why = &facts->message->not_inspected;

	if (facts->limited)
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(states); i++)
		append_count(list, facts, states[i]);
	g_free(*why);
	*why = NULL;
	if (text->not_read != NULL)
		*why = g_strdup(text->not_read);
	else if (list->len > 0)
		*why = g_strdup_printf(
		    "attachments were not read to the end (%s)", list->str);
}

void
facts_set_text(struct facts *facts, const struct content *content)
{
	g_return_if_fail(facts->stage == STAGE_MESSAGE);
	facts->stage = STAGE_TEXT;
	facts->inspections[INSPECTION_TEXT] = inspection_new(
	    facts->policy, facts->headers, content, facts->on);
	facts->parents =
	    parents_find(facts->policy, facts->headers, content, facts->on);
	note_unread(facts);
}

void
facts_set_attachments(struct facts *facts, const struct content *content)
{
	g_return_if_fail(facts->stage == STAGE_TEXT);
	facts->stage = STAGE_ATTACHMENTS;
	facts->inspections[INSPECTION_ATTACHMENTS] =
	    inspection_new(facts->policy, NULL, content, facts->on);
	note_unread(facts);
}

const char *
facts_not_inspected(const struct facts *facts)
{
	if (facts->message == NULL || facts->message->not_inspected != NULL)
		return facts->message != NULL ? facts->message->not_inspected
					      : NULL;
	for (guint which = 0; which < INSPECTION_COUNT; which++)
		if (facts->inspections[which] != NULL &&
		    inspection_was_cut(facts->inspections[which]))
			return "it has more of what the patterns look for than "
			       "a limit allows";
	return NULL;
}

const GPtrArray *
facts_parents(const struct facts *facts)
{
	return facts->parents;
}

struct inspection *
facts_inspection(const struct facts *facts, unsigned which)
{
	return facts->inspections[which];
}

bool
facts_await_attachments(const struct facts *facts)
{
	return facts->stage < STAGE_ATTACHMENTS && facts->message != NULL &&
	       facts->message->attachments > 0;
}
