#include <string.h>

#include "milter/extract/office.h"

struct drawing {
	struct document *document;
	unsigned skip; /* elements that are open within one left out */
	bool in_text;
	bool master;
	bool prompt; /* in a placeholder of a master */
};

/* What is not shown, or stands for what is read elsewhere. */
static bool
is_left_out(const char *name)
{
	return strcmp(name, "Fallback") == 0 || strcmp(name, "fld") == 0 ||
	       strcmp(name, "rPh") == 0;
}

static bool
is_text(const char *name)
{
	return strcmp(name, "t") == 0 || strcmp(name, "text") == 0;
}

static void
drawing_start(
    void *data, const char *name, const struct xml_attributes *attributes)
{
	struct drawing *d = data;

	if (d->skip > 0 || is_left_out(name)) {
		d->skip++;
		return;
	}
	if (is_text(name))
		d->in_text = true;
	else if (strcmp(name, "br") == 0 && !d->prompt)
		document_line(d->document);
	else if (strcmp(name, "sp") == 0)
		d->prompt = false;
	else if (strcmp(name, "ph") == 0 && d->master)
		d->prompt = !xml_attribute_is(attributes, "type", "ftr") &&
			    !xml_attribute_is(attributes, "type", "hdr");
}

static void
drawing_end(void *data, const char *name)
{
	struct drawing *d = data;

	if (d->skip > 0) {
		d->skip--;
		return;
	}
	if (is_text(name))
		d->in_text = false;
	else if (strcmp(name, "p") == 0 || strcmp(name, "comment") == 0 ||
		 strcmp(name, "cm") == 0 ||
		 strcmp(name, "threadedComment") == 0)
		document_line(d->document);
}

static void
drawing_text(void *data, const char *text, gsize len)
{
	struct drawing *d = data;

	if (d->in_text && d->skip == 0 && !d->prompt)
		document_text(d->document, text, (gssize)len);
}

static void
read_drawing(struct document *document, GBytes *xml, bool master)
{
	static const struct xml_handler handler = {
	    drawing_start, drawing_end, drawing_text};
	struct drawing d = {.document = document, .master = master};

	office_parse(document, xml, &handler, &d);
	document_line(document);
}

void
office_drawing(struct document *document, GBytes *xml)
{
	read_drawing(document, xml, false);
}

void
office_master(struct document *document, GBytes *xml)
{
	read_drawing(document, xml, true);
}

void
office_drawings(struct office *office, const struct office_parts *parts)
{
	g_autoptr(GPtrArray) names = office_list(office, parts);

	for (guint i = 0; i < names->len; i++)
		office_drawing(office->document,
		    package_member(office->package, names->pdata[i]));
}
