#include <string.h>

#include "milter/extract/office.h"

bool
office_parse(struct document *document, GBytes *xml,
    const struct xml_handler *handler, void *data)
{
	gsize len;
	const void *bytes = g_bytes_get_data(xml, &len);

	return xml_parse(document, bytes, len, handler, data);
}

/* Elements that are properties by their name, of all formats. */
static bool
is_property(const char *name)
{
	static const char *const names[] = {"title", "subject", "creator",
	    "keywords", "keyword", "description", "category", "contentStatus",
	    "contentType", "identifier", "lastModifiedBy", "initial-creator",
	    "Company", "Manager"};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

struct properties {
	struct document *document;
	char *element, *name; /* the one that is open, or NULL */
	GString *value;
	bool over; /* of a document in one file, the text begins */
};

static void
property_start(
    void *data, const char *element, const struct xml_attributes *attributes)
{
	struct properties *p = data;
	char *name = NULL;

	if (strcmp(element, "label") == 0) {
		/* A sensitivity label, [MS-OFFCRYPTO] 2.6. */
		g_autofree char *id = xml_attribute(attributes, "id");

		if (id != NULL)
			document_property(p->document, "sensitivity label", id);
		return;
	}
	if (strcmp(element, "body") == 0)
		p->over = true;
	if (p->element != NULL || p->over)
		return;
	if (strcmp(element, "property") == 0 ||
	    strcmp(element, "user-defined") == 0)
		name = xml_attribute(attributes, "name");
	else if (is_property(element))
		name = g_strdup(element);
	if (name == NULL)
		return;
	p->name = name;
	p->element = g_strdup(element);
	g_string_truncate(p->value, 0);
}

static void
property_end(void *data, const char *element)
{
	struct properties *p = data;

	if (g_strcmp0(p->element, element) != 0)
		return;
	document_property(p->document, p->name, p->value->str);
	g_clear_pointer(&p->element, g_free);
	g_clear_pointer(&p->name, g_free);
}

static void
property_text(void *data, const char *text, gsize len)
{
	struct properties *p = data;

	if (p->element != NULL)
		g_string_append_len(p->value, text, (gssize)len);
}

void
office_property_part(struct document *document, GBytes *xml)
{
	static const struct xml_handler handler = {
	    property_start, property_end, property_text};
	g_autoptr(GString) value = g_string_new(NULL);
	struct properties p = {.document = document, .value = value};

	office_parse(document, xml, &handler, &p);
	g_free(p.element);
	g_free(p.name);
}

void
office_properties(struct document *document, const struct package *package)
{
	static const char *const parts[] = {"docProps/core.xml",
	    "docProps/app.xml", "docProps/custom.xml",
	    "docMetadata/LabelInfo.xml"};

	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		GBytes *xml = package_member(package, parts[i]);

		if (xml != NULL)
			office_property_part(document, xml);
	}
}

void
office_embedded(struct document *document, const struct package *package)
{
	g_autoptr(GPtrArray) names = package_list(package, "*");

	for (guint i = 0; i < names->len; i++) {
		const char *name = names->pdata[i];
		gsize len;
		const void *data =
		    g_bytes_get_data(package_member(package, name), &len);

		if (!package_is_foreign(name) &&
		    (g_str_has_suffix(name, "/") ||
			!g_pattern_match_simple(OFFICE_EMBEDDED, name)))
			continue;
		if (document->depth < document->reading->limits->depth)
			reading_member(document, name, NULL, data, len,
			    ATTACHMENT_READ, NULL);
		else
			document_fail(document, ATTACHMENT_TRUNCATED,
			    "files nested more than %u deep",
			    document->reading->limits->depth);
	}
}

static void
relation_free(void *data)
{
	struct relation *relation = data;

	g_free(relation->id);
	g_free(relation->type);
	g_free(relation->target);
	g_free(relation);
}

struct relations {
	const char *part;
	GPtrArray *list;
};

/* A target counts from the folder of the part that has it. */
static char *
resolve(const char *part, const char *target)
{
	g_autofree char *folder = NULL, *whole = NULL;
	g_auto(GStrv) names = NULL;
	g_autoptr(GPtrArray) path = g_ptr_array_new();

	folder = g_path_get_dirname(part);
	whole = *target == '/' ? g_strdup(target + 1)
			       : g_strconcat(folder, "/", target, NULL);
	names = g_strsplit(whole, "/", 64);
	for (char **name = names; *name != NULL; name++) {
		if (strcmp(*name, "..") == 0) {
			if (path->len > 0)
				g_ptr_array_set_size(path, (int)path->len - 1);
		} else if (strcmp(*name, ".") != 0 && **name != '\0')
			g_ptr_array_add(path, *name);
	}
	g_ptr_array_add(path, NULL);
	return g_strjoinv("/", (char **)path->pdata);
}

static void
relation_start(
    void *data, const char *name, const struct xml_attributes *attributes)
{
	struct relations *relations = data;
	g_autofree char *target = NULL;
	struct relation *relation;

	if (strcmp(name, "Relationship") != 0 ||
	    xml_attribute_is(attributes, "TargetMode", "External") ||
	    (target = xml_attribute(attributes, "Target")) == NULL)
		return;
	relation = g_new0(struct relation, 1);
	relation->id = xml_attribute(attributes, "Id");
	relation->type = xml_attribute(attributes, "Type");
	relation->target = resolve(relations->part, target);
	g_ptr_array_add(relations->list, relation);
}

static GPtrArray *
read_relations(struct document *document, const struct package *package,
    const char *part, const char *name)
{
	static const struct xml_handler handler = {.start = relation_start};
	struct relations relations = {
	    part, g_ptr_array_new_with_free_func(relation_free)};
	GBytes *xml = package_member(package, name);

	if (xml != NULL)
		office_parse(document, xml, &handler, &relations);
	return relations.list;
}

GPtrArray *
office_relations(
    struct document *document, const struct package *package, const char *part)
{
	g_autofree char *folder = g_path_get_dirname(part);
	g_autofree char *base = g_path_get_basename(part);
	g_autofree char *name =
	    g_strconcat(folder, "/_rels/", base, ".rels", NULL);

	return read_relations(document, package, part, name);
}

void
office_expect(struct document *document, const struct package *package,
    const char *target)
{
	if (target != NULL && package_member(package, target) == NULL)
		document_fail(document, ATTACHMENT_FAILED,
		    "its text is in a part of an unusual name");
}

void
office_expect_main(struct document *document, const struct package *package)
{
	g_autoptr(GPtrArray) relations =
	    read_relations(document, package, "", "_rels/.rels");

	office_expect(document, package,
	    office_target(relations, NULL, "/officeDocument"));
}

const char *
office_target(const GPtrArray *relations, const char *id, const char *type)
{
	for (guint i = 0; i < relations->len; i++) {
		const struct relation *relation = relations->pdata[i];

		if (id != NULL ? g_strcmp0(relation->id, id) == 0
			       : relation->type != NULL &&
				     g_str_has_suffix(relation->type, type))
			return relation->target;
	}
	return NULL;
}
