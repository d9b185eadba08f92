#include <string.h>

#include "policy/pattern/file.h"
#include "policy/text/normalise.h"
#include "policy/utf8.h"

/* A letter, digit or "_": what \b tells from the rest. */
static bool
is_word(gunichar c)
{
	return g_unichar_isalnum(c) || c == '_';
}

char *
pattern_literal(const char *text)
{
	gsize len;
	g_autofree char *seen = text_normalise(text, strlen(text), &len, NULL);
	GString *regex = g_string_new(NULL);
	const char *p;

	g_strstrip(seen);
	if (*seen == '\0')
		return g_string_free(regex, FALSE);
	if (is_word(g_utf8_get_char(seen)))
		g_string_append(regex, "\\b");
	for (p = seen; *p != '\0';) {
		if (g_ascii_isspace(*p)) {
			p += strspn(p, " \t\n");
			g_string_append(regex, "\\s+");
			continue;
		}
		if (strchr("\\^$.[]|()?*+{}", *p) != NULL)
			g_string_append_c(regex, '\\');
		g_string_append_len(regex, p, utf8_next(p) - p);
		p = utf8_next(p);
	}
	if (is_word(g_utf8_get_char(g_utf8_prev_char(p))))
		g_string_append(regex, "\\b");
	return g_string_free(regex, FALSE);
}
