/*
 * Gumbo allocates each node on its own, frees them by recursion, takes time
 * that grows with the depth of what is open, and does not expect memory to run
 * out.  So it gets an arena that is thrown away as a whole, a document is
 * looked over for its nesting first, and a parse that wants more memory than
 * its size can justify is left by longjmp(); the arena makes that clean.
 */
#include <setjmp.h>
#include <string.h>

#include "milter/message/html_tree.h"

enum {
	SOURCE_MAX = 4 * 1024 * 1024,
	DEPTH_MAX = 400,
	CHUNK = 30 * 1024,
	MEMORY_BASE = 16 * 1024 * 1024,
	MEMORY_RATIO = 64,	/* bytes for each byte of source */
	RUN_MIN = 8,		/* bytes that are worth a run */
	RUN_FIRST = 0xf0000,	/* plane 15 but for its noncharacters */
	RUN_MAX = 0xfffd,
};

/* Words that the digest has one character for. */
struct run {
	gsize digest, source;	/* offsets */
	gsize len;		/* in the source */
};

struct chunk {
	struct chunk *next;
	max_align_t data[];
};

struct html_tree {
	struct chunk *chunks;
	char *free;
	gsize left;	/* in the newest chunk */
	gsize allowed;	/* bytes that may still be asked for */
	jmp_buf exhausted;
	const GumboNode *root;
	const char *source;
	GString *digest;
	GArray *runs;		/* struct run, ascending */
};

static void *
allocate(void *data, size_t size)
{
	struct html_tree *tree = data;
	const gsize align = sizeof(max_align_t);
	void *result;

	size = (size + align - 1) / align * align;
	if (size > tree->allowed)
		longjmp(tree->exhausted, 1);
	tree->allowed -= size;
	if (size > tree->left) {
		gsize room = MAX(size, CHUNK);
		struct chunk *chunk = g_malloc(sizeof(*chunk) + room);

		chunk->next = tree->chunks;
		tree->chunks = chunk;
		tree->free = (char *)chunk->data;
		tree->left = room;
	}
	result = tree->free;
	tree->free += size;
	tree->left -= size;
	return result;
}

static void
release(void *data G_GNUC_UNUSED, void *block G_GNUC_UNUSED)
{
}

/* Elements that have no end tag, or whose end tag is often left out. */
static bool
nests(const char *name, gsize len)
{
	static const char *const flat[] = { "area", "base", "br", "col", "dd",
		"dt", "hr", "img", "input", "li", "link", "meta", "o:p",
		"option", "p", "param", "source", "tbody", "td", "th", "tr",
		"wbr" };

	for (gsize i = 0; i < G_N_ELEMENTS(flat); i++)
		if (strlen(flat[i]) == len &&
		    g_ascii_strncasecmp(name, flat[i], len) == 0)
			return false;
	return true;
}

static bool
is_too_deep(const char *source, gsize len)
{
	const char *p = source, *end = source + len;
	unsigned depth = 0;

	while ((p = memchr(p, '<', (gsize)(end - p))) != NULL) {
		const char *name = ++p;
		bool closes = p < end && *p == '/';

		name += closes;
		for (p = name; p < end && (g_ascii_isalnum(*p) || *p == ':');)
			p++;
		if (p == name || !nests(name, (gsize)(p - name)))
			continue;
		if (!closes && ++depth > DEPTH_MAX)
			return true;
		if (closes && depth > 0)
			depth--;
	}
	return false;
}

/* May a run hold it?  Nothing that any state of a tokenizer looks for. */
static bool
is_word(guchar c)
{
	return g_ascii_isalnum(c) || c >= 0x80 || g_ascii_isspace(c) ||
	    (c != '\0' && strchr(".,;:()?%$*+@~_", c) != NULL);
}

/*
 * Could the source itself have a character of plane 15, as bytes or as a
 * reference?  Then it is parsed as it is.
 */
static bool
may_hold_runs(const char *source, gsize len)
{
	const char *p = source, *end = source + len;

	if (memchr(source, 0xf3, len) != NULL ||
	    memchr(source, 0xf4, len) != NULL)
		return true;
	while ((p = memchr(p, '&', (gsize)(end - p))) != NULL) {
		unsigned digits = 0;

		if (++p == end || *p != '#')
			continue;
		for (p++; p < end && g_ascii_isalnum(*p); p++)
			digits++;
		if (digits >= 6)
			return true;
	}
	return false;
}

/* Past a tag, or what looks like one; its quoted values may hold ">". */
static const char *
skip_tag(const char *p, const char *end)
{
	char quote = '\0', before = '\0';

	for (; p < end; p++) {
		if (quote != '\0')
			quote = *p == quote ? '\0' : quote;
		else if (*p == '>')
			return p + 1;
		else if ((*p == '"' || *p == '\'') && before == '=')
			quote = *p;
		if (!g_ascii_isspace(*p))
			before = *p;
	}
	return end;
}

static void
add_run(struct html_tree *tree, const char *p, gsize len)
{
	struct run run = { tree->digest->len, (gsize)(p - tree->source), len };

	g_string_append_unichar(
	    tree->digest, RUN_FIRST + (gunichar)tree->runs->len);
	g_array_append_val(tree->runs, run);
}

/*
 * The words from p on, without the space around them.  What follows an "&" or
 * may be in a tag has been taken care of, and even a run in the wrong place
 * would only hide a name or value from us.
 */
static const char *
digest_words(struct html_tree *tree, const char *p, const char *end)
{
	const char *start = p, *stop;

	while (p < end && is_word((guchar)*p))
		p++;
	stop = p;
	while (start < stop && g_ascii_isspace(*start))
		g_string_append_c(tree->digest, *start++);
	while (stop > start && g_ascii_isspace(stop[-1]))
		stop--;
	if (stop - start >= RUN_MIN && tree->runs->len < RUN_MAX)
		add_run(tree, start, (gsize)(stop - start));
	else
		g_string_append_len(tree->digest, start, stop - start);
	g_string_append_len(tree->digest, stop, p - stop);
	return p;
}

static void
digest_source(struct html_tree *tree, gsize len)
{
	const char *p = tree->source, *end = p + len, *next;

	while (p < end) {
		if (is_word((guchar)*p)) {
			p = digest_words(tree, p, end);
			continue;
		}
		next = p + 1;
		if (*p == '<')
			next = skip_tag(next, end);
		else if (*p == '&') {
			while (next < end &&
			    (g_ascii_isalnum(*next) || *next == '#'))
				next++;
			next += next < end && *next == ';';
		}
		g_string_append_len(tree->digest, p, next - p);
		p = next;
	}
}

struct html_tree *
html_tree_new(const char *source, gsize len)
{
	struct html_tree *tree;
	GumboOptions options = kGumboDefaultOptions;
	GumboOutput *output;

	if (len > SOURCE_MAX || is_too_deep(source, len))
		return NULL;
	tree = g_new0(struct html_tree, 1);
	tree->source = source;
	tree->digest = g_string_sized_new(len / 2 + 64);
	tree->runs = g_array_new(FALSE, FALSE, sizeof(struct run));
	if (may_hold_runs(source, len))
		g_string_append_len(tree->digest, source, (gssize)len);
	else
		digest_source(tree, len);
	tree->allowed = MEMORY_BASE + MEMORY_RATIO * len;
	options.allocator = allocate;
	options.deallocator = release;
	options.userdata = tree;
	options.max_errors = 0;
	if (setjmp(tree->exhausted) != 0) {
		html_tree_free(tree);
		return NULL;
	}
	output = gumbo_parse_with_options(
	    &options, tree->digest->str, tree->digest->len);
	tree->root = output->root;
	return tree;
}

void
html_tree_free(struct html_tree *tree)
{
	struct chunk *next;

	if (tree == NULL)
		return;
	for (struct chunk *c = tree->chunks; c != NULL; c = next) {
		next = c->next;
		g_free(c);
	}
	g_array_unref(tree->runs);
	g_string_free(tree->digest, TRUE);
	g_free(tree);
}

const GumboNode *
html_tree_root(const struct html_tree *tree)
{
	return tree->root;
}

gsize
html_tree_offset(const struct html_tree *tree, const char *place)
{
	gsize at = (gsize)(place - tree->digest->str);
	guint low = 0, high = tree->runs->len;
	const struct run *run;

	/* The last run that begins before. */
	while (low < high) {
		guint middle = (low + high) / 2;

		if (g_array_index(tree->runs, struct run, middle).digest < at)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return at;
	run = &g_array_index(tree->runs, struct run, low - 1);
	return at - (run->digest + HTML_RUN_BYTES) + run->source + run->len;
}

const char *
html_tree_run(const struct html_tree *tree, const char *text, gsize *len)
{
	const struct run *run;
	gunichar c;

	if ((guchar)text[0] != 0xf3 || tree->runs->len == 0)
		return NULL;
	c = g_utf8_get_char(text);
	if (c < RUN_FIRST || c - RUN_FIRST >= tree->runs->len)
		return NULL;
	run = &g_array_index(tree->runs, struct run, c - RUN_FIRST);
	*len = run->len;
	return tree->source + run->source;
}
