/*
 * What a thread needs while it scans, kept for the next one: match data, the
 * stack of PCRE2's JIT, Hyperscan's scratch.  Only the matcher includes this
 * header.
 */
#ifndef POLICY_PATTERN_SCRATCH_H
#define POLICY_PATTERN_SCRATCH_H

#include "policy/pattern/needs.h"
#include "policy/pattern/prefilter.h"
#include "policy/pattern/regex.h"

struct scratch {
	pcre2_match_context *context;	/* with all limits set */
	pcre2_match_data *data;
	pcre2_jit_stack *stack;
	struct prefilter_scratch *prefilter;	/* or NULL */
	struct shadow_text shadow;
	struct needs_scratch *needs;
	struct windows *others;	/* regexes that need none */
	GArray *windows;	/* struct window, of all regexes */
};

/* Any thread may take from a pool and give back to it. */
struct scratch_pool;

/* What it depends on. */
struct scratch_size {
	uint32_t groups; /* named ones of the regex that has most */
	guint regexes;
	const struct needs *needs;
	const struct prefilter *prefilter; /* or NULL */
};

struct scratch_pool *scratch_pool_new(struct scratch_size);
void scratch_pool_free(struct scratch_pool *);
struct scratch *scratch_take(struct scratch_pool *);
void scratch_give(struct scratch_pool *, struct scratch *);

/*
 * A context with the limits of one match: match_limit counts PCRE2's steps from
 * one place of the text.
 */
pcre2_match_context *scratch_context_new(uint32_t match_limit);

#endif
