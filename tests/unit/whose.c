#include "tests/unit/whose.h"
#include "tests/unit/unit.h"

static char
letter(enum origin origin)
{
	switch (origin) {
	case ORIGIN_OWN:
		return 'o';
	case ORIGIN_QUOTED:
		return 'q';
	case ORIGIN_FORWARDED:
		return 'f';
	case ORIGIN_SIGNATURE:
		return 's';
	case ORIGIN_DISCLAIMER:
		return 'd';
	case ORIGIN_FOOTER:
		return 'c';
	case ORIGIN_UNSEEN:
		return 'u';
	default:
		return '?';
	}
}

void
check_whose(const char *name, const struct content *content, guint first,
    const char *want)
{
	g_auto(GStrv) words = g_strsplit(want, "|", -1);
	guint count = g_strv_length(words);

	for (guint i = first; i < content->segments->len; i++) {
		const struct segment *s = content->segments->pdata[i];
		g_autofree char *depth = s->depth > 0
					     ? g_strdup_printf("%u", s->depth)
					     : g_strdup("");
		g_autofree char *got = g_strdup_printf(
		    "%c%s:%s", letter(s->origin), depth, s->text);

		ck_assert_msg(i - first < count &&
				  g_str_has_prefix(got, words[i - first]),
		    "%s: segment %u is \"%s\"", name, i, got);
	}
	ck_assert_msg(content->segments->len - first == count,
	    "%s: %u segments", name, content->segments->len - first);
}
