#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "milter/ctl/ctl.h"
#include "policy/diag.h"

struct command {
	const char *name;
	const char *summary;
	int (*run)(struct ctl *, char **argv);
};

static const struct command commands[] = {
    {"check", "check a policy, its roster and its expectations", ctl_check},
    {"explain", "show what becomes of one message, and why", ctl_explain},
    {"text", "show what a message says, and whose words it is", ctl_text},
    {"replay", "judge stored mail and count by rule", ctl_replay},
    {"roster", "show who holds which office", ctl_roster},
    {"report", "count what the journal holds, by rule and month", ctl_report},
    {"purge", "delete old entries of the journal", ctl_purge},
    {"outbox", "show the letters that wait, or send them now", ctl_outbox},
    {"doctor", "check the whole installation", ctl_doctor},
    {"score", "hold a detector against labelled lines", ctl_score},
};

static void
print_help(FILE *to)
{
	fputs(
	    "usage: councilctl [--config FILE] COMMAND [ARGUMENT ...]\n\n", to);
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
		fprintf(
		    to, "  %-9s%s\n", commands[i].name, commands[i].summary);
	fputs("\n"
	      "councilctl help COMMAND shows the options of a command;\n"
	      "councilctl(1) has the rest.\n",
	    to);
}

static const struct command *
find_command(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int
unknown_command(const char *name)
{
	const char *names[G_N_ELEMENTS(commands) + 1] = {NULL};
	const char *near;

	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
		names[i] = commands[i].name;
	near = diag_suggest(name, names);
	if (near != NULL)
		ctl_complain(
		    "unknown command \"%s\", did you mean \"%s\"?", name, near);
	else
		ctl_complain(
		    "unknown command \"%s\"; try councilctl --help", name);
	return CTL_USAGE;
}

/* "help" and "help COMMAND". */
static int
help(struct ctl *ctl, char **argv)
{
	const struct command *command;
	char *ask[] = {NULL, (char[]){"--help"}, NULL};

	if (argv[1] == NULL || strcmp(argv[1], "help") == 0) {
		print_help(stdout);
		return CTL_OK;
	}
	if ((command = find_command(argv[1])) == NULL)
		return unknown_command(argv[1]);
	ctl->command = command->name;
	ask[0] = argv[1];
	return command->run(ctl, ask);
}

static int
run(struct ctl *ctl, char **argv)
{
	const struct command *command;

	if (strcmp(argv[0], "help") == 0)
		return help(ctl, argv);
	if ((command = find_command(argv[0])) == NULL)
		return unknown_command(argv[0]);
	ctl->command = command->name;
	return command->run(ctl, argv);
}

/*
 * The options before the command.  Returns the command's place in argv, or
 * NULL with exit set when there is nothing left to do.
 */
static char **
global_options(struct ctl *ctl, char **argv, int *exit)
{
	*exit = CTL_OK;
	for (argv++; *argv != NULL && **argv == '-'; argv++) {
		if (strcmp(*argv, "--help") == 0 || strcmp(*argv, "-h") == 0) {
			print_help(stdout);
			return NULL;
		}
		if (strcmp(*argv, "--version") == 0) {
			puts(PACKAGE_STRING);
			return NULL;
		}
		if (g_str_has_prefix(*argv, "--config=")) {
			g_free(ctl->config);
			ctl->config = g_strdup(*argv + strlen("--config="));
		} else if (strcmp(*argv, "--config") == 0 && argv[1] != NULL) {
			g_free(ctl->config);
			ctl->config = g_strdup(*++argv);
		} else {
			ctl_complain("unknown option \"%s\" or no value for it;"
				     " try councilctl --help",
			    *argv);
			*exit = CTL_USAGE;
			return NULL;
		}
	}
	if (*argv != NULL)
		return argv;
	print_help(stderr);
	*exit = CTL_USAGE;
	return NULL;
}

int
main(int argc, char **argv)
{
	struct ctl ctl = {0};
	char **command;
	int exit;

	(void)argc;
	setlocale(LC_ALL, "");
	g_set_prgname("councilctl");
	command = global_options(&ctl, argv, &exit);
	if (command != NULL)
		exit = run(&ctl, command);
	/* A full disk or a closed pipe must not look like success. */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		ctl_complain("the output could not be written");
		exit = CTL_TROUBLE;
	}
	extractor_free(ctl.extractor);
	settings_free(ctl.settings);
	g_free(ctl.config);
	return exit;
}
