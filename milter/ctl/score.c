#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "milter/ctl/ctl.h"
#include "milter/ctl/json.h"
#include "milter/ctl/score.h"
#include "milter/ctl/table.h"
#include "policy/pattern/file.h"

static const struct ctl_usage usage = {"FILE ...",
    "Holds a detector against labelled lines, LABEL<TAB>TEXT, and prints\n"
    "precision, recall and the lines that it got wrong.  \"\\n\" in a text\n"
    "stands for a line end; empty lines and those that begin with \"#\" are\n"
    "passed over.  FILE may be - for standard input."};

#define INSTALLED_PATTERNS SYSCONFDIR "/patterns"
#define SOURCE_PATTERNS "conf/patterns"
#define SUFFIX ".patterns"

/* Of one kind of line, or of all. */
struct count {
	char *kind;
	unsigned wanted;	/* lines that want an answer */
	unsigned right;		/* … and got it */
	unsigned missed;
	unsigned wrong;		/* got an answer that they do not want */
	unsigned lines;
};

/* A line that went wrong. */
struct miss {
	char *file, *kind, *position, *text;
	const char *wanted, *got;
	unsigned line;
};

struct score {
	/* The command line. */
	const char *detector_name;
	char **patterns;
	gboolean json;
	double precision_min, recall_min;
	/* The run. */
	const struct scorer *scorer;
	struct detectors *detectors;
	/* What was counted. */
	GPtrArray *kinds;	/* struct count, in order of appearance */
	struct count all;
	GPtrArray *misses;	/* struct miss */
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
	g_free(miss);
}

static const struct scorer *
find_scorer(const char *name)
{
	const struct scorer *scorer;

	for (guint i = 0; (scorer = score_scorer(i)) != NULL; i++)
		if (name != NULL && strcmp(scorer->name, name) == 0)
			return scorer;
	return NULL;
}

static int
unknown_detector(struct ctl *ctl, const char *name)
{
	g_autoptr(GString) names = g_string_new(NULL);
	const struct scorer *scorer;

	for (guint i = 0; (scorer = score_scorer(i)) != NULL; i++)
		g_string_append_printf(names, "%s%s", i > 0 ? ", " : "",
		    scorer->name);
	if (name == NULL)
		return ctl_usage_error(
		    ctl, "--detector is missing; there are: %s", names->str);
	return ctl_usage_error(ctl, "unknown detector \"%s\"; there are: %s",
	    name, names->str);
}

static void
file_free(void *file)
{
	pattern_file_free(file);
}

/* False after a message. */
static bool
read_patterns(const char *path, GHashTable *lets, GPtrArray *files,
    struct diags *diags)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	gsize len;

	if (!g_file_get_contents(path, &text, &len, &error)) {
		ctl_complain("%s", error->message);
		return false;
	}
	g_ptr_array_add(files, pattern_file_read(path, text, len, lets, diags));
	return true;
}

/* Without their suffix, so that "a" comes before "a-more" that builds on it. */
static int
compare_paths(gconstpointer a, gconstpointer b)
{
	const char *one = *(const char *const *)a;
	const char *two = *(const char *const *)b;
	g_autofree char *first = g_strndup(one, strlen(one) - strlen(SUFFIX));
	g_autofree char *second = g_strndup(two, strlen(two) - strlen(SUFFIX));

	return strcmp(first, second);
}

/* All pattern files of a folder, in the order of their names. */
static void
add_folder(GPtrArray *paths, const char *folder)
{
	g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
	g_autoptr(GPtrArray) found = g_ptr_array_new();
	const char *name;

	while (directory != NULL && (name = g_dir_read_name(directory)) != NULL)
		if (g_str_has_suffix(name, SUFFIX))
			g_ptr_array_add(
			    found, g_build_filename(folder, name, NULL));
	g_ptr_array_sort(found, compare_paths);
	g_ptr_array_extend(paths, found, NULL, NULL);
}

/*
 * The files and folders of --patterns, else all that are installed, else those
 * of the source tree that this is run in.
 */
static GPtrArray *
pattern_paths(const struct score *score)
{
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0;
	     score->patterns != NULL && score->patterns[i] != NULL; i++)
		if (g_file_test(score->patterns[i], G_FILE_TEST_IS_DIR))
			add_folder(paths, score->patterns[i]);
		else
			g_ptr_array_add(paths, g_strdup(score->patterns[i]));
	if (paths->len == 0)
		add_folder(paths, INSTALLED_PATTERNS);
	if (paths->len == 0)
		add_folder(paths, SOURCE_PATTERNS);
	return paths;
}

static int
load_detectors(struct score *score)
{
	g_autoptr(diags) diags = diags_new();
	g_autoptr(GHashTable) lets = pattern_lets_new();
	g_autoptr(GPtrArray) paths = pattern_paths(score);
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(file_free);

	if (paths->len == 0) {
		ctl_complain("no pattern files: there is nothing in %s; "
			     "see --patterns",
		    INSTALLED_PATTERNS);
		return CTL_TROUBLE;
	}
	for (guint i = 0; i < paths->len; i++)
		if (!read_patterns(paths->pdata[i], lets, files, diags))
			return CTL_TROUBLE;
	score->detectors = detectors_new(files, diags);
	diags_print(diags, stderr);
	if (diags_errors(diags) > 0)
		return CTL_FAULT;
	if (G_STRUCT_MEMBER(
		void *, score->detectors, score->scorer->rules) == NULL) {
		ctl_complain("the pattern files have nothing for the detector "
			     "\"%s\"",
		    score->scorer->name);
		return CTL_FAULT;
	}
	return CTL_OK;
}

static struct count *
count_of(struct score *score, const char *kind)
{
	struct count *count;

	for (guint i = 0; i < score->kinds->len; i++) {
		count = score->kinds->pdata[i];
		if (strcmp(count->kind, kind) == 0)
			return count;
	}
	count = g_new0(struct count, 1);
	count->kind = g_strdup(kind);
	g_ptr_array_add(score->kinds, count);
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
score_line(
    struct score *score, const char *file, unsigned number, const char *line)
{
	g_autoptr(sample) sample = sample_new(line);
	const char *wanted, *got;
	struct miss *miss;

	if (sample == NULL) {
		ctl_complain("%s:%u: no tab after the label", file, number);
		return;
	}
	if ((wanted = score->scorer->wanted(sample->kind)) == NULL)
		return;
	got = score->scorer->answer(score->detectors, sample);
	add_to(&score->all, wanted, got);
	add_to(count_of(score, sample->kind), wanted, got);
	if (strcmp(wanted, got) == 0)
		return;
	miss = g_new0(struct miss, 1);
	miss->file = g_strdup(file);
	miss->line = number;
	miss->kind = g_steal_pointer(&sample->kind);
	miss->position = g_steal_pointer(&sample->position);
	miss->text = g_steal_pointer(&sample->text);
	miss->wanted = wanted;
	miss->got = got;
	g_ptr_array_add(score->misses, miss);
}

static int
score_file(struct score *score, const char *path)
{
	g_autofree char *line = NULL;
	size_t size = 0;
	ssize_t len;
	unsigned number = 0;
	bool bad;
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");

	if (file == NULL) {
		ctl_complain("%s: %s", path, g_strerror(errno));
		return CTL_TROUBLE;
	}
	while ((len = getline(&line, &size, file)) >= 0) {
		number++;
		line[strcspn(line, "\r\n")] = '\0';
		if (*line != '\0' && *line != '#')
			score_line(score, path, number, line);
	}
	bad = ferror(file) != 0;
	if (file != stdin)
		fclose(file);
	if (bad)
		ctl_complain("%s could not be read to its end", path);
	return bad ? CTL_TROUBLE : CTL_OK;
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
print_table(const struct score *score)
{
	static const char *const heads[] = {
	    "", "lines", "wanted", "right", "missed", "wrong"};
	g_autoptr(table) table = table_new(G_N_ELEMENTS(heads));

	for (guint i = 0; i < G_N_ELEMENTS(heads); i++) {
		if (i > 0)
			table_align_right(table, i);
		table_add(table, heads[i]);
	}
	for (guint i = 0; i < score->kinds->len; i++) {
		const struct count *count = score->kinds->pdata[i];

		add_row(table, count->kind, count);
	}
	add_row(table, "all", &score->all);
	table_print(table);
}

static void
print_misses(const struct score *score)
{
	for (guint i = 0; i < score->misses->len; i++) {
		const struct miss *miss = score->misses->pdata[i];
		g_autofree char *text = ctl_printable(miss->text);

		printf("%s:%u: %s%s%s: %s: %s\n", miss->file, miss->line,
		    miss->kind, *miss->position != '\0' ? "@" : "",
		    miss->position, *miss->got == '\0' ? "missed" : miss->got,
		    text);
	}
}

static void
print_text(const struct score *score)
{
	print_table(score);
	printf("\nprecision %.3f  recall %.3f  F1 %.3f\n",
	    precision(&score->all), recall(&score->all), f1(&score->all));
	if (score->misses->len > 0)
		putchar('\n');
	print_misses(score);
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
print_json(const struct score *score)
{
	struct json *json = json_new(true);
	g_autofree char *text = NULL;

	json_object(json, NULL);
	json_string(json, "detector", score->scorer->name);
	write_count(json, &score->all);
	json_array(json, "kinds");
	for (guint i = 0; i < score->kinds->len; i++) {
		const struct count *count = score->kinds->pdata[i];

		json_object(json, NULL);
		json_string(json, "kind", count->kind);
		write_count(json, count);
		json_end(json);
	}
	json_end(json);
	json_array(json, "misses");
	for (guint i = 0; i < score->misses->len; i++) {
		const struct miss *miss = score->misses->pdata[i];

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

static int
run(struct score *score, char **files)
{
	int exit = load_detectors(score), worst = exit;

	if (exit != CTL_OK)
		return exit;
	for (guint i = 0; files[i] != NULL; i++) {
		exit = score_file(score, files[i]);
		worst = MAX(worst, exit);
	}
	if (score->json)
		print_json(score);
	else
		print_text(score);
	if (worst == CTL_OK &&
	    (precision(&score->all) < score->precision_min ||
		recall(&score->all) < score->recall_min))
		return CTL_FAULT;
	return worst;
}

int
ctl_score(struct ctl *ctl, char **argv)
{
	struct score score = {0};
	g_autofree char *name = NULL;
	g_auto(GStrv) patterns = NULL;
	g_auto(GStrv) files = NULL;
	const GOptionEntry entries[] = {
	    {"detector", 'd', 0, G_OPTION_ARG_STRING, &name,
		"the detector", "NAME"},
	    {"patterns", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &patterns,
		"a pattern file or a folder of them, instead of those that "
		"are installed; may be given again",
		"FILE"},
	    {"precision", 0, 0, G_OPTION_ARG_DOUBLE, &score.precision_min,
		"fail below this precision", "0.98"},
	    {"recall", 0, 0, G_OPTION_ARG_DOUBLE, &score.recall_min,
		"fail below this recall", "0.98"},
	    {"json", 0, 0, G_OPTION_ARG_NONE, &score.json, "print JSON", NULL},
	    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &files,
		NULL, NULL},
	    G_OPTION_ENTRY_NULL};
	int exit;

	if (!ctl_options(ctl, argv, &usage, entries))
		return CTL_USAGE;
	if ((score.scorer = find_scorer(name)) == NULL)
		return unknown_detector(ctl, name);
	if (files == NULL)
		return ctl_usage_error(ctl, "no file of labelled lines");
	score.patterns = patterns;
	score.kinds = g_ptr_array_new_with_free_func(count_free);
	score.misses = g_ptr_array_new_with_free_func(miss_free);
	exit = run(&score, files);
	detectors_free(score.detectors);
	g_ptr_array_unref(score.kinds);
	g_ptr_array_unref(score.misses);
	return exit;
}
