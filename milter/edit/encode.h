/*
 * Transfer encodings, written: quoted-printable and base64 in lines of at most
 * 76 characters.
 */
#ifndef MILTER_EDIT_ENCODE_H
#define MILTER_EDIT_ENCODE_H

#include <glib.h>
#include <stdbool.h>

/*
 * Appends text in quoted-printable (RFC 2045, 6.7).  Line ends in it that are
 * eol stay line ends; a lone CR or LF is encoded.  UTF-8 sequences are never
 * torn apart.  column is where the output line stands, before and after.
 */
void qp_encode(GString *out, const guint8 *octets, gsize len, const char *eol,
    gsize *column);

/* Appends base64 to an output line that stands at column, a multiple of 4. */
void base64_encode(GString *out, const guint8 *octets, gsize len,
    const char *eol, gsize column);

#endif
