/* The detectors that can be held against labelled lines. */
#include <string.h>

#include "milter/ctl/score.h"

static const struct answer nothing = {"", LEVEL_ANY};

/* What a detector says whose surest finding is so probable. */
static struct answer
from_medium(const char *text, double probability)
{
	enum level level = level_of(probability);

	return (struct answer){level >= LEVEL_MEDIUM ? text : "", level};
}

/* Labels "mark/…" and "not/…". */
static const char *
marking_wanted(const char *kind)
{
	if (g_str_has_prefix(kind, "mark/"))
		return "marked";
	return g_str_has_prefix(kind, "not/") ? "" : NULL;
}

/* A marking that is quoted marks what is quoted. */
static struct answer
marking_answer(const struct detectors *detectors, const struct sample *sample)
{
	bool cut = false;
	g_autoptr(GPtrArray) found =
	    markings_find(detectors->marking, sample->headers, sample->content,
		&cut);

	for (guint i = 0; i < found->len; i++) {
		const struct marking *marking = found->pdata[i];

		if (marking->origin != ORIGIN_QUOTED &&
		    marking->origin != ORIGIN_FORWARDED)
			return (struct answer){"marked", LEVEL_ANY};
	}
	return nothing;
}

/* Labels are categories, or "none/…". */
static const char *
confidential_wanted(const char *kind)
{
	return g_str_has_prefix(kind, "none/") ? "" : "confidential";
}

static struct answer
confidential_answer(
    const struct detectors *detectors, const struct sample *sample)
{
	bool cut = false;
	g_autoptr(GPtrArray) found =
	    secrets_find(detectors->confidential, sample->content, &cut);

	double surest = 0;

	for (guint i = 0; i < found->len; i++) {
		const struct secret *secret = found->pdata[i];

		surest = MAX(surest, secret->probability);
	}
	return from_medium("confidential", surest);
}

/* Labels "fire/…" and "miss/…"; "ctx/…" depends on who writes to whom. */
static const char *
obligation_wanted(const char *kind)
{
	if (g_str_has_prefix(kind, "fire/"))
		return "obligation";
	return g_str_has_prefix(kind, "miss/") ? "" : NULL;
}

static struct answer
obligation_answer(
    const struct detectors *detectors, const struct sample *sample)
{
	bool cut = false;
	g_autoptr(GPtrArray) found =
	    acts_find(detectors->obligation, sample->content, &cut);

	double surest = 0;

	for (guint i = 0; i < found->len; i++) {
		const struct act *act = found->pdata[i];

		if (act->cancelled == NULL)
			surest = MAX(surest, act->probability);
	}
	return from_medium("obligation", surest);
}

/* Labels "councillor", "officer", "ambiguous"; "not-a-signoff" is nobody. */
static const char *
name_wanted(const char *kind)
{
	return strcmp(kind, "not-a-signoff") == 0 ? "" : kind;
}

static struct answer
name_answer(const struct detectors *detectors, const struct sample *sample)
{
	g_autoptr(GPtrArray) found = names_find(
	    detectors->names, NULL, NULL, sample->content, day_today());

	for (guint i = 0; i < found->len; i++) {
		const struct name *name = found->pdata[i];

		if (name->other_capacity)
			continue;
		switch (name->office) {
		case OFFICE_COUNCILLOR:
		case OFFICE_CHAIR:
			return (struct answer){"councillor", LEVEL_ANY};
		case OFFICE_OFFICER:
			return (struct answer){"officer", LEVEL_ANY};
		case OFFICE_AMBIGUOUS:
			return (struct answer){"ambiguous", LEVEL_ANY};
		case OFFICE_NONE:
			break;
		}
	}
	return nothing;
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

static struct answer
phrase_answer(const struct detectors *detectors, const struct sample *sample)
{
	bool cut = false;
	g_autoptr(GPtrArray) found =
	    phrases_find(detectors->phrases, sample->content, &cut);
	g_autofree char *kind =
	    g_strndup(sample->kind, strcspn(sample->kind, "+"));
	double surest = 0;
	bool any;

	if (g_str_has_suffix(kind, "-"))
		kind[strlen(kind) - 1] = '\0';
	any = !phrase_rules_have(detectors->phrases, kind);
	for (guint i = 0; i < found->len; i++) {
		const struct phrase *phrase = found->pdata[i];

		if (any || strcmp(phrase->kind, kind) == 0)
			surest = MAX(surest, phrase->probability);
	}
	return from_medium("phrase", surest);
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
