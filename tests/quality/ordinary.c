/*
 * ordinary POLICY FOLDER ...: what the detectors of a policy make of ordinary
 * mail, every author being taken for whom the rules are about.  Prints each
 * finding that is "high" in the author's own words, and each marking there, so
 * that somebody can read them; then how many there are.
 *
 * Fails when more than one message in a thousand says something confidential.
 */
#include <stdio.h>

#include "milter/ctl/mailfile.h"
#include "milter/ctl/walk.h"
#include "milter/message/content.h"
#include "policy/detect/inspection.h"
#include "policy/policy.h"

enum { AROUND = 120, IN_A_THOUSAND = 1000 };

struct reading {
	const struct policy *policy;
	unsigned messages, confidential, binding, marked;
};

static bool
is_own(const struct segment *segment)
{
	return segment != NULL && (segment->origin == ORIGIN_OWN ||
				      segment->origin == ORIGIN_SUBJECT);
}

/* One line: what, where, and the words with some around them. */
static void
show(const char *what, const char *kind, const char *name,
    const struct segment *segment, gsize start, gsize end)
{
	gsize from = start - MIN(start, AROUND);
	gsize to = MIN(end + AROUND, segment->len);
	g_autofree char *words =
	    g_utf8_make_valid(segment->text + from, (gssize)(to - from));

	g_strdelimit(words, "\n\t", ' ');
	printf("%s\t%s\t%s\t%s\n", what, kind, name, words);
}

static bool
show_confidential(struct inspection *in, const char *name)
{
	const GPtrArray *found = inspection_secrets(in);
	bool any = false;

	for (guint i = 0; i < found->len; i++) {
		const struct secret *secret = found->pdata[i];
		const struct segment *segment =
		    inspection_segment(in, secret->segment);

		if (level_of(secret->probability) < LEVEL_HIGH ||
		    !is_own(segment))
			continue;
		show("confidential", secret->category, name, segment,
		    secret->start, secret->end);
		any = true;
	}
	return any;
}

static bool
show_binding(struct inspection *in, const char *name)
{
	const GPtrArray *found = inspection_acts(in);
	bool any = false;

	for (guint i = 0; i < found->len; i++) {
		const struct act *act = found->pdata[i];
		const struct segment *segment =
		    inspection_segment(in, act->segment);

		if (act->cancelled != NULL || !is_own(segment) ||
		    level_of(act->probability) < LEVEL_HIGH)
			continue;
		show("binding", act->kind, name, segment, act->sentence_start,
		    act->sentence_end);
		any = true;
	}
	return any;
}

static bool
show_marked(struct inspection *in, const char *name)
{
	const GPtrArray *found = inspection_markings(in);
	bool any = false;

	for (guint i = 0; i < found->len; i++) {
		const struct marking *marking = found->pdata[i];
		const struct segment *segment =
		    inspection_segment(in, marking->segment);

		if (!is_own(segment))
			continue;
		show("marked", marking->kind, name, segment, marking->start,
		    marking->end);
		any = true;
	}
	return any;
}

static void
read_message(void *arg, const struct walked *walked)
{
	struct reading *reading = arg;
	struct mailfile file;
	g_autoptr(message) m = NULL;
	g_autoptr(content) content = NULL;
	struct inspection *in;

	mailfile_init(&file, walked->data, walked->len);
	m = mailfile_message(&file, NULL);
	content = message_content(m, true);
	in = inspection_new(
	    reading->policy, message_header_facts(m), content, day_today());
	reading->messages++;
	reading->confidential += show_confidential(in, walked->name);
	reading->binding += show_binding(in, walked->name);
	reading->marked += show_marked(in, walked->name);
	inspection_free(in);
	mailfile_clear(&file);
}

static void
complain(void *arg, const char *name, const char *why)
{
	(void)arg;
	fprintf(stderr, "ordinary: %s: %s\n", name, why);
}

int
main(int argc, char **argv)
{
	g_autoptr(diags) diags = diags_new();
	g_autoptr(policy) policy = NULL;
	struct reading reading = {0};
	const struct walk walk = {.all_files = true,
	    .message = read_message,
	    .unreadable = complain,
	    .arg = &reading};

	if (argc < 3) {
		fputs("usage: ordinary POLICY FOLDER ...\n", stderr);
		return 2;
	}
	policy = policy_load(argv[1], diags);
	if (policy == NULL) {
		diags_print(diags, stderr);
		return 2;
	}
	reading.policy = policy;
	for (int i = 2; i < argc; i++)
		walk_path(&walk, argv[i]);
	printf("# %u messages: %u confidential at high, %u binding at high, "
	       "%u marked\n",
	    reading.messages, reading.confidential, reading.binding,
	    reading.marked);
	return reading.confidential * IN_A_THOUSAND > reading.messages;
}
