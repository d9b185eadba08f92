/*
 * Stored mail, one message after another: mbox files, Maildirs, folders of
 * .eml files and single messages.  Only one message is in memory at a time.
 */
#ifndef MILTER_CTL_WALK_H
#define MILTER_CTL_WALK_H

#include <glib.h>
#include <stdbool.h>

/* One message; everything lives until the function returns. */
struct walked {
	const char *name;	/* "sent.mbox:12", "new/17.eml" */
	const char *path;	/* of a file that is this message alone; NULL in
				 * an mbox */
	const char *data;
	gsize len;
};

struct walk {
	bool all_files;		/* in folders, not only *.eml and *.mbox */
	gsize max;		/* bytes to keep of a message; 0: all */
	void (*message)(void *arg, const struct walked *);
	void (*unreadable)(void *arg, const char *name, const char *why);
	void *arg;
};

/* A file, a folder (with all folders below it), or "-": standard input. */
void walk_path(const struct walk *, const char *path);

#endif
