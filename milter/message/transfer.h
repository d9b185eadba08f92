/*
 * Transfer encodings undone, and the way back from an octet to the place in
 * the encoded text where it stands.
 */
#ifndef MILTER_MESSAGE_TRANSFER_H
#define MILTER_MESSAGE_TRANSFER_H

#include <glib.h>
#include <stdbool.h>

/*
 * Quoted-printable (RFC 2045, 6.7), read as leniently as others do: "=" that
 * begins no escape stands for itself.  The caller frees.
 */
guint8 *qp_decode(const char *raw, gsize len, gsize *octets_len);
/* Where in raw the first n octets end, before any soft break. */
gsize qp_offset(const char *raw, gsize len, gsize n);

/*
 * Base64 (RFC 2045, 6.8).  NULL when anything is in it that readers may
 * understand differently: foreign characters, padding before the end, a
 * lonely last character.
 */
guint8 *base64_decode(const char *raw, gsize len, gsize *octets_len);
/* Where in raw the n-th character of the alphabet stands, from 0; or len. */
gsize base64_offset(const char *raw, gsize len, gsize n);

#endif
