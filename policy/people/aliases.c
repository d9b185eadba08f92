#include <string.h>

#include "policy/people/roster_build.h"

/*
 * aliases(5), as Postfix and Sendmail read it.  A logical line is a line with
 * those that follow it and begin with space; empty lines and lines that begin
 * with "#" do not count, even in between.
 */
enum { INCLUDE_DEPTH_MAX = 10, INCLUDES_MAX = 1000 };

/* A file that is being read, and the one that includes it. */
struct source {
	const char *name; /* for messages */
	const char *path; /* absolute */
	const struct source *includer;
	unsigned depth;
};

/* Where a line of the file begins in its logical line. */
struct mark {
	gsize offset;
	unsigned line, column;
};

struct loader {
	struct roster *roster;
	char *const *domains;
	struct diags *diags;
	unsigned includes;
};

struct logical_line {
	GString *text;
	GArray *marks; /* struct mark, ascending */
	guint mark;    /* the one that place_at() came to */
};

/* Columns beyond are not counted, lest a list on one line take for ever. */
enum { COLUMN_BYTES_MAX = 4096 };

/* Places are asked for from left to right. */
static struct place
place_at(const struct source *source, struct logical_line *line,
    const char *start, gsize len)
{
	gsize offset = (gsize)(start - line->text->str);
	struct place place = {g_intern_string(source->name), 0, 0, 1};
	const struct mark *mark =
	    &g_array_index(line->marks, struct mark, line->mark);

	while (line->mark + 1 < line->marks->len && mark[1].offset <= offset) {
		line->mark++;
		mark++;
	}
	place.line = mark->line;
	if (offset - mark->offset > COLUMN_BYTES_MAX)
		return place;
	place.column = mark->column +
		       (unsigned)g_utf8_strlen(line->text->str + mark->offset,
			   (gssize)(offset - mark->offset));
	place.width = (unsigned)MAX(g_utf8_strlen(start, (gssize)len), 1);
	return place;
}

/* The next line of the text without its end; false at the end of the text. */
static bool
next_line(const char **text, const char *end, const char **line, gsize *len)
{
	const char *newline;

	if (*text == end)
		return false;
	newline = memchr(*text, '\n', (gsize)(end - *text));
	*line = *text;
	*len = (gsize)((newline != NULL ? newline : end) - *text);
	*text = newline != NULL ? newline + 1 : end;
	while (*len > 0 && g_ascii_isspace((*line)[*len - 1]))
		(*len)--;
	return true;
}

/* The first member in a list, and where the next begins; quotes count. */
static const char *
end_of_member(const char *p)
{
	bool quoted = false;

	for (; *p != '\0' && (quoted || *p != ','); p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '\\' && p[1] != '\0')
			p++;
	}
	return p;
}

/* A name as a key of the aliases: folded, or NULL with an error. */
static char *
fold_name(
    const struct loader *loader, const char *text, const struct place *place)
{
	char *folded = address_fold(loader->roster->rules, text);

	if (folded == NULL) {
		g_autofree char *shown = roster_shown(text);

		diags_add(loader->diags, DIAG_ERROR, place,
		    "\"%s\" is neither an address nor a local name", shown);
	}
	return folded;
}

static void read_members(struct loader *, const struct source *,
    struct logical_line *, const char *, struct group *);

/* Each line of an included file is a list of members. */
static void
read_included(struct loader *loader, const struct source *source,
    const char *text, gsize size, struct group *group)
{
	const char *end = text + size, *start;
	unsigned number = 0;
	gsize len;

	while (next_line(&text, end, &start, &len)) {
		struct mark mark = {0, ++number, 1};
		struct logical_line line;

		if (len == 0 || *start == '#')
			continue;
		line.mark = 0;
		line.text = g_string_new_len(start, (gssize)len);
		line.marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
		g_array_append_val(line.marks, mark);
		read_members(loader, source, &line, line.text->str, group);
		g_array_unref(line.marks);
		g_string_free(line.text, TRUE);
	}
}

static bool
may_include(struct loader *loader, const struct source *source,
    const char *path, const struct place *place)
{
	const struct source *s;

	for (s = source; s != NULL; s = s->includer) {
		if (strcmp(s->path, path) != 0)
			continue;
		diags_add(loader->diags, DIAG_ERROR, place,
		    "this file includes itself");
		return false;
	}
	if (source->depth < INCLUDE_DEPTH_MAX &&
	    loader->includes < INCLUDES_MAX)
		return true;
	diags_add(loader->diags, DIAG_ERROR, place,
	    "too many files are included, %d inside one another or %d in all",
	    INCLUDE_DEPTH_MAX, INCLUDES_MAX);
	return false;
}

static void
include(struct loader *loader, const struct source *source, const char *name,
    const struct place *place, struct group *group)
{
	g_autofree char *directory = g_path_get_dirname(source->path);
	g_autofree char *joined = g_path_is_absolute(name)
				      ? g_strdup(name)
				      : g_build_filename(directory, name, NULL);
	g_autofree char *path = g_canonicalize_filename(joined, NULL);
	struct source inner = {joined, path, source, source->depth + 1};
	unsigned errors = diags_errors(loader->diags);
	g_autofree char *text = NULL;
	size_t len;

	if (!may_include(loader, source, path, place))
		return;
	loader->includes++;
	text = roster_read_file(joined, &len, loader->diags);
	if (text != NULL) {
		diags_set_source(loader->diags, joined, text, len);
		if (roster_check_text(joined, text, len,
			"save the file as UTF-8", loader->diags))
			read_included(loader, &inner, text, len, group);
	}
	if (diags_errors(loader->diags) > errors)
		diags_add(loader->diags, DIAG_NOTE, place,
		    "the file is included here");
}

/* "|command", "/file", ":blackhole:": a delivery, but not to a person. */
static bool
is_delivery(const char *text)
{
	return *text == '|' || *text == '/' || *text == ':' ||
	       g_ascii_strncasecmp(text, "error:", 6) == 0;
}

static void
read_member(struct loader *loader, const struct place *place, char *text,
    const struct source *source, struct group *group)
{
	g_autofree char *folded = NULL;
	bool is_final;

	/* Quotes around all of it protect a comma; inside, they fold. */
	if (*text == '"' && (is_delivery(text + 1))) {
		text++;
		if (g_str_has_suffix(text, "\""))
			text[strlen(text) - 1] = '\0';
	}
	if (g_ascii_strncasecmp(text, ":include:", 9) == 0) {
		include(loader, source, g_strstrip(text + 9), place, group);
		return;
	}
	if (is_delivery(text)) {
		if (strcmp(text, "/dev/null") != 0)
			diags_add(loader->diags, DIAG_WARNING, place,
			    "commands and files are not followed; they count "
			    "as nobody");
		return;
	}
	is_final = *text == '\\';
	folded = fold_name(loader, is_final ? text + 1 : text, place);
	if (folded != NULL)
		group_add_member(group, is_final ? MEMBER_MAILBOX : MEMBER_WORD,
		    folded, place);
}

static void
read_members(struct loader *loader, const struct source *source,
    struct logical_line *line, const char *p, struct group *group)
{
	while (*p != '\0') {
		const char *start = p + strspn(p, " \t,"), *end;
		g_autofree char *text = NULL;
		struct place place;

		end = end_of_member(start);
		p = *end == ',' ? end + 1 : end;
		text = g_strstrip(g_strndup(start, (gsize)(end - start)));
		if (*text == '\0')
			continue;
		place = place_at(source, line, start, strlen(text));
		read_member(loader, &place, text, source, group);
	}
}

/* The names under which an alias is found: char *. */
static GPtrArray *
alias_keys(const struct loader *loader, const char *folded)
{
	GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
	char *const *domain;

	g_ptr_array_add(keys, g_strdup(folded));
	if (*address_domain(folded) == '\0')
		for (domain = loader->domains; *domain != NULL; domain++)
			g_ptr_array_add(
			    keys, g_strconcat(folded, "@", *domain, NULL));
	return keys;
}

/* Is there an alias or a group with that name already?  If so, a warning. */
static bool
is_taken(
    const struct loader *loader, const char *key, const struct place *place)
{
	const struct group *alias =
	    g_hash_table_lookup(loader->roster->aliases, key);
	const struct owner *owner =
	    g_hash_table_lookup(loader->roster->addresses, key);

	if (alias != NULL) {
		diags_add(loader->diags, DIAG_WARNING, place,
		    "alias \"%s\" is there twice, so this one is ignored", key);
		diags_add(loader->diags, DIAG_NOTE, &alias->place,
		    "it stands here already");
	} else if (owner != NULL && owner->group != NULL) {
		diags_add(loader->diags, DIAG_WARNING, place,
		    "%s is a group of the roster, so this alias is ignored",
		    key);
		diags_add(loader->diags, DIAG_NOTE, &owner->place,
		    "the group stands here");
	} else {
		return false;
	}
	return true;
}

/* "name: member, member" */
static void
read_alias(struct loader *loader, const struct source *source,
    struct logical_line *line)
{
	const char *start = line->text->str;
	const char *colon = start;
	g_autofree char *name = NULL, *folded = NULL;
	g_autoptr(GPtrArray) keys = NULL;
	struct group *group;
	struct place place;
	bool quoted = false;
	guint i;

	for (; *colon != '\0' && (quoted || *colon != ':'); colon++)
		if (*colon == '"')
			quoted = !quoted;
	name = g_strchomp(g_strndup(start, (gsize)(colon - start)));
	place = place_at(source, line, start, strlen(name));
	if (*colon == '\0') {
		diags_add(loader->diags, DIAG_ERROR, &place,
		    "expected an alias, like \"staff: jane, sam\"");
		return;
	}
	folded = fold_name(loader, name, &place);
	if (folded == NULL)
		return;
	keys = alias_keys(loader, folded);
	for (i = 0; i < keys->len; i++)
		if (is_taken(loader, g_ptr_array_index(keys, i), &place))
			return;
	group = roster_add_group(loader->roster, folded, &place, true);
	for (i = 0; i < keys->len; i++)
		g_hash_table_insert(loader->roster->aliases,
		    g_strdup(g_ptr_array_index(keys, i)), group);
	read_members(loader, source, line, colon + 1, group);
}

static void
finish_line(struct loader *loader, const struct source *source,
    struct logical_line *line)
{
	if (line->text->len > 0)
		read_alias(loader, source, line);
	g_string_truncate(line->text, 0);
	g_array_set_size(line->marks, 0);
	line->mark = 0;
}

static void
read_aliases(struct loader *loader, const struct source *source,
    const char *text, gsize size)
{
	const char *end = text + size, *start;
	struct logical_line line = {g_string_new(NULL),
	    g_array_new(FALSE, FALSE, sizeof(struct mark)), 0};
	unsigned number = 0;
	gsize len;

	while (next_line(&text, end, &start, &len)) {
		struct mark mark = {0, ++number, 1};
		gsize space = 0;

		while (space < len && g_ascii_isspace(start[space]))
			space++;
		if (space == len || start[space] == '#')
			continue;
		if (space == 0) {
			finish_line(loader, source, &line);
		} else if (line.text->len == 0) {
			struct place place = {g_intern_string(source->name),
			    number, (unsigned)space + 1, 1};

			diags_add(loader->diags, DIAG_WARNING, &place,
			    "this line continues nothing; it is read as a "
			    "line of its own");
			start += space;
			len -= space;
			mark.column += (unsigned)space;
		}
		mark.offset = line.text->len;
		g_array_append_val(line.marks, mark);
		g_string_append_len(line.text, start, (gssize)len);
	}
	finish_line(loader, source, &line);
	g_array_unref(line.marks);
	g_string_free(line.text, TRUE);
}

bool
roster_parse_aliases(struct roster *roster, const char *name, const char *text,
    size_t len, char *const *domains, struct diags *diags)
{
	g_autofree char *path = g_canonicalize_filename(name, NULL);
	struct source source = {name, path, NULL, 0};
	struct loader loader = {roster, domains, diags, 0};
	unsigned errors = diags_errors(diags);
	guint first = roster->groups->len;

	diags_set_source(diags, name, text, len);
	if (!roster_check_text(
		name, text, len, "save the file as UTF-8", diags))
		return false;
	read_aliases(&loader, &source, text, len);
	roster_settle_aliases(roster, first, domains);
	roster_check_loops(roster, diags);
	return diags_errors(diags) == errors;
}

bool
roster_load_aliases(struct roster *roster, const char *path,
    char *const *domains, struct diags *diags)
{
	g_autofree char *text = NULL;
	size_t len;

	text = roster_read_file(path, &len, diags);
	return text != NULL &&
	       roster_parse_aliases(roster, path, text, len, domains, diags);
}
