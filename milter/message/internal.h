/*
 * What the files of milter/message share among themselves; nobody else
 * includes this.
 */
#ifndef MILTER_MESSAGE_INTERNAL_H
#define MILTER_MESSAGE_INTERNAL_H

#include "milter/message/message.h"

/* A header field; both strings live in the message's chunk. */
struct field {
	const char *name;
	const char *value;	/* with its leading space and LF folds */
	gsize value_len;
};

struct message {
	struct message_limits limits;
	GStringChunk *strings;
	GArray *fields;		/* struct field */
	GByteArray *body;
	gsize size;		/* bytes of header and body kept */
	bool cut;

	struct header_facts *header_facts;	/* NULL until asked for */
	GArray *unfolded;	/* struct mailbox, behind header_facts->fields */

	struct part *root;	/* NULL until asked for */
	const char *doubt;
	const char *limited;	/* which limit stopped the structure */

	bool protection_known;
	const char *signature, *encryption;
	struct message_facts facts;
};

/* headers.c */
struct header_facts *headers_read(struct message *);

/* structure.c: sets root, doubt and limited. */
void structure_read(struct message *);
void part_free(struct part *);

/* protect.c: sets signature and encryption, and the parts' kinds. */
void protect_read(struct message *);

/* The header value without folds and surrounding space. */
char *header_unfold(const char *value, gsize len);

#endif
