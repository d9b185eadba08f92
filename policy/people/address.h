/*
 * The one form of an address in which two spellings of the same mailbox
 * compare equal: case, quoting, IDN in both forms (RFC 5890; RFC 6531 local
 * parts in NFC), equivalent domains and the domain's final dot.
 *
 * struct address_rules is built once per policy and read-only afterwards, so
 * any thread may fold with it.
 */
#ifndef POLICY_PEOPLE_ADDRESS_H
#define POLICY_PEOPLE_ADDRESS_H

#include <glib.h>
#include <stdbool.h>

struct address_rules;

struct address_rules *address_rules_new(void);
void address_rules_free(struct address_rules *);

/*
 * The characters that begin an address extension, "+" by default as in
 * Postfix's recipient_delimiter; "" for none.
 */
void address_rules_set_delimiters(struct address_rules *, const char *);
/*
 * From now on an address in domain other counts as one in domain principal.
 * Refused when it would count as itself or counts as another one already.
 */
bool address_rules_add_equivalent(struct address_rules *, const char *other,
    const char *principal, GError **);

/*
 * Folds an address: an addr-spec, with or without angle brackets, source
 * route (RFC 5321 appendix C) or quotes.  NULL when it is not one, or longer
 * than a path may be.  An address without a domain (local delivery) folds to
 * its local part alone.  Folding a folded address changes nothing.  The caller
 * frees the result with g_free().
 */
char *address_fold(const struct address_rules *, const char *address);

/* A domain as an A-label in lower case, equivalents resolved, or NULL. */
char *address_fold_domain(const struct address_rules *, const char *domain);

/*
 * The folded address without its extension (jane+news@x becomes jane@x), or
 * NULL when it has none.
 */
char *address_strip_extension(
    const struct address_rules *, const char *folded);

/* The part after the last "@" of a folded address; "" if none. */
const char *address_domain(const char *folded);

#endif
