/*
 * The road of a message from MAIL to its outcome, with real parts all along:
 * policy, roster, edit engine and journal.
 */
#include <string.h>

#include "milter/session.h"
#include "tests/unit/unit.h"

static const char ROSTER[] =
    "id,name,title,roles,addresses,logins\n"
    "clerk,Alex Morgan,,clerk,clerk@woodland-pc.example,clerk\n"
    "cllr.jones,Jane Jones,Cllr,councillor,jones@woodland-pc.example,jones\n"
    "cllr.smith,Sam Smith,Cllr,councillor,smith@woodland-pc.example,\n"
    "cllr.patel,Priya Patel,Cllr,councillor; chair,"
    "patel@woodland-pc.example,\n";

static const char POLICY[] =
    "council \"Woodland Parish Council\"\n"
    "domains woodland-pc.example\n"
    "roster \"council.roster\"\n"
    "reports to clerk, cllr.patel\n"
    "exempt grievance\n"
    "class grievance is grievance@woodland-pc.example\n"
    "rule silent-copy \"Correspondence, paragraph 1\"\n"
    "    when sender is officer\n"
    "    and any visible recipient is councillor\n"
    "    and any hidden recipient is councillor\n"
    "    unless message is automatic\n"
    "    then footer \"CC councillor {name}\" and report\n"
    "rule refuse-codeword\n"
    "    when subject contains \"codeword\"\n"
    "    and message is submitted\n"
    "    then reject \"no codewords please\"\n"
    "rule hold-codeword\n"
    "    when subject contains \"holdword\"\n"
    "    and message is submitted\n"
    "    then hold\n"
    "rule watch-outsiders\n"
    "    mode observe\n"
    "    when sender is officer\n"
    "    and every recipient is outsider\n"
    "    and subject contains \"watchword\"\n"
    "    then reject \"not to outsiders\"\n"
    "rule tell-councillors\n"
    "    when subject contains \"tellword\"\n"
    "    then disclose to councillor\n"
    "rule mark-from-outside\n"
    "    when subject contains \"sealword\"\n"
    "    then mark \"EXTERNAL\" in subject\n"
    "        with banner \"From outside\"\n"
    "rule mark-staff\n"
    "    when subject contains \"staffword\"\n"
    "    and message is submitted\n"
    "    then mark \"CONFIDENTIAL\" in subject\n"
    "        with banner \"For councillors only\"\n";

#define CLERK "clerk@woodland-pc.example"
#define JONES "jones@woodland-pc.example"
#define SMITH "smith@woodland-pc.example"
#define PATEL "patel@woodland-pc.example"

/* What set_up() makes for each test. */
static struct {
	char *directory;
	struct policy *policy;
	struct journal *journal;
	struct service *service;
} world;

static void
set_up(void)
{
	static const struct message_limits limits = {
	    .size = 1 << 20, .parts = 100, .depth = 20};
	g_autoptr(diags) problems = diags_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *path = NULL, *roster_path = NULL, *db = NULL;

	world.directory = unit_directory();
	roster_path = unit_write(world.directory, "council.roster", ROSTER);
	path = unit_write(world.directory, "council.policy", POLICY);
	db = g_build_filename(world.directory, "journal.db", NULL);
	world.policy = policy_load(path, problems);
	if (world.policy == NULL)
		diags_print(problems, stderr);
	ck_assert_ptr_nonnull(world.policy);
	world.journal = journal_open(db, JOURNAL_SYNC_NORMAL, &error);
	ck_assert_msg(world.journal != NULL, "%s", error ? error->message : "");
	world.service = service_new(world.policy, world.journal, NULL, &limits,
	    (const guint8 *)"key", 3);
}

static void
tear_down(void)
{
	service_free(world.service);
	journal_close(world.journal);
	policy_unref(world.policy);
	unit_remove(world.directory);
	g_free(world.directory);
}

struct road {
	const char *name;
	const char *client, *login, *sender;
	const char *rcpts; /* separated by spaces */
	const char *to, *subject, *more;
	bool early; /* accepted without its body */
	enum disposition disposition;
	enum edit_status edit;
	unsigned findings, letters;
	const char *footer; /* must stand in the body as it leaves */
};

static const struct road roads[] = {
    {"silent copy gains its footer", NULL, "clerk", CLERK, JONES " " SMITH,
	JONES, "Allotments", "", false, DISPOSITION_ACCEPT, EDIT_DONE, 1, 1,
	"CC councillor Sam Smith"},
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
feed_headers(struct session *session, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);

	for (char **line = lines; *line != NULL; line++) {
		char *colon = strchr(*line, ':');

		if (colon == NULL)
			continue;
		*colon = '\0';
		session_header(session, *line, colon + 1);
	}
}

static const struct outcome *
travel(struct session *session, const struct road *road, bool *early)
{
	static const char body[] = "Dear Jane,\r\n\r\nthe lease is ready.\r\n";
	g_auto(GStrv) rcpts = g_strsplit(road->rcpts, " ", -1);
	g_autofree char *header =
	    g_strdup_printf("From: <%s>\r\nTo: %s\r\nSubject: %s\r\n"
			    "Message-ID: <1@woodland-pc.example>\r\n"
			    "Date: Mon, 02 Nov 2026 10:00:00 +0000\r\n%s",
		road->sender, road->to, road->subject, road->more);

	session_connect(session, road->client);
	session_mail(session, road->sender, road->login);
	for (char **rcpt = rcpts; *rcpt != NULL; rcpt++)
		session_rcpt(session, *rcpt, NULL);
	feed_headers(session, header);
	*early = session_end_of_headers(session) == SESSION_ACCEPT;
	if (*early)
		return NULL;
	ck_assert_int_eq(
	    session_body(session, body, sizeof(body) - 1), SESSION_CONTINUE);
	return session_end_of_message(session, "4ABC");
}

static bool
collect(void *arg, const void *data, gsize len)
{
	g_string_append_len(arg, data, (gssize)len);
	return true;
}

START_TEST(test_road)
{
	const struct road *road = &roads[_i];
	g_autoptr(session) session = session_new(world.service);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) waiting = NULL;
	const struct outcome *outcome;
	bool early;

	outcome = travel(session, road, &early);
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
	waiting = outbox_list(world.journal, &error);
	ck_assert_ptr_nonnull(waiting);
	ck_assert_msg(waiting->len == road->letters, "%s: %u letters",
	    road->name, waiting->len);
	if (road->footer != NULL) {
		g_autoptr(GString) body = g_string_new(NULL);

		ck_assert(edit_write_body(
		    outcome->edit, session_message(session), collect, body));
		ck_assert_msg(strstr(body->str, road->footer) != NULL, "%s: %s",
		    road->name, body->str);
	}
}
END_TEST

START_TEST(test_retry_is_recognised)
{
	g_autoptr(session) session = session_new(world.service);
	g_autoptr(GPtrArray) waiting = NULL;
	bool early;

	(void)travel(session, &roads[0], &early);
	(void)travel(session, &roads[0], &early);
	waiting = outbox_list(world.journal, NULL);
	ck_assert_uint_eq(waiting->len, 1);
}
END_TEST

static const char *
header_change(const struct outcome *outcome, const char *name)
{
	for (guint i = 0; i < outcome->edit->headers->len; i++) {
		const struct header_change *change =
		    outcome->edit->headers->pdata[i];

		if (g_ascii_strcasecmp(change->name, name) == 0)
			return change->value;
	}
	return NULL;
}

/*
 * What follows is the same message: sent again in another order of recipients,
 * or come back with our footer in it and its recipients resolved.
 */
START_TEST(test_same_message_is_recognised)
{
	static const char *const rcpts[] = {
	    SMITH " Jones@Woodland-PC.example", JONES " " SMITH " " CLERK};
	struct road again = roads[0];
	g_autoptr(session) session = session_new(world.service);
	g_autoptr(GPtrArray) waiting = NULL;
	bool early;

	(void)travel(session, &roads[0], &early);
	again.rcpts = rcpts[_i];
	(void)travel(session, &again, &early);
	waiting = outbox_list(world.journal, NULL);
	ck_assert_uint_eq(waiting->len, 1);
}
END_TEST

START_TEST(test_second_pass_reports_nothing)
{
	static const char *const names[] = {"From", "To", "Subject",
	    "Message-ID", "Date"};
	g_autoptr(session) session = session_new(world.service);
	g_autoptr(GString) header = g_string_new(NULL);
	g_autoptr(GString) body = g_string_new(NULL);
	g_autoptr(GPtrArray) waiting = NULL;
	const struct outcome *outcome;
	bool early;

	outcome = travel(session, &roads[0], &early);
	ck_assert(edit_write_body(
	    outcome->edit, session_message(session), collect, body));
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		g_string_append_printf(header, "%s:%s\r\n", names[i],
		    message_find_header(session_message(session), names[i]));
	g_string_append_printf(header, "X-Council-Milter: %s\r\n",
	    header_change(outcome, "X-Council-Milter"));

	session_mail(session, CLERK, "clerk");
	session_rcpt(session, JONES, NULL);
	session_rcpt(session, SMITH, NULL);
	feed_headers(session, header->str);
	ck_assert_int_eq(session_end_of_headers(session), SESSION_CONTINUE);
	session_body(session, body->str, body->len);
	outcome = session_end_of_message(session, "4DEF");
	ck_assert_int_eq(outcome->edit->status, EDIT_THERE);
	waiting = outbox_list(world.journal, NULL);
	ck_assert_uint_eq(waiting->len, 1);
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

/* Without a Message-ID only the text tells messages apart. */
START_TEST(test_other_message_is_not_taken_for_it)
{
	static const char *const bodies[] = {"One\r\n", "Two\r\n"};
	g_autoptr(session) session = session_new(world.service);
	g_autoptr(GPtrArray) waiting = NULL;

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
	waiting = outbox_list(world.journal, NULL);
	ck_assert_uint_eq(waiting->len, 2);
}
END_TEST

/* MAIL, RCPT, Header, eNd of the header, Body: no message that can be judged. */
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

	(void)travel(session, &roads[0], &early);
	(void)travel(session, &roads[2], &early);
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
	g_autoptr(GPtrArray) waiting = NULL;

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
	waiting = outbox_list(world.journal, NULL);
	ck_assert_uint_eq(waiting->len, 2); /* the report, the disclosure */
}
END_TEST

START_TEST(test_no_journal_no_mail)
{
	g_autoptr(session) session = session_new(world.service);
	const struct outcome *outcome;
	g_autoptr(GError) error = NULL;
	g_autofree char *sql = g_strdup_printf(
	    "sqlite3 '%s/journal.db' 'DROP TABLE entry'", world.directory);
	bool early;

	ck_assert(g_spawn_command_line_sync(sql, NULL, NULL, NULL, &error));
	outcome = travel(session, &roads[0], &early);
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
	g_autoptr(GPtrArray) waiting = NULL;
	const struct outcome *outcome;
	bool early;

	world.policy->encrypted_mail = PROTECTED_HOLD;
	outcome = travel(session, &road, &early);
	ck_assert_int_eq(outcome->disposition, DISPOSITION_HOLD);
	ck_assert_int_eq(outcome->edit->status, EDIT_HOLD);
	ck_assert_ptr_nonnull(outcome->hold_reason);
	waiting = outbox_list(world.journal, NULL);
	ck_assert_uint_eq(waiting->len, 2); /* the report, the disclosure */
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

	outcome = travel(session, &road, &early);
	ck_assert_str_eq(
	    header_change(outcome, "Subject"), "[CONFIDENTIAL] a staffword");
	ck_assert_str_eq(
	    header_change(outcome, "Sensitivity"), "Company-Confidential");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("session");
	TCase *tcase = tcase_create("roads");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, test_road, 0, G_N_ELEMENTS(roads));
	tcase_add_test(tcase, test_retry_is_recognised);
	tcase_add_loop_test(tcase, test_same_message_is_recognised, 0, 2);
	tcase_add_test(tcase, test_second_pass_reports_nothing);
	tcase_add_test(tcase, test_no_text_in_the_journal);
	tcase_add_test(tcase, test_other_message_is_not_taken_for_it);
	tcase_add_loop_test(
	    tcase, test_out_of_order, 0, G_N_ELEMENTS(orders));
	tcase_add_test(tcase, test_session_is_reset);
	tcase_add_test(tcase, test_oversize_is_left);
	tcase_add_test(tcase, test_no_journal_no_mail);
	tcase_add_test(tcase, test_mark);
	tcase_add_test(tcase, test_held_for_its_protection);
	suite_add_tcase(suite, tcase);
	return suite;
}
