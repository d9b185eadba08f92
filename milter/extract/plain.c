/*
 * Files that are text, or nearly.
 */
#include <string.h>

#include "milter/extract/charset_guess.h"
#include "milter/extract/reader.h"
#include "milter/extract/xml.h"
#include "milter/message/html.h"

enum {
	HTML_BYTES = 4 << 20, /* that the HTML parser takes */
	LABEL = 40,
	HEAD = 4096, /* where HTML says its charset */
};

void
read_text(struct document *document, const guint8 *data, gsize len)
{
	/* A hint of more than would be kept is enough. */
	gsize most = document->reading->limits->text * 4 + 4;
	g_autofree char *text = charset_guess(data, MIN(len, most), NULL);

	document_text(document, text, -1);
	if (len > most)
		document_spent(document);
}

/* What "charset=" says in the head of the file, or NULL. */
static char *
html_charset(const guint8 *data, gsize len)
{
	g_autofree char *head = g_strndup((const char *)data, MIN(len, HEAD));
	const char *p = strcasestr(head, "charset=");
	gsize n;

	if (p == NULL)
		return NULL;
	p += strlen("charset=");
	p += *p == '"' || *p == '\'';
	n = strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		      "0123456789-_");
	return n > 0 && n < LABEL ? g_strndup(p, n) : NULL;
}

void
read_html(struct document *document, const guint8 *data, gsize len)
{
	g_autofree char *label = html_charset(data, len);
	g_autofree char *source =
	    charset_guess(data, MIN(len, HTML_BYTES), label);
	gsize source_len = MIN(strlen(source), HTML_BYTES);
	g_autoptr(html) html = html_read(source, source_len, false);

	if (html == NULL) {
		document_fail(
		    document, ATTACHMENT_FAILED, "HTML that cannot be read");
		return;
	}
	document_text(document, html->all->str, (gssize)html->all->len);
	if (len > HTML_BYTES)
		document_fail(document, ATTACHMENT_TRUNCATED,
		    "more than %d bytes of HTML", HTML_BYTES);
}

static void
xml_end(void *data, const char *name G_GNUC_UNUSED)
{
	document_line(data);
}

static void
xml_text(void *data, const char *text, gsize len)
{
	document_text(data, text, (gssize)len);
}

void
read_xml(struct document *document, const guint8 *data, gsize len)
{
	static const struct xml_handler handler = {
	    .end = xml_end, .text = xml_text};

	xml_parse(document, data, len, &handler, document);
}
