/*
 * XML as events, for formats that have no use for entities, document types or
 * anything outside the file: none of these is read.
 */
#ifndef MILTER_EXTRACT_XML_H
#define MILTER_EXTRACT_XML_H

#include "milter/extract/reading.h"

struct xml_attributes;

/* Names are local names: formats differ in their prefixes only. */
struct xml_handler {
	void (*start)(void *, const char *name, const struct xml_attributes *);
	void (*end)(void *, const char *name);
	void (*text)(void *, const char *, gsize len);
};

/*
 * The value of the first attribute with that local name, or NULL; ":name" is
 * one with a prefix.  The caller frees.
 */
char *xml_attribute(const struct xml_attributes *, const char *name);
bool xml_attribute_is(
    const struct xml_attributes *, const char *name, const char *value);

/* False, with the document's state settled, when it is no such XML. */
bool xml_parse(struct document *, const void *xml, gsize len,
    const struct xml_handler *, void *data);

#endif
