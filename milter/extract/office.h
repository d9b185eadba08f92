/*
 * What the three formats of Office Open XML share.
 */
#ifndef MILTER_EXTRACT_OFFICE_H
#define MILTER_EXTRACT_OFFICE_H

#include "milter/extract/package.h"
#include "milter/extract/xml.h"

/*
 * Parts of one kind: the end of the type of relations that lead to them, and
 * the pattern of their usual names.
 */
struct office_parts {
	const char *type, *pattern;
};

/* Where a part points. */
struct relation {
	char *source; /* the part, or "" for the package */
	char *id, *type;
	char *target; /* name of a member */
};

/*
 * A document.  Parts may have any name when a relation leads to them; and those
 * to which none leads may be for other eyes.  Both are read.
 */
struct office {
	struct document *document;
	struct package *package;
	GPtrArray *relations; /* struct relation, of all parts */
	GHashTable *listed;   /* parts that office_list() gave out */
};

/* The parts are those with text; NULL as a type ends them. */
void office_open(struct office *, struct document *, const guint8 *data,
    gsize len, const struct office_parts *);
void office_close(struct office *);

/* Names, those that relations lead to first; the package owns them. */
GPtrArray *office_list(struct office *, const struct office_parts *);
/* By its identifier or by the end of its type; NULL when there is none. */
const char *office_target(const struct office *, const char *source,
    const char *id, const char *type);
/* Fails a document that lacks a part with text. */
void office_lacks(struct document *);

/* Document properties. */
void office_properties(struct office *);
/* Files that are embedded, and foreign ones. */
void office_embedded(struct office *);
/*
 * The same of a package that may be ODF: parts are names of what is read
 * already, files of what is a file whatever its name; NULL: none.
 */
void office_files(struct document *, const struct package *, GHashTable *parts,
    GHashTable *files);

/* One part of properties, of ODF too. */
void office_property_part(struct document *, GBytes *xml);

/* The text of drawings, slides and comments. */
void office_drawing(struct document *, GBytes *xml);
/* The same of each of these parts. */
void office_drawings(struct office *, const struct office_parts *);
/*
 * Of a slide's master or layout: what stands on each slide, and not the
 * prompts of its placeholders.
 */
void office_master(struct document *, GBytes *xml);

/* xml_parse() of a member. */
bool office_parse(
    struct document *, GBytes *xml, const struct xml_handler *, void *data);

#endif
