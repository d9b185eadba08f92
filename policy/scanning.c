#include "policy/scanning.h"
#include "policy/utf8.h"

void
scanning_advance(
    const char **p, unsigned *line, unsigned *column, const char *to)
{
	for (; *p < to; *p = utf8_next(*p)) {
		if (**p == '\n') {
			++*line;
			*column = 1;
		} else {
			++*column;
		}
	}
}

bool
scanning_is_word_char(gunichar c)
{
	if (c < 0x80)
		return g_ascii_isalnum((char)c) || c == '-' || c == '_' ||
		       c == '.';
	return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

const struct quotation_marks *
scanning_wrong_marks(const char *p)
{
	static const struct quotation_marks wrong[] = {
	    {"\xe2\x80\x9c", "\xe2\x80\x9d"}, /* “ ” */
	    {"\xe2\x80\x9d", "\xe2\x80\x9d"},
	    {"\xe2\x80\x9e", "\xe2\x80\x9c"}, /* „ “ */
	    {"\xe2\x80\x98", "\xe2\x80\x99"}, /* ‘ ’ */
	    {"\xc2\xab", "\xc2\xbb"},         /* « » */
	    {"'", "'"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
		if (g_str_has_prefix(p, wrong[i].open))
			return &wrong[i];
	return NULL;
}
