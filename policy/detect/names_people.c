#include <string.h>

#include "policy/detect/names_private.h"
#include "policy/utf8.h"

/* Words of a line that are looked at, and of a person's name. */
enum { WORDS_MAX = 16 };

/* How many words may stand between first name and surname. */
enum { MIDDLE_MAX = 2 };

struct word {
	char *folded;
	gsize start; /* in the text */
};

static bool
is_word_char(gunichar c)
{
	return g_unichar_isalnum(c) || g_unichar_ismark(c) || c == '\'' ||
	       c == '-' || c == 0x2019;
}

/* In lower case and without accents: "Siân" is written "Sian", too. */
static char *
fold_word(const char *start, gsize len)
{
	g_autofree char *apart =
	    g_utf8_normalize(start, (gssize)len, G_NORMALIZE_NFKD);
	GString *bare = g_string_new(NULL);
	g_autofree char *letters = NULL;
	const char *p;

	for (p = apart != NULL ? apart : ""; *p != '\0'; p = utf8_next(p)) {
		gunichar c = g_utf8_get_char(p);

		if (!g_unichar_ismark(c) && c != '\'' && c != 0x2019)
			g_string_append_unichar(bare, c);
	}
	letters = g_string_free(bare, FALSE);
	return g_utf8_casefold(letters, -1);
}

static gboolean
is_honorific(const char *folded)
{
	static const char *const honorifics[] = {"mr", "mrs", "ms", "miss",
	    "mx", "dr", "sir", "dame", "rev", "revd", "prof", "the", "y", "yr",
	    NULL};

	return g_strv_contains(honorifics, folded);
}

/* The words of a text, at most WORDS_MAX; the caller clears them. */
static guint
split(const char *text, gsize len, struct word *words)
{
	const char *p = text, *end = text + len, *start;
	guint count = 0;

	while (p < end && count < WORDS_MAX) {
		if (!is_word_char(g_utf8_get_char(p))) {
			p = utf8_next(p);
			continue;
		}
		for (start = p; p < end && is_word_char(g_utf8_get_char(p));)
			p = utf8_next(p);
		words[count].folded = fold_word(start, (gsize)(p - start));
		words[count].start = (gsize)(start - text);
		if (is_honorific(words[count].folded))
			g_free(words[count].folded);
		else
			count++;
	}
	return count;
}

static void
clear(struct word *words, guint count)
{
	while (count-- > 0)
		g_free(words[count].folded);
}

static bool
is_initial_of(const char *word, const char *name)
{
	return *word != '\0' && *utf8_next(word) == '\0' &&
	       g_str_has_prefix(name, word);
}

/* "Sam" for "Samuel" and the other way about. */
static bool
is_short_for(const char *a, const char *b)
{
	return strlen(a) >= 3 && strlen(b) >= 3 &&
	       (g_str_has_prefix(a, b) || g_str_has_prefix(b, a));
}

/*
 * How words[last], which is the surname, and those before it name a person
 * whose first name is given.
 */
static enum naming
naming_at(const struct word *words, guint last, const char *first, bool titled,
    gsize *start)
{
	guint i, from = last > MIDDLE_MAX + 1 ? last - MIDDLE_MAX - 1 : 0;
	enum naming naming = NAMED_NOT;

	for (i = last; i-- > from;) {
		const char *word = words[i].folded;
		enum naming found =
		    strcmp(word, first) == 0 ? NAMED_FULL
		    : is_initial_of(word, first) || is_short_for(word, first)
			? NAMED_INITIALS
			: NAMED_NOT;

		if (found > naming) {
			naming = found;
			*start = words[i].start;
		}
	}
	if (naming != NAMED_NOT || !titled)
		return naming;
	*start = words[last].start;
	return last == 0 ? NAMED_SURNAME : NAMED_NOT;
}

static enum naming
naming_of_person(const struct word *words, guint count, const struct word *name,
    guint parts, bool titled, gsize *start)
{
	enum naming naming = NAMED_NOT;
	guint i;

	for (i = 0; i < count; i++) {
		enum naming found;
		gsize at = 0;

		if (strcmp(words[i].folded, name[parts - 1].folded) != 0)
			continue;
		found = parts == 1
			    ? (titled ? NAMED_SURNAME : NAMED_NOT)
			    : naming_at(words, i, name[0].folded, titled, &at);
		if (found > naming) {
			naming = found;
			*start = at;
		}
	}
	return naming;
}

/* A quick look before anything is folded: does a word begin like a part? */
static bool
may_name(const struct word *words, guint count, const char *name)
{
	const char *surname = strrchr(name, ' ');
	guint i;

	surname = surname != NULL ? surname + 1 : name;
	if ((guchar)*surname >= 0x80)
		return true;
	for (i = 0; i < count; i++)
		if (*words[i].folded == g_ascii_tolower(*surname))
			return true;
	return false;
}

enum name_office
name_office_of(const struct person *person, day on)
{
	bool councillor = person_has_role(person, ROLE_COUNCILLOR, on);

	if (person_has_role(person, ROLE_OFFICER, on))
		return councillor ? OFFICE_AMBIGUOUS : OFFICE_OFFICER;
	if (!councillor)
		return OFFICE_NONE;
	return person_has_role(person, ROLE_CHAIR, on) ||
		       person_has_role(person, ROLE_VICE_CHAIR, on) ||
		       person_has_role(person, ROLE_MAYOR, on) ||
		       person_has_role(person, ROLE_LEADER, on)
		   ? OFFICE_CHAIR
		   : OFFICE_COUNCILLOR;
}

static bool
is_side(enum name_office office, enum name_office as)
{
	if (as == OFFICE_NONE || as == OFFICE_AMBIGUOUS ||
	    office == OFFICE_AMBIGUOUS)
		return true;
	return (office == OFFICE_OFFICER) == (as == OFFICE_OFFICER) &&
	       office != OFFICE_NONE;
}

/* One of two: both sides make an ambiguous one. */
static enum name_office
join_offices(enum name_office a, enum name_office b)
{
	if (a == b)
		return a;
	if (a == OFFICE_NONE || b == OFFICE_NONE || !is_side(a, b) ||
	    a == OFFICE_AMBIGUOUS || b == OFFICE_AMBIGUOUS)
		return OFFICE_AMBIGUOUS;
	return OFFICE_COUNCILLOR;
}

/*
 * Takes the better of two; a title decides between equals, and what it does
 * not decide is nobody's.
 */
static void
consider(
    struct naming_of *best, const struct naming_of *next, enum name_office as)
{
	bool fits = is_side(next->office, as), fitted;

	if (best->naming == NAMED_NOT) {
		*best = *next;
		return;
	}
	fitted = is_side(best->office, as);
	if (next->naming != best->naming) {
		if (next->naming > best->naming)
			*best = *next;
	} else if (fits != fitted) {
		if (fits)
			*best = *next;
	} else {
		best->person = NULL;
		best->office = join_offices(best->office, next->office);
	}
}

struct naming_of
name_people_find(const struct roster *roster, const char *text, gsize len,
    bool titled, enum name_office as, day on)
{
	struct naming_of best = {.naming = NAMED_NOT};
	struct word words[WORDS_MAX], name[WORDS_MAX];
	guint count = split(text, len, words), parts, i;
	guint people = roster != NULL && count > 0 ? roster_count(roster) : 0;

	for (i = 0; i < people; i++) {
		const struct person *person = roster_person(roster, i);
		struct naming_of next = {.person = person};

		if (!person_in_post(person, on) ||
		    !may_name(words, count, person->name))
			continue;
		parts = split(person->name, strlen(person->name), name);
		if (parts > 0)
			next.naming = naming_of_person(
			    words, count, name, parts, titled, &next.start);
		clear(name, parts);
		next.office = name_office_of(person, on);
		if (next.naming != NAMED_NOT)
			consider(&best, &next, as);
	}
	clear(words, count);
	return best;
}

char *
name_turn(const char *name)
{
	const char *comma = strchr(name, ',');

	if (comma == NULL || strchr(comma + 1, ',') != NULL)
		return NULL;
	return g_strdup_printf("%s %.*s", comma + 1, (int)(comma - name), name);
}

const struct person *
names_find_person(const struct roster *roster, const char *name, day on)
{
	g_autofree char *valid = g_utf8_make_valid(name, -1);
	g_autofree char *turned = name_turn(valid);
	struct naming_of who = name_people_find(
	    roster, valid, strlen(valid), false, OFFICE_NONE, on);

	if (who.naming != NAMED_FULL && turned != NULL)
		who = name_people_find(
		    roster, turned, strlen(turned), false, OFFICE_NONE, on);
	return who.naming == NAMED_FULL ? who.person : NULL;
}
