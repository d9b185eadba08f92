#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "milter/ctl/ctl.h"
#include "milter/ctl/score.h"
#include "milter/ctl/tally.h"
#include "policy/pattern/file.h"

static const struct ctl_usage usage = {"FILE ...",
    "Holds a detector against labelled lines, LABEL<TAB>TEXT, and prints\n"
    "precision, recall and the lines that it got wrong.  \"\\n\" in a text\n"
    "stands for a line end; empty lines and those that begin with \"#\" are\n"
    "passed over.  FILE may be - for standard input."};

#define INSTALLED_PATTERNS SYSCONFDIR "/patterns"
#define SOURCE_PATTERNS "conf/patterns"
#define SUFFIX ".patterns"

struct score {
	/* The command line. */
	const char *detector_name;
	char **patterns;
	gboolean json;
	double precision_min, recall_min;
	/* The run. */
	const struct scorer *scorer;
	struct detectors *detectors;
	struct tally tally;
};

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
		g_string_append_printf(
		    names, "%s%s", i > 0 ? ", " : "", scorer->name);
	if (name == NULL)
		return ctl_usage_error(
		    ctl, "--detector is missing; there are: %s", names->str);
	return ctl_usage_error(
	    ctl, "unknown detector \"%s\"; there are: %s", name, names->str);
}

static void
file_free(void *file)
{
	pattern_file_free(file);
}

/* False after a message. */
static bool
read_patterns(
    const char *path, GHashTable *lets, GPtrArray *files, struct diags *diags)
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

	for (guint i = 0; score->patterns != NULL && score->patterns[i] != NULL;
	     i++)
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
	if (G_STRUCT_MEMBER(void *, score->detectors, score->scorer->rules) ==
	    NULL) {
		ctl_complain("the pattern files have nothing for the detector "
			     "\"%s\"",
		    score->scorer->name);
		return CTL_FAULT;
	}
	return CTL_OK;
}

static void
score_line(
    struct score *score, const char *file, unsigned number, const char *line)
{
	g_autoptr(sample) sample = sample_new(line);
	const char *wanted;
	struct answer answer;

	if (sample == NULL) {
		ctl_complain("%s:%u: no tab after the label", file, number);
		return;
	}
	if ((wanted = score->scorer->wanted(sample->kind)) == NULL)
		return;
	answer = score->scorer->answer(score->detectors, sample);
	tally_add(&score->tally, file, number, sample, wanted, &answer);
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
		tally_print_json(&score->tally, score->scorer->name);
	else
		tally_print(&score->tally);
	if (worst == CTL_OK &&
	    (tally_precision(&score->tally) < score->precision_min ||
		tally_recall(&score->tally) < score->recall_min))
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
	    {"detector", 'd', 0, G_OPTION_ARG_STRING, &name, "the detector",
		"NAME"},
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
	tally_init(&score.tally);
	exit = run(&score, files);
	detectors_free(score.detectors);
	tally_clear(&score.tally);
	return exit;
}
