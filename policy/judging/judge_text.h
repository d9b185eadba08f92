/*
 * Tests about what a message says, for judge.c alone: one table of finders
 * over what the detectors found.
 */
#ifndef POLICY_JUDGING_JUDGE_TEXT_H
#define POLICY_JUDGING_JUDGE_TEXT_H

#include "policy/facts.h"
#include "policy/judging/evidence.h"
#include "policy/policy.h"

/* Of the tests that have a finder. */
enum truth judge_text(const struct test *, const struct facts *);
/* Of the others. */
enum truth judge_contradiction(const struct test *, const struct facts *);
enum truth judge_offer(const struct test *, const struct facts *);
enum truth judge_replies_to(const struct test *, const struct facts *);
enum truth judge_forwards(const struct test *, const struct facts *);
enum truth judge_attachment(const struct test *, const struct facts *);

say_fn say_text, say_writer, say_attachment;

/*
 * The first finding that makes a test so, or NULL; its type is the test's:
 * struct marking, secret, act, name, phrase, attachment.  in, if not NULL, gets
 * where it was found.
 */
const void *text_finding(const struct test *, const struct facts *,
    struct inspection **in);

#endif
