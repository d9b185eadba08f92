#include <stdio.h>

#include "milter/ctl/ctl.h"

static const struct ctl_usage usage = {NULL,
    "Deletes the journal's entries from before a day, except those whose\n"
    "letters have not left yet."};

static int
purge(struct journal *journal, gint64 before)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) kept = NULL;
	g_autofree char *entries = NULL;
	unsigned deleted;

	if (!journal_purge(journal, before, &deleted, &error) ||
	    (kept = journal_list(journal, G_MININT64, before, &error)) ==
		NULL) {
		ctl_complain("%s", error->message);
		return CTL_TROUBLE;
	}
	entries = ctl_count(deleted, "entry", "entries");
	printf("deleted %s", entries);
	if (kept->len > 0)
		printf(", kept %u whose letters have not left yet", kept->len);
	puts("");
	return CTL_OK;
}

int
ctl_purge(struct ctl *ctl, char **argv)
{
	g_autofree char *before = NULL;
	const GOptionEntry entries[] = {
	    {"before", 0, 0, G_OPTION_ARG_FILENAME, &before,
		"delete what is older than this day", "DATE"},
	    G_OPTION_ENTRY_NULL};
	g_autoptr(journal) journal = NULL;
	day on;

	if (!ctl_options(ctl, argv, &usage, entries))
		return CTL_USAGE;
	if (before == NULL)
		return ctl_usage_error(
		    ctl, "say --before DATE: nothing is deleted unasked");
	if (!ctl_parse_day(ctl, "--before", before, &on))
		return CTL_USAGE;
	if ((journal = ctl_journal(ctl)) == NULL)
		return CTL_TROUBLE;
	return purge(journal, ctl_day_start(on));
}
