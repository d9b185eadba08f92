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
	/*
	 * Bytes of a shadow.  Compiling takes more than its square, and long
	 * ones are rare: they cost seconds at every start to save little.
	 */
	SHADOW_MAX = 250,
};

struct rule {
	guint id;
	struct width width;
	bool always; /* it cannot do that one */
};

struct prefilter {
	hs_database_t *database;
	hs_scratch_t *prototype;
	GArray *rules; /* struct rule */
};

struct prefilter_scratch {
	hs_scratch_t *hs;
};

/* One scan of one text. */
struct scan {
	const struct prefilter *prefilter;
	gsize len;
	struct runs runs;
	struct windows *windows;
};

/* What is given to Hyperscan. */
struct input {
	GPtrArray *expressions; /* char *, owned */
	GArray *ids, *flags;    /* unsigned; the ids are indexes of rules */
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

static struct rule *
rule_at(const struct prefilter *prefilter, guint i)
{
	return &g_array_index(prefilter->rules, struct rule, i);
}

static void
add(struct prefilter *prefilter, struct input *input, const char *regex,
    guint id)
{
	struct rule rule = {.id = id};
	g_autofree char *expression = shadow_regex(regex, &rule.width);
	unsigned flags = rule.width.unbounded ? FLAGS_UNBOUNDED : FLAGS;
	unsigned index = prefilter->rules->len;

	rule.always = expression == NULL || strlen(expression) > SHADOW_MAX ||
		      !is_accepted(expression, flags);
	g_array_append_val(prefilter->rules, rule);
	if (rule.always)
		return;
	g_ptr_array_add(input->expressions, g_steal_pointer(&expression));
	g_array_append_val(input->ids, index);
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
		rule_at(prefilter, g_array_index(input->ids, unsigned, bad))
		    ->always = true;
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
	prefilter->rules = g_array_new(FALSE, FALSE, sizeof(struct rule));
	input = input_new();
	for (i = 0; i < regexes->len; i++)
		if (regexes->pdata[i] != NULL)
			add(prefilter, input, regexes->pdata[i], i);
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
	g_array_unref(prefilter->rules);
	g_free(prefilter);
}

struct prefilter_scratch *
prefilter_scratch_new(const struct prefilter *prefilter)
{
	struct prefilter_scratch *scratch = g_new0(struct prefilter_scratch, 1);

	if (hs_clone_scratch(prefilter->prototype, &scratch->hs) != HS_SUCCESS)
		g_error("out of memory");
	return scratch;
}

void
prefilter_scratch_free(struct prefilter_scratch *scratch)
{
	if (scratch == NULL)
		return;
	hs_free_scratch(scratch->hs);
	g_free(scratch);
}

static int
on_match(unsigned index, unsigned long long from, unsigned long long to,
    unsigned flags, void *context)
{
	const struct scan *scan = context;
	const struct rule *rule = rule_at(scan->prefilter, index);
	gsize longest = width_in(rule->width, scan->runs);

	(void)from;
	(void)flags;
	if (rule->width.unbounded)
		windows_add(scan->windows, rule->id, 0, scan->len);
	else
		windows_add(scan->windows, rule->id,
		    to > longest ? to - longest : 0, to);
	return 0;
}

bool
prefilter_scan(const struct prefilter *prefilter,
    struct prefilter_scratch *scratch, const struct shadow_text *shadow,
    struct runs runs, struct windows *windows)
{
	struct scan scan = {prefilter, shadow->len, runs, windows};
	guint i;

	if (shadow->blurred || shadow->len > UINT_MAX ||
	    hs_scan(prefilter->database, shadow->bytes, (unsigned)shadow->len,
		0, scratch->hs, on_match, &scan) != HS_SUCCESS)
		return false;
	for (i = 0; i < prefilter->rules->len; i++)
		if (rule_at(prefilter, i)->always)
			windows_add(
			    windows, rule_at(prefilter, i)->id, 0, shadow->len);
	return true;
}
