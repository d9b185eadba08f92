#include "policy/pattern/prefilter.h"

struct prefilter *
prefilter_new(const GPtrArray *regexes)
{
	(void)regexes;
	return NULL;
}

void
prefilter_free(struct prefilter *prefilter)
{
	(void)prefilter;
}

struct prefilter_scratch *
prefilter_scratch_new(const struct prefilter *prefilter)
{
	(void)prefilter;
	return NULL;
}

void
prefilter_scratch_free(struct prefilter_scratch *scratch)
{
	(void)scratch;
}

bool
prefilter_scan(const struct prefilter *prefilter,
    struct prefilter_scratch *scratch, const struct shadow_text *shadow,
    struct runs runs, struct windows *windows)
{
	(void)prefilter;
	(void)scratch;
	(void)shadow;
	(void)runs;
	(void)windows;
	return false;
}
