#include <string.h>

#include "policy/judging/collect.h"
#include "policy/judging/template.h"

static const char DEFAULT_TEMPLATE[] = "CC councillor {name}";

void
footer_free(gpointer p)
{
	struct footer *footer = p;

	g_free(footer->text);
	g_free(footer);
}

static char *
expand(const char *template, const struct policy *policy,
    const struct person *person)
{
	const struct filling fillings[] = {
	    {"{name}", person != NULL ? person->name : ""},
	    {"{title}", person != NULL ? person->title : ""},
	    {"{council}", policy->council},
	    {NULL, NULL},
	};

	return template_fill(template, fillings);
}

/* The policy's template for "cy-GB", else for "cy"; sets the language. */
static const char *
template_for(const struct policy *policy, const struct person *person,
    const struct action *action, const char **language)
{
	const char *text = NULL;

	*language = person->language;
	if (**language != '\0')
		text = g_hash_table_lookup(policy->footers, *language);
	if (text == NULL && strchr(*language, '-') != NULL) {
		g_autofree char *primary =
		    g_strndup(*language, strcspn(*language, "-"));

		text = g_hash_table_lookup(policy->footers, primary);
	}
	if (text != NULL)
		return text;
	*language = "";
	return action->text != NULL ? action->text : DEFAULT_TEMPLATE;
}

/* person is NULL for the line that stands for all of them. */
static void
add_footer(struct verdict *verdict, const struct policy *policy,
    const struct rule *rule, const struct action *action,
    const struct person *person)
{
	const char *language = "";
	const char *template = policy->all_text;
	struct footer *footer;
	char *text;
	guint i;

	if (person != NULL)
		template = template_for(policy, person, action, &language);
	text = expand(template, policy, person);
	for (i = 0; i < verdict->footers->len; i++) {
		footer = g_ptr_array_index(verdict->footers, i);
		if (footer->person == person &&
		    strcmp(footer->text, text) == 0) {
			g_free(text);
			return;
		}
	}
	footer = g_new0(struct footer, 1);
	footer->rule = rule;
	footer->person = person;
	footer->text = text;
	footer->language = language;
	footer->placement = action->placement;
	g_ptr_array_add(verdict->footers, footer);
}

static void
add_footers(struct verdict *verdict, const struct policy *policy,
    const struct person *person)
{
	guint i, k;

	for (i = 0; i < verdict->findings->len; i++) {
		const struct judgement *found =
		    g_ptr_array_index(verdict->findings, i);
		const struct rule *rule = found->rule;

		if (found->truth != TRUTH_TRUE || rule->mode != MODE_ENFORCE)
			continue;
		for (k = 0; k < rule->actions->len; k++) {
			const struct action *action =
			    &g_array_index(rule->actions, struct action, k);

			if (action->kind == ACTION_FOOTER)
				add_footer(
				    verdict, policy, rule, action, person);
		}
	}
}

static int
compare_persons(gconstpointer a, gconstpointer b)
{
	const struct person *const *first = a, *const *second = b;

	return (*first)->index < (*second)->index   ? -1
	       : (*first)->index > (*second)->index ? 1
						    : 0;
}

/* struct person *: hidden councillors, in roster order. */
static GArray *
hidden_councillors(const struct facts *facts)
{
	const GPtrArray *recipients = facts_recipients(facts);
	GArray *people =
	    g_array_new(FALSE, FALSE, sizeof(const struct person *));
	guint i;

	for (i = 0; i < recipients->len; i++) {
		const struct recipient *r = g_ptr_array_index(recipients, i);

		if (r->hidden && r->party.person != NULL &&
		    person_has_role(
			r->party.person, ROLE_COUNCILLOR, facts_day(facts)))
			g_array_append_val(people, r->party.person);
	}
	g_array_sort(people, compare_persons);
	return people;
}

/*
 * A message that is refused or has to come again gains nothing; one that is
 * held is edited now, since the MTA delivers it as it is when it is released.
 */
bool
collect_keeps_quiet(const struct verdict *verdict)
{
	for (guint i = 0; i < verdict->findings->len; i++) {
		const struct judgement *found = verdict->findings->pdata[i];
		const GArray *actions = found->rule->actions;

		for (guint k = 0; found->truth == TRUTH_TRUE &&
			 found->rule->mode == MODE_ENFORCE && k < actions->len;
		     k++)
			if (g_array_index(actions, struct action, k).kind ==
			    ACTION_NO_FOOTER)
				return true;
	}
	return false;
}

void
collect_footers(struct verdict *verdict, const struct facts *facts)
{
	const struct policy *policy = facts_policy(facts);
	g_autoptr(GArray) people = NULL;
	guint i;

	if ((verdict->disposition != DISPOSITION_ACCEPT &&
		verdict->disposition != DISPOSITION_HOLD) ||
	    collect_keeps_quiet(verdict))
		return;
	people = hidden_councillors(facts);
	if (policy->all_above > 0 && people->len > policy->all_above) {
		add_footers(verdict, policy, NULL);
		return;
	}
	for (i = 0; i < people->len; i++)
		add_footers(verdict, policy,
		    g_array_index(people, const struct person *, i));
}
