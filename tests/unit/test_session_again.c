/* A message that comes again is known, and reported once. */
#include <string.h>

#include "tests/unit/roads.h"
#include "tests/unit/unit.h"

START_TEST(test_retry_is_recognised)
{
	g_autoptr(session) session = session_new(world.service);
	bool early;

	(void)road_travel(session, &silent_copy, &early);
	(void)road_travel(session, &silent_copy, &early);
	road_letters("twice", 1);
}
END_TEST

/*
 * What follows is the same message: sent again in another order of recipients,
 * or come back with our footer in it and its recipients resolved.
 */
START_TEST(test_same_message_is_recognised)
{
	static const char *const rcpts[] = {
	    SMITH " Jones@Woodland-PC.example", JONES " " SMITH " " CLERK};
	struct road again = silent_copy;
	g_autoptr(session) session = session_new(world.service);
	bool early;

	(void)road_travel(session, &silent_copy, &early);
	again.rcpts = rcpts[_i];
	(void)road_travel(session, &again, &early);
	road_letters("twice", 1);
}
END_TEST

START_TEST(test_second_pass_reports_nothing)
{
	static const char *const names[] = {
	    "From", "To", "Subject", "Message-ID", "Date"};
	g_autoptr(session) session = session_new(world.service);
	g_autoptr(GString) header = g_string_new(NULL);
	g_autoptr(GString) body = NULL;
	const struct outcome *outcome;
	bool early;

	outcome = road_travel(session, &silent_copy, &early);
	body = road_body(session, outcome);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		g_string_append_printf(header, "%s:%s\r\n", names[i],
		    message_find_header(session_message(session), names[i]));
	g_string_append_printf(header, "X-Council-Milter: %s\r\n",
	    road_header(outcome, "X-Council-Milter"));

	session_mail(session, CLERK, "clerk");
	session_rcpt(session, JONES, NULL);
	session_rcpt(session, SMITH, NULL);
	road_headers(session, header->str);
	ck_assert_int_eq(session_end_of_headers(session), SESSION_CONTINUE);
	session_body(session, body->str, body->len);
	outcome = session_end_of_message(session, "4DEF");
	ck_assert_int_eq(outcome->edit->status, EDIT_THERE);
	road_letters("twice", 1);
}
END_TEST

/* Without a Message-ID only the text tells messages apart. */
START_TEST(test_other_message_is_not_taken_for_it)
{
	static const char *const bodies[] = {"One\r\n", "Two\r\n"};
	g_autoptr(session) session = session_new(world.service);

	for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
		session_mail(session, CLERK, "clerk");
		session_rcpt(session, JONES, NULL);
		session_rcpt(session, SMITH, NULL);
		session_header(session, "From", " " CLERK);
		session_header(session, "To", " " JONES);
		(void)session_end_of_headers(session);
		(void)session_body(session, bodies[i], strlen(bodies[i]));
		(void)session_end_of_message(session, "4ABC");
	}
	road_letters("two messages", 2);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("session_again");
	TCase *tcase = tcase_create("session_again");

	tcase_add_checked_fixture(tcase, roads_set_up, roads_tear_down);
	tcase_add_test(tcase, test_retry_is_recognised);
	tcase_add_loop_test(tcase, test_same_message_is_recognised, 0, 2);
	tcase_add_test(tcase, test_second_pass_reports_nothing);
	tcase_add_test(tcase, test_other_message_is_not_taken_for_it);
	suite_add_tcase(suite, tcase);
	return suite;
}
