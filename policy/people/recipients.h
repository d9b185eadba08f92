/*
 * Who gets a message, openly or not: the envelope held against the header.
 * facts.c asks; nobody else needs to.
 *
 * Visible is who stands in To or Cc.  In a message that was sent on with a
 * Resent block (RFC 5322 3.6.6), that is the people of Resent-To and Resent-Cc
 * together with those of the original To and Cc: readers see both, so neither
 * is a silent copy.  Bcc fields never make anybody visible.
 *
 * Everything here borrows the policy and belongs to the message's thread.
 */
#ifndef POLICY_PEOPLE_RECIPIENTS_H
#define POLICY_PEOPLE_RECIPIENTS_H

#include "policy/facts.h"
#include "policy/policy.h"

/* An address of the message, looked up once. */
struct addressee {
	char *address;		/* folded, never NULL */
	const struct person *person; /* whose it is, in post or not, or NULL */
	GPtrArray *members;	/* char *, folded: for whom it stands as a group
				 * or an alias; NULL when it is neither */
};

/*
 * Looks an address up.  A local name is completed by the council's own domain;
 * what cannot be folded stands for itself in lower case, because mail to it is
 * still mail to somebody.  False for an empty address.
 */
bool addressee_init(struct addressee *, const struct policy *,
    const char *written, day on);
void addressee_clear(struct addressee *);
/*
 * Who writes under the address: its owner, in post or not, or the one person
 * in post for whom it stands.  Where it stands for several, and for nobody but
 * people of the roster, these are added as shared, unless that is NULL.
 */
const struct person *addressee_writer(const struct addressee *,
    const struct policy *, day on, GPtrArray **shared);

/*
 * Is that address, or the same without its extension, in the class?  owner is
 * who has it, in post or not, or NULL.  A class of NULL holds nobody.
 */
bool counts_in(const struct policy *, const struct class *,
    const struct person *owner, char *address, day on);

/* One RCPT: what the command said and what the MTA made of it. */
struct rcpt {
	struct addressee argument;
	struct addressee resolved;	/* address NULL: the same, or none */
};

/* struct rcpt, from the struct envelope_recipient of an envelope. */
GPtrArray *rcpts_new(
    const struct policy *, const GPtrArray *recipients, day on);

/* Whose copies to themselves are no recipients. */
struct self {
	const struct person *person;	/* NULL for a stranger */
	const char *address;		/* folded */
	const GPtrArray *authors;	/* struct mailbox: From, whom every
					 * reader knows to have the message;
					 * NULL while not known or believed */
};

/*
 * struct recipient, those of the header first.  The sender and the policy's
 * archive are not among them.  exempt: does an address of the header name a
 * member of the policy's exempt class?
 */
GPtrArray *recipients_sort(const struct policy *, const GPtrArray *rcpts,
    const struct header_facts *, const struct self *, day on, bool *exempt);

/* Is the envelope for nobody but members of the policy's exempt class? */
bool rcpts_are_exempt(const struct policy *, const GPtrArray *rcpts,
    const struct self *, day on);

#endif
