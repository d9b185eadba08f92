#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/detect/detectors.h"
#include "policy/language/check.h"
#include "policy/language/compile.h"
#include "policy/language/gram.h"
#include "policy/language/lex.h"

static void
add_network(struct policy *policy, const char *text)
{
	struct network *network = arena_alloc(policy->arena, sizeof(*network));

	if (network_parse(text, network))
		g_ptr_array_add(policy->networks, network);
}

/* An empty policy with every default. */
static struct policy *
policy_new(const char *path)
{
	struct policy *policy = g_new0(struct policy, 1);
	struct arena *arena = arena_new();

	policy->refs = 1;
	policy->arena = arena;
	policy->path = arena_string(arena, path);
	policy->council = arena_string(arena, "");
	policy->domains = arena_ptr_array(arena);
	policy->rules = address_rules_new();
	policy->networks = arena_ptr_array(arena);
	policy->reports_to = arena_ptr_array(arena);
	policy->mode = MODE_ENFORCE;
	policy->signed_mail = PROTECTED_WRAP;
	policy->phrases = PHRASES_OBLIGATIONS;
	policy->encrypted_mail = PROTECTED_LEAVE;
	policy->footers = g_hash_table_new(g_str_hash, g_str_equal);
	policy->rules_list = arena_ptr_array(arena);
	policy->expectations = arena_ptr_array(arena);
	policy->classes = g_hash_table_new(g_str_hash, g_str_equal);
	add_network(policy, "127.0.0.0/8");
	add_network(policy, "::1/128");
	return policy;
}

struct policy *
policy_ref(struct policy *policy)
{
	g_atomic_int_inc(&policy->refs);
	return policy;
}

void
policy_unref(struct policy *policy)
{
	if (policy == NULL || !g_atomic_int_dec_and_test(&policy->refs))
		return;
	detectors_free(policy->detectors);
	roster_free(policy->roster);
	address_rules_free(policy->rules);
	g_hash_table_unref(policy->footers);
	g_hash_table_unref(policy->classes);
	arena_free(policy->arena);
	g_free(policy);
}

const struct rule *
policy_find_rule(const struct policy *policy, const char *name)
{
	guint i;

	for (i = 0; i < policy->rules_list->len; i++) {
		const struct rule *rule =
		    g_ptr_array_index(policy->rules_list, i);

		if (strcmp(rule->name, name) == 0)
			return rule;
	}
	return NULL;
}

/* Notes for the files that lead to the one that a place is in. */
static void
note_includes(struct compiler *c, const char *file)
{
	const struct reading *reading = NULL;
	guint i;

	for (i = 0; i < c->files->len && reading == NULL; i++) {
		reading = g_ptr_array_index(c->files, i);
		if (reading->file != file)
			reading = NULL;
	}
	for (; reading != NULL && reading->parent != NULL;
	     reading = reading->parent)
		diags_add(
		    c->diags, DIAG_NOTE, &reading->included, "included here");
}

void
compile_report(struct compiler *c, enum diag_level level,
    const struct place *place, const char *fmt, ...)
{
	g_autofree char *message = NULL;
	va_list ap;

	va_start(ap, fmt);
	message = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	diags_add(c->diags, level, place, "%s", message);
	note_includes(c, place->file);
}

void
compile_note(
    struct compiler *c, const struct place *place, const char *fmt, ...)
{
	g_autofree char *message = NULL;
	va_list ap;

	va_start(ap, fmt);
	message = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	diags_add(c->diags, DIAG_NOTE, place, "%s", message);
}

void
compile_again(struct compiler *c, const struct place *place, const char *what,
    const struct place *before)
{
	compile_report(c, DIAG_ERROR, place, "\"%s\" is given twice", what);
	compile_note(c, before, "previously given here");
}

char *
compile_relative(struct compiler *c, const char *name)
{
	g_autofree char *directory = g_path_get_dirname(c->reading->file);
	g_autofree char *path = NULL;

	if (g_path_is_absolute(name) || strcmp(directory, ".") == 0)
		return arena_string(c->policy->arena, name);
	path = g_build_filename(directory, name, NULL);
	return arena_string(c->policy->arena, path);
}

/*
 * Reads a regular file whole; anything else (a pipe would block, a device never
 * end) is refused.  The result is the caller's.
 */
static char *
read_file(const char *path, gsize *len, struct stat *st, GError **error)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	g_autofree char *text = NULL;
	gsize size, have = 0;
	gssize n = 1;

	if (fd == -1 || fstat(fd, st) == -1) {
		g_set_error(error, G_FILE_ERROR,
		    (gint)g_file_error_from_errno(errno), "%s",
		    g_strerror(errno));
		if (fd != -1)
			close(fd);
		return NULL;
	}
	if (!S_ISREG(st->st_mode) || st->st_size > POLICY_FILE_MAX) {
		close(fd);
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    S_ISREG(st->st_mode) ? "larger than %d bytes"
					 : "not a regular file",
		    (int)POLICY_FILE_MAX);
		return NULL;
	}
	size = (gsize)st->st_size;
	text = g_malloc(size + 1);
	while (have < size && n > 0) {
		n = read(fd, text + have, size - have);
		have += n > 0 ? (gsize)n : 0;
	}
	close(fd);
	if (n < 0) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "%s",
		    g_strerror(errno));
		return NULL;
	}
	*len = have;
	return g_steal_pointer(&text);
}

static void
tokens_free(gpointer array)
{
	g_array_unref(array);
}

/* Reads one file's text into the policy. */
static void
compile_text(
    struct compiler *c, struct reading *reading, const char *text, gsize len)
{
	struct reading *before = c->reading;

	g_ptr_array_add(c->files, reading);
	diags_set_source(c->diags, reading->file, text, len);
	c->reading = reading;
	lex(c, reading, text, len);
	arena_keep(c->policy->arena, reading->tokens, tokens_free);
	if (gram_parse(c) != 0)
		c->broken = true;
	c->reading = before;
}

/* Reads one pattern file; its rules are for the detectors. */
static void
compile_patterns(
    struct compiler *c, struct reading *reading, const char *text, gsize len)
{
	g_ptr_array_add(c->files, reading);
	diags_set_source(c->diags, reading->file, text, len);
	g_ptr_array_add(c->patterns,
	    pattern_file_read(reading->file, text, len, c->lets, c->diags));
}

/* The earlier reading of the same file, whatever it is called, or NULL. */
static const struct reading *
find_reading(const struct compiler *c, const struct stat *st)
{
	guint i;

	for (i = 0; i < c->files->len; i++) {
		const struct reading *reading = g_ptr_array_index(c->files, i);

		if (reading->device == st->st_dev &&
		    reading->inode == st->st_ino)
			return reading;
	}
	return NULL;
}

static bool
is_open(const struct compiler *c, const struct reading *reading)
{
	const struct reading *r;

	for (r = c->reading; r != NULL; r = r->parent)
		if (r == reading)
			return true;
	return false;
}

static void
refuse_again(struct compiler *c, const struct place *where, const char *path,
    const struct reading *before)
{
	if (is_open(c, before)) {
		compile_report(
		    c, DIAG_ERROR, where, "\"%s\" would include itself", path);
	} else {
		compile_report(
		    c, DIAG_ERROR, where, "\"%s\" is included already", path);
		compile_note(c, &before->included, "previously included here");
	}
}

void
compile_include(struct compiler *c, const struct place *where, const char *name)
{
	const char *path = compile_relative(c, name);
	const struct reading *before;
	struct reading *reading;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	struct stat st;
	gsize len;

	text = read_file(path, &len, &st, &error);
	if (text == NULL) {
		compile_report(c, DIAG_ERROR, where,
		    "cannot include \"%s\": %s", path, error->message);
		c->names_lost = true;
		return;
	}
	before = find_reading(c, &st);
	if (before != NULL) {
		refuse_again(c, where, path, before);
		return;
	}
	if (c->reading->depth >= POLICY_INCLUDE_MAX ||
	    c->files->len >= POLICY_FILES_MAX) {
		compile_report(c, DIAG_ERROR, where,
		    "cannot include \"%s\": there are too many files (at most "
		    "%d, and %d within one another)",
		    path, (int)POLICY_FILES_MAX, (int)POLICY_INCLUDE_MAX);
		c->names_lost = true;
		return;
	}
	reading = arena_alloc(c->policy->arena, sizeof(*reading));
	reading->file = g_intern_string(path);
	reading->parent = c->reading;
	reading->included = *where;
	reading->device = st.st_dev;
	reading->inode = st.st_ino;
	reading->depth = c->reading->depth + 1;
	if (g_str_has_suffix(path, ".patterns"))
		compile_patterns(c, reading, text, len);
	else
		compile_text(c, reading, text, len);
}

static void
free_patterns(gpointer file)
{
	pattern_file_free(file);
}

static void
compiler_init(struct compiler *c, const char *path, struct diags *diags)
{
	struct arena *arena;

	memset(c, 0, sizeof(*c));
	c->policy = policy_new(path);
	c->diags = diags;
	arena = c->policy->arena;
	c->files = arena_ptr_array(arena);
	c->patterns = g_ptr_array_new_with_free_func(free_patterns);
	c->lets = pattern_lets_new();
	c->equivalents = arena_ptr_array(arena);
	c->languages = arena_ptr_array(arena);
	c->definitions = arena_ptr_array(arena);
	c->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	c->uses = arena_ptr_array(arena);
	c->drafts = arena_ptr_array(arena);
	c->rules = g_hash_table_new(g_str_hash, g_str_equal);
	c->trials = arena_ptr_array(arena);
}

/* st is NULL when the text comes from memory. */
static struct policy *
compile(const char *path, const char *text, gsize len, const struct stat *st,
    struct diags *diags)
{
	unsigned errors = diags_errors(diags);
	struct compiler c;
	struct reading *reading;

	compiler_init(&c, path, diags);
	if (len > POLICY_FILE_MAX) {
		struct place place = {g_intern_string(path), 0, 0, 1};

		diags_add(diags, DIAG_ERROR, &place,
		    "the policy is larger than %d bytes", (int)POLICY_FILE_MAX);
		len = 0;
	}
	reading = arena_alloc(c.policy->arena, sizeof(*reading));
	reading->file = g_intern_string(path);
	if (st != NULL) {
		reading->device = st->st_dev;
		reading->inode = st->st_ino;
	}
	compile_text(&c, reading, text, len);
	check_policy(&c);
	g_ptr_array_unref(c.patterns);
	g_hash_table_unref(c.lets);
	g_hash_table_unref(c.by_name);
	g_hash_table_unref(c.rules);
	if (diags_errors(diags) > errors) {
		policy_unref(c.policy);
		return NULL;
	}
	return c.policy;
}

struct policy *
policy_parse(
    const char *path, const char *text, size_t len, struct diags *diags)
{
	return compile(path, text, len, NULL, diags);
}

struct policy *
policy_load(const char *path, struct diags *diags)
{
	struct place place = {g_intern_string(path), 0, 0, 1};
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	struct stat st;
	gsize len;

	text = read_file(path, &len, &st, &error);
	if (text == NULL) {
		diags_add(diags, DIAG_ERROR, &place,
		    "cannot read the policy: %s", error->message);
		return NULL;
	}
	return compile(path, text, len, &st, diags);
}
