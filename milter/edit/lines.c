#include <string.h>

#include "milter/edit/lines.h"
#include "milter/message/charset.h"

/* A line that was broken to fit is looked for over this many. */
enum { BROKEN_MAX = 40 };

static bool
is_ignored(gunichar c)
{
	return c == '.' || c == ':' || c == ',' || g_unichar_isspace(c) ||
	    g_unichar_iszerowidth(c) || g_unichar_iscntrl(c);
}

static void
add_word(GString *folded, const char *word, gsize len)
{
	static const struct {
		const char *brief, *word;
	} words[] = {
		{ "cllr", "councillor" },
		{ "cllrs", "councillors" },
		{ "cyng", "cynghorydd" },
		{ "gyng", "gynghorydd" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (strlen(words[i].brief) == len &&
		    memcmp(word, words[i].brief, len) == 0) {
			g_string_append(folded, words[i].word);
			return;
		}
	g_string_append_len(folded, word, (gssize)len);
}

static const char *
next_char(const char *p)
{
	return p + g_utf8_skip[(guchar)*p];
}

/* Without case and compatibility forms; nearly all of it is plain ASCII. */
static char *
fold_case(const char *text, gsize len)
{
	g_autofree char *valid = NULL, *composed = NULL;

	if (is_ascii(text, len) && memchr(text, '\0', len) == NULL)
		return g_ascii_strdown(text, (gssize)len);
	valid = g_utf8_make_valid(text, (gssize)len);
	composed = g_utf8_normalize(valid, -1, G_NORMALIZE_NFKC);
	return g_utf8_casefold(composed, -1);
}

char *
line_fold(const char *text, gsize len)
{
	GString *folded = g_string_sized_new(len + 16);
	g_autofree char *plain = fold_case(text, len);
	const char *word = plain, *p;

	for (p = plain; *p != '\0'; p = next_char(p))
		if (is_ignored(g_utf8_get_char(p))) {
			add_word(folded, word, (gsize)(p - word));
			word = next_char(p);
		}
	add_word(folded, word, (gsize)(p - word));
	return g_string_free(folded, FALSE);
}

/* Folding is dear; most lines differ in their first letter. */
static bool
may_begin(const char *line, gsize len, char first)
{
	while (len > 0 && g_ascii_ispunct(*line)) {
		line++;
		len--;
	}
	return len > 0 &&
	    ((guchar)*line >= 0x80 || g_ascii_tolower(*line) == first);
}

static gsize
line_length(const char *text, gsize len)
{
	const char *lf = memchr(text, '\n', len);

	return lf != NULL ? (gsize)(lf - text) + 1 : len;
}

/* Do the lines from here on spell folded out? */
static bool
spells(const char *text, gsize len, const char *folded)
{
	for (unsigned i = 0; i < BROKEN_MAX && len > 0; i++) {
		gsize size = line_length(text, len), matched;
		g_autofree char *line = line_fold(text, size);

		matched = strlen(line);
		if (strncmp(folded, line, matched) != 0 ||
		    (matched == 0 && i > 0))
			return false;
		folded += matched;
		if (*folded == '\0')
			return true;
		text += size;
		len -= size;
	}
	return false;
}

bool
lines_hold(const char *text, gsize len, const char *folded)
{
	char first = g_ascii_ispunct(folded[0]) || (guchar)folded[0] >= 0x80 ?
	    '\0' :
	    folded[0];

	while (len > 0) {
		gsize size = line_length(text, len), skip = 0;

		while (skip < size && g_ascii_isspace(text[skip]))
			skip++;
		if (skip < size && text[skip] != '>' &&
		    (first == '\0' ||
			may_begin(text + skip, size - skip, first)) &&
		    spells(text + skip, len - skip, folded))
			return true;
		text += size;
		len -= size;
	}
	return false;
}

static bool
is_blank(const char *text, gsize len)
{
	for (gsize i = 0; i < len; i++)
		if (!g_ascii_isspace(text[i]))
			return false;
	return true;
}

gsize
lines_last(const char *text, gsize len, unsigned count)
{
	while (count > 0 && len > 0) {
		gsize end = len;
		const char *lf = memrchr(text, '\n', len - 1);

		len = lf != NULL ? (gsize)(lf - text) + 1 : 0;
		count -= !is_blank(text + len, end - len);
	}
	return len;
}

gsize
lines_first(const char *text, gsize len, unsigned count)
{
	gsize pos = 0;

	while (count > 0 && pos < len) {
		gsize size = line_length(text + pos, len - pos);

		count -= !is_blank(text + pos, size);
		pos += size;
	}
	return pos;
}
