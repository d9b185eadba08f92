#include "milter/extract/programs.h"

static char *
find_in(const char *folder, const char *name)
{
	char *path = g_build_filename(folder, name, NULL);

	if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE) &&
	    g_file_test(path, G_FILE_TEST_IS_REGULAR))
		return path;
	g_free(path);
	return NULL;
}

/* Not along PATH, which is whoever's that started the filter. */
static char *
find_usual(const char *name)
{
	static const char *const folders[] = {
	    "/usr/bin", "/usr/local/bin", "/bin"};
	char *path = NULL;

	for (gsize i = 0; path == NULL && i < G_N_ELEMENTS(folders); i++)
		path = find_in(folders[i], name);
	return path;
}

bool
programs_find(const struct extract_programs *programs,
    char *found[PROGRAM_COUNT], GError **error)
{
	/* Those of one package stand together. */
	const struct {
		const char *setting;
		enum program program;
		const char *name;
	} all[] = {
	    {programs->pdftotext, PROGRAM_PDFTOTEXT, "pdftotext"},
	    {programs->pdftotext, PROGRAM_PDFINFO, "pdfinfo"},
	    {programs->pdftotext, PROGRAM_PDFDETACH, "pdfdetach"},
	    {programs->antiword, PROGRAM_ANTIWORD, "antiword"},
	    {programs->catdoc, PROGRAM_CATDOC, "catdoc"},
	    {programs->catdoc, PROGRAM_XLS2CSV, "xls2csv"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
		const char *setting = all[i].setting;
		g_autofree char *folder = NULL;

		if (setting == NULL)
			continue;
		if (*setting == '\0') {
			found[all[i].program] = find_usual(all[i].name);
			continue;
		}
		folder = g_path_get_dirname(setting);
		if (!g_path_is_absolute(setting) ||
		    !g_file_test(setting, G_FILE_TEST_IS_EXECUTABLE)) {
			g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
			    "%s: no such program", setting);
			return false;
		}
		found[all[i].program] = g_str_has_suffix(setting, all[i].name)
					    ? g_strdup(setting)
					    : find_in(folder, all[i].name);
	}
	return true;
}
