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
 * nowhere: by the interpreter.  It matches partially, which makes it do without
 * the short cuts that would see at once that such a text cannot match, but not
 * without the one that passes over where no match begins.
 */
#include <stdbool.h>
#include <string.h>

#include "policy/pattern/scan.h"
#include "policy/pattern/scratch.h"
#include "policy/pattern/shadow.h"
#include "policy/pattern/trial.h"
#include "policy/utf8.h"

enum {
	RUN = 120,              /* characters of a run, about */
	STEPS_MAX = 100 * 1000, /* from one place of the text */
	LITERALS_MAX = 8,       /* of a regex, that are tried */
	LITERAL_MAX = 60,       /* bytes of one */
	PLACES = 2,             /* where a match may begin, beside the first */
};

/* What fills a run, over and over. */
struct run {
	char unit[LITERAL_MAX + 2];
	gsize unit_len;
	char text[RUN + LITERAL_MAX + 1];
};

/* What leads to a run, and where a match may begin, from first to last. */
struct lead {
	const char *text;
	gsize len, first, last;
};

struct trial {
	pcre2_match_context *context;
	pcre2_match_data *data;
	GArray *runs;        /* struct run: those for all regexes … */
	guint common;        /* … and behind so many those of this one */
	GPtrArray *literals; /* char *, of this one */
	const pcre2_code *code;
	uint32_t behind; /* so many characters it looks back, at most */
	char *fault;
};

static void
add_run(struct trial *trial, const char *literal, const char *behind)
{
	struct run run;
	gsize len;

	run.unit_len = (gsize)g_snprintf(
	    run.unit, sizeof(run.unit), "%s%s", literal, behind);
	for (len = 0; len < RUN; len += run.unit_len)
		memcpy(run.text + len, run.unit, run.unit_len);
	g_array_append_val(trial->runs, run);
}

struct trial *
trial_new(void)
{
	static const char *const runs[] = {
	    "a", "0", " ", "\n", "a ", "a1 ", "Aa, ", ".", "-", "\xc3\xa9"};
	struct trial *trial = g_new0(struct trial, 1);
	guint i;

	trial->context = scratch_context_new(STEPS_MAX);
	trial->data = pcre2_match_data_create(1, NULL);
	if (trial->data == NULL)
		g_error("out of memory");
	trial->literals = g_ptr_array_new_with_free_func(g_free);
	trial->runs = g_array_new(FALSE, FALSE, sizeof(struct run));
	for (i = 0; i < G_N_ELEMENTS(runs); i++)
		add_run(trial, runs[i], "");
	trial->common = trial->runs->len;
	return trial;
}

void
trial_free(struct trial *trial)
{
	pcre2_match_data_free(trial->data);
	pcre2_match_context_free(trial->context);
	g_array_unref(trial->runs);
	g_ptr_array_unref(trial->literals);
	g_free(trial);
}

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
static void
find_literals(GPtrArray *literals, const char *p)
{
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
}

/* Tries it on one text; what PCRE2 says. */
static int
try_text(const struct trial *trial, const char *text, gsize len,
    const struct lead *lead)
{
	pcre2_set_offset_limit(trial->context, lead->last);
	return pcre2_match(trial->code, (PCRE2_SPTR)text, len, lead->first,
	    PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT | PCRE2_PARTIAL_SOFT, trial->data,
	    trial->context);
}

/* True when it is done with this regex. */
static bool
is_fault(struct trial *trial, int rc, const char *run)
{
	const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(trial->data);

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

/*
 * A run behind what leads to it.  What follows fails most regexes; to those
 * that never come as far it makes no difference.
 */
static bool
try_run(struct trial *trial, const struct lead *lead, const struct run *run)
{
	char text[LITERAL_MAX + RUN + LITERAL_MAX + 2];
	gsize len = lead->len;
	int rc;

	memcpy(text, lead->text, lead->len);
	while (len < RUN)
		len += run->unit_len;
	memcpy(text + lead->len, run->text, len - lead->len);
	text[len] = '\001';
	rc = try_text(trial, text, len, lead);
	if (is_fault(trial, rc, run->unit) || rc == PCRE2_ERROR_NOMATCH)
		return trial->fault != NULL;
	rc = try_text(trial, text, len + 1, lead);
	return is_fault(trial, rc, run->unit);
}

/* All runs behind one lead. */
static void
try_runs(struct trial *trial, const struct lead *lead)
{
	guint i;

	for (i = 0; i < trial->runs->len; i++)
		if (try_run(trial, lead,
			&g_array_index(trial->runs, struct run, i)))
			return;
}

/*
 * Runs behind a literal.  What sees only the run was tried when nothing led to
 * it; what fails before the end of the literal will, whatever follows.
 */
static void
try_literal(struct trial *trial, const char *literal)
{
	struct lead lead = {.text = literal, .len = strlen(literal)};

	lead.last = lead.len - 1;
	if (try_text(trial, literal, lead.len, &lead) == PCRE2_ERROR_NOMATCH)
		lead.first = lead.len;
	lead.last += MIN(trial->behind, PLACES + 1);
	if (lead.first <= lead.last)
		try_runs(trial, &lead);
}

/*
 * Does it look ahead for something that is repeated group by group?  It may do
 * so before it is known whether a match begins at all.
 */
static bool
looks_far(const char *regex)
{
	const char *p, *q, *end;

	for (p = strstr(regex, "(?"); p != NULL; p = strstr(p + 1, "(?")) {
		if (p[2] != '!' && p[2] != '=')
			continue;
		end = shadow_group_end(p);
		for (q = p; q + 1 < end; q++)
			if (*q == ')' && strchr("*+{", q[1]) != NULL)
				return true;
	}
	return false;
}

char *
trial_fault(struct trial *trial, const char *regex, const pcre2_code *code)
{
	const struct lead none = {.text = "", .last = PLACES};
	g_autoptr(pcre2_code) slow = NULL;
	g_autofree char *message = NULL;
	size_t offset;
	guint i;

	if (looks_far(regex))
		slow = regex_compile(
		    regex, PCRE2_NO_START_OPTIMIZE, &message, &offset);
	trial->code = slow != NULL ? slow : code;
	pcre2_pattern_info(code, PCRE2_INFO_MAXLOOKBEHIND, &trial->behind);
	g_ptr_array_set_size(trial->literals, 0);
	find_literals(trial->literals, regex);
	g_array_set_size(trial->runs, trial->common);
	for (i = 0; i < trial->literals->len; i++) {
		add_run(trial, trial->literals->pdata[i], "");
		add_run(trial, trial->literals->pdata[i], " ");
	}
	if (!is_fault(trial, try_text(trial, "", 0, &none), ""))
		try_runs(trial, &none);
	for (i = 0; i < trial->literals->len && trial->fault == NULL; i++)
		try_literal(trial, trial->literals->pdata[i]);
	return g_steal_pointer(&trial->fault);
}
