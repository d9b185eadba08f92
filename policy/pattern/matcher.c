#include <string.h>
#include <time.h>

#include "policy/pattern/matcher.h"
#include "policy/pattern/needs.h"
#include "policy/pattern/scratch.h"
#include "policy/pattern/trial.h"

/* What a scan gives at most, of one regex and of all. */
enum { MATCHES_MAX = 100 * 1000, MATCHES_OF_ONE_MAX = 10 * 1000 };

/*
 * PCRE2 limits what a match may cost from one place of a text, not what all
 * places cost together: "\d+x" on a million digits takes half a billion steps.
 * So places are tried slice by slice, and between slices the clock is read.
 * Slices grow: on most texts a few cover all of it.
 */
enum {
	SLICE_MIN = 512,
	SLICE_GROWTH = 16,
	SCAN_SECONDS = 5, /* of this thread's processor time */
};

struct pattern {
	char *regex, *name;
	struct place place;
	pcre2_code *code;
	gsize ready; /* it was made machine code, for g_once_init_enter() */
};

struct matcher {
	GPtrArray *patterns;         /* struct pattern */
	bool plain;                  /* no prefilter is wanted */
	bool literal_blind;          /* no literals are wanted */
	struct needs *needs;         /* of literals */
	GArray *others;              /* guint: the ids that have none */
	struct prefilter *prefilter; /* of the others; or NULL */
	struct scratch_pool *pool;
};

/* One scan of one text. */
struct scan {
	const char *text;
	gsize len;
	struct scratch *scratch;
	gint64 deadline; /* on the clock of now(); 0: it is not asked yet */
	GArray *matches; /* struct match */
	guint max;       /* of them */
};

static void
pattern_free(void *p)
{
	struct pattern *pattern = p;

	g_free(pattern->regex);
	g_free(pattern->name);
	pcre2_code_free(pattern->code);
	g_free(pattern);
}

struct matcher *
matcher_new(void)
{
	struct matcher *m = g_new0(struct matcher, 1);

	m->patterns = g_ptr_array_new_with_free_func(pattern_free);
	m->others = g_array_new(FALSE, FALSE, sizeof(guint));
	return m;
}

void
matcher_free(struct matcher *m)
{
	if (m == NULL)
		return;
	scratch_pool_free(m->pool);
	needs_free(m->needs);
	prefilter_free(m->prefilter);
	g_array_unref(m->others);
	g_ptr_array_unref(m->patterns);
	g_free(m);
}

guint
matcher_add(struct matcher *m, const char *regex, const char *name,
    const struct place *place)
{
	struct pattern *pattern = g_new0(struct pattern, 1);

	pattern->regex = g_strdup(regex);
	pattern->name = g_strdup(name);
	pattern->place = *place;
	g_ptr_array_add(m->patterns, pattern);
	return m->patterns->len - 1;
}

void
matcher_forgo_prefilter(struct matcher *m)
{
	m->plain = true;
}

void
matcher_forgo_literals(struct matcher *m)
{
	m->literal_blind = true;
}

bool
matcher_has_prefilter(const struct matcher *m)
{
	return m->prefilter != NULL;
}

static bool
compile_pattern(
    struct pattern *pattern, struct trial *trial, struct diags *diags)
{
	g_autofree char *message = NULL;
	size_t offset;

	pattern->code = regex_compile(pattern->regex, 0, &message, &offset);
	if (pattern->code != NULL)
		message = trial_fault(trial, pattern->regex, pattern->code);
	if (message != NULL) {
		diags_add(diags, DIAG_ERROR, &pattern->place, "\"%s\": %s",
		    pattern->name, message);
		return false;
	}
	return true;
}

static uint32_t
count_groups(const struct matcher *m)
{
	uint32_t most = 0, count;
	guint i;

	for (i = 0; i < m->patterns->len; i++) {
		const struct pattern *pattern =
		    g_ptr_array_index(m->patterns, i);

		pcre2_pattern_info(
		    pattern->code, PCRE2_INFO_CAPTURECOUNT, &count);
		most = MAX(most, count);
	}
	return most;
}

/* The literals that regexes need; those that need none are noted. */
static void
find_needs(struct matcher *m)
{
	guint i;

	m->needs = needs_new();
	for (i = 0; i < m->patterns->len; i++) {
		const struct pattern *pattern =
		    g_ptr_array_index(m->patterns, i);

		if (m->literal_blind || !needs_add(m->needs, pattern->regex, i))
			g_array_append_val(m->others, i);
	}
	needs_seal(m->needs);
}

static struct prefilter *
make_prefilter(const struct matcher *m)
{
	g_autoptr(GPtrArray) regexes = g_ptr_array_new();
	guint i;

	g_ptr_array_set_size(regexes, (gint)m->patterns->len);
	for (i = 0; i < m->others->len; i++) {
		guint id = g_array_index(m->others, guint, i);
		const struct pattern *pattern =
		    g_ptr_array_index(m->patterns, id);

		regexes->pdata[id] = pattern->regex;
	}
	return prefilter_new(regexes);
}

bool
matcher_compile(struct matcher *m, struct diags *diags)
{
	g_autoptr(trial) trial = trial_new();
	bool good = true;
	guint i;

	for (i = 0; i < m->patterns->len; i++)
		if (!compile_pattern(m->patterns->pdata[i], trial, diags))
			good = false;
	if (!good)
		return false;
	find_needs(m);
	if (!m->plain)
		m->prefilter = make_prefilter(m);
	m->pool = scratch_pool_new((struct scratch_size){
	    .groups = count_groups(m),
	    .regexes = m->patterns->len,
	    .needs = m->needs,
	    .prefilter = m->prefilter,
	});
	return true;
}

/* Processor time of this thread, in microseconds. */
static gint64
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (gint64)t.tv_sec * G_USEC_PER_SEC + t.tv_nsec / 1000;
}

/* Asking the clock is not cheap, and few scans have to. */
static bool
is_late(struct scan *scan)
{
	gint64 time = now();

	if (scan->deadline == 0)
		scan->deadline = time + SCAN_SECONDS * G_USEC_PER_SEC;
	return time > scan->deadline;
}

/*
 * Most patterns of a file are never tried, so that each is made machine code
 * when it first is.  Where there is no JIT, the interpreter does it.
 */
static void
make_ready(struct pattern *pattern)
{
	if (!g_once_init_enter(&pattern->ready))
		return;
	pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
	g_once_init_leave(&pattern->ready, 1);
}

/* Where JIT has too little stack, the interpreter does it. */
static int
match_once(const struct pattern *pattern, const struct scan *scan, gsize start,
    uint32_t options)
{
	PCRE2_SPTR text = (PCRE2_SPTR)scan->text;
	int rc;

	options |= PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY;
	rc = pcre2_match(pattern->code, text, scan->len, start, options,
	    scan->scratch->data, scan->scratch->context);
	if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
		rc = pcre2_match(pattern->code, text, scan->len, start,
		    options | PCRE2_NO_JIT, scan->scratch->data,
		    scan->scratch->context);
	return rc;
}

/* The next match that begins from start to last, slice by slice. */
static int
match_next(const struct pattern *pattern, struct scan *scan, gsize start,
    gsize last, gsize *slice)
{
	gsize limit;
	int rc;

	for (;;) {
		limit = last - start > *slice ? start + *slice : last;
		pcre2_set_offset_limit(scan->scratch->context, limit);
		rc = match_once(pattern, scan, start, 0);
		if (rc != PCRE2_ERROR_NOMATCH || limit == last)
			return rc;
		if (is_late(scan))
			return PCRE2_ERROR_MATCHLIMIT;
		*slice *= SLICE_GROWTH;
		/* To the character behind the one that was tried last. */
		start = limit + 1;
		while (start < scan->len &&
		       ((guchar)scan->text[start] & 0xc0) == 0x80)
			start++;
		if (start > last)
			return rc;
	}
}

/* The matches of a regex that begin in one of some windows. */
static bool
scan_windows(const struct matcher *m, struct scan *scan,
    const struct window *window, guint count)
{
	struct pattern *pattern = g_ptr_array_index(m->patterns, window->id);
	const PCRE2_SIZE *ovector =
	    pcre2_get_ovector_pointer(scan->scratch->data);
	struct match match = {.id = window->id};
	gsize slice = SLICE_MIN, start = window->first;
	guint found = 0;
	int rc;

	make_ready(pattern);
	while (count > 0) {
		start = MAX(start, window->first);
		rc = start > window->last ? PCRE2_ERROR_NOMATCH
					  : match_next(pattern, scan, start,
						window->last, &slice);
		if (rc == PCRE2_ERROR_NOMATCH) {
			window++;
			count--;
			continue;
		}
		if (rc < 0 || found == MATCHES_OF_ONE_MAX ||
		    scan->matches->len == scan->max)
			return false;
		match.start = ovector[0];
		match.end = start = ovector[1];
		g_array_append_val(scan->matches, match);
		found++;
	}
	return true;
}

/* How much of it is UTF-8; a NUL is a character like any other. */
static gsize
valid_length(const char *text, gsize len)
{
	const char *p = text, *end = text + len;

	while (!g_utf8_validate_len(p, (gsize)(end - p), &p) && p < end &&
	       *p == '\0')
		p++;
	return (gsize)(p - text);
}

static int
compare_matches(const void *p, const void *q)
{
	const struct match *a = p, *b = q;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

/* Where those may match that need no literals. */
static void
scan_others(const struct matcher *m, struct scratch *scratch, struct runs runs)
{
	const GArray *ids = windows_ids(scratch->others);
	guint i;

	windows_begin(scratch->others);
	if (m->prefilter == NULL ||
	    !prefilter_scan(m->prefilter, scratch->prefilter, &scratch->shadow,
		runs, scratch->others))
		for (i = 0; i < m->others->len; i++)
			windows_add(scratch->others,
			    g_array_index(m->others, guint, i), 0,
			    scratch->shadow.len);
	for (i = 0; i < ids->len; i++)
		windows_take(scratch->others, g_array_index(ids, guint, i),
		    scratch->windows);
}

/* Where which regex may match. */
static void
find_windows(const struct matcher *m, const struct scan *scan)
{
	struct scratch *scratch = scan->scratch;
	struct runs runs;

	g_array_set_size(scratch->windows, 0);
	shadow_text_set(&scratch->shadow, scan->text, scan->len);
	runs = shadow_text_runs(&scratch->shadow);
	needs_scan(
	    m->needs, scratch->needs, &scratch->shadow, runs, scratch->windows);
	if (m->others->len > 0)
		scan_others(m, scratch, runs);
	windows_sort(scratch->windows, &scratch->shadow);
}

/* All matches, regex by regex; false when some may be missing. */
static bool
find_matches(const struct matcher *m, struct scan *scan)
{
	const GArray *windows = scan->scratch->windows;
	const struct window *first, *window;
	bool complete = true;
	guint i, count;

	for (i = 0; i < windows->len; i += count) {
		first = &g_array_index(windows, struct window, i);
		for (count = 1; i + count < windows->len; count++) {
			window =
			    &g_array_index(windows, struct window, i + count);
			if (window->id != first->id)
				break;
		}
		if (!scan_windows(m, scan, first, count))
			complete = false;
	}
	return complete;
}

bool
matcher_scan(
    const struct matcher *m, const char *text, gsize len, GArray *matches)
{
	guint first = matches->len;
	struct scan scan = {
	    .text = text,
	    .len = valid_length(text, len),
	    .scratch = scratch_take(m->pool),
	    .matches = matches,
	    .max = first + MATCHES_MAX,
	};
	bool complete;

	find_windows(m, &scan);
	complete = find_matches(m, &scan) && scan.len == len;
	scratch_give(m->pool, scan.scratch);
	if (matches->len > first)
		qsort(&g_array_index(matches, struct match, first),
		    matches->len - first, sizeof(struct match),
		    compare_matches);
	return complete;
}

/* The group in the match that the scratch holds; count: of groups set. */
static bool
find_group(const struct pattern *pattern, const struct scratch *scratch,
    int count, const char *group, gsize *start, gsize *end)
{
	const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(scratch->data);
	PCRE2_SPTR first, last, entry;
	int size = pcre2_substring_nametable_scan(
	    pattern->code, (PCRE2_SPTR)group, &first, &last);

	if (size < 0)
		return false;
	/* The same name may stand more than once. */
	for (entry = first; entry <= last; entry += size) {
		int number = entry[0] << 8 | entry[1];

		if (number >= count || ovector[2 * number] == PCRE2_UNSET)
			continue;
		*start = ovector[2 * number];
		*end = ovector[2 * number + 1];
		return true;
	}
	return false;
}

bool
matcher_group(const struct matcher *m, const char *text, gsize len,
    const struct match *match, const char *group, gsize *start, gsize *end)
{
	const struct pattern *pattern =
	    g_ptr_array_index(m->patterns, match->id);
	struct scan scan = {
	    .text = text,
	    .len = valid_length(text, len),
	    .scratch = scratch_take(m->pool),
	};
	int count;
	bool found;

	pcre2_set_offset_limit(scan.scratch->context, scan.len);
	count = match_once(pattern, &scan, match->start, PCRE2_ANCHORED);
	found = count > 0 &&
		find_group(pattern, scan.scratch, count, group, start, end);
	scratch_give(m->pool, scan.scratch);
	return found;
}
