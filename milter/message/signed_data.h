/*
 * S/MIME's other way to sign (RFC 8551, 3.5.2): the message is not beside its
 * signature but inside of it, as CMS SignedData (RFC 5652).  OpenSSL reads it;
 * whether the signature holds is for the recipient to ask.
 *
 * Any thread; no state.
 */
#ifndef MILTER_MESSAGE_SIGNED_DATA_H
#define MILTER_MESSAGE_SIGNED_DATA_H

#include <glib.h>

enum signed_data {
	SIGNED_DATA_BROKEN,
	SIGNED_DATA_EMPTY,     /* only certificates, or a signature of what
				* is elsewhere */
	SIGNED_DATA_MESSAGE,   /* a MIME entity */
	SIGNED_DATA_ENCRYPTED, /* what is signed is encrypted itself */
	SIGNED_DATA_OTHER,     /* no mail: a time stamp, a receipt */
};

/* What is in it; a message goes to *content, which the caller unrefs. */
enum signed_data signed_data_open(
    const guint8 *data, gsize len, GBytes **content);

#endif
