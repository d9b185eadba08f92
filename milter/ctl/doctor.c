#include <stdio.h>

#include "milter/ctl/ctl.h"
#include "milter/ctl/doctor.h"
#include "policy/detect/detectors.h"
#include "policy/diag.h"
#include "policy/judging/expect.h"

static const struct ctl_usage usage = {NULL,
    "Checks the whole installation: settings, policy, key, journal, socket,\n"
    "the server for reports, and Postfix.  Nothing is changed or sent.  Run\n"
    "it as root, so that it may look everywhere."};

static struct settings *
look_at_settings(struct doctor *doctor, const char *path)
{
	g_autoptr(GError) error = NULL;
	struct settings *settings = settings_load(path, &error);

	if (settings != NULL)
		doctor_pass(doctor, "settings", "%s", path);
	else
		doctor_fail(doctor, "settings",
		    "see council-milter.conf(5); the rest is checked with "
		    "the default settings",
		    "%s", error->message);
	return settings;
}

/* Does anybody of that class hold an office and have an address today? */
static bool
somebody_in(const struct class *class, const struct roster *roster, day on)
{
	if (class->kind == CLASS_ADDRESS)
		return true;
	for (unsigned i = 0; i < roster_count(roster); i++) {
		const struct person *person = roster_person(roster, i);
		struct party party = {.person = person};

		if (person->mail == NULL || !person_in_post(person, on))
			continue;
		party.address = person->addresses[0];
		if (class_holds(class, &party, on))
			return true;
	}
	return false;
}

/* Without readers of its own, a policy reports to the proper officer. */
static void
look_at_readers(struct doctor *doctor, const struct policy *policy)
{
	static char officer[] = "the proper officer";
	const struct class fallback = {
	    .kind = CLASS_ROLE, .role = ROLE_PROPER_OFFICER, .name = officer};
	const GPtrArray *named = policy->reports_to;
	guint n = named != NULL ? named->len : 0;
	const struct class *first = n > 0 ? named->pdata[0] : &fallback;
	day today = day_today();

	if (somebody_in(first, policy->roster, today)) {
		doctor_pass(doctor, "readers", "reports go to %s", first->name);
		return;
	}
	for (guint i = 1; i < n; i++) {
		const struct class *next = named->pdata[i];

		if (!somebody_in(next, policy->roster, today))
			continue;
		doctor_warn(doctor, "readers",
		    "is the post vacant, or a date wrong in the roster? see "
		    "councilctl roster",
		    "reports go to %s, since nobody is %s today", next->name,
		    first->name);
		return;
	}
	doctor_warn(doctor, "readers",
	    "name somebody with an office and an address in \"reports to\", "
	    "see council.policy(5)",
	    "nobody is %s today, so reports go to the chair or to the "
	    "postmaster",
	    first->name);
}

static void
look_at_policy(struct doctor *doctor, const char *path)
{
	g_autoptr(diags) diags = diags_new();
	g_autoptr(policy) policy = policy_load(path, diags);
	unsigned cases = 0;

	if (policy != NULL) {
		detectors_try(policy->detectors, diags);
		cases = policy_run_expectations(policy, diags);
	}
	diags_print(diags, stderr);
	if (policy == NULL || diags_errors(diags) > 0)
		doctor_fail(doctor, "policy",
		    "correct what is reported above; the daemon keeps the "
		    "policy that it has",
		    "%s has errors", path);
	else if (diags_count(diags) > 0)
		doctor_warn(
		    doctor, "policy", "see above", "%s has warnings", path);
	else
		doctor_pass(
		    doctor, "policy", "%s, %u expectations hold", path, cases);
	if (policy != NULL)
		look_at_readers(doctor, policy);
}

int
ctl_doctor(struct ctl *ctl, char **argv)
{
	const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
	struct doctor doctor = {0};
	g_autoptr(settings) settings = NULL;
	g_autofree char *failures = NULL;
	g_autofree char *warnings = NULL;

	if (!ctl_options(ctl, argv, &usage, entries))
		return CTL_USAGE;
	settings = look_at_settings(&doctor, ctl_settings_path(ctl));
	if (settings == NULL)
		settings = settings_new();
	look_at_policy(&doctor, settings->policy);
	doctor_files(&doctor, settings);
	doctor_socket(&doctor, settings);
	doctor_smtp(&doctor, settings);
	doctor_postfix(&doctor, settings);
	failures = ctl_count(doctor.failed, "failure", "failures");
	warnings = ctl_count(doctor.warned, "warning", "warnings");
	printf("\n%s, %s\n", failures, warnings);
	return doctor.failed > 0 ? CTL_FAULT : CTL_OK;
}
