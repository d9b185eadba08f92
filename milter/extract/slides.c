/*
 * PowerPoint: slides in their order, each with its notes.
 */
#include <string.h>

#include "milter/extract/office.h"
#include "milter/extract/reader.h"

struct order {
	GPtrArray *ids; /* of relations, in the order of the slides */
};

static void
order_start(
    void *data, const char *name, const struct xml_attributes *attributes)
{
	struct order *order = data;
	char *id;

	if (strcmp(name, "sldId") == 0 &&
	    (id = xml_attribute(attributes, ":id")) != NULL)
		g_ptr_array_add(order->ids, id);
}

/* Names of the slides; those that the presentation does not list come last. */
static GPtrArray *
slide_names(struct document *document, const struct package *package)
{
	static const struct xml_handler handler = {.start = order_start};
	static const char presentation[] = "ppt/presentation.xml";
	GBytes *xml = package_member(package, presentation);
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) relations =
	    office_relations(document, package, presentation);
	g_autoptr(GPtrArray) all =
	    package_list(package, "ppt/slides/slide*.xml");
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	struct order order = {ids};

	if (xml != NULL)
		office_parse(document, xml, &handler, &order);
	for (guint i = 0; i < ids->len; i++) {
		const char *name =
		    office_target(relations, ids->pdata[i], NULL);
		char *copy = g_strdup(name);

		if (name == NULL || package_member(package, name) == NULL ||
		    !g_hash_table_add(seen, copy))
			g_free(copy);
		else
			g_ptr_array_add(names, copy);
	}
	for (guint i = 0; i < all->len; i++)
		if (!g_hash_table_contains(seen, all->pdata[i]))
			g_ptr_array_add(names, g_strdup(all->pdata[i]));
	return names;
}

static void
read_slide(
    struct document *document, const struct package *package, const char *name)
{
	g_autoptr(GPtrArray) relations =
	    office_relations(document, package, name);
	const char *notes = office_target(relations, NULL, "/notesSlide");
	GBytes *xml = notes != NULL ? package_member(package, notes) : NULL;

	office_drawing(document, package_member(package, name));
	if (xml != NULL)
		office_drawing(document, xml);
	document_page(document);
}

static void
read_masters(struct document *document, const struct package *package,
    const char *pattern)
{
	g_autoptr(GPtrArray) names = package_list(package, pattern);

	for (guint i = 0; i < names->len; i++)
		office_master(
		    document, package_member(package, names->pdata[i]));
}

void
read_pptx(struct document *document, const guint8 *data, gsize len)
{
	static const char *const members[] = {OFFICE_MEMBERS,
	    "ppt/presentation.xml", "ppt/_rels/presentation.xml.rels",
	    "ppt/slides/*", "ppt/notesSlides/notesSlide*.xml",
	    "ppt/slideMasters/slideMaster*.xml",
	    "ppt/slideLayouts/slideLayout*.xml", "ppt/comments/*.xml",
	    "ppt/diagrams/data*.xml", NULL};
	g_autoptr(package) package = package_open(document, data, len, members);
	g_autoptr(GPtrArray) slides = slide_names(document, package);

	office_expect_main(document, package);
	office_properties(document, package);
	document_margin(document, true);
	read_masters(document, package, "ppt/slideMasters/slideMaster*.xml");
	read_masters(document, package, "ppt/slideLayouts/slideLayout*.xml");
	document_margin(document, false);
	for (guint i = 0; i < slides->len; i++)
		read_slide(document, package, slides->pdata[i]);
	office_drawings(document, package, "ppt/diagrams/data*.xml");
	office_drawings(document, package, "ppt/comments/*.xml");
	office_embedded(document, package);
}
