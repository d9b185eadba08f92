/*
 * A regex backtracks badly when a text lets it go many ways and then fails it.
 * What brings that out is a long run of what a repeated part of it matches,
 * behind what leads to that part, with nothing behind that it waits for.  The
 * runs are of letters, digits, spaces and words, and of each literal of the
 * regex itself; each literal may lead to them.
 *
 * Runs are short: what grows with the power of their length that a regex may
 * have without being wrong (every gap adds one) passes, and is left to the
 * limits of a scan; what doubles with each character does not.
 *
 * Steps are counted, not time, so that a regex is refused everywhere or
 * nowhere: by the interpreter, without the short cuts that would see at once
 * that such a text cannot match.
 */
#include <string.h>

#include "policy/pattern/scan.h"
#include "policy/pattern/scratch.h"
#include "policy/pattern/trial.h"
#include "policy/utf8.h"

enum {
	RUN = 120,              /* characters of a run, about */
	STEPS_MAX = 100 * 1000, /* from one place of the text */
	LITERALS_MAX = 8,       /* of a regex, that are tried */
	LITERAL_MAX = 60,       /* bytes of one */
	PLACES = 2,             /* where a match may begin, beside the first */
};

struct trial {
	pcre2_code *code;
	pcre2_match_context *context;
	pcre2_match_data *data;
	GPtrArray *literals; /* char * */
	char *fault;
};

static void
add_literal(GPtrArray *literals, GString *literal)
{
	guint i;

	if (literal->len > LITERAL_MAX)
		g_string_truncate(literal, 0);
	for (i = 0; i < literals->len && literal->len > 0; i++)
		if (strcmp(g_ptr_array_index(literals, i), literal->str) == 0)
			g_string_truncate(literal, 0);
	if (literal->len > 0 && literals->len < LITERALS_MAX)
		g_ptr_array_add(literals, g_strdup(literal->str));
	g_string_truncate(literal, 0);
}

/*
 * The words and signs that stand in the regex.  White space joins words to a
 * phrase; a class gives its first character.
 */
static GPtrArray *
find_literals(const char *p)
{
	GPtrArray *literals = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) literal = g_string_new(NULL);

	while (*p != '\0') {
		if (g_str_has_prefix(p, "\\s+")) {
			g_string_append_c(literal, ' ');
			p += 3;
		} else if (*p == '\\' && (guchar)p[1] < 128 &&
			   g_ascii_isalnum(p[1])) {
			add_literal(literals, literal);
			p = expand_escape_end(p);
		} else if (*p == '[' && p[1] != '^' && p[1] != '\\' &&
			   p[1] != '[') {
			add_literal(literals, literal);
			g_string_append_unichar(
			    literal, g_utf8_get_char(p + 1));
			add_literal(literals, literal);
			p = expand_class_end(p);
		} else if (*p == '[') {
			add_literal(literals, literal);
			p = expand_class_end(p);
		} else if (*p == '(' && p[1] == '?') {
			add_literal(literals, literal);
			p += 2 + strcspn(p + 2, ":>=!)");
			p += *p != '\0';
		} else if (strchr("()|*+?{}.^$", *p) != NULL) {
			add_literal(literals, literal);
			p += *p == '{' ? strcspn(p, "}") : 1;
		} else {
			p += *p == '\\';
			g_string_append_unichar(literal, g_utf8_get_char(p));
			p = utf8_next(p);
		}
	}
	add_literal(literals, literal);
	return literals;
}

/* Tries it on one text; true when it is done with this regex. */
static bool
try_text(struct trial *trial, const GString *text, gsize lead, const char *run)
{
	const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(trial->data);
	int rc;

	pcre2_set_offset_limit(trial->context, lead + PLACES);
	rc = pcre2_match(trial->code, (PCRE2_SPTR)text->str, text->len, 0,
	    PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, trial->data, trial->context);
	if (rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT ||
	    rc == PCRE2_ERROR_HEAPLIMIT)
		trial->fault = g_strdup_printf(
		    "this backtracks without end on a long run of \"%s\": two "
		    "of its repeated parts match the same text, or one is "
		    "within another",
		    run);
	else if (rc >= 0 && ovector[0] == ovector[1])
		trial->fault =
		    g_strdup("this matches even where nothing stands: "
			     "something in it must not be optional");
	return trial->fault != NULL;
}

/* A run behind what leads to it; what follows fails most regexes. */
static bool
try_run(struct trial *trial, const char *lead, const char *run)
{
	static const char *const ends[] = {"", "\001"};
	g_autoptr(GString) text = g_string_sized_new(2 * RUN);
	size_t i, length;

	g_string_append(text, lead);
	while (text->len < RUN)
		g_string_append(text, run);
	length = text->len;
	for (i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_string_truncate(text, length);
		g_string_append(text, ends[i]);
		if (try_text(trial, text, strlen(lead), run))
			return true;
	}
	return false;
}

/* All runs behind one lead. */
static bool
try_runs(struct trial *trial, const char *lead)
{
	static const char *const runs[] = {
	    "a", "0", " ", "\n", "a ", "a1 ", "Aa, ", ".", "-", "\xc3\xa9"};
	guint i;

	for (i = 0; i < G_N_ELEMENTS(runs); i++)
		if (try_run(trial, lead, runs[i]))
			return true;
	for (i = 0; i < trial->literals->len; i++) {
		const char *literal = g_ptr_array_index(trial->literals, i);
		g_autofree char *spaced = g_strconcat(literal, " ", NULL);

		if (try_run(trial, lead, literal) ||
		    try_run(trial, lead, spaced))
			return true;
	}
	return false;
}

char *
trial_fault(const char *regex)
{
	g_autofree char *message = NULL;
	g_autoptr(GPtrArray) literals = find_literals(regex);
	g_autoptr(GString) empty = g_string_new(NULL);
	struct trial trial = {.literals = literals};
	size_t offset;
	guint i;

	trial.code =
	    regex_compile(regex, PCRE2_NO_START_OPTIMIZE, &message, &offset);
	if (trial.code == NULL)
		return g_steal_pointer(&message);
	trial.context = scratch_context_new(STEPS_MAX);
	trial.data = pcre2_match_data_create(1, NULL);
	if (!try_text(&trial, empty, 0, "") && !try_runs(&trial, ""))
		for (i = 0; i < literals->len; i++)
			if (try_runs(&trial, g_ptr_array_index(literals, i)))
				break;
	pcre2_match_data_free(trial.data);
	pcre2_match_context_free(trial.context);
	pcre2_code_free(trial.code);
	return trial.fault;
}
