/*
 * Address lists as they really come: groups are expanded to their members,
 * and one broken mailbox does not lose its neighbours.
 */
#ifndef MILTER_MESSAGE_ADDRESSES_H
#define MILTER_MESSAGE_ADDRESSES_H

#include <glib.h>

/*
 * Appends the mailboxes of one To, Cc, From… field (struct mailbox) in order.
 * The value is unfolded.
 */
void addresses_parse(GPtrArray *list, const char *value);

#endif
