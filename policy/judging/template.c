#include <glib.h>
#include <string.h>

#include "policy/judging/template.h"

/* The filling whose word stands here, or NULL. */
static const struct filling *
find_filling(const struct filling *fillings, const char *text)
{
	for (; fillings->word != NULL; fillings++)
		if (g_str_has_prefix(text, fillings->word))
			return fillings;
	return NULL;
}

/* Control characters become spaces, runs of spaces one. */
static char *
squeeze(char *text)
{
	char *from, *to;

	for (from = to = text; *from != '\0'; from++) {
		char c = g_ascii_iscntrl(*from) ? ' ' : *from;

		if (c != ' ' || (to > text && to[-1] != ' '))
			*to++ = c;
	}
	*to = '\0';
	return g_strchomp(text);
}

char *
template_fill(const char *template, const struct filling *fillings)
{
	GString *s = g_string_new(NULL);
	const char *p = template;

	while (*p != '\0') {
		const struct filling *filling = find_filling(fillings, p);

		if (filling == NULL) {
			g_string_append_c(s, *p++);
			continue;
		}
		g_string_append(s, filling->value);
		p += strlen(filling->word);
	}
	return squeeze(g_string_free(s, FALSE));
}
