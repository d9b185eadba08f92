/*
 * Edits of single header fields: the tag in the subject, and Sensitivity.
 */
#ifndef MILTER_EDIT_SUBJECT_H
#define MILTER_EDIT_SUBJECT_H

#include "milter/edit/edit.h"

/* Both change nothing, and return false, when it is there already. */
bool subject_add_tag(struct edit *, struct message *, const char *tag);
bool sensitivity_set(struct edit *, struct message *, const char *value);

#endif
