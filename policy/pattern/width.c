#include "policy/pattern/width.h"

/* Beyond this a width is no help. */
enum { FACTOR_MAX = 100 * 1000 };

/* A group that is open. */
struct group {
	struct width longest; /* of the alternatives before */
	struct width sum;     /* of this one, but for its last part */
	struct width last;
	bool one_char;        /* the last part is one character … */
	enum width_kind kind; /* … of this kind */
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

static struct width
plus(struct width a, struct width b)
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

static struct width
longer(struct width a, struct width b)
{
	struct width longest = {
	    .fixed = MAX(a.fixed, b.fixed),
	    .words = MAX(a.words, b.words),
	    .spaces = MAX(a.spaces, b.spaces),
	    .unbounded = a.unbounded || b.unbounded,
	};

	return longest;
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
	group->sum = plus(group->sum, group->last);
	group->last = width;
	group->one_char = false;
}

void
width_sum_char(struct width_sum *sum, enum width_kind kind)
{
	struct group *group = innermost(sum);

	add(group, (struct width){.fixed = 1});
	group->one_char = true;
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

	if (max != WIDTH_NO_MAX)
		group->last = times(group->last, max);
	else if (group->one_char && group->kind == WIDTH_WORD)
		group->last = (struct width){.words = 1};
	else if (group->one_char && group->kind == WIDTH_SPACE)
		group->last = (struct width){.spaces = 1};
	else
		group->last.unbounded = true;
	group->one_char = false;
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
	group->longest = longer(group->longest, group->sum);
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
