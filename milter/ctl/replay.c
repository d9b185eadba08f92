#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "milter/ctl/ctl.h"
#include "milter/ctl/mailfile.h"
#include "milter/ctl/show.h"
#include "milter/ctl/table.h"
#include "milter/ctl/walk.h"
#include "milter/record.h"

static const struct ctl_usage usage = {"PATH ...",
    "Judges stored mail and counts by rule, without recording or sending\n"
    "anything.  PATH is an mbox, a Maildir, a folder of .eml files, a\n"
    "message, or - for standard input.  NAME.env beside NAME.eml holds its\n"
    "envelope; otherwise the header must do."};

/* Beyond a limit on size the daemon looks no further, and neither need we. */
enum { BEYOND_LIMIT = 65536 };
enum { DISPOSITIONS = DISPOSITION_REJECT + 1, EDITS = EDIT_HOLD + 1 };

struct tally {
	unsigned held, failed;
};

struct replay {
	/* The command line. */
	gboolean json, verbose, all_files;
	gint64 time; /* 0: that of each message */
	/* The run. */
	struct policy *policy;
	struct service *service;
	struct session *session;
	/* What was counted. */
	unsigned messages, unreadable, early, not_inspected;
	unsigned dispositions[DISPOSITIONS], edits[EDITS];
	struct tally *rules; /* one for each rule of the policy */
};

/* The envelope in NAME.env, or NULL when there is none. */
static struct envelope *
load_envelope(const char *path, GError **error)
{
	g_autofree char *stem = NULL;
	g_autofree char *name = NULL;

	if (path == NULL)
		return NULL;
	stem = g_strndup(
	    path, strlen(path) - (g_str_has_suffix(path, ".eml") ? 4 : 0));
	name = g_strconcat(stem, ".env", NULL);
	return access(name, F_OK) == 0 ? envelope_load(name, error) : NULL;
}

static struct envelope *
find_envelope(const struct replay *replay, const struct walked *found,
    const struct mailfile *mail, GError **error)
{
	GError *trouble = NULL;
	g_autoptr(envelope) stored = envelope_from_headers(mail);
	struct envelope *envelope = load_envelope(found->path, &trouble);

	if (trouble != NULL) {
		g_propagate_error(error, trouble);
		return NULL;
	}
	if (envelope == NULL) {
		envelope_guess_client(stored, replay->policy);
		envelope = g_steal_pointer(&stored);
	} else {
		envelope->time = stored->time;
	}
	if (replay->time != 0)
		envelope->time = replay->time;
	else if (envelope->time == 0)
		envelope->time = g_get_real_time() / G_USEC_PER_SEC;
	return envelope;
}

static void
show_line(const struct examination *seen)
{
	const struct verdict *verdict = seen->outcome->verdict;
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *printable = NULL;

	g_string_printf(text, "%s: %s", seen->name,
	    disposition_name(seen->outcome->disposition));
	for (guint i = 0; i < verdict->findings->len; i++) {
		const struct judgement *found = verdict->findings->pdata[i];
		bool failed = found->truth != TRUTH_TRUE;
		g_autofree char *actions = record_actions(found->rule, failed);

		g_string_append_printf(text, "; %s%s: %s", found->rule->name,
		    failed ? " could not be judged" : "", actions);
	}
	if (seen->outcome->edit->status != EDIT_NONE)
		g_string_append_printf(text, "; edit %s",
		    edit_status_name(seen->outcome->edit->status));
	printable = ctl_printable(text->str);
	puts(printable);
}

static void
show_object(const struct examination *seen)
{
	struct json *json = json_new(false);
	g_autofree char *text = NULL;

	show_json(json, seen);
	text = json_finish(json);
	fputs(text, stdout);
}

/* The rule's place in the policy, which is that of its judgement. */
static guint
rule_index(const struct verdict *verdict, const struct judgement *found)
{
	guint i = 0;

	while (verdict->judgements->pdata[i] != found)
		i++;
	return i;
}

/* outcome: NULL for a message that passed at the end of the header. */
static void
count(struct replay *replay, const struct outcome *outcome)
{
	const struct verdict *verdict;

	if (outcome == NULL) {
		replay->dispositions[DISPOSITION_ACCEPT]++;
		replay->edits[EDIT_NONE]++;
		return;
	}
	verdict = outcome->verdict;
	replay->dispositions[outcome->disposition]++;
	replay->edits[outcome->edit->status]++;
	for (guint i = 0; i < verdict->findings->len; i++) {
		const struct judgement *found = verdict->findings->pdata[i];
		struct tally *rule = &replay->rules[rule_index(verdict, found)];

		if (found->truth == TRUTH_TRUE)
			rule->held++;
		else
			rule->failed++;
	}
}

static void
judge_message(struct replay *replay, const struct walked *found,
    const struct mailfile *mail, const struct envelope *envelope)
{
	const struct outcome *outcome;
	struct examination seen;

	replay->messages++;
	if (!replay->verbose) {
		outcome = mailfile_judge(mail, envelope, replay->session);
		count(replay, outcome);
		replay->early += outcome == NULL;
		replay->not_inspected +=
		    facts_not_inspected(session_facts(replay->session)) != NULL;
		return;
	}
	examination_init(&seen, found->name, mail, envelope, replay->session,
	    replay->service);
	count(replay, seen.outcome);
	replay->early += seen.passed;
	replay->not_inspected += facts_not_inspected(seen.facts) != NULL;
	if (replay->json)
		show_object(&seen);
	else
		show_line(&seen);
	examination_clear(&seen);
}

static void
add_unreadable(void *arg, const char *name, const char *why)
{
	struct replay *replay = arg;

	replay->unreadable++;
	ctl_complain("%s: %s", name, why);
}

static void
add_message(void *arg, const struct walked *found)
{
	struct replay *replay = arg;
	g_autoptr(GError) error = NULL;
	g_autoptr(envelope) envelope = NULL;
	struct mailfile mail;

	mailfile_init(&mail, found->data, found->len);
	envelope = find_envelope(replay, found, &mail, &error);
	if (envelope != NULL)
		judge_message(replay, found, &mail, envelope);
	else
		add_unreadable(replay, found->name, error->message);
	mailfile_clear(&mail);
}

static void
print_rules(const struct replay *replay)
{
	g_autoptr(table) table = table_new(3);

	table_align_right(table, 1);
	table_align_right(table, 2);
	table_add(table, "rule");
	table_add(table, "holds");
	table_add(table, "not judged");
	for (guint i = 0; i < replay->policy->rules_list->len; i++) {
		const struct rule *rule = replay->policy->rules_list->pdata[i];

		table_add(table, rule->name);
		table_addf(table, "%u", replay->rules[i].held);
		table_addf(table, "%u", replay->rules[i].failed);
	}
	table_print(table);
}

static void
add_count(struct table *table, const char *what, unsigned n)
{
	if (n == 0)
		return;
	table_add(table, what);
	table_addf(table, "%u", n);
}

static void
print_totals(const struct replay *replay)
{
	g_autoptr(table) table = table_new(2);

	table_align_right(table, 1);
	table_add(table, "messages");
	table_addf(table, "%u", replay->messages);
	add_count(table, "settled before the body", replay->early);
	for (int i = 0; i < DISPOSITIONS; i++)
		add_count(table, disposition_name((enum disposition)i),
		    replay->dispositions[i]);
	for (int i = EDIT_NONE + 1; i < EDITS; i++) {
		g_autofree char *what = g_strdup_printf(
		    "edit %s", edit_status_name((enum edit_status)i));

		add_count(table, what, replay->edits[i]);
	}
	add_count(table, "not fully inspected", replay->not_inspected);
	add_count(table, "could not be read", replay->unreadable);
	table_print(table);
}

static void
print_json(const struct replay *replay)
{
	struct json *json = json_new(!replay->verbose);
	g_autofree char *text = NULL;

	json_object(json, NULL);
	json_number(json, "messages", replay->messages);
	json_number(json, "unreadable", replay->unreadable);
	json_number(json, "early", replay->early);
	json_number(json, "not_inspected", replay->not_inspected);
	json_object(json, "verdicts");
	for (int i = 0; i < DISPOSITIONS; i++)
		json_number(json, disposition_name((enum disposition)i),
		    replay->dispositions[i]);
	json_end(json);
	json_object(json, "edits");
	for (int i = 0; i < EDITS; i++)
		json_number(json, edit_status_name((enum edit_status)i),
		    replay->edits[i]);
	json_end(json);
	json_array(json, "rules");
	for (guint i = 0; i < replay->policy->rules_list->len; i++) {
		const struct rule *rule = replay->policy->rules_list->pdata[i];

		json_object(json, NULL);
		json_string(json, "rule", rule->name);
		json_string(json, "clause", rule->clause);
		json_string(json, "file", rule->place.file);
		json_number(json, "line", rule->place.line);
		json_number(json, "holds", replay->rules[i].held);
		json_number(json, "failed", replay->rules[i].failed);
		json_end(json);
	}
	json_end(json);
	json_end(json);
	text = json_finish(json);
	fputs(text, stdout);
}

static int
run(struct ctl *ctl, struct replay *replay, char **paths)
{
	gsize limit = ctl_settings(ctl)->limits.size;
	struct walk walk = {.all_files = replay->all_files,
	    .max = limit > 0 ? limit + BEYOND_LIMIT : 0,
	    .message = add_message,
	    .unreadable = add_unreadable,
	    .arg = replay};

	replay->session = session_new(replay->service);
	replay->rules = g_new0(struct tally, replay->policy->rules_list->len);
	session_set_trace(replay->session, replay->verbose && replay->json);
	for (; *paths != NULL; paths++) {
		unsigned before = replay->messages + replay->unreadable;

		walk_path(&walk, *paths);
		if (replay->messages + replay->unreadable == before)
			add_unreadable(replay, *paths, "no messages in it");
	}
	if (replay->json) {
		print_json(replay);
	} else {
		print_rules(replay);
		puts("");
		print_totals(replay);
	}
	session_free(replay->session);
	g_free(replay->rules);
	return replay->unreadable == 0 ? CTL_OK : CTL_FAULT;
}

int
ctl_replay(struct ctl *ctl, char **argv)
{
	struct replay replay = {0};
	g_autofree char *path = NULL;
	g_autofree char *time = NULL;
	g_auto(GStrv) rest = NULL;
	const GOptionEntry entries[] = {
	    {"policy", 'p', 0, G_OPTION_ARG_FILENAME, &path,
		"judge by this policy (that of the settings)", "FILE"},
	    {"json", 'j', 0, G_OPTION_ARG_NONE, &replay.json,
		"print the counts as a JSON object", NULL},
	    {"verbose", 'v', 0, G_OPTION_ARG_NONE, &replay.verbose,
		"a line (an object) for each message too", NULL},
	    {"time", 't', 0, G_OPTION_ARG_FILENAME, &time,
		"judge all as of this time (that of each message)", "TIME"},
	    {"all", 0, 0, G_OPTION_ARG_NONE, &replay.all_files,
		"in folders, every file is a message", NULL},
	    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL,
		NULL},
	    G_OPTION_ENTRY_NULL};
	int exit;

	if (!ctl_options(ctl, argv, &usage, entries))
		return CTL_USAGE;
	if (rest == NULL)
		return ctl_usage_error(ctl, "name a mailbox or a message");
	if (time != NULL && !ctl_parse_time(time, &replay.time))
		return ctl_usage_error(ctl,
		    "--time: \"%s\" is no time; write it like 2026-05-07T14:30",
		    time);
	if ((replay.policy = ctl_policy(ctl, path, &exit)) == NULL)
		return exit;
	replay.service = ctl_service(ctl, replay.policy);
	exit = replay.service != NULL ? run(ctl, &replay, rest) : CTL_TROUBLE;
	service_free(replay.service);
	policy_unref(replay.policy);
	return exit;
}
