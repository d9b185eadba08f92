#include <string.h>

#include "policy/pattern/regex.h"
#include "policy/pattern/scan.h"
#include "policy/utf8.h"

/* Bytes that are no text are told one by one up to here. */
enum { INVALID_MAX = 10 };

struct reader {
	struct scanner scanner;
	struct pattern_file *file;
	GHashTable *blocks;          /* "kind name" to struct pattern_block */
	struct pattern_block *block; /* the one being read, or NULL */
	bool skipping;               /* the clauses of one that could not be */
	bool full;                   /* there were too many blocks */
};

static void
clause_free(void *p)
{
	struct pattern_clause *clause = p;

	g_free(clause->key);
	g_ptr_array_unref(clause->tokens);
	g_free(clause);
}

static void
block_free(void *p)
{
	struct pattern_block *block = p;

	g_free(block->kind);
	g_free(block->name);
	g_free(block->title);
	g_ptr_array_unref(block->clauses);
	g_free(block);
}

void
pattern_file_free(struct pattern_file *file)
{
	if (file == NULL)
		return;
	g_ptr_array_unref(file->blocks);
	g_free(file->path);
	g_free(file);
}

GHashTable *
pattern_lets_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static struct pattern_token *
token_at(const GPtrArray *tokens, guint i)
{
	return i < tokens->len ? g_ptr_array_index(tokens, i) : NULL;
}

static bool
is_kind(const struct pattern_token *token, enum pattern_token_kind kind)
{
	return token != NULL && token->kind == kind;
}

/* Behind the last of some tokens: where the next should have stood. */
static struct place
place_after(const GPtrArray *tokens)
{
	const struct pattern_token *last =
	    g_ptr_array_index(tokens, tokens->len - 1);
	struct place place = last->place;

	place.column += place.width;
	place.width = 1;
	return place;
}

static void G_GNUC_PRINTF(3, 4)
    fault(struct reader *r, const struct place *place, const char *fmt, ...)
{
	g_autofree char *message = NULL;
	va_list ap;

	va_start(ap, fmt);
	message = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	diags_add(r->scanner.diags, DIAG_ERROR, place, "%s", message);
}

static void
duplicate(struct reader *r, const struct place *place, const char *what,
    const char *name, const struct place *before)
{
	fault(r, place, "duplicate %s \"%s\"", what, name);
	diags_add(
	    r->scanner.diags, DIAG_NOTE, before, "previously defined here");
}

/* True when a line that ended in a comma goes on; the scanner is there then. */
static bool
goes_on(struct scanner *s)
{
	struct scanner ahead = *s;

	scan_skip_lines(&ahead);
	if (*ahead.p != ' ' && *ahead.p != '\t')
		return false;
	*s = ahead;
	scan_line_ends(s);
	return true;
}

static void
take_comma(struct reader *r, GPtrArray *tokens, struct pattern_token *comma)
{
	const struct pattern_token *last =
	    tokens->len > 0 ? token_at(tokens, tokens->len - 1) : NULL;

	if (last != NULL && last->kind != TOKEN_COMMA) {
		g_ptr_array_add(tokens, comma);
		return;
	}
	fault(r, &comma->place,
	    "this comma stands between nothing: take it "
	    "out");
	pattern_token_free(comma);
}

/* The tokens of a line, and of those in which it goes on. */
static GPtrArray *
read_tokens(struct reader *r)
{
	GPtrArray *tokens = g_ptr_array_new_with_free_func(pattern_token_free);
	struct pattern_token *token, *last;

	for (;;) {
		while (!scan_line_ends(&r->scanner)) {
			token = scan_token(&r->scanner);
			if (is_kind(token, TOKEN_COMMA))
				take_comma(r, tokens, token);
			else if (token != NULL)
				g_ptr_array_add(tokens, token);
		}
		last =
		    tokens->len > 0 ? token_at(tokens, tokens->len - 1) : NULL;
		if (!is_kind(last, TOKEN_COMMA))
			return tokens;
		if (!goes_on(&r->scanner)) {
			fault(r, &last->place,
			    "nothing follows this comma: what goes on in the "
			    "next line is indented");
			g_ptr_array_set_size(tokens, (int)tokens->len - 1);
			return tokens;
		}
	}
}

/* A regex or a text, as one alternative of a fragment. */
static void
add_alternative(struct reader *r, GString *regex,
    const struct pattern_token *token, bool alone)
{
	g_autofree char *literal = NULL;

	if (regex->len > 0)
		g_string_append_c(regex, '|');
	if (token->kind == TOKEN_REGEX) {
		/* Options in one alternative would hold in the next. */
		g_string_append_printf(
		    regex, alone ? "%s" : "(?:%s)", token->text);
		return;
	}
	literal = pattern_literal(token->text);
	if (*literal == '\0')
		fault(r, &token->place, "this text is empty");
	g_string_append(regex, *literal != '\0' ? literal : REGEX_NEVER);
}

/* What stands behind the name of a fragment; NULL after a fault. */
static GString *
read_alternatives(struct reader *r, const GPtrArray *tokens)
{
	g_autoptr(GString) regex = g_string_new(NULL);
	const struct pattern_token *token;
	struct place place = place_after(tokens);
	guint i;

	if (tokens->len == 2) {
		fault(r, &place, "a regex or a text is expected here");
		return NULL;
	}
	for (i = 2; i < tokens->len; i++) {
		token = token_at(tokens, i);
		if (i % 2 == 1 && token->kind != TOKEN_COMMA) {
			fault(r, &token->place, "a comma is expected here");
			return NULL;
		}
		if (i % 2 == 0 && token->kind != TOKEN_REGEX &&
		    token->kind != TOKEN_TEXT) {
			fault(r, &token->place,
			    "a regex or a text is expected here");
			return NULL;
		}
		if (i % 2 == 0)
			add_alternative(r, regex, token, tokens->len == 3);
	}
	if (regex->len > PATTERN_REGEX_MAX) {
		fault(r, &token_at(tokens, 1)->place,
		    "this fragment is longer than %d bytes when those in it "
		    "are written out",
		    (int)PATTERN_REGEX_MAX);
		return NULL;
	}
	return g_steal_pointer(&regex);
}

static struct pattern_let *
let_new(const struct place *place, unsigned depth, const char *regex)
{
	gsize size = strlen(regex) + 1;
	struct pattern_let *let = g_malloc(sizeof(*let) + size);

	let->place = *place;
	let->depth = depth;
	memcpy(let->regex, regex, size);
	return let;
}

/* let name /…/, "…" */
static void
read_let(struct reader *r, const GPtrArray *tokens)
{
	const struct pattern_token *name = token_at(tokens, 1);
	const struct pattern_let *before;
	struct place place = place_after(tokens);
	g_autoptr(GString) regex = NULL;
	g_autofree char *braced = NULL;

	if (name == NULL) {
		fault(r, &place, "a fragment needs a name");
		return;
	}
	braced = g_strdup_printf("{%s}", name->text);
	if (name->kind != TOKEN_WORD || expand_span(braced) == NULL) {
		fault(r, &name->place,
		    "the name of a fragment begins with a letter from a to z "
		    "and has only such letters, digits, \"-\", \"_\" and "
		    "\".\"");
		return;
	}
	regex = read_alternatives(r, tokens);
	/* An earlier file's may get another meaning for what follows. */
	before = g_hash_table_lookup(r->scanner.lets, name->text);
	if (before != NULL && before->place.file == name->place.file) {
		duplicate(r, &name->place, "let", name->text, &before->place);
		return;
	}
	if (r->scanner.let_depth + 1 > PATTERN_LET_DEPTH_MAX)
		fault(r, &name->place,
		    "fragments stand more than %d deep within one another",
		    (int)PATTERN_LET_DEPTH_MAX);
	/* A faulty one has a name all the same. */
	g_hash_table_replace(r->scanner.lets, g_strdup(name->text),
	    let_new(&name->place, r->scanner.let_depth + 1,
		regex != NULL ? regex->str : REGEX_NEVER));
}

/* True when the name stands, once, and no more than a title behind it. */
static bool
check_block(struct reader *r, const GPtrArray *tokens)
{
	const struct pattern_token *kind = token_at(tokens, 0);
	const struct pattern_token *name = token_at(tokens, 1);
	const struct pattern_token *title = token_at(tokens, 2);
	struct place place = place_after(tokens);

	if (name == NULL) {
		fault(r, &place, "%s needs a name", kind->text);
		return false;
	}
	if (name->kind != TOKEN_WORD) {
		fault(r, &name->place,
		    "the name of %s is expected here, a word", kind->text);
		return false;
	}
	if (title != NULL && title->kind != TOKEN_TEXT)
		fault(r, &title->place,
		    "only a title in quotation marks may follow the name");
	else if (tokens->len > 3)
		fault(r, &token_at(tokens, 3)->place,
		    "nothing may follow the title: clauses stand in lines of "
		    "their own");
	return true;
}

static void
read_block(struct reader *r, const GPtrArray *tokens)
{
	const struct pattern_token *kind = token_at(tokens, 0);
	const struct pattern_token *name = token_at(tokens, 1);
	const struct pattern_token *title = token_at(tokens, 2);
	const struct pattern_block *before;
	struct pattern_block *block;
	char *key;

	r->block = NULL;
	r->skipping = true;
	if (!check_block(r, tokens))
		return;
	if (r->file->blocks->len == PATTERN_BLOCKS_MAX) {
		if (!r->full)
			fault(r, &name->place, "more than %d blocks in a file",
			    (int)PATTERN_BLOCKS_MAX);
		r->full = true;
		return;
	}
	block = g_new0(struct pattern_block, 1);
	block->kind = g_strdup(kind->text);
	block->name = g_strdup(name->text);
	block->title = g_strdup(is_kind(title, TOKEN_TEXT) ? title->text : "");
	block->place = name->place;
	block->clauses = g_ptr_array_new_with_free_func(clause_free);
	r->block = block;
	g_ptr_array_add(r->file->blocks, block);
	key = g_strdup_printf("%s %s", block->kind, block->name);
	before = g_hash_table_lookup(r->blocks, key);
	if (before != NULL)
		duplicate(
		    r, &block->place, block->kind, block->name, &before->place);
	g_hash_table_insert(
	    r->blocks, key, before != NULL ? (void *)(guintptr)before : block);
}

static void
read_clause(struct reader *r, GPtrArray *tokens)
{
	const struct pattern_token *key = token_at(tokens, 0);
	struct pattern_clause *clause;

	if (r->block == NULL) {
		if (!r->skipping)
			fault(r, &key->place,
			    "this clause belongs to no block: a statement "
			    "begins in the first column");
		r->skipping = true;
		return;
	}
	if (key->kind != TOKEN_WORD) {
		fault(r, &key->place,
		    "a clause begins with a word; a line that goes on in the "
		    "next ends in a comma");
		return;
	}
	clause = g_new0(struct pattern_clause, 1);
	clause->key = g_strdup(key->text);
	clause->place = key->place;
	clause->tokens = g_ptr_array_ref(tokens);
	g_ptr_array_remove_index(tokens, 0);
	g_ptr_array_add(r->block->clauses, clause);
}

static void
read_statement(struct reader *r)
{
	bool clause = *r->scanner.p == ' ' || *r->scanner.p == '\t';
	g_autoptr(GPtrArray) tokens = NULL;
	const struct pattern_token *first;

	r->scanner.let_depth = 0;
	tokens = read_tokens(r);
	first = token_at(tokens, 0);
	if (first == NULL)
		return;
	if (clause) {
		read_clause(r, tokens);
	} else if (first->kind != TOKEN_WORD) {
		fault(r, &first->place,
		    "a statement begins with a word; clauses are indented");
	} else if (strcmp(first->text, "let") == 0) {
		r->block = NULL;
		r->skipping = false;
		read_let(r, tokens);
	} else {
		read_block(r, tokens);
	}
}

/* Reports the bytes that are not UTF-8, NUL among them. */
static void
report_invalid(struct reader *r, const char *text, gsize len)
{
	const char *end = text + len, *p = text, *bad;
	struct place place = {r->scanner.file, 1, 1, 1};
	unsigned count = 0;

	while (count < INVALID_MAX &&
	       !g_utf8_validate_len(p, (gsize)(end - p), &bad)) {
		for (; p < bad; p = utf8_next(p)) {
			place.column = *p == '\n' ? 1 : place.column + 1;
			place.line += *p == '\n';
		}
		if (*bad == '\0')
			fault(r, &place,
			    "NUL character: this is not a text file");
		else
			fault(r, &place,
			    "byte 0x%02x is not UTF-8: save the file as UTF-8",
			    (guchar)*bad);
		p = bad + 1;
		place.column++;
		count++;
	}
}

static struct pattern_file *
file_new(const char *path)
{
	struct pattern_file *file = g_new0(struct pattern_file, 1);

	file->path = g_strdup(path);
	file->blocks = g_ptr_array_new_with_free_func(block_free);
	return file;
}

struct pattern_file *
pattern_file_read(const char *path, const char *text, gsize len,
    GHashTable *lets, struct diags *diags)
{
	g_autoptr(GHashTable) blocks =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *valid = NULL;
	struct reader r = {
	    .scanner = {g_intern_string(path), NULL, 1, 1, lets, diags, 0},
	    .file = file_new(path),
	    .blocks = blocks,
	};
	struct place place = {r.scanner.file, 0, 0, 1};

	if (len > PATTERN_FILE_MAX) {
		fault(
		    &r, &place, "larger than %d bytes", (int)PATTERN_FILE_MAX);
		return r.file;
	}
	diags_set_source(diags, path, text, len);
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	report_invalid(&r, text, len);
	valid = g_utf8_make_valid(text, (gssize)len);
	r.scanner.p = valid;
	scan_skip_lines(&r.scanner);
	while (*r.scanner.p != '\0') {
		read_statement(&r);
		scan_skip_lines(&r.scanner);
	}
	return r.file;
}
