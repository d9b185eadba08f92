#include <string.h>
#include <unistd.h>

#include "policy/detect/detectors.h"
#include "policy/language/check.h"

/* Where a fault stands that is nowhere: at the policy's first line. */
static struct place
beginning(const struct compiler *c)
{
	const struct reading *first = g_ptr_array_index(c->files, 0);
	struct place place = {first->file, 1, 1, 1};

	return place;
}

static void
check_given(struct compiler *c)
{
	static const struct {
		enum setting setting;
		const char *message;
	} needed[] = {
	    {SET_COUNCIL, "the policy does not name the council: add "
			  "council \"…\""},
	    {SET_DOMAINS, "the policy does not say which domains are the "
			  "council's: add \"domains\""},
	    {SET_ROSTER, "the policy has no roster: add roster \"…\" with "
			 "the name of its file"},
	};
	struct place place = beginning(c);
	size_t i;

	if (c->broken || c->names_lost)
		return;
	for (i = 0; i < G_N_ELEMENTS(needed); i++)
		if (c->given[needed[i].setting].line == 0)
			compile_report(
			    c, DIAG_ERROR, &place, "%s", needed[i].message);
	if (c->drafts->len == 0)
		compile_report(c, DIAG_WARNING, &place,
		    "the policy has no rule: it does nothing");
}

static void
check_addresses(struct compiler *c)
{
	struct policy *policy = c->policy;
	guint i;

	if (c->delimiters != NULL)
		address_rules_set_delimiters(policy->rules, c->delimiters);
	for (i = 0; i + 1 < c->equivalents->len; i += 2) {
		const struct named *other =
		    g_ptr_array_index(c->equivalents, i);
		const struct named *main =
		    g_ptr_array_index(c->equivalents, i + 1);
		g_autoptr(GError) error = NULL;

		if (!address_rules_add_equivalent(
			policy->rules, other->text, main->text, &error))
			compile_report(
			    c, DIAG_ERROR, &other->place, "%s", error->message);
	}
	for (i = 0; c->domains != NULL && i < c->domains->len; i++) {
		const struct named *domain = g_ptr_array_index(c->domains, i);
		g_autofree char *folded =
		    address_fold_domain(policy->rules, domain->text);

		if (folded == NULL)
			compile_report(c, DIAG_ERROR, &domain->place,
			    "\"%s\" is not a domain", domain->text);
		else
			g_ptr_array_add(policy->domains,
			    arena_string(policy->arena, folded));
	}
}

/* A file that a statement names is missed there, not in the file itself. */
static bool
check_file(struct compiler *c, const struct named *file, const char *what)
{
	if (g_file_test(file->text, G_FILE_TEST_IS_REGULAR) &&
	    access(file->text, R_OK) == 0)
		return true;
	compile_report(c, DIAG_ERROR, &file->place,
	    g_file_test(file->text, G_FILE_TEST_EXISTS)
		? "cannot read the %s \"%s\""
		: "there is no %s \"%s\"",
	    what, file->text);
	return false;
}

static void
check_roster(struct compiler *c)
{
	struct policy *policy = c->policy;
	g_autoptr(GPtrArray) domains = NULL;
	guint i;

	if (c->roster.text == NULL || !check_file(c, &c->roster, "roster"))
		return;
	policy->roster = roster_load(c->roster.text, policy->rules, c->diags);
	if (policy->roster == NULL || c->aliases.text == NULL ||
	    !check_file(c, &c->aliases, "aliases file"))
		return;
	domains = g_ptr_array_new();
	for (i = 0; i < policy->domains->len; i++)
		g_ptr_array_add(domains, g_ptr_array_index(policy->domains, i));
	g_ptr_array_add(domains, NULL);
	roster_load_aliases(policy->roster, c->aliases.text,
	    (char *const *)domains->pdata, c->diags);
}

/* Has somebody this language, or a variety of it ("cy-GB" for "cy")? */
static bool
is_spoken(const struct roster *roster, const char *language)
{
	size_t len = strlen(language);
	unsigned i;

	for (i = 0; i < roster_count(roster); i++) {
		const char *spoken = roster_person(roster, i)->language;

		if (g_str_has_prefix(spoken, language) &&
		    (spoken[len] == '\0' || spoken[len] == '-'))
			return true;
	}
	return false;
}

static void
check_languages(struct compiler *c)
{
	guint i;

	for (i = 0; c->policy->roster != NULL && i < c->languages->len; i++) {
		const struct named *language =
		    g_ptr_array_index(c->languages, i);

		if (!is_spoken(c->policy->roster, language->text))
			compile_report(c, DIAG_WARNING, &language->place,
			    "nobody in the roster has the language \"%s\"",
			    language->text);
	}
}

/* Without "reports to", reports go to the clerk. */
static void
default_reports(struct compiler *c)
{
	struct arena *arena = c->policy->arena;
	struct class *clerk;

	if (c->policy->reports_to->len > 0)
		return;
	clerk = arena_alloc(arena, sizeof(*clerk));
	clerk->kind = CLASS_ROLE;
	clerk->role = ROLE_PROPER_OFFICER;
	clerk->name = arena_string(arena, "clerk");
	clerk->place = beginning(c);
	g_ptr_array_add(c->policy->reports_to, clerk);
}

static bool
is_in_post(const struct compiler *c, const struct class *who)
{
	const struct roster *roster = c->policy->roster;
	day today = day_today();
	unsigned i;

	switch (who->kind) {
	case CLASS_ROLE:
		for (i = 0; i < roster_count(roster); i++)
			if (person_has_role(
				roster_person(roster, i), who->role, today))
				return true;
		return false;
	case CLASS_PERSON:
		return person_in_post(who->person, today);
	default:
		return true;
	}
}

static void
check_reports(struct compiler *c)
{
	const GPtrArray *reports_to = c->policy->reports_to;
	const struct class *first = g_ptr_array_index(reports_to, 0);
	guint i;

	if (c->policy->roster == NULL || c->drafts->len == 0)
		return;
	for (i = 0; i < reports_to->len; i++)
		if (is_in_post(c, g_ptr_array_index(reports_to, i)))
			return;
	compile_report(c, DIAG_WARNING, &first->place,
	    "nobody in the roster is %s today: reports will go to somebody "
	    "else",
	    first->name);
}

void
check_policy(struct compiler *c)
{
	check_given(c);
	c->policy->detectors = detectors_new(c->patterns, c->diags);
	check_addresses(c);
	check_roster(c);
	check_languages(c);
	default_reports(c);
	check_names(c);
	check_reports(c);
	check_rules(c);
	check_trials(c);
}
