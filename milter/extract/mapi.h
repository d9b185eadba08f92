/*
 * Items of Outlook, which have the same properties ([MS-OXPROPS]) as files of
 * their own and as mail of Exchange carries them.
 *
 * A property is known by a number.  Those that have a name get a number of the
 * file's own for it.
 */
#ifndef MILTER_EXTRACT_MAPI_H
#define MILTER_EXTRACT_MAPI_H

#include "milter/extract/reading.h"

/* Types of properties, [MS-OXCDATA] 2.11.1. */
enum {
	MAPI_SHORT = 0x02,
	MAPI_LONG = 0x03,
	MAPI_OBJECT = 0x0d,
	MAPI_TEXT = 0x1e, /* in a code page */
	MAPI_UTF16 = 0x1f,
	MAPI_TIME = 0x40,
	MAPI_BINARY = 0x102,
	MAPI_MANY = 0x1000, /* added to the type of each value */
};

/* The properties that are read. */
enum {
	MAPI_SENSITIVITY = 0x0036,
	MAPI_SUBJECT = 0x0037,
	MAPI_SENT = 0x0039,
	MAPI_AUTHOR_NAME = 0x0042,
	MAPI_AUTHOR_ADDRESS = 0x0065,
	MAPI_HEADER = 0x007d,
	MAPI_RECIPIENT_TYPE = 0x0c15,
	MAPI_SENDER_NAME = 0x0c1a,
	MAPI_SENDER_ADDRESS = 0x0c1f,
	MAPI_SHOWN_CC = 0x0e03,
	MAPI_SHOWN_TO = 0x0e04,
	MAPI_BODY = 0x1000,
	MAPI_RTF = 0x1009,
	MAPI_HTML = 0x1013,
	MAPI_NAME = 0x3001,
	MAPI_ADDRESS = 0x3003,
	MAPI_DATA = 0x3701,
	MAPI_FILE_NAME = 0x3704,
	MAPI_METHOD = 0x3705,
	MAPI_LONG_FILE_NAME = 0x3707,
	MAPI_MIME_TYPE = 0x370e,
	MAPI_SMTP_ADDRESS = 0x39fe,
	MAPI_INTERNET_CODEPAGE = 0x3fde,
	MAPI_CODEPAGE = 0x3ffd,
	MAPI_SENDER_SMTP = 0x5d01,
	MAPI_AUTHOR_SMTP = 0x5d02,
	MAPI_OWN = 0x8000, /* the first of the file's own numbers */
};

/* The properties of one thing: a message, a recipient, an attachment. */
struct mapi;

struct mapi *mapi_new(void);
void mapi_free(struct mapi *);

/* Would anybody ask for it? */
bool mapi_wants(const struct mapi *, unsigned number);
/* Adds a value, and takes its bytes. */
void mapi_add(struct mapi *, unsigned number, unsigned type, GBytes *);
/*
 * What a number of the file's own stands for: a name or another number, which
 * all files have in common.  Only those that may carry a marking are kept.
 */
void mapi_name(struct mapi *, unsigned number, const char *name);
void mapi_name_known(struct mapi *, unsigned number, guint32 known);
/* Text of an old kind is in this code page. */
void mapi_codepage(struct mapi *, unsigned);

/* UTF-8, several values with "; " between them, or NULL.  The caller frees. */
char *mapi_text(const struct mapi *, unsigned number);
/* Their type, 0 when there are none. */
unsigned mapi_type(const struct mapi *, unsigned number);
/* 0 when there is none. */
guint32 mapi_number(const struct mapi *, unsigned number);
/* The bytes of one of its values, counted from 0; NULL beyond the last. */
GBytes *mapi_bytes(const struct mapi *, unsigned number, guint which);

/*
 * A message's header, markings and text.  recipients: struct mapi.  Of several
 * texts that do not say the same, all are read.
 */
void mapi_read_message(
    struct document *, const struct mapi *message, const GPtrArray *recipients);
/*
 * A file that is attached, as a member of the document; bytes: NULL when they
 * are not there.
 */
void mapi_read_attachment(
    struct document *, const struct mapi *attachment, GBytes *bytes);

/*
 * RTF as messages carry it, [MS-OXRTFCP]; the bytes count as unpacked.  NULL
 * when it is none or damaged.
 */
GByteArray *lzfu_unpack(struct reading *, const guint8 *data, gsize len);

typedef struct mapi mapi; /* for g_autoptr */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(mapi, mapi_free)

#endif
