/*
 * What holds for every edit of every message, whatever either is; shared by
 * the corpus check and the fuzz target.
 */
#ifndef TESTS_MAIL_CHECK_H
#define TESTS_MAIL_CHECK_H

#include "tests/mail/mail.h"

/* The kinds of edit that are tried on each message. */
enum { CHECK_KINDS = 5 };

struct check_kind {
	const char *name;
	const char *footer[3];
	const char *banner;
	const char *tag;
	enum placement placement;
};

extern const struct check_kind check_kinds[CHECK_KINDS];

struct edit_request *check_request(const struct check_kind *);

/*
 * Replaced ranges are in order and all else is byte for byte what it was, a
 * second pass changes nothing, no line over 998 is new, 7-bit mail stays
 * 7-bit.  Returns what fails, or NULL.
 */
const char *check_edit(const struct mail *before, const struct mail *after,
    const struct edit *, const struct edit_request *);

#endif
