#include <stdbool.h>

#include "policy/text/quotation.h"

/* Numbers as long as this identify somebody or something; sums are shorter. */
enum { NUMBER_MASKED = 6 };

static bool
is_word(char c)
{
	return !g_ascii_isspace(c) && c != '\0';
}

/* Does the word name somebody: an address, a long number? */
static bool
is_masked(const char *word, gsize len)
{
	gsize digits = 0;

	for (gsize i = 0; i < len; i++) {
		if (word[i] == '@')
			return true;
		digits += g_ascii_isdigit(word[i]);
	}
	return digits >= NUMBER_MASKED;
}

static void
append_word(GString *out, const char *word, gsize len)
{
	if (out->len > 0)
		g_string_append_c(out, ' ');
	if (is_masked(word, len))
		g_string_append(out, "*****");
	else
		g_string_append_len(out, word, (gssize)len);
}

char *
text_quotation(const char *text, gsize start, gsize end, gsize max)
{
	GString *out = g_string_new(NULL);
	const char *p = text + start, *stop = text + end;
	gsize shown = 0;

	while (p < stop) {
		const char *word;
		gsize len, chars;

		while (p < stop && !is_word(*p))
			p++;
		for (word = p; p < stop && is_word(*p);)
			p++;
		len = (gsize)(p - word);
		chars = (gsize)g_utf8_strlen(word, (gssize)len);
		if (len == 0)
			break;
		if (shown + chars > max) {
			g_string_append(out, "...");
			break;
		}
		append_word(out, word, len);
		shown += chars + 1;
	}
	/* Whoever quotes it ends the sentence. */
	if (out->len > 0 && out->str[out->len - 1] == '.' &&
	    !g_str_has_suffix(out->str, "..."))
		g_string_truncate(out, out->len - 1);
	return g_string_free(out, FALSE);
}
