#include <string.h>

#include "policy/language/check.h"
#include "policy/language/words.h"

static void
report_unknown_rule(struct compiler *c, const struct named *name)
{
	g_autoptr(GArray) names = words_new();
	const char *nearest;
	guint i;

	if (diags_errors(c->diags) > CHECK_SUGGEST_MAX)
		return;
	for (i = 0; i < c->drafts->len; i++) {
		const struct draft *draft = g_ptr_array_index(c->drafts, i);

		words_add(names, draft->rule->name);
	}
	nearest = words_nearest(names, name->text);
	if (nearest != NULL)
		compile_report(c, DIAG_ERROR, &name->place,
		    "there is no rule \"%s\", did you mean \"%s\"?", name->text,
		    nearest);
	else if (!c->names_lost)
		compile_report(c, DIAG_ERROR, &name->place,
		    "there is no rule \"%s\"", name->text);
}

static void
check_expected(struct compiler *c, const GPtrArray *rules)
{
	guint i, k;

	for (i = 0; rules != NULL && i < rules->len; i++) {
		const struct named *name = g_ptr_array_index(rules, i);

		if (!g_hash_table_contains(c->rules, name->text))
			report_unknown_rule(c, name);
		for (k = 0; k < i; k++) {
			const struct named *before =
			    g_ptr_array_index(rules, k);

			if (strcmp(before->text, name->text) == 0) {
				compile_again(c, &name->place, name->text,
				    &before->place);
				break;
			}
		}
	}
}

/* Somebody in a case: an address, an id or a role. */
static void
check_party(struct compiler *c, const struct named *party)
{
	const struct roster *roster = c->policy->roster;
	const char *nearest;

	if (strchr(party->text, '@') != NULL) {
		g_autofree char *folded =
		    address_fold(c->policy->rules, party->text);

		if (folded == NULL)
			compile_report(c, DIAG_ERROR, &party->place,
			    "\"%s\" is not an address", party->text);
		return;
	}
	if (roster == NULL || roster_find_id(roster, party->text) != NULL ||
	    role_by_name(party->text) != -1)
		return;
	nearest = check_suggest(c, party->text, true);
	if (nearest != NULL)
		compile_report(c, DIAG_ERROR, &party->place,
		    "unknown role or person \"%s\", did you mean \"%s\"?",
		    party->text, nearest);
	else
		compile_report(c, DIAG_ERROR, &party->place,
		    "unknown role or person \"%s\": write a role, an id of "
		    "the roster or an address",
		    party->text);
}

static void
take_parties(struct compiler *c, const GPtrArray *parties, GPtrArray *result)
{
	guint i;

	for (i = 0; i < parties->len; i++) {
		const struct named *party = g_ptr_array_index(parties, i);

		check_party(c, party);
		g_ptr_array_add(result, party->text);
	}
}

void
check_trials(struct compiler *c)
{
	guint i;

	for (i = 0; i < c->trials->len; i++) {
		const struct trial *trial = g_ptr_array_index(c->trials, i);
		struct expectation *e = trial->expectation;

		check_expected(c, trial->rules);
		if (trial->from.text != NULL)
			check_party(c, &trial->from);
		e->from = trial->from.text;
		take_parties(c, trial->to, e->to);
		take_parties(c, trial->cc, e->cc);
		take_parties(c, trial->bcc, e->bcc);
	}
}
