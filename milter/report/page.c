#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "milter/report/mail.h"
#include "milter/report/page.h"

/*
 * Mail programs drop style sheets, so each element carries its own style.
 * Contrast on white: text 15.8:1, muted 8.3:1, the box's edge 7.0:1.
 */
#define STYLE_BODY                                                     \
	"margin:0;padding:24px 16px;background:#ffffff;color:#1f2328;" \
	"font:16px/1.5 Verdana,Arial,Helvetica,sans-serif"
#define STYLE_PAGE "max-width:640px;margin:0 auto"
#define STYLE_OVER "margin:0 0 4px;color:#4a4f55;font-size:14px"
#define STYLE_H1 "margin:0 0 16px;font-size:24px;line-height:1.25"
#define STYLE_H2                                                           \
	"margin:28px 0 8px;padding-top:12px;border-top:1px solid #8b929a;" \
	"font-size:19px;line-height:1.3"
#define STYLE_H3 "margin:20px 0 6px;font-size:16px;line-height:1.4"
#define STYLE_P "margin:0 0 10px"
#define STYLE_STATUS                                                  \
	"margin:0 0 16px;padding:12px 16px;border:1px solid #1b5e86;" \
	"border-left-width:6px;background:#f2f6f9;color:#1f2328"
#define STYLE_QUOTE \
	"margin:0 0 10px;padding:4px 0 4px 14px;border-left:3px solid #8b929a"
#define STYLE_TABLE "margin:0 0 10px;border-collapse:collapse"
#define STYLE_TH                                                     \
	"padding:3px 16px 3px 0;text-align:left;vertical-align:top;" \
	"font-weight:bold;white-space:nowrap"
#define STYLE_TD "padding:3px 0;vertical-align:top;word-break:break-word"
#define STYLE_LIST "margin:0 0 10px;padding-left:24px"
#define STYLE_ITEM "margin:0 0 6px"
#define STYLE_CODE                                                   \
	"font:14px/1.6 Consolas,Menlo,monospace;background:#f0f1f2;" \
	"color:#1f2328;padding:2px 6px"

enum { WIDTH = 72, TERM_WIDTH = 18 };

enum open { OPEN_NOTHING, OPEN_FACTS, OPEN_ITEMS };

struct page {
	char *title;
	GString *text, *html;
	enum open open;
};

/*
 * Adds text in lines of at most WIDTH columns, the first after what stands in
 * the line already (at columns), the others indented.  A longer word, such as
 * a Message-ID, has a line of its own.
 */
static void
add_wrapped(GString *out, gsize at, gsize indent, const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	bool fresh = true;
	unsigned i;

	for (i = 0; words[i] != NULL; i++) {
		gsize word = mail_columns(words[i]);

		if (word == 0)
			continue;
		if (!fresh && at + 1 + word > WIDTH) {
			g_string_append_printf(out, "\n%*s", (int)indent, "");
			at = indent;
			fresh = true;
		}
		g_string_append_printf(out, "%s%s", fresh ? "" : " ", words[i]);
		at += word + !fresh;
		fresh = false;
	}
	g_string_append_c(out, '\n');
}

/* An element with cleaned and escaped content. */
static void
add_element(GString *out, const char *tag, const char *attributes,
    const char *style, const char *text)
{
	g_autofree char *escaped = g_markup_escape_text(text, -1);

	g_string_append_printf(out, "<%s%s style=\"%s\">%s</%s>\n", tag,
	    attributes, style, escaped, tag);
}

/* Ends a table or list, and starts another. */
static void
open_block(struct page *page, enum open open)
{
	static const char *const start[] = {"",
	    "<table style=\"" STYLE_TABLE "\">\n",
	    "<ul style=\"" STYLE_LIST "\">\n"};
	static const char *const end[] = {"", "</table>\n", "</ul>\n"};

	if (page->open == open && open != OPEN_NOTHING)
		return;
	if (page->open != OPEN_NOTHING)
		g_string_append_c(page->text, '\n');
	g_string_append(page->html, end[page->open]);
	g_string_append(page->html, start[open]);
	page->open = open;
}

static void
add_underlined(GString *out, const char *text, char line)
{
	gsize start = out->len, columns;
	char *last;

	add_wrapped(out, 0, 0, text);
	out->str[out->len - 1] = '\0';
	last = strrchr(out->str + start, '\n');
	columns = mail_columns(last ? last + 1 : out->str + start);
	out->str[out->len - 1] = '\n';
	for (; columns > 0; columns--)
		g_string_append_c(out, line);
	g_string_append(out, "\n\n");
}

struct page *
page_new(const char *over, const char *title)
{
	struct page *page = g_new0(struct page, 1);
	g_autofree char *clean_over = mail_clean(over);

	page->title = mail_clean(title);
	page->text = g_string_new(NULL);
	page->html = g_string_new(NULL);
	add_wrapped(page->text, 0, 0, clean_over);
	g_string_append_c(page->text, '\n');
	add_underlined(page->text, page->title, '=');
	add_element(page->html, "p", "", STYLE_OVER, clean_over);
	add_element(page->html, "h1", "", STYLE_H1, page->title);
	return page;
}

void
page_free(struct page *page)
{
	if (page == NULL)
		return;
	g_free(page->title);
	g_string_free(page->text, TRUE);
	g_string_free(page->html, TRUE);
	g_free(page);
}

void
page_status(struct page *page, const char *word, const char *sentence)
{
	g_autofree char *clean = mail_clean(sentence);
	g_autofree char *line = g_strdup_printf("%s. %s", word, clean);
	g_autofree char *escaped =
	    g_markup_printf_escaped("<strong>%s.</strong> %s", word, clean);

	open_block(page, OPEN_NOTHING);
	add_wrapped(page->text, 0, 0, line);
	g_string_append_c(page->text, '\n');
	g_string_append_printf(
	    page->html, "<p style=\"" STYLE_STATUS "\">%s</p>\n", escaped);
}

void
page_heading(struct page *page, const char *text)
{
	g_autofree char *clean = mail_clean(text);

	open_block(page, OPEN_NOTHING);
	g_string_append_c(page->text, '\n');
	add_underlined(page->text, clean, '-');
	add_element(page->html, "h2", "", STYLE_H2, clean);
}

void
page_subheading(struct page *page, const char *text)
{
	g_autofree char *clean = mail_clean(text);

	open_block(page, OPEN_NOTHING);
	add_wrapped(page->text, 0, 0, clean);
	g_string_append_c(page->text, '\n');
	add_element(page->html, "h3", " dir=\"auto\"", STYLE_H3, clean);
}

static char *
clean_format(const char *fmt, va_list ap)
{
	g_autofree char *text = g_strdup_vprintf(fmt, ap);

	return mail_clean(text);
}

void
page_paragraph(struct page *page, const char *fmt, ...)
{
	g_autofree char *clean = NULL;
	va_list ap;

	va_start(ap, fmt);
	clean = clean_format(fmt, ap);
	va_end(ap);
	open_block(page, OPEN_NOTHING);
	add_wrapped(page->text, 0, 0, clean);
	g_string_append_c(page->text, '\n');
	add_element(page->html, "p", "", STYLE_P, clean);
}

void
page_quote(struct page *page, const char *text)
{
	g_autofree char *clean = mail_clean(text);

	open_block(page, OPEN_NOTHING);
	g_string_append(page->text, "    ");
	add_wrapped(page->text, 4, 4, clean);
	g_string_append_c(page->text, '\n');
	add_element(
	    page->html, "blockquote", " dir=\"auto\"", STYLE_QUOTE, clean);
}

void
page_fact(struct page *page, const char *term, const char *value)
{
	g_autofree char *clean = mail_clean(value);
	gsize used = mail_columns(term) + 1;

	if (clean[0] == '\0')
		return;
	open_block(page, OPEN_FACTS);
	g_string_append_printf(page->text, "%s:%*s", term,
	    used < TERM_WIDTH ? (int)(TERM_WIDTH - used) : 1, "");
	add_wrapped(page->text, TERM_WIDTH, TERM_WIDTH, clean);
	g_string_append(page->html, "<tr>");
	add_element(page->html, "th", " scope=\"row\"", STYLE_TH, term);
	add_element(page->html, "td", " dir=\"auto\"", STYLE_TD, clean);
	g_string_append(page->html, "</tr>\n");
}

void
page_item(struct page *page, const char *fmt, ...)
{
	g_autofree char *clean = NULL;
	va_list ap;

	va_start(ap, fmt);
	clean = clean_format(fmt, ap);
	va_end(ap);
	open_block(page, OPEN_ITEMS);
	g_string_append(page->text, "- ");
	add_wrapped(page->text, 2, 2, clean);
	add_element(page->html, "li", "", STYLE_ITEM, clean);
}

void
page_command(struct page *page, const char *item, const char *command)
{
	g_autofree char *clean = mail_clean(item);
	g_autofree char *clean_command = mail_clean(command);
	g_autofree char *html = g_markup_printf_escaped(
	    "<li style=\"" STYLE_ITEM "\">%s:<br>"
	    "<code style=\"" STYLE_CODE "\">%s</code></li>\n",
	    clean, clean_command);

	open_block(page, OPEN_ITEMS);
	g_string_append_printf(
	    page->text, "- %s:\n      %s\n", clean, clean_command);
	g_string_append(page->html, html);
}

char *
page_text(struct page *page)
{
	open_block(page, OPEN_NOTHING);
	return g_strchomp(g_strdup(page->text->str));
}

char *
page_html(struct page *page)
{
	g_autofree char *title = g_markup_escape_text(page->title, -1);

	open_block(page, OPEN_NOTHING);
	return g_strdup_printf("<!DOCTYPE html>\n"
			       "<html lang=\"en\">\n"
			       "<head>\n"
			       "<meta charset=\"utf-8\">\n"
			       "<meta name=\"viewport\""
			       " content=\"width=device-width\">\n"
			       "<title>%s</title>\n"
			       "</head>\n"
			       "<body style=\"" STYLE_BODY "\">\n"
			       "<div style=\"" STYLE_PAGE "\">\n"
			       "%s"
			       "</div>\n"
			       "</body>\n"
			       "</html>\n",
	    title, page->html->str);
}
