/*
 * What the three formats of Office Open XML share.
 */
#ifndef MILTER_EXTRACT_OFFICE_H
#define MILTER_EXTRACT_OFFICE_H

#include "milter/extract/package.h"
#include "milter/extract/xml.h"

/* Patterns of the members that all have. */
#define OFFICE_MEMBERS                                                \
	"docProps/*.xml", "docMetadata/LabelInfo.xml", "_rels/.rels", \
	    OFFICE_EMBEDDED
#define OFFICE_EMBEDDED "*/embeddings/*"

/* Document properties. */
void office_properties(struct document *, const struct package *);
/* Files that are embedded, and foreign ones. */
void office_embedded(struct document *, const struct package *);

/* One part of properties, of ODF too. */
void office_property_part(struct document *, GBytes *xml);

/* The text of drawings, slides and comments. */
void office_drawing(struct document *, GBytes *xml);
/* The same of each member that matches. */
void office_drawings(
    struct document *, const struct package *, const char *pattern);
/*
 * Of a slide's master or layout: what stands on each slide, and not the
 * prompts of its placeholders.
 */
void office_master(struct document *, GBytes *xml);

/* Where a part points. */
struct relation {
	char *id, *type;
	char *target; /* name of a member */
};

/* struct relation; never NULL. */
GPtrArray *office_relations(
    struct document *, const struct package *, const char *part);
/* By its identifier or by the end of its type; NULL when there is none. */
const char *office_target(const GPtrArray *, const char *id, const char *type);

/*
 * Parts may have any name, but those with the text are looked for under their
 * usual ones.  Fails when a document has its text elsewhere; a target may be
 * NULL.
 */
void office_expect_main(struct document *, const struct package *);
void office_expect(
    struct document *, const struct package *, const char *target);

/* xml_parse() of a member. */
bool office_parse(
    struct document *, GBytes *xml, const struct xml_handler *, void *data);

#endif
