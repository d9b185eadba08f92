#include <string.h>

#include "policy/detect/confidential_private.h"
#include "policy/detect/confidential_reader.h"
#include "policy/pattern/alternatives.h"

#define GAIN_DEFAULT 0.4
#define FACTOR_DEFAULT 0.3
#define WITHIN_DEFAULT 200

/* The id of a cue's regex; the same regex is looked for once. */
static guint
cue_id(struct reader *r, const char *regex, const struct place *place)
{
	void *id;

	if (g_hash_table_lookup_extended(r->cue_ids, regex, NULL, &id))
		return GPOINTER_TO_UINT(id);
	id = GUINT_TO_POINTER(
	    matcher_add(r->rules->cue_matcher, regex, r->block->name, place));
	g_hash_table_insert(r->cue_ids, g_strdup(regex), id);
	return GPOINTER_TO_UINT(id);
}

static void
add_regex(struct reader *r, struct cue *cue, const char *regex,
    const struct place *place)
{
	g_autoptr(GPtrArray) parts = pattern_alternatives(regex);
	guint i;

	for (i = 0; i < parts->len; i++) {
		guint id = cue_id(r, parts->pdata[i], place);

		g_array_append_val(cue->ids, id);
	}
}

/* One identity for clauses of the same regexes. */
static guint
cue_identity(struct reader *r, const char *regexes)
{
	guint next = g_hash_table_size(r->identities);
	void *identity;

	if (g_hash_table_lookup_extended(
		r->identities, regexes, NULL, &identity))
		return GPOINTER_TO_UINT(identity);
	g_hash_table_insert(
	    r->identities, g_strdup(regexes), GUINT_TO_POINTER(next));
	return next;
}

static void
take_reach(struct reader *r, struct cue *cue)
{
	double number;

	if (reader_take_word(r, "in")) {
		if (reader_expect_word(r, "sentence"))
			cue->in_sentence = true;
	} else if (reader_take_word(r, "within") &&
		   reader_take_number(r, 1, WITHIN_MAX, &number)) {
		cue->within = (guint)number;
	}
}

/* Regexes, a reach, and a weight behind word. */
static void
read_cue(struct reader *r, GPtrArray *cues, const char *word, double weight)
{
	struct cue *cue = g_new0(struct cue, 1);
	g_autoptr(GString) regexes = g_string_new(NULL);
	struct place place;
	char *regex;

	cue->ids = g_array_new(FALSE, FALSE, sizeof(guint));
	cue->within = WITHIN_DEFAULT;
	cue->weight = weight;
	g_ptr_array_add(r->rules->cues, cue);
	while ((regex = reader_take_regex(r, &place)) != NULL) {
		add_regex(r, cue, regex, &place);
		g_string_append_printf(regexes, "%s\n", regex);
		g_free(regex);
		if (!reader_take_comma(r))
			break;
	}
	take_reach(r, cue);
	if (reader_take_word(r, word))
		reader_take_number(r, 0, 1, &cue->weight);
	cue->identity = cue_identity(r, regexes->str);
	if (cues->len == CLAUSES_MAX)
		reader_fault(r, "more than %d clauses \"%s\"", CLAUSES_MAX,
		    r->clause->key);
	else
		g_ptr_array_add(cues, cue);
}

bool
reader_take_cue(struct reader *r, GPtrArray *near, GPtrArray *lowered)
{
	if (strcmp(r->clause->key, "near") == 0)
		read_cue(r, near, "gains", GAIN_DEFAULT);
	else if (strcmp(r->clause->key, "lowered") != 0)
		return false;
	else if (reader_expect_word(r, "by"))
		read_cue(r, lowered, "to", FACTOR_DEFAULT);
	return true;
}
