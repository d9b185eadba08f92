#include <stdio.h>

#include "milter/ctl/ctl.h"
#include "milter/ctl/mailfile.h"
#include "milter/ctl/show_content.h"
#include "milter/gather.h"
#include "milter/message/content.h"

static const struct ctl_usage usage = {"MESSAGE",
    "Shows what a message says, told apart by whose words it is: for people\n"
    "who write patterns.  MESSAGE is a file, or - for standard input."};

struct options {
	char **rest;
	gboolean json;
};

static bool
read_options(struct ctl *ctl, char **argv, struct options *options)
{
	const GOptionEntry entries[] = {
	    {"json", 'j', 0, G_OPTION_ARG_NONE, &options->json,
		"print one JSON object", NULL},
	    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		&options->rest, NULL, NULL},
	    G_OPTION_ENTRY_NULL};

	if (!ctl_options(ctl, argv, &usage, entries))
		return false;
	if (options->rest == NULL || options->rest[1] != NULL) {
		ctl_usage_error(ctl, "name one message");
		return false;
	}
	return true;
}

static void
print(const char *name, const struct content *content, bool as_json)
{
	struct json *json;
	g_autofree char *text = NULL;

	if (!as_json) {
		show_content_text(content);
		return;
	}
	json = json_new(true);
	json_object(json, NULL);
	json_string(json, "message", name);
	show_content_json(json, content);
	json_end(json);
	text = json_finish(json);
	fputs(text, stdout);
}

static int
run(struct ctl *ctl, const struct options *options)
{
	const struct settings *settings = ctl_settings(ctl);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(message) message = NULL;
	g_autoptr(content) content = NULL;
	const char *path = options->rest[0];
	struct mailfile mail;

	if (settings == NULL || !ctl_read_message(path, text) ||
	    ctl_extractor(ctl) == NULL)
		return CTL_TROUBLE;
	mailfile_init(&mail, text->str, text->len);
	message = mailfile_message(&mail, &settings->limits);
	content = message_content(message, true);
	gather_attachments(content, message, ctl_extractor(ctl),
	    settings->limits.text);
	print(ctl_message_name(path), content, options->json);
	mailfile_clear(&mail);
	return CTL_OK;
}

int
ctl_text(struct ctl *ctl, char **argv)
{
	struct options options = {0};
	int exit = CTL_USAGE;

	if (read_options(ctl, argv, &options))
		exit = run(ctl, &options);
	g_strfreev(options.rest);
	return exit;
}
