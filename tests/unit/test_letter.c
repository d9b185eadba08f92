#include <string.h>

#include "tests/unit/reading.h"
#include "tests/unit/unit.h"

START_TEST(header_fields)
{
	static const char *const kinds[] = {"report", "notice", "disclosure"};
	g_autoptr(outbox_item) item = item_new(kinds[_i]);
	struct reading reading = reading_of_item(item);
	GMimeMessage *message = reading.message;
	InternetAddress *from = internet_address_list_get_address(
	    g_mime_message_get_from(message), 0);

	ck_assert_str_eq(internet_address_get_name(from),
	    "Woodland Parish Council mail filter");
	ck_assert_str_eq(
	    internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(from)),
	    "council-milter@woodland-pc.example");
	ck_assert_str_eq(reading_header(&reading, "To"), CLERK);
	ck_assert_str_eq(
	    reading_header(&reading, "Date"), "Tue, 5 May 2026 16:53:20 +0000");
	ck_assert_str_eq(reading_header(&reading, "Message-ID"),
	    "<" LETTER_ID "@mx.woodland-pc.example>");
	ck_assert_str_eq(
	    reading_header(&reading, "Auto-Submitted"), "auto-generated");
	ck_assert_str_eq(
	    reading_header(&reading, "X-Auto-Response-Suppress"), "All");
	ck_assert_str_eq(reading_header(&reading, "MIME-Version"), "1.0");
	if (_i == 0) /* the clerk may not have the message */
		ck_assert_ptr_null(reading_header(&reading, "In-Reply-To"));
	else
		ck_assert_str_eq(reading_header(&reading, "In-Reply-To"),
		    "<1@woodland-pc.example>");
	reading_clear(&reading);
}
END_TEST

START_TEST(same_letter_twice)
{
	g_autoptr(outbox_item) item = item_new("report");
	GBytes *first = letter_render(&test_letterhead, item);
	GBytes *second;

	item->attempts = 7;
	item->next_try = NOON + 99;
	item->last_error = g_strdup("451 later");
	g_setenv("TZ", "Pacific/Auckland", TRUE);
	second = letter_render(&test_letterhead, item);
	ck_assert(g_bytes_equal(first, second));
	g_bytes_unref(first);
	g_bytes_unref(second);
}
END_TEST

START_TEST(no_host)
{
	g_autoptr(outbox_item) item = item_new("report");
	struct letterhead plain = test_letterhead;
	struct reading reading;

	plain.host = NULL;
	reading = reading_of(letter_render(&plain, item));
	ck_assert_str_eq(reading_header(&reading, "Message-ID"),
	    "<" LETTER_ID "@woodland-pc.example>");
	reading_clear(&reading);
}
END_TEST

/* What a letter says. */

static void
as_it_is(struct outbox_item *item)
{
	(void)item;
}

static void
hold(struct outbox_item *item)
{
	entry_set(&item->entry->disposition, "hold");
	entry_set(&item->entry->edit, "none");
}

static void
hold_odd_queue_id(struct outbox_item *item)
{
	hold(item);
	entry_set(&item->entry->queue_id, "4X; rm -rf /");
}

static void
refuse(struct outbox_item *item)
{
	entry_set(&item->entry->disposition, "reject");
	entry_set(&item->entry->edit, "none");
}

static void
leave_unjudged(struct outbox_item *item)
{
	entry_set(&item->entry->disposition, "defer");
	entry_set(&item->entry->edit, "none");
	first_finding(item)->failed = true;
}

static void
wrap(struct outbox_item *item)
{
	entry_set(&item->entry->edit, "wrapped");
	entry_set(&item->entry->edit_reason, "signed with S/MIME");
}

static void
leave(struct outbox_item *item)
{
	entry_set(&item->entry->edit, "left");
	entry_set(&item->entry->edit_reason, "the message is encrypted");
	entry_set(&item->entry->not_inspected, "the message is encrypted");
}

static void
leave_and_disclose(struct outbox_item *item)
{
	leave(item);
	entry_add_letter(item->entry, "disclosure", "cllr.jones@x.example", "");
}

static void
observe(struct outbox_item *item)
{
	entry_set(&first_finding(item)->mode, "observe");
	entry_set(&item->entry->edit, "none");
}

static void
observe_other_rule(struct outbox_item *item)
{
	struct journal_finding *finding =
	    journal_entry_add_finding(item->entry);

	finding->rule = g_strdup("tried-rule");
	finding->clause = g_strdup("A clause on trial");
	finding->place = g_strdup("council.policy:99");
	finding->mode = g_strdup("observe");
	finding->actions = g_strdup("mark, report (observed only)");
}

static void
mark_too(struct outbox_item *item)
{
	entry_set(&first_finding(item)->actions, "footer, mark, report");
}

static void
add_other_rule(struct outbox_item *item)
{
	struct journal_finding *finding =
	    journal_entry_add_finding(item->entry);

	finding->rule = g_strdup("secret-rule");
	finding->clause = g_strdup("A clause about the clerk");
	finding->place = g_strdup("council.policy:99");
}

static void
ask_for_all(struct outbox_item *item)
{
	add_other_rule(item);
	entry_set(&item->rule, "");
}

static void
without_title(struct outbox_item *item)
{
	entry_set(&item->entry->hidden, "Sam Smith, Owen Hughes");
}

static void
with_text(struct outbox_item *item)
{
	item->text = g_strdup("Ask the Clerk to send this as an order.");
}

static void
without_clause(struct outbox_item *item)
{
	entry_set(&first_finding(item)->clause, "");
}

static const struct {
	const char *name, *kind;
	void (*change)(struct outbox_item *);
	const char *want;  /* in the text and, with its words, the HTML */
	const char *never; /* in neither; NULL: nothing */
} contents[] = {
    {"clause", "report", as_it_is,
	"Correspondence, paragraph 1: no silent copies", NULL},
    {"rule and line", "report", as_it_is,
	"silent-copy (council.policy, line 14)", NULL},
    {"evidence", "report", as_it_is,
	"A hidden recipient is councillor Sam Smith.", NULL},
    {"hidden", "report", as_it_is, "Cllr Sam Smith", "breach"},
    {"may", "report", as_it_is, "may not be in keeping with", NULL},
    {"date", "report", as_it_is, "Tue, 5 May 2026 10:00:00 +0100", NULL},
    {"reference", "report", as_it_is, "<1@woodland-pc.example>", NULL},
    {"queue id", "report", as_it_is, "4XyZ12abcd", "postsuper"},
    {"footer", "report", as_it_is, "The footer was added;", NULL},
    {"footer and marking", "report", mark_too,
	"The footer and marking were added;", NULL},
    {"marking on trial", "report", observe_other_rule,
	"The footer was added;", "marking"},
    {"retention", "report", as_it_is, "for 90 days", NULL},
    {"held", "report", hold, "postsuper -H 4XyZ12abcd", NULL},
    {"held: sendmail", "report", hold, "sendmail -qQ -Q -qI4XyZ12abcd", NULL},
    {"held: odd id", "report", hold_odd_queue_id, "mailq -qQ", "postsuper -H"},
    {"refused", "report", refuse, "The message was refused", "postsuper"},
    {"failed", "report", leave_unjudged, "could not judge this rule", NULL},
    {"wrapped", "report", wrap, "signed with S/MIME", NULL},
    {"left", "report", leave, "it also went to Cllr Sam Smith", NULL},
    {"left: reason", "report", leave, "The message is encrypted.", NULL},
    {"left, disclosed", "report", leave_and_disclose, "A notice tells those",
	"You may tell those"},
    {"observed", "report", observe, "the rule is only observed",
	"The footer was"},
    {"another rule", "report", add_other_rule, "silent-copy",
	"about the clerk"},
    {"all rules", "report", ask_for_all, "A clause about the clerk", NULL},
    {"no clause", "report", without_clause, "silent-copy", NULL},
    {"policy's words", "report", with_text, "Ask the Clerk to send", NULL},
    {"notice: clause", "notice", as_it_is,
	"Correspondence, paragraph 1: no silent copies", "breach"},
    {"notice: may", "notice", as_it_is, "may not be in keeping", NULL},
    {"notice: who sees", "notice", as_it_is, "Who can see this", NULL},
    {"notice: contest", "notice", as_it_is, "If you think this is mistaken",
	NULL},
    {"notice: words", "notice", with_text, "Ask the Clerk to send", NULL},
    {"notice: held", "notice", hold, "need not send the message again",
	"postsuper"},
    {"disclosure", "disclosure", as_it_is,
	"A copy of this message also went to Cllr Sam Smith.",
	"council.policy"},
    {"disclosure: title", "disclosure", without_title,
	"also went to councillors Sam Smith, Owen Hughes.", "officer"},
    {"disclosure: held", "disclosure", hold,
	"It is held, and nobody has received it yet. If it is released, a "
	"copy also goes to Cllr Sam Smith.",
	"went to"},
    {"disclosure: sender", "disclosure", as_it_is, "Alex Morgan", NULL},
};

START_TEST(content)
{
	g_autoptr(outbox_item) item = item_new(contents[_i].kind);
	g_autofree char *text = NULL;
	g_autofree char *html = NULL;
	struct reading reading;

	contents[_i].change(item);
	reading = reading_of_item(item);
	text = flatten(reading.text, false);
	html = flatten(reading.html, true);
	ck_assert_msg(strstr(text, contents[_i].want) != NULL, "%s: %s",
	    contents[_i].name, reading.text);
	ck_assert_msg(strstr(html, contents[_i].want) != NULL, "%s: %s",
	    contents[_i].name, reading.html);
	if (contents[_i].never != NULL) {
		ck_assert_msg(strstr(text, contents[_i].never) == NULL,
		    "%s: %s", contents[_i].name, reading.text);
		ck_assert_msg(strstr(html, contents[_i].never) == NULL,
		    "%s: %s", contents[_i].name, reading.html);
	}
	reading_clear(&reading);
}
END_TEST

static const struct {
	const char *name, *kind;
	void (*change)(struct outbox_item *);
	const char *want;
} subjects[] = {
    {"report", "report", as_it_is,
	"Mail filter report: "
	"Correspondence, paragraph 1: no silent copies"},
    {"held", "report", hold,
	"Held for your decision: "
	"Correspondence, paragraph 1: no silent copies"},
    {"several", "report", ask_for_all,
	"Mail filter report: Correspondence, paragraph 1: no silent "
	"copies, and 1 more"},
    {"notice", "notice", as_it_is,
	"About a message that you sent: "
	"Correspondence, paragraph 1: no silent copies"},
    {"disclosure", "disclosure", as_it_is,
	"Who else received a message to you"},
};

START_TEST(subject)
{
	g_autoptr(outbox_item) item = item_new(subjects[_i].kind);
	struct reading reading;

	subjects[_i].change(item);
	reading = reading_of_item(item);
	ck_assert_str_eq(
	    g_mime_message_get_subject(reading.message), subjects[_i].want);
	reading_clear(&reading);
}
END_TEST

START_TEST(long_subject)
{
	g_autoptr(outbox_item) item = item_new("report");
	struct reading reading;
	const char *subject;

	entry_set(&first_finding(item)->clause,
	    "Correspondence, paragraph 3: an officer's letter that is marked "
	    "confidential is not sent or copied to complainants or others");
	reading = reading_of_item(item);
	subject = g_mime_message_get_subject(reading.message);
	ck_assert_str_eq(subject,
	    "Mail filter report: Correspondence, paragraph 3: an officer's "
	    "letter that is marked confidential is not sent...");
	reading_clear(&reading);
}
END_TEST

/* Form. */

START_TEST(accessible)
{
	static const char *const kinds[] = {"report", "notice", "disclosure"};
	g_autoptr(outbox_item) item = item_new(kinds[_i]);
	struct reading reading;

	hold(item);
	entry_set(&item->entry->sender, "Zo\u00eb M\u00fcller");
	reading = reading_of_item(item);
	ck_assert_ptr_nonnull(strstr(reading.html, "<html lang=\"en\">"));
	ck_assert_ptr_nonnull(strstr(reading.html, "<h1"));
	ck_assert_ptr_nonnull(strstr(reading.html, "<h2"));
	ck_assert_ptr_nonnull(strstr(reading.html, "<th scope=\"row\""));
	ck_assert_ptr_nonnull(strstr(reading.html, "<title>"));
	ck_assert_ptr_null(strstr(reading.html, "<img"));
	ck_assert_ptr_null(strstr(reading.html, "http"));
	ck_assert_ptr_null(strstr(reading.html, "url("));
	reading_clear(&reading);
}
END_TEST

static struct outbox_item *
digest_item(const char *rule, const char *sender, const char *not_inspected)
{
	struct outbox_item *item = item_new("report");

	entry_set(&item->rule, rule);
	entry_set(&first_finding(item)->rule, rule);
	entry_set(&first_finding(item)->clause, "");
	entry_set(&item->entry->sender, sender);
	entry_set(&item->entry->not_inspected, not_inspected);
	return item;
}

static void
free_item(void *item)
{
	outbox_item_free(item);
}

START_TEST(digest)
{
	g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(free_item);
	struct outbox_item *last =
	    digest_item("rule-a", "Robin Lee", "the message is encrypted");
	g_autofree char *text = NULL;
	const char *first, *second, *third;
	struct reading reading;

	g_ptr_array_add(items, digest_item("rule-a", "Alex Morgan", NULL));
	g_ptr_array_add(items,
	    digest_item("rule-b", "Priya Patel", "the message is encrypted"));
	last->created = NOON + 60;
	g_ptr_array_add(items, last);
	reading = reading_of(letter_render_digest(&test_letterhead, items));
	ck_assert_str_eq(g_mime_message_get_subject(reading.message),
	    "Mail filter digest: 3 findings");
	ck_assert_str_eq(
	    reading_header(&reading, "Date"), "Tue, 5 May 2026 16:54:20 +0000");
	text = flatten(reading.text, false);
	ck_assert_ptr_nonnull(strstr(text, "- rule-a: 2 messages"));
	ck_assert_ptr_nonnull(strstr(text, "- rule-b: 1 message "));
	ck_assert_ptr_nonnull(
	    strstr(text, "- 2 messages: the message is encrypted"));
	/* By rule: both of rule-a stand before the one of rule-b. */
	first = strstr(text, "1. Alex Morgan");
	second = strstr(text, "2. Robin Lee");
	third = strstr(text, "1. Priya Patel");
	ck_assert(first != NULL && second != NULL && third != NULL);
	ck_assert(first < second && second < third);
	ck_assert_ptr_nonnull(strstr(text,
	    "the sender is officer Alex Morgan; a hidden recipient is "
	    "councillor Sam Smith"));
	reading_clear(&reading);
}
END_TEST

START_TEST(digest_of_held_mail)
{
	g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(free_item);
	struct outbox_item *held = digest_item("rule-b", "Priya Patel", NULL);
	g_autofree char *text = NULL;
	struct reading reading;

	entry_set(&held->entry->disposition, "hold");
	g_ptr_array_add(items, digest_item("rule-a", "Alex Morgan", NULL));
	g_ptr_array_add(items, held);
	reading = reading_of(letter_render_digest(&test_letterhead, items));
	text = flatten(reading.text, false);
	ck_assert_ptr_nonnull(strstr(text, "1 message is held for your"));
	ck_assert_ptr_null(strstr(text, "Nothing needs doing"));
	reading_clear(&reading);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("letter");
	TCase *tcase = tcase_create("letter");

	g_mime_init();
	tcase_add_loop_test(tcase, header_fields, 0, 3);
	tcase_add_test(tcase, same_letter_twice);
	tcase_add_test(tcase, no_host);
	tcase_add_loop_test(tcase, content, 0, G_N_ELEMENTS(contents));
	tcase_add_loop_test(tcase, subject, 0, G_N_ELEMENTS(subjects));
	tcase_add_test(tcase, long_subject);
	tcase_add_loop_test(tcase, accessible, 0, 3);
	tcase_add_test(tcase, digest);
	tcase_add_test(tcase, digest_of_held_mail);
	suite_add_tcase(suite, tcase);
	return suite;
}
