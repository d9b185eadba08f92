#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

#include "milter/extract/xml.h"

struct xml_attributes {
	const xmlChar **tuples; /* name, prefix, namespace, value, end */
	int count;
};

struct parse {
	const struct reading *reading;
	const struct xml_handler *handler;
	void *data;
	xmlParserCtxt *parser;
	bool entities;
};

/* NULL, or the attribute's five. */
static const xmlChar **
find(const struct xml_attributes *attributes, const char *name)
{
	bool prefixed = name[0] == ':';

	for (int i = 0; i < attributes->count; i++) {
		const xmlChar **tuple = attributes->tuples + 5 * i;

		if (strcmp((const char *)tuple[0], name + prefixed) == 0 &&
		    (!prefixed || tuple[1] != NULL))
			return tuple;
	}
	return NULL;
}

char *
xml_attribute(const struct xml_attributes *attributes, const char *name)
{
	const xmlChar **tuple = find(attributes, name);
	GString *value;

	if (tuple == NULL)
		return NULL;
	value = g_string_new_len(
	    (const char *)tuple[3], (gssize)(tuple[4] - tuple[3]));
	/* The one reference that the parser leaves in a value. */
	g_string_replace(value, "&#38;", "&", 0);
	return g_string_free(value, FALSE);
}

bool
xml_attribute_is(const struct xml_attributes *attributes, const char *name,
    const char *value)
{
	const xmlChar **tuple = find(attributes, name);

	return tuple != NULL && (gsize)(tuple[4] - tuple[3]) == strlen(value) &&
	       memcmp(tuple[3], value, strlen(value)) == 0;
}

static void
on_start(void *data, const xmlChar *name, const xmlChar *prefix G_GNUC_UNUSED,
    const xmlChar *uri G_GNUC_UNUSED, int namespaces G_GNUC_UNUSED,
    const xmlChar **spaces G_GNUC_UNUSED, int count,
    int defaulted G_GNUC_UNUSED, const xmlChar **tuples)
{
	struct parse *parse = data;
	struct xml_attributes attributes = {tuples, count};

	if (parse->reading->text == 0) {
		/* Which frees what the attributes point to. */
		xmlStopParser(parse->parser);
		return;
	}
	if (parse->handler->start != NULL)
		parse->handler->start(
		    parse->data, (const char *)name, &attributes);
}

static void
on_end(void *data, const xmlChar *name, const xmlChar *prefix G_GNUC_UNUSED,
    const xmlChar *uri G_GNUC_UNUSED)
{
	struct parse *parse = data;

	if (parse->handler->end != NULL)
		parse->handler->end(parse->data, (const char *)name);
}

static void
on_text(void *data, const xmlChar *text, int len)
{
	struct parse *parse = data;

	if (parse->handler->text != NULL)
		parse->handler->text(
		    parse->data, (const char *)text, (gsize)len);
}

/* An entity of the file's own: nothing honest has one. */
static void
on_entity(void *data, const xmlChar *name G_GNUC_UNUSED, int type G_GNUC_UNUSED,
    const xmlChar *public G_GNUC_UNUSED, const xmlChar *system G_GNUC_UNUSED,
    xmlChar *content G_GNUC_UNUSED)
{
	struct parse *parse = data;

	parse->entities = true;
	xmlStopParser(parse->parser);
}

static void
ignore_error(void *data G_GNUC_UNUSED, xmlError *error G_GNUC_UNUSED)
{
}

bool
xml_parse(struct document *document, const void *xml, gsize len,
    const struct xml_handler *handler, void *data)
{
	struct parse parse = {
	    .reading = document->reading, .handler = handler, .data = data};
	const xmlSAXHandler events = {
	    .initialized = XML_SAX2_MAGIC,
	    .startElementNs = on_start,
	    .endElementNs = on_end,
	    .characters = on_text,
	    .ignorableWhitespace = on_text,
	    .cdataBlock = on_text,
	    .entityDecl = on_entity,
	    .serror = ignore_error,
	};
	bool well = false;

	if (len > 0 && len < G_MAXINT / 2)
		parse.parser = xmlCreateMemoryParserCtxt(xml, (int)len);
	if (parse.parser != NULL) {
		xmlCtxtUseOptions(parse.parser,
		    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
		*parse.parser->sax = events;
		parse.parser->userData = &parse;
		well = xmlParseDocument(parse.parser) == 0 &&
		       parse.parser->wellFormed != 0;
		if (parse.parser->myDoc != NULL)
			xmlFreeDoc(parse.parser->myDoc);
		xmlFreeParserCtxt(parse.parser);
	}
	if (parse.entities)
		document_fail(document, ATTACHMENT_FAILED,
		    "its XML declares entities, as attacks do");
	else if (!well)
		document_fail(
		    document, ATTACHMENT_FAILED, "its XML is damaged");
	return well && !parse.entities;
}
