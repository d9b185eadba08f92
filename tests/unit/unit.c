#include <glib/gstdio.h>
#include <stdarg.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

char *
unit_source(const char *first, ...)
{
	const char *top = g_getenv("SRCDIR");
	GPtrArray *parts = g_ptr_array_new();
	const char *part;
	va_list ap;
	char *path;

	g_ptr_array_add(parts, g_strdup(top ? top : "."));
	va_start(ap, first);
	for (part = first; part != NULL; part = va_arg(ap, const char *))
		g_ptr_array_add(parts, g_strdup(part));
	va_end(ap);
	g_ptr_array_add(parts, NULL);
	path = g_build_filenamev((char **)parts->pdata);
	g_strfreev((char **)g_ptr_array_free(parts, FALSE));
	return path;
}

char *
unit_directory(void)
{
	g_autoptr(GError) error = NULL;
	char *path = g_dir_make_tmp("council-milter-XXXXXX", &error);

	ck_assert_msg(path != NULL, "%s", error ? error->message : "");
	return path;
}

void
unit_remove(const char *directory)
{
	g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(directory, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR) &&
		    !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
			unit_remove(path);
		else
			g_unlink(path);
	}
	g_rmdir(directory);
}

char *
unit_write(const char *directory, const char *name, const char *text)
{
	g_autoptr(GError) error = NULL;
	char *path = g_build_filename(directory, name, NULL);

	ck_assert_msg(g_file_set_contents(path, text, -1, &error), "%s",
	    error ? error->message : "");
	return path;
}

int
main(void)
{
	SRunner *runner = srunner_create(unit_suite());
	int failed;

	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
