#include <stdio.h>
#include <string.h>

#include "milter/ctl/ctl.h"
#include "milter/ctl/table.h"

static const struct ctl_usage usage = {"[retry ID|all]",
    "Shows the letters that wait to be sent, or makes them due now.  The "
    "daemon\nsends them."};

static void
print_items(const GPtrArray *items)
{
	g_autoptr(table) table = table_new(7);
	static const char *const titles[] = {
	    "id", "kind", "to", "since", "tries", "next try", "last error"};

	for (gsize i = 0; i < G_N_ELEMENTS(titles); i++)
		table_add(table, titles[i]);
	table_align_right(table, 0);
	table_align_right(table, 4);
	for (guint i = 0; i < items->len; i++) {
		const struct outbox_item *item = items->pdata[i];
		g_autofree char *since = ctl_format_time(item->created);
		g_autofree char *next = ctl_format_time(item->next_try);

		table_addf(table, "%" G_GINT64_FORMAT, item->id);
		table_add(table, item->kind);
		table_add(table, item->address);
		table_add(table, since);
		table_addf(table, "%u", item->attempts);
		table_add(table, item->in_digest && item->attempts == 0
				     ? "in the digest"
				     : next);
		table_add(
		    table, item->last_error != NULL ? item->last_error : "");
	}
	table_print(table);
}

static int
list(struct journal *journal)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) items = outbox_list(journal, &error);

	if (items == NULL) {
		ctl_complain("%s", error->message);
		return CTL_TROUBLE;
	}
	if (items->len == 0)
		puts("nothing waits");
	else
		print_items(items);
	return CTL_OK;
}

static int
retry(struct ctl *ctl, struct journal *journal, const char *which)
{
	gint64 id = 0, now = g_get_real_time() / G_USEC_PER_SEC;
	g_autoptr(GError) error = NULL;
	unsigned n;

	if (strcmp(which, "all") != 0 &&
	    (!g_ascii_string_to_signed(which, 10, 1, G_MAXINT64, &id, NULL)))
		return ctl_usage_error(ctl,
		    "\"%s\" is neither the number of a letter nor \"all\"",
		    which);
	if (!outbox_hasten(journal, id, now, &n, &error)) {
		ctl_complain("%s", error->message);
		return CTL_TROUBLE;
	}
	if (n == 0 && id != 0) {
		ctl_complain(
		    "no letter %s waits, or it waits for its digest", which);
		return CTL_FAULT;
	}
	printf("due now %u\n", n);
	return CTL_OK;
}

int
ctl_outbox(struct ctl *ctl, char **argv)
{
	g_auto(GStrv) rest = NULL;
	const GOptionEntry entries[] = {
	    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL,
		NULL},
	    G_OPTION_ENTRY_NULL};
	g_autoptr(journal) journal = NULL;

	if (!ctl_options(ctl, argv, &usage, entries))
		return CTL_USAGE;
	if (rest != NULL &&
	    (strcmp(rest[0], "retry") != 0 || g_strv_length(rest) != 2))
		return ctl_usage_error(ctl,
		    "write \"outbox\", \"outbox retry ID\" or "
		    "\"outbox retry all\"");
	if ((journal = ctl_journal(ctl)) == NULL)
		return CTL_TROUBLE;
	return rest != NULL ? retry(ctl, journal, rest[1]) : list(journal);
}
