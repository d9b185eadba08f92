/*
 * Compound files (OLE2), which Outlook keeps a message in, Office kept its
 * documents in before 2007 and keeps encrypted ones in today; [MS-CFB].
 *
 * A compound file is a tree of storages, which have names and hold streams
 * and other storages.
 */
#ifndef MILTER_EXTRACT_OLE_H
#define MILTER_EXTRACT_OLE_H

#include "milter/extract/type.h"

bool ole_is(const guint8 *data, gsize len);
/* What its streams say it is. */
const struct file_type *ole_type(const guint8 *data, gsize len);

/*
 * The beginning of a stream by its name (ASCII), or NULL: one of the root, or
 * else of any storage.
 */
GByteArray *ole_stream(
    const guint8 *data, gsize len, const char *name, gsize most);

struct ole;

enum {
	OLE_ROOT,        /* the entry that holds all others */
	OLE_ENTRY = 128, /* bytes that each takes in the file */
};

struct ole_entry {
	char *name; /* UTF-8 */
	bool storage;
	guint32 number;
	guint32 size; /* of a stream, as it says */
};

/* The data must stay.  NULL when it is none. */
struct ole *ole_open(const guint8 *data, gsize len);
void ole_free(struct ole *);

/* struct ole_entry: what a storage holds, in the order of the names. */
GPtrArray *ole_list(struct ole *, guint32 storage);
/* An entry of any storage by its name (ASCII); OLE_ROOT: there is none. */
guint32 ole_find(const struct ole *, const char *name);
/* At most so many bytes of a stream; never NULL. */
GByteArray *ole_read(struct ole *, guint32 stream, gsize most);
/* Has anything been asked for that lies outside of the file? */
bool ole_damaged(const struct ole *);

/*
 * A storage as a file of its own, of as many bytes as this one.  One other
 * storage is still found in it by its name, but stands nowhere; OLE_ROOT: none.
 */
guint8 *ole_rooted(const struct ole *, guint32 storage, guint32 found);

typedef struct ole ole; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ole, ole_free)

#endif
