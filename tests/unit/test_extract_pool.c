#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "milter/extract/pool.h"
#include "milter/extract/wire.h"
#include "tests/unit/extracting.h"
#include "tests/unit/unit.h"

enum { SECONDS = 120 }; /* for a test, on a machine that is busy */

static struct extractor *
start(const struct extract_limits *limits)
{
	g_autoptr(GError) error = NULL;
	struct extractor *extractor = extractor_new(limits, NULL, &error);

	ck_assert_msg(
	    extractor != NULL, "%s", error != NULL ? error->message : "");
	return extractor;
}

/* What a worker does that is not ours any more. */
static void
misbehave(const struct extract_limits *limits,
    const struct reading_events *events, const char *name, const char *type,
    const void *data, gsize len, bool cut)
{
	struct attachment *a = attachment_new();
	static const char *const nonsense = "\377";

	g_free(a->name);
	a->name = g_strdup(name);
	a->state = ATTACHMENT_FAILED;
	if (strcmp(name, "a.txt") == 0) {
		reading_run(limits, events, name, type, data, len, cut);
		return;
	}
	if (strcmp(name, "early death") == 0)
		_exit(1);
	events->begin(events->data, 0, a);
	if (strcmp(name, "loop") == 0)
		for (;;)
			;
	if (strcmp(name, "sleep") == 0)
		for (;;)
			sleep(100);
	if (strcmp(name, "crash") == 0)
		__builtin_trap();
	if (strcmp(name, "memory") == 0)
		for (GSList *all = NULL;;)
			all = g_slist_prepend(all, g_malloc0(1 << 20));
	if (strcmp(name, "nonsense") == 0) {
		g_free(a->name);
		a->name = g_strdup(nonsense);
		events->end(events->data, 0, a);
	}
	if (strcmp(name, "wrong place") == 0)
		events->end(events->data, 7, a);
	if (strcmp(name, "too many") == 0)
		for (unsigned i = 1;; i++)
			events->begin(events->data, i, a);
	attachment_free(a);
}

static struct extractor *
start_pool(
    void (*reader)(const struct extract_limits *, const struct reading_events *,
	const char *, const char *, const void *, gsize, bool),
    unsigned workers, unsigned seconds)
{
	struct extract_limits limits = {
	    .workers = workers, .seconds = seconds, .memory = 128 << 20};
	struct pool *pool = g_new0(struct pool, 1);
	g_autoptr(GError) error = NULL;
	struct extractor *extractor;

	pool->limits = extract_limits_complete(&limits);
	pool->read = reader;
	extractor = extractor_new_pool(pool, &error);
	ck_assert_msg(
	    extractor != NULL, "%s", error != NULL ? error->message : "");
	return extractor;
}

#define BROKE ": , failed, its reader broke, or needed too much memory\n"

static const struct {
	const char *name, *want;
} misdeeds[] = {
    {"early death", "early death" BROKE},
    {"crash", "crash" BROKE},
    {"nonsense", "nonsense" BROKE},
    {"wrong place", "wrong place" BROKE},
    {"nothing", "nothing" BROKE},
    {"loop", "loop: , timed out, it took too long\n"},
    {"sleep", "sleep: , timed out, it took too long\n"},
#if !defined(__SANITIZE_ADDRESS__)
    {"memory", "memory" BROKE},
#endif
};

START_TEST(test_misdeed)
{
	struct extractor *extractor = start_pool(misbehave, 1, 1);
	gint64 start_time = g_get_monotonic_time();
	g_autoptr(GPtrArray) found =
	    extractor_read(extractor, misdeeds[_i].name, NULL, "x", 1);
	g_autofree char *show = extracting_show(found);

	ck_assert_msg(strcmp(show, misdeeds[_i].want) == 0, "got %s", show);
	ck_assert_int_lt(
	    g_get_monotonic_time() - start_time, 20 * (gint64)G_USEC_PER_SEC);
	extracting_check_works(extractor, misdeeds[_i].name);
	extractor_free(extractor);
}
END_TEST

/* More attachments than may be found end the worker, not the filter. */
START_TEST(test_too_many)
{
	struct extractor *extractor = start_pool(misbehave, 1, 5);
	g_autoptr(GPtrArray) found =
	    extractor_read(extractor, "too many", NULL, "x", 1);

	ck_assert_uint_eq(found->len, 1001);
	extracting_check_works(extractor, "too many");
	extractor_free(extractor);
}
END_TEST

static void
report(GString *to, const char *what, long result)
{
	g_string_append_printf(
	    to, "%s: %s\n", what, result < 0 ? g_strerror(errno) : "done");
}

/* All that an attacker would want to do from here. */
static void
escape(const struct extract_limits *limits G_GNUC_UNUSED,
    const struct reading_events *events, const char *name,
    const char *type G_GNUC_UNUSED, const void *data G_GNUC_UNUSED,
    gsize len G_GNUC_UNUSED, bool cut G_GNUC_UNUSED)
{
	static char *const argv[] = {NULL};
	struct attachment *a = attachment_new();
	g_autoptr(GString) text = g_string_new(NULL);

	g_free(a->name);
	a->name = g_strdup(name);
	a->state = ATTACHMENT_FAILED;
	events->begin(events->data, 0, a);
	report(text, "read a file", open("/etc/passwd", O_RDONLY));
	report(text, "write a file", open("/tmp/x", O_WRONLY | O_CREAT, 0600));
	report(text, "remove a file", unlink("/tmp/x"));
	report(text, "look for a file", access("/etc/passwd", F_OK));
	report(text, "make a file", memfd_create("x", 0));
	report(text, "internet", socket(AF_INET, SOCK_STREAM, 0));
	report(text, "unix socket", socket(AF_UNIX, SOCK_STREAM, 0));
	report(text, "fork", fork());
	report(text, "run", execve("/bin/true", argv, argv));
	report(text, "trace", ptrace(PTRACE_TRACEME, 0, NULL, NULL));
	report(text, "kill", kill(getppid(), SIGTERM));
	report(text, "limits", prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
	report(text, "root", setuid(0));
	report(text, "code",
	    mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		-1, 0) == MAP_FAILED
		? -1
		: 0);
	a->state = ATTACHMENT_READ;
	a->text = g_strdup(text->str);
	events->end(events->data, 0, a);
	attachment_free(a);
}

START_TEST(test_sandbox)
{
	struct extractor *extractor = start_pool(escape, 1, 5);
	g_autoptr(GPtrArray) found =
	    extractor_read(extractor, "x", NULL, "x", 1);
	const struct attachment *a = found->pdata[0];
	g_auto(GStrv) lines = NULL;

	ck_assert_msg(a->state == ATTACHMENT_READ, "%s", a->reason);
	lines = g_strsplit(a->text, "\n", -1);
	ck_assert_uint_eq(g_strv_length(lines), 15);
	for (int i = 0; i < 14; i++)
		ck_assert_msg(
		    g_str_has_suffix(lines[i], ": Operation not permitted"),
		    "%s", lines[i]);
	extractor_free(extractor);
}
END_TEST

static gpointer
read_often(gpointer extractor)
{
	for (int i = 0; i < 8; i++)
		extracting_check_works(extractor, "others");
	return NULL;
}

START_TEST(test_threads)
{
	struct extractor *extractor = start(NULL);
	GThread *threads[12];

	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("reader", read_often, extractor);
	for (gsize i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
	extractor_free(extractor);
}
END_TEST

/* Descriptors that come with a message are kept by nobody. */
START_TEST(test_descriptors)
{
	struct {
		guint32 magic, kind;
		guint64 len;
	} header = {0x636d7831, WIRE_DONE, 0};
	struct iovec vector = {&header, sizeof(header)};
	union {
		char space[CMSG_SPACE(2 * sizeof(int))];
		struct cmsghdr align;
	} control = {{0}};
	struct msghdr message = {.msg_iov = &vector,
	    .msg_iovlen = 1,
	    .msg_control = control.space,
	    .msg_controllen = sizeof(control.space)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);
	g_autoptr(GByteArray) payload = g_byte_array_new();
	enum wire_kind kind;
	int pair[2], before, after;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(2 * sizeof(int));
	memcpy(CMSG_DATA(c), pair, sizeof(pair));
	ck_assert_int_gt(sendmsg(pair[0], &message, 0), 0);
	before = dup(pair[0]);
	ck_assert(wire_receive(pair[1], &kind, payload, 0, NULL, 0));
	after = dup(pair[0]);
	ck_assert_int_eq(after, before + 1);
	close(before);
	close(after);
	close(pair[0]);
	close(pair[1]);
}
END_TEST

/* A worker may put anything into a name, but logs have lines. */
START_TEST(test_name)
{
	struct attachment *sent = attachment_new(), *got;
	g_autoptr(GByteArray) payload = g_byte_array_new();
	unsigned index;

	g_free(sent->name);
	sent->name = g_strdup("a\nb");
	sent->state = ATTACHMENT_FAILED;
	sent->reason = g_strdup("c\033d");
	wire_put_attachment(payload, 0, sent);
	got = wire_get_attachment(payload, &index);
	ck_assert_str_eq(got->name, "a\357\277\275b");
	ck_assert_str_eq(got->reason, "c\357\277\275d");
	attachment_free(sent);
	attachment_free(got);
}
END_TEST

/* The processes below one, as a list of numbers. */
static GArray *
children(pid_t parent)
{
	g_autofree char *path =
	    g_strdup_printf("/proc/%d/task/%d/children", parent, parent);
	g_autofree char *text = NULL;
	g_auto(GStrv) words = NULL;
	GArray *pids = g_array_new(FALSE, FALSE, sizeof(pid_t));

	g_file_get_contents(path, &text, NULL, NULL);
	words = g_strsplit(text != NULL ? text : "", " ", -1);
	for (char **word = words; *word != NULL; word++)
		if (**word != '\0') {
			pid_t pid = (pid_t)atoi(*word);

			g_array_append_val(pids, pid);
		}
	return pids;
}

/* All the way down; returns how many. */
static guint
kill_below(pid_t parent, int depth, int number)
{
	g_autoptr(GArray) pids = children(parent);
	guint count = pids->len;

	for (guint i = 0; i < pids->len; i++) {
		pid_t pid = g_array_index(pids, pid_t, i);

		count += kill_below(pid, depth - 1, number);
		if (depth <= 0 && number != 0)
			kill(pid, number);
	}
	return count;
}

static gpointer
read_sleeping(gpointer extractor)
{
	return extractor_read(extractor, "sleep", NULL, "x", 1);
}

/* A worker that is killed while it reads costs its attachment, no more. */
START_TEST(test_killed)
{
	struct extractor *extractor = start_pool(misbehave, 1, 60);
	GThread *thread = g_thread_new("reader", read_sleeping, extractor);
	g_autoptr(GPtrArray) found = NULL;
	g_autofree char *show = NULL;

	g_usleep(200000);
	/* Supervisor and runner are spared. */
	ck_assert_uint_eq(kill_below(getpid(), 2, SIGKILL), 3);
	found = g_thread_join(thread);
	show = extracting_show(found);
	ck_assert_str_eq(show, "sleep" BROKE);
	extracting_check_works(extractor, "a kill");
	extractor_free(extractor);
}
END_TEST

/* One that is killed while it waits costs nothing. */
START_TEST(test_killed_idle)
{
	struct extractor *extractor = start_pool(misbehave, 1, 60);

	ck_assert_uint_eq(kill_below(getpid(), 2, SIGKILL), 3);
	g_usleep(200000);
	extracting_check_works(extractor, "a kill while it waited");
	extractor_free(extractor);
}
END_TEST

/* No terminal of ours: a program could type on it. */
START_TEST(test_session)
{
	struct extractor *extractor = start(NULL);
	g_autoptr(GArray) pids = children(getpid());
	pid_t supervisor = g_array_index(pids, pid_t, 0);

	ck_assert_int_eq(getsid(supervisor), supervisor);
	extractor_free(extractor);
}
END_TEST

/* Signals to the whole group, as a service manager sends them. */
START_TEST(test_signals)
{
	struct extractor *extractor = start(NULL);

	kill_below(getpid(), 0, SIGTERM);
	kill_below(getpid(), 0, SIGINT);
	kill_below(getpid(), 0, SIGHUP);
	extracting_check_works(extractor, "signals");
	extractor_free(extractor);
}
END_TEST

/* No process outlives the filter, however it ends. */
START_TEST(test_orphans)
{
	int tube[2];
	pid_t filter;
	char byte;
	guint left = 1;

	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	ck_assert_int_eq(pipe(tube), 0);
	filter = fork();
	if (filter == 0) {
		start(NULL);
		if (write(tube[1], "x", 1) == 1)
			for (;;)
				pause();
		_exit(1);
	}
	ck_assert_int_eq(read(tube[0], &byte, 1), 1);
	ck_assert_uint_eq(kill_below(filter, 0, 0), 5);
	kill(filter, SIGKILL);
	/* Orphans come to us. */
	for (int i = 0; i < 500 && left > 0; i++) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		left = kill_below(getpid(), 0, 0);
		g_usleep(10000);
	}
	ck_assert_uint_eq(left, 0);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("extract_pool");
	TCase *tcase = tcase_create("pool");

	tcase_set_timeout(tcase, SECONDS);
	tcase_add_loop_test(tcase, test_misdeed, 0, G_N_ELEMENTS(misdeeds));
	tcase_add_test(tcase, test_too_many);
	tcase_add_test(tcase, test_sandbox);
	tcase_add_test(tcase, test_threads);
	tcase_add_test(tcase, test_killed);
	tcase_add_test(tcase, test_killed_idle);
	tcase_add_test(tcase, test_session);
	tcase_add_test(tcase, test_descriptors);
	tcase_add_test(tcase, test_name);
	tcase_add_test(tcase, test_signals);
	tcase_add_test(tcase, test_orphans);
	suite_add_tcase(suite, tcase);
	return suite;
}
