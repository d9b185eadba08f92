#include <string.h>

#include "policy/detect/obligation_rules.h"

/* Does an act of this block stand? */
static bool
stands(const GPtrArray *acts, const struct speech_block *block)
{
	guint i;

	for (i = 0; i < acts->len; i++) {
		const struct act *act = acts->pdata[i];

		if (act->kind == block->kind &&
		    level_of(act->probability) >= LEVEL_MEDIUM)
			return true;
	}
	return false;
}

/* Does this block take an act away? */
static bool
cancels(const GPtrArray *acts, const struct speech_block *block)
{
	guint i;

	for (i = 0; i < acts->len; i++) {
		const struct act *act = acts->pdata[i];

		if (act->cancelled == block->title)
			return true;
	}
	return false;
}

/* Do the words of this block stand in the text? */
static bool
is_said(const struct obligation_rules *rules, const char *text,
    const struct speech_block *block)
{
	g_autoptr(GArray) matches =
	    g_array_new(FALSE, FALSE, sizeof(struct match));
	guint i;

	matcher_scan(rules->matcher, text, strlen(text), matches);
	for (i = 0; i < matches->len; i++) {
		guint id = g_array_index(matches, struct match, i).id;

		if (g_array_index(rules->forms, struct form, id).block == block)
			return true;
	}
	return false;
}

/* A block that cancels in part is found by its words alone. */
static bool
works(const struct obligation_rules *rules, const struct speech_block *block,
    const char *text)
{
	bool cut = false;
	g_autoptr(GPtrArray) acts =
	    acts_in(rules, text, strlen(text), false, &cut);

	if (block->role == ROLE_ACT)
		return stands(acts, block);
	if (block->role == ROLE_CANCEL && block->weight <= 0)
		return cancels(acts, block);
	return is_said(rules, text, block);
}

static void
try_example(const struct obligation_rules *rules,
    const struct speech_block *block, const struct example *example,
    struct diags *diags)
{
	if (works(rules, block, example->text) == example->match)
		return;
	diags_add(diags, DIAG_ERROR, &example->place,
	    example->match ? "\"%s\" does not match this example"
			   : "\"%s\" matches this example, but should not",
	    block->name);
}

void
obligation_rules_try(const struct obligation_rules *rules, struct diags *diags)
{
	guint i, j;

	for (i = 0; i < rules->blocks->len; i++) {
		const struct speech_block *block = rules->blocks->pdata[i];

		for (j = 0; j < block->examples->len; j++)
			try_example(
			    rules, block, block->examples->pdata[j], diags);
	}
}
