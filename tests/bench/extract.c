/*
 * extract ROUNDS FILE...: reads each file so many times in a pool of one
 * worker, and prints the best time and the largest worker or program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "milter/extract/extract.h"

static int
bench(const char *path, int rounds)
{
	const struct extract_limits limits = {.workers = 1};
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *data = NULL;
	g_autoptr(GError) error = NULL;
	struct extractor *extractor;
	struct rusage usage;
	gint64 best = G_MAXINT64;
	gsize len, text = 0;

	extractor = extractor_new(&limits, NULL, &error);
	if (extractor == NULL ||
	    !g_file_get_contents(path, &data, &len, &error)) {
		fprintf(stderr, "extract: %s\n", error->message);
		return EXIT_FAILURE;
	}
	for (int i = 0; i < rounds; i++) {
		gint64 start = g_get_monotonic_time();
		g_autoptr(GPtrArray) found =
		    extractor_read(extractor, name, NULL, data, len);
		const struct attachment *a = found->pdata[0];

		best = MIN(best, g_get_monotonic_time() - start);
		if (a->state != ATTACHMENT_READ) {
			fprintf(stderr, "extract: %s: %s\n", name, a->reason);
			return EXIT_FAILURE;
		}
		text = strlen(a->opening) +
		       (a->text != NULL ? strlen(a->text) : 0);
	}
	extractor_free(extractor);
	/* Of all processes that ended, the largest. */
	getrusage(RUSAGE_CHILDREN, &usage);
	printf("%-24s %8.1f KB %8.1f KB text %8.1f ms %8.1f MB\n", name,
	    (double)len / 1024, (double)text / 1024, (double)best / 1000,
	    (double)usage.ru_maxrss / 1024);
	return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[1]) : 0, status = EXIT_SUCCESS;

	if (rounds < 1) {
		fprintf(stderr, "usage: extract ROUNDS FILE\n");
		return 2;
	}
	for (int i = 2; i < argc && status == EXIT_SUCCESS; i++)
		status = bench(argv[i], rounds);
	return status;
}
