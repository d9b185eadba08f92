#include <string.h>

#include "milter/settings.h"
#include "tests/unit/unit.h"

static struct settings *
load(const char *text, GError **error)
{
	g_autofree char *directory = unit_directory();
	g_autofree char *path = unit_write(directory, "t.conf", text);
	struct settings *settings = settings_load(path, error);

	unit_remove(directory);
	return settings;
}

/* What a file says about one key, as text. */
struct value_case {
	const char *name, *input, *want;
};

static const struct value_case values[] = {
    {"socket", "[milter]\nsocket = unix:/run/x/y\n", "unix:/run/x/y"},
    {"socket", "[milter]\nsocket = inet:8893@127.0.0.1\n",
	"inet:8893@127.0.0.1"},
    {"socket", "[milter]\nsocket = inet6:65535@[::1]\n", "inet6:65535@[::1]"},
    {"socket-mode", "[milter]\nsocket-mode = 0666\n", "0666"},
    {"socket-mode", "", "0660"},
    {"socket-group", "[milter]\nsocket-group = postfix\n", "postfix"},
    {"socket-group", "", "-"},
    {"user", "[milter]\nuser = mail\n", "mail"},
    {"policy", "[milter]\npolicy = /a/b c\n", "/a/b c"},
    {"timeout", "[milter]\ntimeout = 2h\n", "7200"},
    {"timeout", "[milter]\ntimeout = 30 \n", "30"},
    {"timeout", "", "7210"},
    {"size", "[limits]\nsize = 64K\n", "65536"},
    {"size", "[limits]\nsize = 1g\n", "1073741824"},
    {"size", "", "33554432"},
    {"parts", "[limits]\nparts = 7\n", "7"},
    {"text", "[limits]\ntext = 64K\n", "65536"},
    {"depth", "[limits]\ndepth = 200\n", "200"},
    {"workers", "[attachments]\nworkers = 8\n", "8"},
    {"workers", "", "2"},
    {"attachment timeout", "[attachments]\ntimeout = 1m\n", "60"},
    {"attachment timeout", "", "20"},
    {"memory", "[attachments]\nmemory = 8G\n", "8589934592"},
    {"memory", "", "536870912"},
    {"attachment size", "[attachments]\nsize = 64M\n", "67108864"},
    {"attachment size", "", "33554432"},
    {"text", "", "4194304"},
    {"attachment depth", "[attachments]\ndepth = 1\n", "1"},
    {"attachment depth", "", "4"},
    {"files", "", "1000"},
    {"expanded", "", "268435456"},
    {"pdftotext", "[attachments]\npdftotext = /opt/x\n", "/opt/x"},
    {"pdftotext", "[attachments]\npdftotext = none\n", "-"},
    {"pdftotext", "", ""},
    {"antiword", "[attachments]\nantiword = auto\n", ""},
    {"catdoc", "[attachments]\ncatdoc = none\n", "-"},
    {"tika", "[attachments]\ntika = http://127.0.0.1:9998\n",
	"http://127.0.0.1:9998"},
    {"tika", "", "-"},
    {"journal", "[journal]\nfile = /x.sqlite\n", "/x.sqlite"},
    {"sync", "[journal]\nsync = normal\n", "normal"},
    {"sync", "", "full"},
    {"retention", "[journal]\nretention = 30\n", "30"},
    {"key-file", "[journal]\nkey-file = /k\n", "/k"},
    {"server", "[reports]\nserver = smtps://mail.example:465\n",
	"smtps://mail.example:465"},
    {"starttls", "[reports]\nstarttls = yes\n", "yes"},
    {"retry-max", "[reports]\nretry-max = 1d\n", "86400"},
    {"digest-time", "[reports]\ndigest-time = 23:59\n", "23:59"},
    {"from", "[reports]\nfrom = milter@woodland-pc.example\n",
	"milter@woodland-pc.example"},
    {"from", "", "-"},
    {"log", "[log]\nto = stderr\n", "stderr"},
    {"log", "", "syslog"},
    {"facility", "[log]\nfacility = local7\n", "local7"},
    {"policy", "# only a comment\n\n[milter]\n\n",
	SYSCONFDIR "/council.policy"},
};

static char *
value_of(const struct settings *s, const char *name)
{
	const struct extract_programs programs = settings_programs(s);
	const struct {
		const char *name, *text;
	} texts[] = {
	    {"socket", s->socket},
	    {"socket-group", s->socket_group},
	    {"user", s->user},
	    {"policy", s->policy},
	    {"journal", s->journal},
	    {"sync", s->sync == JOURNAL_SYNC_FULL ? "full" : "normal"},
	    {"key-file", s->key_file},
	    {"server", s->mailer.url},
	    {"starttls", s->mailer.starttls ? "yes" : "no"},
	    {"digest-time", s->mailer.digest_time},
	    {"from", s->mailer.letterhead.from},
	    {"log", s->to_syslog ? "syslog" : "stderr"},
	    {"facility", s->facility},
	    {"pdftotext", programs.pdftotext},
	    {"catdoc", programs.catdoc},
	    {"antiword", programs.antiword},
	    {"tika", programs.tika},
	};
	const struct {
		const char *name;
		gsize number;
	} numbers[] = {
	    {"timeout", s->timeout},
	    {"size", s->limits.size},
	    {"parts", s->limits.parts},
	    {"depth", s->limits.depth},
	    {"workers", s->attachments.workers},
	    {"attachment timeout", s->attachments.seconds},
	    {"memory", s->attachments.memory},
	    {"attachment size", s->attachments.input},
	    {"attachment text", s->attachments.text},
	    {"attachment depth", s->attachments.depth},
	    {"files", s->attachments.files},
	    {"expanded", s->attachments.expanded},
	    {"text", s->limits.text},
	    {"retention", s->retention},
	    {"retry-max", s->mailer.retry_max},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (strcmp(texts[i].name, name) == 0)
			return g_strdup(texts[i].text ? texts[i].text : "-");
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		if (strcmp(numbers[i].name, name) == 0)
			return g_strdup_printf(
			    "%" G_GSIZE_FORMAT, numbers[i].number);
	ck_assert_str_eq(name, "socket-mode");
	return g_strdup_printf("%04o", s->socket_mode);
}

START_TEST(test_value)
{
	const struct value_case *c = &values[_i];
	g_autoptr(GError) error = NULL;
	g_autoptr(settings) settings = load(c->input, &error);
	g_autofree char *got = NULL;

	ck_assert_msg(settings != NULL, "%s: %s", c->name,
	    error != NULL ? error->message : "");
	got = value_of(settings, c->name);
	ck_assert_msg(strcmp(got, c->want) == 0, "%s: got %s, want %s", c->name,
	    got, c->want);
}
END_TEST

/* What the message says after the file's name; a line for each fault. */
static const struct value_case faults[] = {
    {"unknown key", "[milter]\nsokcet = unix:/x\n",
	"[milter] sokcet: unknown key, did you mean \"socket\"?"},
    {"unknown key, far", "[milter]\nqqqqqqqqqq = 1\n",
	"[milter] qqqqqqqqqq: unknown key"},
    {"key of another section", "[log]\nsocket = unix:/x\n",
	"[log] socket: unknown key"},
    {"unknown section", "[report]\nfrom = a@b\n",
	"[report]: unknown section, did you mean \"reports\"?"},
    {"empty", "[milter]\nsocket =\n", "[milter] socket: a value is wanted"},
    {"relative socket", "[milter]\nsocket = unix:x\n",
	"[milter] socket: write unix: and an absolute file name"},
    {"no kind of socket", "[milter]\nsocket = /x\n",
	"[milter] socket: write unix:/FILE, inet:PORT@HOST or "
	"inet6:PORT@HOST"},
    {"everywhere", "[milter]\nsocket = inet:8893\n",
	"[milter] socket: name the address to listen on, as in "
	"inet:8893@127.0.0.1"},
    {"no host", "[milter]\nsocket = inet:8893@\n",
	"[milter] socket: name the address to listen on, as in "
	"inet:8893@127.0.0.1"},
    {"port 0", "[milter]\nsocket = inet:0@127.0.0.1\n",
	"[milter] socket: the port is a number from 1 to 65535"},
    {"port too great", "[milter]\nsocket = inet:65536@127.0.0.1\n",
	"[milter] socket: the port is a number from 1 to 65535"},
    {"named port", "[milter]\nsocket = inet:smtp@127.0.0.1\n",
	"[milter] socket: the port is a number from 1 to 65535"},
    {"mode not octal", "[milter]\nsocket-mode = 0668\n",
	"[milter] socket-mode: \"0668\" is not a number"},
    {"mode shuts the owner out", "[milter]\nsocket-mode = 0060\n",
	"[milter] socket-mode: 0060 is not between 0600 and 0777"},
    {"relative policy", "[milter]\npolicy = council.policy\n",
	"[milter] policy: an absolute file name is wanted"},
    {"control character", "[milter]\nuser = a\\tb\n",
	"[milter] user: control characters are not allowed"},
    {"comment after the value", "[milter]\ntimeout = 60 # s\n",
	"[milter] timeout: \"60 # s\" is not a number with one of the "
	"units smhd"},
    {"negative", "[milter]\ntimeout = -1\n",
	"[milter] timeout: a number is wanted"},
    {"too short", "[milter]\ntimeout = 9\n",
	"[milter] timeout: 9 is not between 10 and 86400"},
    {"overflow", "[limits]\nsize = 99999999999999G\n",
	"[limits] size: 99999999999999G is not between 65536 and "
	"1073741824"},
    {"longer than 64 bits", "[limits]\nparts = 99999999999999999999999999\n",
	"[limits] parts: 99999999999999999999999999 is not between 1 and "
	"100000"},
    {"zero", "[limits]\ndepth = 0\n",
	"[limits] depth: 0 is not between 1 and 200"},
    {"workers", "[attachments]\nworkers = 0\n",
	"[attachments] workers: 0 is not between 1 and 64"},
    {"memory", "[attachments]\nmemory = 1M\n",
	"[attachments] memory: 1M is not between 134217728 and "
	"17179869184"},
    {"program", "[attachments]\ncatdoc = catdoc\n",
	"[attachments] catdoc: an absolute file name, auto or none is wanted"},
    {"tika", "[attachments]\ntika = localhost:9998\n",
	"[attachments] tika: write http://HOST:PORT or https://HOST:PORT"},
    {"sync", "[journal]\nsync = yes\n",
	"[journal] sync: \"yes\" is neither full nor normal"},
    {"boolean", "[reports]\nstarttls = true\n",
	"[reports] starttls: \"true\" is neither yes nor no"},
    {"server", "[reports]\nserver = localhost:25\n",
	"[reports] server: write smtp://HOST:PORT or smtps://HOST:PORT"},
    {"time", "[reports]\ndigest-time = 24:00\n",
	"[reports] digest-time: write the time as HH:MM, from 00:00 to "
	"23:59"},
    {"time without its zero", "[reports]\ndigest-time = 7:00\n",
	"[reports] digest-time: write the time as HH:MM, from 00:00 to "
	"23:59"},
    {"address", "[reports]\nfrom = Clerk <clerk@woodland-pc.example>\n",
	"[reports] from: one address is wanted, as in "
	"council-milter@example.org"},
    {"user alone", "[reports]\nuser = a\n",
	"[reports] user: user and password-file go together"},
    {"password alone", "[reports]\npassword-file = /a\n",
	"[reports] user: user and password-file go together"},
    {"twice encrypted", "[reports]\nserver = smtps://a\nstarttls = yes\n",
	"[reports] starttls: smtps:// is encrypted already, leave "
	"starttls out"},
    {"retry", "[reports]\nretry-min = 2h\nretry-max = 1h\n",
	"[reports] retry-max: must not be less than retry-min"},
    {"log", "[log]\nto = file\n",
	"[log] to: \"file\" is neither syslog nor stderr"},
    {"facility", "[log]\nfacility = local8\n",
	"[log] facility: a facility is mail, daemon, user or local0 to "
	"local7"},
};

START_TEST(test_fault)
{
	const struct value_case *c = &faults[_i];
	g_autoptr(GError) error = NULL;
	g_autoptr(settings) settings = load(c->input, &error);
	const char *after;

	ck_assert_msg(settings == NULL, "%s: accepted", c->name);
	after = strstr(error->message, "t.conf: ");
	ck_assert_msg(after != NULL && strcmp(after + 8, c->want) == 0,
	    "%s: got %s\nwant %s", c->name, error->message, c->want);
}
END_TEST

START_TEST(test_all_faults_at_once)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(settings) settings = load("[milter]\nuser =\npolcy = /x\n"
					    "[nonsense-section]\n"
					    "[log]\nto = x\n",
	    &error);
	g_auto(GStrv) lines = NULL;

	ck_assert_ptr_null(settings);
	lines = g_strsplit(error->message, "\n", -1);
	ck_assert_uint_eq(g_strv_length(lines), 4);
}
END_TEST

START_TEST(test_no_file)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(settings_load("/nonexistent/t.conf", &error));
	ck_assert(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
	ck_assert(g_str_has_prefix(error->message, "/nonexistent/t.conf: "));
}
END_TEST

START_TEST(test_no_key_file_at_all)
{
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(load("socket = unix:/x\n", &error));
	ck_assert_int_eq(error->domain, G_KEY_FILE_ERROR);
	ck_assert_ptr_nonnull(strstr(error->message, "t.conf: "));
}
END_TEST

static const struct value_case passwords[] = {
    {"one line", "secret\n", "secret"},
    {"no line end", "secret", "secret"},
    {"more lines", "se cret\r\nmore\n", "se cret"},
    {"empty", "\nsecret\n", NULL},
    {"nothing", "", NULL},
};

START_TEST(test_password)
{
	const struct value_case *c = &passwords[_i];
	g_autofree char *directory = unit_directory();
	g_autofree char *path = unit_write(directory, "password", c->input);
	g_autoptr(settings) settings = settings_new();
	g_autoptr(GError) error = NULL;

	settings->password_file = g_strdup(path);
	ck_assert(
	    settings_read_password(settings, &error) == (c->want != NULL));
	ck_assert_msg(g_strcmp0(settings->mailer.password, c->want) == 0,
	    "%s: got %s", c->name, settings->mailer.password);
	ck_assert((error == NULL) == (c->want != NULL));
	unit_remove(directory);
}
END_TEST

START_TEST(test_letterhead)
{
	g_autoptr(settings) settings = settings_new();
	struct letterhead *letterhead = &settings->mailer.letterhead;

	settings_set_letterhead(
	    settings, "Woodland Parish Council", "woodland-pc.example");
	ck_assert_str_eq(letterhead->council, "Woodland Parish Council");
	ck_assert_uint_eq(letterhead->retention, 90);
	ck_assert_str_eq(
	    letterhead->from, "council-milter@woodland-pc.example");
	settings_set_letterhead(settings, "Another", "other.example");
	ck_assert_str_eq(letterhead->council, "Another");
	ck_assert_str_eq(
	    letterhead->from, "council-milter@woodland-pc.example");
}
END_TEST

/* The shipped file, read as it is and with every example switched on. */
START_TEST(test_shipped_file)
{
	g_autofree char *path =
	    unit_source("conf", "council-milter.conf", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(settings) settings = settings_load(path, &error);
	g_autofree char *text = NULL;
	g_autoptr(GRegex) regex =
	    g_regex_new("^#([a-z-]+ = )", G_REGEX_MULTILINE, 0, NULL);
	g_autofree char *all = NULL;
	g_autoptr(settings) other = NULL;

	ck_assert_msg(settings != NULL, "%s", error ? error->message : "");
	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	all = g_regex_replace(regex, text, -1, 0, "\\1", 0, NULL);
	ck_assert_str_ne(all, text);
	other = load(all, &error);
	ck_assert_msg(other != NULL, "%s", error ? error->message : "");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("settings");
	TCase *tcase = tcase_create("settings");

	tcase_add_loop_test(tcase, test_value, 0, G_N_ELEMENTS(values));
	tcase_add_loop_test(tcase, test_fault, 0, G_N_ELEMENTS(faults));
	tcase_add_test(tcase, test_all_faults_at_once);
	tcase_add_test(tcase, test_no_file);
	tcase_add_test(tcase, test_no_key_file_at_all);
	tcase_add_loop_test(tcase, test_password, 0, G_N_ELEMENTS(passwords));
	tcase_add_test(tcase, test_letterhead);
	tcase_add_test(tcase, test_shipped_file);
	suite_add_tcase(suite, tcase);
	return suite;
}
