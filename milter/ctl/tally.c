#include <stdio.h>
#include <string.h>

#include "milter/ctl/ctl.h"
#include "milter/ctl/json.h"
#include "milter/ctl/table.h"
#include "milter/ctl/tally.h"

/* A line that went wrong. */
struct miss {
	char *file, *kind, *position, *text, *wanted, *got;
	unsigned line;
};

static void
count_free(void *p)
{
	struct count *count = p;

	g_free(count->kind);
	g_free(count);
}

static void
miss_free(void *p)
{
	struct miss *miss = p;

	g_free(miss->file);
	g_free(miss->kind);
	g_free(miss->position);
	g_free(miss->text);
	g_free(miss->wanted);
	g_free(miss->got);
	g_free(miss);
}

void
tally_init(struct tally *tally)
{
	*tally = (struct tally){
	    .kinds = g_ptr_array_new_with_free_func(count_free),
	    .misses = g_ptr_array_new_with_free_func(miss_free),
	};
}

void
tally_clear(struct tally *tally)
{
	g_ptr_array_unref(tally->kinds);
	g_ptr_array_unref(tally->misses);
}

static struct count *
count_of(struct tally *tally, const char *kind)
{
	struct count *count;

	for (guint i = 0; i < tally->kinds->len; i++) {
		count = tally->kinds->pdata[i];
		if (strcmp(count->kind, kind) == 0)
			return count;
	}
	count = g_new0(struct count, 1);
	count->kind = g_strdup(kind);
	g_ptr_array_add(tally->kinds, count);
	return count;
}

static void
add_to(struct count *count, const char *wanted, const char *got)
{
	bool right = strcmp(wanted, got) == 0;

	count->lines++;
	count->wanted += *wanted != '\0';
	count->right += *wanted != '\0' && right;
	count->missed += *wanted != '\0' && !right;
	count->wrong += *got != '\0' && !right;
}

static void
add_miss(struct tally *tally, const char *file, unsigned line,
    const struct sample *sample, const char *wanted, const char *got)
{
	struct miss *miss = g_new0(struct miss, 1);

	miss->file = g_strdup(file);
	miss->line = line;
	miss->kind = g_strdup(sample->kind);
	miss->position = g_strdup(sample->position);
	miss->text = g_strdup(sample->text);
	miss->wanted = g_strdup(wanted);
	miss->got = g_strdup(got);
	g_ptr_array_add(tally->misses, miss);
}

void
tally_add(struct tally *tally, const char *file, unsigned line,
    const struct sample *sample, const char *wanted,
    const struct answer *answer)
{
	struct level_count *level = &tally->levels[answer->level];

	add_to(&tally->all, wanted, answer->text);
	add_to(count_of(tally, sample->kind), wanted, answer->text);
	level->lines++;
	level->right += *wanted != '\0';
	if (strcmp(wanted, answer->text) != 0)
		add_miss(tally, file, line, sample, wanted, answer->text);
}

/* 1 when there was nothing that could go wrong. */
static double
ratio(unsigned part, unsigned whole)
{
	return whole == 0 ? 1.0 : (double)part / whole;
}

static double
precision(const struct count *count)
{
	return ratio(count->right, count->right + count->wrong);
}

static double
recall(const struct count *count)
{
	return ratio(count->right, count->wanted);
}

double
tally_precision(const struct tally *tally)
{
	return precision(&tally->all);
}

double
tally_recall(const struct tally *tally)
{
	return recall(&tally->all);
}

static double
f1(const struct count *count)
{
	double p = precision(count), r = recall(count);

	return p + r > 0 ? 2 * p * r / (p + r) : 0;
}

static void
add_row(struct table *table, const char *name, const struct count *count)
{
	table_add(table, name);
	table_addf(table, "%u", count->lines);
	table_addf(table, "%u", count->wanted);
	table_addf(table, "%u", count->right);
	table_addf(table, "%u", count->missed);
	table_addf(table, "%u", count->wrong);
}

static void
print_table(const struct tally *tally)
{
	static const char *const heads[] = {
	    "", "lines", "wanted", "right", "missed", "wrong"};
	g_autoptr(table) table = table_new(G_N_ELEMENTS(heads));

	for (guint i = 0; i < G_N_ELEMENTS(heads); i++) {
		if (i > 0)
			table_align_right(table, i);
		table_add(table, heads[i]);
	}
	for (guint i = 0; i < tally->kinds->len; i++) {
		const struct count *count = tally->kinds->pdata[i];

		add_row(table, count->kind, count);
	}
	add_row(table, "all", &tally->all);
	table_print(table);
}

/* How many of the lines with a finding of each level want it. */
static void
print_levels(const struct tally *tally)
{
	static const char *const heads[] = {"level", "lines", "right", "share"};
	g_autoptr(table) table = table_new(G_N_ELEMENTS(heads));

	for (guint i = 0; i < G_N_ELEMENTS(heads); i++) {
		if (i > 0)
			table_align_right(table, i);
		table_add(table, heads[i]);
	}
	for (enum level i = LEVEL_LOW; i <= LEVEL_HIGH; i++) {
		const struct level_count *level = &tally->levels[i];

		table_add(table, level_name(i));
		table_addf(table, "%u", level->lines);
		table_addf(table, "%u", level->right);
		if (level->lines > 0)
			table_addf(table, "%.3f",
			    ratio(level->right, level->lines));
		else
			table_add(table, "-");
	}
	putchar('\n');
	table_print(table);
}

static bool
has_levels(const struct tally *tally)
{
	for (enum level i = LEVEL_LOW; i <= LEVEL_HIGH; i++)
		if (tally->levels[i].lines > 0)
			return true;
	return false;
}

static void
print_misses(const struct tally *tally)
{
	for (guint i = 0; i < tally->misses->len; i++) {
		const struct miss *miss = tally->misses->pdata[i];
		g_autofree char *text = ctl_printable(miss->text);

		printf("%s:%u: %s%s%s: %s: %s\n", miss->file, miss->line,
		    miss->kind, *miss->position != '\0' ? "@" : "",
		    miss->position, *miss->got == '\0' ? "missed" : miss->got,
		    text);
	}
}

void
tally_print(const struct tally *tally)
{
	print_table(tally);
	printf("\nprecision %.3f  recall %.3f  F1 %.3f\n",
	    precision(&tally->all), recall(&tally->all), f1(&tally->all));
	if (has_levels(tally))
		print_levels(tally);
	if (tally->misses->len > 0)
		putchar('\n');
	print_misses(tally);
}

/* Ratios are in thousandths: JSON has whole numbers here. */
static void
write_count(struct json *json, const struct count *count)
{
	json_number(json, "lines", count->lines);
	json_number(json, "wanted", count->wanted);
	json_number(json, "right", count->right);
	json_number(json, "missed", count->missed);
	json_number(json, "wrong", count->wrong);
	json_number(
	    json, "precision-per-mille", (gint64)(precision(count) * 1000));
	json_number(json, "recall-per-mille", (gint64)(recall(count) * 1000));
	json_number(json, "f1-per-mille", (gint64)(f1(count) * 1000));
}

static void
write_levels(struct json *json, const struct tally *tally)
{
	json_array(json, "levels");
	for (enum level i = LEVEL_LOW; i <= LEVEL_HIGH; i++) {
		json_object(json, NULL);
		json_string(json, "level", level_name(i));
		json_number(json, "lines", tally->levels[i].lines);
		json_number(json, "right", tally->levels[i].right);
		json_end(json);
	}
	json_end(json);
}

void
tally_print_json(const struct tally *tally, const char *detector)
{
	struct json *json = json_new(true);
	g_autofree char *text = NULL;

	json_object(json, NULL);
	json_string(json, "detector", detector);
	write_count(json, &tally->all);
	json_array(json, "kinds");
	for (guint i = 0; i < tally->kinds->len; i++) {
		const struct count *count = tally->kinds->pdata[i];

		json_object(json, NULL);
		json_string(json, "kind", count->kind);
		write_count(json, count);
		json_end(json);
	}
	json_end(json);
	write_levels(json, tally);
	json_array(json, "misses");
	for (guint i = 0; i < tally->misses->len; i++) {
		const struct miss *miss = tally->misses->pdata[i];

		json_object(json, NULL);
		json_string(json, "file", miss->file);
		json_number(json, "line", miss->line);
		json_string(json, "kind", miss->kind);
		json_string(json, "position", miss->position);
		json_string(json, "wanted", miss->wanted);
		json_string(json, "got", miss->got);
		json_string(json, "text", miss->text);
		json_end(json);
	}
	json_end(json);
	json_end(json);
	text = json_finish(json);
	fputs(text, stdout);
}
