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
	GArray *unfolded;	/* struct mailbox, behind its fields */

	struct part *root;	/* NULL until asked for */
	const char *doubt;
	const char *limited;	/* why not all of the structure is known */
	unsigned parts;		/* those of messages inside, too */
	unsigned wrapped;	/* in how many signed messages it is */

	GPtrArray *attachments;	/* NULL until asked for */

	bool protection_known;
	const char *signature, *encryption;
	struct message_facts facts;
};

/* headers.c */
struct header_facts *headers_read(struct message *);

/* The fields of a part's header that say what it is. */
struct entity {
	char *type, *encoding, *disposition;	/* unfolded, or NULL */
	const char *folded;	/* the type as it stands */
	gsize folded_len;
};

/* part.c */
/* Takes a field if it is one of those; a second that differs is a doubt. */
void entity_take(struct message *, struct entity *, const char *name,
    gsize name_len, const char *value, gsize len);
void entity_clear(struct entity *);
struct part *part_new(struct part *parent);
void part_describe(struct message *, struct part *, const struct entity *);
void part_free(struct part *);

/* structure.c: sets root, doubt and limited. */
void structure_read(struct message *);
/* The first doubt is kept; why is a literal. */
void message_cast_doubt(struct message *, const char *why);

/* protect.c: sets signature and encryption, and the parts' kinds. */
void protect_read(struct message *);

/* attachments.c: how many there are, pictures within the HTML left out. */
unsigned attachments_count(struct message *);

/* The header value without folds and surrounding space. */
char *header_unfold(const char *value, gsize len);

#endif
