/*
 * Word: WordprocessingML, in a package or as one file of its own.
 */
#include <string.h>

#include "milter/extract/flow.h"
#include "milter/extract/office.h"
#include "milter/extract/reader.h"

struct word {
	struct flow flow;
	unsigned skip; /* elements that are open within one left out */
	bool in_text;
	bool hidden; /* the run is not shown */
};

/*
 * Deleted and moved text is not in the document any more, field codes and
 * layout never were, and a fallback repeats what another choice shows.
 */
static bool
is_left_out(const char *name)
{
	static const char *const names[] = {"Fallback", "pPr", "sectPr",
	    "instrText", "delText", "delInstrText", "moveFrom", "binData",
	    "DocumentProperties", "shapeDefaults"};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static void
word_start(
    void *data, const char *name, const struct xml_attributes *attributes)
{
	struct word *w = data;

	if (w->skip > 0 || is_left_out(name)) {
		w->skip++;
		return;
	}
	if (strcmp(name, "t") == 0)
		w->in_text = true;
	else if (strcmp(name, "r") == 0)
		w->hidden = false;
	else if (strcmp(name, "vanish") == 0)
		w->hidden = !xml_attribute_is(attributes, "val", "0") &&
			    !xml_attribute_is(attributes, "val", "false");
	else if (strcmp(name, "tc") == 0)
		flow_cell_start(&w->flow);
	else if (strcmp(name, "txbxContent") == 0)
		flow_aside_start(&w->flow);
	else if (w->hidden)
		return;
	else if (strcmp(name, "tab") == 0)
		flow_text(&w->flow, "\t", 1);
	else if (strcmp(name, "br") == 0 || strcmp(name, "cr") == 0)
		flow_break(&w->flow);
	else if (strcmp(name, "noBreakHyphen") == 0)
		flow_text(&w->flow, "-", 1);
}

static void
word_end(void *data, const char *name)
{
	struct word *w = data;

	if (w->skip > 0) {
		w->skip--;
		return;
	}
	if (strcmp(name, "t") == 0)
		w->in_text = false;
	else if (strcmp(name, "r") == 0)
		w->hidden = false;
	else if (strcmp(name, "p") == 0)
		flow_paragraph_end(&w->flow);
	else if (strcmp(name, "tc") == 0)
		flow_cell_end(&w->flow);
	else if (strcmp(name, "tr") == 0)
		flow_row_end(&w->flow);
	else if (strcmp(name, "txbxContent") == 0)
		flow_aside_end(&w->flow);
}

static void
word_text(void *data, const char *text, gsize len)
{
	struct word *w = data;

	if (w->in_text && w->skip == 0 && !w->hidden)
		flow_text(&w->flow, text, len);
}

static const struct xml_handler handler = {word_start, word_end, word_text};

static void
read_parts(struct document *document, const struct package *package,
    const char *pattern)
{
	g_autoptr(GPtrArray) names = package_list(package, pattern);

	for (guint i = 0; i < names->len; i++) {
		struct word w = {0};

		flow_init(&w.flow, document);
		office_parse(document, package_member(package, names->pdata[i]),
		    &handler, &w);
		flow_clear(&w.flow);
	}
}

void
read_docx(struct document *document, const guint8 *data, gsize len)
{
	static const char *const members[] = {OFFICE_MEMBERS,
	    "word/document*.xml", "word/header*.xml", "word/footer*.xml",
	    "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml",
	    "word/diagrams/data*.xml", NULL};
	static const char *const body[] = {"word/document*.xml",
	    "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml"};
	g_autoptr(package) package = package_open(document, data, len, members);
	g_autoptr(GPtrArray) main = package_list(package, body[0]);

	if (main->len == 0)
		document_fail(
		    document, ATTACHMENT_FAILED, "it has no document in it");
	office_expect_main(document, package);
	office_properties(document, package);
	document_margin(document, true);
	read_parts(document, package, "word/header*.xml");
	read_parts(document, package, "word/footer*.xml");
	document_margin(document, false);
	for (gsize i = 0; i < G_N_ELEMENTS(body); i++)
		read_parts(document, package, body[i]);
	office_drawings(document, package, "word/diagrams/data*.xml");
	office_embedded(document, package);
}

void
read_word_xml(struct document *document, const guint8 *data, gsize len)
{
	struct word w = {0};

	flow_init(&w.flow, document);
	xml_parse(document, data, len, &handler, &w);
	flow_clear(&w.flow);
}
