#include <string.h>

#include "tests/unit/detecting.h"
#include "tests/unit/unit.h"

struct pattern_file *
read_pattern_text(const char *text, struct diags *diags)
{
	g_autoptr(GHashTable) lets = pattern_lets_new();

	return pattern_file_read("p", text, strlen(text), lets, diags);
}

struct pattern_file *
read_patterns(const char *name)
{
	g_autofree char *path = unit_source("conf", "patterns", name, NULL);
	g_autoptr(diags) diags = diags_new();
	g_autoptr(GHashTable) lets = pattern_lets_new();
	g_autofree char *text = NULL, *found = NULL;
	struct pattern_file *file;
	gsize len;

	ck_assert_msg(g_file_get_contents(path, &text, &len, NULL), "%s", path);
	file = pattern_file_read(name, text, len, lets, diags);
	found = diags_to_string(diags);
	ck_assert_msg(diags_count(diags) == 0, "%s", found);
	return file;
}

struct segment *
add_text(struct content *content, enum origin origin, const char *text)
{
	struct segment *segment = content_add_segment(content, origin);

	segment->text = g_strdup(text);
	segment->len = strlen(text);
	segment->language = "";
	segment->attachment = -1;
	return segment;
}

void
read_labelled(const char *path, labelled_fn *use, gpointer data)
{
	g_autofree char *all = NULL;
	g_auto(GStrv) lines = NULL;
	guint i;

	ck_assert_msg(g_file_get_contents(path, &all, NULL, NULL), "%s", path);
	lines = g_strsplit(all, "\n", -1);
	for (i = 0; lines[i] != NULL; i++) {
		char *tab = strchr(lines[i], '\t');
		g_autoptr(GString) text = NULL;

		if (tab == NULL || *lines[i] == '#')
			continue;
		*tab = '\0';
		text = g_string_new(tab + 1);
		g_string_replace(text, "\\n", "\n", 0);
		use(lines[i], text->str, data);
	}
}
