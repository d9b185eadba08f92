#include <string.h>

#include "policy/language/build.h"
#include "policy/utf8.h"
#include "policy/language/words.h"

void
place_extend(struct place *place, const struct place *to)
{
	if (to->line == place->line && to->column >= place->column)
		place->width = to->column + to->width - place->column;
}

void
build_lost(struct compiler *c)
{
	c->names_lost = true;
	c->broken = true;
	c->draft = NULL;
	c->trial = NULL;
}

void *
build_broken(struct compiler *c)
{
	c->broken = true;
	if (c->draft != NULL)
		c->draft->broken = true;
	if (c->trial != NULL)
		c->trial->broken = true;
	return NULL;
}

GPtrArray *
build_name(struct compiler *c, GPtrArray *list, const char *text,
    const struct place *place)
{
	struct arena *arena = c->policy->arena;
	struct named *named = arena_alloc(arena, sizeof(*named));

	named->text = arena_string(arena, text);
	named->place = *place;
	if (list == NULL)
		list = arena_ptr_array(arena);
	g_ptr_array_add(list, named);
	return list;
}

GPtrArray *
build_list(struct compiler *c, GPtrArray *list, struct class *class)
{
	if (list == NULL)
		list = arena_ptr_array(c->policy->arena);
	g_ptr_array_add(list, class);
	return list;
}

/* Reports a word in braces that nothing is filled in for. */
static void
report_placeholder(struct compiler *c, const struct place *place,
    const char *word, const char *const *allowed)
{
	g_autoptr(GString) all = g_string_new(NULL);
	const char *nearest;
	size_t i;

	if (allowed == NULL) {
		compile_report(c, DIAG_ERROR, place,
		    "nothing is filled in for {%s} here: words in braces "
		    "stand in footers and banners only",
		    word);
		return;
	}
	for (i = 0; allowed[i] != NULL; i++)
		g_string_append_printf(
		    all, "%s{%s}", i > 0 ? ", " : "", allowed[i]);
	nearest = diag_suggest(word, allowed);
	if (nearest != NULL)
		compile_report(c, DIAG_ERROR, place,
		    "unknown {%s}, did you mean {%s}?", word, nearest);
	else
		compile_report(c, DIAG_ERROR, place,
		    "unknown {%s}: what can be filled in here is %s", word,
		    all->str);
}

void
build_text_check(struct compiler *c, const char *text,
    const struct place *place, const char *const *allowed)
{
	const char *p = text, *end;
	struct place at = *place;

	if (*text == '\0')
		compile_report(c, DIAG_ERROR, place, "this text is empty");
	at.column++; /* the quotation mark */
	for (; *p != '\0'; p = utf8_next(p)) {
		end = p + 1;
		while (g_ascii_isalnum(*end) || *end == '-' || *end == '_')
			end++;
		if (*p == '{' && end > p + 1 && *end == '}') {
			g_autofree char *word =
			    g_strndup(p + 1, (gsize)(end - p - 1));

			at.width = (unsigned)(end + 1 - p);
			if (allowed == NULL || !g_strv_contains(allowed, word))
				report_placeholder(c, &at, word, allowed);
		}
		/* These two stand in the policy behind a backslash. */
		at.column += *p == '"' || *p == '\\' ? 2 : 1;
	}
}

void
build_footer_check(
    struct compiler *c, const char *text, const struct place *place)
{
	static const char *const allowed[] = {"name", "title", "council", NULL};

	build_text_check(c, text, place, allowed);
	if (strstr(text, "{name}") == NULL)
		compile_report(c, DIAG_WARNING, place,
		    "this footer does not say who got a copy: it has no "
		    "{name}");
}

/* Is this the first time that the setting is given?  Otherwise an error. */
static bool
once(struct compiler *c, enum setting setting, const struct place *place,
    const char *what)
{
	struct place *given = &c->given[setting];

	if (given->line > 0) {
		compile_again(c, place, what, given);
		return false;
	}
	*given = *place;
	return true;
}

void
build_council(struct compiler *c, const struct place *keyword, const char *name,
    const struct place *place)
{
	if (!once(c, SET_COUNCIL, keyword, "council"))
		return;
	build_text_check(c, name, place, NULL);
	c->policy->council = arena_string(c->policy->arena, name);
}

void
build_domains(
    struct compiler *c, const struct place *keyword, GPtrArray *domains)
{
	if (once(c, SET_DOMAINS, keyword, "domains"))
		c->domains = domains;
}

void
build_equivalent(struct compiler *c, const char *other,
    const struct place *other_place, const char *main,
    const struct place *main_place)
{
	build_name(c, c->equivalents, other, other_place);
	build_name(c, c->equivalents, main, main_place);
}

void
build_delimiter(struct compiler *c, const struct place *keyword,
    const char *characters, const struct place *place)
{
	const char *p;

	if (!once(c, SET_DELIMITER, keyword, "recipient delimiter"))
		return;
	for (p = characters; *p != '\0'; p++)
		if (!g_ascii_ispunct(*p) || strchr("@.\"\\<>(),", *p) != NULL) {
			compile_report(c, DIAG_ERROR, place,
			    "a recipient delimiter is a character such as "
			    "\"+\" or \"-\"");
			return;
		}
	c->delimiters = arena_string(c->policy->arena, characters);
}

void
build_file(struct compiler *c, enum setting setting,
    const struct place *keyword, const char *name, const struct place *place)
{
	const bool roster = setting == SET_ROSTER;
	struct named *file = roster ? &c->roster : &c->aliases;

	if (!once(c, setting, keyword, roster ? "roster" : "aliases"))
		return;
	file->text = compile_relative(c, name);
	file->place = *place;
}

void
build_networks(
    struct compiler *c, const struct place *keyword, GPtrArray *names)
{
	GPtrArray *networks = c->policy->networks;
	guint i;

	if (!once(c, SET_NETWORKS, keyword, "trusted networks"))
		return;
	g_ptr_array_set_size(networks, 0);
	for (i = 0; i < names->len; i++) {
		const struct named *name = g_ptr_array_index(names, i);
		struct network *network =
		    arena_alloc(c->policy->arena, sizeof(*network));

		if (network_parse(name->text, network))
			g_ptr_array_add(networks, network);
		else
			compile_report(c, DIAG_ERROR, &name->place,
			    "\"%s\" is no network: write an address such as "
			    "192.0.2.7, or a network such as 192.0.2.0/24",
			    name->text);
	}
}

void
build_reports(struct compiler *c, const struct place *keyword, GPtrArray *to)
{
	guint i;

	if (once(c, SET_REPORTS, keyword, "reports to"))
		for (i = 0; i < to->len; i++)
			g_ptr_array_add(
			    c->policy->reports_to, g_ptr_array_index(to, i));
}

void
build_mode(struct compiler *c, const struct place *keyword, enum mode mode)
{
	/* It may have been a lost rule's; then nothing is known of it. */
	if (c->names_lost || !once(c, SET_MODE, keyword, "mode"))
		return;
	c->policy->mode = mode;
}

void
build_channel(struct compiler *c, enum setting setting,
    const struct place *keyword, GPtrArray *members)
{
	const bool archive = setting == SET_ARCHIVE;
	const char *name = archive ? "archive" : "exempt";
	struct class *class = g_ptr_array_index(members, 0);

	if (!once(c, setting, keyword, name))
		return;
	if (members->len > 1) {
		struct definition *definition =
		    arena_alloc(c->policy->arena, sizeof(*definition));

		class = arena_alloc(c->policy->arena, sizeof(*class));
		class->kind = CLASS_UNION;
		class->place = *keyword;
		class->name = arena_string(c->policy->arena, name);
		definition->class = class;
		definition->members = members;
		definition->used = true;
		g_ptr_array_add(c->definitions, definition);
	}
	if (archive)
		c->policy->archive = class;
	else
		c->policy->exempt = class;
}

void
build_protected(struct compiler *c, enum setting setting,
    const struct place *keyword, enum protected_mail what)
{
	if (!once(c, setting, keyword,
		setting == SET_SIGNED ? "signed mail" : "encrypted mail"))
		return;
	if (setting == SET_SIGNED)
		c->policy->signed_mail = what;
	else
		c->policy->encrypted_mail = what;
}

void
build_phrases(struct compiler *c, const struct place *keyword, enum phrases what)
{
	if (once(c, SET_PHRASES, keyword, "phrases"))
		c->policy->phrases = what;
}

void
build_all_above(struct compiler *c, const struct place *keyword,
    const char *number, const struct place *number_place, const char *text,
    const struct place *place)
{
	static const char *const allowed[] = {"council", NULL};
	guint64 above;

	if (!once(c, SET_ALL_ABOVE, keyword, "all above"))
		return;
	build_text_check(c, text, place, allowed);
	if (!g_ascii_string_to_unsigned(
		number, 10, 1, POLICY_NUMBER_MAX, &above, NULL)) {
		compile_report(c, DIAG_ERROR, number_place,
		    "this number must be from 1 to %d", (int)POLICY_NUMBER_MAX);
		return;
	}
	c->policy->all_above = (unsigned)above;
	c->policy->all_text = arena_string(c->policy->arena, text);
}

void
build_footer(struct compiler *c, const char *language,
    const struct place *language_place, const char *text,
    const struct place *place)
{
	g_autofree char *lower = g_ascii_strdown(language, -1);
	guint i;

	build_footer_check(c, text, place);
	for (i = 0; i < c->languages->len; i++) {
		const struct named *before = g_ptr_array_index(c->languages, i);

		if (strcmp(before->text, lower) == 0) {
			g_autofree char *what =
			    g_strdup_printf("footer in %s", language);

			compile_again(c, language_place, what, &before->place);
			return;
		}
	}
	build_name(c, c->languages, lower, language_place);
	g_hash_table_insert(c->policy->footers,
	    arena_string(c->policy->arena, lower),
	    arena_string(c->policy->arena, text));
}

/* Classes. */

static struct class *
class_new(struct compiler *c, enum class_kind kind, const char *name,
    const struct place *place)
{
	struct class *class = arena_alloc(c->policy->arena, sizeof(*class));

	class->kind = kind;
	class->place = *place;
	class->name = arena_string(c->policy->arena, name);
	return class;
}

/* Remembers a class that is used, so that the checks can settle what it is. */
static struct class *
use(struct compiler *c, struct class *class, bool who)
{
	struct use *use = arena_alloc(c->policy->arena, sizeof(*use));

	use->class = class;
	use->who = who;
	g_ptr_array_add(c->uses, use);
	return class;
}

void
build_class(struct compiler *c, const char *name, const struct place *place)
{
	struct definition *definition =
	    arena_alloc(c->policy->arena, sizeof(*definition));
	const struct definition *before = g_hash_table_lookup(c->by_name, name);

	definition->class = class_new(c, CLASS_UNION, name, place);
	definition->members = arena_ptr_array(c->policy->arena);
	g_ptr_array_add(c->definitions, definition);
	if (before != NULL) {
		g_autofree char *what = g_strdup_printf("class %s", name);

		compile_again(c, place, what, &before->class->place);
		return;
	}
	g_hash_table_insert(c->by_name, definition->class->name, definition);
	g_hash_table_insert(
	    c->policy->classes, definition->class->name, definition->class);
}

void
build_class_members(struct compiler *c, GPtrArray *members)
{
	struct definition *definition =
	    g_ptr_array_index(c->definitions, c->definitions->len - 1);

	definition->members = members;
}

/* Until it is settled, a word is a union without members. */
struct class *
build_class_word(
    struct compiler *c, const char *word, const struct place *place)
{
	return use(c, class_new(c, CLASS_UNION, word, place), false);
}

/* committee "…", group "…", ward "…" */
struct class *
build_class_text(struct compiler *c, enum class_kind kind, const char *text,
    const struct place *place)
{
	g_autoptr(GString) name =
	    g_string_new(kind == CLASS_COMMITTEE ? "committee "
			 : kind == CLASS_GROUP   ? "group "
						 : "ward ");
	struct class *class;

	words_append_text(name, text);
	class = class_new(c, kind, name->str, place);
	class->text = arena_string(c->policy->arena, text);
	return use(c, class, false);
}

struct class *
build_class_address(
    struct compiler *c, const char *address, const struct place *place)
{
	return use(c, class_new(c, CLASS_ADDRESS, address, place), false);
}

struct class *
build_class_domain(
    struct compiler *c, const char *at_domain, const struct place *place)
{
	return use(c,
	    class_new(c, at_domain[1] == '.' ? CLASS_SUBDOMAINS : CLASS_DOMAIN,
		at_domain, place),
	    false);
}

struct class *
build_who(struct compiler *c, const char *word, const struct place *place)
{
	return use(c, class_new(c, CLASS_UNION, word, place), true);
}

struct class *
build_who_address(
    struct compiler *c, const char *address, const struct place *place)
{
	return use(c, class_new(c, CLASS_ADDRESS, address, place), true);
}
