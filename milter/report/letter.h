/*
 * Letters: the reports that the clerk reads, the notices that a sender gets
 * and the disclosures that reach a councillor when no footer can.  A letter is
 * a pure function of what the journal holds, so that a repeat after a crash is
 * the same letter under the same Message-ID.  Any thread may render.
 */
#ifndef MILTER_REPORT_LETTER_H
#define MILTER_REPORT_LETTER_H

#include <glib.h>

#include "milter/journal/journal.h"

/* What every letter needs to know besides its entry. */
struct letterhead {
	char *council;	/* "Woodland Parish Council" */
	char *from;	/* addr-spec of the From field; envelope is <> */
	char *host;	/* for Message-IDs; NULL or "": the domain of from */
	unsigned retention;	/* days that the journal keeps an entry; 0: not
				 * known, and not said */
};

/*
 * One letter as RFC 5322 bytes with CRLF: multipart/alternative of text/plain
 * and accessible HTML, 7-bit, Auto-Submitted: auto-generated.
 */
GBytes *letter_render(
    const struct letterhead *, const struct outbox_item *);
/*
 * One digest: struct outbox_item of one address, sharing a Message-ID; not
 * empty.
 */
GBytes *letter_render_digest(
    const struct letterhead *, const GPtrArray *items);

#endif
