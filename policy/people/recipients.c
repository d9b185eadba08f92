#include <string.h>

#include "policy/people/recipients.h"

static bool
is_known(const struct policy *policy, const char *folded, day on)
{
	g_autoptr(GPtrArray) members = NULL;

	if (roster_find_folded(policy->roster, folded) != NULL)
		return true;
	members = roster_expand(policy->roster, folded, on);
	return members != NULL;
}

/* "jane" is jane in the own domain that knows her, or else in the first. */
static char *
complete(const struct policy *policy, char *local, day on)
{
	g_autofree char *first = NULL;
	guint i;

	for (i = 0; policy->domains != NULL && i < policy->domains->len; i++) {
		g_autofree char *address = g_strconcat(local, "@",
		    (char *)g_ptr_array_index(policy->domains, i), NULL);

		if (is_known(policy, address, on)) {
			g_free(local);
			return g_steal_pointer(&address);
		}
		if (first == NULL)
			first = g_steal_pointer(&address);
	}
	if (first == NULL)
		return local;
	g_free(local);
	return g_steal_pointer(&first);
}

bool
addressee_init(struct addressee *addressee, const struct policy *policy,
    const char *written, day on)
{
	char *folded = address_fold(policy->rules, written);

	*addressee = (struct addressee){.address = NULL};
	if (folded == NULL) {
		g_autofree char *valid = g_utf8_make_valid(written, -1);

		g_strstrip(valid);
		if (*valid == '\0')
			return false;
		folded = g_utf8_strdown(valid, -1);
	} else if (*address_domain(folded) == '\0') {
		folded = complete(policy, folded, on);
	}
	addressee->address = folded;
	addressee->person = roster_find_folded(policy->roster, folded);
	addressee->members = roster_expand(policy->roster, folded, on);
	return true;
}

void
addressee_clear(struct addressee *addressee)
{
	g_clear_pointer(&addressee->address, g_free);
	g_clear_pointer(&addressee->members, g_ptr_array_unref);
}

/* The party for class_holds(); borrows the address. */
static struct party
party_of(const struct person *person, char *address, day on)
{
	if (person != NULL && !person_in_post(person, on))
		person = NULL;
	return (struct party){.person = person, .address = address};
}

bool
counts_in(const struct policy *policy, const struct class *class,
    const struct person *owner, char *address, day on)
{
	struct party party = party_of(owner, address, on);
	g_autofree char *bare = NULL;

	if (class == NULL)
		return false;
	if (class_holds(class, &party, on))
		return true;
	bare = address_strip_extension(policy->rules, address);
	party.address = bare;
	return bare != NULL && class_holds(class, &party, on);
}

const struct person *
addressee_writer(const struct addressee *addressee, const struct policy *policy,
    day on, GPtrArray **shared)
{
	g_autoptr(GPtrArray) people = NULL;
	guint i;

	if (addressee->person != NULL || addressee->members == NULL)
		return addressee->person;
	people = g_ptr_array_new();
	for (i = 0; i < addressee->members->len; i++) {
		const struct person *person = roster_find_folded(
		    policy->roster, g_ptr_array_index(addressee->members, i));

		if (person == NULL)
			return NULL;
		if (person_in_post(person, on) &&
		    !g_ptr_array_find(people, person, NULL))
			g_ptr_array_add(people, (gpointer)(guintptr)person);
	}
	if (people->len == 1)
		return g_ptr_array_index(people, 0);
	if (people->len > 1 && shared != NULL)
		*shared = g_steal_pointer(&people);
	return NULL;
}

static void
rcpt_free(void *p)
{
	struct rcpt *rcpt = p;

	addressee_clear(&rcpt->argument);
	addressee_clear(&rcpt->resolved);
	g_free(rcpt);
}

static void
rcpts_add(GPtrArray *rcpts, const struct policy *policy,
    const struct envelope_recipient *recipient, day on)
{
	const char *resolved = recipient->resolved;
	struct rcpt *rcpt = g_new0(struct rcpt, 1);

	if (resolved != NULL && strcmp(resolved, recipient->argument) != 0)
		addressee_init(&rcpt->resolved, policy, resolved, on);
	if (!addressee_init(&rcpt->argument, policy, recipient->argument, on)) {
		rcpt->argument = rcpt->resolved;
		rcpt->resolved = (struct addressee){.address = NULL};
	}
	if (rcpt->argument.address != NULL)
		g_ptr_array_add(rcpts, rcpt);
	else
		rcpt_free(rcpt);
}

GPtrArray *
rcpts_new(const struct policy *policy, const GPtrArray *recipients, day on)
{
	GPtrArray *rcpts = g_ptr_array_new_with_free_func(rcpt_free);
	guint i;

	for (i = 0; i < recipients->len; i++)
		rcpts_add(rcpts, policy, g_ptr_array_index(recipients, i), on);
	return rcpts;
}

/*
 * The sorting.  Entries are found by person or, for strangers, by address
 * without its extension, so that the second spelling of somebody is the same
 * entry.  First the header puts down who is visible; then each RCPT marks whom
 * it reaches.  Whoever is reached and not visible is hidden.
 */
struct entry {
	struct recipient recipient; /* first: the list holds entries */
	const struct person *owner; /* of the address, in post or not */
	char *key;                  /* NULL: the address is the key */
	bool author;                /* stands in From */
};

struct sorter {
	const struct policy *policy;
	const struct self *self;
	day on;
	GPtrArray *list;
	GHashTable *entries; /* the same, to be found */
	GHashTable *named;   /* char *: visible addresses of groups */
	bool exempt;         /* the header names an exempt channel */
};

static const char *
entry_key(const struct entry *entry)
{
	return entry->key != NULL ? entry->key : entry->recipient.party.address;
}

static guint
entry_hash(gconstpointer p)
{
	const struct entry *entry = p;

	return entry->owner != NULL ? g_direct_hash(entry->owner)
				    : g_str_hash(entry_key(entry));
}

static gboolean
entry_equal(gconstpointer p, gconstpointer q)
{
	const struct entry *a = p, *b = q;

	if (a->owner != NULL || b->owner != NULL)
		return a->owner == b->owner;
	return strcmp(entry_key(a), entry_key(b)) == 0;
}

static void
entry_free(void *p)
{
	struct entry *entry = p;

	g_free(entry->recipient.party.address);
	g_free(entry->key);
	g_free(entry);
}

/* Is mail to this address mail to nobody: to the sender, or to an archive? */
static bool
counts_as_nobody(const struct policy *policy, const struct self *self,
    const struct person *owner, char *address, day on)
{
	if (owner != NULL
		? owner == self->person
		: self->person == NULL && strcmp(address, self->address) == 0)
		return true;
	return counts_in(policy, policy->archive, owner, address, on);
}

/*
 * The entry for a person or a stranger, made when there is none yet; NULL when
 * they count as nobody.
 */
static struct entry *
find_entry(struct sorter *sorter, const struct person *owner, char *address)
{
	struct entry probe = {.owner = owner}, *entry;
	g_autofree char *key = NULL;

	if (counts_as_nobody(
		sorter->policy, sorter->self, owner, address, sorter->on))
		return NULL;
	if (owner == NULL)
		key = address_strip_extension(sorter->policy->rules, address);
	probe.key = key;
	probe.recipient.party = party_of(owner, address, sorter->on);
	entry = g_hash_table_lookup(sorter->entries, &probe);
	if (entry == NULL) {
		entry = g_memdup2(&probe, sizeof(probe));
		entry->key = g_steal_pointer(&key);
		entry->recipient.party.address = g_strdup(address);
		g_ptr_array_add(sorter->list, entry);
		g_hash_table_add(sorter->entries, entry);
	}
	return entry;
}

static void
mark(struct entry *entry, bool visible, bool enveloped)
{
	if (entry == NULL)
		return;
	entry->recipient.visible |= visible;
	entry->recipient.enveloped |= enveloped;
}

/* Marks everybody for whom an address stands. */
static void
mark_addressee(struct sorter *sorter, const struct addressee *addressee,
    bool visible, bool enveloped)
{
	guint i;

	if (addressee->person != NULL || addressee->members == NULL)
		mark(find_entry(sorter, addressee->person, addressee->address),
		    visible, enveloped);
	for (i = 0; addressee->members != NULL && i < addressee->members->len;
	     i++) {
		char *member = g_ptr_array_index(addressee->members, i);

		mark(find_entry(sorter,
			 roster_find_folded(sorter->policy->roster, member),
			 member),
		    visible, enveloped);
	}
}

/*
 * A group counts when its own address is exempt or when all its members are:
 * one exempt person in a circular to all staff exempts nothing.
 */
static bool
is_exempt(
    const struct policy *policy, const struct addressee *addressee, day on)
{
	guint i;

	if (policy->exempt == NULL || addressee->address == NULL)
		return false;
	if (counts_in(policy, policy->exempt, addressee->person,
		addressee->address, on))
		return true;
	if (addressee->members == NULL || addressee->members->len == 0)
		return false;
	for (i = 0; i < addressee->members->len; i++) {
		char *member = g_ptr_array_index(addressee->members, i);

		if (!counts_in(policy, policy->exempt,
			roster_find_folded(policy->roster, member), member, on))
			return false;
	}
	return true;
}

static void
see(struct sorter *sorter, const GPtrArray *mailboxes)
{
	guint i;

	for (i = 0; i < mailboxes->len; i++) {
		const struct mailbox *mailbox = g_ptr_array_index(mailboxes, i);
		struct addressee addressee;

		if (!addressee_init(&addressee, sorter->policy,
			mailbox->address, sorter->on))
			continue;
		mark_addressee(sorter, &addressee, true, false);
		sorter->exempt = sorter->exempt || is_exempt(sorter->policy,
						       &addressee, sorter->on);
		if (addressee.members != NULL)
			g_hash_table_add(
			    sorter->named, g_steal_pointer(&addressee.address));
		addressee_clear(&addressee);
	}
}

static bool
is_on_roster(const struct addressee *addressee)
{
	return addressee->person != NULL || addressee->members != NULL;
}

/* The entry of whoever has that address, or NULL. */
static struct entry *
lookup(struct sorter *sorter, const struct addressee *addressee)
{
	struct entry probe = {.owner = addressee->person};
	g_autofree char *key = NULL;

	if (addressee->person == NULL)
		key = address_strip_extension(
		    sorter->policy->rules, addressee->address);
	probe.key = key;
	probe.recipient.party.address = addressee->address;
	return g_hash_table_lookup(sorter->entries, &probe);
}

/* Does the address itself stand in the header, in any spelling? */
static bool
is_seen(struct sorter *sorter, const struct addressee *addressee)
{
	const struct entry *entry;

	if (addressee->address == NULL)
		return false;
	if (g_hash_table_contains(sorter->named, addressee->address))
		return true;
	entry = lookup(sorter, addressee);
	return entry != NULL && entry->recipient.visible;
}

static bool
rcpt_is_archive(const struct policy *policy, const struct rcpt *rcpt, day on)
{
	const struct addressee *forms[] = {&rcpt->argument, &rcpt->resolved};
	guint i;

	for (i = 0; i < G_N_ELEMENTS(forms); i++)
		if (forms[i]->address != NULL &&
		    counts_in(policy, policy->archive, forms[i]->person,
			forms[i]->address, on))
			return true;
	return false;
}

/*
 * Both forms of a RCPT are one address, so one of them in the header makes
 * whomever it reaches visible.  The form that the roster knows says who that
 * is; when it knows neither, it is the stranger of the command.
 */
static void
reach(struct sorter *sorter, const struct rcpt *rcpt)
{
	bool visible;

	if (rcpt_is_archive(sorter->policy, rcpt, sorter->on))
		return;
	visible = is_seen(sorter, &rcpt->argument) ||
		  is_seen(sorter, &rcpt->resolved);
	if (is_on_roster(&rcpt->argument) || !is_on_roster(&rcpt->resolved))
		mark_addressee(sorter, &rcpt->argument, visible, true);
	if (is_on_roster(&rcpt->resolved))
		mark_addressee(sorter, &rcpt->resolved, visible, true);
}

/* A copy for somebody who stands in From surprises nobody. */
static void
mark_authors(struct sorter *sorter)
{
	const GPtrArray *authors = sorter->self->authors;
	guint i;

	for (i = 0; authors != NULL && i < authors->len; i++) {
		const struct mailbox *mailbox = g_ptr_array_index(authors, i);
		struct addressee addressee;
		struct entry *entry;

		if (!addressee_init(&addressee, sorter->policy,
			mailbox->address, sorter->on))
			continue;
		entry = lookup(sorter, &addressee);
		if (entry != NULL)
			entry->author = true;
		addressee_clear(&addressee);
	}
}

GPtrArray *
recipients_sort(const struct policy *policy, const GPtrArray *rcpts,
    const struct header_facts *headers, const struct self *self, day on,
    bool *exempt)
{
	struct sorter sorter = {.policy = policy, .self = self, .on = on};
	guint i;

	sorter.list = g_ptr_array_new_with_free_func(entry_free);
	sorter.entries = g_hash_table_new(entry_hash, entry_equal);
	sorter.named =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (headers->resent) {
		see(&sorter, headers->resent_to);
		see(&sorter, headers->resent_cc);
	}
	see(&sorter, headers->to);
	see(&sorter, headers->cc);
	for (i = 0; i < rcpts->len; i++)
		reach(&sorter, g_ptr_array_index(rcpts, i));
	mark_authors(&sorter);
	for (i = 0; i < sorter.list->len; i++) {
		struct entry *entry = g_ptr_array_index(sorter.list, i);
		struct recipient *r = &entry->recipient;

		r->hidden = r->enveloped && !r->visible && !entry->author &&
			    !headers->recipients_cut;
	}
	*exempt = sorter.exempt;
	g_hash_table_unref(sorter.named);
	g_hash_table_unref(sorter.entries);
	return sorter.list;
}

bool
rcpts_are_exempt(const struct policy *policy, const GPtrArray *rcpts,
    const struct self *self, day on)
{
	bool any = false;
	guint i;

	for (i = 0; i < rcpts->len; i++) {
		const struct rcpt *rcpt = g_ptr_array_index(rcpts, i);

		if (rcpt_is_archive(policy, rcpt, on) ||
		    counts_as_nobody(policy, self, rcpt->argument.person,
			rcpt->argument.address, on))
			continue;
		if (!is_exempt(policy, &rcpt->argument, on) &&
		    !is_exempt(policy, &rcpt->resolved, on))
			return false;
		any = true;
	}
	return any;
}
