/*
 * What a message says, for people and as JSON.
 */
#ifndef MILTER_CTL_SHOW_CONTENT_H
#define MILTER_CTL_SHOW_CONTENT_H

#include "milter/ctl/json.h"
#include "policy/text/content.h"

/* All of it, to standard output. */
void show_content_text(const struct content *);
/* A line for each segment: origin, part and first words. */
void show_content_brief(const struct content *);
/* The members "segments", "attachments" and "not_read" of an object. */
void show_content_json(struct json *, const struct content *);

#endif
