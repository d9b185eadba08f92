#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "milter/ctl/ctl.h"
#include "milter/ctl/mailfile.h"
#include "milter/ctl/show.h"
#include "milter/gather.h"
#include "milter/message/content.h"
#include "milter/service.h"

static const struct ctl_usage usage = {"MESSAGE",
    "Shows what the filter makes of a message, and why, without recording or\n"
    "sending anything.  MESSAGE is a file, or - for standard input.  What the\n"
    "options do not say about the envelope is taken from the header."};

struct options {
	char *policy, *from, *login, *client, *time, *output;
	char **recipients, **rest;
	gboolean json, text;
};

static void
options_clear(struct options *options)
{
	g_free(options->policy);
	g_free(options->from);
	g_free(options->login);
	g_free(options->client);
	g_free(options->time);
	g_free(options->output);
	g_strfreev(options->recipients);
	g_strfreev(options->rest);
}

static bool
read_options(struct ctl *ctl, char **argv, struct options *options)
{
	const GOptionEntry entries[] = {
	    {"policy", 'p', 0, G_OPTION_ARG_FILENAME, &options->policy,
		"judge by this policy (that of the settings)", "FILE"},
	    {"from", 'f', 0, G_OPTION_ARG_FILENAME, &options->from,
		"envelope sender; empty for a bounce", "ADDRESS"},
	    {"rcpt", 'r', 0, G_OPTION_ARG_FILENAME_ARRAY, &options->recipients,
		"envelope recipient; give it once for each", "ADDRESS"},
	    {"auth", 'a', 0, G_OPTION_ARG_FILENAME, &options->login,
		"the sender has logged in by this name", "LOGIN"},
	    {"client", 'c', 0, G_OPTION_ARG_FILENAME, &options->client,
		"it comes from this IP address (local submission)", "IP"},
	    {"time", 't', 0, G_OPTION_ARG_FILENAME, &options->time,
		"it comes at this time, e.g. 2026-05-07T14:30 (now)", "TIME"},
	    {"json", 'j', 0, G_OPTION_ARG_NONE, &options->json,
		"print one JSON object", NULL},
	    {"text", 0, 0, G_OPTION_ARG_NONE, &options->text,
		"show whose words the message is made of", NULL},
	    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
		"write the message as it would leave", "FILE"},
	    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		&options->rest, NULL, NULL},
	    G_OPTION_ENTRY_NULL};
	guint8 address[16];

	if (!ctl_options(ctl, argv, &usage, entries))
		return false;
	if (options->rest == NULL || options->rest[1] != NULL) {
		ctl_usage_error(ctl, "name one message");
		return false;
	}
	if (options->client != NULL &&
	    inet_pton(AF_INET, options->client, address) != 1 &&
	    inet_pton(AF_INET6, options->client, address) != 1) {
		ctl_usage_error(
		    ctl, "--client: \"%s\" is no IP address", options->client);
		return false;
	}
	return true;
}

static struct envelope *
make_envelope(
    struct ctl *ctl, const struct options *options, const struct mailfile *mail)
{
	g_autoptr(envelope) envelope = envelope_from_headers(mail);

	envelope->time = g_get_real_time() / G_USEC_PER_SEC;
	if (options->time != NULL &&
	    !ctl_parse_time(options->time, &envelope->time)) {
		ctl_usage_error(ctl,
		    "--time: \"%s\" is no time; write it like "
		    "2026-05-07T14:30",
		    options->time);
		return NULL;
	}
	if (options->from != NULL)
		envelope_set_sender(envelope, options->from);
	if (options->recipients != NULL)
		g_ptr_array_set_size(envelope->recipients, 0);
	for (char **r = options->recipients; r != NULL && *r != NULL; r++)
		envelope_add_recipient(envelope, *r, NULL);
	envelope->login = g_strdup(options->login);
	envelope->client = g_strdup(options->client);
	return g_steal_pointer(&envelope);
}

static bool
write_output(const char *path, const struct mailfile *mail,
    const struct outcome *outcome)
{
	FILE *out;
	bool ok;

	if (outcome->disposition == DISPOSITION_REJECT ||
	    outcome->disposition == DISPOSITION_DEFER) {
		ctl_complain(
		    "%s: not written, since the message does not leave", path);
		return true;
	}
	if ((out = fopen(path, "wbe")) == NULL) {
		ctl_complain("%s: %s", path, g_strerror(errno));
		return false;
	}
	ok = mailfile_write(mail, outcome->edit, out);
	/* Some errors show only now. */
	if (fclose(out) != 0 || !ok) {
		ctl_complain("%s: %s", path, g_strerror(errno));
		return false;
	}
	return true;
}

static void
print(const struct examination *seen, bool as_json)
{
	struct json *json;
	g_autofree char *text = NULL;

	if (!as_json) {
		show_text(seen);
		return;
	}
	json = json_new(true);
	show_json(json, seen);
	text = json_finish(json);
	fputs(text, stdout);
}

static int
explain(const struct options *options, struct service *service,
    const struct mailfile *mail, const struct envelope *envelope)
{
	g_autoptr(session) session = session_new(service);
	const char *path = options->rest[0];
	struct examination seen;
	bool ok;

	session_set_trace(session, true);
	examination_init(&seen, ctl_message_name(path), mail, envelope,
	    session, service);
	if (options->text) {
		seen.content = message_content(session_message(session), true);
		gather_attachments(seen.content, session_message(session),
		    service_extractor(service),
		    service_limits(service)->text);
	}
	print(&seen, options->json);
	ok = options->output == NULL ||
	     write_output(options->output, mail, seen.outcome);
	examination_clear(&seen);
	return ok ? CTL_OK : CTL_TROUBLE;
}

static int
run(struct ctl *ctl, const struct options *options)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(policy) policy = NULL;
	g_autoptr(service) service = NULL;
	g_autoptr(envelope) envelope = NULL;
	struct mailfile mail;
	int exit = CTL_USAGE;

	if (!ctl_read_message(options->rest[0], text))
		return CTL_TROUBLE;
	mailfile_init(&mail, text->str, text->len);
	if ((envelope = make_envelope(ctl, options, &mail)) != NULL &&
	    (policy = ctl_policy(ctl, options->policy, &exit)) != NULL) {
		service = ctl_service(ctl, policy);
		exit = service != NULL
			   ? explain(options, service, &mail, envelope)
			   : CTL_TROUBLE;
	}
	mailfile_clear(&mail);
	return exit;
}

int
ctl_explain(struct ctl *ctl, char **argv)
{
	struct options options = {0};
	int exit = CTL_USAGE;

	if (read_options(ctl, argv, &options))
		exit = run(ctl, &options);
	options_clear(&options);
	return exit;
}
