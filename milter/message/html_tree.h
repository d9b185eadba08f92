/*
 * A parsed HTML document in one arena, within bounds of nesting and memory
 * that no honest mail meets.
 *
 * Gumbo takes its time over each character, and nearly all of them are words.
 * So it is given a digest of the source, in which each run of words is one
 * character of a private plane (Unicode 15); tags, comments, references and
 * white space between runs stand as they were.  Hence pointers into what it
 * parsed and texts of nodes go through the functions below.
 */
#ifndef MILTER_MESSAGE_HTML_TREE_H
#define MILTER_MESSAGE_HTML_TREE_H

#include <glib.h>
#include <gumbo.h>

struct html_tree;

/* The source must outlive the tree.  NULL when a bound is met. */
struct html_tree *html_tree_new(const char *source, gsize len);
void html_tree_free(struct html_tree *);
const GumboNode *html_tree_root(const struct html_tree *);

/* The offset in the source of a place where a node or a tag begins or ends. */
gsize html_tree_offset(const struct html_tree *, const char *place);
/*
 * If a node's text stands for a run of words here, its place in the source
 * and length, else NULL.  A run takes HTML_RUN_BYTES of the node's text.
 */
enum { HTML_RUN_BYTES = 4 };
const char *html_tree_run(
    const struct html_tree *, const char *text, gsize *len);

typedef struct html_tree html_tree; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(html_tree, html_tree_free)

#endif
