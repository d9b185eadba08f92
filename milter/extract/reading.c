#include <string.h>

#include "milter/extract/name.h"
#include "milter/extract/reader.h"
#include "milter/extract/reading.h"
#include "milter/extract/type.h"

enum {
	OPENING = 2000,     /* characters, where pages are not known */
	PAGE_MAX = 8000,    /* bytes that a first page may have */
	MARGIN_MAX = 65536, /* that is looked through for repeats */
	PROPERTIES = 200,
	PROPERTY_BYTES = 4096,
	REASON_BYTES = 200,
	EXPANDED_LEAST = 16 << 20, /* whatever the ratio */
	RATIO = 200,               /* honest documents do not reach 50 */
};

static const struct extract_limits defaults = {
    .workers = 2,
    .seconds = 20,
    .memory = 512 << 20,
    .input = 32 << 20,
    .text = 4 << 20,
    .depth = 4,
    .files = 1000,
    .expanded = 256 << 20,
};

struct extract_limits
extract_limits_complete(const struct extract_limits *limits)
{
	struct extract_limits whole = limits != NULL ? *limits : defaults;

#define COMPLETE(field)       \
	if (whole.field == 0) \
	whole.field = defaults.field
	COMPLETE(workers);
	COMPLETE(seconds);
	COMPLETE(memory);
	COMPLETE(input);
	COMPLETE(text);
	COMPLETE(depth);
	COMPLETE(files);
	COMPLETE(expanded);
#undef COMPLETE
	return whole;
}

void
program_result_clear(struct program_result *result)
{
	g_free(result->output);
	g_free(result->complaint);
	memset(result, 0, sizeof(*result));
}

bool
reading_take(struct reading *reading, gsize bytes)
{
	if (bytes > reading->expanded) {
		reading->expanded = 0;
		return false;
	}
	reading->expanded -= bytes;
	return true;
}

void
document_fail(struct document *document, enum attachment_state state,
    const char *reason, ...)
{
	struct attachment *attachment = document->attachment;
	va_list ap;

	if (document->failed)
		return;
	document->failed = true;
	attachment->state = state;
	va_start(ap, reason);
	attachment->reason = g_strdup_vprintf(reason, ap);
	va_end(ap);
	if (strlen(attachment->reason) > REASON_BYTES) {
		char *valid;

		attachment->reason[REASON_BYTES] = '\0';
		valid = g_utf8_make_valid(attachment->reason, -1);
		g_free(attachment->reason);
		attachment->reason = valid;
	}
}

bool
document_deeper(struct document *document, const char *what)
{
	unsigned most = document->reading->limits->depth;

	if (document->depth < most)
		return true;
	document_fail(document, ATTACHMENT_TRUNCATED,
	    "%s nested more than %u deep", what, most);
	return false;
}

void
document_spent(struct document *document)
{
	document_fail(document, ATTACHMENT_TRUNCATED,
	    "more than %" G_GSIZE_FORMAT " bytes of text",
	    document->reading->limits->text);
}

/* The longest beginning of at most so many bytes that cuts no character. */
static gsize
fit(const char *text, gsize len, gsize most)
{
	if (len <= most)
		return len;
	while (most > 0 && ((guchar)text[most] & 0xc0) == 0x80)
		most--;
	return most;
}

/* Adds text as it may stand in a result: UTF-8 without NUL. */
static void
append_clean(GString *to, const char *text, gsize len)
{
	const char *end;

	while (len > 0) {
		bool valid = g_utf8_validate_len(text, len, &end);

		g_string_append_len(to, text, end - text);
		if (valid)
			return;
		g_string_append(to, *end == '\0' ? " " : "\357\277\275");
		len -= (gsize)(end + 1 - text);
		text = end + 1;
	}
}

bool
document_text(struct document *document, const char *text, gssize length)
{
	struct reading *reading = document->reading;
	GString *to = document->in_margin ? document->margin : document->body;
	gsize len, fits, before;

	len = length < 0 ? strlen(text) : (gsize)length;
	if (reading->text == 0) {
		if (len > 0)
			document_spent(document);
		return false;
	}
	fits = fit(text, len, reading->text);
	before = to->len;
	append_clean(to, text, fits);
	/* What was not UTF-8 takes more room than it had. */
	if (to->len - before > reading->text)
		g_string_truncate(to,
		    before +
			fit(to->str + before, to->len - before, reading->text));
	reading->text -= to->len - before;
	if (fits == len && reading->text > 0)
		return true;
	document_spent(document);
	return false;
}

/* Headers of several kinds of page mostly say the same. */
static bool
repeats(const GString *margin)
{
	const char *line = memrchr(margin->str, '\n', margin->len);
	gsize len;

	if (line == NULL)
		return false;
	line++;
	len = margin->len - (gsize)(line - margin->str);
	for (const char *p = margin->str; p < line; p = strchr(p, '\n') + 1)
		if (strncmp(p, line, len) == 0 && p[len] == '\n')
			return true;
	return false;
}

void
document_line(struct document *document)
{
	GString *to = document->in_margin ? document->margin : document->body;

	while (to->len > 0 &&
	       (to->str[to->len - 1] == '\t' || to->str[to->len - 1] == ' '))
		g_string_truncate(to, to->len - 1);
	if (document->in_margin && to->len < MARGIN_MAX && repeats(to))
		g_string_truncate(
		    to, (gsize)((char *)memrchr(to->str, '\n', to->len) + 1 -
				to->str));
	if (to->len > 0 && to->str[to->len - 1] != '\n')
		document_text(document, "\n", 1);
}

void
document_margin(struct document *document, bool in_margin)
{
	document_line(document);
	document->in_margin = in_margin;
}

void
document_page(struct document *document)
{
	document_line(document);
	if (document->first_page == 0)
		document->first_page = document->body->len;
}

void
document_property(
    struct document *document, const char *name, const char *value)
{
	g_autofree char *clean = NULL, *clean_name = NULL;
	GPtrArray *properties = document->attachment->properties;
	gsize len =
	    value != NULL ? fit(value, strlen(value), PROPERTY_BYTES) : 0;
	gsize name_len = fit(name, strlen(name), PROPERTY_BYTES / 8);

	if (len == 0 || name_len == 0)
		return;
	clean = g_strstrip(g_utf8_make_valid(value, (gssize)len));
	clean_name = g_utf8_make_valid(name, (gssize)name_len);
	if (*clean == '\0')
		return;
	if (properties->len >= PROPERTIES) {
		document_fail(document, ATTACHMENT_TRUNCATED,
		    "more than %d properties", PROPERTIES);
		return;
	}
	if (len + name_len > document->reading->text) {
		document_spent(document);
		return;
	}
	document->reading->text -= len + name_len;
	attachment_add_property(document->attachment, clean_name, clean);
}

/*
 * Where the opening ends in the body: with its first page, or where about so
 * many characters are over, at the end of a line or else of a word.
 */
static gsize
opening_end(const struct document *document)
{
	const GString *body = document->body;
	const char *stop, *line, *space;

	if (document->first_page > 0 && document->first_page <= PAGE_MAX)
		return document->first_page;
	if (body->len <= OPENING ||
	    g_utf8_strlen(body->str, (gssize)body->len) <= OPENING)
		return body->len;
	stop = g_utf8_offset_to_pointer(body->str, OPENING);
	line = memrchr(body->str, '\n', (gsize)(stop - body->str));
	if (line != NULL && line - body->str > (stop - body->str) / 4)
		return (gsize)(line + 1 - body->str);
	space = memrchr(body->str, ' ', (gsize)(stop - body->str));
	return (gsize)((space != NULL ? space + 1 : stop) - body->str);
}

static void
finish(struct document *document)
{
	struct attachment *attachment = document->attachment;
	gsize opens = opening_end(document);

	g_string_append_len(
	    document->margin, document->body->str, (gssize)opens);
	g_string_erase(document->body, 0, (gssize)opens);
	if (document->margin->len > 0)
		attachment->opening = g_strdup(document->margin->str);
	if (document->body->len > 0)
		attachment->text = g_strdup(document->body->str);
}

/* A file, where it stands, and what its container says of it. */
struct file {
	const char *name, *declared;
	const guint8 *data;
	gsize len;
	unsigned depth;
	enum attachment_state state;
	const char *reason;
};

static void
read_file(struct reading *reading, const struct file *file)
{
	g_autoptr(GString) margin = g_string_new(NULL);
	g_autoptr(GString) body = g_string_new(NULL);
	struct document document = {
	    .reading = reading,
	    .attachment = attachment_new(),
	    .declared = file->declared != NULL ? file->declared : "",
	    .depth = file->depth,
	    .margin = margin,
	    .body = body,
	};
	struct attachment *attachment = document.attachment;
	const struct file_type *type =
	    type_of(file->name, document.declared, file->data, file->len);
	unsigned index = reading->count++;

	g_free(attachment->name);
	attachment->name = name_clean(file->name);
	g_free(attachment->type);
	attachment->type = g_strdup(type->extension);
	/* So it stands, should this process end here. */
	attachment->state = ATTACHMENT_FAILED;
	reading->events->begin(reading->events->data, index, attachment);
	attachment->state = ATTACHMENT_READ;
	if (file->state != ATTACHMENT_READ)
		document_fail(&document, file->state, "%s", file->reason);
	if (file->len > 0)
		reader_read(&document, type, file->data, file->len);
	finish(&document);
	reading->events->end(reading->events->data, index, attachment);
	attachment_free(attachment);
}

void
reading_member(struct document *outer, const char *name, const char *type,
    const void *data, gsize len, enum attachment_state state,
    const char *reason)
{
	struct reading *reading = outer->reading;
	g_autofree char *clean = name_clean(name);
	g_autofree char *whole = NULL;
	struct file file = {
	    NULL, type, data, len, outer->depth + 1, state, reason};

	if (reading->files == 0) {
		document_fail(outer, ATTACHMENT_TRUNCATED, "more than %u files",
		    reading->limits->files);
		return;
	}
	reading->files--;
	whole = outer->attachment->name[0] != '\0'
		    ? g_strconcat(outer->attachment->name, "/", clean, NULL)
		    : g_strdup(clean);
	file.name = whole;
	read_file(reading, &file);
}

void
reading_run(const struct extract_limits *limits,
    const struct reading_events *events, const char *name, const char *type,
    const void *data, gsize len, bool cut)
{
	g_autofree char *reason = g_strdup_printf(
	    "more than %" G_GSIZE_FORMAT " bytes", limits->input);
	gsize by_ratio = MAX((gsize)EXPANDED_LEAST, len * RATIO);
	struct reading reading = {
	    .limits = limits,
	    .events = events,
	    .files = limits->files,
	    .text = limits->text,
	    .expanded = MIN(limits->expanded, by_ratio),
	};
	struct file file = {name != NULL ? name : "", type, data, len, 0,
	    cut ? ATTACHMENT_TRUNCATED : ATTACHMENT_READ, reason};

	read_file(&reading, &file);
}
