/*
 * The MIME structure, as ranges of bytes.
 *
 * One pass over the body: multiparts stack their boundaries, and the scan for
 * the next line that begins with "--" stops at whichever of them it is, the
 * innermost first.  So a missing close, at any depth, ends where the enclosing
 * multipart goes on, as in other parsers.  Messages and closed multiparts are
 * not entered: to this scan they are leaves.
 *
 * Where other parsers may see other parts the message is in doubt, and nobody
 * then edits inside it.  The doubts are those that parsers are known to differ
 * about: fields that come twice, types and boundaries that do not stand as
 * plain words in their field, encoded multiparts, lines that end in a bare CR,
 * one boundary for two levels.
 */
#include <string.h>

#include "milter/message/internal.h"

/* Recursion is bounded whatever the settings say. */
enum { DEPTH_MAX = 100 };

/* A boundary that is looked for, innermost first. */
struct boundary {
	const char *text;
	gsize len;
	const struct boundary *outer;
};

/* Where the scan stopped: at a boundary, or at the end of the body. */
struct stop {
	gsize line;			/* where the line begins */
	gsize after;			/* after its line end */
	const struct boundary *which;	/* NULL: end of the body */
	bool close;
};

struct scanner {
	struct message *m;
	const char *body;
	gsize len;
	/* The first "--" line at or after "from", the last one asked for. */
	gsize from, dashes;
	unsigned parts;
};

static void
doubt(const struct scanner *s, const char *why)
{
	message_cast_doubt(s->m, why);
}

/* The end of the line that begins at pos, and the start of the next one. */
static gsize
line_end(const struct scanner *s, gsize pos, gsize *next)
{
	const char *lf = memchr(s->body + pos, '\n', s->len - pos);
	gsize end;

	if (lf == NULL) {
		*next = s->len;
		return s->len;
	}
	end = (gsize)(lf - s->body);
	*next = end + 1;
	return end > pos && s->body[end - 1] == '\r' ? end - 1 : end;
}

/* The first line from pos, which begins a line, that begins with "--". */
static gsize
find_dashes(struct scanner *s, gsize pos)
{
	const char *p = s->body + pos, *end = s->body + s->len;

	if (s->from <= pos && pos <= s->dashes)
		return s->dashes;
	/* From line to line, which is faster than to look for "\n--". */
	while (p < end && (end - p < 2 || memcmp(p, "--", 2) != 0)) {
		p = memchr(p, '\n', (gsize)(end - p));
		p = p != NULL ? p + 1 : end;
	}
	s->from = pos;
	s->dashes = (gsize)(p - s->body);
	return s->dashes;
}

static bool
matches(const char *line, gsize len, const struct boundary *b, bool *close)
{
	gsize at = 2 + b->len;

	if (len < at || memcmp(line + 2, b->text, b->len) != 0)
		return false;
	*close = len >= at + 2 && memcmp(line + at, "--", 2) == 0;
	if (*close)
		at += 2;
	while (at < len && (line[at] == ' ' || line[at] == '\t'))
		at++;
	return at == len;
}

/* Which boundary a line is, if any. */
static bool
is_boundary(struct scanner *s, gsize line, const struct boundary *innermost,
    struct stop *stop)
{
	gsize end = line_end(s, line, &stop->after);

	for (const struct boundary *b = innermost; b != NULL; b = b->outer)
		if (matches(s->body + line, end - line, b, &stop->close)) {
			stop->line = line;
			stop->which = b;
			return true;
		}
	return false;
}

/* From pos, which begins a line, to the next line that is a boundary. */
static struct stop
find_boundary(struct scanner *s, gsize pos, const struct boundary *innermost)
{
	struct stop stop = { s->len, s->len, NULL, false };
	gsize line;

	if (innermost == NULL)
		return stop;
	for (; (line = find_dashes(s, pos)) < s->len; pos = stop.after)
		if (is_boundary(s, line, innermost, &stop))
			return stop;
	stop.after = s->len;
	return stop;
}

/*
 * The end of the field that begins at pos, with its folds; 0: that line is
 * none.
 */
static gsize
field_end(const struct scanner *s, gsize pos, gsize *colon, gsize *next)
{
	gsize end = line_end(s, pos, next), name;

	for (name = pos; name < end && (guchar)s->body[name] > ' ' &&
	     (guchar)s->body[name] < 0x7f && s->body[name] != ':';)
		name++;
	if (name == pos || name == end || s->body[name] != ':')
		return 0;
	*colon = name;
	while (*next < s->len &&
	    (s->body[*next] == ' ' || s->body[*next] == '\t'))
		end = line_end(s, *next, next);
	return end;
}

/*
 * Reads a part's header from pos.  It ends with an empty line, or before a
 * line that is no header field, which then belongs to the body; a boundary
 * ends it too.  Returns where the body begins.
 */
static gsize
read_header(struct scanner *s, gsize pos, const struct boundary *boundary,
    struct entity *e, struct part *part)
{
	struct stop stop;
	gsize end, next, colon = 0;

	part->header_start = pos;
	part->unseparated = true;
	for (; pos < s->len; pos = next) {
		if (line_end(s, pos, &next) == pos) {
			part->unseparated = false;
			pos = next;
			break;
		}
		if (s->body[pos] == '-' && is_boundary(s, pos, boundary, &stop))
			break;
		if (s->body[pos] == ' ' || s->body[pos] == '\t') {
			doubt(s, "a part's header begins with a fold");
			line_end(s, pos, &next);
			continue;
		}
		if ((end = field_end(s, pos, &colon, &next)) == 0) {
			doubt(s,
			    "a part has text where its header should be");
			break;
		}
		entity_take(s->m, e, s->body + pos, colon - pos,
		    s->body + colon + 1, end - colon - 1);
	}
	for (gsize i = part->header_start; i + 1 < pos; i++)
		if (s->body[i] == '\r' && s->body[i + 1] != '\n')
			doubt(s, "it has a bare CR in a MIME header");
	part->header_end = pos;
	return pos;
}

static void
free_child(gpointer part)
{
	part_free(part);
}

static struct stop read_body(
    struct scanner *, struct part *, gsize pos, struct boundary *outer);

static struct stop
read_child(struct scanner *s, struct part *parent, gsize pos,
    struct boundary *boundary)
{
	struct entity e = { 0 };
	struct part *part = part_new(parent);

	g_ptr_array_add(parent->children, part);
	s->parts++;
	pos = read_header(s, pos, boundary, &e, part);
	part_describe(s->m, part, &e);
	entity_clear(&e);
	return read_body(s, part, pos, boundary);
}

/* The content of a part that ends at a stop, without the line end before. */
static void
end_body(const struct scanner *s, struct part *part, const struct stop *stop)
{
	gsize end = stop->line;

	part->body_end = end;
	if (stop->which == NULL)
		return;
	if (end > part->body_start && s->body[end - 1] == '\n') {
		end--;
		if (end > part->body_start && s->body[end - 1] == '\r')
			end--;
	}
	part->abuts = end == stop->line;
	part->body_end = end;
}

/* Is one boundary the other, or its close? */
static bool
collide(const char *a, const char *b)
{
	gsize len = strlen(a);

	return strncmp(a, b, len) == 0 &&
	    (b[len] == '\0' || strcmp(b + len, "--") == 0);
}

static void
check_boundary(struct scanner *s, const struct part *part,
    const struct boundary *outer)
{
	if (part->encoding == ENCODING_QP || part->encoding == ENCODING_BASE64)
		doubt(s, "a multipart is encoded");
	for (; outer != NULL; outer = outer->outer)
		if (collide(outer->text, part->boundary) ||
		    collide(part->boundary, outer->text))
			doubt(s, "one boundary serves two multiparts");
}

static bool
may_enter(struct scanner *s, const struct part *part)
{
	const struct message_limits *l = &s->m->limits;

	if (strcmp(part->type, "message") == 0 &&
	    strcmp(part->subtype, "partial") == 0)
		s->m->limited = "it is a fragment of a message";
	if (part->boundary == NULL ||
	    (part->kind != PART_MULTIPART && part->kind != PART_SIGNED &&
		part->kind != PART_ENCRYPTED))
		return false;
	if ((l->depth != 0 && part->depth >= l->depth) ||
	    part->depth >= DEPTH_MAX)
		s->m->limited = "its parts are nested deeper than the limit";
	else if (l->parts != 0 && s->parts >= l->parts)
		s->m->limited = "it has more parts than the limit";
	else
		return true;
	doubt(s, s->m->limited);
	return false;
}

static struct stop
read_body(struct scanner *s, struct part *part, gsize pos,
    struct boundary *outer)
{
	struct boundary own = { part->boundary, 0, outer };
	struct stop stop;

	part->body_start = pos;
	if (!may_enter(s, part)) {
		stop = find_boundary(s, pos, outer);
		end_body(s, part, &stop);
		return stop;
	}
	check_boundary(s, part, outer);
	own.len = strlen(own.text);
	part->children = g_ptr_array_new_with_free_func(free_child);
	stop = find_boundary(s, pos, &own);
	while (stop.which == &own && !stop.close) {
		if (s->m->limits.parts != 0 &&
		    s->parts >= s->m->limits.parts) {
			s->m->limited = "it has more parts than the limit";
			doubt(s, s->m->limited);
			stop = find_boundary(s, stop.after, outer);
			break;
		}
		stop = read_child(s, part, stop.after, &own);
	}
	if (stop.which == &own)
		stop = find_boundary(s, stop.after, outer);
	end_body(s, part, &stop);
	return stop;
}

/* Parsers that end lines at a bare CR may see a boundary after one. */
static void
check_bare_cr(struct scanner *s)
{
	const char *p = s->body, *end = s->body + s->len;

	while ((p = memchr(p, '\r', (gsize)(end - p))) != NULL) {
		p++;
		if (end - p > 2 && memcmp(p, "--", 2) == 0 &&
		    !g_ascii_isspace(p[2])) {
			doubt(s, "a line ends in a bare CR where a boundary "
			    "may follow");
			return;
		}
	}
}

void
structure_read(struct message *m)
{
	struct scanner s = { .m = m, .from = 1 };
	struct entity e = { 0 };

	s.body = message_body(m, &s.len);
	for (guint i = 0; i < m->fields->len; i++) {
		const struct field *f =
		    &g_array_index(m->fields, struct field, i);

		entity_take(m, &e, f->name, strlen(f->name), f->value,
		    f->value_len);
	}
	m->root = part_new(NULL);
	part_describe(m, m->root, &e);
	entity_clear(&e);
	s.parts = 1;
	read_body(&s, m->root, 0, NULL);
	m->parts = s.parts;
	if (m->root->children != NULL)
		check_bare_cr(&s);
}
