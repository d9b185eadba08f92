#include <string.h>

#include "policy/detect/inspection.h"
#include "policy/detect/thread.h"
#include "policy/judging/judge_text.h"
#include "policy/text/history_line.h"
#include "policy/text/prefix.h"

/* Is the finding one that the test asks for? */
typedef bool asks_fn(const struct test *, const struct facts *,
    struct inspection *, const void *finding);

static enum level
wanted_level(const struct test *test)
{
	return test->level == LEVEL_ANY ? LEVEL_MEDIUM : test->level;
}

static bool
is_kind(const struct test *test, const char *kind)
{
	return *test->name == '\0' || strcmp(test->name, kind) == 0;
}

static bool
is_history(enum origin origin)
{
	return origin == ORIGIN_QUOTED || origin == ORIGIN_FORWARDED;
}

/*
 * "confidential" is what any marking says that keeps the content from others
 * for good; the rest must be asked for by their names.
 */
static bool
is_marking(const struct test *test, const struct marking *marking)
{
	static const char *const others[] = {
	    "embargoed", "personal", "without-prejudice", NULL};

	if (*test->name == '\0' || strcmp(test->name, "confidential") == 0)
		return !g_strv_contains(others, marking->kind);
	return strcmp(test->name, marking->kind) == 0;
}

static bool
asks_marked(const struct test *test, const struct facts *facts,
    struct inspection *in, const void *finding)
{
	const struct marking *marking = finding;

	(void)facts;
	(void)in;
	return !is_history(marking->origin) && is_marking(test, marking) &&
	    (*test->text == '\0' ||
		strcmp(test->text, marking_place_name(marking->place)) == 0);
}

/*
 * Whose words stand in the subject of a reply, behind "Re:": those of whoever
 * wrote the oldest that it carries.
 */
static const struct segment *
thread_start(const struct facts *facts, struct inspection *in)
{
	const GPtrArray *segments = inspection_content(in)->segments;
	const struct header_facts *headers = facts_headers(facts);
	const struct segment *start = NULL;

	for (guint i = 0; headers->is_reply && i < segments->len; i++) {
		const struct segment *segment = segments->pdata[i];

		if (segment->origin == ORIGIN_QUOTED &&
		    (start == NULL || segment->depth > start->depth))
			start = segment;
	}
	return start;
}

/* "Subject: RE: …", in the head of an answer that the history carries. */
static bool
is_answers_subject(const struct marking *marking, const struct segment *words)
{
	gsize start = marking->start, len;
	g_autofree char *line = NULL;
	const char *subject;

	while (start > 0 && words->text[start - 1] != '\n')
		start--;
	len = strcspn(words->text + start, "\n");
	line = g_strndup(words->text + start, len);
	if (!line_is_field(line, len, FIELD_OTHER))
		return false;
	subject = line_field_value(line, &len);
	return subject_is_reply(subject);
}

/* "[CONFIDENTIAL]" in a subject was put there on the way. */
static bool
is_tag(const struct marking *marking, struct inspection *in)
{
	const struct segment *place = inspection_segment(in, marking->segment);

	return place != NULL && marking->start > 0 &&
	       place->text[marking->start - 1] == '[';
}

static bool
asks_quoted(const struct test *test, const struct facts *facts,
    struct inspection *in, const void *finding)
{
	const struct marking *marking = finding;
	const struct segment *words = NULL;

	if (!is_marking(test, marking))
		return false;
	if (test->is == NULL)
		return is_history(marking->origin);
	if (is_history(marking->origin))
		words = inspection_segment(in, marking->segment);
	else if (marking->origin == ORIGIN_SUBJECT && !is_tag(marking, in))
		words = thread_start(facts, in);
	if (words != NULL && is_history(marking->origin) &&
	    is_answers_subject(marking, words))
		words = thread_start(facts, in);
	if (words == NULL)
		return false;
	if (words->writer_address == NULL && words->writer_name == NULL)
		return parents_in_class(facts_parents(facts), false,
			   facts_policy(facts), test->is,
			   facts_day(facts)) != NULL;
	return writer_in_class(
	    words, facts_policy(facts), test->is, facts_day(facts));
}

static bool
asks_secret(const struct test *test, const struct facts *facts,
    struct inspection *in, const void *finding)
{
	const struct secret *secret = finding;
	const struct segment *segment = inspection_segment(in, secret->segment);

	(void)facts;
	return is_kind(test, secret->category) &&
	    level_of(secret->probability) >= wanted_level(test) &&
	    !(test->own_text && segment != NULL && is_history(segment->origin));
}

/* Is somebody of that class named by it, surely enough? */
static bool
name_counts(const struct name *name, const struct class *class, day on)
{
	return level_of(name->probability) >= LEVEL_MEDIUM &&
	    name_in_class(name, class, on);
}

static bool
asks_name(const struct test *test, const struct facts *facts,
    struct inspection *in, const void *finding)
{
	(void)in;
	return name_counts(finding, test->is, facts_day(facts));
}

/*
 * Does the text that the act is in go out in the name of the class?  A
 * message's words do by its From, Sender or sign-off, an attached letter's by
 * the sign-off or letterhead of that letter.
 */
static bool
is_in_name(const struct class *class, const struct facts *facts,
    struct inspection *in, const struct act *act)
{
	const GPtrArray *names = inspection_names(in);
	const struct segment *place = inspection_segment(in, act->segment);

	for (guint i = 0; i < names->len; i++) {
		const struct name *name = names->pdata[i];
		const struct segment *segment =
		    inspection_segment(in, name->segment);
		bool same_letter = place == NULL || place->attachment < 0 ||
		    (segment != NULL &&
			segment->attachment == place->attachment);

		if (same_letter && name_counts(name, class, facts_day(facts)))
			return true;
	}
	return false;
}

/*
 * Without a name asked for, an attached letter counts when somebody of the
 * council has signed it: what a supplier offers binds the supplier.
 */
static bool
asks_act(const struct test *test, const struct facts *facts,
    struct inspection *in, const void *finding)
{
	static const struct class councillor = {
	    .kind = CLASS_ROLE, .role = ROLE_COUNCILLOR};
	static const struct class officer = {
	    .kind = CLASS_ROLE, .role = ROLE_OFFICER};
	const struct act *act = finding;
	const struct segment *place = inspection_segment(in, act->segment);

	if (act->cancelled != NULL || !is_kind(test, act->kind) ||
	    level_of(act->probability) < wanted_level(test))
		return false;
	if (test->is != NULL)
		return is_in_name(test->is, facts, in, act);
	return place == NULL || place->attachment < 0 ||
	    is_in_name(&councillor, facts, in, act) ||
	    is_in_name(&officer, facts, in, act);
}

static bool
asks_phrase(const struct test *test, const struct facts *facts,
    struct inspection *in, const void *finding)
{
	static const char *const kinds[TEST_KIND_COUNT] = {
	    [TEST_INSTRUCTION] = "instruction",
	    [TEST_OFFICIAL_LETTER] = "official-letter",
	};
	const struct phrase *phrase = finding;
	const char *kind = kinds[test->kind] != NULL ? kinds[test->kind]
						     : test->name;

	(void)facts;
	(void)in;
	return strcmp(kind, phrase->kind) == 0 &&
	    level_of(phrase->probability) >= wanted_level(test);
}

static const GPtrArray *
list_attachments(struct inspection *in)
{
	return inspection_content(in)->attachments;
}

static bool
asks_attachment(const struct test *test, const struct facts *facts,
    struct inspection *in, const void *finding)
{
	const struct attachment *attachment = finding;
	bool is_state = *test->name == '\0' ||
	    (strcmp(test->name, "unread") == 0
		    ? attachment->state != ATTACHMENT_READ
		    : strcmp(test->name,
			  strcmp(attachment_state_name(attachment->state),
			      "timed out") == 0
			      ? "timed-out"
			      : attachment_state_name(attachment->state)) == 0);

	(void)facts;
	(void)in;
	return is_state &&
	    (*test->text == '\0' ||
		g_ascii_strcasecmp(test->text, attachment->type) == 0);
}

/* What a test looks for, and whether attachments may have it, too. */
static const struct quest {
	const GPtrArray *(*list)(struct inspection *);
	asks_fn *asks;
	bool attached;
} quests[TEST_KIND_COUNT] = {
    [TEST_MARKED] = {inspection_markings, asks_marked, true},
    [TEST_QUOTES_MARKED] = {inspection_markings, asks_quoted, true},
    [TEST_CONFIDENTIAL] = {inspection_secrets, asks_secret, true},
    [TEST_NO_REASON] = {inspection_markings, asks_marked, true},
    [TEST_OBLIGATION] = {inspection_acts, asks_act, true},
    [TEST_INSTRUCTION] = {inspection_phrases, asks_phrase, false},
    [TEST_PHRASE] = {inspection_phrases, asks_phrase, false},
    [TEST_OFFICIAL_LETTER] = {inspection_phrases, asks_phrase, true},
    [TEST_IN_NAME_OF] = {inspection_names, asks_name, true},
    [TEST_ATTACHMENT] = {list_attachments, asks_attachment, true},
};

/* Does one of the author's markings say why? */
static bool
has_reason(const struct facts *facts)
{
	for (unsigned which = 0; which < INSPECTION_COUNT; which++) {
		struct inspection *in = facts_inspection(facts, which);
		const GPtrArray *markings =
		    in != NULL ? inspection_markings(in) : NULL;

		for (guint i = 0; markings != NULL && i < markings->len; i++) {
			const struct marking *marking = markings->pdata[i];

			if (!is_history(marking->origin) &&
			    (marking->has_reason || marking->paragraph != NULL))
				return true;
		}
	}
	return false;
}

/*
 * Names are soon found, acts are not: a text that names nobody of the class has
 * no act in the name of it.
 */
static bool
may_be_in_name(
    const struct test *test, const struct facts *facts, struct inspection *in)
{
	const GPtrArray *names;

	if (test->kind != TEST_OBLIGATION || test->is == NULL)
		return true;
	names = inspection_names(in);
	for (guint i = 0; i < names->len; i++)
		if (name_counts(names->pdata[i], test->is, facts_day(facts)))
			return true;
	return false;
}

const void *
text_finding(const struct test *test, const struct facts *facts,
    struct inspection **where)
{
	const struct quest *quest = &quests[test->kind];

	if (test->kind == TEST_NO_REASON && has_reason(facts))
		return NULL;
	for (unsigned which = 0; which < INSPECTION_COUNT; which++) {
		struct inspection *in = facts_inspection(facts, which);
		const GPtrArray *found = NULL;

		if (in != NULL && may_be_in_name(test, facts, in))
			found = quest->list(in);
		for (guint i = 0; found != NULL && i < found->len; i++) {
			if (!quest->asks(test, facts, in, found->pdata[i]))
				continue;
			if (where != NULL)
				*where = in;
			return found->pdata[i];
		}
	}
	return NULL;
}

/* A marking that must stand elsewhere cannot be in an attachment. */
static bool
may_be_attached(const struct test *test)
{
	return quests[test->kind].attached &&
	    (test->kind != TEST_MARKED || *test->text == '\0' ||
		strcmp(test->text,
		    marking_place_name(MARKING_ATTACHMENT)) == 0);
}

enum truth
judge_text(const struct test *test, const struct facts *facts)
{
	bool found = text_finding(test, facts, NULL) != NULL;

	/* What an attachment says may still give a reason, not take it away. */
	if (found && test->kind != TEST_NO_REASON)
		return TRUTH_TRUE;
	if (facts_stage(facts) < STAGE_TEXT ||
	    (may_be_attached(test) && facts_await_attachments(facts)))
		return TRUTH_UNKNOWN;
	return truth_of(found);
}

enum truth
judge_contradiction(const struct test *test, const struct facts *facts)
{
	struct inspection *in = facts_inspection(facts, INSPECTION_TEXT);

	(void)test;
	return in == NULL ? TRUTH_UNKNOWN
			  : truth_of(inspection_contradiction(in) != NULL);
}

enum truth
judge_offer(const struct test *test, const struct facts *facts)
{
	struct inspection *in = facts_inspection(facts, INSPECTION_TEXT);

	(void)test;
	return in == NULL ? TRUTH_UNKNOWN
			  : truth_of(inspection_quotes_offer(in));
}

static enum truth
judge_parents(const struct test *test, const struct facts *facts, bool forwarded)
{
	if (facts_stage(facts) < STAGE_TEXT)
		return TRUTH_UNKNOWN;
	return truth_of(parents_in_class(facts_parents(facts), forwarded,
			    facts_policy(facts), test->is,
			    facts_day(facts)) != NULL);
}

enum truth
judge_replies_to(const struct test *test, const struct facts *facts)
{
	return judge_parents(test, facts, false);
}

enum truth
judge_forwards(const struct test *test, const struct facts *facts)
{
	return judge_parents(test, facts, true);
}

enum truth
judge_attachment(const struct test *test, const struct facts *facts)
{
	const struct message_facts *message = facts_message(facts);

	if (message == NULL)
		return TRUTH_UNKNOWN;
	if (message->attachments == 0 && !message->is_encrypted)
		return TRUTH_FALSE;
	if (*test->text == '\0' && *test->name == '\0')
		return truth_of(message->attachments > 0);
	return judge_text(test, facts);
}
