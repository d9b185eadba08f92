/*
 * Attachments as tests make and see them.
 */
#ifndef TESTS_UNIT_EXTRACTING_H
#define TESTS_UNIT_EXTRACTING_H

#include "milter/extract/reading.h"

/* Reads in this process, without programs; limits may be NULL. */
GPtrArray *extracting_read(const struct extract_limits *, const char *name,
    const void *data, gsize len);

/*
 * What came of it: for each attachment a line "NAME: TYPE, STATE, REASON", its
 * properties as "NAME = VALUE", and its text, opening first.
 */
char *extracting_show(const GPtrArray *);

/* That this came of it; frees what was found. */
void extracting_check(const char *name, GPtrArray *found, const char *want);

/* Whatever happened before: the pool reads on. */
void extracting_check_works(struct extractor *, const char *after);

/* A zip file of names and texts, in turn, ended by NULL. */
GByteArray *extracting_zip(const char *const *members);

#endif
