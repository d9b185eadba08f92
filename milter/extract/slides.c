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

enum { MAIN, SLIDE, NOTES, MASTER, LAYOUT, COMMENTS, DIAGRAM };

static const struct office_parts parts[] = {
    [MAIN] = {"/officeDocument", "ppt/presentation.xml"},
    [SLIDE] = {"/slide", "ppt/slides/slide*.xml"},
    [NOTES] = {"/notesSlide", "ppt/notesSlides/notesSlide*.xml"},
    [MASTER] = {"/slideMaster", "ppt/slideMasters/slideMaster*.xml"},
    [LAYOUT] = {"/slideLayout", "ppt/slideLayouts/slideLayout*.xml"},
    [COMMENTS] = {"/comments", "ppt/comments/*.xml"},
    [DIAGRAM] = {"/diagramData", "ppt/diagrams/data*.xml"},
    {NULL, NULL},
};

/* Names of the slides; those that the presentation does not list come last. */
static GPtrArray *
slide_names(struct office *office)
{
	static const struct xml_handler handler = {.start = order_start};
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) mains = office_list(office, &parts[MAIN]);
	g_autoptr(GPtrArray) all = office_list(office, &parts[SLIDE]);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	struct order order = {ids};

	for (guint i = 0; i < mains->len; i++) {
		const char *main = mains->pdata[i];

		g_ptr_array_set_size(ids, 0);
		office_parse(office->document,
		    package_member(office->package, main), &handler, &order);
		for (guint j = 0; j < ids->len; j++) {
			const char *name =
			    office_target(office, main, ids->pdata[j], NULL);

			char *copy = g_strdup(name);

			if (name == NULL ||
			    package_member(office->package, name) == NULL ||
			    !g_hash_table_add(seen, copy))
				g_free(copy);
			else
				g_ptr_array_add(names, copy);
		}
	}
	for (guint i = 0; i < all->len; i++)
		if (!g_hash_table_contains(seen, all->pdata[i]))
			g_ptr_array_add(names, g_strdup(all->pdata[i]));
	return names;
}

/* With its notes; read: those that were. */
static void
read_slide(struct office *office, const char *name, GHashTable *read)
{
	const char *notes =
	    office_target(office, name, NULL, parts[NOTES].type);
	GBytes *xml =
	    notes != NULL ? package_member(office->package, notes) : NULL;

	office_drawing(office->document, package_member(office->package, name));
	if (xml != NULL && g_hash_table_add(read, xml))
		office_drawing(office->document, xml);
	document_page(office->document);
}

static void
read_slides(struct office *office)
{
	g_autoptr(GHashTable) read = g_hash_table_new(NULL, NULL);
	g_autoptr(GPtrArray) slides = slide_names(office);
	g_autoptr(GPtrArray) notes = office_list(office, &parts[NOTES]);

	for (guint i = 0; i < slides->len; i++)
		read_slide(office, slides->pdata[i], read);
	for (guint i = 0; i < notes->len; i++) {
		GBytes *xml = package_member(office->package, notes->pdata[i]);

		if (g_hash_table_add(read, xml))
			office_drawing(office->document, xml);
	}
}

static void
read_masters(struct office *office, const struct office_parts *masters)
{
	g_autoptr(GPtrArray) names = office_list(office, masters);

	for (guint i = 0; i < names->len; i++)
		office_master(office->document,
		    package_member(office->package, names->pdata[i]));
}

void
read_pptx(struct document *document, const guint8 *data, gsize len)
{
	struct office office;

	office_open(&office, document, data, len, parts);
	office_properties(&office);
	document_margin(document, true);
	read_masters(&office, &parts[MASTER]);
	read_masters(&office, &parts[LAYOUT]);
	document_margin(document, false);
	read_slides(&office);
	office_drawings(&office, &parts[DIAGRAM]);
	office_drawings(&office, &parts[COMMENTS]);
	office_embedded(&office);
	office_close(&office);
}
