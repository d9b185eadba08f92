#include "policy/pattern/width.h"

/* Beyond this a width is no help. */
enum { FACTOR_MAX = 100 * 1000 };

/* A group that is open. */
struct group {
	struct width longest; /* of the alternatives before */
	struct width sum;     /* of this one, but for its last part */
	struct width last;
	enum width_kind kind; /* of the last part */
};

struct width_sum {
	GArray *groups; /* struct group, the regex itself first */
};

static guint
capped(guint64 factor, bool *unbounded)
{
	*unbounded = *unbounded || factor > FACTOR_MAX;
	return (guint)MIN(factor, FACTOR_MAX);
}

struct width
width_plus(struct width a, struct width b)
{
	struct width sum = {.unbounded = a.unbounded || b.unbounded};

	sum.fixed = capped((guint64)a.fixed + b.fixed, &sum.unbounded);
	sum.words = capped((guint64)a.words + b.words, &sum.unbounded);
	sum.spaces = capped((guint64)a.spaces + b.spaces, &sum.unbounded);
	return sum;
}

static struct width
times(struct width a, guint n)
{
	struct width product = {.unbounded = a.unbounded};

	product.fixed = capped((guint64)a.fixed * n, &product.unbounded);
	product.words = capped((guint64)a.words * n, &product.unbounded);
	product.spaces = capped((guint64)a.spaces * n, &product.unbounded);
	return product;
}

struct width
width_either(struct width a, struct width b)
{
	struct width longest = {
	    .fixed = MAX(a.fixed, b.fixed),
	    .words = MAX(a.words, b.words),
	    .spaces = MAX(a.spaces, b.spaces),
	    .unbounded = a.unbounded || b.unbounded,
	};

	return longest;
}

struct width
width_repeat(struct width width, enum width_kind kind, guint max)
{
	if (max != WIDTH_NO_MAX)
		return times(width, max);
	switch (kind) {
	case WIDTH_WORD:
		return (struct width){.words = 1};
	case WIDTH_SPACE:
		return (struct width){.spaces = 1};
	case WIDTH_MIXED:
		break;
	}
	width.unbounded = true;
	return width;
}

bool
width_is_some(struct width width)
{
	return width.unbounded || width.fixed > 0 || width.words > 0 ||
	       width.spaces > 0;
}

gsize
width_in(struct width width, struct runs runs)
{
	/* Factors are small and no text is near 2^40 characters. */
	if (width.unbounded || runs.word >> 40 != 0 || runs.space >> 40 != 0)
		return G_MAXSIZE;
	return width.fixed + width.words * runs.word +
	       width.spaces * runs.space;
}

struct width_sum *
width_sum_new(void)
{
	struct width_sum *sum = g_new0(struct width_sum, 1);

	sum->groups = g_array_new(FALSE, TRUE, sizeof(struct group));
	g_array_set_size(sum->groups, 1);
	return sum;
}

void
width_sum_free(struct width_sum *sum)
{
	if (sum == NULL)
		return;
	g_array_unref(sum->groups);
	g_free(sum);
}

static struct group *
innermost(struct width_sum *sum)
{
	return &g_array_index(sum->groups, struct group, sum->groups->len - 1);
}

static void
add(struct group *group, struct width width)
{
	group->sum = width_plus(group->sum, group->last);
	group->last = width;
	group->kind = WIDTH_MIXED;
}

void
width_sum_char(struct width_sum *sum, enum width_kind kind)
{
	struct group *group = innermost(sum);

	add(group, (struct width){.fixed = 1});
	group->kind = kind;
}

void
width_sum_empty(struct width_sum *sum)
{
	add(innermost(sum), (struct width){.fixed = 0});
}

void
width_sum_repeat(struct width_sum *sum, guint max)
{
	struct group *group = innermost(sum);

	group->last = width_repeat(group->last, group->kind, max);
	group->kind = WIDTH_MIXED;
}

void
width_sum_open(struct width_sum *sum)
{
	g_array_set_size(sum->groups, sum->groups->len + 1);
}

void
width_sum_or(struct width_sum *sum)
{
	struct group *group = innermost(sum);

	add(group, (struct width){.fixed = 0});
	group->longest = width_either(group->longest, group->sum);
	group->sum = (struct width){.fixed = 0};
}

void
width_sum_close(struct width_sum *sum)
{
	struct width width;

	width_sum_or(sum);
	width = innermost(sum)->longest;
	if (sum->groups->len > 1)
		g_array_set_size(sum->groups, sum->groups->len - 1);
	else
		width.unbounded = true;
	add(innermost(sum), width);
}

struct width
width_sum_total(struct width_sum *sum)
{
	width_sum_or(sum);
	return innermost(sum)->longest;
}
