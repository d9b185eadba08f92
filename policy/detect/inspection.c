#include "policy/detect/inspection.h"
#include "policy/policy.h"

struct inspection {
	const struct policy *policy;
	const struct detectors *detectors;
	const struct header_facts *headers;
	const struct content *content;
	day on;
	/* NULL until asked for. */
	GPtrArray *markings, *secrets, *acts, *names, *phrases;
	char *contradiction;	/* likewise; "" for none */
	bool cut;		/* a detector met a limit */
};

struct inspection *
inspection_new(const struct policy *policy, const struct header_facts *headers,
    const struct content *content, day on)
{
	struct inspection *inspection = g_new0(struct inspection, 1);

	inspection->policy = policy;
	inspection->detectors = policy->detectors;
	inspection->headers = headers;
	inspection->content = content;
	inspection->on = on;
	return inspection;
}

static void
clear(GPtrArray **found)
{
	g_clear_pointer(found, g_ptr_array_unref);
}

void
inspection_free(struct inspection *inspection)
{
	if (inspection == NULL)
		return;
	clear(&inspection->markings);
	clear(&inspection->secrets);
	clear(&inspection->acts);
	clear(&inspection->names);
	clear(&inspection->phrases);
	g_free(inspection->contradiction);
	g_free(inspection);
}

const struct content *
inspection_content(const struct inspection *inspection)
{
	return inspection->content;
}

const struct segment *
inspection_segment(const struct inspection *inspection, guint segment)
{
	const GPtrArray *segments = inspection->content->segments;

	return segment < segments->len ? segments->pdata[segment] : NULL;
}

const GPtrArray *
inspection_markings(struct inspection *in)
{
	if (in->markings == NULL)
		in->markings = in->detectors->marking != NULL ?
		    markings_find(in->detectors->marking, in->headers,
			in->content, &in->cut) :
		    g_ptr_array_new();
	return in->markings;
}

const GPtrArray *
inspection_secrets(struct inspection *in)
{
	if (in->secrets == NULL)
		in->secrets = in->detectors->confidential != NULL ?
		    secrets_find(in->detectors->confidential, in->content,
			&in->cut) :
		    g_ptr_array_new();
	return in->secrets;
}

const GPtrArray *
inspection_acts(struct inspection *in)
{
	if (in->acts == NULL)
		in->acts = in->detectors->obligation != NULL ?
		    acts_find(in->detectors->obligation, in->content,
			&in->cut) :
		    g_ptr_array_new();
	return in->acts;
}

const GPtrArray *
inspection_names(struct inspection *in)
{
	if (in->names == NULL)
		in->names = in->detectors->names != NULL ?
		    names_find(in->detectors->names, in->policy->roster,
			in->headers, in->content, in->on) :
		    g_ptr_array_new();
	return in->names;
}

const GPtrArray *
inspection_phrases(struct inspection *in)
{
	if (in->phrases == NULL)
		in->phrases = in->detectors->phrases != NULL ?
		    phrases_find(in->detectors->phrases, in->content,
			&in->cut) :
		    g_ptr_array_new();
	return in->phrases;
}

void
inspection_run_all(struct inspection *in)
{
	inspection_markings(in);
	inspection_secrets(in);
	inspection_acts(in);
	inspection_names(in);
	inspection_phrases(in);
}

bool
inspection_was_cut(const struct inspection *in)
{
	return in->cut;
}

bool
inspection_quotes_offer(struct inspection *in)
{
	return in->detectors->obligation != NULL &&
	    content_quotes_offer(in->detectors->obligation, in->content);
}

const char *
inspection_contradiction(struct inspection *in)
{
	if (in->contradiction == NULL && in->detectors->marking != NULL)
		in->contradiction = markings_contradiction(
		    in->detectors->marking, inspection_markings(in),
		    in->headers, in->content);
	if (in->contradiction == NULL)
		in->contradiction = g_strdup("");
	return *in->contradiction != '\0' ? in->contradiction : NULL;
}
