/*
 * detect POLICY [TEXT]: how long each detector of a policy takes for 3 KB, 50
 * KB and 500 KB of a clerk's mail, or for the text in a file.  Prints how long
 * the policy took to load, then for each text the processor time of the best of
 * some rounds, with what was found.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "milter/message/content.h"
#include "policy/detect/inspection.h"
#include "policy/policy.h"

enum { KB = 1024, ROUNDS = 3 };

static const char unit[] =
    "Dear Councillor Jones,\n\nThank you for your letter about the "
    "allotments.\n"
    "The committee will look at the lease on Tuesday, and I shall write to "
    "you\n"
    "again after the meeting.  Mr Tester has paid the rent until Michaelmas;\n"
    "please let me know whether you would like to see the file before the\n"
    "contractor comes to the site.\n\n"
    "The hedge along Mill Lane is to be cut in October (\xc2\xa3"
    "240, two\n"
    "quotations).  Could you ask the school whether its fence may come down?\n"
    "\n";

static const struct {
	const char *name;
	const GPtrArray *(*find)(struct inspection *);
} finders[] = {
    {"markings", inspection_markings},
    {"confidential", inspection_secrets},
    {"obligations", inspection_acts},
    {"names", inspection_names},
    {"phrases", inspection_phrases},
};

struct best {
	double seconds[G_N_ELEMENTS(finders)];
	guint found[G_N_ELEMENTS(finders)];
};

static double
seconds_since(clock_t start)
{
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static void
run(const struct policy *policy, const struct content *content,
    struct message *m, struct best *best)
{
	struct inspection *in = inspection_new(
	    policy, message_header_facts(m), content, day_today());
	guint i;

	for (i = 0; i < G_N_ELEMENTS(finders); i++) {
		clock_t start = clock();

		best->found[i] = finders[i].find(in)->len;
		best->seconds[i] = MIN(best->seconds[i], seconds_since(start));
	}
	inspection_free(in);
}

static void
measure(const struct policy *policy, const char *text, gsize len)
{
	g_autoptr(message) m = message_new(NULL);
	g_autoptr(content) content = NULL;
	struct best best;
	double all = 0;
	guint i;

	message_add_header(m, "Subject", " Re: allotments");
	message_add_header(m, "Content-Type", " text/plain; charset=utf-8");
	message_add_header(m, "Content-Transfer-Encoding", " 8bit");
	message_add_body(m, text, len);
	content = message_content(m, true);
	for (i = 0; i < G_N_ELEMENTS(finders); i++)
		best.seconds[i] = G_MAXDOUBLE;
	for (i = 0; i < ROUNDS; i++)
		run(policy, content, m, &best);
	printf("%.1f KB\n", (double)len / KB);
	for (i = 0; i < G_N_ELEMENTS(finders); i++) {
		printf("    %-14s%10.3f ms%8u found\n", finders[i].name,
		    best.seconds[i] * 1e3, best.found[i]);
		all += best.seconds[i];
	}
	printf("    %-14s%10.3f ms%8.1f MB/s\n", "all", all * 1e3,
	    (double)len / KB / KB / all);
}

static void
measure_sizes(const struct policy *policy)
{
	static const gsize sizes[] = {3 * KB, 50 * KB, 500 * KB};
	g_autoptr(GString) text = g_string_new(NULL);
	guint i;

	for (i = 0; i < G_N_ELEMENTS(sizes); i++) {
		while (text->len < sizes[i])
			g_string_append(text, unit);
		measure(policy, text->str, text->len);
	}
}

int
main(int argc, char **argv)
{
	g_autoptr(diags) diags = diags_new();
	g_autoptr(policy) policy = NULL;
	g_autofree char *text = NULL;
	clock_t start = clock();
	gsize len;

	if (argc < 2 || argc > 3) {
		fputs("usage: detect POLICY [TEXT]\n", stderr);
		return 2;
	}
	policy = policy_load(argv[1], diags);
	if (policy == NULL) {
		diags_print(diags, stderr);
		return 1;
	}
	printf("policy loaded in %.0f ms\n", seconds_since(start) * 1e3);
	if (argc == 2) {
		measure_sizes(policy);
	} else if (g_file_get_contents(argv[2], &text, &len, NULL)) {
		measure(policy, text, len);
	} else {
		fprintf(stderr, "detect: cannot read %s\n", argv[2]);
		return 1;
	}
	return 0;
}
