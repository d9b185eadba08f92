/* The road of a message from MAIL to its outcome. */
#include <string.h>

#include "tests/unit/entries.h"
#include "tests/unit/roads.h"
#include "tests/unit/unit.h"

static const struct road roads[] = {
    {"two silent copies gain two lines", NULL, "clerk", CLERK,
	JONES " " SMITH " " PATEL, JONES, "Allotments", "", false,
	DISPOSITION_ACCEPT, EDIT_DONE, 1, 1,
	"CC councillor Sam Smith\r\nCC councillor Priya Patel"},
    {"open copy passes before its body", NULL, "clerk", CLERK, JONES " " SMITH,
	JONES ", " SMITH, "Allotments", "", true, DISPOSITION_ACCEPT, EDIT_NONE,
	0, 0, NULL},
    {"mail between strangers passes at once", "192.0.2.1", NULL,
	"a@example.org", JONES, JONES, "Hello", "", true, DISPOSITION_ACCEPT,
	EDIT_NONE, 0, 0, NULL},
    {"claimed officer from outside is a stranger", "192.0.2.1", NULL, CLERK,
	JONES " " SMITH, JONES, "Allotments", "", true, DISPOSITION_ACCEPT,
	EDIT_NONE, 0, 0, NULL},
    {"exempt channel is not examined", NULL, "clerk", CLERK,
	JONES " " SMITH " grievance@woodland-pc.example",
	JONES ", grievance@woodland-pc.example", "Allotments", "", true,
	DISPOSITION_ACCEPT, EDIT_NONE, 0, 0, NULL},
    {"refusal carries the policy's words", NULL, "clerk", CLERK, JONES, JONES,
	"a codeword", "", false, DISPOSITION_REJECT, EDIT_NONE, 1, 0, NULL},
    {"hold", NULL, "clerk", CLERK, JONES, JONES, "a holdword", "", false,
	DISPOSITION_HOLD, EDIT_NONE, 1, 0, NULL},
    {"refusal and footer: no edit of what does not leave", NULL, "clerk", CLERK,
	JONES " " SMITH, JONES, "a codeword", "", false, DISPOSITION_REJECT,
	EDIT_NONE, 2, 1, NULL},
    {"hold and footer: edited for the day of its release", NULL, "clerk", CLERK,
	JONES " " SMITH, JONES, "a holdword", "", false, DISPOSITION_HOLD,
	EDIT_DONE, 2, 1, "CC councillor Sam Smith"},
    {"told once, whichever rule says so", NULL, "clerk", CLERK, SMITH, JONES,
	"a tellword", "", false, DISPOSITION_ACCEPT, EDIT_DONE, 2, 2,
	"CC councillor Sam Smith"},
    {"observed only", NULL, "clerk", CLERK, "b@example.net", "b@example.net",
	"watchword", "", false, DISPOSITION_ACCEPT, EDIT_NONE, 1, 0, NULL},
    {"marked, with its reason", NULL, "clerk", CLERK, JONES, JONES,
	"a staffword", "", false, DISPOSITION_ACCEPT, EDIT_DONE, 1, 0,
	"For councillors only"},
    {"encrypted mail is left, the councillor told", NULL, "clerk", CLERK,
	JONES " " SMITH, JONES, "Allotments",
	"MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; "
	"smime-type=enveloped-data\r\n",
	false, DISPOSITION_ACCEPT, EDIT_LEFT, 1, 2, NULL},
    {"a sealed list's mail from outside is left", "192.0.2.1", NULL,
	"a@example.org", JONES " " SMITH, JONES, "sealword",
	"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; b=x\r\n", false,
	DISPOSITION_ACCEPT, EDIT_LEFT, 1, 0, NULL},
    {"hidden copy that comes alone: the councillor told", NULL, "clerk", CLERK,
	SMITH, JONES, "Allotments", "", false, DISPOSITION_ACCEPT, EDIT_DONE, 1,
	2, "CC councillor Sam Smith"},
};

static void
follow(const struct road *road)
{
	g_autoptr(session) session = session_new(world.service);
	const struct outcome *outcome;
	bool early;

	outcome = road_travel(session, road, &early);
	ck_assert_msg(early == road->early, "%s: early %d", road->name, early);
	if (early)
		return;
	ck_assert_msg(outcome->disposition == road->disposition, "%s: %s, %s",
	    road->name, disposition_name(outcome->disposition), outcome->log);
	ck_assert_msg(outcome->edit->status == road->edit, "%s: %s (%s)",
	    road->name, edit_status_name(outcome->edit->status),
	    outcome->edit->reason ? outcome->edit->reason : "");
	ck_assert_msg(outcome->verdict->findings->len == road->findings,
	    "%s: %u findings", road->name, outcome->verdict->findings->len);
	road_letters(road->name, road->letters);
	if (road->footer != NULL) {
		g_autoptr(GString) body = road_body(session, outcome);

		ck_assert_msg(strstr(body->str, road->footer) != NULL, "%s: %s",
		    road->name, body->str);
	}
}

START_TEST(test_silent_copy)
{
	follow(&silent_copy);
}
END_TEST

START_TEST(test_road)
{
	follow(&roads[_i]);
}
END_TEST

START_TEST(test_no_text_in_the_journal)
{
	g_autofree char *text = g_strnfill(2000, 'x');
	g_autoptr(session) session = session_new(world.service);
	g_autoptr(GPtrArray) entries = NULL;
	const struct journal_entry *entry;

	session_mail(session, "", NULL);
	session_header(session, "From", text);
	session_header(session, "Date", text);
	session_header(session, "Message-ID", text);
	session_header(session, "Subject", "holdword");
	(void)session_end_of_message(session, "4ABC");
	entries = journal_list(world.journal, 0, G_MAXINT64, NULL);
	ck_assert_uint_eq(entries->len, 1);
	entry = entries->pdata[0];
	ck_assert_str_eq(entry->sender, "");
	ck_assert_str_eq(entry->date, "");
	ck_assert_str_eq(entry->message_id, "");
}
END_TEST

/* MAIL, RCPT, Header, eNd of the header, Body: no message that can be judged.
 */
static const char *const orders[] = {
    "MHRN", "MRNRB", "MRHB", "MRB", "MRHNHB", "MRNN", "R", ""};

START_TEST(test_out_of_order)
{
	g_autoptr(session) session = session_new(world.service);
	const struct outcome *outcome;

	for (const char *p = orders[_i]; *p != '\0'; p++) {
		if (*p == 'M')
			session_mail(session, CLERK, "clerk");
		else if (*p == 'R')
			session_rcpt(session, JONES, NULL);
		else if (*p == 'H')
			session_header(session, "To", " " JONES);
		else if (*p == 'N')
			session_end_of_headers(session);
		else
			session_body(session, "x\r\n", 3);
	}
	outcome = session_end_of_message(session, "4ABC");
	ck_assert_int_eq(outcome->disposition, DISPOSITION_DEFER);
	ck_assert(outcome->error);
}
END_TEST

START_TEST(test_session_is_reset)
{
	g_autoptr(session) session = session_new(world.service);
	const struct outcome *outcome;
	bool early;

	(void)road_travel(session, &silent_copy, &early);
	(void)road_travel(session, &roads[1], &early);
	ck_assert(early);
	session_abort(session);
	outcome = session_end_of_message(session, "4ABC");
	ck_assert_int_eq(outcome->disposition, DISPOSITION_DEFER);
	ck_assert(outcome->error);
}
END_TEST

START_TEST(test_oversize_is_left)
{
	static const struct message_limits limits = {.size = 400};
	g_autoptr(service) small = service_new(world.policy, world.journal,
	    NULL, &limits, (const guint8 *)"key", 3);
	g_autoptr(session) session = session_new(small);
	g_autofree char *body = g_strnfill(2000, 'x');
	const struct outcome *outcome;

	session_connect(session, NULL);
	session_mail(session, CLERK, "clerk");
	session_rcpt(session, JONES, NULL);
	session_rcpt(session, SMITH, NULL);
	session_header(session, "From", " " CLERK);
	session_header(session, "To", " " JONES);
	ck_assert_int_eq(session_end_of_headers(session), SESSION_CONTINUE);
	ck_assert_int_eq(session_body(session, body, 1000), SESSION_SKIP);
	outcome = session_end_of_message(session, "4ABC");
	ck_assert_int_eq(outcome->disposition, DISPOSITION_ACCEPT);
	ck_assert_int_eq(outcome->edit->status, EDIT_LEFT);
	ck_assert_uint_eq(outcome->edit->splices->len, 0);
	road_letters("oversize", 2); /* the report, the disclosure */
}
END_TEST

START_TEST(test_no_journal_no_mail)
{
	g_autoptr(session) session = session_new(world.service);
	const struct outcome *outcome;
	g_autofree char *path =
	    g_build_filename(world.directory, "journal.db", NULL);
	bool early;

	journal_sql(path, "DROP TABLE entry");
	outcome = road_travel(session, &silent_copy, &early);
	ck_assert_int_eq(outcome->disposition, DISPOSITION_DEFER);
	ck_assert_str_eq(outcome->reply_code, "451");
	ck_assert(outcome->error);
}
END_TEST

/* Once released it has no footer, so the councillor is told in any case. */
START_TEST(test_held_for_its_protection)
{
	static const struct road road = {"held", NULL, "clerk", CLERK,
	    JONES " " SMITH, JONES, "Allotments",
	    "MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; "
	    "smime-type=enveloped-data\r\n",
	    false, DISPOSITION_HOLD, EDIT_HOLD, 1, 2, NULL};
	g_autoptr(session) session = session_new(world.service);
	const struct outcome *outcome;
	bool early;

	world.policy->encrypted_mail = PROTECTED_HOLD;
	outcome = road_travel(session, &road, &early);
	ck_assert_int_eq(outcome->disposition, DISPOSITION_HOLD);
	ck_assert_int_eq(outcome->edit->status, EDIT_HOLD);
	ck_assert_ptr_nonnull(outcome->hold_reason);
	road_letters("held", 2); /* the report, the disclosure */
}
END_TEST

START_TEST(test_mark)
{
	static const struct road road = {"mark", NULL, "clerk", CLERK, JONES,
	    JONES, "a staffword", "", false, DISPOSITION_ACCEPT, EDIT_DONE, 1,
	    0, NULL};
	g_autoptr(session) session = session_new(world.service);
	const struct outcome *outcome;
	bool early;

	outcome = road_travel(session, &road, &early);
	ck_assert_str_eq(
	    road_header(outcome, "Subject"), "[CONFIDENTIAL] a staffword");
	ck_assert_str_eq(
	    road_header(outcome, "Sensitivity"), "Company-Confidential");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("session");
	TCase *tcase = tcase_create("roads");

	tcase_add_checked_fixture(tcase, roads_set_up, roads_tear_down);
	tcase_add_test(tcase, test_silent_copy);
	tcase_add_loop_test(tcase, test_road, 0, G_N_ELEMENTS(roads));
	tcase_add_test(tcase, test_no_text_in_the_journal);
	tcase_add_loop_test(tcase, test_out_of_order, 0, G_N_ELEMENTS(orders));
	tcase_add_test(tcase, test_session_is_reset);
	tcase_add_test(tcase, test_oversize_is_left);
	tcase_add_test(tcase, test_no_journal_no_mail);
	tcase_add_test(tcase, test_mark);
	tcase_add_test(tcase, test_held_for_its_protection);
	suite_add_tcase(suite, tcase);
	return suite;
}
