/*
 * Letters for tests, and what another's parser (GMime) makes of them.
 */
#ifndef TESTS_UNIT_READING_H
#define TESTS_UNIT_READING_H

#include <gmime/gmime.h>
#include <stdbool.h>

#include "milter/report/letter.h"
#include "tests/unit/entries.h"

#define LETTER_ID "0123456789abcdef0123456789abcdef01234567"
#define CLERK "clerk@woodland-pc.example"

enum { NOON = 1778000000 };

extern const struct letterhead test_letterhead;

/* A letter about entry_new(), to the clerk. */
struct outbox_item *item_new(const char *kind);
struct journal_finding *first_finding(struct outbox_item *);

struct reading {
	char *raw;
	GMimeMessage *message;
	char *text, *html;	/* decoded, lines end with LF */
};

/*
 * Takes a letter apart, after asserting what must be true of all of them: 7
 * bits, CRLF, short lines, two alternatives.  Frees the letter.
 */
struct reading reading_of(GBytes *letter);
struct reading reading_of_item(const struct outbox_item *);
void reading_clear(struct reading *);
const char *reading_header(const struct reading *, const char *name);

/* Text with its lines in one, and HTML without tags and entities. */
char *flatten(const char *text, bool html);

#endif
