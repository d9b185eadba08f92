#include <string.h>

#include "policy/detect/detectors.h"
#include "policy/policy.h"

/* Whose the blocks of pattern files are. */
static const struct {
	const char *kind;
	enum detector detector;
} kinds[] = {
    {"marking", DETECTOR_MARKING},
    {"mention", DETECTOR_MARKING},
    {"detail", DETECTOR_MARKING},
    {"label", DETECTOR_MARKING},
    {"category", DETECTOR_CONFIDENTIAL},
    {"evidence", DETECTOR_CONFIDENTIAL},
    {"act", DETECTOR_OBLIGATION},
    {"authority", DETECTOR_OBLIGATION},
    {"addressee", DETECTOR_OBLIGATION},
    {"cancel", DETECTOR_OBLIGATION},
    {"offer", DETECTOR_OBLIGATION},
    {"office", DETECTOR_NAMES},
    {"sign-off", DETECTOR_NAMES},
    {"phrase", DETECTOR_PHRASES},
};

/* DETECTOR_NONE: no detector would read it. */
static enum detector
detector_of(const struct pattern_block *block)
{
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (strcmp(kinds[i].kind, block->kind) == 0)
			return kinds[i].detector;
	return DETECTOR_NONE;
}

static void
report_unknown(const struct pattern_block *block, struct diags *diags)
{
	const char *words[G_N_ELEMENTS(kinds) + 1] = {NULL};
	const char *nearest;

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		words[i] = kinds[i].kind;
	nearest = diag_suggest(block->kind, words);
	if (nearest != NULL)
		diags_add(diags, DIAG_ERROR, &block->place,
		    "there is no block \"%s\", did you mean \"%s\"?",
		    block->kind, nearest);
	else
		diags_add(diags, DIAG_ERROR, &block->place,
		    "there is no block \"%s\"", block->kind);
}

static GPtrArray *
all_blocks(const GPtrArray *files)
{
	GPtrArray *blocks = g_ptr_array_new();

	for (guint i = 0; i < files->len; i++) {
		const struct pattern_file *file = files->pdata[i];

		for (guint k = 0; k < file->blocks->len; k++)
			g_ptr_array_add(blocks, file->blocks->pdata[k]);
	}
	return blocks;
}

struct detectors *
detectors_new(GPtrArray *files, struct diags *diags)
{
	struct detectors *d = g_new0(struct detectors, 1);
	g_autoptr(GPtrArray) blocks = all_blocks(files);
	bool has[DETECTOR_COUNT] = {false};

	d->files = g_ptr_array_ref(files);
	for (guint i = 0; i < blocks->len; i++) {
		enum detector detector = detector_of(blocks->pdata[i]);

		has[detector] = true;
		if (detector == DETECTOR_NONE)
			report_unknown(blocks->pdata[i], diags);
	}
	if (has[DETECTOR_MARKING])
		d->marking = marking_rules_new(blocks, diags);
	if (has[DETECTOR_CONFIDENTIAL])
		d->confidential = confidential_rules_new(blocks, diags);
	if (has[DETECTOR_OBLIGATION])
		d->obligation = obligation_rules_new(blocks, diags);
	if (has[DETECTOR_NAMES])
		d->names = name_rules_new(blocks, diags);
	if (has[DETECTOR_PHRASES])
		d->phrases = phrase_rules_new(blocks, diags);
	return d;
}

void
detectors_free(struct detectors *d)
{
	if (d == NULL)
		return;
	marking_rules_free(d->marking);
	confidential_rules_free(d->confidential);
	obligation_rules_free(d->obligation);
	name_rules_free(d->names);
	phrase_rules_free(d->phrases);
	g_ptr_array_unref(d->files);
	g_free(d);
}

void
detectors_try(const struct detectors *d, struct diags *diags)
{
	if (d->marking != NULL)
		marking_rules_try(d->marking, diags);
	if (d->confidential != NULL)
		confidential_rules_try(d->confidential, diags);
	if (d->obligation != NULL)
		obligation_rules_try(d->obligation, diags);
	if (d->names != NULL)
		name_rules_try(d->names, diags);
	if (d->phrases != NULL)
		phrase_rules_try(d->phrases, diags);
}
