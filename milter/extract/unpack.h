/*
 * Archives through libarchive, out of memory, with every format and filter
 * that needs no other program.
 */
#ifndef MILTER_EXTRACT_UNPACK_H
#define MILTER_EXTRACT_UNPACK_H

#include <archive.h>
#include <archive_entry.h>

#include "milter/extract/reading.h"

enum unpack_format {
	UNPACK_ZIP,
	UNPACK_ANY,        /* any archive */
	UNPACK_COMPRESSED, /* a tar file or any other, compressed */
	UNPACK_ONE,        /* any other, compressed */
};

/* NULL when it is none of these. */
struct archive *unpack_open(enum unpack_format, const void *data, gsize len);

enum unpack_next {
	UNPACK_MEMBER,
	UNPACK_END,
	UNPACK_DAMAGED,
};

enum unpack_next unpack_next(struct archive *, struct archive_entry **);
/* UTF-8 or at least bytes; never NULL.  The caller frees. */
char *unpack_name(struct archive_entry *);

enum unpack_read {
	UNPACK_WHOLE,
	UNPACK_CUT, /* the budget is spent: a beginning */
	UNPACK_ENCRYPTED,
	UNPACK_BROKEN, /* as far as it goes */
};

/* The member's bytes, out of the budget. */
enum unpack_read unpack_data(
    struct archive *, struct archive_entry *, struct reading *, GByteArray *to);

typedef struct archive unpack; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(unpack, archive_read_free)

#endif
