/*
 * What councilctl score counts, and how it is printed.
 */
#ifndef MILTER_CTL_TALLY_H
#define MILTER_CTL_TALLY_H

#include <glib.h>
#include <stdbool.h>

#include "milter/ctl/score.h"
#include "policy/level.h"

/* Of one kind of line, or of all. */
struct count {
	char *kind;
	unsigned wanted;	/* lines that want an answer */
	unsigned right;		/* … and got it */
	unsigned missed;
	unsigned wrong;		/* got an answer that they do not want */
	unsigned lines;
};

/* Lines whose surest finding is of one level, and how many want it. */
struct level_count {
	unsigned lines, right;
};

struct tally {
	GPtrArray *kinds;	/* struct count, in order of appearance */
	struct count all;
	struct level_count levels[LEVEL_HIGH + 1];
	GPtrArray *misses;	/* struct miss, of tally.c */
};

void tally_init(struct tally *);
void tally_clear(struct tally *);
/* A line of a file, what its label wants and the answer that it got. */
void tally_add(struct tally *, const char *file, unsigned line,
    const struct sample *, const char *wanted, const struct answer *);

/* 1 when there was nothing that could go wrong. */
double tally_precision(const struct tally *);
double tally_recall(const struct tally *);

void tally_print(const struct tally *);
void tally_print_json(const struct tally *, const char *detector);

#endif
