/*
 * What the kinds of letters say, for letter.c; and what they say alike.
 * Pure functions; strings and pages are the caller's.
 */
#ifndef MILTER_REPORT_PAGES_H
#define MILTER_REPORT_PAGES_H

#include "milter/report/letter.h"
#include "milter/report/page.h"

/* Each sets the subject too. */
struct page *report_page(
    const struct letterhead *, const struct outbox_item *, char **subject);
struct page *notice_page(
    const struct letterhead *, const struct outbox_item *, char **subject);
struct page *disclosure_page(
    const struct letterhead *, const struct outbox_item *, char **subject);
struct page *digest_page(
    const struct letterhead *, const GPtrArray *items, char **subject);

/* The words that they share. */

/*
 * The findings that a letter is about: those of its rule, or all of them when
 * it has none.  Others are none of its reader's business.  Borrowed elements.
 */
GPtrArray *item_findings(const struct outbox_item *);
/* The clause, or the rule's name when it has none. */
const char *finding_title(const struct journal_finding *);
/* "silent-copy (council.policy, line 14)" */
char *finding_rule(const struct journal_finding *);
/* Are all of them in observe mode? */
bool findings_observed(const GPtrArray *findings);
/* The first title, shortened for a subject, and how many more there are. */
char *findings_subject(const GPtrArray *findings);

/* What became of the message, a sentence. */
const char *entry_fate(const struct journal_entry *);
/* What became of the footer or marking, a sentence; NULL: nothing to say. */
char *entry_edit(const struct journal_entry *);
/* The Date header, or the time when there is none. */
char *entry_date(const struct journal_entry *);
/* "councillor Sam Smith", "councillors Sam Smith, Owen Hughes", or "". */
char *entry_hidden(const struct journal_entry *);

/* What became of the message in a nutshell, for the top of the page. */
void add_status(struct page *, const struct journal_entry *);
/* Why the rule holds, as items. */
void add_evidence(struct page *, const struct journal_finding *);

/* With a capital and a full stop. */
char *sentence(const char *);
/* Who writes: "Woodland Parish Council mail filter". */
char *letterhead_name(const struct letterhead *);
/* How long the record is kept, a sentence. */
char *letterhead_retention(const struct letterhead *);

#endif
