#include <string.h>

#include "policy/pattern/part.h"

/* The cost of an offer that is none. */
#define NO_USE G_MAXDOUBLE

static struct part_set *
set_new(guint literals)
{
	struct part_set *set = g_rc_box_new0(struct part_set);

	set->literals =
	    g_array_sized_new(FALSE, FALSE, sizeof(struct literal), literals);
	return set;
}

static void
set_clear(void *p)
{
	g_array_unref(((struct part_set *)p)->literals);
}

static void
set_unref(void *p)
{
	g_rc_box_release_full(p, set_clear);
}

static GPtrArray *
case_new(void)
{
	return g_ptr_array_new_with_free_func(set_unref);
}

static void
case_unref(void *p)
{
	g_ptr_array_unref(p);
}

static void *
case_ref(const void *p, void *data)
{
	(void)data;
	return g_ptr_array_ref((GPtrArray *)(guintptr)p);
}

static GPtrArray *
cases_new(void)
{
	return g_ptr_array_new_with_free_func(case_unref);
}

void
part_clear(struct part *part)
{
	g_clear_pointer(&part->texts, g_ptr_array_unref);
	g_clear_pointer(&part->cases, g_ptr_array_unref);
	part->repeated = false;
	part->ahead = false;
}

/* Texts never change once they are a part's; of its cases the list may. */
struct part
part_copy(const struct part *part)
{
	struct part copy = *part;

	if (copy.texts != NULL)
		g_ptr_array_ref(copy.texts);
	if (copy.cases != NULL)
		copy.cases = g_ptr_array_copy(part->cases, case_ref, NULL);
	return copy;
}

bool
part_add_text(GPtrArray *texts, char *text, guint max)
{
	if (g_ptr_array_find(texts, text, NULL))
		return true;
	if (texts->len == max)
		return false;
	g_ptr_array_add(texts, text);
	return true;
}

GPtrArray *
part_texts(GStringChunk *chunk, const char *text)
{
	GPtrArray *texts = g_ptr_array_new();

	g_ptr_array_add(texts, g_string_chunk_insert_const(chunk, text));
	return texts;
}

/* Two texts as one; NULL when that is too long. */
static char *
join(GStringChunk *chunk, const char *a, const char *b)
{
	char text[REQUIRED_LENGTH_MAX + 1];
	size_t a_len = strlen(a), b_len;

	/* Of words only the first is of use. */
	if (a_len > 0 && *b == *PART_WORD)
		b++;
	/* Two runs of white space that touch are one. */
	if (a_len > 0 && a[a_len - 1] == ' ' && *b == ' ')
		b++;
	b_len = strlen(b);
	if (a_len + b_len > REQUIRED_LENGTH_MAX)
		return NULL;
	memcpy(text, a, a_len);
	memcpy(text + a_len, b, b_len + 1);
	return g_string_chunk_insert_const(chunk, text);
}

/* Every one of a with every one of b behind it; NULL: too many or too long. */
static GPtrArray *
product(GStringChunk *chunk, const GPtrArray *a, const GPtrArray *b)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new();
	guint i, k;

	if (a->len * b->len > PART_TEXTS_MAX)
		return NULL;
	for (i = 0; i < a->len; i++)
		for (k = 0; k < b->len; k++) {
			char *text = join(chunk, a->pdata[i], b->pdata[k]);

			if (text == NULL ||
			    !part_add_text(texts, text, PART_TEXTS_MAX))
				return NULL;
		}
	return g_steal_pointer(&texts);
}

/*
 * How seldom a text has the literal at a place, about: letters are many, and
 * the next one can half be guessed, but one that stands by itself says nothing.
 */
static double
rarity_of(const char *p)
{
	enum { AT_WORD = 6, FIRST = 10, LETTER = 3, SPACE = 2, OTHER = 30 };
	bool at_word = *p == *PART_WORD;
	double rarity = at_word ? AT_WORD : 1;
	int letters = 0, others = 0;

	for (p += at_word; *p != '\0'; p++) {
		if (*p == ' ')
			rarity *= SPACE;
		else if (g_ascii_isalpha(*p))
			rarity *= letters++ > 0 ? LETTER : FIRST;
		else
			rarity *= others++ > 0 ? LETTER : OTHER;
	}
	return letters + others == 0 ||
		       (letters == 1 && others == 0 && !at_word)
		   ? 0
		   : rarity;
}

/*
 * What it costs, about, to look for a literal: how often it will stand where it
 * is of no use, times the places at which a match is tried then.
 */
static double
cost_of(const struct literal *literal)
{
	static const struct runs usual = {.word = 20, .space = 2};
	enum { TRY = 100, ANYWHERE = 2000 };
	double rarity = rarity_of(literal->text);
	double places =
	    TRY + (literal->before.unbounded
			  ? ANYWHERE
			  : (double)width_in(literal->before, usual));

	return rarity > 0 ? places / rarity : NO_USE;
}

static void
set_add(struct part_set *set, struct literal literal)
{
	double cost = cost_of(&literal);

	g_array_append_val(set->literals, literal);
	set->cost = MAX(set->cost, cost) == NO_USE ? NO_USE : set->cost + cost;
}

/* The case needs the set too, when it is one of the most telling. */
static void
case_add(GPtrArray *sets, struct part_set *set)
{
	guint i = sets->len;

	while (
	    i > 0 && set->cost < ((struct part_set *)sets->pdata[i - 1])->cost)
		i--;
	if (set->cost == NO_USE || i == REQUIRED_SETS_MAX)
		return;
	g_ptr_array_insert(sets, (gint)i, g_rc_box_acquire(set));
	if (sets->len > REQUIRED_SETS_MAX)
		g_ptr_array_set_size(sets, REQUIRED_SETS_MAX);
}

static void
cases_add(GPtrArray *cases, struct part_set *set)
{
	guint i;

	for (i = 0; i < cases->len; i++)
		case_add(cases->pdata[i], set);
}

/* Every case needs one of the run. */
static void
offer_run(struct sequence *s)
{
	struct part_set *set = set_new(s->run->len);
	guint i;

	for (i = 0; i < s->run->len; i++)
		set_add(
		    set, (struct literal){s->run->pdata[i], s->before, false});
	cases_add(s->cases, set);
	set_unref(set);
}

/* Adds a literal that is not there; false when they are too many. */
static bool
add_literal(struct part_set *set, struct literal literal)
{
	guint i;

	for (i = 0; i < set->literals->len; i++) {
		struct literal *other =
		    &g_array_index(set->literals, struct literal, i);

		if (other->text != literal.text)
			continue;
		other->before = width_either(other->before, literal.before);
		return true;
	}
	set_add(set, literal);
	return set->literals->len <= REQUIRED_MAX;
}

/* The i-th set of a case, or its last. */
static const struct part_set *
set_at(const GPtrArray *sets, guint i)
{
	return sets->pdata[MIN(i, sets->len - 1)];
}

/* The i-th sets of all cases as one; NULL when that is too much. */
static struct part_set *
unite_sets(const GPtrArray *cases, guint i)
{
	struct part_set *all = set_new(0);
	guint k, n;

	for (k = 0; k < cases->len; k++) {
		const struct part_set *set = set_at(cases->pdata[k], i);

		for (n = 0; n < set->literals->len; n++) {
			if (add_literal(all, g_array_index(set->literals,
						 struct literal, n)))
				continue;
			set_unref(all);
			return NULL;
		}
	}
	return all;
}

/* Less is known of many cases together. */
static void
one_case(GPtrArray *cases)
{
	GPtrArray *sets = case_new();
	guint i, count = 0;

	for (i = 0; i < cases->len; i++) {
		const GPtrArray *one = cases->pdata[i];

		count = MAX(count, one->len);
		if (one->len == 0)
			break;
	}
	if (i < cases->len)
		count = 0;
	for (i = 0; i < count; i++) {
		struct part_set *set = unite_sets(cases, i);

		if (set == NULL)
			continue;
		case_add(sets, set);
		set_unref(set);
	}
	g_ptr_array_set_size(cases, 0);
	g_ptr_array_add(cases, sets);
}

/* A set of a part that stands behind so much. */
static struct part_set *
set_behind(struct part_set *of_part, struct width before)
{
	struct part_set *set;
	guint i;

	if (!width_is_some(before))
		return g_rc_box_acquire(of_part);
	set = set_new(of_part->literals->len);

	for (i = 0; i < of_part->literals->len; i++) {
		struct literal literal =
		    g_array_index(of_part->literals, struct literal, i);

		literal.before = width_plus(before, literal.before);
		set_add(set, literal);
	}
	return set;
}

static GPtrArray *
case_behind(const GPtrArray *of_part, struct width before)
{
	GPtrArray *sets = case_new();
	guint i;

	for (i = 0; i < of_part->len; i++)
		g_ptr_array_add(sets, set_behind(of_part->pdata[i], before));
	return sets;
}

/* What the next part needs is needed too. */
static void
offer_cases(struct sequence *s, GPtrArray *of_part)
{
	g_autoptr(GPtrArray) cases = cases_new();
	guint i, k;

	if (s->cases->len > 1 && of_part->len > 1)
		one_case(of_part);
	for (i = 0; i < of_part->len; i++)
		g_ptr_array_add(
		    cases, case_behind(of_part->pdata[i], s->width));
	/* One of the two is a single case, whose sets all of the other need. */
	if (s->cases->len == 1) {
		GPtrArray *old = s->cases;

		s->cases = g_steal_pointer(&cases);
		cases = old;
	}
	for (i = 0; i < cases->len; i++) {
		const GPtrArray *sets = cases->pdata[i];

		for (k = 0; k < sets->len; k++)
			cases_add(s->cases, sets->pdata[k]);
	}
}

/* Offers the run and begins it anew with these texts, which it takes. */
static void
begin_run(struct sequence *s, GPtrArray *texts)
{
	offer_run(s);
	g_ptr_array_unref(s->run);
	s->run = texts;
	s->before = s->width;
	s->whole = false;
}

void
sequence_init(struct sequence *s, GStringChunk *chunk)
{
	*s = (struct sequence){
	    .chunk = chunk,
	    .run = part_texts(chunk, ""),
	    .cases = cases_new(),
	    .whole = true,
	};
	g_ptr_array_add(s->cases, case_new());
}

void
sequence_append(struct sequence *s, const struct part *part)
{
	GPtrArray *longer = NULL;

	if (part->ahead)
		offer_cases(s, part->cases);
	if (part->texts == NULL) {
		if (part->cases != NULL)
			offer_cases(s, part->cases);
		s->width = width_plus(s->width, part->width);
		begin_run(s, part_texts(s->chunk, ""));
		return;
	}
	longer = product(s->chunk, s->run, part->texts);
	if (longer != NULL) {
		g_ptr_array_unref(s->run);
		s->run = longer;
	} else {
		begin_run(s, g_ptr_array_ref(part->texts));
	}
	s->width = width_plus(s->width, part->width);
	/* What follows stands behind the last of them. */
	if (part->repeated)
		begin_run(s, g_ptr_array_ref(part->texts));
}

struct part
sequence_end(struct sequence *s)
{
	struct part whole = {.width = s->width};

	offer_run(s);
	whole.cases = s->cases;
	if (s->whole)
		whole.texts = s->run;
	else
		g_ptr_array_unref(s->run);
	return whole;
}

/* Texts of a part as often as it stands at least; false: they are too many. */
static bool
multiply(struct part *part, GStringChunk *chunk, guint min)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_ref(part->texts);
	GPtrArray *more;
	guint i;

	for (i = 1; i < min; i++) {
		more = product(chunk, part->texts, texts);
		if (more == NULL)
			return false;
		g_ptr_array_unref(part->texts);
		part->texts = more;
	}
	return true;
}

void
part_repeat(struct part *part, GStringChunk *chunk, guint min, guint max)
{
	GPtrArray *texts = part->texts;
	const char *only =
	    texts != NULL && texts->len == 1 ? texts->pdata[0] : NULL;
	g_autoptr(GPtrArray) optional = NULL;

	part->width = width_repeat(part->width, part->kind, max);
	part->kind = WIDTH_MIXED;
	/* White space any number of times is white space. */
	if (only != NULL && (*only == '\0' || strcmp(only, " ") == 0))
		max = MIN(max, 1);
	if (max == 0) {
		part_clear(part);
		part->texts = part_texts(chunk, "");
	} else if (min == 0) {
		if (texts != NULL && max == 1 && !part->repeated) {
			optional = part_texts(chunk, "");
			g_ptr_array_extend(optional, texts, NULL, NULL);
		}
		part_clear(part);
		part->texts = g_steal_pointer(&optional);
	} else if (max > 1 && texts != NULL) {
		if (!multiply(part, chunk, min) || min != max)
			part->repeated = true;
	}
}

static void
unite_texts(struct part *part, const struct part *next)
{
	guint i;

	if (next->texts == NULL)
		g_clear_pointer(&part->texts, g_ptr_array_unref);
	for (i = 0; part->texts != NULL && i < next->texts->len; i++)
		if (!part_add_text(
			part->texts, next->texts->pdata[i], PART_TEXTS_MAX))
			g_clear_pointer(&part->texts, g_ptr_array_unref);
}

void
part_unite(struct part *part, const struct part *next)
{
	guint i;

	unite_texts(part, next);
	for (i = 0; i < next->cases->len; i++)
		g_ptr_array_add(
		    part->cases, g_ptr_array_ref(next->cases->pdata[i]));
	if (part->cases->len > REQUIRED_CASES_MAX)
		one_case(part->cases);
	part->width = width_either(part->width, next->width);
}
