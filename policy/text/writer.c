#include <string.h>

#include "policy/text/writer.h"

/* Longer names and addresses are none. */
enum { NAME_MAX_BYTES = 120, ADDRESS_MAX_BYTES = 254, VALUE_MAX_BYTES = 500 };

static bool
is_address_char(char c)
{
	return g_ascii_isalnum(c) ||
	       (c != '\0' && strchr(".!#$%&'*+/=?^_{|}~-@", c) != NULL) ||
	       (guchar)c >= 0x80;
}

/* The first address in the text: where it begins and ends, or false. */
static bool
find_address(const char *text, gsize len, gsize *start, gsize *end)
{
	const char *at = memchr(text, '@', len);
	const char *from = at, *to = at;

	if (at == NULL)
		return false;
	while (from > text && is_address_char(from[-1]))
		from--;
	while (to < text + len && is_address_char(*to))
		to++;
	while (to > at && strchr(".,'", to[-1]) != NULL)
		to--;
	*start = (gsize)(from - text);
	*end = (gsize)(to - text);
	return from < at && to > at + 1 && *end - *start <= ADDRESS_MAX_BYTES;
}

/* Without quotes, brackets and blanks around it; NULL if nothing is left. */
static char *
clean_name(const char *text, gsize len)
{
	static const char around[] = " \t\n\"'<>[]()*,;:-";

	while (len > 0 && strchr(around, text[0]) != NULL) {
		text++;
		len--;
	}
	while (len > 0 && strchr(around, text[len - 1]) != NULL)
		len--;
	if (len == 0 || len > NAME_MAX_BYTES || memchr(text, '@', len) != NULL)
		return NULL;
	for (gsize i = 0; i < len; i++)
		if (g_ascii_isalpha(text[i]) || (guchar)text[i] >= 0x80) {
			char *name = g_strndup(text, len);

			return g_strdelimit(name, "\n", ' ');
		}
	return NULL;
}

/*
 * "Jane Jones via Clerks": a mailing list that writes in the name of others.
 */
static gsize
without_list(const char *text, gsize len)
{
	const char *via = memmem(text, len, " via ", 5);

	return via != NULL && via > text ? (gsize)(via - text) : len;
}

/* "… On Behalf Of Jane Jones": the place after such words, or NULL. */
static const char *
after_behalf(const char *text, gsize len)
{
	static const char *const words[] = {" on behalf of ",
	    " im auftrag von ", " de la part de ", " en nombre de ",
	    " w imieniu ", " ar ran ", " namens ", " per conto di ",
	    " em nome de ", NULL};
	g_autofree char *low =
	    g_ascii_strdown(text, (gssize)MIN(len, VALUE_MAX_BYTES));

	for (const char *const *w = words; *w != NULL; w++) {
		const char *found = g_strrstr(low, *w);

		if (found != NULL)
			return text + (found - low) + strlen(*w);
	}
	return NULL;
}

/* Who sends something for somebody else is not who wrote it. */
static struct writer *
writer_of_behalf(const char *value, gsize len)
{
	const char *behalf = after_behalf(value, len);
	struct writer *w;

	if (behalf == NULL)
		return NULL;
	w = writer_from_field(behalf, len - (gsize)(behalf - value));
	if (w->name != NULL || w->address != NULL)
		return w;
	writer_free(w);
	return NULL;
}

struct writer *
writer_from_field(const char *value, gsize len)
{
	struct writer *w = writer_of_behalf(value, len);
	gsize start, end;
	const char *bracket;

	if (w != NULL)
		return w;
	w = g_new0(struct writer, 1);
	if (find_address(value, len, &start, &end)) {
		if (end - start > 7 &&
		    g_ascii_strncasecmp(value + start, "mailto:", 7) == 0)
			start += 7;
		w->address = g_strndup(value + start, end - start);
		if ((bracket = memchr(value, '<', start)) == NULL &&
		    (bracket = memchr(value, '[', start)) == NULL &&
		    (bracket = memchr(value, '(', start)) == NULL)
			bracket = value + start;
		w->name = clean_name(
		    value, without_list(value, (gsize)(bracket - value)));
		if (w->name == NULL) /* "j@a.example (Jane Jones)" */
			w->name = clean_name(value + end, len - end);
	} else
		w->name = clean_name(value, without_list(value, len));
	return w;
}

/* Words of dates and verbs, which no name has. */
static bool
is_of_date(const char *word, gsize len)
{
	static const char *const words[] = {"on", "at", "am", "pm", "um", "uhr",
	    "gmt", "bst", "utc", "cet", "cest", "mez", "mesz", "hat", "est",
	    "edt", "pst", "pdt", "le", "el", "il", "em", "op", "den", "kl",
	    "de", "del", "ar", "am", "w", "dniu", "wrote", "writes", "schrieb",
	    "ysgrifennodd", "escribió", "scritto", "ha", "a", "à", "écrit", "h",
	    "ore", "alle", "om", "at", "skrev", "las", "às", "article", "in",
	    "by", "from", "jan", "feb", "mar", "apr", "may", "jun", "jul",
	    "aug", "sep", "sept", "oct", "nov", "dec", "january", "february",
	    "march", "april", "june", "july", "august", "september", "october",
	    "november", "december", "mon", "tue", "wed", "thu", "fri", "sat",
	    "sun", "monday", "tuesday", "wednesday", "thursday", "friday",
	    "saturday", "sunday", "ion", "chwe", "maw", "ebr", "mai", "meh",
	    "gorff", "awst", "medi", "hyd", "tach", "rhag", "ionawr",
	    "chwefror", "mawrth", "ebrill", "mehefin", "gorffennaf", "hydref",
	    "tachwedd", "rhagfyr", "llun", "mercher", "iau", "gwener", "sadwrn",
	    "sul", NULL};
	char lower[24];

	if (len == 0 || len >= sizeof(lower))
		return false;
	for (gsize i = 0; i < len; i++)
		lower[i] = g_ascii_tolower(word[i]);
	lower[len] = '\0';
	for (const char *const *w = words; *w != NULL; w++)
		if (strcmp(*w, lower) == 0)
			return true;
	return false;
}

/* Is it a word that a name may have? */
static bool
is_of_name(const char *word, gsize len)
{
	while (len > 0 && strchr(".,;:\"'()<>", word[len - 1]) != NULL)
		len--;
	while (len > 0 && strchr("\"'(<", word[0]) != NULL) {
		word++;
		len--;
	}
	if (len == 0)
		return false;
	for (gsize i = 0; i < len; i++)
		if (g_ascii_isdigit(word[i]) || word[i] == ':' ||
		    word[i] == '@')
			return false;
	return !is_of_date(word, len);
}

/* "a écrit", "hat … geschrieben": what the verb has before it. */
static gsize
without_auxiliary(const char *text, gsize len)
{
	static const char *const words[] = {" a", " ha", " hat", NULL};

	for (const char *const *w = words; *w != NULL; w++) {
		gsize size = strlen(*w);

		if (len > size &&
		    g_ascii_strncasecmp(text + len - size, *w, size) == 0)
			return len - size;
	}
	return len;
}

/* The name that ends at len: the words before that no date has. */
static char *
name_before(const char *text, gsize len)
{
	gsize start = len, pos = len;
	unsigned words = 0;

	while (pos > 0 && words < 6) {
		gsize end, begin;

		while (pos > 0 && g_ascii_isspace(text[pos - 1]))
			pos--;
		end = pos;
		while (pos > 0 && !g_ascii_isspace(text[pos - 1]))
			pos--;
		begin = pos;
		if (end == begin || !is_of_name(text + begin, end - begin))
			break;
		/* A comma ends what came before, unless it is "Jones, Jane". */
		if (words >= 2 && text[end - 1] == ',')
			break;
		start = begin;
		words++;
	}
	return clean_name(text + start, len - start);
}

/*
 * "wrote Jane Jones:", "schrieb Jane Jones:": after such a verb; "Jane Jones
 * wrote on 2 March:": else before it.
 */
static char *
name_at_verb(const char *text, gsize len)
{
	static const char *const verbs[] = {"wrote ", "schrieb ",
	    "ysgrifennodd ", "escribió ", "skrev ", "schreef ", "pisze ",
	    "napisał ", "napisał(a) ", NULL};

	for (const char *const *v = verbs; *v != NULL; v++) {
		const char *found = g_strstr_len(text, (gssize)len, *v);
		const char *after;
		gsize rest, first = 0, before;

		if (found == NULL)
			continue;
		after = found + strlen(*v);
		rest = len - (gsize)(after - text);
		while (first < rest && after[first] != ' ')
			first++;
		if (is_of_name(after, first))
			return clean_name(after, without_list(after, rest));
		before = without_list(text, (gsize)(found - text));
		while (before > 0 && g_ascii_isspace(text[before - 1]))
			before--;
		return name_before(text, before);
	}
	return NULL;
}

struct writer *
writer_from_attribution(const char *text, gsize len)
{
	struct writer *w = g_new0(struct writer, 1);
	gsize start, end;

	while (len > 0 && strchr(": \n", text[len - 1]) != NULL)
		len--;
	if (find_address(text, len, &start, &end)) {
		if (end - start > 7 &&
		    g_ascii_strncasecmp(text + start, "mailto:", 7) == 0)
			start += 7;
		w->address = g_strndup(text + start, end - start);
		while (start > 0 && strchr("<[(:\"", text[start - 1]) != NULL)
			start--;
		if ((w->name = name_at_verb(text, start)) == NULL)
			w->name = name_before(text, without_list(text, start));
		return w;
	}
	if ((w->name = name_at_verb(text, len)) != NULL)
		return w;
	/* "…, Jane Jones wrote": without the verb. */
	while (len > 0 && !g_ascii_isspace(text[len - 1]))
		len--;
	while (len > 0 && g_ascii_isspace(text[len - 1]))
		len--;
	len = without_auxiliary(text, len);
	w->name = name_before(text, without_list(text, len));
	return w;
}

void
writer_free(struct writer *w)
{
	if (w == NULL)
		return;
	g_free(w->name);
	g_free(w->address);
	g_free(w);
}
