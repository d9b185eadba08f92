/*
 * The CSV form of a roster while it is read: roster_csv.c knows files and
 * columns, roster_row.c what one row says, roster_members.c what the members
 * of a group mean once all rows are known.  Nobody else includes it.
 */
#ifndef POLICY_PEOPLE_ROSTER_CSV_H
#define POLICY_PEOPLE_ROSTER_CSV_H

#include "policy/people/csv.h"
#include "policy/people/roster_build.h"

enum column {
	COLUMN_ID,
	COLUMN_KIND,
	COLUMN_NAME,
	COLUMN_TITLE,
	COLUMN_ROLES,
	COLUMN_ADDRESSES,
	COLUMN_LOGINS,
	COLUMN_GROUP,
	COLUMN_WARD,
	COLUMN_COMMITTEES,
	COLUMN_LANGUAGE,
	COLUMN_MEMBERS,
	COLUMN_COUNT
};

const char *column_name(enum column);

struct reader {
	struct roster *roster;
	struct diags *diags;
	struct csv csv;
	GPtrArray *row;		/* struct csv_cell */
	GArray *header;		/* enum column of each cell of a row, or
				 * COLUMN_COUNT for one that is not read */
	const struct csv_cell *cells[COLUMN_COUNT]; /* of the row; never NULL */
	struct csv_cell none;	/* stands for a cell that is not there */
};

/* Each adds what the row in hand says, and an error for what is wrong. */
void reader_add_person(struct reader *);
void reader_add_group(struct reader *);
/* Is the seat that this row is about vacant? */
bool reader_is_vacant(const struct reader *);
void reader_skip_vacant(struct reader *);

/* Settles every MEMBER_WORD of the roster's groups. */
void roster_settle_members(struct roster *, struct diags *);

#endif
