#include <string.h>

#include "tests/unit/roads.h"
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

struct world world;

void
roads_set_up(void)
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

void
roads_tear_down(void)
{
	service_free(world.service);
	journal_close(world.journal);
	policy_unref(world.policy);
	unit_remove(world.directory);
	g_free(world.directory);
}

const struct road silent_copy = {"silent copy gains its footer", NULL, "clerk",
    CLERK, JONES " " SMITH, JONES, "Allotments", "", false, DISPOSITION_ACCEPT,
    EDIT_DONE, 1, 1, "CC councillor Sam Smith"};

void
road_headers(struct session *session, const char *text)
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

const struct outcome *
road_travel(struct session *session, const struct road *road, bool *early)
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
	road_headers(session, header);
	*early = session_end_of_headers(session) == SESSION_ACCEPT;
	if (*early)
		return NULL;
	ck_assert_int_eq(
	    session_body(session, body, sizeof(body) - 1), SESSION_CONTINUE);
	return session_end_of_message(session, "4ABC");
}

const char *
road_header(const struct outcome *outcome, const char *name)
{
	for (guint i = 0; i < outcome->edit->headers->len; i++) {
		const struct header_change *change =
		    outcome->edit->headers->pdata[i];

		if (g_ascii_strcasecmp(change->name, name) == 0)
			return change->value;
	}
	return NULL;
}

static bool
collect(void *arg, const void *data, gsize len)
{
	g_string_append_len(arg, data, (gssize)len);
	return true;
}

GString *
road_body(struct session *session, const struct outcome *outcome)
{
	GString *body = g_string_new(NULL);

	ck_assert(edit_write_body(
	    outcome->edit, session_message(session), collect, body));
	return body;
}

void
road_letters(const char *name, guint want)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) waiting = outbox_list(world.journal, &error);

	ck_assert_msg(waiting != NULL, "%s", error ? error->message : "");
	ck_assert_msg(
	    waiting->len == want, "%s: %u letters", name, waiting->len);
}
