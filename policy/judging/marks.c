#include <string.h>

#include "policy/detect/inspection.h"
#include "policy/judging/collect.h"
#include "policy/judging/template.h"

void
mark_free(gpointer p)
{
	struct mark *mark = p;

	g_free(mark->word);
	g_free(mark->banner);
	g_free(mark);
}

static void
append_once(GPtrArray *words, const char *word)
{
	for (guint i = 0; i < words->len; i++)
		if (strcmp(words->pdata[i], word) == 0)
			return;
	g_ptr_array_add(words, g_strdup(word));
}

/* "Jane Jones, Sam Smith and Priya Patel" */
static char *
join(const GPtrArray *words)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < words->len; i++) {
		if (i > 0)
			g_string_append(
			    s, i + 1 < words->len ? ", " : " and ");
		g_string_append(s, words->pdata[i]);
	}
	return g_string_free(s, FALSE);
}

/* What is confidential about the message, else which clause asks for it. */
static char *
find_reason(const struct rule *rule, const struct facts *facts)
{
	g_autoptr(GPtrArray) titles =
	    g_ptr_array_new_with_free_func(g_free);

	for (unsigned which = 0; which < INSPECTION_COUNT; which++) {
		struct inspection *in = facts_inspection(facts, which);
		const GPtrArray *secrets =
		    in != NULL ? inspection_secrets(in) : NULL;

		for (guint i = 0; secrets != NULL && i < secrets->len; i++) {
			const struct secret *secret = secrets->pdata[i];

			if (level_of(secret->probability) >= LEVEL_MEDIUM)
				append_once(titles, secret->title);
		}
	}
	if (titles->len > 0)
		return join(titles);
	return g_strdup(*rule->clause != '\0' ? rule->clause : rule->name);
}

/* With whom it is shared, as everybody sees: hidden copies stay out of it. */
static char *
find_readers(const struct facts *facts)
{
	const GPtrArray *recipients = facts_recipients(facts);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	bool strangers = false;

	for (guint i = 0; i < recipients->len; i++) {
		const struct recipient *r = recipients->pdata[i];

		if (r->visible && r->party.person != NULL)
			append_once(names, r->party.person->name);
		strangers = strangers ||
		    (r->visible && r->party.person == NULL);
	}
	if (strangers || names->len == 0)
		append_once(names,
		    names->len > 0 ? "other addressees" : "its addressees");
	return join(names);
}

static void
add_mark(struct verdict *verdict, const struct rule *rule,
    const struct action *action, const struct facts *facts)
{
	struct mark *mark = g_new0(struct mark, 1);

	mark->rule = rule;
	mark->word = g_strdup(action->text);
	mark->in_subject = action->in_subject;
	if (action->banner != NULL) {
		g_autofree char *reason = find_reason(rule, facts);
		g_autofree char *readers = find_readers(facts);
		const struct filling fillings[] = {
		    {"{reason}", reason},
		    {"{recipients}", readers},
		    {"{council}", facts_policy(facts)->council},
		    {NULL, NULL},
		};

		mark->banner = template_fill(action->banner, fillings);
	}
	g_ptr_array_add(verdict->marks, mark);
}

void
collect_marks(struct verdict *verdict, const struct facts *facts)
{
	for (guint i = 0; i < verdict->findings->len; i++) {
		const struct judgement *found = verdict->findings->pdata[i];
		const struct rule *rule = found->rule;

		if (found->truth != TRUTH_TRUE || rule->mode != MODE_ENFORCE)
			continue;
		for (guint k = 0; k < rule->actions->len; k++) {
			const struct action *action =
			    &g_array_index(rule->actions, struct action, k);

			if (action->kind == ACTION_MARK)
				add_mark(verdict, rule, action, facts);
		}
	}
}
