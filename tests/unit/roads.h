/*
 * Messages on their road through a session, with real parts all along: policy,
 * roster, edit engine and journal.
 */
#ifndef TESTS_UNIT_ROADS_H
#define TESTS_UNIT_ROADS_H

#include "milter/session.h"

#define CLERK "clerk@woodland-pc.example"
#define JONES "jones@woodland-pc.example"
#define SMITH "smith@woodland-pc.example"
#define PATEL "patel@woodland-pc.example"

/* What roads_set_up() makes for each test. */
extern struct world {
	char *directory;
	struct policy *policy;
	struct journal *journal;
	struct service *service;
} world;

void roads_set_up(void);
void roads_tear_down(void);

/* One message, and what becomes of it. */
struct road {
	const char *name;
	const char *client, *login, *sender;
	const char *rcpts; /* separated by spaces */
	const char *to, *subject, *more;
	bool early; /* accepted without its body */
	enum disposition disposition;
	enum edit_status edit;
	unsigned findings, letters;
	const char *footer; /* must stand in the body as it leaves */
};

/* The clerk writes to Jane Jones, with a hidden copy to Sam Smith. */
extern const struct road silent_copy;

/* Header fields, each ending in CRLF. */
void road_headers(struct session *, const char *text);
/*
 * The outcome, which the session owns; NULL when the message is accepted early,
 * without its body.
 */
const struct outcome *road_travel(
    struct session *, const struct road *, bool *early);
/* What the outcome makes of a header field, or NULL. */
const char *road_header(const struct outcome *, const char *name);
/* The body as it leaves. */
GString *road_body(struct session *, const struct outcome *);
/* Fails the test unless so many letters wait to be sent. */
void road_letters(const char *name, guint want);

#endif
