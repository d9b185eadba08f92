#include <string.h>

#include "policy/judging/collect.h"

void
letter_free(gpointer p)
{
	struct letter *letter = p;

	g_free(letter->address);
	g_free(letter->text);
	g_free(letter);
}

/* Takes the address. */
static void
add_letter(struct verdict *verdict, enum action_kind kind,
    const struct rule *rule, const struct action *action, char *address)
{
	struct letter *letter;
	guint i;

	for (i = 0; i < verdict->letters->len; i++) {
		letter = g_ptr_array_index(verdict->letters, i);
		if (letter->kind == kind && letter->rule == rule &&
		    strcmp(letter->address, address) == 0) {
			g_free(address);
			return;
		}
	}
	letter = g_new0(struct letter, 1);
	letter->kind = kind;
	letter->rule = rule;
	letter->address = address;
	if (action != NULL) {
		letter->in_digest = action->in_digest;
		letter->text = g_strdup(action->text);
	}
	g_ptr_array_add(verdict->letters, letter);
}

static bool
is_party(
    const struct party *party, const struct person *person, const char *address)
{
	if (person != NULL &&
	    (party->person == person ||
		(party->members != NULL &&
		    g_ptr_array_find(party->members, person, NULL))))
		return true;
	return address != NULL && strcmp(party->address, address) == 0;
}

/*
 * A report must not go to whom it is about: the sender and the authors.  Of
 * inbound mail these may be forged, and must not keep a report from anybody.
 */
static bool
is_concerned(
    const struct facts *facts, const struct person *person, const char *address)
{
	const struct party *sender = facts_sender(facts);
	const GPtrArray *authors = facts_authors(facts);
	guint i;

	if (facts_direction(facts) == DIRECTION_INBOUND)
		return false;
	if (sender != NULL && is_party(sender, person, address))
		return true;
	for (i = 0; authors != NULL && i < authors->len; i++)
		if (is_party(g_ptr_array_index(authors, i), person, address))
			return true;
	return false;
}

/* The same of an address, and of everybody who gets mail to it. */
static bool
reaches_concerned(const struct facts *facts, const char *address)
{
	const struct roster *roster = facts_policy(facts)->roster;
	g_autoptr(GPtrArray) members =
	    roster_expand(roster, address, facts_day(facts));
	guint i;

	if (is_concerned(facts, roster_find_folded(roster, address), address))
		return true;
	for (i = 0; members != NULL && i < members->len; i++) {
		const char *member = g_ptr_array_index(members, i);

		if (is_concerned(
			facts, roster_find_folded(roster, member), member))
			return true;
	}
	return false;
}

static bool
may_read(const struct person *person, const struct facts *facts)
{
	return person->mail != NULL &&
	       person_in_post(person, facts_day(facts)) &&
	       !is_concerned(facts, person, NULL) &&
	       !reaches_concerned(facts, person->addresses[0]);
}

/* An address that the policy names, unless its owner must not read it. */
static char *
reader_by_address(const struct class *class, const struct facts *facts)
{
	const struct person *owner =
	    roster_find_address(facts_policy(facts)->roster, class->text);

	if ((owner != NULL && !may_read(owner, facts)) ||
	    reaches_concerned(facts, class->text))
		return NULL;
	return g_strdup(
	    strchr(class->name, '@') != NULL ? class->name : class->text);
}

/* The first in the roster who is in the class and may read it. */
static char *
reader_in_roster(const struct class *class, const struct facts *facts)
{
	const struct roster *roster = facts_policy(facts)->roster;
	unsigned i;

	for (i = 0; i < roster_count(roster); i++) {
		const struct person *person = roster_person(roster, i);
		const struct party party = {
		    .person = person, .address = person->addresses[0]};

		/* In this order: to ask who gets somebody's mail costs more. */
		if (class_holds(class, &party, facts_day(facts)) &&
		    may_read(person, facts))
			return g_strdup(person->mail);
	}
	return NULL;
}

static char *
find_reader(const struct class *class, const struct facts *facts)
{
	char *address = NULL;
	guint i;

	switch (class->kind) {
	case CLASS_ADDRESS:
		return reader_by_address(class, facts);
	case CLASS_UNION:
		for (i = 0; i < class->members->len && address == NULL; i++)
			address = find_reader(
			    g_ptr_array_index(class->members, i), facts);
		return address;
	default:
		return reader_in_roster(class, facts);
	}
}

/* Never NULL: a report that nobody gets is a finding lost. */
static char *
reader_of_last_resort(const struct facts *facts)
{
	static const enum role roles[] = {ROLE_PROPER_OFFICER, ROLE_CHAIR,
	    ROLE_VICE_CHAIR, ROLE_MAYOR, ROLE_LEADER};
	const GPtrArray *domains = facts_policy(facts)->domains;
	struct class class = {.kind = CLASS_ROLE};
	gsize i;

	for (i = 0; i < G_N_ELEMENTS(roles); i++) {
		char *address;

		class.role = roles[i];
		address = reader_in_roster(&class, facts);
		if (address != NULL)
			return address;
	}
	if (domains->len == 0)
		return g_strdup("postmaster");
	return g_strconcat(
	    "postmaster@", (const char *)g_ptr_array_index(domains, 0), NULL);
}

/* action: NULL for the report of a rule that failed and has none of its own. */
static void
add_report(struct verdict *verdict, const struct rule *rule,
    const struct action *action, const struct facts *facts)
{
	const GPtrArray *readers = action != NULL && action->to != NULL
				       ? action->to
				       : facts_policy(facts)->reports_to;
	char *address = NULL;
	guint i;

	for (i = 0; i < readers->len && address == NULL; i++)
		address = find_reader(g_ptr_array_index(readers, i), facts);
	if (address == NULL)
		address = reader_of_last_resort(facts);
	add_letter(verdict, ACTION_REPORT, rule, action, address);
}

/*
 * To the sender's own address, and only where it was us who took the mail
 * from them: whatever an inbound message gives as its sender may be forged,
 * and a program does not read notices.
 */
static void
add_notice(struct verdict *verdict, const struct rule *rule,
    const struct action *action, const struct facts *facts)
{
	const struct party *sender = facts_sender(facts);
	const char *address;

	if (facts_direction(facts) != DIRECTION_SUBMITTED || sender == NULL ||
	    facts_headers(facts)->automatic)
		return;
	address = sender->person != NULL && sender->person->mail != NULL
		      ? sender->person->mail
		      : sender->address;
	if (*address != '\0')
		add_letter(
		    verdict, ACTION_NOTIFY, rule, action, g_strdup(address));
}

static bool
in_any(const GPtrArray *classes, const struct party *party, day on)
{
	guint i;

	if (classes == NULL)
		return true;
	for (i = 0; i < classes->len; i++)
		if (class_holds(g_ptr_array_index(classes, i), party, on))
			return true;
	return false;
}

/* To visible people of the roster alone; strangers learn nothing. */
static void
add_disclosures(struct verdict *verdict, const struct rule *rule,
    const struct action *action, const struct facts *facts)
{
	const GPtrArray *recipients = facts_recipients(facts);
	guint i;

	for (i = 0; i < recipients->len; i++) {
		const struct recipient *r = g_ptr_array_index(recipients, i);
		const struct person *person = r->party.person;

		if (!r->visible || person == NULL || person->mail == NULL ||
		    !in_any(action->to, &r->party, facts_day(facts)))
			continue;
		add_letter(verdict, ACTION_DISCLOSE, rule, action,
		    g_strdup(person->mail));
	}
}

static void
add_letters(struct verdict *verdict, const struct judgement *found,
    const struct facts *facts)
{
	const struct rule *rule = found->rule;
	bool failed = found->truth == TRUTH_UNKNOWN, reported = false;
	guint i;

	for (i = 0; i < rule->actions->len; i++) {
		const struct action *action =
		    &g_array_index(rule->actions, struct action, i);

		switch (action->kind) {
		case ACTION_REPORT:
			add_report(verdict, rule, action, facts);
			reported = true;
			break;
		case ACTION_NOTIFY:
			if (!failed)
				add_notice(verdict, rule, action, facts);
			break;
		case ACTION_DISCLOSE:
			/* Of a message that goes nowhere, nobody had a copy. */
			if (!failed && !collect_keeps_quiet(verdict) &&
			    (verdict->disposition == DISPOSITION_ACCEPT ||
				verdict->disposition == DISPOSITION_HOLD))
				add_disclosures(verdict, rule, action, facts);
			break;
		default:
			break;
		}
	}
	if (failed && !reported)
		add_report(verdict, rule, NULL, facts);
}

void
collect_letters(struct verdict *verdict, const struct facts *facts)
{
	guint i;

	/* The next try would repeat them. */
	if (verdict->disposition == DISPOSITION_DEFER && verdict->failed)
		return;
	for (i = 0; i < verdict->findings->len; i++) {
		const struct judgement *found =
		    g_ptr_array_index(verdict->findings, i);

		if (found->rule->mode != MODE_OBSERVE)
			add_letters(verdict, found, facts);
	}
}
