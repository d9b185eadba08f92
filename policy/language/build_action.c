#include "policy/language/build.h"

void
build_then(struct compiler *c, const struct place *keyword)
{
	struct place *given = &c->draft->then;

	if (given->line > 0)
		compile_again(c, keyword, "then", given);
	else
		*given = *keyword;
}

void
build_action_end(struct compiler *c, struct action *action)
{
	if (action != NULL)
		g_array_append_vals(c->draft->rule->actions, action, 1);
}

static struct action *
action_new(struct compiler *c, enum action_kind kind, const struct place *place)
{
	struct action *action = arena_alloc(c->policy->arena, sizeof(*action));

	action->kind = kind;
	action->place = *place;
	action->severity = SEVERITY_MEDIUM;
	return action;
}

struct action *
build_action_text(struct compiler *c, enum action_kind kind,
    const struct place *keyword, const char *text, const struct place *place)
{
	struct action *action = action_new(c, kind, keyword);

	if (text != NULL) {
		build_text_check(c, text, place, NULL);
		action->text = arena_string(c->policy->arena, text);
	}
	return action;
}

struct action *
build_action_footer(struct compiler *c, const struct place *keyword,
    const char *text, const struct place *place, enum placement placement)
{
	struct action *action = action_new(c, ACTION_FOOTER, keyword);

	if (text != NULL) {
		build_footer_check(c, text, place);
		action->text = arena_string(c->policy->arena, text);
	}
	action->placement = placement;
	return action;
}

struct action *
build_action_mark(struct compiler *c, const struct place *keyword,
    const char *word, const struct place *place, bool in_subject,
    const char *banner, const struct place *banner_place)
{
	static const char *const fillings[] = {
	    "reason", "recipients", "council", NULL};
	struct action *action =
	    build_action_text(c, ACTION_MARK, keyword, word, place);

	action->in_subject = in_subject;
	if (banner != NULL) {
		build_text_check(c, banner, banner_place, fillings);
		action->banner = arena_string(c->policy->arena, banner);
	}
	return action;
}

struct action *
build_action_flag(
    struct compiler *c, const struct place *keyword, enum severity severity)
{
	struct action *action = action_new(c, ACTION_FLAG, keyword);

	action->severity = severity;
	return action;
}

struct action *
build_action_report(struct compiler *c, const struct place *keyword,
    bool in_digest, GPtrArray *to)
{
	struct action *action = action_new(c, ACTION_REPORT, keyword);

	action->in_digest = in_digest;
	action->to = to;
	return action;
}

struct action *
build_action_disclose(struct compiler *c, const struct place *keyword,
    GPtrArray *to, const char *text, const struct place *place)
{
	struct action *action =
	    build_action_text(c, ACTION_DISCLOSE, keyword, text, place);

	action->to = to;
	return action;
}

/* Expectations. */

void
build_expect(struct compiler *c, const struct place *keyword, GPtrArray *rules)
{
	struct arena *arena = c->policy->arena;
	struct expectation *e = arena_alloc(arena, sizeof(*e));
	guint i;

	e->place = *keyword;
	e->rules = arena_ptr_array(arena);
	e->to = arena_ptr_array(arena);
	e->cc = arena_ptr_array(arena);
	e->bcc = arena_ptr_array(arena);
	e->on = DAY_LAST;
	for (i = 0; rules != NULL && i < rules->len; i++) {
		const struct named *name = g_ptr_array_index(rules, i);

		g_ptr_array_add(e->rules, name->text);
	}
	c->trial = arena_alloc(arena, sizeof(*c->trial));
	c->trial->expectation = e;
	c->trial->rules = rules;
	c->trial->to = arena_ptr_array(arena);
	c->trial->cc = arena_ptr_array(arena);
	c->trial->bcc = arena_ptr_array(arena);
	g_ptr_array_add(c->trials, c->trial);
}

void
build_expect_from(
    struct compiler *c, const char *who, const struct place *place)
{
	struct named *from = &c->trial->from;

	if (from->text != NULL) {
		compile_again(c, place, "from", &from->place);
		return;
	}
	from->text = arena_string(c->policy->arena, who);
	from->place = *place;
}

void
build_expect_to(struct compiler *c, enum expect_list which, GPtrArray *people)
{
	GPtrArray *list = which == EXPECT_TO   ? c->trial->to
			  : which == EXPECT_CC ? c->trial->cc
					       : c->trial->bcc;
	guint i;

	for (i = 0; i < people->len; i++)
		g_ptr_array_add(list, g_ptr_array_index(people, i));
}

void
build_expect_is(struct compiler *c, enum test_kind kind)
{
	struct expectation *e = c->trial->expectation;

	switch (kind) {
	case TEST_INBOUND:
		e->inbound = true;
		break;
	case TEST_AUTOMATIC:
		e->automatic = true;
		break;
	case TEST_SIGNED:
		e->is_signed = true;
		break;
	case TEST_ENCRYPTED:
		e->is_encrypted = true;
		break;
	default:
		e->is_reply = true;
		break;
	}
}

void
build_expect_subject(struct compiler *c, const char *text)
{
	c->trial->expectation->subject = arena_string(c->policy->arena, text);
}

void
build_expect_text(struct compiler *c, const char *text)
{
	c->trial->expectation->text = arena_string(c->policy->arena, text);
}

void
build_expect_quoting(struct compiler *c, const char *text)
{
	c->trial->expectation->quoting = arena_string(c->policy->arena, text);
}

void
build_expect_on(struct compiler *c, const char *date, const struct place *place)
{
	struct trial *trial = c->trial;

	if (trial->on.line > 0) {
		compile_again(c, place, "on", &trial->on);
		return;
	}
	trial->on = *place;
	if (!day_parse(date, &trial->expectation->on)) {
		compile_report(
		    c, DIAG_ERROR, place, "there is no such day as %s", date);
		build_broken(c);
	}
}

void
build_expect_end(struct compiler *c)
{
	struct trial *trial = c->trial;

	g_ptr_array_add(c->policy->expectations, trial->expectation);
	c->trial = NULL;
	if (trial->broken)
		return;
	if (trial->from.text == NULL)
		compile_report(c, DIAG_ERROR, &trial->expectation->place,
		    "this case has no sender: add \"from\" and somebody");
	if (trial->to->len + trial->cc->len + trial->bcc->len == 0)
		compile_report(c, DIAG_ERROR, &trial->expectation->place,
		    "this case has no recipient: add \"to\" and somebody");
}
