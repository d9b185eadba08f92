/* Whose words: where history and signature blocks begin in plain text. */
#include <string.h>

#include "milter/message/quote.h"
#include "tests/unit/unit.h"

/* "@" is where the history begins; none: there is none. */
/* clang-format off */
static const struct quote_case {
	const char *name, *text;
	bool expected;	/* the message is a reply or a forward */
} cases[] = {
	{ "no history", "Dear Jane,\nthank you.\n", true },
	{ "empty", "", true },
	{ "quoted lines", "Yes.\n\n@> No?\n> Why?\n", true },
	{ "attribution", "Yes.\n\n@On 3 Jun 2026, Jane Jones wrote:\n> No?\n", true },
	{ "attribution over two lines", "Yes.\n\n@On Wed, 3 Jun 2026 at 10:00, Jane "
	    "Jones\n<cllr.jones@woodland-pc.example> wrote:\n\n> No?\n", true },
	{ "attribution, no marks",
	    "Yes.\n@On 3 Jun 2026, Jane <j@woodland-pc.example> wrote:\n\nNo?\n", true },
	{ "attribution in a letter that answers nothing",
	    "On 3 June 2026 the district wrote:\nNo.\nI disagree.\n", false },
	{ "no answer above it, no marks",
	    "On 3 Jun 2026, Jane <j@woodland-pc.example> wrote:\n\nYes.\n", true },
	{ "the same over two lines", "On 3 Jun 2026, Jane\n<j@a.example> wrote:\n\n"
	    "Yes.\n", true },
	{ "a name and a time for attribution",
	    "Yes.\n\n@2026-06-03 10:00 GMT+01:00 Jane <j@a.example>:\n> No?\n", true },
	{ "blank lines in it", "Yes.\n@> No?\n\n> Why?\n\n", true },
	{ "all of it", "@> No?\n> Why?\n", true },
	{ "answer below", "> No?\nYes.\n", true },
	{ "answers between", "> No?\nYes.\n> Why?\nSo.\n", true },
	{ "answers between, last quote open", "> No?\nYes.\n> Why?\n", true },
	{ "signature below the quote", "Yes.\n> No?\n-- \nAlex\n", true },
	{ "Outlook", "Yes.\n\n@-----Original Message-----\nFrom: Jane\nText\n", false },
	{ "Outlook header block", "Yes.\n\n@From: Jane Jones\nSent: 03 June 2026 10:00\n"
	    "To: Alex Morgan\nSubject: RE: Lease\n\nNo?\n", true },
	{ "with a rule above", "Yes.\n\n@________________________________\nFrom: Jane "
	    "Jones\nSent: 03 June 2026\nTo: Alex\nSubject: x\n\nNo?\n", false },
	{ "bold field names",
	    "Yes.\n\n@*From:* Jane\n*Sent:* 3 June\n*To:* Alex\n\nNo?\n", true },
	{ "a memorandum", "From: the Clerk\nDate: 3 June\nTo: all members\n\nText\n", false },
	{ "Gmail forward", "See below.\n\n@---------- Forwarded message ---------\nFrom: x\n", false },
	{ "Apple forward", "See below.\n\n@Begin forwarded message:\n\nFrom: x\n", false },
	{ "Thunderbird forward", "@-------- Forwarded Message --------\nSubject: x\n", false },
	{ "Notes forward", "@----- Forwarded by Jane/Woodland on 03/06/2026 -----\n", false },
	{ "Welsh attribution", "Iawn.\n@Ar 3 Meh 2026, ysgrifennodd Jane <j@a.example>:\n> Na?\n", true },
	{ "Welsh header block", "Iawn.\n\n@Oddi wrth: Jane\nAnfonwyd: 3 Mehefin 2026\n"
	    "At: Alex\nPwnc: Prydles\n\nNa?\n", true },
	{ "Welsh separator", "Iawn.\n@-----Neges Wreiddiol-----\nO: Jane\n", false },
	{ "French", "Oui.\n@Le 3 juin 2026 à 10:00, Jane <j@a.example> a écrit :\n> Non?\n", true },
	{ "French header block", "Oui.\n\n@De : Jane\nEnvoyé : 3 juin 2026\nÀ : Alex\nObjet : x\n", true },
	{ "German", "Ja.\n@Am 03.06.2026 um 10:00 schrieb Jane Jones:\n> Nein?\n", true },
	{ "German separator", "Ja.\n@-----Ursprüngliche Nachricht-----\nVon: Jane\n", false },
	{ "Spanish", "Sí.\n@El 3 jun 2026, Jane <j@a.example> escribió:\n> ¿No?\n", true },
	{ "Polish", "Tak.\n@W dniu 3.06.2026 o 10:00, Jane pisze:\n> Nie?\n", true },
	{ "history in history",
	    "Yes.\n@> No?\n>\n> -----Original Message-----\n>> x\n", true },
	{ "quote, then a separator",
	    "Yes.\n@> No?\n-----Original Message-----\nText\n", true },
	{ "dashes alone", "One\n----------\nTwo\n", true },
	{ "a colon alone", "I wrote:\nthis\n", true },
	{ "a file in it", "Here.\nbegin 644 plan\n>9&)C\n`\nend\n", true },
	{ "no line end", "Yes.\n@> No?", true },
};
/* clang-format on */

START_TEST(test_quote)
{
	const struct quote_case *c = &cases[_i];
	const char *at = strchr(c->text, '@');
	g_autoptr(GString) text = g_string_new(c->text);
	gsize want = text->len, got;

	/* Addresses have an "@" too: only one that begins a line counts. */
	while (at != NULL && at != c->text && at[-1] != '\n')
		at = strchr(at + 1, '@');
	if (at != NULL) {
		want = (gsize)(at - c->text);
		g_string_erase(text, (gssize)want, 1);
	}
	got = quote_start(text->str, text->len, c->expected);
	ck_assert_msg(got == want, "%s: at \"%s\"", c->name, text->str + got);
}
END_TEST

/* clang-format off */
static const struct signature_case {
	const char *name, *text;
	gsize want;
} signatures[] = {
	{ "none", "Dear Jane\n", 10 },
	{ "one", "Dear\n-- \nAlex\n", 5 },
	{ "CRLF", "Dear\r\n-- \r\nAlex\r\n", 6 },
	{ "last line", "Dear\n-- ", 5 },
	{ "two dashes", "Dear\n--\nAlex\n", 13 },
	{ "three", "Dear\n--- \nAlex\n", 15 },
	{ "words after", "Dear\n-- x\n", 10 },
	{ "at once", "-- \nAlex\n", 0 },
	{ "the last of two", "a\n-- \nb\n-- \nc\n", 8 },
	{ "too long ago", "-- \n1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n1\n2\n3\n4\n5\n6\n7\n"
	    "8\n9\n0\n1\n2\n3\n4\n5\n6\n", 56 },
};
/* clang-format on */

START_TEST(test_signature)
{
	const struct signature_case *c = &signatures[_i];
	gsize got = signature_start(c->text, strlen(c->text));

	ck_assert_msg(got == c->want, "%s: %zu", c->name, got);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("quote");
	TCase *t = tcase_create("quote");

	tcase_add_loop_test(t, test_quote, 0, G_N_ELEMENTS(cases));
	tcase_add_loop_test(t, test_signature, 0, G_N_ELEMENTS(signatures));
	suite_add_tcase(s, t);
	return s;
}
