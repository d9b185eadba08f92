#include <string.h>

#include "milter/extract/name.h"
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

static void
relation_free(void *data)
{
	struct relation *relation = data;

	g_free(relation->source);
	g_free(relation->id);
	g_free(relation->type);
	g_free(relation->target);
	g_free(relation);
}

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

struct relations {
	const char *source;
	GPtrArray *list;
};

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
	relation->source = g_strdup(relations->source);
	relation->id = xml_attribute(attributes, "Id");
	relation->type = xml_attribute(attributes, "Type");
	relation->target = resolve(relations->source, target);
	g_ptr_array_add(relations->list, relation);
}

/* Those of "a/b.xml" are in "a/_rels/b.xml.rels"; NULL: it has none. */
static char *
relations_source(const char *name)
{
	g_autofree char *base = g_path_get_basename(name);
	g_autofree char *rels = g_path_get_dirname(name);
	g_autofree char *folder = g_path_get_dirname(rels);

	if (!name_ends(base, "rels"))
		return NULL;
	base[strlen(base) - strlen(".rels")] = '\0';
	return strcmp(folder, ".") == 0 ? g_strdup(base)
					: g_strconcat(folder, "/", base, NULL);
}

static void
read_relations(struct office *office)
{
	static const struct xml_handler handler = {.start = relation_start};
	g_autoptr(GPtrArray) names = package_list(office->package, "*");

	for (guint i = 0; i < names->len; i++) {
		g_autofree char *source = relations_source(names->pdata[i]);
		struct relations relations = {source, office->relations};

		if (source != NULL)
			office_parse(office->document,
			    package_member(office->package, names->pdata[i]),
			    &handler, &relations);
	}
}

static bool
leads_to(const struct relation *relation, const char *type)
{
	return relation->type != NULL && g_str_has_suffix(relation->type, type);
}

/* Relations to files that are embedded. */
static bool
leads_to_file(const struct relation *relation)
{
	return leads_to(relation, "/package") ||
	       leads_to(relation, "/oleObject") ||
	       leads_to(relation, "/aFChunk");
}

static bool
is_wanted(const struct relation *relation, const struct office_parts *parts)
{
	for (; parts->type != NULL; parts++)
		if (leads_to(relation, parts->type))
			return true;
	return leads_to_file(relation);
}

/* Parts that relations lead to and that have no usual name. */
static void
add_parts(struct office *office, const guint8 *data, gsize len,
    const struct office_parts *parts)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (guint i = 0; i < office->relations->len; i++) {
		const struct relation *relation = office->relations->pdata[i];

		if (is_wanted(relation, parts) &&
		    package_member(office->package, relation->target) == NULL)
			g_ptr_array_add(names, relation->target);
	}
	package_add(office->package, office->document, data, len, names);
	for (guint i = 0; i < names->len; i++)
		if (package_member(office->package, names->pdata[i]) == NULL)
			office_lacks(office->document);
}

/* Of all formats. */
static const struct office_parts properties[] = {
    {"/core-properties", "docProps/core.xml"},
    {"/extended-properties", "docProps/app.xml"},
    {"/custom-properties", "docProps/custom.xml"},
    {"/classificationlabels", "docMetadata/LabelInfo.xml"},
    {NULL, NULL},
};

#define EMBEDDED "*/embeddings/*"

void
office_open(struct office *office, struct document *document,
    const guint8 *data, gsize len, const struct office_parts *parts)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	g_auto(GStrv) patterns = NULL;

	g_strv_builder_add(builder, EMBEDDED);
	for (const struct office_parts *p = parts; p->type != NULL; p++)
		g_strv_builder_add(builder, p->pattern);
	for (const struct office_parts *p = properties; p->type != NULL; p++)
		g_strv_builder_add(builder, p->pattern);
	patterns = g_strv_builder_end(builder);
	office->document = document;
	office->package =
	    package_open(document, data, len, (const char *const *)patterns);
	office->relations = g_ptr_array_new_with_free_func(relation_free);
	office->listed = g_hash_table_new(g_str_hash, g_str_equal);
	read_relations(office);
	add_parts(office, data, len, parts);
	add_parts(office, data, len, properties);
}

void
office_close(struct office *office)
{
	g_hash_table_unref(office->listed);
	g_ptr_array_unref(office->relations);
	package_free(office->package);
}

GPtrArray *
office_list(struct office *office, const struct office_parts *parts)
{
	g_autoptr(GPtrArray) all = package_list(office->package, "*");
	g_autoptr(GHashTable) led = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *names = g_ptr_array_new();

	for (guint i = 0; i < office->relations->len; i++) {
		const struct relation *relation = office->relations->pdata[i];

		if (leads_to(relation, parts->type))
			g_hash_table_add(led, relation->target);
	}
	for (int usual = 0; usual < 2; usual++)
		for (guint i = 0; i < all->len; i++) {
			char *name = all->pdata[i];
			bool named = g_hash_table_contains(led, name);

			if (usual ? !named && g_pattern_match_simple(
						  parts->pattern, name)
				  : named) {
				g_ptr_array_add(names, name);
				g_hash_table_add(office->listed, name);
			}
		}
	return names;
}

const char *
office_target(const struct office *office, const char *source, const char *id,
    const char *type)
{
	for (guint i = 0; i < office->relations->len; i++) {
		const struct relation *relation = office->relations->pdata[i];

		if (g_ascii_strcasecmp(relation->source, source) == 0 &&
		    (id != NULL ? g_strcmp0(relation->id, id) == 0
				: leads_to(relation, type)))
			return relation->target;
	}
	return NULL;
}

void
office_lacks(struct document *document)
{
	document_fail(
	    document, ATTACHMENT_FAILED, "it lacks a part that it names");
}

void
office_properties(struct office *office)
{
	for (const struct office_parts *p = properties; p->type != NULL; p++) {
		g_autoptr(GPtrArray) names = office_list(office, p);

		for (guint i = 0; i < names->len; i++)
			office_property_part(office->document,
			    package_member(office->package, names->pdata[i]));
	}
}

void
office_files(struct document *document, const struct package *package,
    GHashTable *parts, GHashTable *files)
{
	g_autoptr(GPtrArray) names = package_list(package, "*");

	for (guint i = 0; i < names->len; i++) {
		const char *name = names->pdata[i];
		gsize len;
		const void *data =
		    g_bytes_get_data(package_member(package, name), &len);
		bool file =
		    package_is_foreign(name) ||
		    (files != NULL && g_hash_table_contains(files, name)) ||
		    (!g_str_has_suffix(name, "/") &&
			g_pattern_match_simple(EMBEDDED, name));

		if (file &&
		    (parts == NULL || !g_hash_table_contains(parts, name)) &&
		    document_deeper(document, "files"))
			reading_member(document, name, NULL, data, len,
			    ATTACHMENT_READ, NULL);
	}
}

void
office_embedded(struct office *office)
{
	g_autoptr(GHashTable) files = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < office->relations->len; i++) {
		struct relation *relation = office->relations->pdata[i];

		if (leads_to_file(relation))
			g_hash_table_add(files, relation->target);
	}
	office_files(office->document, office->package, office->listed, files);
}
