/*
 * What is known of one message.  The filter fills a struct facts stage by
 * stage; the rules are judged over it at the end of each stage, and a fact
 * that belongs to a later stage is UNKNOWN until then.
 *
 * Recipients are sorted out here, in facts_set_headers(), and nowhere else.
 *
 * A struct facts belongs to one message and one thread.  It borrows the
 * policy, which must outlive it.  It takes references to the arrays of a
 * struct header_facts, which must not change any more, and copies the rest.
 */
#ifndef POLICY_FACTS_H
#define POLICY_FACTS_H

#include <glib.h>
#include <stdbool.h>

#include "policy/people/roster.h"
#include "policy/truth.h"

struct content;
struct inspection;
struct policy;

/*
 * The points at which rules are judged, in order of time.  After STAGE_MESSAGE
 * a step is taken only while some rule is still UNKNOWN, since each costs more
 * than the one before.
 */
enum stage {
	STAGE_ENVELOPE,	/* all RCPTs are in */
	STAGE_HEADERS,	/* the header is complete */
	STAGE_MESSAGE,	/* the whole message is here, its structure read */
	STAGE_TEXT,	/* what it says has been read */
	STAGE_ATTACHMENTS, /* and what its attachments say */
};

/* One mailbox of an address list, as the message's parser read it. */
struct mailbox {
	char *name;	/* decoded display name, UTF-8, or NULL */
	char *address;	/* addr-spec as written */
};

struct mailbox *mailbox_new(const char *name, const char *address);
void mailbox_free(struct mailbox *);

/* One RCPT TO that the MTA accepted. */
struct envelope_recipient {
	char *argument;	/* the address of the command, without brackets */
	char *resolved;	/* {rcpt_addr}, or NULL */
};

struct envelope {
	char *sender;		/* MAIL FROM without brackets; "" for bounces */
	char *login;		/* {auth_authen}, or NULL */
	char *client;		/* textual IP address; NULL for local submission */
	GPtrArray *recipients;	/* struct envelope_recipient */
	gint64 time;		/* Unix seconds */
};

struct envelope *envelope_new(void);
void envelope_free(struct envelope *);
void envelope_add_recipient(
    struct envelope *, const char *argument, const char *resolved);

/*
 * What the header says.  Arrays hold struct mailbox and are never NULL; the
 * resent_ ones come from the most recent Resent block (RFC 5322 3.6.6), the
 * one that goes with this transmission.
 */
struct header_facts {
	GPtrArray *from, *sender, *to, *cc;
	GPtrArray *resent_from, *resent_sender, *resent_to, *resent_cc;
	bool resent;		/* there is such a block */
	bool recipients_cut;	/* an address header was cut by the MTA */
	bool automatic;		/* Auto-Submitted, report, calendar reply… */
	bool is_reply;		/* In-Reply-To, References, or RE: */
	bool is_forward;	/* Resent block, or FW:/Fwd: in the subject */
	char *subject;		/* decoded; "" if none */
	char *message_id;	/* with brackets; "" if none */
	GPtrArray *fields;	/* struct mailbox: name, unfolded value; for the
				 * test `header "X" contains "Y"` */
};

struct header_facts *header_facts_new(void);
/* The same again, with references to the arrays instead of copies. */
struct header_facts *header_facts_share(const struct header_facts *);
void header_facts_free(struct header_facts *);

/* What the structure of the message says. */
struct message_facts {
	bool is_signed;		/* at any depth */
	bool is_encrypted;
	unsigned attachments;	/* parts that an extractor could read */
	char *not_inspected;	/* why something was not fully inspected; NULL
				 * when everything was */
};

/* Someone who takes part: on the roster, or a stranger with an address. */
struct party {
	const struct person *person;	/* NULL for a stranger, and for somebody
					 * who holds no office on the day */
	char *address;			/* folded, never NULL: the one in use;
					 * "" for the null sender */
	GPtrArray *members;		/* const struct person *, two or more:
					 * who in post may have written under
					 * an address that they share; else
					 * NULL, for recipients always */
};

enum direction {
	DIRECTION_SUBMITTED,	/* by login or from a trusted network */
	DIRECTION_INBOUND,	/* from outside */
};

/*
 * A recipient after aliases and groups: one entry a person however many
 * addresses, one a stranger's address however many extensions.  The sender
 * and members of the policy's archive class are no recipients at all, neither
 * visible nor hidden; people in the header are recipients whether or not this
 * envelope has them, because one message may come in several envelopes.  A copy
 * for somebody who stands in the From of submitted mail is not hidden: every
 * reader knows of them.
 *
 * A stranger may be hidden, too, but no text that leaves this program may name
 * or count hidden strangers.
 */
struct recipient {
	struct party party;
	bool enveloped;	/* gets this copy: is in the envelope */
	bool visible;	/* stands in the header */
	bool hidden;	/* gets the message without standing in the header */
};

struct facts;

struct facts *facts_new(const struct policy *);
void facts_free(struct facts *);

void facts_set_envelope(struct facts *, const struct envelope *);
void facts_set_headers(struct facts *, const struct header_facts *);
void facts_set_message(struct facts *, const struct message_facts *);
/* What the message says itself; borrowed. */
void facts_set_text(struct facts *, const struct content *);
/* What its attachments say, as a content of their own; borrowed. */
void facts_set_attachments(struct facts *, const struct content *);

enum stage facts_stage(const struct facts *);
day facts_day(const struct facts *);
const struct policy *facts_policy(const struct facts *);
enum direction facts_direction(const struct facts *);
/*
 * Sender or a visible recipient (or every recipient) is in an exempt class:
 * no rule is judged and nothing is recorded.  UNKNOWN before the header,
 * unless the envelope alone makes it TRUE or there is no such class.  A group
 * or alias counts by its own address, or when all its members count.
 */
enum truth facts_exempt(const struct facts *);
/*
 * Who sends: the login's owner; without one, on submitted mail, the owner of
 * the envelope sender, the Sender, the From, the first that is on the roster.
 * A message with a Resent block is sent by its Resent-Sender or Resent-From.
 * Where none of these is one person's, the first that is a shared mailbox of
 * the roster's people is the sender, with them as members.  On inbound mail
 * always a stranger.  NULL while the header may still tell.
 *
 * The address is that of the envelope when it is one of the sender's own or of
 * a group they belong to (who writes as grievances@ is in that class), else
 * the sender's first.
 */
const struct party *facts_sender(const struct facts *);
/*
 * struct party: From and Sender of submitted mail, or the sender when there is
 * neither; on inbound mail strangers.  NULL before the header.
 */
const GPtrArray *facts_authors(const struct facts *);
/* struct recipient; NULL before the header. */
const GPtrArray *facts_recipients(const struct facts *);
/* False when an address header was cut: no hidden copy is then asserted. */
bool facts_recipients_known(const struct facts *);
/* The header's, except that mail from the null sender is automatic, too. */
const struct header_facts *facts_headers(const struct facts *);
const struct message_facts *facts_message(const struct facts *);
/*
 * Why something was not fully inspected: what the message says of itself, what
 * of its text and attachments was not read, or a limit that a detector met
 * while it was asked.  NULL when everything was, and before STAGE_MESSAGE.
 */
const char *facts_not_inspected(const struct facts *);

/*
 * Who wrote what this message answers or passes on: struct parent (policy/
 * detect/thread.h); NULL before STAGE_TEXT.
 */
const GPtrArray *facts_parents(const struct facts *);

enum { INSPECTION_TEXT, INSPECTION_ATTACHMENTS, INSPECTION_COUNT };
/* What the detectors find there; NULL before its stage. */
struct inspection *facts_inspection(const struct facts *, unsigned which);
/* Are there attachments that have not been read yet? */
bool facts_await_attachments(const struct facts *);

typedef struct facts facts; /* for g_autoptr */
typedef struct envelope envelope;
typedef struct header_facts header_facts;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(facts, facts_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(envelope, envelope_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(header_facts, header_facts_free)

#endif
