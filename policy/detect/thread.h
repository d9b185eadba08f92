/*
 * Whose mail a message answers or passes on.  In-Reply-To names a message and
 * not its author, so this asks what the message carries of it: the attribution
 * of quoted history, the header block of what is forwarded.
 *
 * A reply that quotes nothing is taken to answer the one address in its To, if
 * there is only one: that is where a mail program puts the author.  A message
 * with a Resent block passes on whatever its From wrote.
 *
 * Everything here borrows the policy and belongs to the message's thread.
 */
#ifndef POLICY_DETECT_THREAD_H
#define POLICY_DETECT_THREAD_H

#include <glib.h>
#include <stdbool.h>

#include "policy/facts.h"
#include "policy/policy.h"
#include "policy/text/content.h"

/* Somebody who wrote what the message carries. */
struct parent {
	struct party party; /* address "" where only a name is known */
	char *name;         /* as the message has it, or NULL */
	bool forwarded;     /* passed on, else answered */
	bool guessed;       /* from To, nothing being quoted */
	guint segment;      /* where it is quoted, or G_MAXUINT */
};

/* struct parent, each author once, the newest only; freed with the array. */
GPtrArray *parents_find(const struct policy *, const struct header_facts *,
    const struct content *, day on);
/*
 * The first that is in the class: "message replies to CLASS", or with forwarded
 * "message forwards CLASS".  NULL if there is none.
 */
const struct parent *parents_in_class(const GPtrArray *parents, bool forwarded,
    const struct policy *, const struct class *, day on);

/*
 * Is the writer of quoted or forwarded text in the class?  By address, or by
 * name where the history has no address.
 */
bool writer_in_class(const struct segment *, const struct policy *,
    const struct class *, day on);

#endif
