#include "milter/daemon/rules.h"
#include "policy/detect/detectors.h"
#include "policy/judging/expect.h"

struct policy *
rules_load(const char *path, struct diags *diags)
{
	g_autoptr(policy) policy = policy_load(path, diags);

	if (policy == NULL)
		return NULL;
	detectors_try(policy->detectors, diags);
	policy_run_expectations(policy, diags);
	return diags_errors(diags) == 0 ? g_steal_pointer(&policy) : NULL;
}

static void
log_diagnostic(const struct diag *diag)
{
	const struct place *place = &diag->place;
	GLogLevelFlags level = diag->level == DIAG_ERROR ? G_LOG_LEVEL_CRITICAL
			       : diag->level == DIAG_WARNING
				   ? G_LOG_LEVEL_WARNING
				   : G_LOG_LEVEL_MESSAGE;

	if (place->line == 0) /* about the file as such */
		g_log(
		    G_LOG_DOMAIN, level, "%s: %s", place->file, diag->message);
	else
		g_log(G_LOG_DOMAIN, level, "%s:%u:%u: %s", place->file,
		    place->line, place->column, diag->message);
}

struct policy *
rules_load_logged(const char *path)
{
	g_autoptr(diags) diags = diags_new();
	struct policy *policy = rules_load(path, diags);

	for (unsigned i = 0; i < diags_count(diags); i++)
		log_diagnostic(diags_get(diags, i));
	return policy;
}

char *
rules_summary(const struct policy *policy)
{
	guint rules = policy->rules_list->len;
	guint cases = policy->expectations->len;

	return g_strdup_printf("%u rule%s, %u expectation%s, for %s", rules,
	    rules == 1 ? "" : "s", cases, cases == 1 ? "" : "s",
	    policy->council);
}
