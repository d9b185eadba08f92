/*
 * Messages in one row of a table: envelope and header, and who is to be found
 * in them.
 *
 * Addresses are separated by spaces.  A word without "@" is a mailbox of
 * woodland-pc.example, one that begins with "=" is taken as it stands; in the
 * envelope, "argument|resolved" gives both forms.  Results have roster ids, and
 * folded addresses for strangers.
 */
#ifndef TESTS_UNIT_MAILING_H
#define TESTS_UNIT_MAILING_H

#include "policy/facts.h"
#include "policy/policy.h"

struct mail {
	const char *name;
	/* envelope */
	const char *path;	/* MAIL FROM; NULL: the clerk */
	const char *rcpt;
	const char *login;	/* "-": none; NULL: alex */
	const char *client;	/* NULL: local submission */
	/* header */
	const char *from;	/* NULL: the clerk */
	const char *sender, *to, *cc;
	const char *resent_from, *resent_to, *resent_cc;
	bool cut;
	/* results; visible and hidden are sorted, hidden NULL: "" */
	const char *visible, *hidden, *by;
	const char *early;	/* sender at the end of the envelope */
	const char *authors;	/* not looked at when NULL */
};

/* Sent at noon of 2026-06-01, UTC. */
struct envelope *mail_envelope(const struct mail *);
struct header_facts *mail_headers(const struct mail *);

/* A policy without rules, built by hand. */
struct policy *mail_policy(void);
void mail_policy_free(struct policy *);
/* A class of addresses, which are not copied, and of one person. */
struct class *mail_class(
    const struct policy *, char **addresses, const char *id);

/*
 * The id, "a+b" for those who share a mailbox, or the address of a stranger;
 * NULL for no party.
 */
const char *party_name(const struct party *);
/* The names in order, so that a row can list them; changes the array. */
char *join_names(GPtrArray *);
void check_text(const char *name, const char *what, const char *got,
    const char *want);

#endif
