/* Text made plain for matching, and the way back. */
#include <string.h>

#include "policy/text/marks.h"
#include "policy/text/normalise.h"
#include "policy/utf8.h"
#include "tests/unit/unit.h"

/* clang-format off */
static const struct normal_case {
	const char *name, *input, *want;
} cases[] = {
	{ "empty", "", "" },
	{ "plain", "Dear Jane,\nyes.\n", "Dear Jane,\nyes.\n" },
	{ "apostrophes", "it’s ‘so’ don`t o´clock", "it's 'so' don't o'clock" },
	{ "apostrophe in one letter", "\u0149", "'n" },
	{ "quotation marks", "“a” „b‟ «c»", "\"a\" \"b\" \"c\"" },
	{ "dashes", "a–b—c−d‑e", "a-b-c-d-e" },
	{ "ellipsis", "well…", "well..." },
	{ "spaces", "a  b\tc\u00a0\u2009d", "a b c d" },
	{ "spaces at line ends", "a \t\n b\u00a0\n", "a\n b\n" },
	{ "line ends", "a\r\nb\rc\u2028d\x0b" "e", "a\nb\nc\nd\ne" },
	{ "soft hyphen", "con\u00adfi\u00addential", "confidential" },
	{ "zero width", "co\u200bnf\u200did\ufeffential", "confidential" },
	{ "direction", "a\u202eb\u202c\u2066c\u2069", "abc" },
	{ "variation selector", "a\ufe0fb", "ab" },
	{ "controls", "a\x01" "b\x7f" "c\xc2\x90", "abc" },
	{ "full width", "ＣＯＮＦ　ｘ", "CONF x" },
	{ "ligature", "conﬁdential ofﬁce", "confidential office" },
	{ "mathematical", "𝐜𝐨𝐧𝐟𝐢𝐝𝐞𝐧𝐭𝐢𝐚𝐥", "confidential" },
	{ "accents composed", "e\u0301 a\u0302", "é â" },
	{ "an accent after what is dropped", "e\x1a\u0301 e\u200b\u0301", "é é" },
	{ "Welsh", "Cyngor Tŷ Ŵyl", "Cyngor Tŷ Ŵyl" },
	{ "Cyrillic letters in a Latin word", "соnfidеntiаl", "confidential" },
	{ "Greek letters in a Latin word", "Οffiϲial", "Official" },
	{ "a Russian word", "совет", "совет" },
	{ "a Greek word", "νόμος", "νόμος" },
	{ "both, in words of their own", "совет Council", "совет Council" },
	{ "not UTF-8", "a\xff" "b", "a\ufffd" "b" },
	{ "cut UTF-8", "a\xe2\x82", "a\ufffd\ufffd" },
	{ "pound and euro", "£5 €6", "£5 €6" },
};
/* clang-format on */

START_TEST(test_normalise)
{
	const struct normal_case *c = &cases[_i];
	gsize len;
	g_autofree char *got =
	    text_normalise(c->input, strlen(c->input), &len, NULL);
	g_autofree char *again = text_normalise(got, len, NULL, NULL);

	ck_assert_msg(strcmp(got, c->want) == 0, "%s: \"%s\"", c->name, got);
	ck_assert_uint_eq(len, strlen(got));
	ck_assert_msg(strcmp(again, got) == 0, "%s: does not settle", c->name);
}
END_TEST

/* For each "|" in the result, where the source has one. */
/* clang-format off */
static const char *const places[] = {
	"|Dear Jane", "a  |b", "it’|s |so", "well…| |yes\r\n|no", "con\u00adfi|d",
	"соnfidе|ntial |x", "e\u0301|x", "a\xff|b", "ﬁ|x", "  |a \r\n  |b",
};
/* clang-format on */

START_TEST(test_marks)
{
	g_autoptr(GString) source = g_string_new(NULL);
	g_autoptr(GArray) marks = text_marks_new();
	g_autofree char *marked = NULL;
	g_autofree char *text = NULL;
	gsize len, at = 0;

	for (const char *p = places[_i]; *p != '\0'; p++)
		if (*p != '|')
			g_string_append_c(source, *p);
	text = text_normalise(source->str, source->len, &len, marks);
	marked = text_normalise(places[_i], strlen(places[_i]), NULL, NULL);
	for (const char *p = marked, *s = places[_i]; *p != '\0'; p++) {
		gsize want = 0;

		if (*p != '|') {
			at++;
			continue;
		}
		for (; *s != '|'; s++)
			continue;
		for (const char *q = places[_i]; q < s; q++)
			want += *q != '|';
		s++;
		ck_assert_msg(text_marks_source(marks, at) == want,
		    "\"%s\": %zu leads to %zu, not %zu", places[_i], at,
		    text_marks_source(marks, at), want);
	}
}
END_TEST

START_TEST(test_compose)
{
	/* "a  b" in "é a  b" in five octets of Latin-1. */
	g_autoptr(GArray) outer = text_marks_new(), inner = text_marks_new();
	g_autoptr(GArray) both = text_marks_new();

	text_marks_add(outer, 0, 3);
	text_marks_add(outer, 2, 6);
	text_marks_add(inner, 2, 1);
	text_marks_compose(both, 10, outer, 0, 3, inner);
	ck_assert_uint_eq(text_marks_source(both, 10), 2);
	ck_assert_uint_eq(text_marks_source(both, 11), 3);
	ck_assert_uint_eq(text_marks_source(both, 12), 5);
}
END_TEST

START_TEST(test_long)
{
	/* Hostile lengths of one thing stay linear. */
	static const char *const units[] = {
	    " ", "\n", "\u0301", "\u200b", "а", "x", "a\u0301", "\u00a0", "`"};
	g_autoptr(GString) text = g_string_new("x");
	gsize len;
	g_autofree char *got = NULL;

	for (unsigned i = 0; i < 200000; i++)
		g_string_append(text, units[_i]);
	got = text_normalise(text->str, text->len, &len, NULL);
	ck_assert_uint_le(len, text->len);
	ck_assert(g_utf8_validate(got, (gssize)len, NULL));
}
END_TEST

/* What is normalised stays as it is; accent: 0 for none. */
static void
check_settles(gunichar c, gunichar accent)
{
	/* In a word of Latin letters, where look-alikes are folded. */
	char text[16] = "z";
	g_autofree char *once = NULL, *twice = NULL;
	gsize len = 1;

	len += (gsize)g_unichar_to_utf8(c, text + len);
	if (accent != 0)
		len += (gsize)g_unichar_to_utf8(accent, text + len);
	once = text_normalise(text, len, &len, NULL);
	twice = text_normalise(once, len, NULL, NULL);
	ck_assert_msg(strcmp(once, twice) == 0, "U+%04X U+%04X: %s, %s",
	    (unsigned)c, (unsigned)accent, once, twice);
}

/* Whatever character it was. */
START_TEST(settles)
{
	for (gunichar c = 1; c <= 0x10ffff; c++)
		if (g_unichar_validate(c))
			check_settles(c, 0);
}
END_TEST

/* An accent, or what becomes another character. */
static bool
is_changing(gunichar c)
{
	gunichar one;

	return g_unichar_validate(c) &&
	       (g_unichar_ismark(c) ||
		   g_unichar_fully_decompose(c, TRUE, &one, 1) != 1 ||
		   one != c || (c >= 0x1161 && c <= 0x11ff));
}

/* Whatever follows a letter: a look-alike, or one of other scripts. */
START_TEST(settles_accent)
{
	static const char letters[] = "eıαοосԁսոᎠᏴかᄀᄍ가각";

	for (gunichar c = 0x300; c < 0x30000; c++)
		for (const char *p = letters; is_changing(c) && *p != '\0';
		     p = utf8_next(p))
			check_settles(g_utf8_get_char(p), c);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("normalise");
	TCase *t = tcase_create("normalise");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, settles);
	tcase_add_test(t, settles_accent);
	tcase_add_loop_test(t, test_normalise, 0, G_N_ELEMENTS(cases));
	tcase_add_loop_test(t, test_marks, 0, G_N_ELEMENTS(places));
	tcase_add_test(t, test_compose);
	tcase_add_loop_test(t, test_long, 0, 9);
	suite_add_tcase(s, t);
	return s;
}
