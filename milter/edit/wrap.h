/*
 * Wrapping: the message becomes the first part of a multipart/mixed, byte for
 * byte, and what is to be said becomes parts beside it.  A signature in it
 * still verifies.
 */
#ifndef MILTER_EDIT_WRAP_H
#define MILTER_EDIT_WRAP_H

#include "milter/edit/edit.h"

/* Lines are struct edit_line; either array may be empty. */
void wrap_message(struct edit *, struct message *, const GPtrArray *banner,
    const GPtrArray *footer);

#endif
