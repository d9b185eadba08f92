/*
 * How every regex of a pattern file is compiled: PCRE2 in UTF-8, caseless,
 * with Unicode properties.  Parentheses group and do not capture unless they
 * are named, so that fragments never renumber one another's groups; the same
 * name may stand more than once.
 */
#ifndef POLICY_PATTERN_REGEX_H
#define POLICY_PATTERN_REGEX_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <glib.h>

/* A regex that matches nowhere; stands for one that was faulty. */
#define REGEX_NEVER "(?!)"

/*
 * NULL when it is no regex; message then says why and offset where, in bytes.
 * more: further PCRE2 options.
 */
pcre2_code *regex_compile(
    const char *regex, uint32_t more, char **message, size_t *offset);

/* What PCRE2 says of one of its errors; the caller frees. */
char *regex_error(int code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(pcre2_code, pcre2_code_free)

#endif
