/*
 * What attached messages of all formats share.
 */
#ifndef MILTER_EXTRACT_MAIL_H
#define MILTER_EXTRACT_MAIL_H

#include "milter/extract/reading.h"

/* The fields of a message's header that may carry a marking. */
void mail_markings(struct document *, const char *header, gsize len);
/* By its name, is it one of these? */
bool mail_is_marking(const char *field);

/* The same letters and digits, whatever stands between them? */
bool mail_says_the_same(const char *, const char *);

#endif
