#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "milter/extract/pool.h"
#include "milter/extract/sandbox.h"
#include "milter/extract/wire.h"

enum { REQUEST_MAX = 65536 };

struct worker {
	const struct pool *pool;
	int filter, runner;
	gint64 deadline; /* when programs must have ended */
};

static void
send_attachment(struct worker *worker, enum wire_kind kind, unsigned index,
    const struct attachment *attachment)
{
	g_autoptr(GByteArray) payload = g_byte_array_new();

	wire_put_attachment(payload, index, attachment);
	if (!wire_send(
		worker->filter, kind, payload->data, payload->len, -1, 0))
		_exit(1);
}

static void
begin(void *data, unsigned index, const struct attachment *attachment)
{
	send_attachment(data, WIRE_BEGIN, index, attachment);
}

static void
end(void *data, unsigned index, const struct attachment *attachment)
{
	send_attachment(data, WIRE_END, index, attachment);
}

static void
take_result(const GByteArray *payload, struct program_result *result)
{
	struct wire_reader reader = wire_reader(payload);

	result->end = (enum program_end)wire_get_number(&reader, PROGRAM_BROKE);
	result->status = (int)wire_get_number(&reader, G_MAXINT);
	result->output = wire_get_text(&reader, payload->len);
	result->complaint = wire_get_text(&reader, payload->len);
	if (reader.bad)
		result->end = PROGRAM_BROKE;
}

static void
run(void *data, enum program program, const void *bytes, gsize len, gsize most,
    struct program_result *result)
{
	struct worker *worker = data;
	gint64 left = worker->deadline - g_get_monotonic_time();
	struct wire_run request = {
	    .program = program, .most = most, .len = len};
	g_autoptr(GByteArray) payload = g_byte_array_new();
	enum wire_kind kind;

	result->end = left > 0 ? PROGRAM_BROKE : PROGRAM_TOO_LONG;
	if (worker->pool->programs[program] == NULL)
		result->end = PROGRAM_MISSING;
	else if (left > 0) {
		request.milliseconds = (guint32)(left / 1000 + 1);
		if (wire_send(worker->runner, WIRE_RUN, &request,
			sizeof(request), -1, 0) &&
		    wire_send_raw(worker->runner, bytes, len, 0) &&
		    wire_receive(worker->runner, &kind, payload,
			4 * most + REQUEST_MAX, NULL, 0) &&
		    kind == WIRE_RAN)
			take_result(payload, result);
	}
	if (result->output == NULL)
		result->output = g_strdup("");
	if (result->complaint == NULL)
		result->complaint = g_strdup("");
	result->len = strlen(result->output);
}

/* The bytes that were passed; ends the process when there are none. */
static const void *
map(int descriptor, gsize len)
{
	void *data;

	if (len == 0)
		return "";
	data = mmap(NULL, len, PROT_READ, MAP_PRIVATE, descriptor, 0);
	if (data == MAP_FAILED)
		_exit(1);
	return data;
}

static void
serve(struct worker *worker)
{
	const gint64 second = G_USEC_PER_SEC;
	const struct pool *pool = worker->pool;
	struct reading_events events = {begin, end, run, worker};
	g_autoptr(GByteArray) payload = g_byte_array_new();
	g_autofree char *name = NULL, *type = NULL;
	struct wire_reader reader;
	enum wire_kind kind;
	int descriptor;
	guint64 cut, len;

	if (!wire_receive(
		worker->filter, &kind, payload, REQUEST_MAX, &descriptor, 0) ||
	    kind != WIRE_READ || descriptor == -1)
		_exit(1);
	/* In time for the rest of the attachment to be told of. */
	worker->deadline =
	    g_get_monotonic_time() + pool->limits.seconds * second * 4 / 5;
	reader = wire_reader(payload);
	name = wire_get_text(&reader, REQUEST_MAX);
	type = wire_get_text(&reader, REQUEST_MAX);
	cut = wire_get_number(&reader, 1);
	len = wire_get_number(&reader, G_MAXSIZE / 2);
	if (reader.bad)
		_exit(1);
	pool->read(&pool->limits, &events, name, type, map(descriptor, len),
	    len, cut != 0);
	wire_send(worker->filter, WIRE_DONE, NULL, 0, -1, 0);
}

void
worker_run(const struct pool *pool, pid_t parent, int filter, int runner)
{
	struct worker worker = {
	    .pool = pool, .filter = filter, .runner = runner};
	g_autoptr(GError) error = NULL;

	if (!sandbox_end_with_parent(parent, &error) ||
	    !sandbox_worker(&pool->limits, &error)) {
		wire_send(filter, WIRE_REFUSED, error->message,
		    strlen(error->message), -1, 0);
		_exit(1);
	}
	if (!wire_send(filter, WIRE_READY, NULL, 0, -1, 0))
		_exit(1);
	serve(&worker);
	_exit(0);
}
