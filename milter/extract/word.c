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
read_parts(struct office *office, const struct office_parts *parts)
{
	g_autoptr(GPtrArray) names = office_list(office, parts);

	for (guint i = 0; i < names->len; i++) {
		struct word w = {0};

		flow_init(&w.flow, office->document);
		office_parse(office->document,
		    package_member(office->package, names->pdata[i]), &handler,
		    &w);
		flow_clear(&w.flow);
	}
}

void
read_docx(struct document *document, const guint8 *data, gsize len)
{
	enum { MAIN, HEADER, FOOTER, NOTES, END_NOTES, COMMENTS, DIAGRAM };
	static const struct office_parts parts[] = {
	    [MAIN] = {"/officeDocument", "word/document*.xml"},
	    [HEADER] = {"/header", "word/header*.xml"},
	    [FOOTER] = {"/footer", "word/footer*.xml"},
	    [NOTES] = {"/footnotes", "word/footnotes.xml"},
	    [END_NOTES] = {"/endnotes", "word/endnotes.xml"},
	    [COMMENTS] = {"/comments", "word/comments.xml"},
	    [DIAGRAM] = {"/diagramData", "word/diagrams/data*.xml"},
	    {NULL, NULL},
	};
	struct office office;
	g_autoptr(GPtrArray) main = NULL;

	office_open(&office, document, data, len, parts);
	main = office_list(&office, &parts[MAIN]);
	if (main->len == 0)
		document_fail(
		    document, ATTACHMENT_FAILED, "it has no document in it");
	office_properties(&office);
	document_margin(document, true);
	read_parts(&office, &parts[HEADER]);
	read_parts(&office, &parts[FOOTER]);
	document_margin(document, false);
	read_parts(&office, &parts[MAIN]);
	for (int i = NOTES; i <= COMMENTS; i++)
		read_parts(&office, &parts[i]);
	office_drawings(&office, &parts[DIAGRAM]);
	office_embedded(&office);
	office_close(&office);
}

void
read_word_xml(struct document *document, const guint8 *data, gsize len)
{
	struct word w = {0};

	flow_init(&w.flow, document);
	xml_parse(document, data, len, &handler, &w);
	flow_clear(&w.flow);
}
