#include <string.h>

#include "policy/detect/confidential_private.h"
#include "policy/utf8.h"

enum { PHRASE_MAX = 60 }; /* characters */

/* Words that begin with a capital letter and name nobody. */
static bool
is_plain(const char *word, gsize len)
{
	static const char plain[] =
	    " A An And As At Between Both By Cadwch For From Have He Her His I "
	    "If In Internal Is It Its Keep Mae Mr Mrs Ms Miss Dr Cllr My No "
	    "Not Of On One Only Our Peidiwch Please Private Shared She "
	    "Strictly That The Their There These They This Those To We What "
	    "Who You Your ACAS DBS GP HR LADO NHS OH TUPE ";
	g_autofree char *padded = g_strdup_printf(" %.*s ", (int)len, word);

	return strstr(plain, padded) != NULL;
}

/* A word, or one that has a digit or may be a name, as stars. */
static void
append_word(GString *out, const char *word, gsize len)
{
	bool shown =
	    !g_unichar_isupper(g_utf8_get_char(word)) || is_plain(word, len);
	const char *p;

	for (p = word; p < word + len; p = utf8_next(p))
		if (g_unichar_isdigit(g_utf8_get_char(p)))
			shown = false;
	if (shown)
		g_string_append_len(out, word, (gssize)len);
	else
		g_string_append(out, "***");
}

static bool
is_word(gunichar c)
{
	return g_unichar_isalnum(c) || g_unichar_ismark(c) || c == '_';
}

/*
 * A phrase is shown only where the policy allows it, and even then neither
 * names nor figures: every word with a capital letter that may be a name, and
 * every word with a digit, is three stars.
 */
char *
confidential_phrase(const char *text, gsize len, bool identifier)
{
	GString *out;
	const char *p = text, *end = text + len;
	glong n = 0;

	if (identifier)
		return identifier_redact(text, len);
	out = g_string_new(NULL);
	while (p < end && n < PHRASE_MAX) {
		const char *word = p;

		while (p < end && is_word(g_utf8_get_char(p)))
			p = utf8_next(p);
		if (p > word) {
			append_word(out, word, (gsize)(p - word));
		} else {
			p = utf8_next(p);
			g_string_append_len(
			    out, *word == '\n' ? " " : word, p - word);
		}
		n += g_utf8_strlen(word, p - word);
	}
	if (p < end)
		g_string_append(out, "...");
	return g_string_free(out, FALSE);
}
