#include <string.h>

#include "policy/detect/inspection.h"
#include "policy/facts_private.h"
#include "policy/policy.h"

static void
message_facts_free(struct message_facts *message)
{
	if (message == NULL)
		return;
	g_free(message->not_inspected);
	g_free(message);
}

void
party_free(void *p)
{
	struct party *party = p;

	if (party == NULL)
		return;
	g_clear_pointer(&party->members, g_ptr_array_unref);
	g_free(party->address);
	g_free(party);
}

struct facts *
facts_new(const struct policy *policy)
{
	struct facts *facts = g_new0(struct facts, 1);

	facts->policy = policy;
	facts->exempt = policy->exempt != NULL ? TRUTH_UNKNOWN : TRUTH_FALSE;
	return facts;
}

void
facts_free(struct facts *facts)
{
	if (facts == NULL)
		return;
	g_free(facts->return_path);
	g_clear_pointer(&facts->rcpts, g_ptr_array_unref);
	party_free(facts->sender);
	g_clear_pointer(&facts->authors, g_ptr_array_unref);
	g_clear_pointer(&facts->recipients, g_ptr_array_unref);
	header_facts_free(facts->headers);
	message_facts_free(facts->message);
	for (guint i = 0; i < INSPECTION_COUNT; i++)
		inspection_free(facts->inspections[i]);
	g_clear_pointer(&facts->parents, g_ptr_array_unref);
	g_free(facts);
}

static bool
is_given(const char *text)
{
	return text != NULL && *text != '\0';
}

static enum direction
find_direction(
    const struct policy *policy, const char *login, const char *client)
{
	guint i;

	if (is_given(login) || client == NULL)
		return DIRECTION_SUBMITTED;
	for (i = 0; policy->networks != NULL && i < policy->networks->len; i++)
		if (network_holds(
			g_ptr_array_index(policy->networks, i), client))
			return DIRECTION_SUBMITTED;
	return DIRECTION_INBOUND;
}

/* The sender from now on; takes the address. */
static void
set_sender(struct facts *facts, const struct person *person, char *address)
{
	struct party *party = g_new0(struct party, 1);

	facts->sender_person = person;
	party->person =
	    person != NULL && person_in_post(person, facts->on) ? person : NULL;
	party->address = address;
	facts->sender = party;
}

/* Does mail to this address reach the person, alone or with others? */
static bool
is_address_of(const struct facts *facts, const struct addressee *addressee,
    const struct person *person)
{
	guint i;

	if (addressee->person == person)
		return true;
	for (i = 0; addressee->members != NULL && i < addressee->members->len;
	     i++)
		if (roster_find_folded(facts->policy->roster,
			g_ptr_array_index(addressee->members, i)) == person)
			return true;
	return false;
}

/* What login and envelope alone say of the sender. */
static void
find_sender_early(struct facts *facts, const char *login)
{
	const struct person *person = NULL;
	struct addressee path;
	bool known =
	    addressee_init(&path, facts->policy, facts->return_path, facts->on);

	if (facts->direction == DIRECTION_INBOUND) {
		set_sender(facts, NULL, g_strdup(known ? path.address : ""));
		addressee_clear(&path);
		return;
	}
	if (is_given(login))
		person = roster_find_login(facts->policy->roster, login);
	if (person == NULL && known)
		person =
		    addressee_writer(&path, facts->policy, facts->on, NULL);
	if (person != NULL && known && is_address_of(facts, &path, person))
		set_sender(facts, person, g_steal_pointer(&path.address));
	else if (person != NULL)
		set_sender(facts, person,
		    g_strdup(person->addresses[0] != NULL ? person->addresses[0]
							  : ""));
	addressee_clear(&path);
}

/* Is it somebody of the roster who writes so, or with shared, several? */
static bool
try_sender(struct facts *facts, const char *written, bool shared)
{
	struct addressee addressee;
	GPtrArray *members = NULL;
	const struct person *person;

	if (!addressee_init(&addressee, facts->policy, written, facts->on))
		return false;
	person = addressee_writer(
	    &addressee, facts->policy, facts->on, shared ? &members : NULL);
	if (person != NULL || members != NULL) {
		set_sender(facts, person, g_steal_pointer(&addressee.address));
		facts->sender->members = members;
	}
	addressee_clear(&addressee);
	return facts->sender != NULL;
}

static bool
try_senders(struct facts *facts, const GPtrArray *mailboxes, bool shared)
{
	guint i;

	for (i = 0; i < mailboxes->len && facts->sender == NULL; i++) {
		const struct mailbox *mailbox = g_ptr_array_index(mailboxes, i);

		(void)try_sender(facts, mailbox->address, shared);
	}
	return facts->sender != NULL;
}

static const char *
first_address(const GPtrArray *mailboxes)
{
	return mailboxes->len > 0
		   ? ((const struct mailbox *)mailboxes->pdata[0])->address
		   : "";
}

/*
 * A resent message is sent by who resent it; that its author is on the roster
 * makes nobody else the author.  One person counts before several who share an
 * address, and these before a stranger.
 */
static void
find_sender_late(struct facts *facts)
{
	const struct header_facts *headers = facts->headers;
	const GPtrArray *first =
	    headers->resent ? headers->resent_sender : headers->sender;
	const GPtrArray *second =
	    headers->resent ? headers->resent_from : headers->from;
	const char *written = facts->return_path;
	struct addressee addressee;

	if (try_senders(facts, first, false) ||
	    try_senders(facts, second, false) ||
	    try_sender(facts, written, true) ||
	    try_senders(facts, first, true) || try_senders(facts, second, true))
		return;
	if (!is_given(written))
		written = first_address(first);
	if (!is_given(written))
		written = first_address(second);
	if (addressee_init(&addressee, facts->policy, written, facts->on))
		set_sender(facts, NULL, g_steal_pointer(&addressee.address));
	else
		set_sender(facts, NULL, g_strdup(""));
	addressee_clear(&addressee);
}

static struct self
facts_self(const struct facts *facts)
{
	bool believed =
	    facts->headers != NULL && facts->direction == DIRECTION_SUBMITTED;

	return (struct self){facts->sender_person,
	    facts->sender != NULL ? facts->sender->address : "",
	    believed ? facts->headers->from : NULL};
}

static bool
envelope_is_exempt(const struct facts *facts)
{
	struct self self = facts_self(facts);

	return (facts->sender != NULL &&
		   counts_in(facts->policy, facts->policy->exempt,
		       facts->sender_person, facts->sender->address,
		       facts->on)) ||
	       rcpts_are_exempt(facts->policy, facts->rcpts, &self, facts->on);
}

void
facts_set_envelope(struct facts *facts, const struct envelope *envelope)
{
	g_return_if_fail(facts->rcpts == NULL);
	facts->on = day_of_time(envelope->time);
	facts->direction =
	    find_direction(facts->policy, envelope->login, envelope->client);
	facts->return_path =
	    g_strdup(envelope->sender != NULL ? envelope->sender : "");
	facts->rcpts =
	    rcpts_new(facts->policy, envelope->recipients, facts->on);
	find_sender_early(facts, envelope->login);
	if (facts->exempt == TRUTH_UNKNOWN && envelope_is_exempt(facts))
		facts->exempt = TRUTH_TRUE;
}

static void
add_authors(struct facts *facts, const GPtrArray *mailboxes)
{
	guint i;

	for (i = 0; i < mailboxes->len; i++) {
		const struct mailbox *mailbox = g_ptr_array_index(mailboxes, i);
		const struct person *person = NULL;
		struct addressee addressee;
		struct party *party;

		if (!addressee_init(
			&addressee, facts->policy, mailbox->address, facts->on))
			continue;
		party = g_new0(struct party, 1);
		if (facts->direction == DIRECTION_SUBMITTED)
			person = addressee_writer(&addressee, facts->policy,
			    facts->on, &party->members);
		if (person != NULL && person_in_post(person, facts->on))
			party->person = person;
		party->address = g_steal_pointer(&addressee.address);
		g_ptr_array_add(facts->authors, party);
		addressee_clear(&addressee);
	}
}

static void
find_authors(struct facts *facts)
{
	facts->authors = g_ptr_array_new_with_free_func(party_free);
	add_authors(facts, facts->headers->from);
	add_authors(facts, facts->headers->sender);
	if (facts->authors->len == 0) {
		struct party *party =
		    g_memdup2(facts->sender, sizeof(*facts->sender));

		party->address = g_strdup(facts->sender->address);
		if (party->members != NULL)
			g_ptr_array_ref(party->members);
		g_ptr_array_add(facts->authors, party);
	}
}

void
facts_set_headers(struct facts *facts, const struct header_facts *headers)
{
	struct self self;
	bool exempt;

	g_return_if_fail(facts->rcpts != NULL && facts->headers == NULL);
	facts->stage = STAGE_HEADERS;
	facts->headers = header_facts_share(headers);
	facts->headers->automatic |= *facts->return_path == '\0';
	if (facts->sender == NULL)
		find_sender_late(facts);
	find_authors(facts);
	self = facts_self(facts);
	facts->recipients = recipients_sort(
	    facts->policy, facts->rcpts, headers, &self, facts->on, &exempt);
	if (facts->exempt == TRUTH_UNKNOWN)
		facts->exempt = truth_of(exempt || envelope_is_exempt(facts));
}

void
facts_set_message(struct facts *facts, const struct message_facts *message)
{
	g_return_if_fail(facts->headers != NULL && facts->message == NULL);
	facts->stage = STAGE_MESSAGE;
	facts->message = g_memdup2(message, sizeof(*message));
	facts->message->not_inspected = g_strdup(message->not_inspected);
	facts->limited = message->not_inspected != NULL;
}

enum stage
facts_stage(const struct facts *facts)
{
	return facts->stage;
}

day
facts_day(const struct facts *facts)
{
	return facts->on;
}

const struct policy *
facts_policy(const struct facts *facts)
{
	return facts->policy;
}

enum direction
facts_direction(const struct facts *facts)
{
	return facts->direction;
}

enum truth
facts_exempt(const struct facts *facts)
{
	return facts->exempt;
}

const struct party *
facts_sender(const struct facts *facts)
{
	return facts->sender;
}

const GPtrArray *
facts_authors(const struct facts *facts)
{
	return facts->authors;
}

const GPtrArray *
facts_recipients(const struct facts *facts)
{
	return facts->recipients;
}

bool
facts_recipients_known(const struct facts *facts)
{
	return facts->headers != NULL && !facts->headers->recipients_cut;
}

const struct header_facts *
facts_headers(const struct facts *facts)
{
	return facts->headers;
}

const struct message_facts *
facts_message(const struct facts *facts)
{
	return facts->message;
}
