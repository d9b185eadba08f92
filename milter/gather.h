/*
 * What the attachments of a message say: the extractor's work made into a
 * content for the detectors.
 */
#ifndef MILTER_GATHER_H
#define MILTER_GATHER_H

#include "milter/extract/extract.h"
#include "milter/message/message.h"
#include "policy/text/content.h"

/*
 * Reads them all and adds what they say to the content.  Without an extractor
 * (NULL) each is unsupported.  Never fails: each attachment has a state.
 *
 * limit: bytes of text of all of them together, 0 for none; what is beyond is
 * truncated.  What has not begun within the extractor's patience is timed out.
 */
void gather_attachments(struct content *, struct message *,
    struct extractor *, gsize limit);

#endif
