#include <string.h>

#include "policy/detect/inspection.h"
#include "policy/judging/judge_text.h"
#include "policy/text/quotation.h"

/* As much of somebody's words as a letter shows. */
enum { QUOTATION_MAX = 160 };

static void
append_words(GString *s, const char *name)
{
	for (; *name != '\0'; name++)
		g_string_append_c(s, *name == '-' ? ' ' : *name);
}

/* ": \"We accept your quotation\"" */
static void
append_quotation(
    GString *s, struct inspection *in, guint segment, gsize start, gsize end)
{
	const struct segment *where = inspection_segment(in, segment);
	g_autofree char *words = NULL;

	if (where == NULL)
		return;
	words = text_quotation(where->text, start, end, QUOTATION_MAX);
	g_string_append_printf(s, ": \"%s\"", words);
}

/* " in an attachment", or nothing for the text itself. */
static void
append_origin(GString *s, struct inspection *in, guint segment)
{
	static const char *const words[ORIGIN_COUNT] = {
	    [ORIGIN_SUBJECT] = " in its subject",
	    [ORIGIN_QUOTED] = " in what it quotes",
	    [ORIGIN_FORWARDED] = " in what it forwards",
	    [ORIGIN_NAME] = " in the name of an attachment",
	    [ORIGIN_ATTACHMENT] = " in an attachment",
	    [ORIGIN_PROPERTY] = " in the properties of an attachment",
	};
	const struct segment *where = inspection_segment(in, segment);

	if (where != NULL && words[where->origin] != NULL)
		g_string_append(s, words[where->origin]);
}

static void
say_marked(GString *s, const struct test *test, const struct marking *found)
{
	static const char *const places[MARKING_PLACE_COUNT] = {
	    [MARKING_SUBJECT] = "in its subject",
	    [MARKING_HEADER] = "in its header",
	    [MARKING_TOP] = "at the top of its text",
	    [MARKING_BOTTOM] = "at the end of its text",
	    [MARKING_BODY] = "in its text",
	    [MARKING_ATTACHMENT] = "in an attachment",
	};
	bool quotes = test->kind == TEST_QUOTES_MARKED;

	g_string_append(s, quotes ? "the message quotes "
				  : "the message is ");
	if (found == NULL) {
		g_string_append(
		    s, quotes ? "nothing marked" : "not marked");
		if (*test->name != '\0')
			g_string_append_printf(s, " %s", test->name);
		if (*test->text != '\0')
			g_string_append_printf(s, " in its %s", test->text);
		return;
	}
	g_string_append(s, quotes ? "something marked " : "marked ");
	append_words(s, found->kind);
	if (found->paragraph != NULL)
		g_string_append_printf(s, " (%s)", found->paragraph);
	if (!quotes)
		g_string_append_printf(s, " %s", places[found->place]);
}

/* There may be something that is less sure. */
static void
append_level(GString *s, const struct test *test)
{
	if (test->level == LEVEL_HIGH)
		g_string_append_printf(
		    s, " at the level %s", level_name(test->level));
}

static void
say_secret(GString *s, const struct test *test, const struct facts *facts,
    struct inspection *in, const struct secret *found)
{
	g_string_append(s, test->own_text ? "the author's text says "
					  : "the message says ");
	if (found == NULL) {
		g_string_append(s, "nothing confidential");
		if (*test->name != '\0')
			g_string_append_printf(
			    s, " of the category \"%s\"", test->name);
		append_level(s, test);
		return;
	}
	g_string_append_printf(s, "something confidential: %s (%s",
	    found->title, level_name(level_of(found->probability)));
	if (found->count > 1)
		g_string_append_printf(s, ", in %u places", found->count);
	g_string_append_c(s, ')');
	append_origin(s, in, found->segment);
	if (facts_policy(facts)->phrases == PHRASES_ALL &&
	    found->phrase != NULL)
		g_string_append_printf(s, ": \"%s\"", found->phrase);
}

/* What looked like one and was none, so that people can see why. */
static const struct act *
cancelled_act(const struct test *test, const struct facts *facts)
{
	struct inspection *in = facts_inspection(facts, INSPECTION_TEXT);
	const GPtrArray *acts = in != NULL ? inspection_acts(in) : NULL;

	for (guint i = 0; acts != NULL && i < acts->len; i++) {
		const struct act *act = acts->pdata[i];

		if (act->cancelled != NULL &&
		    (*test->name == '\0' ||
			strcmp(test->name, act->kind) == 0))
			return act;
	}
	return NULL;
}

static void
say_act(GString *s, const struct test *test, const struct facts *facts,
    struct inspection *in, const struct act *found)
{
	const struct act *cancelled;

	if (found == NULL) {
		cancelled = cancelled_act(test, facts);
		g_string_append(s, "the text creates no obligation");
		if (*test->name != '\0') {
			g_string_append(s, " (");
			append_words(s, test->name);
			g_string_append_c(s, ')');
		}
		append_level(s, test);
		if (test->is != NULL)
			g_string_append_printf(
			    s, " in the name of a %s", test->is->name);
		if (cancelled != NULL) {
			g_string_append(s, " (what looks like one of the kind \"");
			append_words(s, cancelled->kind);
			g_string_append_printf(
			    s, "\" is cancelled by %s)", cancelled->cancelled);
		}
		return;
	}
	g_string_append(s, "the text may ");
	g_string_append(s,
	    found->directive ? "give an instruction (" : "create an obligation (");
	append_words(s, found->kind);
	g_string_append_printf(
	    s, ", %s", level_name(level_of(found->probability)));
	if (found->authority != NULL)
		g_string_append_printf(s, ", by \"%s\"", found->authority);
	if (found->addressee != NULL)
		g_string_append_printf(s, ", to \"%s\"", found->addressee);
	g_string_append_c(s, ')');
	append_origin(s, in, found->segment);
	if (inspection_quotes_offer(in))
		g_string_append(s, ", in answer to an offer");
	if (facts_policy(facts)->phrases != PHRASES_NONE)
		append_quotation(s, in, found->segment,
		    found->sentence_start, found->sentence_end);
}

static void
say_phrase(GString *s, const struct test *test, const struct facts *facts,
    struct inspection *in, const struct phrase *found)
{
	if (test->kind == TEST_OFFICIAL_LETTER) {
		g_string_append_printf(s, "the message %s an official letter",
		    found != NULL ? "may be" : "is not");
	} else {
		g_string_append_printf(s, "the text %s ",
		    found != NULL ? "may read like" : "does not read like");
		append_words(s, test->kind == TEST_INSTRUCTION ? "an instruction"
							       : test->name);
	}
	if (found != NULL && facts_policy(facts)->phrases != PHRASES_NONE)
		append_quotation(
		    s, in, found->segment, found->start, found->end);
}

static void
say_name(GString *s, const struct test *test, const struct name *found)
{
	g_string_append_printf(s, "the message is %sin the name of ",
	    found != NULL ? "" : "not ");
	if (found == NULL || found->person == NULL) {
		g_string_append_printf(s, "a %s", test->is->name);
	} else {
		g_string_append(s, found->person->name);
	}
	if (found != NULL)
		g_string_append_printf(
		    s, ", by its %s", name_sign_name(found->sign));
}

char *
say_text(const struct test *test, const struct facts *facts, bool holds)
{
	struct inspection *in = facts_inspection(facts, INSPECTION_TEXT);
	GString *s = g_string_new(NULL);
	const void *found = NULL;

	if (test->kind != TEST_CONTRADICTION && test->kind != TEST_OFFER)
		found = text_finding(test, facts, &in);
	switch (test->kind) {
	case TEST_MARKED:
	case TEST_QUOTES_MARKED:
		say_marked(s, test, found);
		break;
	case TEST_CONFIDENTIAL:
		say_secret(s, test, facts, in, found);
		break;
	case TEST_NO_REASON:
		g_string_append(s, found != NULL
			? "the marking does not say why"
			: "the marking says why, or there is none");
		break;
	case TEST_CONTRADICTION:
		g_string_append(s, holds ? "the markings contradict one another: "
					 : "the markings do not contradict one "
					   "another");
		if (holds)
			g_string_append(s, inspection_contradiction(in));
		break;
	case TEST_OBLIGATION:
		say_act(s, test, facts, in, found);
		break;
	case TEST_IN_NAME_OF:
		say_name(s, test, found);
		break;
	case TEST_OFFER:
		g_string_append_printf(s, "the message %s an offer",
		    holds ? "replies to" : "does not reply to");
		break;
	default:
		say_phrase(s, test, facts, in, found);
		break;
	}
	return g_string_free(s, FALSE);
}

char *
say_writer(const struct test *test, const struct facts *facts, bool holds)
{
	(void)facts;
	return g_strdup_printf("the message %s something that %s has written",
	    test->kind == TEST_REPLIES_TO
		? (holds ? "answers" : "does not answer")
		: (holds ? "forwards" : "does not forward"),
	    test->is->name);
}

char *
say_attachment(const struct test *test, const struct facts *facts, bool holds)
{
	bool has = holds != test->negated;
	GString *s = g_string_new(
	    has ? "the message has an attachment"
		: "the message has no attachment");

	(void)facts;
	if (*test->text != '\0')
		g_string_append_printf(s, " of type \"%s\"", test->text);
	if (*test->name != '\0') {
		g_string_append(s, " that is ");
		append_words(s, test->name);
	}
	return g_string_free(s, FALSE);
}
