/*
 * Identifiers: what can be told of a number by its form and its check digits.
 * A check digit alone proves little: one telephone number in eleven passes the
 * NHS check.  What a number is, its surroundings must say.
 *
 * Pure functions; a struct bank_tables is read-only once it is loaded.
 */
#ifndef POLICY_DETECT_IDENTIFIER_H
#define POLICY_DETECT_IDENTIFIER_H

#include <glib.h>
#include <stdbool.h>

enum identifier {
	IDENTIFIER_NINO, /* National Insurance number */
	IDENTIFIER_NHS,
	IDENTIFIER_UTR, /* unique taxpayer reference */
	IDENTIFIER_VAT,
	IDENTIFIER_IBAN,
	IDENTIFIER_CARD,
	IDENTIFIER_SORT_CODE, /* with an account number */
	IDENTIFIER_LICENCE,   /* driving licence, Great Britain */
	IDENTIFIER_UPN,       /* unique pupil number */
	IDENTIFIER_PASSPORT,
	IDENTIFIER_COUNT
};

/* "nino", "nhs", …, "sort-code", "driving-licence", "upn", "passport" */
const char *identifier_name(enum identifier);
/* False when there is none of that name. */
bool identifier_from_name(const char *name, enum identifier *);

enum validity {
	IDENTIFIER_INVALID,
	IDENTIFIER_VALID,
	IDENTIFIER_CANNOT_TELL, /* the form is right, nothing checks it */
};

struct bank_tables;

/*
 * The modulus weight table of Vocalink ("valacdos.txt") and, optional, its
 * sort code substitution table ("scsubtab.txt"), as texts: they are published
 * without a licence to pass them on, so a council loads its own.  False when a
 * line is none of such a table.
 */
struct bank_tables *bank_tables_new(
    const char *weights, const char *substitutions, GError **);
void bank_tables_free(struct bank_tables *);
/* sort_code: six digits; account: eight. */
enum validity bank_tables_check(
    const struct bank_tables *, const char *sort_code, const char *account);

/*
 * Checks an identifier as it stands in a text: spaces, hyphens and, for a sort
 * code with an account, whatever words stand between them.  banks may be NULL.
 */
enum validity identifier_check(enum identifier, const char *text, gsize len,
    const struct bank_tables *banks);

/* "AB****56C": what may be shown of an identifier; the caller frees. */
char *identifier_redact(const char *text, gsize len);

typedef struct bank_tables bank_tables; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bank_tables, bank_tables_free)

#endif
