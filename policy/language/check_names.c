#include <string.h>

#include "policy/language/check.h"
#include "policy/language/words.h"

/* Classes within classes; deeper ones are a mistake, and recursion ends. */
enum { CLASS_DEPTH_MAX = 16 };

static bool
ends_in_s(const char *word)
{
	return g_str_has_suffix(word, "s");
}

/* "councillors" as "councillor", but "press" as it is; the caller frees it. */
static char *
singular(const char *word)
{
	size_t len = strlen(word);
	bool plural =
	    len > 1 && word[len - 1] == 's' && word[len - 2] != 's';

	return g_strndup(word, plural ? len - 1 : len);
}

/* The role of a word in the singular or plural, or -1. */
static int
find_role(const char *word)
{
	g_autofree char *one = singular(word);
	int role = role_by_name(word);

	return role != -1 ? role : role_by_name(one);
}

static bool
is_noun(const char *word, const char *noun)
{
	g_autofree char *one = singular(word);

	return strcmp(word, noun) == 0 || strcmp(one, noun) == 0;
}

/* A class of the policy, by its name or its name's other number. */
static struct definition *
find_definition(const struct compiler *c, const char *word)
{
	g_autofree char *one = singular(word);
	g_autofree char *many = g_strconcat(word, "s", NULL);
	struct definition *found = g_hash_table_lookup(c->by_name, word);

	if (found == NULL)
		found = g_hash_table_lookup(c->by_name, one);
	if (found == NULL && !ends_in_s(word))
		found = g_hash_table_lookup(c->by_name, many);
	return found;
}

static const struct person *
find_id(const struct compiler *c, const char *id)
{
	return c->policy->roster == NULL
		   ? NULL
		   : roster_find_id(c->policy->roster, id);
}

/* "archive" and "exempt" with several members make classes without a name. */
static bool
is_named(const struct compiler *c, const struct definition *definition)
{
	return g_hash_table_lookup(c->by_name, definition->class->name) ==
	       definition;
}

const char *
check_suggest(const struct compiler *c, const char *word, bool people_only)
{
	const struct roster *roster = c->policy->roster;
	g_autoptr(GArray) words = words_new();
	const char *const *roles = role_words();
	unsigned i;

	for (; *roles != NULL; roles++)
		words_add(words, *roles);
	if (!people_only) {
		words_add(words, "outsider");
		words_add(words, "anyone");
		for (i = 0; i < c->definitions->len; i++) {
			const struct definition *definition =
			    g_ptr_array_index(c->definitions, i);

			if (is_named(c, definition))
				words_add(words, definition->class->name);
		}
	}
	for (i = 0; roster != NULL && i < roster_count(roster); i++)
		words_add(words, roster_person(roster, i)->id);
	return words_nearest(words, word);
}

static void
report_unknown(struct compiler *c, const struct use *use)
{
	const struct class *class = use->class;
	const char *what = use->who ? "role or person" : "class";
	const char *nearest;

	c->broken = true;
	if (diags_errors(c->diags) > CHECK_SUGGEST_MAX) {
		/* Counted, at least: the policy must not load. */
		compile_report(c, DIAG_ERROR, &class->place,
		    "unknown %s \"%s\"", what, class->name);
		return;
	}
	nearest = check_suggest(c, class->name, use->who);
	if (nearest != NULL)
		compile_report(c, DIAG_ERROR, &class->place,
		    "unknown %s \"%s\", did you mean \"%s\"?", what,
		    class->name, nearest);
	else if (c->names_lost || c->policy->roster == NULL)
		return; /* it may be among what was lost */
	else if (use->who)
		compile_report(c, DIAG_ERROR, &class->place,
		    "unknown %s \"%s\": write a role, an id of the roster or "
		    "an address",
		    what, class->name);
	else
		compile_report(c, DIAG_ERROR, &class->place,
		    "unknown %s \"%s\": define it with \"class %s is …\"", what,
		    class->name, class->name);
}

/* What a word stands for.  A class of the policy gets its members later. */
static void
settle_word(struct compiler *c, const struct use *use)
{
	struct class *class = use->class;
	int role = find_role(class->name);
	const struct person *person = find_id(c, class->name);
	struct definition *definition;

	if (role != -1) {
		g_autofree char *lower = g_ascii_strdown(class->name, -1);

		class->kind = CLASS_ROLE;
		class->role = (enum role)role;
		if (role_by_name(lower) == -1)
			lower[strlen(lower) - 1] = '\0';
		class->name = arena_string(c->policy->arena, lower);
	} else if (!use->who && strcmp(class->name, "anyone") == 0) {
		class->kind = CLASS_ANYONE;
	} else if (!use->who && is_noun(class->name, "outsider")) {
		class->kind = CLASS_OUTSIDER;
		class->name = arena_string(c->policy->arena, "outsider");
	} else if (!use->who &&
		   (definition = find_definition(c, class->name)) != NULL) {
		definition->used = true;
	} else if (person != NULL) {
		class->kind = CLASS_PERSON;
		class->person = person;
	} else {
		report_unknown(c, use);
		class->members = arena_ptr_array(c->policy->arena);
	}
}

static bool
has_committee(const struct person *person, const char *folded)
{
	char **committee = person->committees;

	while (*committee != NULL && strcmp(*committee, folded) != 0)
		committee++;
	return *committee != NULL;
}

/* The nearest name of that kind in the roster, or NULL. */
static const char *
suggest_text(
    const struct roster *roster, enum class_kind kind, const char *text)
{
	g_autoptr(GArray) names = words_new();
	unsigned i;
	char **committee;

	for (i = 0; i < roster_count(roster); i++) {
		const struct person *person = roster_person(roster, i);

		if (kind == CLASS_GROUP)
			words_add(names, person->group);
		else if (kind == CLASS_WARD)
			words_add(names, person->ward);
		for (committee = person->committees;
		     kind == CLASS_COMMITTEE && *committee != NULL; committee++)
			words_add(names, *committee);
	}
	return words_nearest(names, text);
}

static void
settle_text(struct compiler *c, struct class *class)
{
	const struct roster *roster = c->policy->roster;
	g_autofree char *folded = name_fold(class->text);
	const char *nearest;
	unsigned i;

	class->text = arena_string(c->policy->arena, folded);
	if (roster == NULL)
		return;
	for (i = 0; i < roster_count(roster); i++) {
		const struct person *person = roster_person(roster, i);

		if (class->kind == CLASS_COMMITTEE
			? has_committee(person, folded)
			: strcmp(class->kind == CLASS_GROUP ? person->group_key
							    : person->ward_key,
			      folded) == 0)
			return;
	}
	nearest = suggest_text(roster, class->kind, folded);
	if (nearest != NULL && *nearest != '\0')
		compile_report(c, DIAG_ERROR, &class->place,
		    "the roster has no %s, did you mean \"%s\"?", class->name,
		    nearest);
	else
		compile_report(c, DIAG_ERROR, &class->place,
		    "the roster has no %s", class->name);
}

static void
settle_address(struct compiler *c, struct class *class)
{
	const struct address_rules *rules = c->policy->rules;
	g_autofree char *folded =
	    class->kind == CLASS_ADDRESS
		? address_fold(rules, class->name)
		: address_fold_domain(rules,
		      class->name + (class->kind == CLASS_DOMAIN ? 1 : 2));

	if (folded == NULL) {
		compile_report(c, DIAG_ERROR, &class->place,
		    class->kind == CLASS_ADDRESS ? "\"%s\" is not an address"
						 : "\"%s\" is not a domain",
		    class->name);
		folded = g_strdup("");
	}
	class->text = arena_string(c->policy->arena, folded);
}

static void
settle(struct compiler *c, const struct use *use)
{
	switch (use->class->kind) {
	case CLASS_COMMITTEE:
	case CLASS_GROUP:
	case CLASS_WARD:
		settle_text(c, use->class);
		break;
	case CLASS_ADDRESS:
	case CLASS_DOMAIN:
	case CLASS_SUBDOMAINS:
		settle_address(c, use->class);
		break;
	default:
		settle_word(c, use);
		break;
	}
}

/* A word that is a class of the policy, which has its members somewhere. */
static bool
is_reference(const struct class *class)
{
	return class->kind == CLASS_UNION && class->members == NULL;
}

static void
add_member(GPtrArray *members, GHashTable *seen, struct class *member)
{
	char *key = g_strdup_printf("%d %d %s", member->kind, member->role,
	    member->text != NULL ? member->text : member->name);

	if (g_hash_table_add(seen, key))
		g_ptr_array_add(members, member);
}

/*
 * Gives a class its members, those of the classes within it among them, so that
 * judging a class never has to go down.
 */
static void
flatten(struct compiler *c, struct definition *definition, unsigned depth)
{
	GPtrArray *members = arena_ptr_array(c->policy->arena);
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	guint i, k;

	definition->state = DEFINITION_OPEN;
	for (i = 0; i < definition->members->len; i++) {
		struct class *member =
		    g_ptr_array_index(definition->members, i);
		struct definition *inner;

		if (!is_reference(member)) {
			if (member->kind != CLASS_UNION)
				add_member(members, seen, member);
			continue;
		}
		inner = find_definition(c, member->name);
		if (inner->state == DEFINITION_NEW && depth < CLASS_DEPTH_MAX)
			flatten(c, inner, depth + 1);
		if (inner->state == DEFINITION_OPEN)
			compile_report(c, DIAG_ERROR, &member->place,
			    "class \"%s\" contains itself", inner->class->name);
		else if (inner->state == DEFINITION_NEW)
			compile_report(c, DIAG_ERROR, &member->place,
			    "there are more than %d classes within classes",
			    (int)CLASS_DEPTH_MAX);
		for (k = 0; inner->state == DEFINITION_DONE &&
			    k < inner->class->members->len;
		     k++)
			add_member(members, seen,
			    g_ptr_array_index(inner->class->members, k));
	}
	definition->class->members = members;
	definition->state = DEFINITION_DONE;
}

/* A name that means something else already. */
static void
check_definition(struct compiler *c, const struct definition *definition)
{
	const struct class *class = definition->class;
	const struct person *person = find_id(c, class->name);

	if (find_role(class->name) != -1 || is_noun(class->name, "outsider") ||
	    strcmp(class->name, "anyone") == 0)
		compile_report(c, DIAG_ERROR, &class->place,
		    "\"%s\" has a meaning of its own: choose another name",
		    class->name);
	else if (person != NULL)
		compile_report(c, DIAG_ERROR, &class->place,
		    "\"%s\" is %s's id in the roster: choose another name",
		    class->name, person->name);
	else if (!definition->used && !c->broken && !c->names_lost)
		compile_report(c, DIAG_WARNING, &class->place,
		    "class \"%s\" is never used", class->name);
}

void
check_names(struct compiler *c)
{
	struct definition *definition;
	guint i;

	for (i = 0; i < c->uses->len; i++)
		settle(c, g_ptr_array_index(c->uses, i));
	for (i = 0; i < c->definitions->len; i++) {
		definition = g_ptr_array_index(c->definitions, i);
		if (definition->state == DEFINITION_NEW)
			flatten(c, definition, 0);
	}
	for (i = 0; i < c->uses->len; i++) {
		const struct use *use = g_ptr_array_index(c->uses, i);

		if (!is_reference(use->class))
			continue;
		definition = find_definition(c, use->class->name);
		use->class->members = definition->class->members;
	}
	for (i = 0; i < c->definitions->len; i++) {
		definition = g_ptr_array_index(c->definitions, i);
		if (is_named(c, definition))
			check_definition(c, definition);
	}
}
