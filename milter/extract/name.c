#include <glib.h>
#include <string.h>

#include "milter/extract/name.h"

enum { NAME_BYTES = 500 };

char *
name_clean(const char *name)
{
	GString *clean = g_string_new(NULL);
	g_autofree char *valid =
	    g_utf8_make_valid(name != NULL ? name : "", -1);

	for (char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		g_string_append_unichar(
		    clean, g_unichar_iscntrl(c) ? 0xfffd : c);
	}
	if (clean->len > NAME_BYTES) {
		gsize cut = clean->len - NAME_BYTES;

		while (((guchar)clean->str[cut] & 0xc0) == 0x80)
			cut++;
		g_string_erase(clean, 0, (gssize)cut);
		g_string_prepend(clean, "...");
	}
	return g_string_free(clean, FALSE);
}

bool
name_ends(const char *name, const char *extension)
{
	const char *dot = strrchr(name, '.');

	return dot != NULL && g_ascii_strcasecmp(dot + 1, extension) == 0;
}
