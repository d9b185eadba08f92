/*
 * What the filter makes of one message, for people and as JSON: the facts, each
 * rule with its reasons, and what follows.  Of the hidden recipients only
 * councillors are named.
 *
 * A struct examination borrows what it was made of, and lives no longer than
 * the session's message.
 */
#ifndef MILTER_CTL_SHOW_H
#define MILTER_CTL_SHOW_H

#include <stdbool.h>

#include "milter/ctl/json.h"
#include "milter/ctl/mailfile.h"
#include "milter/journal/journal.h"
#include "milter/session.h"
#include "policy/text/content.h"

struct examination {
	const char *name;		/* of the message: file, number */
	const struct facts *facts;
	const struct outcome *outcome;
	struct journal_entry *entry;	/* what the journal would hold; NULL:
					 * nothing */
	bool passed;	/* accepted at the end of the header */
	struct content *content;	/* whose words it is, or NULL: not asked
					 * for; owned */
};

/*
 * Has the session judge a message in a dry run of the service, and what it lets
 * pass all the same.
 */
void examination_init(struct examination *, const char *name,
    const struct mailfile *, const struct envelope *, struct session *,
    struct service *);
void examination_clear(struct examination *);

/* The names of what is done, once each: reject, hold, defer, footer, … */
GPtrArray *show_actions(const struct examination *);
/* "holds", "does not hold", "not judged", "not active" */
const char *show_judgement(const struct judgement *);
/* "Cllr Jane Jones", or a stranger's address. */
char *show_party(const struct party *);
/* Is this recipient hidden, and may it be named? */
bool show_hidden(const struct facts *, const struct recipient *);

void show_text(const struct examination *);	/* to standard output */
void show_json(struct json *, const struct examination *);

#endif
