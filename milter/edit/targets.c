#include <string.h>

#include "milter/edit/targets.h"

static bool
is_type(const struct part *part, const char *type, const char *subtype)
{
	return strcmp(part->type, type) == 0 &&
	    strcmp(part->subtype, subtype) == 0;
}

/* Text that a mail program shows; a file of text is not that. */
static bool
is_displayed(const struct part *part)
{
	if (strcmp(part->type, "text") != 0 || part->attachment ||
	    (part->named && part->parent != NULL))
		return false;
	return strcmp(part->subtype, "plain") == 0 ||
	    strcmp(part->subtype, "html") == 0;
}

static bool
is_protected(const struct part *part)
{
	for (; part != NULL; part = part->parent)
		if (part->kind == PART_SIGNED || part->kind == PART_ENCRYPTED)
			return true;
	return false;
}

/*
 * Other text that some programs prefer to its plain twin: unedited, it would
 * hide the footer from them.
 */
static bool
is_rival(const struct part *part)
{
	static const char *const harmless[] = { "calendar", "x-amp-html",
		"x-watch-html", "vcard", "x-vcard", "directory", NULL };

	return strcmp(part->type, "text") == 0 && part->children == NULL &&
	    !part->attachment && !part->named && !is_displayed(part) &&
	    !g_strv_contains(harmless, part->subtype);
}

static bool find(struct targets *, const struct part *, enum block);

static bool
find_in_alternatives(
    struct targets *t, const struct part *part, enum block block)
{
	bool found = false, rival = false;

	for (guint i = 0; i < part->children->len; i++) {
		const struct part *child = part->children->pdata[i];

		found |= find(t, child, block);
		rival |= is_rival(child);
	}
	if (found && rival)
		t->obstacle = "an alternative is in a format of its own";
	return found;
}

/* The first child, from the front or the back, that has text. */
static bool
find_in_order(struct targets *t, const struct part *part, enum block block,
    bool backwards)
{
	guint count = part->children->len;

	for (guint i = 0; i < count; i++) {
		guint at = backwards ? count - 1 - i : i;

		if (find(t, part->children->pdata[at], block))
			return true;
	}
	return false;
}

static bool
find(struct targets *t, const struct part *part, enum block block)
{
	if (part->children == NULL) {
		if (!is_displayed(part))
			return false;
		g_ptr_array_add(t->parts, (gpointer)(guintptr)part);
		if (is_protected(part))
			t->obstacle = "its text is signed";
		return true;
	}
	if (part->kind == PART_ENCRYPTED || part->attachment ||
	    strcmp(part->subtype, "appledouble") == 0)
		return false;
	if (strcmp(part->subtype, "alternative") == 0)
		return find_in_alternatives(t, part, block);
	return find_in_order(t, part, block,
	    block == BLOCK_FOOTER && part->kind != PART_SIGNED &&
		strcmp(part->subtype, "related") != 0);
}

void
targets_find(struct targets *t, const struct part *root, enum block block)
{
	t->parts = g_ptr_array_new();
	t->obstacle = NULL;
	if (!find(t, root, block))
		t->obstacle = "it has no text to write in";
}

void
targets_clear(struct targets *t)
{
	g_ptr_array_unref(t->parts);
}

const char *
targets_forbidden(const struct part *part)
{
	const char *why = NULL;

	if (is_type(part, "multipart", "report") ||
	    is_type(part, "message", "delivery-status") ||
	    is_type(part, "message", "global-delivery-status") ||
	    is_type(part, "message", "disposition-notification") ||
	    is_type(part, "message", "feedback-report"))
		return "it is a delivery or read report";
	if (is_type(part, "message", "partial"))
		return "it is a fragment of a message";
	if (is_type(part, "text", "calendar"))
		return "it is a calendar message";
	if (is_type(part, "application", "ms-tnef") ||
	    is_type(part, "application", "vnd.ms-tnef"))
		return "Outlook packed all of it in TNEF";
	if (part->children == NULL || part->kind == PART_ENCRYPTED)
		return NULL;
	for (guint i = 0; why == NULL && i < part->children->len; i++)
		why = targets_forbidden(part->children->pdata[i]);
	return why;
}
