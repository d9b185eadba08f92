/*
 * What facts.c and facts_text.c share; nobody else includes this.
 */
#ifndef POLICY_FACTS_PRIVATE_H
#define POLICY_FACTS_PRIVATE_H

#include "policy/facts.h"
#include "policy/people/recipients.h"

struct facts {
	const struct policy *policy;
	enum stage stage;
	day on;
	enum direction direction;
	char *return_path; /* as given; also a candidate for the sender */
	GPtrArray *rcpts;  /* struct rcpt */
	const struct person *sender_person; /* in post or not */
	struct party *sender;               /* NULL while not known */
	GPtrArray *authors, *recipients;
	enum truth exempt;
	struct header_facts *headers;
	struct message_facts *message;
	struct inspection *inspections[INSPECTION_COUNT];
	GPtrArray *parents; /* struct parent */
	bool limited; /* not_inspected is about the message itself */
};

void party_free(void *);

#endif
