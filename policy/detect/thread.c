#include <string.h>

#include "policy/detect/names.h"
#include "policy/detect/thread.h"
#include "policy/people/recipients.h"

/* A thread has few authors; hostile mail may have many. */
enum { PARENTS_MAX = 32 };

static void
parent_free(void *p)
{
	struct parent *parent = p;

	g_clear_pointer(&parent->party.members, g_ptr_array_unref);
	g_free(parent->party.address);
	g_free(parent->name);
	g_free(parent);
}

static const struct person *
in_post(const struct person *person, day on)
{
	return person != NULL && person_in_post(person, on) ? person : NULL;
}

/*
 * Who has the address, on the roster or not; without one, who on the roster has
 * that name.  False where neither is known.
 */
static bool
find_party(struct party *party, const struct policy *policy,
    const char *address, const char *name, day on)
{
	struct addressee addressee;
	bool known =
	    address != NULL && addressee_init(&addressee, policy, address, on);

	if (known) {
		party->person = in_post(
		    addressee_writer(&addressee, policy, on, &party->members),
		    on);
		party->address = g_steal_pointer(&addressee.address);
		addressee_clear(&addressee);
		return true;
	}
	if (name == NULL || *name == '\0')
		return false;
	party->person =
	    in_post(names_find_person(policy->roster, name, on), on);
	party->address = g_strdup(
	    party->person != NULL && party->person->addresses[0] != NULL
		? party->person->addresses[0]
		: "");
	return true;
}

static bool
is_same(const struct parent *a, const struct parent *b)
{
	if (a->forwarded != b->forwarded || a->party.person != b->party.person)
		return false;
	if (a->party.person != NULL)
		return true;
	return strcmp(a->party.address, b->party.address) == 0 &&
	       (*a->party.address != '\0' || g_strcmp0(a->name, b->name) == 0);
}

static void
add_parent(GPtrArray *parents, const struct policy *policy,
    const struct parent *as, const char *address, day on)
{
	struct parent *parent;
	guint i;

	if (parents->len == PARENTS_MAX)
		return;
	parent = g_memdup2(as, sizeof(*as));
	parent->name = g_strdup(as->name);
	if (!find_party(&parent->party, policy, address, as->name, on)) {
		parent_free(parent);
		return;
	}
	for (i = 0; i < parents->len; i++)
		if (is_same(g_ptr_array_index(parents, i), parent)) {
			parent_free(parent);
			return;
		}
	g_ptr_array_add(parents, parent);
}

static void
add_quoted(GPtrArray *parents, const struct policy *policy,
    const struct content *content, day on)
{
	guint i;

	for (i = 0; i < content->segments->len; i++) {
		const struct segment *segment =
		    g_ptr_array_index(content->segments, i);
		struct parent as = {.name = segment->writer_name,
		    .forwarded = segment->origin == ORIGIN_FORWARDED,
		    .segment = i};

		if ((segment->origin == ORIGIN_QUOTED ||
			segment->origin == ORIGIN_FORWARDED) &&
		    segment->depth == 1)
			add_parent(
			    parents, policy, &as, segment->writer_address, on);
	}
}

static bool
has_answered(const GPtrArray *parents)
{
	guint i;

	for (i = 0; i < parents->len; i++)
		if (!((const struct parent *)parents->pdata[i])->forwarded)
			return true;
	return false;
}

GPtrArray *
parents_find(const struct policy *policy, const struct header_facts *headers,
    const struct content *content, day on)
{
	GPtrArray *parents = g_ptr_array_new_with_free_func(parent_free);
	guint i;

	add_quoted(parents, policy, content, on);
	for (i = 0; headers->resent && i < headers->from->len; i++) {
		const struct mailbox *from =
		    g_ptr_array_index(headers->from, i);
		struct parent as = {.name = from->name,
		    .forwarded = true,
		    .segment = G_MAXUINT};

		add_parent(parents, policy, &as, from->address, on);
	}
	if (headers->is_reply && !headers->resent && headers->to->len == 1 &&
	    !has_answered(parents)) {
		const struct mailbox *to = g_ptr_array_index(headers->to, 0);
		struct parent as = {
		    .name = to->name, .guessed = true, .segment = G_MAXUINT};

		add_parent(parents, policy, &as, to->address, on);
	}
	return parents;
}

/* Under the address in use, or the same without its extension. */
static bool
is_in_class(const struct parent *parent, const struct policy *policy,
    const struct class *class, day on)
{
	struct party party = parent->party;
	g_autofree char *bare = NULL;

	if (class_holds(class, &party, on))
		return true;
	bare = address_strip_extension(policy->rules, party.address);
	party.address = bare;
	return bare != NULL && class_holds(class, &party, on);
}

const struct parent *
parents_in_class(const GPtrArray *parents, bool forwarded,
    const struct policy *policy, const struct class *class, day on)
{
	guint i;

	for (i = 0; i < parents->len; i++) {
		const struct parent *parent = g_ptr_array_index(parents, i);

		if (parent->forwarded == forwarded &&
		    is_in_class(parent, policy, class, on))
			return parent;
	}
	return NULL;
}

bool
writer_in_class(const struct segment *segment, const struct policy *policy,
    const struct class *class, day on)
{
	struct parent *writer = g_new0(struct parent, 1);
	bool is = find_party(&writer->party, policy, segment->writer_address,
		      segment->writer_name, on) &&
		  is_in_class(writer, policy, class, on);

	parent_free(writer);
	return is;
}
