#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "milter/extract/pool.h"
#include "milter/extract/sandbox.h"
#include "milter/extract/wire.h"

enum {
	BLOCK = 65536,
	COMPLAINT_MAX = 4096,
	REAP_USEC = 1000,
};

/*
 * The programs' arguments: all read standard input, some under its name, since
 * they want a file.
 */
static const char *const arguments[PROGRAM_COUNT][8] = {
    [PROGRAM_PDFTOTEXT] = {"pdftotext", "-enc", "UTF-8", "-", "-"},
    [PROGRAM_PDFINFO] = {"pdfinfo", "-custom", "-enc", "UTF-8", "-"},
    [PROGRAM_PDFDETACH] = {"pdfdetach", "-list", "-enc", "UTF-8",
	"/proc/self/fd/0"},
    [PROGRAM_ANTIWORD] = {"antiword", "-m", "UTF-8.txt", "-w", "0",
	"/proc/self/fd/0"},
    [PROGRAM_CATDOC] = {"catdoc", "-d", "utf-8", "-w", "/proc/self/fd/0"},
    [PROGRAM_XLS2CSV] = {"xls2csv", "-d", "utf-8", "/proc/self/fd/0"},
};

/* A program that runs. */
struct child {
	pid_t pid;
	int output, complaint; /* what it writes, or -1 at the end */
	GByteArray *bytes[2];
};

/* In the child: becomes the program, or ends. */
static void G_GNUC_NORETURN
become(const struct pool *pool, enum program program, pid_t parent, int input,
    int output, int complaint)
{
	char *environment[] = {NULL};

	/* Those that are to stay come from above. */
	input = fcntl(input, F_DUPFD, 10);
	output = fcntl(output, F_DUPFD, 10);
	complaint = fcntl(complaint, F_DUPFD, 10);
	if (setpgid(0, 0) == -1 || dup2(input, STDIN_FILENO) == -1 ||
	    dup2(output, STDOUT_FILENO) == -1 ||
	    dup2(complaint, STDERR_FILENO) == -1 ||
	    close_range(3, ~0U, 0) == -1 ||
	    !sandbox_end_with_parent(parent, NULL) ||
	    !sandbox_program(&pool->limits, NULL))
		_exit(127);
	execve(pool->programs[program],
	    (char *const *)(gconstpointer)arguments[program], environment);
	_exit(127);
}

static bool
start(const struct pool *pool, enum program program, int input,
    struct child *child)
{
	pid_t self = getpid();
	int output[2], complaint[2];

	if (pipe2(output, O_CLOEXEC) == -1)
		return false;
	if (pipe2(complaint, O_CLOEXEC) == -1) {
		close(output[0]);
		close(output[1]);
		return false;
	}
	child->pid = fork();
	if (child->pid == 0)
		become(pool, program, self, input, output[1], complaint[1]);
	close(output[1]);
	close(complaint[1]);
	child->output = output[0];
	child->complaint = complaint[0];
	if (child->pid > 0)
		return true;
	close(output[0]);
	close(complaint[0]);
	return false;
}

/* Takes what is there; false when nothing more will come. */
static bool
drain(int from, GByteArray *to)
{
	guint8 block[BLOCK];
	ssize_t got = read(from, block, sizeof(block));

	if (got > 0)
		g_byte_array_append(to, block, (guint)got);
	return got > 0 || (got == -1 && errno == EINTR);
}

/* Until it ends, or has written or taken more than it may. */
static enum program_end
listen_to(struct child *child, gsize most, gint64 deadline)
{
	bool open[2] = {true, true};

	while (open[0] || open[1]) {
		gint64 left = deadline - g_get_monotonic_time();
		struct pollfd pollers[2] = {
		    {.fd = open[0] ? child->output : -1, .events = POLLIN},
		    {.fd = open[1] ? child->complaint : -1, .events = POLLIN},
		};

		if (left <= 0)
			return PROGRAM_TOO_LONG;
		if (poll(pollers, 2, (int)(left / 1000 + 1)) <= 0)
			continue;
		for (int i = 0; i < 2; i++)
			if (pollers[i].revents != 0)
				open[i] = drain(pollers[i].fd, child->bytes[i]);
		if (child->bytes[0]->len > most)
			return PROGRAM_TOO_MUCH;
		if (child->bytes[1]->len > COMPLAINT_MAX)
			g_byte_array_set_size(child->bytes[1], COMPLAINT_MAX);
	}
	return PROGRAM_DONE;
}

/* It may have closed its output and still be there. */
static enum program_end
finish(struct child *child, enum program_end end, gint64 deadline, int *status)
{
	int raw = 0;
	pid_t got = 0;

	while (end == PROGRAM_DONE &&
	       (got = waitpid(child->pid, &raw, WNOHANG)) == 0) {
		if (g_get_monotonic_time() > deadline)
			end = PROGRAM_TOO_LONG;
		g_usleep(REAP_USEC);
	}
	/* With all that it may have started. */
	kill(-child->pid, SIGKILL);
	kill(child->pid, SIGKILL);
	while (got == 0 && (got = waitpid(child->pid, &raw, 0)) == -1 &&
	       errno == EINTR)
		got = 0;
	close(child->output);
	close(child->complaint);
	if (end != PROGRAM_DONE)
		return end;
	*status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 0;
	return WIFEXITED(raw) && *status != 127 ? PROGRAM_DONE : PROGRAM_BROKE;
}

/* The bytes that follow a request, in a file without a name. */
static int
receive_input(int worker, guint64 len)
{
	static guint8 block[BLOCK];
	int input = memfd_create("attachment", MFD_CLOEXEC);

	while (input != -1 && len > 0) {
		gsize want = MIN(len, sizeof(block));

		if (!wire_receive_raw(worker, block, want, 0) ||
		    write(input, block, want) != (ssize_t)want) {
			close(input);
			return -1;
		}
		len -= want;
	}
	if (input != -1)
		lseek(input, 0, SEEK_SET);
	return input;
}

static bool
answer(int worker, enum program_end end, int status, const struct child *child)
{
	g_autoptr(GByteArray) payload = g_byte_array_new();

	wire_put_number(payload, end);
	wire_put_number(payload, (guint64)status);
	for (int i = 0; i < 2; i++) {
		const GByteArray *bytes = child->bytes[i];
		g_autofree char *text =
		    bytes->len == 0
			? NULL
			: g_utf8_make_valid(
			      (const char *)bytes->data, (gssize)bytes->len);

		wire_put_text(payload, text, -1);
	}
	return wire_send(worker, WIRE_RAN, payload->data, payload->len, -1, 0);
}

/* The worker may be in an attacker's hands: nothing it says is believed. */
static bool
serve(const struct pool *pool, int worker)
{
	g_autoptr(GByteArray) payload = g_byte_array_new();
	g_autoptr(GByteArray) output = g_byte_array_new();
	g_autoptr(GByteArray) complaint = g_byte_array_new();
	struct child child = {.bytes = {output, complaint}};
	enum program_end end = PROGRAM_BROKE;
	struct wire_run run;
	enum wire_kind kind;
	gint64 deadline;
	int input, status = 0;

	if (!wire_receive(worker, &kind, payload, sizeof(run), NULL, 0) ||
	    kind != WIRE_RUN || payload->len != sizeof(run))
		return false;
	memcpy(&run, payload->data, sizeof(run));
	if (run.program >= PROGRAM_COUNT ||
	    pool->programs[run.program] == NULL ||
	    run.len > pool->limits.input + pool->limits.expanded)
		return false;
	input = receive_input(worker, run.len);
	if (input == -1)
		return false;
	deadline =
	    g_get_monotonic_time() +
	    MIN(run.milliseconds, pool->limits.seconds * 1000) * (gint64)1000;
	if (start(pool, run.program, input, &child)) {
		end = listen_to(
		    &child, MIN(run.most, pool->limits.text), deadline);
		end = finish(&child, end, deadline, &status);
	}
	close(input);
	/* The worker waits for no more than it asked for. */
	if (output->len > run.most)
		g_byte_array_set_size(output, (guint)run.most);
	return answer(worker, end, status, &child);
}

void
runner_run(const struct pool *pool, pid_t parent, int filter)
{
	pid_t self = getpid(), worker;
	int pair[2];

	if (!sandbox_end_with_parent(parent, NULL) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
		_exit(1);
	worker = fork();
	if (worker == 0) {
		close(pair[0]);
		worker_run(pool, self, filter, pair[1]);
	}
	close(filter);
	close(pair[1]);
	if (worker > 0)
		while (serve(pool, pair[0]))
			;
	_exit(0);
}
