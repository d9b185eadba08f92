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
	GHashTable *known; /* GBytes: what a set is, to its number */
	GPtrArray *users;  /* of each set: GArray of struct user, whose first
			    * set it is; or NULL */
};

struct needs_scratch {
	struct literals_scratch *literals;
	GPtrArray *users; /* const struct user *: none of their sets lacks */
	bool *wanted;     /* of each set: one of them needs it */
	struct windows *sets; /* of those that are wanted */
	GArray *with;         /* struct window, of one set */
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
	g_autoptr(GPtrArray) cases = required_cases(regex);
	guint i;

	for (i = 0; cases != NULL && i < cases->len; i++)
		add_case(needs, cases->pdata[i], id);
	return cases != NULL;
}

void
needs_seal(struct needs *needs)
{
	literals_seal(needs->literals);
	g_hash_table_remove_all(needs->known);
}

struct needs_scratch *
needs_scratch_new(const struct needs *needs)
{
	struct needs_scratch *scratch = g_new0(struct needs_scratch, 1);

	scratch->literals = literals_scratch_new(needs->literals);
	scratch->users = g_ptr_array_new();
	scratch->wanted = g_new0(bool, needs->users->len);
	scratch->sets = windows_new(needs->users->len);
	scratch->with = g_array_new(FALSE, FALSE, sizeof(struct window));
	return scratch;
}

void
needs_scratch_free(struct needs_scratch *scratch)
{
	if (scratch == NULL)
		return;
	literals_scratch_free(scratch->literals);
	g_ptr_array_unref(scratch->users);
	g_free(scratch->wanted);
	windows_free(scratch->sets);
	g_array_unref(scratch->with);
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

/* Notes of the sets that the users need whether they are wanted. */
static void
want(struct needs_scratch *scratch, bool wanted)
{
	guint i, k;

	for (i = 0; i < scratch->users->len; i++) {
		const struct user *user = scratch->users->pdata[i];

		for (k = 0; k < user->count; k++)
			scratch->wanted[user->sets[k]] = wanted;
	}
}

/* The windows from start on, each cut down to where the set has some too. */
static void
intersect(
    struct needs_scratch *scratch, GArray *windows, guint start, guint set)
{
	GArray *with = scratch->with;
	guint i = start, k = 0, count = windows->len;
	struct window both;

	g_array_set_size(with, 0);
	windows_take(scratch->sets, set, with);
	while (i < count && k < with->len) {
		const struct window *a =
		    &g_array_index(windows, struct window, i);
		const struct window *b = &g_array_index(with, struct window, k);

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
add_windows(
    const struct user *user, struct needs_scratch *scratch, GArray *windows)
{
	guint i, start = windows->len;

	windows_take(scratch->sets, user->sets[0], windows);
	for (i = 1; i < user->count && windows->len > start; i++)
		intersect(scratch, windows, start, user->sets[i]);
	for (i = start; i < windows->len; i++)
		g_array_index(windows, struct window, i).id = user->id;
}

void
needs_scan(const struct needs *needs, struct needs_scratch *scratch,
    const struct shadow_text *shadow, struct runs runs, GArray *windows)
{
	guint i;

	find_users(needs, scratch, shadow);
	if (scratch->users->len == 0)
		return;
	want(scratch, true);
	windows_begin(scratch->sets);
	literals_windows(
	    needs->literals, shadow, runs, scratch->wanted, scratch->sets);
	want(scratch, false);
	for (i = 0; i < scratch->users->len; i++)
		add_windows(scratch->users->pdata[i], scratch, windows);
}
