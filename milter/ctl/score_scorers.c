/* The detectors that can be held against labelled lines. */
#include <string.h>

#include "milter/ctl/score.h"

/* Labels "mark/…" and "not/…". */
static const char *
marking_wanted(const char *kind)
{
	if (g_str_has_prefix(kind, "mark/"))
		return "marked";
	return g_str_has_prefix(kind, "not/") ? "" : NULL;
}

/* A marking that is quoted marks what is quoted. */
static const char *
marking_answer(const struct detectors *detectors, const struct sample *sample)
{
	g_autoptr(GPtrArray) found = markings_find(
	    detectors->marking, sample->headers, sample->content);

	for (guint i = 0; i < found->len; i++) {
		const struct marking *marking = found->pdata[i];

		if (marking->origin != ORIGIN_QUOTED &&
		    marking->origin != ORIGIN_FORWARDED)
			return "marked";
	}
	return "";
}

/* Labels are categories, or "none/…". */
static const char *
confidential_wanted(const char *kind)
{
	return g_str_has_prefix(kind, "none/") ? "" : "confidential";
}

static const char *
confidential_answer(
    const struct detectors *detectors, const struct sample *sample)
{
	g_autoptr(GPtrArray) found =
	    secrets_find(detectors->confidential, sample->content);

	for (guint i = 0; i < found->len; i++) {
		const struct secret *secret = found->pdata[i];

		if (level_of(secret->probability) >= LEVEL_MEDIUM)
			return "confidential";
	}
	return "";
}

/* Labels "fire/…" and "miss/…"; "ctx/…" depends on who writes to whom. */
static const char *
obligation_wanted(const char *kind)
{
	if (g_str_has_prefix(kind, "fire/"))
		return "obligation";
	return g_str_has_prefix(kind, "miss/") ? "" : NULL;
}

static const char *
obligation_answer(
    const struct detectors *detectors, const struct sample *sample)
{
	g_autoptr(GPtrArray) found =
	    acts_find(detectors->obligation, sample->content);

	for (guint i = 0; i < found->len; i++) {
		const struct act *act = found->pdata[i];

		if (act->cancelled == NULL &&
		    level_of(act->probability) >= LEVEL_MEDIUM)
			return "obligation";
	}
	return "";
}

/* Labels "councillor", "officer", "ambiguous"; "not-a-signoff" is nobody. */
static const char *
name_wanted(const char *kind)
{
	return strcmp(kind, "not-a-signoff") == 0 ? "" : kind;
}

static const char *
name_answer(const struct detectors *detectors, const struct sample *sample)
{
	g_autoptr(GPtrArray) found = names_find(detectors->names, NULL, NULL,
	    sample->content, day_today());

	for (guint i = 0; i < found->len; i++) {
		const struct name *name = found->pdata[i];

		if (name->other_capacity)
			continue;
		switch (name->office) {
		case OFFICE_COUNCILLOR:
		case OFFICE_CHAIR:
			return "councillor";
		case OFFICE_OFFICER:
			return "officer";
		case OFFICE_AMBIGUOUS:
			return "ambiguous";
		case OFFICE_NONE:
			break;
		}
	}
	return "";
}

/*
 * Labels are a kind of phrase and "+", or "-" where there is none of it; a kind
 * that the pattern files do not have stands for any.
 */
static const char *
phrase_wanted(const char *kind)
{
	return g_str_has_suffix(kind, "-") ? "" : "phrase";
}

static const char *
phrase_answer(const struct detectors *detectors, const struct sample *sample)
{
	g_autoptr(GPtrArray) found =
	    phrases_find(detectors->phrases, sample->content);
	g_autofree char *kind =
	    g_strndup(sample->kind, strcspn(sample->kind, "+"));
	bool any;

	if (g_str_has_suffix(kind, "-"))
		kind[strlen(kind) - 1] = '\0';
	any = !phrase_rules_have(detectors->phrases, kind);
	for (guint i = 0; i < found->len; i++) {
		const struct phrase *phrase = found->pdata[i];

		if (level_of(phrase->probability) >= LEVEL_MEDIUM &&
		    (any || strcmp(phrase->kind, kind) == 0))
			return "phrase";
	}
	return "";
}

static const struct scorer scorers[] = {
    {"marking", G_STRUCT_OFFSET(struct detectors, marking), marking_wanted,
	marking_answer},
    {"confidential", G_STRUCT_OFFSET(struct detectors, confidential),
	confidential_wanted, confidential_answer},
    {"obligation", G_STRUCT_OFFSET(struct detectors, obligation),
	obligation_wanted, obligation_answer},
    {"name", G_STRUCT_OFFSET(struct detectors, names), name_wanted,
	name_answer},
    {"phrase", G_STRUCT_OFFSET(struct detectors, phrases), phrase_wanted,
	phrase_answer},
};

const struct scorer *
score_scorer(guint i)
{
	return i < G_N_ELEMENTS(scorers) ? &scorers[i] : NULL;
}
