/*
 * Excel: a line for each row, sheets in their order under their names.
 */
#include <string.h>

#include "milter/extract/office.h"
#include "milter/extract/reader.h"

struct book {
	struct document *document;
	struct office *office;
	GStringChunk *chunk;
	GPtrArray *strings; /* shared ones, in the chunk */
	const char *part;   /* the workbook that is read */
	GHashTable *seen;   /* sheets that were read: each is once */
	/* Of what is being parsed. */
	GString *value; /* of a string or cell */
	unsigned skip;  /* in phonetic hints */
	bool in_value;
	bool shared; /* the cell has the number of a string */
	bool filled; /* the row has a cell */
};

static void
value_text(void *data, const char *text, gsize len)
{
	struct book *book = data;

	if (book->in_value && book->skip == 0)
		g_string_append_len(book->value, text, (gssize)len);
}

static void
strings_start(void *data, const char *name,
    const struct xml_attributes *attributes G_GNUC_UNUSED)
{
	struct book *book = data;

	if (book->skip > 0 || strcmp(name, "rPh") == 0)
		book->skip++;
	else if (strcmp(name, "si") == 0)
		g_string_truncate(book->value, 0);
	else if (strcmp(name, "t") == 0)
		book->in_value = true;
}

static void
strings_end(void *data, const char *name)
{
	struct book *book = data;

	if (book->skip > 0)
		book->skip--;
	else if (strcmp(name, "t") == 0)
		book->in_value = false;
	else if (strcmp(name, "si") == 0)
		g_ptr_array_add(book->strings,
		    g_string_chunk_insert_len(book->chunk, book->value->str,
			(gssize)book->value->len));
}

/* A line for a row: a cell's own line ends become spaces. */
static void
write_cell(struct book *book)
{
	const char *text = book->value->str;

	if (book->shared) {
		guint64 i = g_ascii_strtoull(text, NULL, 10);

		text = i < book->strings->len ? book->strings->pdata[i] : "";
	}
	if (*text == '\0' || book->document->reading->text == 0)
		return;
	if (book->filled)
		document_text(book->document, "\t", 1);
	book->filled = true;
	if (strpbrk(text, "\r\n") == NULL)
		document_text(book->document, text, -1);
	else {
		g_autofree char *line = g_strdup(text);

		document_text(
		    book->document, g_strdelimit(line, "\r\n", ' '), -1);
	}
}

/*
 * A page header or footer without its codes: "&C", "&14", "&"font,style"",
 * "&K" and six digits (ECMA-376 part 1, 18.3.1.46).
 */
static void
write_margin(struct book *book)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;

	for (const char *p = book->value->str; *p != '\0'; p++) {
		if (*p != '&' || p[1] == '&') {
			g_string_append_c(text, *p);
			p += *p == '&';
			continue;
		}
		p++;
		if (*p == '"') {
			const char *quote = strchr(p + 1, '"');

			p = quote != NULL ? quote : p;
		} else if (g_ascii_isdigit(*p)) {
			while (g_ascii_isdigit(p[1]))
				p++;
		} else if (*p == 'K') {
			for (int i = 0; i < 6 && g_ascii_isxdigit(p[1]); i++)
				p++;
		} else if (*p == '\0')
			break;
		else if (strchr("LCR", *p) != NULL && text->len > 0)
			g_string_append_c(text, '\n');
	}
	lines = g_strsplit(text->str, "\n", -1);
	document_margin(book->document, true);
	for (char **line = lines; *line != NULL; line++) {
		document_text(book->document, *line, -1);
		document_line(book->document);
	}
	document_margin(book->document, false);
}

static bool
is_margin(const char *name)
{
	return strcmp(name, "headerFooter") != 0 &&
	       (g_str_has_suffix(name, "Header") ||
		   g_str_has_suffix(name, "Footer"));
}

static void
sheet_start(
    void *data, const char *name, const struct xml_attributes *attributes)
{
	struct book *book = data;

	if (book->skip > 0 || strcmp(name, "rPh") == 0)
		book->skip++;
	else if (strcmp(name, "row") == 0)
		book->filled = false;
	else if (strcmp(name, "c") == 0) {
		book->shared = xml_attribute_is(attributes, "t", "s");
		g_string_truncate(book->value, 0);
	} else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
		book->in_value = true;
	else if (is_margin(name)) {
		book->in_value = true;
		g_string_truncate(book->value, 0);
	}
}

static void
sheet_end(void *data, const char *name)
{
	struct book *book = data;

	if (book->skip > 0)
		book->skip--;
	else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
		book->in_value = false;
	else if (strcmp(name, "c") == 0)
		write_cell(book);
	else if (strcmp(name, "row") == 0)
		document_line(book->document);
	else if (is_margin(name)) {
		book->in_value = false;
		write_margin(book);
	}
}

static void
read_sheet(struct book *book, const char *part)
{
	static const struct xml_handler handler = {
	    sheet_start, sheet_end, value_text};
	GBytes *xml = package_member(book->office->package, part);

	if (xml == NULL || !g_hash_table_add(book->seen, xml))
		return;
	book->in_value = false;
	book->skip = 0;
	office_parse(book->document, xml, &handler, book);
	document_line(book->document);
}

static void
workbook_start(
    void *data, const char *name, const struct xml_attributes *attributes)
{
	struct book *book = data;
	g_autofree char *label = NULL, *id = NULL;
	const char *part;

	if (strcmp(name, "sheet") != 0)
		return;
	label = xml_attribute(attributes, "name");
	id = xml_attribute(attributes, ":id");
	part = id != NULL ? office_target(book->office, book->part, id, NULL)
			  : NULL;
	if (label != NULL)
		document_text(book->document, label, -1);
	document_line(book->document);
	if (part == NULL)
		return;
	/* Charts and old macros have a sheet of their own. */
	if (package_member(book->office->package, part) != NULL)
		read_sheet(book, part);
	else if (!g_str_has_prefix(part, "xl/chartsheets/") &&
		 !g_str_has_prefix(part, "xl/macrosheets/") &&
		 !g_str_has_prefix(part, "xl/dialogsheets/"))
		office_lacks(book->document);
}

static void
read_strings(struct book *book, const struct office_parts *parts)
{
	static const struct xml_handler handler = {
	    strings_start, strings_end, value_text};
	g_autoptr(GPtrArray) names = office_list(book->office, parts);

	for (guint i = 0; i < names->len; i++)
		office_parse(book->document,
		    package_member(book->office->package, names->pdata[i]),
		    &handler, book);
}

/* The sheets in their order; those that no workbook lists come last. */
static void
read_sheets(struct book *book, const struct office_parts *books,
    const struct office_parts *sheets)
{
	static const struct xml_handler handler = {.start = workbook_start};
	g_autoptr(GPtrArray) names = office_list(book->office, books);
	g_autoptr(GPtrArray) all = office_list(book->office, sheets);

	for (guint i = 0; i < names->len; i++) {
		book->part = names->pdata[i];
		if (g_str_has_suffix(book->part, ".bin"))
			document_fail(book->document, ATTACHMENT_UNSUPPORTED,
			    "a workbook of a form that is not read");
		else
			office_parse(book->document,
			    package_member(book->office->package, book->part),
			    &handler, book);
	}
	if (names->len == 0)
		document_fail(book->document, ATTACHMENT_FAILED,
		    "it has no workbook in it");
	for (guint i = 0; i < all->len; i++)
		read_sheet(book, all->pdata[i]);
}

void
read_xlsx(struct document *document, const guint8 *data, gsize len)
{
	enum { MAIN, STRINGS, SHEET, DRAWING, COMMENTS, THREADED };
	static const struct office_parts parts[] = {
	    [MAIN] = {"/officeDocument", "xl/workbook.xml"},
	    [STRINGS] = {"/sharedStrings", "xl/sharedStrings.xml"},
	    [SHEET] = {"/worksheet", "xl/worksheets/*.xml"},
	    [DRAWING] = {"/drawing", "xl/drawings/drawing*.xml"},
	    [COMMENTS] = {"/comments", "xl/comments*.xml"},
	    [THREADED] = {"/threadedComment", "xl/threadedComments/*.xml"},
	    {NULL, NULL},
	};
	struct office office;
	g_autoptr(GPtrArray) shared = g_ptr_array_new();
	g_autoptr(GString) value = g_string_new(NULL);
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	struct book book = {.document = document,
	    .office = &office,
	    .chunk = g_string_chunk_new(65536),
	    .strings = shared,
	    .seen = seen,
	    .value = value};

	office_open(&office, document, data, len, parts);
	office_properties(&office);
	read_strings(&book, &parts[STRINGS]);
	read_sheets(&book, &parts[MAIN], &parts[SHEET]);
	for (int i = DRAWING; i <= THREADED; i++)
		office_drawings(&office, &parts[i]);
	office_embedded(&office);
	office_close(&office);
	g_string_chunk_free(book.chunk);
}
