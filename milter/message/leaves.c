#include <string.h>

#include "milter/message/leaves.h"

struct collector {
	struct message *message;
	GArray *leaves;
	unsigned next;
};

bool
leaf_is_text(const struct leaf *leaf)
{
	const struct part *part = leaf->part;

	/* Text that is signed inline is there to be read. */
	return part->kind == PART_TEXT ||
	       (part->kind == PART_SIGNED && part->children == NULL &&
		   strcmp(part->type, "text") == 0);
}

static void
collect(struct collector *c, const struct part *part,
    const struct part *alternative, unsigned *shared)
{
	struct leaf leaf = {c->message, part, alternative, 0};
	unsigned own = 0;

	if (part->inside != NULL) {
		c->message = part->inside;
		collect(c, message_root(part->inside), alternative, shared);
		c->message = leaf.message;
		return;
	}
	if (part->children != NULL && part->kind != PART_ENCRYPTED) {
		if (alternative == NULL &&
		    strcmp(part->type, "multipart") == 0 &&
		    strcmp(part->subtype, "alternative") == 0) {
			alternative = part;
			own = c->next++;
			shared = &own;
		}
		for (guint i = 0; i < part->children->len; i++)
			collect(
			    c, part->children->pdata[i], alternative, shared);
		return;
	}
	leaf.number =
	    alternative != NULL && leaf_is_text(&leaf) ? *shared : c->next++;
	g_array_append_val(c->leaves, leaf);
}

GArray *
message_leaves(struct message *m)
{
	struct collector c = {
	    .message = m,
	    .leaves = g_array_new(FALSE, FALSE, sizeof(struct leaf)),
	};

	/* Says of the parts whether they are signed or encrypted. */
	message_signature(m);
	collect(&c, message_root(m), NULL, NULL);
	return c.leaves;
}
