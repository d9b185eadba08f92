/*
 * The leaves of a message in its order, numbered as segments are: the texts of
 * one multipart/alternative say the same and have the same number.  A message
 * inside of its signature has its leaves in the signature's place.
 */
#ifndef MILTER_MESSAGE_LEAVES_H
#define MILTER_MESSAGE_LEAVES_H

#include "milter/message/message.h"

struct leaf {
	struct message *message; /* that the part is of: perhaps one inside */
	const struct part *part;
	const struct part *alternative; /* the outermost multipart/alternative
					 * around it, or NULL */
	unsigned number;
};

/* struct leaf.  A multipart that was not entered is a leaf. */
GArray *message_leaves(struct message *);
/* Is it text of the message itself? */
bool leaf_is_text(const struct leaf *);

#endif
