#include <signal.h>
#include <string.h>

#include "milter/report/mailer.h"
#include "tests/unit/sink.h"
#include "tests/unit/unit.h"

#define CLERK "clerk@woodland-pc.example"
#define LETTER "Subject: x\r\n\r\nhello\r\n.\r\n..dots\r\nworld\r\n"

static char *directory;

static void
setup(void)
{
	signal(SIGPIPE, SIG_IGN);
	directory = unit_directory();
}

static void
teardown(void)
{
	unit_remove(directory);
	g_free(directory);
}

enum { OK = -1 };

static const struct {
	const char *name;
	const char *options;     /* of the server, one a line */
	const char *certificate; /* the server's, for whom; NULL: none */
	bool trusted;            /* we have it as our CA */
	const char *scheme;
	bool starttls;
	const char *user, *password;
	unsigned timeout; /* seconds; 0: long */
	int want;         /* OK or enum mailer_error */
	const char *says; /* in the error; or the client says so */
} sendings[] = {
    {.name = "plain", .want = OK, .says = "EHLO mx.woodland-pc.example"},
    {.name = "null sender", .want = OK, .says = "MAIL FROM:<>"},
    {.name = "recipient", .want = OK, .says = "RCPT TO:<" CLERK ">"},
    {.name = "STARTTLS",
	.options = "--tls=starttls",
	.certificate = "IP:127.0.0.1",
	.trusted = true,
	.starttls = true,
	.want = OK,
	.says = "STARTTLS"},
    {.name = "STARTTLS not offered",
	.starttls = true,
	.want = MAILER_ERROR_SERVER,
	.says = "STARTTLS"},
    {.name = "STARTTLS refused",
	.options = "--tls=starttls\n--reply=STARTTLS=454 not now",
	.certificate = "IP:127.0.0.1",
	.trusted = true,
	.starttls = true,
	.want = MAILER_ERROR_SERVER,
	.says = "454 not now"},
    {.name = "unknown authority",
	.options = "--tls=starttls",
	.certificate = "IP:127.0.0.1",
	.starttls = true,
	.want = MAILER_ERROR_SERVER,
	.says = "certificate"},
    {.name = "another's certificate",
	.options = "--tls=starttls",
	.certificate = "DNS:other.example",
	.trusted = true,
	.starttls = true,
	.want = MAILER_ERROR_SERVER,
	.says = "SSL"},
    {.name = "smtps",
	.options = "--tls=smtps",
	.certificate = "IP:127.0.0.1",
	.trusted = true,
	.scheme = "smtps",
	.want = OK,
	.says = "MAIL FROM:<>"},
    {.name = "smtps, unknown authority",
	.options = "--tls=smtps",
	.certificate = "IP:127.0.0.1",
	.scheme = "smtps",
	.want = MAILER_ERROR_SERVER,
	.says = "certificate"},
    {.name = "login",
	.options = "--login=milter:secret",
	.user = "milter",
	.password = "secret",
	.want = OK,
	.says = "AUTH PLAIN"},
    {.name = "login over TLS",
	.options = "--login=milter:secret\n--tls=starttls",
	.certificate = "IP:127.0.0.1",
	.trusted = true,
	.starttls = true,
	.user = "milter",
	.password = "secret",
	.want = OK,
	.says = "AUTH PLAIN"},
    {.name = "wrong password",
	.options = "--login=milter:secret",
	.user = "milter",
	.password = "guess",
	.want = MAILER_ERROR_SERVER,
	.says = "535 5.7.8 wrong"},
    {.name = "no login",
	.options = "--login=milter:secret",
	.want = MAILER_ERROR_SERVER,
	.says = "530 5.7.0 login first"},
    {.name = "greeting 554",
	.options = "--reply==554 no service",
	.want = MAILER_ERROR_LETTER,
	.says = "554 no service"},
    {.name = "greeting 421",
	.options = "--reply==421 too busy",
	.want = MAILER_ERROR_SERVER,
	.says = "421 too busy"},
    {.name = "sender 451",
	.options = "--reply=MAIL=451 4.3.0 later",
	.want = MAILER_ERROR_LETTER,
	.says = "451 4.3.0 later"},
    {.name = "recipient 450",
	.options = "--reply=RCPT=450 4.2.0 grey",
	.want = MAILER_ERROR_LETTER,
	.says = "450 4.2.0 grey"},
    {.name = "recipient 550",
	.options = "--reply=RCPT=550 5.1.1 unknown",
	.want = MAILER_ERROR_LETTER,
	.says = "550 5.1.1 unknown"},
    {.name = "several lines",
	.options = "--reply=RCPT=550-5.1.1 first|550 5.1.1 last",
	.want = MAILER_ERROR_LETTER,
	.says = "550 5.1.1 last"},
    {.name = "recipient 421",
	.options = "--reply=RCPT=421 4.3.2 closing",
	.want = MAILER_ERROR_SERVER,
	.says = "421 4.3.2 closing"},
    {.name = "data 554",
	.options = "--reply=DATA=554 5.5.1 no",
	.want = MAILER_ERROR_LETTER,
	.says = "554 5.5.1 no"},
    {.name = "message 452",
	.options = "--reply=.=452 4.3.1 full",
	.want = MAILER_ERROR_LETTER,
	.says = "452 4.3.1 full"},
    {.name = "message 552",
	.options = "--reply=.=552 5.3.4 too big",
	.want = MAILER_ERROR_LETTER,
	.says = "552 5.3.4 too big"},
    {.name = "control characters in a reply",
	.options = "--reply=RCPT=550 \x1b[31mred\x07",
	.want = MAILER_ERROR_LETTER,
	.says = "550  [31mred"},
    {.name = "hanging",
	.options = "--hang=EHLO",
	.timeout = 1,
	.want = MAILER_ERROR_SERVER,
	.says = "time"},
    {.name = "hanging at the end",
	.options = "--hang=.",
	.timeout = 1,
	.want = MAILER_ERROR_SERVER,
	.says = "time"},
};

START_TEST(sending)
{
	g_autofree char *cert =
	    sendings[_i].certificate == NULL
		? NULL
		: make_certificate(directory, sendings[_i].certificate);
	g_autofree char *options = g_strdup_printf("%s\n%s%s",
	    sendings[_i].options ? sendings[_i].options : "",
	    cert ? "--cert=" : "", cert ? cert : "");
	struct sink sink = sink_start(directory, 0, options);
	struct mailer_settings settings = sink_settings(
	    sendings[_i].scheme ? sendings[_i].scheme : "smtp", sink.port);
	GBytes *letter = g_bytes_new_static(LETTER, strlen(LETTER));
	g_autoptr(GError) error = NULL;
	g_autofree char *got = NULL;
	bool ok;

	settings.starttls = sendings[_i].starttls;
	settings.ca_file = sendings[_i].trusted ? g_strdup(cert) : NULL;
	settings.user = g_strdup(sendings[_i].user);
	settings.password = g_strdup(sendings[_i].password);
	if (sendings[_i].timeout > 0)
		settings.timeout = sendings[_i].timeout;
	ok = mailer_send(&settings, CLERK, letter, &error);
	got = sink_file(&sink, "1.eml");
	if (sendings[_i].want == OK) {
		ck_assert_msg(ok, "%s: %s", sendings[_i].name,
		    error ? error->message : "");
		ck_assert_msg(sink_heard(&sink, sendings[_i].says), "%s",
		    sendings[_i].name);
		ck_assert_str_eq(got, LETTER);
	} else {
		ck_assert_msg(!ok, "%s", sendings[_i].name);
		ck_assert_msg(
		    g_error_matches(error, MAILER_ERROR, sendings[_i].want),
		    "%s: %s", sendings[_i].name, error->message);
		ck_assert_msg(strstr(error->message, sendings[_i].says) != NULL,
		    "%s: %s", sendings[_i].name, error->message);
		/* A letter never crosses an unprotected connection. */
		if (settings.starttls)
			ck_assert(!sink_heard(&sink, "MAIL"));
	}
	g_bytes_unref(letter);
	sink_settings_clear(&settings);
	sink_stop(&sink);
}
END_TEST

static const char *const bad_addresses[] = {"", "a b@c.example",
    "x@y.example>\r\nRCPT TO:<z@y.example", "x@y.example\nDATA",
    "<x@y.example>"};

START_TEST(bad_address)
{
	struct sink sink = sink_start(directory, 0, "");
	struct mailer_settings settings = sink_settings("smtp", sink.port);
	GBytes *letter = g_bytes_new_static(LETTER, strlen(LETTER));
	g_autoptr(GError) error = NULL;

	ck_assert(!mailer_send(&settings, bad_addresses[_i], letter, &error));
	ck_assert(g_error_matches(error, MAILER_ERROR, MAILER_ERROR_LETTER));
	ck_assert(!sink_heard(&sink, ""));
	g_bytes_unref(letter);
	sink_settings_clear(&settings);
	sink_stop(&sink);
}
END_TEST

START_TEST(nobody_listens)
{
	struct sink sink = sink_start(directory, 0, "");
	struct mailer_settings settings = sink_settings("smtp", sink.port);
	GBytes *letter = g_bytes_new_static(LETTER, strlen(LETTER));
	g_autoptr(GError) error = NULL;

	sink_stop(&sink);
	ck_assert(!mailer_send(&settings, CLERK, letter, &error));
	ck_assert(g_error_matches(error, MAILER_ERROR, MAILER_ERROR_SERVER));
	ck_assert_ptr_nonnull(strstr(error->message, "smtp://127.0.0.1:"));
	g_bytes_unref(letter);
	sink_settings_clear(&settings);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("smtp");
	TCase *tcase = tcase_create("smtp");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 180);
	tcase_add_loop_test(tcase, sending, 0, G_N_ELEMENTS(sendings));
	tcase_add_loop_test(tcase, bad_address, 0, G_N_ELEMENTS(bad_addresses));
	tcase_add_test(tcase, nobody_listens);
	suite_add_tcase(suite, tcase);
	return suite;
}
