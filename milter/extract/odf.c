/*
 * OpenDocument texts, spreadsheets and presentations, as a package or as one
 * XML file.
 */
#include <string.h>

#include "milter/extract/flow.h"
#include "milter/extract/office.h"
#include "milter/extract/reader.h"

enum { SPACES = 100 }; /* of one text:s */

struct odf {
	struct flow flow;
	unsigned skip;       /* elements that are open within one left out */
	unsigned paragraphs; /* that are open: text is in these */
	unsigned margins;    /* and page headers and footers */
	bool styles;         /* only page headers and footers count */
	bool comment;        /* in the head of a comment */
	bool sheets;         /* a table is a sheet */
};

static bool
is_one_of(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

/* Deleted text, and what is no text or not the author's. */
static bool
is_left_out(const struct odf *o, const char *name)
{
	static const char *const names[] = {"tracked-changes", "meta",
	    "binary-data", "scripts", "sequence-decls", "variable-decls",
	    "ruby-text", "note-citation", "page-number", "sheet-name", NULL};
	static const char *const comment[] = {
	    "creator", "date", "date-string", "creator-initials", NULL};

	return is_one_of(name, names) ||
	       (o->comment && is_one_of(name, comment));
}

static bool
is_aside(const char *name)
{
	static const char *const names[] = {
	    "note", "annotation", "text-box", NULL};

	return is_one_of(name, names);
}

static bool
is_margin(const char *name)
{
	static const char *const names[] = {"header", "header-left",
	    "header-first", "footer", "footer-left", "footer-first", NULL};

	return is_one_of(name, names);
}

static bool
is_paragraph(const char *name)
{
	return strcmp(name, "p") == 0 || strcmp(name, "h") == 0;
}

static bool
is_cell(const char *name)
{
	return strcmp(name, "table-cell") == 0 ||
	       strcmp(name, "covered-table-cell") == 0;
}

static void
write_spaces(struct odf *o, const struct xml_attributes *attributes)
{
	g_autofree char *count = xml_attribute(attributes, "c");
	guint64 n = count != NULL ? g_ascii_strtoull(count, NULL, 10) : 1;

	for (guint64 i = 0; i < MIN(n, SPACES); i++)
		flow_text(&o->flow, " ", 1);
}

/* In a text, tables have names that nobody sees. */
static void
write_sheet_name(struct odf *o, const struct xml_attributes *attributes)
{
	g_autofree char *label = xml_attribute(attributes, "name");

	if (label != NULL)
		flow_text(&o->flow, label, strlen(label));
	flow_row_end(&o->flow);
}

static void
odf_start(void *data, const char *name, const struct xml_attributes *attributes)
{
	struct odf *o = data;

	if (o->skip > 0 || is_left_out(o, name)) {
		o->skip++;
		return;
	}
	if (is_margin(name)) {
		if (o->margins++ == 0)
			document_margin(o->flow.document, true);
	} else if (o->styles && o->margins == 0)
		return;
	else if (is_paragraph(name)) {
		o->paragraphs++;
		o->comment = false;
	} else if (is_aside(name)) {
		o->comment = strcmp(name, "annotation") == 0;
		flow_aside_start(&o->flow);
	} else if (is_cell(name))
		flow_cell_start(&o->flow);
	else if (strcmp(name, "spreadsheet") == 0)
		o->sheets = true;
	else if (strcmp(name, "s") == 0)
		write_spaces(o, attributes);
	else if (strcmp(name, "tab") == 0)
		flow_text(&o->flow, "\t", 1);
	else if (strcmp(name, "line-break") == 0)
		flow_break(&o->flow);
	else if (strcmp(name, "table") == 0 && o->sheets)
		write_sheet_name(o, attributes);
}

static void
odf_end(void *data, const char *name)
{
	struct odf *o = data;

	if (o->skip > 0) {
		o->skip--;
		return;
	}
	if (is_margin(name) && o->margins > 0) {
		if (--o->margins == 0)
			document_margin(o->flow.document, false);
	} else if (o->styles && o->margins == 0)
		return;
	else if (is_paragraph(name) && o->paragraphs > 0) {
		o->paragraphs--;
		flow_paragraph_end(&o->flow);
	} else if (is_aside(name)) {
		flow_aside_end(&o->flow);
		if (o->paragraphs == 0)
			flow_paragraph_end(&o->flow);
	} else if (is_cell(name))
		flow_cell_end(&o->flow);
	else if (strcmp(name, "table-row") == 0)
		flow_row_end(&o->flow);
	else if (strcmp(name, "page") == 0)
		document_page(o->flow.document);
}

static void
odf_text(void *data, const char *text, gsize len)
{
	struct odf *o = data;

	if (o->skip == 0 && o->paragraphs > 0 && (!o->styles || o->margins > 0))
		flow_text(&o->flow, text, len);
}

static const struct xml_handler handler = {odf_start, odf_end, odf_text};

static void
read_part(struct document *document, const struct package *package,
    const char *name, bool styles)
{
	GBytes *xml = package_member(package, name);
	struct odf o = {.styles = styles};

	if (xml == NULL)
		return;
	flow_init(&o.flow, document);
	office_parse(document, xml, &handler, &o);
	flow_clear(&o.flow);
	document_margin(document, false);
}

static bool
is_encrypted(const struct package *package)
{
	static const char mark[] = "encryption-data";
	GBytes *xml = package_member(package, "META-INF/manifest.xml");
	gsize len = 0;
	const void *data = xml != NULL ? g_bytes_get_data(xml, &len) : NULL;

	return data != NULL && memmem(data, len, mark, strlen(mark)) != NULL;
}

void
read_odf(struct document *document, const guint8 *data, gsize len)
{
	static const char *const members[] = {"content.xml", "styles.xml",
	    "meta.xml", "META-INF/manifest.xml", "Object*/content.xml", NULL};
	g_autoptr(package) package = package_open(document, data, len, members);
	g_autoptr(GPtrArray) objects = NULL;
	GBytes *meta = package_member(package, "meta.xml");

	if (is_encrypted(package)) {
		document_fail(
		    document, ATTACHMENT_ENCRYPTED, "it has a password");
		return;
	}
	if (package_member(package, "content.xml") == NULL)
		document_fail(document, ATTACHMENT_FAILED, "it has no content");
	if (meta != NULL)
		office_property_part(document, meta);
	read_part(document, package, "styles.xml", true);
	read_part(document, package, "content.xml", false);
	objects = package_list(package, "Object*/content.xml");
	for (guint i = 0; i < objects->len; i++)
		read_part(document, package, objects->pdata[i], false);
	office_files(document, package, NULL, NULL);
}

void
read_flat_odf(struct document *document, const guint8 *data, gsize len)
{
	g_autoptr(GBytes) xml = g_bytes_new_static(data, len);
	struct odf o = {0};

	office_property_part(document, xml);
	flow_init(&o.flow, document);
	xml_parse(document, data, len, &handler, &o);
	flow_clear(&o.flow);
	document_margin(document, false);
}
