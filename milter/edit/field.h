/*
 * The MIME fields of one part's header as they stand in the source, and new
 * values for them.
 */
#ifndef MILTER_EDIT_FIELD_H
#define MILTER_EDIT_FIELD_H

#include <glib.h>
#include <stdbool.h>

#include "milter/edit/edit.h"

/*
 * Sets the charset parameter of a Content-Type value, leaving every other byte
 * as it is.  NULL when the value is none that could carry it.  The caller
 * frees.
 */
char *field_with_charset(const char *value, const char *charset);

/*
 * Sets a field of the part's header, wherever that is: in the message's own
 * header for the root, else in the body.  It replaces the first field of that
 * name, or is added.
 */
void field_set(struct edit *, struct message *, const struct part *,
    const char *name, const char *value, const char *eol);
/* Removes all fields of that name. */
void field_remove(struct edit *, struct message *, const struct part *,
    const char *name);
/* The first field of that name, as it stands.  The caller frees. */
char *field_get(struct message *, const struct part *, const char *name);

/* What edits are made of; both take the text or value. */
void edit_add_splice(
    struct edit *, gsize start, gsize end, char *text, gsize len);
void edit_add_header(struct edit *, enum header_op, const char *name,
    unsigned index, char *value);
/* A new field, after all others. */
void edit_insert_header(
    struct edit *, const struct message *, const char *name, char *value);

#endif
