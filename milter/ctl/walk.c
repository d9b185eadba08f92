#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "milter/ctl/walk.h"

/* A mailbox that is being read. */
struct mbox {
	const struct walk *walk;
	const char *path;
	GString *text;    /* of the message in hand */
	unsigned number;  /* of that message, from 1 */
	bool after_blank; /* the last line was empty */
	GString *held;    /* lines that may part two messages */
};

/* What exceeds the limit is left out: nobody will look at it. */
static void
append(const struct walk *walk, GString *text, const char *data, gsize len)
{
	if (walk->max > 0)
		len = MIN(len, walk->max - MIN(walk->max, text->len));
	g_string_append_len(text, data, (gssize)len);
}

static void
deliver(struct mbox *box)
{
	g_autofree char *name =
	    g_strdup_printf("%s:%u", box->path, box->number);
	struct walked found = {
	    .name = name, .data = box->text->str, .len = box->text->len};

	box->walk->message(box->walk->arg, &found);
	g_string_truncate(box->text, 0);
	g_string_truncate(box->held, 0);
	box->number++;
}

static bool
is_field(const char *line)
{
	gsize name = strcspn(line, ": \t\r\n");

	return name > 0 && line[name] == ':';
}

static bool
is_from(const char *line)
{
	return strncmp(line, "From ", 5) == 0;
}

/* As programs write it, "From - Mon Jun  3 12:50:27 1996", not as people do. */
static bool
is_dated_from(const char *line)
{
	if (!is_from(line))
		return false;
	if (strncmp(line, "From - ", 7) == 0)
		return true;
	for (line += 5; *line != '\0'; line++)
		if (*line == ':' && g_ascii_isdigit(line[-1]) &&
		    g_ascii_isdigit(line[1]) && g_ascii_isdigit(line[2]))
			return true;
	return false;
}

static void
append_line(struct mbox *box, const char *line, gsize len)
{
	gsize quotes = strspn(line, ">");

	append(box->walk, box->text, box->held->str, box->held->len);
	g_string_truncate(box->held, 0);
	/* ">From " was "From ", and ">>From " was ">From " (mboxrd). */
	if (quotes > 0 && is_from(line + quotes)) {
		line++;
		len--;
	}
	append(box->walk, box->text, line, len);
}

/*
 * Two messages are parted by an empty line and a "From " line; where programs
 * forget the empty line, the other has a date.  Text that was not quoted may
 * look the same, but no header field follows it.
 */
static void
read_line(struct mbox *box, const char *line, gsize len)
{
	bool blank = line[0] == '\n' || strcmp(line, "\r\n") == 0;

	/* A "From " line is held: what follows tells what it is. */
	if (box->held->len > 0 && !box->after_blank) {
		if (is_field(line))
			deliver(box);
		else
			append_line(box, "", 0);
	}
	if (blank) {
		append_line(box, "", 0);
		g_string_append_len(box->held, line, (gssize)len);
	} else if (is_dated_from(line) || (box->after_blank && is_from(line))) {
		g_string_append_len(box->held, line, (gssize)len);
	} else {
		append_line(box, line, len);
	}
	box->after_blank = blank;
}

/* A file and its first line, which begins with "From ". */
static void
walk_mbox(const struct walk *walk, const char *path, FILE *in)
{
	struct mbox box = {.walk = walk, .path = path, .number = 1};
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	box.text = g_string_new(NULL);
	box.held = g_string_new(NULL);
	while ((len = getline(&line, &room, in)) > 0)
		read_line(&box, line, (gsize)len);
	/* An empty line at the very end belongs to the mbox. */
	if (!box.after_blank)
		append_line(&box, "", 0);
	if (ferror(in))
		walk->unreadable(walk->arg, path, g_strerror(errno));
	else
		deliver(&box);
	free(line);
	g_string_free(box.text, TRUE);
	g_string_free(box.held, TRUE);
}

static void
walk_single(const struct walk *walk, const char *path, FILE *in, GString *text)
{
	struct walked found = {.name = path, .path = path};
	char buffer[16384];
	size_t n;

	while ((n = fread(buffer, 1, sizeof(buffer), in)) > 0)
		append(walk, text, buffer, n);
	found.data = text->str;
	found.len = text->len;
	if (ferror(in))
		walk->unreadable(walk->arg, path, g_strerror(errno));
	else if (text->len == 0)
		walk->unreadable(walk->arg, path, "the file is empty");
	else
		walk->message(walk->arg, &found);
}

/* An mbox begins with a "From " line, and nothing else does. */
static void
walk_stream(const struct walk *walk, const char *path, FILE *in)
{
	g_autoptr(GString) first = g_string_new(NULL);
	char *line = NULL;
	size_t room = 0;
	ssize_t len = getline(&line, &room, in);

	if (len > 0 && !is_from(line))
		append(walk, first, line, (gsize)len);
	if (len > 0 && is_from(line))
		walk_mbox(walk, path, in);
	else
		walk_single(walk, path, in, first);
	free(line);
}

static void
walk_file(const struct walk *walk, const char *path)
{
	FILE *in = fopen(path, "rbe");

	if (in == NULL) {
		walk->unreadable(walk->arg, path, g_strerror(errno));
		return;
	}
	walk_stream(walk, path, in);
	fclose(in);
}

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* In a Maildir the messages lie in "new" and "cur", under any name. */
static bool
in_maildir(const FTSENT *entry)
{
	const char *folder = entry->fts_parent->fts_name;

	return entry->fts_name[0] != '.' &&
	       (strcmp(folder, "cur") == 0 || strcmp(folder, "new") == 0);
}

static bool
is_wanted(const struct walk *walk, const FTSENT *entry)
{
	const char *name = entry->fts_name;

	if (g_str_has_suffix(name, ".eml") || g_str_has_suffix(name, ".mbox") ||
	    g_str_has_suffix(name, ".mbx") || in_maildir(entry))
		return true;
	return walk->all_files && !g_str_has_suffix(name, ".env");
}

static void
walk_folder(const struct walk *walk, const char *path)
{
	char *const paths[] = {(char *)(guintptr)path, NULL};
	FTS *fts = fts_open(
	    paths, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
	FTSENT *entry;

	if (fts == NULL) {
		walk->unreadable(walk->arg, path, g_strerror(errno));
		return;
	}
	while ((entry = fts_read(fts)) != NULL) {
		switch (entry->fts_info) {
		case FTS_F:
			if (is_wanted(walk, entry))
				walk_file(walk, entry->fts_path);
			break;
		case FTS_DNR:
		case FTS_ERR:
		case FTS_NS:
			walk->unreadable(walk->arg, entry->fts_path,
			    g_strerror(entry->fts_errno));
			break;
		default:
			break;
		}
	}
	fts_close(fts);
}

void
walk_path(const struct walk *walk, const char *path)
{
	if (strcmp(path, "-") == 0)
		walk_stream(walk, "standard input", stdin);
	else if (g_file_test(path, G_FILE_TEST_IS_DIR))
		walk_folder(walk, path);
	else
		walk_file(walk, path);
}
