/*
 * How long it takes to tell what a message says: 50 KB and 2 MB of text and of
 * HTML, and hostile ones.  Prints the processor time of the best of some
 * rounds, the speed, and the memory that the process has come to.
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "milter/message/content.h"

enum { KB = 1024, MB = 1024 * 1024, ROUNDS = 5 };

static const char plain[] =
    "The working group met on the green after the fair and walked the path\n"
    "from the bus shelter to the pond. The bench by the war memorial wants\n"
    "a new slat \xe2\x80\x93 the notice board a new lock.\n\n";
static const char html[] =
    "<p class=\"MsoNormal\"><span style=\"font-size:11.0pt\">The working group "
    "met on the green after the fair &amp; walked the path</span> from the "
    "bus shelter to the <b>pond</b>.<o:p></o:p></p>\n";

static const struct sample {
	const char *name, *type, *head, *unit;
	gsize size;
} samples[] = {
    {"text, 50 KB", "plain", "Dear Jane\n\n", plain, 50 * KB},
    {"text, 2 MB", "plain", "Dear Jane\n\n", plain, 2 * MB},
    {"HTML, 50 KB", "html", "<html><body>", html, 50 * KB},
    {"HTML, 2 MB", "html", "<html><body>", html, 2 * MB},
    {"2 MB of \">\"", "plain", "", ">", 2 * MB},
    {"2 MB of \"> x\" and \"y\"", "plain", "", "> x\ny\n", 2 * MB},
    {"2 MB of attributions", "plain", "",
	"On 3 Jun 2026 x <a@b.example> wrote:\n", 2 * MB},
    {"2 MB of header fields", "plain", "", "From: x\n", 2 * MB},
    {"2 MB of unclosed tags", "html", "<html><body>", "<div>", 2 * MB},
    {"2 MB of open cells", "html", "<table>", "<td><p>x", 2 * MB},
};

static double
seconds_for(const struct sample *sample, const GString *body, guint *segments)
{
	g_autoptr(message) m = message_new(NULL);
	g_autoptr(content) content = NULL;
	g_autofree char *type =
	    g_strconcat(" text/", sample->type, "; charset=utf-8", NULL);
	clock_t start = clock();

	message_add_header(m, "Subject", " Re: x");
	message_add_header(m, "Content-Type", type);
	message_add_header(m, "Content-Transfer-Encoding", " 8bit");
	message_add_body(m, body->str, body->len);
	content = message_content(m, true);
	*segments = content->segments->len;
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static void
measure(const struct sample *sample)
{
	g_autoptr(GString) body = g_string_new(sample->head);
	double best = G_MAXDOUBLE;
	struct rusage usage;
	guint segments = 0;

	while (body->len < sample->size)
		g_string_append(body, sample->unit);
	for (unsigned i = 0; i < ROUNDS; i++)
		best = MIN(best, seconds_for(sample, body, &segments));
	getrusage(RUSAGE_SELF, &usage);
	printf("%-24s %8.2f ms %8.1f MB/s %8u segments %6ld MB\n", sample->name,
	    best * 1e3, (double)body->len / MB / best, segments,
	    usage.ru_maxrss / KB);
}

int
main(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(samples); i++)
		measure(&samples[i]);
	return 0;
}
