#include "policy/pattern/scratch.h"

/*
 * What one regex may cost at one place of a text.  None that passed its trial
 * comes near; memory is counted in KiB.
 */
enum {
	MATCH_LIMIT = 1000 * 1000,
	DEPTH_LIMIT = 100 * 1000,
	HEAP_LIMIT = 16 * 1024,
	JIT_STACK_MIN = 32 * 1024,
	JIT_STACK_MAX = 1024 * 1024,
};

/* As many wait for their next use; more are made when more threads scan. */
enum { IDLE_MAX = 64 };

struct scratch_pool {
	GMutex mutex;
	GPtrArray *idle; /* struct scratch */
	struct scratch_size size;
};

static void
scratch_free(void *p)
{
	struct scratch *scratch = p;

	pcre2_match_data_free(scratch->data);
	pcre2_match_context_free(scratch->context);
	pcre2_jit_stack_free(scratch->stack);
	prefilter_scratch_free(scratch->prefilter);
	shadow_text_clear(&scratch->shadow);
	needs_scratch_free(scratch->needs);
	windows_free(scratch->others);
	g_array_unref(scratch->windows);
	g_free(scratch);
}

struct scratch_pool *
scratch_pool_new(struct scratch_size size)
{
	struct scratch_pool *pool = g_new0(struct scratch_pool, 1);

	g_mutex_init(&pool->mutex);
	pool->idle = g_ptr_array_new_with_free_func(scratch_free);
	pool->size = size;
	return pool;
}

void
scratch_pool_free(struct scratch_pool *pool)
{
	if (pool == NULL)
		return;
	g_ptr_array_unref(pool->idle);
	g_mutex_clear(&pool->mutex);
	g_free(pool);
}

pcre2_match_context *
scratch_context_new(uint32_t match_limit)
{
	pcre2_match_context *context = pcre2_match_context_create(NULL);

	if (context == NULL)
		g_error("out of memory");
	pcre2_set_match_limit(context, match_limit);
	pcre2_set_depth_limit(context, DEPTH_LIMIT);
	pcre2_set_heap_limit(context, HEAP_LIMIT);
	return context;
}

static struct scratch *
scratch_new(const struct scratch_pool *pool)
{
	struct scratch *scratch = g_new0(struct scratch, 1);

	scratch->context = scratch_context_new(MATCH_LIMIT);
	scratch->data = pcre2_match_data_create(pool->size.groups + 1, NULL);
	if (scratch->data == NULL)
		g_error("out of memory");
	/* Without a stack of its own, JIT has 32 KiB of the machine's. */
	scratch->stack =
	    pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
	if (scratch->stack != NULL)
		pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
	shadow_text_init(&scratch->shadow);
	scratch->needs = needs_scratch_new(pool->size.needs);
	scratch->others = windows_new(pool->size.regexes);
	scratch->windows = g_array_new(FALSE, FALSE, sizeof(struct window));
	if (pool->size.prefilter != NULL)
		scratch->prefilter =
		    prefilter_scratch_new(pool->size.prefilter);
	return scratch;
}

struct scratch *
scratch_take(struct scratch_pool *pool)
{
	struct scratch *scratch = NULL;

	g_mutex_lock(&pool->mutex);
	if (pool->idle->len > 0)
		scratch = g_ptr_array_steal_index_fast(
		    pool->idle, pool->idle->len - 1);
	g_mutex_unlock(&pool->mutex);
	return scratch != NULL ? scratch : scratch_new(pool);
}

void
scratch_give(struct scratch_pool *pool, struct scratch *scratch)
{
	g_mutex_lock(&pool->mutex);
	if (pool->idle->len < IDLE_MAX) {
		g_ptr_array_add(pool->idle, scratch);
		scratch = NULL;
	}
	g_mutex_unlock(&pool->mutex);
	if (scratch != NULL)
		scratch_free(scratch);
}
