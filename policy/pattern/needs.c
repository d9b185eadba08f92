/*
 * Each set of literals that a regex needs gives windows in which a match may
 * begin; in each case it begins where all sets of the case say so.  Regexes
 * that share a fragment often need the same set, which is looked for once.
 *
 * Of the cases most lack one set or another in a text.  So it is first seen
 * which sets are there at all, and only then where those of the other cases
 * are.
 */
#include <string.h>

#include "policy/pattern/literals.h"
#include "policy/pattern/needs.h"
#include "policy/pattern/required.h"

/* A case of a regex and the sets that it needs, the most telling first. */
struct user {
	guint id;
	guint sets[REQUIRED_SETS_MAX];
	guint count;
};

struct needs {
	struct literals *literals;
	struct required *required; /* until it is sealed */
	GHashTable *known; /* GBytes: what a set is, to its number */
	GPtrArray *users;  /* of each set: GArray of struct user, whose first
			    * set it is; or NULL */
};

/* Windows of a set; those of none end where they begin. */
struct range {
	guint start, end;
};

struct needs_scratch {
	struct literals_scratch *literals;
	GPtrArray *users;   /* const struct user *: none of their sets lacks */
	struct range *sets; /* of each set, if it was asked for */
	GArray *windows;    /* struct window, of those sets */
};

static void
unref_bytes(void *p)
{
	g_bytes_unref(p);
}

static void
users_free(void *p)
{
	if (p != NULL)
		g_array_unref(p);
}

struct needs *
needs_new(void)
{
	struct needs *needs = g_new0(struct needs, 1);

	needs->literals = literals_new();
	needs->required = required_new();
	needs->known = g_hash_table_new_full(
	    g_bytes_hash, g_bytes_equal, unref_bytes, NULL);
	needs->users = g_ptr_array_new_with_free_func(users_free);
	return needs;
}

void
needs_free(struct needs *needs)
{
	if (needs == NULL)
		return;
	literals_free(needs->literals);
	required_free(needs->required);
	g_hash_table_unref(needs->known);
	g_ptr_array_unref(needs->users);
	g_free(needs);
}

/* All that makes a set what it is. */
static GBytes *
describe(const GArray *set)
{
	GByteArray *all = g_byte_array_new();
	guint i;

	for (i = 0; i < set->len; i++) {
		const struct literal *literal =
		    &g_array_index(set, struct literal, i);
		const guint rest[] = {literal->word, literal->before.unbounded,
		    literal->before.fixed, literal->before.words,
		    literal->before.spaces};

		g_byte_array_append(all, (const guint8 *)literal->text,
		    (guint)strlen(literal->text) + 1);
		g_byte_array_append(all, (const guint8 *)rest, sizeof(rest));
	}
	return g_byte_array_free_to_bytes(all);
}

/* The number of a set. */
static guint
add_set(struct needs *needs, const GArray *set)
{
	g_autoptr(GBytes) all = describe(set);
	void *number;
	guint i;

	if (g_hash_table_lookup_extended(needs->known, all, NULL, &number))
		return GPOINTER_TO_UINT(number);
	number = GUINT_TO_POINTER(needs->users->len);
	for (i = 0; i < set->len; i++)
		literals_add(needs->literals,
		    &g_array_index(set, struct literal, i), needs->users->len);
	g_ptr_array_add(needs->users, NULL);
	g_hash_table_insert(needs->known, g_steal_pointer(&all), number);
	return GPOINTER_TO_UINT(number);
}

static void
add_case(struct needs *needs, const GPtrArray *sets, guint id)
{
	struct user user = {.id = id, .count = sets->len};
	void **users;
	guint i;

	for (i = 0; i < sets->len; i++)
		user.sets[i] = add_set(needs, sets->pdata[i]);
	users = &needs->users->pdata[user.sets[0]];
	if (*users == NULL)
		*users = g_array_new(FALSE, FALSE, sizeof(struct user));
	g_array_append_val(*users, user);
}

bool
needs_add(struct needs *needs, const char *regex, guint id)
{
	g_autoptr(GPtrArray) cases = required_cases(needs->required, regex);
	guint i;

	for (i = 0; cases != NULL && i < cases->len; i++)
		add_case(needs, cases->pdata[i], id);
	return cases != NULL;
}

void
needs_seal(struct needs *needs)
{
	literals_seal(needs->literals);
	g_clear_pointer(&needs->required, required_free);
	g_hash_table_remove_all(needs->known);
}

struct needs_scratch *
needs_scratch_new(const struct needs *needs)
{
	struct needs_scratch *scratch = g_new0(struct needs_scratch, 1);

	scratch->literals = literals_scratch_new(needs->literals);
	scratch->users = g_ptr_array_new();
	scratch->sets = g_new0(struct range, needs->users->len);
	scratch->windows = g_array_new(FALSE, FALSE, sizeof(struct window));
	return scratch;
}

void
needs_scratch_free(struct needs_scratch *scratch)
{
	if (scratch == NULL)
		return;
	literals_scratch_free(scratch->literals);
	g_ptr_array_unref(scratch->users);
	g_free(scratch->sets);
	g_array_unref(scratch->windows);
	g_free(scratch);
}

static bool
has_all(const struct needs_scratch *scratch, const struct user *user)
{
	guint i;

	for (i = 1; i < user->count; i++)
		if (!literals_found(scratch->literals, user->sets[i]))
			return false;
	return true;
}

/* Those none of whose sets lacks in the text. */
static void
find_users(const struct needs *needs, struct needs_scratch *scratch,
    const struct shadow_text *shadow)
{
	const GArray *found =
	    literals_find(needs->literals, scratch->literals, shadow);
	guint i, k;

	g_ptr_array_set_size(scratch->users, 0);
	for (i = 0; i < found->len; i++) {
		const GArray *users =
		    needs->users->pdata[g_array_index(found, guint, i)];

		for (k = 0; users != NULL && k < users->len; k++) {
			struct user *user =
			    &g_array_index(users, struct user, k);

			if (has_all(scratch, user))
				g_ptr_array_add(scratch->users, user);
		}
	}
}

/* The windows of a set, looked for when they are first asked for. */
static struct range
find_set(const struct needs *needs, struct needs_scratch *scratch,
    struct runs runs, guint set)
{
	struct range *range = &scratch->sets[set];

	if (range->start == range->end) {
		range->start = scratch->windows->len;
		literals_windows(needs->literals, scratch->literals, runs, set,
		    scratch->windows);
		range->end = scratch->windows->len;
	}
	return *range;
}

/* The windows from start on, each cut down to where the others are too. */
static void
intersect(
    GArray *windows, guint start, const GArray *others, struct range range)
{
	guint i = start, k = range.start, count = windows->len;
	struct window both;

	while (i < count && k < range.end) {
		const struct window *a =
		    &g_array_index(windows, struct window, i);
		const struct window *b =
		    &g_array_index(others, struct window, k);

		both.id = a->id;
		both.first = MAX(a->first, b->first);
		both.last = MIN(a->last, b->last);
		if (a->last < b->last)
			i++;
		else
			k++;
		if (both.first <= both.last)
			g_array_append_val(windows, both);
	}
	g_array_remove_range(windows, start, count - start);
}

static void
add_windows(const struct needs *needs, struct needs_scratch *scratch,
    struct runs runs, const struct user *user, GArray *windows)
{
	struct range range = find_set(needs, scratch, runs, user->sets[0]);
	guint i, start = windows->len;

	g_array_append_vals(windows,
	    &g_array_index(scratch->windows, struct window, range.start),
	    range.end - range.start);
	for (i = 1; i < user->count && windows->len > start; i++)
		intersect(windows, start, scratch->windows,
		    find_set(needs, scratch, runs, user->sets[i]));
	for (i = start; i < windows->len; i++)
		g_array_index(windows, struct window, i).id = user->id;
}

/* Of the sets that were asked for; few are. */
static void
forget_sets(struct needs_scratch *scratch)
{
	guint i;

	for (i = 0; i < scratch->windows->len; i++) {
		guint set =
		    g_array_index(scratch->windows, struct window, i).id;

		i = scratch->sets[set].end - 1;
		scratch->sets[set] = (struct range){0, 0};
	}
	g_array_set_size(scratch->windows, 0);
}

void
needs_scan(const struct needs *needs, struct needs_scratch *scratch,
    const struct shadow_text *shadow, struct runs runs, GArray *windows)
{
	guint i;

	find_users(needs, scratch, shadow);
	for (i = 0; i < scratch->users->len; i++)
		add_windows(
		    needs, scratch, runs, scratch->users->pdata[i], windows);
	forget_sets(scratch);
}
