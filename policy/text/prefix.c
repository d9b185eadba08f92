#include <glib.h>
#include <string.h>

#include "policy/text/prefix.h"

static const char *const forwards[] = {"fw", "fwd", "wg", "tr", "rv", "enc",
    "vb", "vs", "vl", "doorst", "pd", "yml", "ymlaen", NULL};
static const char *const replies[] = {
    "re", "aw", "sv", "antw", "odp", "rif", "res", "atb", NULL};

static bool
begins(const char *subject, const char *const *prefixes)
{
	const char *end;

	if (subject[0] == '[' && (end = strchr(subject, ']')) != NULL &&
	    end[1] != '\0')
		subject = end + 1 + strspn(end + 1, " ");
	else if (subject[0] == '[')
		subject++;
	for (; *prefixes != NULL; prefixes++) {
		gsize len = strlen(*prefixes);

		if (g_ascii_strncasecmp(subject, *prefixes, len) == 0 &&
		    subject[len + strspn(subject + len, " ")] == ':')
			return true;
	}
	return false;
}

bool
subject_is_reply(const char *subject)
{
	return begins(subject, replies);
}

bool
subject_is_forward(const char *subject)
{
	return begins(subject, forwards);
}
