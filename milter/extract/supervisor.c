#include <iconv.h>
#include <libxml/parser.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "milter/extract/pool.h"
#include "milter/extract/sandbox.h"
#include "milter/extract/wire.h"
#include "milter/message/message.h"

/*
 * Workers cannot open files, and iconv keeps its charsets in files.  Those
 * that are open in the supervisor stay loaded in every worker.
 */
static void
load_charsets(void)
{
	static const char *const names[] = {"WINDOWS-1250", "WINDOWS-1251",
	    "WINDOWS-1252", "WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1255",
	    "WINDOWS-1256", "WINDOWS-1257", "WINDOWS-1258", "ISO-8859-1",
	    "ISO-8859-2", "ISO-8859-5", "ISO-8859-7", "ISO-8859-9",
	    "ISO-8859-14", "ISO-8859-15", "KOI8-R", "KOI8-U", "CP437", "CP850",
	    "MACINTOSH", "SHIFT_JIS", "CP932", "EUC-JP", "ISO-2022-JP",
	    "GB2312", "GBK", "GB18030", "BIG5", "EUC-KR", "UHC", "UTF-7"};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		/* Never closed: the process needs them to its end. */
		(void)iconv_open("UTF-8", names[i]);
	}
}

/* What libraries load or set up once, before nothing can be opened. */
static void
prepare(void)
{
	LIBXML_TEST_VERSION
	message_free(message_new(NULL));
	load_charsets();
}

/* Also of workers whose runner ended: they come to us. */
static void
bury(const struct pool *pool, pid_t *runners)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (unsigned i = 0; i < pool->limits.workers; i++)
			if (runners[i] == pid)
				runners[i] = 0;
}

/* A runner and its worker; the worker's socket, or -1. */
static int
spawn(const struct pool *pool, int filter, pid_t *runner)
{
	pid_t self = getpid();
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
		return -1;
	*runner = fork();
	if (*runner == 0) {
		close(filter);
		close(pair[0]);
		runner_run(pool, self, pair[1]);
	}
	close(pair[1]);
	if (*runner == -1) {
		close(pair[0]);
		return -1;
	}
	return pair[0];
}

static bool
serve(const struct pool *pool, int filter, pid_t *runners)
{
	g_autoptr(GByteArray) payload = g_byte_array_new();
	enum wire_kind kind;
	struct wire_reader reader;
	guint64 place;
	int worker;
	bool sent;

	if (!wire_receive(
		filter, &kind, payload, 2 * sizeof(guint64), NULL, 0) ||
	    kind != WIRE_SPAWN)
		return false;
	reader = wire_reader(payload);
	place = wire_get_number(&reader, pool->limits.workers - 1);
	if (reader.bad)
		return false;
	/* Its number is its own until it is buried. */
	bury(pool, runners);
	if (runners[place] > 0)
		kill(runners[place], SIGKILL);
	worker = spawn(pool, filter, &runners[place]);
	sent = wire_send(
	    filter, WIRE_SPAWNED, payload->data, payload->len, worker, 0);
	if (worker != -1)
		close(worker);
	return sent;
}

void
supervisor_run(const struct pool *pool, pid_t parent, int filter)
{
	g_autofree pid_t *runners = g_new0(pid_t, pool->limits.workers);
	g_autoptr(GError) error = NULL;

	prepare();
	if (!sandbox_enter(filter, parent, &error) ||
	    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == -1) {
		const char *why =
		    error != NULL ? error->message : "PR_SET_CHILD_SUBREAPER";

		wire_send(filter, WIRE_REFUSED, why, strlen(why), -1, 0);
		_exit(1);
	}
	if (wire_send(filter, WIRE_READY, NULL, 0, -1, 0))
		while (serve(pool, filter, runners))
			;
	for (unsigned i = 0; i < pool->limits.workers; i++)
		if (runners[i] > 0)
			kill(runners[i], SIGKILL);
	_exit(0);
}
