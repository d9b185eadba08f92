/*
 * A letter's content, written once and shown twice: as plain text and as
 * accessible HTML, which therefore never say different things.  Neighbouring
 * facts make one table and neighbouring items one list.
 *
 * Every argument may come from a message or the roster; it is cleaned and
 * escaped here.  A page belongs to one thread.
 */
#ifndef MILTER_REPORT_PAGE_H
#define MILTER_REPORT_PAGE_H

#include <glib.h>

struct page;

/* over: a line above the title, such as who writes. */
struct page *page_new(const char *over, const char *title);
void page_free(struct page *);

/* A box at the top: its word says in a nutshell what the sentence explains. */
void page_status(struct page *, const char *word, const char *sentence);
void page_heading(struct page *, const char *);
void page_subheading(struct page *, const char *);
void page_paragraph(struct page *, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
/* Somebody else's words. */
void page_quote(struct page *, const char *);
/* One row of a table: what it is, and its value; nothing when that is empty. */
void page_fact(struct page *, const char *term, const char *value);
void page_item(struct page *, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
/* An item with what to type at a shell, on a line of its own. */
void page_command(struct page *, const char *item, const char *command);

/* The finished page; the caller frees it with g_free(). */
char *page_text(struct page *);
char *page_html(struct page *);

typedef struct page page; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(page, page_free)

#endif
