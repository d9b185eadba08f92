/*
 * Speech acts that bind the council: a promise, an order, an acceptance, an
 * instruction.  Judged sentence by sentence and clause by clause over the
 * author's own words: authority + act + addressee, less what cancels.
 *
 * Used like marking.h.
 */
#ifndef POLICY_DETECT_OBLIGATION_H
#define POLICY_DETECT_OBLIGATION_H

#include <glib.h>
#include <stdbool.h>

#include "policy/diag.h"
#include "policy/level.h"
#include "policy/pattern/file.h"
#include "policy/text/content.h"

/* One act, or one that was cancelled. */
struct act {
	const char *kind;	/* "order", "acceptance", "payment", …; lives
				 * with the rules */
	bool directive;		/* an instruction rather than a commitment */
	double probability;	/* 0 when cancelled */
	guint segment;
	gsize sentence_start, sentence_end;
	gsize start, end;	/* the act itself */
	char *authority;	/* as found: "on behalf of the Council", or
				 * NULL: the author's name alone */
	char *addressee;	/* "you", or NULL */
	const char *cancelled;	/* by what: "a question", "a condition"; static
				 * or with the rules; NULL: it stands */
};

struct obligation_rules;

struct obligation_rules *obligation_rules_new(const GPtrArray *blocks,
    struct diags *);
void obligation_rules_free(struct obligation_rules *);
void obligation_rules_try(const struct obligation_rules *, struct diags *);
/* Is that a kind of act of theirs? */
bool obligation_rules_have(const struct obligation_rules *, const char *kind);

/*
 * All acts, the most probable first, cancelled ones last: struct act, freed
 * with the array.  What an outsider offered, in the quoted parent, strengthens
 * a short reply.  *cut becomes true when a limit was met, so that there may be
 * more.
 */
GPtrArray *acts_find(const struct obligation_rules *,
    const struct content *, bool *cut);
/* Does the quoted parent offer something at a price, or ask for an order? */
bool content_quotes_offer(const struct obligation_rules *,
    const struct content *);

#endif
