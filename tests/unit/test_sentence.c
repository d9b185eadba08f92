#include <string.h>

#include "policy/text/sentence.h"
#include "tests/unit/unit.h"

/* Spans as one text, with bars between them. */
static char *
joined(const char *text, const GArray *spans)
{
	GString *all = g_string_new(NULL);
	guint i;

	for (i = 0; i < spans->len; i++) {
		const struct span *span = &g_array_index(spans, struct span, i);

		if (i > 0)
			g_string_append_c(all, '|');
		g_string_append_len(
		    all, text + span->start, (gssize)(span->end - span->start));
	}
	return g_string_free(all, FALSE);
}

static void
check_spans(const char *name, const char *text, GArray *spans, const char *want)
{
	g_autofree char *got = joined(text, spans);

	g_array_unref(spans);
	ck_assert_msg(strcmp(got, want) == 0, "%s: got \"%s\", want \"%s\"",
	    name, got, want);
}

static const struct {
	const char *name, *input, *want;
} sentences[] = {
    {"nothing", "", ""},
    {"space", " \n\n ", ""},
    {"one without end", "Please go ahead", "Please go ahead"},
    {"two", "We accept. Please start.", "We accept.|Please start."},
    {"small letter behind the stop", "ok. go ahead", "ok.|go ahead"},
    {"question and answer", "Why? Because.", "Why?|Because."},
    {"marks that pile up", "Really?! Yes...", "Really?!|Yes..."},
    {"stop within quotation marks", "\"Go.\" He left.", "\"Go.\"|He left."},
    {"brackets", "(See page 2.) Go.", "(See page 2.)|Go."},
    {"title", "Mr. Tester will pay. Good.", "Mr. Tester will pay.|Good."},
    {"title of a councillor", "Cllr. Example agreed.", "Cllr. Example agreed."},
    {"initial", "J. Smith wrote.", "J. Smith wrote."},
    {"I is no initial", "So do I. Go.", "So do I.|Go."},
    {"e.g.", "Some, e.g. bins. Go.", "Some, e.g. bins.|Go."},
    {"sum", "It is £2.50 each. Go.", "It is £2.50 each.|Go."},
    {"address", "See a.example for it. Go.", "See a.example for it.|Go."},
    {"wrapped line",
	"We accept your quotation for the roof and look forward\n"
	"to the start of it.",
	"We accept your quotation for the roof and look forward\n"
	"to the start of it."},
    {"wrapped line before a name",
	"We accept the quotation that was sent to the office by\n"
	"Tester and Sons.",
	"We accept the quotation that was sent to the office by\n"
	"Tester and Sons."},
    {"greeting", "Dear Ms Example,\nPlease go ahead.",
	"Dear Ms Example,|Please go ahead."},
    {"sign-off", "Please go ahead\nRegards\nSam",
	"Please go ahead|Regards|Sam"},
    {"paragraphs", "we accept\n\nplease start", "we accept|please start"},
    {"list", "We order\n- two bins\n- a bench",
	"We order|- two bins|- a bench"},
    {"numbers", "we order\n1. two bins\n2. a bench",
	"we order|1. two bins|2. a bench"},
    {"quoted by hand", "> We accept.\nNot so.", "> We accept.|Not so."},
    {"NUL is nothing special", "a.", "a."},
    {"Welsh", "Rydym yn derbyn. Dechreuwch.", "Rydym yn derbyn.|Dechreuwch."},
};

START_TEST(test_sentences)
{
	const char *text = sentences[_i].input;

	check_spans(sentences[_i].name, text,
	    sentences_find(text, strlen(text)), sentences[_i].want);
}
END_TEST

static const struct {
	const char *name, *input, *want;
} clauses[] = {
    {"nothing", "", ""},
    {"one", "We accept your price.", "We accept your price."},
    {"but", "I cannot come but please start.",
	"I cannot come|but please start."},
    {"comma and but", "I cannot come, but please start.",
	"I cannot come|but please start."},
    {"semicolon", "We accept; please start.", "We accept|please start."},
    {"colon", "My answer: go ahead.", "My answer|go ahead."},
    {"time", "Start at 9:30.", "Start at 9:30."},
    {"thousands", "Pay £2,400 now.", "Pay £2,400 now."},
    {"dash", "Fine - go ahead.", "Fine|go ahead."},
    {"hyphen", "A well-made go-ahead.", "A well-made go-ahead."},
    {"brackets", "We accept (as agreed) your price.",
	"We accept|as agreed|your price."},
    {"and between nouns", "The bins and the bench.", "The bins|and the bench."},
    {"and between names", "Bins and benches.", "Bins and benches."},
    {"and before a subject", "He left and we accept.",
	"He left|and we accept."},
    {"so", "It is late so please start.", "It is late|so please start."},
    {"so much", "It is so much.", "It is so much."},
    {"relative", "The firm which pays us.", "The firm|which pays us."},
    {"comma in a list", "Bins, benches, bollards.", "Bins, benches, bollards."},
    {"condition in front", "If so, the Council pays.",
	"If so|the Council pays."},
    {"Welsh", "Ni allaf ddod, ond dechreuwch.",
	"Ni allaf ddod|ond dechreuwch."},
};

START_TEST(test_clauses)
{
	const char *text = clauses[_i].input;

	check_spans(clauses[_i].name, text, clauses_find(text, strlen(text)),
	    clauses[_i].want);
}
END_TEST

START_TEST(test_long)
{
	g_autoptr(GString) text = g_string_new(NULL);
	GArray *spans;
	guint i;

	while (text->len < 100 * 1000)
		g_string_append(text, "word ");
	spans = sentences_find(text->str, text->len);
	ck_assert_uint_gt(spans->len, 40);
	for (i = 0; i < spans->len; i++) {
		const struct span *span = &g_array_index(spans, struct span, i);

		ck_assert_uint_le(span->end - span->start, 2100);
		ck_assert_int_eq(text->str[span->start], 'w');
	}
	g_array_unref(spans);
}
END_TEST

START_TEST(test_nul)
{
	static const char text[] = "We accept.\0 Start.\0";
	GArray *spans = sentences_find(text, sizeof(text) - 1);

	ck_assert_uint_ge(spans->len, 1);
	g_array_unref(spans);
	spans = clauses_find(text, sizeof(text) - 1);
	ck_assert_uint_ge(spans->len, 1);
	g_array_unref(spans);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("sentence");
	TCase *tcase = tcase_create("sentence");

	tcase_add_loop_test(tcase, test_sentences, 0, G_N_ELEMENTS(sentences));
	tcase_add_loop_test(tcase, test_clauses, 0, G_N_ELEMENTS(clauses));
	tcase_add_test(tcase, test_long);
	tcase_add_test(tcase, test_nul);
	suite_add_tcase(suite, tcase);
	return suite;
}
