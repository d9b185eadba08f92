#include <stdlib.h>
#include <string.h>

#include "policy/text/words.h"

static bool
is_letter(const char *p)
{
	return g_ascii_isalnum(*p) || (guchar)*p >= 0x80;
}

/* In lower case; beyond ASCII only the letters that Welsh has. */
static gsize
fold(const char *p, const char *end, char *out)
{
	gunichar c;

	if ((guchar)*p < 0x80) {
		*out = g_ascii_tolower(*p);
		return 1;
	}
	c = g_utf8_get_char_validated(p, end - p);
	if (c == (gunichar)-1 || c == (gunichar)-2) {
		*out = '?';
		return 1;
	}
	return (gsize)g_unichar_to_utf8(g_unichar_tolower(c), out);
}

bool
word_next(const char *text, gsize len, gsize *pos, struct word *word)
{
	const char *p = text + *pos, *end = text + len;
	gsize used = 0;
	char folded[6];

	while (p < end && !is_letter(p))
		p++;
	if (p == end) {
		*pos = len;
		return false;
	}
	word->start = (gsize)(p - text);
	word->capital =
	    g_ascii_isupper(*p) || g_ascii_isdigit(*p) ||
	    ((guchar)*p >= 0xc2 &&
		g_unichar_isupper(g_utf8_get_char_validated(p, end - p)));
	while (p < end) {
		gsize n;

		if (!is_letter(p)) {
			if (strchr("-'&", *p) == NULL || p + 1 == end ||
			    !is_letter(p + 1))
				break;
			p++;
			continue;
		}
		n = fold(p, end, folded);
		if (used + n < WORD_MAX) {
			memcpy(word->text + used, folded, n);
			used += n;
		}
		p++;
		while (p < end && ((guchar)*p & 0xc0) == 0x80)
			p++;
	}
	word->text[used] = '\0';
	word->end = (gsize)(p - text);
	*pos = word->end;
	return true;
}

static int
compare(const void *key, const void *element)
{
	return strcmp(key, *(const char *const *)element);
}

bool
word_is_in(const char *word, const char *const *sorted, gsize count)
{
	return bsearch(word, sorted, count, sizeof(*sorted), compare) != NULL;
}
