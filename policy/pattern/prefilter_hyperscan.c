#include <hs/hs.h>
#include <stdlib.h>
#include <string.h>

#include "policy/pattern/prefilter.h"
#include "policy/pattern/shadow.h"

/*
 * Hyperscan sees shadows (shadow.h) and tells where a match of one may end.
 * Since it is known how long a match can be, that gives the window in which it
 * begins.  Of a regex whose matches may be of any length it is only asked
 * whether there is one.
 */
enum {
	FLAGS = HS_FLAG_CASELESS,
	FLAGS_UNBOUNDED = FLAGS | HS_FLAG_SINGLEMATCH | HS_FLAG_PREFILTER,
	/* Of a text; what is told beyond counts for all of it. */
	ENDS_MAX = 256 * 1024,
	/*
	 * Bytes of a shadow.  Compiling takes more than its square, and long
	 * ones are rare: they cost seconds at every start to save little.
	 */
	SHADOW_MAX = 250,
};

struct rule {
	struct width width;
	bool always; /* it cannot do that one */
};

struct prefilter {
	hs_database_t *database;
	hs_scratch_t *prototype;
	struct rule *rules;
	guint count; /* of them */
};

/* A match ends in the step-th SHADOW_STEP of characters. */
struct end {
	guint id, step;
};

struct prefilter_scratch {
	const struct prefilter *prefilter;
	hs_scratch_t *hs;
	struct shadow_text shadow;
	GArray *ends;   /* struct end */
	guint *steps;   /* of each rule: its last end's, plus 1 */
	bool *anywhere; /* … its windows are the whole text */
};

/* What is given to Hyperscan. */
struct input {
	GPtrArray *expressions; /* char *, owned */
	GArray *ids, *flags;    /* unsigned */
};

static struct input *
input_new(void)
{
	struct input *input = g_new0(struct input, 1);

	input->expressions = g_ptr_array_new_with_free_func(g_free);
	input->ids = g_array_new(FALSE, FALSE, sizeof(unsigned));
	input->flags = g_array_new(FALSE, FALSE, sizeof(unsigned));
	return input;
}

static void
input_free(struct input *input)
{
	g_ptr_array_unref(input->expressions);
	g_array_unref(input->ids);
	g_array_unref(input->flags);
	g_free(input);
}

/* True when Hyperscan takes it, by itself at least. */
static bool
is_accepted(const char *expression, unsigned flags)
{
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *error = NULL;
	bool accepted = false;

	/* Where nothing stands, it has nothing to tell. */
	if (hs_expression_info(expression, flags, &info, &error) == HS_SUCCESS)
		accepted = info->min_width > 0;
	hs_free_compile_error(error);
	free(info);
	return accepted;
}

static void
add(struct prefilter *prefilter, struct input *input, const char *regex,
    unsigned id)
{
	struct rule *rule = &prefilter->rules[id];
	g_autofree char *expression = shadow_regex(regex, &rule->width);
	unsigned flags = rule->width.unbounded ? FLAGS_UNBOUNDED : FLAGS;

	rule->always = expression == NULL || strlen(expression) > SHADOW_MAX ||
		       !is_accepted(expression, flags);
	if (rule->always)
		return;
	g_ptr_array_add(input->expressions, g_steal_pointer(&expression));
	g_array_append_val(input->ids, id);
	g_array_append_val(input->flags, flags);
}

/* Which one is too much for it, when all together are; else all of them. */
static guint
compile_once(struct prefilter *prefilter, const struct input *input)
{
	hs_compile_error_t *error = NULL;
	guint bad = G_MAXUINT;

	if (hs_compile_multi((const char *const *)input->expressions->pdata,
		(const unsigned *)(const void *)input->flags->data,
		(const unsigned *)(const void *)input->ids->data,
		input->ids->len, HS_MODE_BLOCK, NULL, &prefilter->database,
		&error) == HS_SUCCESS)
		return bad;
	if (error->expression >= 0)
		bad = (guint)error->expression;
	hs_free_compile_error(error);
	return bad;
}

static bool
compile(struct prefilter *prefilter, struct input *input)
{
	guint bad;

	while (input->ids->len > 0) {
		bad = compile_once(prefilter, input);
		if (bad >= input->ids->len)
			break;
		prefilter->rules[g_array_index(input->ids, unsigned, bad)]
		    .always = true;
		g_ptr_array_remove_index(input->expressions, bad);
		g_array_remove_index(input->ids, bad);
		g_array_remove_index(input->flags, bad);
	}
	return prefilter->database != NULL &&
	       hs_alloc_scratch(prefilter->database, &prefilter->prototype) ==
		   HS_SUCCESS;
}

struct prefilter *
prefilter_new(const GPtrArray *regexes)
{
	struct prefilter *prefilter;
	struct input *input;
	bool good;
	guint i;

	if (hs_valid_platform() != HS_SUCCESS)
		return NULL;
	prefilter = g_new0(struct prefilter, 1);
	prefilter->count = regexes->len;
	prefilter->rules = g_new0(struct rule, regexes->len);
	input = input_new();
	for (i = 0; i < regexes->len; i++)
		add(prefilter, input, g_ptr_array_index(regexes, i), i);
	good = compile(prefilter, input);
	input_free(input);
	if (good)
		return prefilter;
	prefilter_free(prefilter);
	return NULL;
}

void
prefilter_free(struct prefilter *prefilter)
{
	if (prefilter == NULL)
		return;
	hs_free_scratch(prefilter->prototype);
	hs_free_database(prefilter->database);
	g_free(prefilter->rules);
	g_free(prefilter);
}

struct prefilter_scratch *
prefilter_scratch_new(const struct prefilter *prefilter)
{
	struct prefilter_scratch *scratch = g_new0(struct prefilter_scratch, 1);

	if (hs_clone_scratch(prefilter->prototype, &scratch->hs) != HS_SUCCESS)
		g_error("out of memory");
	scratch->prefilter = prefilter;
	shadow_text_init(&scratch->shadow);
	scratch->ends = g_array_new(FALSE, FALSE, sizeof(struct end));
	scratch->steps = g_new0(guint, prefilter->count);
	scratch->anywhere = g_new0(bool, prefilter->count);
	return scratch;
}

void
prefilter_scratch_free(struct prefilter_scratch *scratch)
{
	if (scratch == NULL)
		return;
	hs_free_scratch(scratch->hs);
	shadow_text_clear(&scratch->shadow);
	g_array_unref(scratch->ends);
	g_free(scratch->steps);
	g_free(scratch->anywhere);
	g_free(scratch);
}

static int
on_match(unsigned id, unsigned long long from, unsigned long long to,
    unsigned flags, void *context)
{
	struct prefilter_scratch *scratch = context;
	struct end end = {.id = id, .step = (guint)(to / SHADOW_STEP)};

	(void)from;
	(void)flags;
	if (scratch->prefilter->rules[id].width.unbounded ||
	    scratch->ends->len == ENDS_MAX) {
		scratch->anywhere[id] = true;
	} else if (scratch->steps[id] != end.step + 1) {
		scratch->steps[id] = end.step + 1;
		g_array_append_val(scratch->ends, end);
	}
	return 0;
}

static int
compare_ends(const void *p, const void *q)
{
	const struct end *a = p, *b = q;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return a->step < b->step ? -1 : a->step > b->step;
}

/* The window before an end; made one with that before when they touch. */
static void
add_window(const struct shadow_text *shadow, const struct end *end,
    gsize longest, GArray *windows)
{
	gsize from = (gsize)end->step * SHADOW_STEP;
	struct window window = {
	    .id = end->id,
	    .first =
		shadow_text_before(shadow, from > longest ? from - longest : 0),
	    .last = shadow_text_behind(shadow, from + SHADOW_STEP - 1),
	};
	struct window *before =
	    windows->len > 0
		? &g_array_index(windows, struct window, windows->len - 1)
		: NULL;

	if (before != NULL && before->id == window.id &&
	    window.first <= before->last + 1)
		before->last = window.last;
	else
		g_array_append_val(windows, window);
}

static void
add_windows(const struct prefilter *prefilter,
    const struct prefilter_scratch *scratch, GArray *windows)
{
	const struct shadow_text *shadow = &scratch->shadow;
	struct runs runs = shadow_text_runs(shadow);
	guint id, next = 0;

	for (id = 0; id < prefilter->count; id++) {
		const struct rule *rule = &prefilter->rules[id];
		struct window all = {id, 0, shadow->source_len};
		gsize longest = width_in(rule->width, runs);
		bool anywhere = rule->always || scratch->anywhere[id];

		for (; next < scratch->ends->len; next++) {
			const struct end *end =
			    &g_array_index(scratch->ends, struct end, next);

			if (end->id != id)
				break;
			if (!anywhere)
				add_window(shadow, end, longest, windows);
		}
		if (anywhere)
			g_array_append_val(windows, all);
	}
}

bool
prefilter_scan(const struct prefilter *prefilter,
    struct prefilter_scratch *scratch, const char *text, gsize len,
    GArray *windows)
{
	if (len > UINT_MAX || !shadow_text_set(&scratch->shadow, text, len))
		return false;
	g_array_set_size(scratch->ends, 0);
	memset(scratch->steps, 0, prefilter->count * sizeof(guint));
	memset(scratch->anywhere, 0, prefilter->count * sizeof(bool));
	if (hs_scan(prefilter->database, scratch->shadow.bytes,
		(unsigned)scratch->shadow.len, 0, scratch->hs, on_match,
		scratch) != HS_SUCCESS)
		return false;
	g_array_sort(scratch->ends, compare_ends);
	add_windows(prefilter, scratch, windows);
	return true;
}
