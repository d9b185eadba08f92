#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "milter/extract/name.h"
#include "milter/extract/pool.h"
#include "milter/extract/programs.h"
#include "milter/extract/tika.h"
#include "milter/extract/wire.h"

enum {
	START_SECONDS = 10, /* for a process to be forked and contained */
	WAIT_FACTOR = 5,    /* so many times the time for one attachment */
	ROOM = 65536,       /* beside the text: names, reasons */
};

/* A place for a worker. */
struct place {
	unsigned number;
	int worker; /* socket, or -1: to be spawned */
	bool busy;
};

struct extractor {
	struct pool *pool;
	char *tika; /* or NULL */
	pid_t supervisor;
	int control;      /* its socket */
	guint64 requests; /* so many were made of it */
	GMutex control_lock;

	GMutex lock; /* for what follows */
	GCond freed;
	struct place *places;
	GQueue waiting; /* who came first is served first */
};

static void
pool_free(struct pool *pool)
{
	for (int i = 0; i < PROGRAM_COUNT; i++)
		g_free(pool->programs[i]);
	g_free(pool);
}

static gint64
deadline_in(unsigned seconds)
{
	return g_get_monotonic_time() + seconds * (gint64)G_USEC_PER_SEC;
}

/* The first word of a process: it is contained, or why it cannot be. */
static bool
is_ready(int socket, gint64 deadline, GError **error)
{
	g_autoptr(GByteArray) payload = g_byte_array_new();
	enum wire_kind kind;

	if (!wire_receive(socket, &kind, payload, ROOM, NULL, deadline)) {
		g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
		    "attachments cannot be read: a worker ended at its start");
		return false;
	}
	if (kind == WIRE_READY)
		return true;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%.*s",
	    (int)payload->len, (const char *)payload->data);
	return false;
}

/*
 * Asks the supervisor for a worker.  An answer that came too late for the
 * request before this one is passed over.
 */
static bool
ask(struct extractor *extractor, struct place *place, gint64 deadline)
{
	g_autoptr(GByteArray) request = g_byte_array_new();
	g_autoptr(GByteArray) answer = g_byte_array_new();
	enum wire_kind kind;

	wire_put_number(request, place->number);
	wire_put_number(request, ++extractor->requests);
	if (!wire_send(extractor->control, WIRE_SPAWN, request->data,
		request->len, -1, deadline))
		return false;
	while (wire_receive(extractor->control, &kind, answer, request->len,
	    &place->worker, deadline)) {
		if (kind == WIRE_SPAWNED && answer->len == request->len &&
		    memcmp(answer->data, request->data, request->len) == 0)
			return place->worker != -1;
		if (place->worker != -1)
			close(place->worker);
		place->worker = -1;
	}
	return false;
}

/* A new worker in a place, which is the caller's. */
static bool
spawn(struct extractor *extractor, struct place *place, GError **error)
{
	gint64 deadline = deadline_in(START_SECONDS);
	bool done;

	g_mutex_lock(&extractor->control_lock);
	done = ask(extractor, place, deadline);
	g_mutex_unlock(&extractor->control_lock);
	if (!done) {
		g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
		    "attachments cannot be read: no worker could be started");
		return false;
	}
	if (is_ready(place->worker, deadline, error))
		return true;
	close(place->worker);
	place->worker = -1;
	return false;
}

static bool
start_supervisor(struct extractor *extractor, GError **error)
{
	pid_t self = getpid();
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0) {
		extractor->supervisor = fork();
		if (extractor->supervisor == 0) {
			close(pair[0]);
			supervisor_run(extractor->pool, self, pair[1]);
		}
		extractor->control = pair[0];
		close(pair[1]);
	}
	if (extractor->supervisor == -1) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
		    "attachments cannot be read: %s", g_strerror(errno));
		return false;
	}
	return is_ready(extractor->control, deadline_in(START_SECONDS), error);
}

struct extractor *
extractor_new_pool(struct pool *pool, GError **error)
{
	struct extractor *extractor = g_new0(struct extractor, 1);
	unsigned count = pool->limits.workers;
	bool started;

	extractor->pool = pool;
	extractor->supervisor = -1;
	extractor->control = -1;
	extractor->places = g_new0(struct place, count);
	g_mutex_init(&extractor->control_lock);
	g_mutex_init(&extractor->lock);
	g_cond_init(&extractor->freed);
	for (unsigned i = 0; i < count; i++)
		extractor->places[i] =
		    (struct place){.number = i, .worker = -1};
	started = start_supervisor(extractor, error);
	for (unsigned i = 0; started && i < count; i++)
		started = spawn(extractor, &extractor->places[i], error);
	if (started)
		return extractor;
	extractor_free(extractor);
	return NULL;
}

struct extractor *
extractor_new(const struct extract_limits *limits,
    const struct extract_programs *programs, GError **error)
{
	static const struct extract_programs usual = {"", "", "", NULL};
	struct pool *pool = g_new0(struct pool, 1);
	struct extractor *extractor;

	if (programs == NULL)
		programs = &usual;
	pool->limits = extract_limits_complete(limits);
	pool->read = reading_run;
	if (!programs_find(programs, pool->programs, error)) {
		pool_free(pool);
		return NULL;
	}
	extractor = extractor_new_pool(pool, error);
	if (extractor != NULL && programs->tika != NULL &&
	    *programs->tika != '\0')
		extractor->tika = g_strdup(programs->tika);
	return extractor;
}

void
extractor_free(struct extractor *extractor)
{
	if (extractor == NULL)
		return;
	for (unsigned i = 0; i < extractor->pool->limits.workers; i++)
		if (extractor->places[i].worker != -1)
			close(extractor->places[i].worker);
	/* The end of its socket is the end of the supervisor. */
	if (extractor->control != -1)
		close(extractor->control);
	if (extractor->supervisor > 0)
		while (waitpid(extractor->supervisor, NULL, 0) == -1 &&
		       errno == EINTR)
			;
	g_mutex_clear(&extractor->control_lock);
	g_mutex_clear(&extractor->lock);
	g_cond_clear(&extractor->freed);
	pool_free(extractor->pool);
	g_free(extractor->places);
	g_free(extractor->tika);
	g_free(extractor);
}

static struct place *
find_free(const struct extractor *extractor)
{
	for (unsigned i = 0; i < extractor->pool->limits.workers; i++)
		if (!extractor->places[i].busy)
			return &extractor->places[i];
	return NULL;
}

/* Waits for its turn and a place; NULL at the deadline. */
static struct place *
take_place(struct extractor *extractor, gint64 deadline)
{
	struct place *place = NULL;
	int self;
	bool in_time = true;

	g_mutex_lock(&extractor->lock);
	g_queue_push_tail(&extractor->waiting, &self);
	for (;;) {
		if (g_queue_peek_head(&extractor->waiting) == &self &&
		    (place = find_free(extractor)) != NULL)
			break;
		if (!in_time)
			break;
		in_time = g_cond_wait_until(
		    &extractor->freed, &extractor->lock, deadline);
	}
	g_queue_remove(&extractor->waiting, &self);
	if (place != NULL)
		place->busy = true;
	/* It may be the turn of another now. */
	g_cond_broadcast(&extractor->freed);
	g_mutex_unlock(&extractor->lock);
	return place;
}

/* Its worker has ended, or will when it sees that nobody listens. */
static void
give_place(struct extractor *extractor, struct place *place)
{
	if (place->worker != -1)
		close(place->worker);
	place->worker = -1;
	g_mutex_lock(&extractor->lock);
	place->busy = false;
	g_cond_broadcast(&extractor->freed);
	g_mutex_unlock(&extractor->lock);
}

/* The bytes as a descriptor that nobody can write to, or -1. */
static int
wrap(const void *data, gsize len)
{
	const int seals =
	    F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int file = memfd_create("attachment", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	const char *p = data;

	while (file != -1 && len > 0) {
		ssize_t written = write(file, p, len);

		if (written > 0) {
			p += written;
			len -= (gsize)written;
		} else if (written == 0 || errno != EINTR) {
			close(file);
			return -1;
		}
	}
	if (file != -1 && fcntl(file, F_ADD_SEALS, seals) == -1) {
		close(file);
		return -1;
	}
	return file;
}

/* One attachment on its way. */
struct job {
	const char *name, *type;
	const void *data;
	gsize len;
	bool cut;
	GPtrArray *found; /* struct attachment */
	gsize room;       /* bytes that may still be received */
};

static bool
send_job(struct place *place, const struct job *job, gint64 deadline)
{
	g_autoptr(GByteArray) payload = g_byte_array_new();
	g_autofree char *name = name_clean(job->name);
	g_autofree char *type = name_clean(job->type);
	int file = wrap(job->data, job->len);
	bool sent;

	if (file == -1)
		return false;
	wire_put_text(payload, name, -1);
	wire_put_text(payload, type, -1);
	wire_put_number(payload, job->cut);
	wire_put_number(payload, job->len);
	sent = wire_send(place->worker, WIRE_READ, payload->data, payload->len,
	    file, deadline);
	close(file);
	return sent;
}

/* False when what came is nonsense. */
static bool
take_attachment(struct extractor *extractor, struct job *job, bool begins,
    const GByteArray *payload)
{
	unsigned index;
	struct attachment *a = wire_get_attachment(payload, &index);

	if (a == NULL)
		return false;
	if (begins && index == job->found->len &&
	    index <= extractor->pool->limits.files) {
		g_ptr_array_add(job->found, a);
		return true;
	}
	if (!begins && index < job->found->len) {
		attachment_free(job->found->pdata[index]);
		job->found->pdata[index] = a;
		return true;
	}
	attachment_free(a);
	return false;
}

enum job_end {
	JOB_DONE,
	JOB_LATE,
	JOB_BROKEN,
};

static enum job_end
follow(struct extractor *extractor, struct place *place, struct job *job,
    gint64 deadline)
{
	g_autoptr(GByteArray) payload = g_byte_array_new();
	enum wire_kind kind;

	if (!send_job(place, job, deadline))
		return JOB_BROKEN;
	for (;;) {
		if (!wire_receive(place->worker, &kind, payload, job->room,
			NULL, deadline))
			return g_get_monotonic_time() >= deadline ? JOB_LATE
								  : JOB_BROKEN;
		if (kind == WIRE_DONE)
			return job->found->len > 0 ? JOB_DONE : JOB_BROKEN;
		if ((kind != WIRE_BEGIN && kind != WIRE_END) ||
		    !take_attachment(
			extractor, job, kind == WIRE_BEGIN, payload))
			return JOB_BROKEN;
		job->room -= payload->len;
	}
}

/* What was begun and not ended has its state from how the worker ended. */
static void
settle(struct job *job, enum attachment_state state, const char *reason)
{
	if (job->found->len == 0) {
		struct attachment *a = attachment_new();

		g_free(a->name);
		a->name = name_clean(job->name);
		a->state = ATTACHMENT_FAILED;
		g_ptr_array_add(job->found, a);
	}
	for (guint i = 0; i < job->found->len; i++) {
		struct attachment *a = job->found->pdata[i];

		if (a->state == ATTACHMENT_FAILED && a->reason == NULL) {
			a->state = state;
			a->reason = g_strdup(reason);
		}
	}
}

/* A worker that waits says nothing, so what can be read is its end. */
static void
drop_dead(struct place *place)
{
	struct pollfd poller = {.fd = place->worker, .events = POLLIN};

	if (place->worker == -1 || poll(&poller, 1, 0) == 0)
		return;
	close(place->worker);
	place->worker = -1;
}

unsigned
extractor_patience(const struct extractor *extractor)
{
	return WAIT_FACTOR * extractor->pool->limits.seconds;
}

static void
run_job(struct extractor *extractor, struct job *job)
{
	const struct extract_limits *limits = &extractor->pool->limits;
	struct place *place =
	    take_place(extractor, deadline_in(extractor_patience(extractor)));
	enum job_end end = JOB_BROKEN;
	g_autoptr(GError) error = NULL;

	if (place == NULL) {
		settle(job, ATTACHMENT_TIMED_OUT, "no worker was free in time");
		return;
	}
	drop_dead(place);
	if (place->worker == -1 && !spawn(extractor, place, &error)) {
		g_critical("%s", error->message);
		settle(job, ATTACHMENT_FAILED, "no worker could be started");
		give_place(extractor, place);
		return;
	}
	end = follow(extractor, place, job, deadline_in(limits->seconds));
	give_place(extractor, place);
	if (end == JOB_LATE)
		settle(job, ATTACHMENT_TIMED_OUT, "it took too long");
	else
		settle(job, ATTACHMENT_FAILED,
		    "its reader broke, or needed too much memory");
}

GPtrArray *
extractor_read(struct extractor *extractor, const char *name, const char *type,
    const void *data, gsize len)
{
	const struct extract_limits *limits = &extractor->pool->limits;
	struct job job = {.name = name,
	    .type = type,
	    .data = data,
	    .len = MIN(len, limits->input),
	    .cut = len > limits->input,
	    .found =
		g_ptr_array_new_with_free_func((GDestroyNotify)attachment_free),
	    /* Twice, since what begins comes again when it ends. */
	    .room = 2 * limits->text + (limits->files + 2) * (gsize)ROOM};
	struct attachment *first;

	run_job(extractor, &job);
	first = job.found->pdata[0];
	if (extractor->tika != NULL && !job.cut && tika_may_read(first))
		tika_read(extractor->tika, limits, first, data, len);
	return job.found;
}
