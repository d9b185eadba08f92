#include <stdbool.h>
#include <string.h>

#include "policy/pattern/alternatives.h"
#include "policy/pattern/scan.h"
#include "policy/pattern/shadow.h"
#include "policy/utf8.h"

/* Behind what stands at p: a group, a class, a character. */
static const char *
part_end(const char *p)
{
	switch (*p) {
	case '\\':
		return expand_escape_end(p);
	case '[':
		return expand_class_end(p);
	case '(':
		return shadow_group_end(p);
	default:
		return utf8_next(p);
	}
}

/* "(?i)", which also holds for the alternatives behind its own. */
static bool
has_open_option(const char *regex)
{
	const char *p = regex;

	while ((p = strstr(p, "(?")) != NULL) {
		p += 2;
		if (p[strspn(p, "^-abcdefghijklmnopqrstuvwxyzJU")] == ')')
			return true;
	}
	return false;
}

/* False when there is an empty one, which is left where it is. */
static bool
split(const char *start, const char *end, GPtrArray *out)
{
	const char *p, *first = start;
	bool one = true;

	for (p = start; p < end; p = part_end(p)) {
		if (*p != '|')
			continue;
		one = false;
		if (!split(first, p, out))
			return false;
		first = p + 1;
	}
	if (!one)
		return split(first, end, out);
	if (start == end)
		return false;
	if (end - start > 4 && memcmp(start, "(?:", 3) == 0 &&
	    shadow_group_end(start) == end)
		return split(start + 3, end - 1, out);
	g_ptr_array_add(out, g_strndup(start, (gsize)(end - start)));
	return true;
}

GPtrArray *
pattern_alternatives(const char *regex)
{
	GPtrArray *out = g_ptr_array_new_with_free_func(g_free);

	if (!has_open_option(regex) &&
	    split(regex, regex + strlen(regex), out))
		return out;
	g_ptr_array_set_size(out, 0);
	g_ptr_array_add(out, g_strdup(regex));
	return out;
}
