#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>

#include "milter/report/mail.h"
#include "milter/report/smtp.h"

G_DEFINE_QUARK(council_milter_mailer, mailer_error)

enum { REPLY_LENGTH = 300 };

struct smtp {
	const struct mailer_settings *settings;
	CURL *easy;
	CURLU *url;
	char *server; /* "smtp://127.0.0.1:25", for messages */
	char message[CURL_ERROR_SIZE];
	char reply[REPLY_LENGTH]; /* the last refusal, or "" */
	const char *next;         /* what remains of the letter in hand */
	gsize left;
	bool (*cancelled)(void *);
	void *cancelled_arg;
};

static size_t
read_letter(char *buffer, size_t size, size_t count, void *arg)
{
	struct smtp *smtp = arg;
	gsize len = MIN(size * count, smtp->left);

	memcpy(buffer, smtp->next, len);
	smtp->next += len;
	smtp->left -= len;
	return len;
}

/* A line from the server; libcurl takes them for headers. */
static size_t
keep_reply(char *line, size_t size, size_t count, void *arg)
{
	struct smtp *smtp = arg;
	gsize len = MIN(size * count, sizeof(smtp->reply) - 1);

	if (len > 3 && (line[0] == '4' || line[0] == '5')) {
		memcpy(smtp->reply, line, len);
		smtp->reply[len] = '\0';
	}
	return size * count;
}

static int
check_cancel(void *arg, curl_off_t dltotal, curl_off_t dlnow,
    curl_off_t ultotal, curl_off_t ulnow)
{
	struct smtp *smtp = arg;

	(void)dltotal;
	(void)dlnow;
	(void)ultotal;
	(void)ulnow;
	return smtp->cancelled != NULL && smtp->cancelled(smtp->cancelled_arg);
}

static bool
is_loopback(const char *host)
{
	struct in_addr address;

	if (inet_pton(AF_INET, host, &address) == 1)
		return ntohl(address.s_addr) >> 24 == IN_LOOPBACKNET;
	return g_ascii_strcasecmp(host, "localhost") == 0 ||
	       strcmp(host, "[::1]") == 0;
}

static bool
refuse_settings(
    GError **error, const struct mailer_settings *settings, const char *why)
{
	g_set_error(error, MAILER_ERROR, MAILER_ERROR_SETTINGS,
	    "cannot send reports to \"%s\": %s",
	    settings->url ? settings->url : "", why);
	return false;
}

static bool
check_url(struct smtp *smtp, const char *scheme, const char *host, bool login,
    GError **error)
{
	const struct mailer_settings *settings = smtp->settings;
	bool smtps = g_strcmp0(scheme, "smtps") == 0;

	if (login) {
		/* The address would be shown in messages. */
		g_set_error(error, MAILER_ERROR, MAILER_ERROR_SETTINGS,
		    "the login to the server for reports does not belong into "
		    "its address: name it as user and password-file");
		return false;
	}
	if (host == NULL || (!smtps && g_strcmp0(scheme, "smtp") != 0))
		return refuse_settings(error, settings,
		    "the server must be smtp://HOST:PORT or smtps://HOST:PORT");
	if (smtps && settings->starttls)
		return refuse_settings(error, settings,
		    "smtps:// is encrypted from the start and excludes "
		    "STARTTLS");
	if (settings->user != NULL && !smtps && !settings->starttls &&
	    !is_loopback(host))
		return refuse_settings(error, settings,
		    "the password would cross the network in clear, require "
		    "STARTTLS or use smtps://");
	return true;
}

/*
 * Takes the address apart.  Its path, to libcurl, is the name that we say in
 * EHLO.
 */
static bool
set_url(struct smtp *smtp, GError **error)
{
	const struct mailer_settings *settings = smtp->settings;
	const char *name = settings->letterhead.host;
	char *scheme = NULL, *user = NULL, *host = NULL, *port = NULL;
	char *path = NULL;
	bool ok;

	smtp->url = curl_url();
	if (curl_url_set(smtp->url, CURLUPART_URL,
		settings->url ? settings->url : "",
		CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
		return refuse_settings(error, settings, "it is not a URL");
	curl_url_get(smtp->url, CURLUPART_SCHEME, &scheme, 0);
	curl_url_get(smtp->url, CURLUPART_USER, &user, 0);
	curl_url_get(smtp->url, CURLUPART_HOST, &host, 0);
	curl_url_get(smtp->url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT);
	curl_url_get(smtp->url, CURLUPART_PATH, &path, 0);
	ok = check_url(smtp, scheme, host, user != NULL, error);
	if (ok) {
		smtp->server =
		    g_strdup_printf("%s://%s:%s", scheme, host, port);
		if (g_strcmp0(path, "/") == 0 && name != NULL) {
			g_autofree char *named = g_strconcat("/", name, NULL);

			curl_url_set(
			    smtp->url, CURLUPART_PATH, named, CURLU_URLENCODE);
		}
	}
	curl_free(scheme);
	curl_free(user);
	curl_free(host);
	curl_free(port);
	curl_free(path);
	return ok;
}

static void
set_options(struct smtp *smtp)
{
	const struct mailer_settings *settings = smtp->settings;
	CURL *easy = smtp->easy;

	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_CURLU, smtp->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* not the environment's */
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)settings->timeout);
	/* The former does not reach the reply to a message's end. */
	curl_easy_setopt(
	    easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)settings->timeout);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, smtp->message);
	/* Verification of certificates is libcurl's default and stays. */
	curl_easy_setopt(easy, CURLOPT_USE_SSL,
	    (long)(settings->starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
	curl_easy_setopt(
	    easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (settings->ca_file != NULL)
		curl_easy_setopt(easy, CURLOPT_CAINFO, settings->ca_file);
	if (settings->user != NULL) {
		curl_easy_setopt(easy, CURLOPT_USERNAME, settings->user);
		curl_easy_setopt(easy, CURLOPT_PASSWORD,
		    settings->password ? settings->password : "");
	}
	curl_easy_setopt(easy, CURLOPT_MAIL_FROM, ""); /* <>: no bounces */
	curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_letter);
	curl_easy_setopt(easy, CURLOPT_READDATA, smtp);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, keep_reply);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, smtp);
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, check_cancel);
	curl_easy_setopt(easy, CURLOPT_XFERINFODATA, smtp);
}

struct smtp *
smtp_new(const struct mailer_settings *settings, GError **error)
{
	struct smtp *smtp = g_new0(struct smtp, 1);

	smtp->settings = settings;
	if (!set_url(smtp, error)) {
		smtp_free(smtp);
		return NULL;
	}
	smtp->easy = curl_easy_init();
	if (smtp->easy == NULL) {
		refuse_settings(error, settings, "libcurl does not start");
		smtp_free(smtp);
		return NULL;
	}
	set_options(smtp);
	return smtp;
}

void
smtp_free(struct smtp *smtp)
{
	if (smtp == NULL)
		return;
	curl_easy_cleanup(smtp->easy);
	curl_url_cleanup(smtp->url);
	g_free(smtp->server);
	g_free(smtp);
}

void
smtp_set_cancel(struct smtp *smtp, bool (*cancelled)(void *), void *arg)
{
	smtp->cancelled = cancelled;
	smtp->cancelled_arg = arg;
}

/* Nothing that could end the command or add to it (RFC 5321 4.1.2). */
static bool
is_sendable(const char *address)
{
	const char *p;

	for (p = address; *p != '\0'; p++)
		if ((guchar)*p <= ' ' || *p == 127 || strchr("<>", *p) != NULL)
			return false;
	return p != address;
}

/*
 * Was it this letter that was refused?  A refusal in so many words says so,
 * unless the server closes (421) or wants a login first (530, RFC 4954).
 */
static bool
blames_letter(const struct smtp *smtp, CURLcode code)
{
	return smtp->reply[0] != '\0' &&
	       (code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY) &&
	       !g_str_has_prefix(smtp->reply, "421") &&
	       !g_str_has_prefix(smtp->reply, "530");
}

static bool
fail(struct smtp *smtp, CURLcode code, GError **error)
{
	g_autofree char *reply = mail_clean(smtp->reply);
	const char *why =
	    smtp->message[0] != '\0' ? smtp->message : curl_easy_strerror(code);

	if (reply[0] != '\0')
		why = reply;
	g_set_error(error, MAILER_ERROR,
	    blames_letter(smtp, code) ? MAILER_ERROR_LETTER
				      : MAILER_ERROR_SERVER,
	    "%s: %s", smtp->server, why);
	return false;
}

bool
smtp_send(struct smtp *smtp, const char *to, GBytes *letter, GError **error)
{
	struct curl_slist *recipients;
	CURLcode code;

	if (!is_sendable(to)) {
		g_set_error(error, MAILER_ERROR, MAILER_ERROR_LETTER,
		    "the address cannot be written in an SMTP command");
		return false;
	}
	smtp->message[0] = smtp->reply[0] = '\0';
	smtp->next = g_bytes_get_data(letter, &smtp->left);
	recipients = curl_slist_append(NULL, to);
	curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, recipients);
	curl_easy_setopt(
	    smtp->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)smtp->left);
	code = curl_easy_perform(smtp->easy);
	curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(recipients);
	return code == CURLE_OK ? true : fail(smtp, code, error);
}

bool
mailer_send(const struct mailer_settings *settings, const char *to,
    GBytes *letter, GError **error)
{
	struct smtp *smtp = smtp_new(settings, error);
	bool ok = smtp != NULL && smtp_send(smtp, to, letter, error);

	smtp_free(smtp);
	return ok;
}

bool
mailer_probe(const struct mailer_settings *settings, GError **error)
{
	struct smtp *smtp = smtp_new(settings, error);
	CURLcode code;
	bool ok;

	if (smtp == NULL)
		return false;
	curl_easy_setopt(smtp->easy, CURLOPT_UPLOAD, 0L);
	curl_easy_setopt(smtp->easy, CURLOPT_NOBODY, 1L);
	curl_easy_setopt(smtp->easy, CURLOPT_CUSTOMREQUEST, "NOOP");
	code = curl_easy_perform(smtp->easy);
	ok = code == CURLE_OK || fail(smtp, code, error);
	smtp_free(smtp);
	return ok;
}
