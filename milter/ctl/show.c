#include "milter/ctl/show.h"

/* Did a rule that holds ask for this, in a mode that lets it happen? */
static bool
rules_ask_for(const struct verdict *verdict, enum action_kind kind)
{
	for (guint i = 0; i < verdict->findings->len; i++) {
		const struct judgement *found = verdict->findings->pdata[i];
		const GArray *actions = found->rule->actions;

		if (found->truth != TRUTH_TRUE ||
		    found->rule->mode == MODE_OBSERVE)
			continue;
		for (guint j = 0; j < actions->len; j++)
			if (g_array_index(actions, struct action, j).kind ==
			    kind)
				return true;
	}
	return false;
}

static bool
has_letter(const struct journal_entry *entry, const char *kind)
{
	return entry != NULL && journal_entry_has_letter(entry, kind);
}

static bool
is_done(const struct examination *seen, enum action_kind kind)
{
	const struct verdict *verdict = seen->outcome->verdict;
	enum disposition fate = seen->outcome->disposition;

	switch (kind) {
	case ACTION_REJECT:
		return fate == DISPOSITION_REJECT;
	case ACTION_HOLD:
		return fate == DISPOSITION_HOLD;
	case ACTION_DEFER:
		return fate == DISPOSITION_DEFER;
	case ACTION_FOOTER:
		return verdict->footers->len > 0;
	case ACTION_REPORT:
		return has_letter(seen->entry, "report");
	case ACTION_NOTIFY:
		return has_letter(seen->entry, "notice");
	case ACTION_DISCLOSE:
		return has_letter(seen->entry, "disclosure");
	case ACTION_LOG:
		return verdict->logs->len > 0;
	default:
		return rules_ask_for(verdict, kind);
	}
}

GPtrArray *
show_actions(const struct examination *seen)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	for (int kind = 0; kind < ACTION_KIND_COUNT; kind++)
		if (is_done(seen, (enum action_kind)kind))
			g_ptr_array_add(names,
			    g_strdup(action_name((enum action_kind)kind)));
	return names;
}

const char *
show_judgement(const struct judgement *judgement)
{
	static const char *const words[] = {[TRUTH_FALSE] = "does not hold",
	    [TRUTH_UNKNOWN] = "not judged",
	    [TRUTH_TRUE] = "holds"};

	return judgement->active ? words[judgement->truth] : "not active";
}

char *
show_party(const struct party *party)
{
	return party->person != NULL ? person_display(party->person)
				     : g_strdup(party->address);
}

bool
show_hidden(const struct facts *facts, const struct recipient *recipient)
{
	return recipient->hidden && recipient->party.person != NULL &&
	       person_has_role(
		   recipient->party.person, ROLE_COUNCILLOR, facts_day(facts));
}
