/*
 * The rules of a document's style elements, as far as they decide whether words
 * are seen on a screen.
 *
 * Selectors are elements, classes and ids, "*", their descendants and
 * children.  Others are no reason to believe that something is hidden: their
 * rules are left out, and so are those of media queries but "screen" and
 * "all".
 *
 * Rules, selectors and the work of matching are bounded.  A struct html_sheet
 * belongs to one thread; tree and source need not outlive it.
 */
#ifndef MILTER_MESSAGE_HTML_SHEET_H
#define MILTER_MESSAGE_HTML_SHEET_H

#include <glib.h>
#include <gumbo.h>
#include <stdbool.h>

#include "milter/message/html_declare.h"
#include "milter/message/html_tree.h"

struct html_sheet;

/* NULL when no rule matters.  source: that of the tree. */
struct html_sheet *html_sheet_new(
    const struct html_tree *, const char *source, gsize len);
void html_sheet_free(struct html_sheet *);

/*
 * Adds what the rules say of an element, in the order of the cascade.  After
 * more work than any honest mail asks for, nothing.
 */
void html_sheet_match(
    struct html_sheet *, const GumboElement *, struct declarations *);
/*
 * Could a rule hide what says itself that it is displayed and visible, and has
 * colours of its own?  The sheet may be NULL.
 */
bool html_sheet_may_hide(const struct html_sheet *);
/* Was something left unread or unmatched, beyond the bounds? */
bool html_sheet_is_exhausted(const struct html_sheet *);

typedef struct html_sheet html_sheet; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(html_sheet, html_sheet_free)

#endif
