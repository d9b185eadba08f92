/*
 * Builders: what the grammar's actions call to add to the policy that is being
 * read.  They find fault with what can be judged on the spot; the rest is for
 * check.h.
 *
 * Texts and lists come from the policy's arena.  A NULL expression or action
 * is one that could not be read; the builders pass it on.
 */
#ifndef POLICY_LANGUAGE_BUILD_H
#define POLICY_LANGUAGE_BUILD_H

#include "policy/language/compile.h"

/* Widens a place to another on the same line. */
void place_extend(struct place *, const struct place *);

/* A statement was lost, with whatever name it would have had. */
void build_lost(struct compiler *);
/* Some of what is being read was lost; NULL, for what it would have been. */
void *build_broken(struct compiler *);

/*
 * Finds fault with a text: when it is empty, and with words in braces that
 * would stay as they are.  allowed: the words that are filled in, or NULL.
 */
void build_text_check(struct compiler *, const char *text, const struct place *,
    const char *const *allowed);

/* The same for a footer's template, which should say who it is about. */
void build_footer_check(
    struct compiler *, const char *text, const struct place *);

/* Appends to a list of struct named, or makes one. */
GPtrArray *build_name(
    struct compiler *, GPtrArray *, const char *text, const struct place *);
/* Appends to a list of struct class, or makes one. */
GPtrArray *build_list(struct compiler *, GPtrArray *, struct class *);

/* Settings; the first place is that of the keyword. */
void build_council(struct compiler *, const struct place *, const char *name,
    const struct place *);
void build_domains(struct compiler *, const struct place *, GPtrArray *);
void build_equivalent(struct compiler *, const char *other,
    const struct place *, const char *main, const struct place *);
void build_delimiter(struct compiler *, const struct place *,
    const char *characters, const struct place *);
void build_file(struct compiler *, enum setting, const struct place *,
    const char *name, const struct place *);
void build_networks(struct compiler *, const struct place *, GPtrArray *);
void build_reports(struct compiler *, const struct place *, GPtrArray *);
void build_mode(struct compiler *, const struct place *, enum mode);
void build_channel(
    struct compiler *, enum setting, const struct place *, GPtrArray *);
void build_protected(
    struct compiler *, enum setting, const struct place *, enum protected_mail);
void build_phrases(struct compiler *, const struct place *, enum phrases);
void build_all_above(struct compiler *, const struct place *,
    const char *number, const struct place *, const char *text,
    const struct place *);
void build_footer(struct compiler *, const char *language, const struct place *,
    const char *text, const struct place *);

/* Classes. */
void build_class(struct compiler *, const char *name, const struct place *);
void build_class_members(struct compiler *, GPtrArray *);
struct class *build_class_word(
    struct compiler *, const char *word, const struct place *);
struct class *build_class_text(struct compiler *, enum class_kind,
    const char *text, const struct place *);
struct class *build_class_address(
    struct compiler *, const char *address, const struct place *);
struct class *build_class_domain(
    struct compiler *, const char *at_domain, const struct place *);
struct class *build_who(
    struct compiler *, const char *word, const struct place *);
struct class *build_who_address(
    struct compiler *, const char *address, const struct place *);

/* Rules. */
void build_rule(struct compiler *, const struct place *, const char *name,
    const struct place *, const char *clause);
void build_rule_mode(struct compiler *, const struct place *, enum mode);
void build_active(struct compiler *, const struct place *);
void build_from(struct compiler *, const char *date, const struct place *);
void build_to(struct compiler *, const char *date, const struct place *);
void build_when(struct compiler *, const struct place *, struct expr *);
void build_unless(struct compiler *, const struct place *, struct expr *);
void build_failure(struct compiler *, const struct place *, enum failure);
void build_rule_end(struct compiler *);

/* Conditions. */
struct expr *build_and(
    struct compiler *, const struct place *, struct expr *, struct expr *);
struct expr *build_or(
    struct compiler *, const struct place *, struct expr *, struct expr *);
struct expr *build_not(struct compiler *, const struct place *, struct expr *);
void build_open(struct compiler *, const struct place *);
struct expr *build_close(struct compiler *, struct expr *);
struct expr *build_party(struct compiler *, enum test_kind,
    const struct place *, bool negated, struct class *);
/* The first words of a test of recipients, and then all of it. */
struct expr *build_quantifier(struct compiler *, enum quantifier);
struct expr *build_amount(struct compiler *, enum quantifier,
    const char *number, const struct place *);
struct expr *build_recipients(struct compiler *, const struct place *,
    struct expr *quantifier, enum visibility, struct class *noun, bool negated,
    struct class *is);
struct expr *build_message(
    struct compiler *, enum test_kind, const struct place *, bool negated);
/* The same with the kind of a marking, say, and its place. */
struct expr *build_marked(struct compiler *, enum test_kind,
    const struct place *, bool negated, const char *name, const char *text);
struct expr *build_attachment(struct compiler *, const struct place *,
    bool negated, const char *type, const char *state, const struct place *);
struct expr *build_quoted(struct compiler *, const struct place *,
    const char *kind, struct class *by);
struct expr *build_obligation(struct compiler *, const struct place *,
    const char *kind, enum level, struct class *in_name);
struct expr *build_speech(struct compiler *, enum test_kind,
    const struct place *, bool own_text, const char *what, enum level);
/* Finds fault with the name of a header field. */
void build_field_check(
    struct compiler *, const char *name, const struct place *);
struct expr *build_contains(struct compiler *, enum test_kind,
    const struct place *, const char *name, const char *text,
    const struct place *text_place);

/* Actions.  text is NULL where the policy gives none. */
void build_then(struct compiler *, const struct place *);
void build_action_end(struct compiler *, struct action *);
struct action *build_action_text(struct compiler *, enum action_kind,
    const struct place *, const char *text, const struct place *);
struct action *build_action_footer(struct compiler *, const struct place *,
    const char *text, const struct place *, enum placement);
struct action *build_action_mark(struct compiler *, const struct place *,
    const char *word, const struct place *, bool in_subject, const char *banner,
    const struct place *);
struct action *build_action_flag(
    struct compiler *, const struct place *, enum severity);
struct action *build_action_report(
    struct compiler *, const struct place *, bool in_digest, GPtrArray *to);
struct action *build_action_disclose(struct compiler *, const struct place *,
    GPtrArray *to, const char *text, const struct place *);

/* Expectations. */
enum expect_list { EXPECT_TO, EXPECT_CC, EXPECT_BCC };

void build_expect(struct compiler *, const struct place *, GPtrArray *rules);
void build_expect_from(
    struct compiler *, const char *who, const struct place *);
void build_expect_to(struct compiler *, enum expect_list, GPtrArray *);
void build_expect_is(struct compiler *, enum test_kind);
void build_expect_subject(struct compiler *, const char *);
void build_expect_text(struct compiler *, const char *);
void build_expect_quoting(struct compiler *, const char *);
void build_expect_on(struct compiler *, const char *date, const struct place *);
void build_expect_end(struct compiler *);

#endif
