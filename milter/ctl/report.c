#include <stdio.h>
#include <string.h>

#include "milter/ctl/ctl.h"
#include "milter/ctl/json.h"
#include "milter/ctl/table.h"

static const struct ctl_usage usage = {NULL,
    "Counts what the journal holds, by rule and month.  No message and nobody\n"
    "is named."};

enum { DISPOSITIONS = DISPOSITION_REJECT + 1 };

/* How often one rule held, or could not be judged. */
struct count {
	unsigned held, failed;
};

struct row {
	char *rule;
	GArray *months; /* struct count, one for each of statistics.months */
};

struct statistics {
	day from, to;      /* both included */
	GPtrArray *months; /* char *, "2026-05": those with entries */
	GPtrArray *rows;   /* struct row */
	unsigned entries, not_inspected;
	unsigned dispositions[DISPOSITIONS];
};

static void
row_free(void *data)
{
	struct row *row = data;

	g_free(row->rule);
	g_array_unref(row->months);
	g_free(row);
}

static void
statistics_clear(struct statistics *statistics)
{
	g_ptr_array_unref(statistics->months);
	g_ptr_array_unref(statistics->rows);
}

/* The counts of a rule in the last month. */
static struct count *
count_of(struct statistics *statistics, const char *rule)
{
	struct row *row = NULL;

	for (guint i = 0; i < statistics->rows->len; i++) {
		row = statistics->rows->pdata[i];
		if (strcmp(row->rule, rule) == 0)
			break;
		row = NULL;
	}
	if (row == NULL) {
		row = g_new0(struct row, 1);
		row->rule = g_strdup(rule);
		row->months = g_array_new(FALSE, TRUE, sizeof(struct count));
		g_ptr_array_add(statistics->rows, row);
	}
	g_array_set_size(row->months, statistics->months->len);
	return &g_array_index(
	    row->months, struct count, statistics->months->len - 1);
}

static void
add_entry(struct statistics *statistics, const struct journal_entry *entry)
{
	statistics->entries++;
	statistics->not_inspected += entry->not_inspected != NULL;
	for (int i = 0; i < DISPOSITIONS; i++)
		if (strcmp(entry->disposition,
			disposition_name((enum disposition)i)) == 0)
			statistics->dispositions[i]++;
	for (guint i = 0; i < entry->findings->len; i++) {
		const struct journal_finding *finding =
		    entry->findings->pdata[i];
		struct count *count = count_of(statistics, finding->rule);

		if (finding->failed)
			count->failed++;
		else
			count->held++;
	}
}

/* A month at a time, so that a long journal need not fit into memory. */
static bool
add_month(struct statistics *statistics, struct journal *journal,
    const char *month, gint64 from, gint64 to, GError **error)
{
	g_autoptr(GPtrArray) entries = journal_list(journal, from, to, error);

	if (entries == NULL)
		return false;
	if (entries->len > 0)
		g_ptr_array_add(statistics->months, g_strdup(month));
	for (guint i = 0; i < entries->len; i++)
		add_entry(statistics, entries->pdata[i]);
	return true;
}

static int
by_rule(gconstpointer a, gconstpointer b)
{
	const struct row *const *left = a, *const *right = b;

	return strcmp((*left)->rule, (*right)->rule);
}

static bool
gather(struct statistics *statistics, struct journal *journal, GError **error)
{
	day at = statistics->from;

	while (at <= statistics->to) {
		char month[sizeof("2026-05")];
		GDate date;
		day next;

		g_date_clear(&date, 1);
		g_date_set_julian(&date, at);
		g_date_strftime(month, sizeof(month), "%Y-%m", &date);
		g_date_set_day(&date, 1);
		g_date_add_months(&date, 1);
		next = MIN(g_date_get_julian(&date), statistics->to + 1);
		if (!add_month(statistics, journal, month, ctl_day_start(at),
			ctl_day_start(next), error))
			return false;
		at = next;
	}
	/* Every row has a count for every month. */
	for (guint i = 0; i < statistics->rows->len; i++) {
		struct row *row = statistics->rows->pdata[i];

		g_array_set_size(row->months, statistics->months->len);
	}
	g_ptr_array_sort(statistics->rows, by_rule);
	return true;
}

static void
print_row(struct table *table, const struct row *row, bool failed)
{
	unsigned total = 0;

	table_addf(table, "%s%s", row->rule, failed ? " (not judged)" : "");
	for (guint i = 0; i < row->months->len; i++) {
		const struct count *count =
		    &g_array_index(row->months, struct count, i);
		unsigned n = failed ? count->failed : count->held;

		table_addf(table, "%u", n);
		total += n;
	}
	table_addf(table, "%u", total);
}

static bool
has_failures(const struct row *row)
{
	for (guint i = 0; i < row->months->len; i++)
		if (g_array_index(row->months, struct count, i).failed > 0)
			return true;
	return false;
}

static void
print_table(const struct statistics *statistics)
{
	unsigned columns = statistics->months->len + 2;
	g_autoptr(table) table = table_new(columns);
	g_autofree char *from = day_format(statistics->from);
	g_autofree char *to = day_format(statistics->to);

	printf("From %s to %s\n\n", from, to);
	table_add(table, "rule");
	for (guint i = 0; i < statistics->months->len; i++)
		table_add(table, statistics->months->pdata[i]);
	table_add(table, "total");
	for (unsigned i = 1; i < columns; i++)
		table_align_right(table, i);
	for (guint i = 0; i < statistics->rows->len; i++) {
		print_row(table, statistics->rows->pdata[i], false);
		if (has_failures(statistics->rows->pdata[i]))
			print_row(table, statistics->rows->pdata[i], true);
	}
	table_print(table);
	printf("\nmessages with findings %u\n", statistics->entries);
	for (int i = 0; i < DISPOSITIONS; i++)
		if (statistics->dispositions[i] > 0)
			printf("%s %u\n", disposition_name((enum disposition)i),
			    statistics->dispositions[i]);
	if (statistics->not_inspected > 0)
		printf("not fully inspected %u\n", statistics->not_inspected);
}

static void
write_row(struct json *json, const struct statistics *statistics,
    const struct row *row)
{
	json_object(json, NULL);
	json_string(json, "rule", row->rule);
	json_array(json, "months");
	for (guint i = 0; i < row->months->len; i++) {
		const struct count *count =
		    &g_array_index(row->months, struct count, i);

		if (count->held == 0 && count->failed == 0)
			continue;
		json_object(json, NULL);
		json_string(json, "month", statistics->months->pdata[i]);
		json_number(json, "holds", count->held);
		json_number(json, "failed", count->failed);
		json_end(json);
	}
	json_end(json);
	json_end(json);
}

static void
print_json(const struct statistics *statistics)
{
	struct json *json = json_new(true);
	g_autofree char *from = day_format(statistics->from);
	g_autofree char *to = day_format(statistics->to);
	g_autofree char *text = NULL;

	json_object(json, NULL);
	json_string(json, "from", from);
	json_string(json, "to", to);
	json_number(json, "messages", statistics->entries);
	json_number(json, "not_inspected", statistics->not_inspected);
	json_object(json, "verdicts");
	for (int i = 0; i < DISPOSITIONS; i++)
		json_number(json, disposition_name((enum disposition)i),
		    statistics->dispositions[i]);
	json_end(json);
	json_array(json, "rules");
	for (guint i = 0; i < statistics->rows->len; i++)
		write_row(json, statistics, statistics->rows->pdata[i]);
	json_end(json);
	json_end(json);
	text = json_finish(json);
	fputs(text, stdout);
}

static int
report(struct ctl *ctl, struct statistics *statistics, bool as_json)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(journal) journal = ctl_journal(ctl);

	if (journal == NULL)
		return CTL_TROUBLE;
	if (!gather(statistics, journal, &error)) {
		ctl_complain("%s", error->message);
		return CTL_TROUBLE;
	}
	if (as_json)
		print_json(statistics);
	else
		print_table(statistics);
	return CTL_OK;
}

/* Without dates: this month and the eleven before it. */
static day
a_year_back(day to)
{
	GDate date;

	g_date_clear(&date, 1);
	g_date_set_julian(&date, to);
	g_date_set_day(&date, 1);
	g_date_subtract_months(&date, 11);
	return g_date_get_julian(&date);
}

int
ctl_report(struct ctl *ctl, char **argv)
{
	g_autofree char *from = NULL;
	g_autofree char *to = NULL;
	gboolean as_json = FALSE;
	const GOptionEntry entries[] = {
	    {"from", 0, 0, G_OPTION_ARG_FILENAME, &from,
		"the first day (a year back)", "DATE"},
	    {"to", 0, 0, G_OPTION_ARG_FILENAME, &to, "the last day (today)",
		"DATE"},
	    {"json", 'j', 0, G_OPTION_ARG_NONE, &as_json,
		"print one JSON object", NULL},
	    G_OPTION_ENTRY_NULL};
	struct statistics statistics = {.to = day_today()};
	int exit;

	if (!ctl_options(ctl, argv, &usage, entries) ||
	    (to != NULL && !ctl_parse_day(ctl, "--to", to, &statistics.to)))
		return CTL_USAGE;
	statistics.from = a_year_back(statistics.to);
	if (from != NULL &&
	    !ctl_parse_day(ctl, "--from", from, &statistics.from))
		return CTL_USAGE;
	if (statistics.from > statistics.to)
		return ctl_usage_error(ctl, "--from comes after --to");
	statistics.months = g_ptr_array_new_with_free_func(g_free);
	statistics.rows = g_ptr_array_new_with_free_func(row_free);
	exit = report(ctl, &statistics, as_json);
	statistics_clear(&statistics);
	return exit;
}
