#include <stdio.h>

#include "milter/ctl/ctl.h"
#include "policy/detect/detectors.h"
#include "policy/diag.h"
#include "policy/judging/expect.h"

static const struct ctl_usage usage = {"[POLICY]",
    "Checks a policy: its language, the people and groups that it names, its\n"
    "roster, the examples in its pattern files, and its own expectations.\n"
    "Without POLICY, that of the settings."};

static unsigned
warnings(const struct diags *diags)
{
	unsigned n = 0;

	for (unsigned i = 0; i < diags_count(diags); i++)
		n += diags_get(diags, i)->level == DIAG_WARNING;
	return n;
}

static void
print_summary(const char *path, const struct policy *policy,
    unsigned expectations, const struct diags *diags)
{
	g_autofree char *errors =
	    ctl_count(diags_errors(diags), "error", "errors");
	g_autofree char *warned =
	    ctl_count(warnings(diags), "warning", "warnings");

	if (policy != NULL) {
		g_autofree char *rules =
		    ctl_count(policy->rules_list->len, "rule", "rules");
		g_autofree char *cases =
		    ctl_count(expectations, "expectation", "expectations");

		printf("%s: %s, %u on the roster, %s", path, rules,
		    roster_count(policy->roster), cases);
	} else {
		printf("%s: not usable", path);
	}
	printf("; %s, %s\n", errors, warned);
}

int
ctl_check(struct ctl *ctl, char **argv)
{
	g_auto(GStrv) rest = NULL;
	const GOptionEntry entries[] = {
	    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL,
		NULL},
	    G_OPTION_ENTRY_NULL};
	g_autoptr(diags) diags = diags_new();
	g_autoptr(policy) policy = NULL;
	const char *path;
	unsigned expectations = 0;

	if (!ctl_options(ctl, argv, &usage, entries))
		return CTL_USAGE;
	if (rest != NULL && rest[1] != NULL)
		return ctl_usage_error(ctl, "only one policy at a time");
	if (rest == NULL && ctl_settings(ctl) == NULL)
		return CTL_TROUBLE;
	path = rest != NULL ? rest[0] : ctl_settings(ctl)->policy;
	if ((policy = policy_load(path, diags)) != NULL) {
		detectors_try(policy->detectors, diags);
		expectations = policy_run_expectations(policy, diags);
	}
	diags_print(diags, stderr);
	print_summary(path, policy, expectations, diags);
	return diags_errors(diags) == 0 && policy != NULL ? CTL_OK : CTL_FAULT;
}
