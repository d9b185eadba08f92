/*
 * Where the programs are that read for us.
 */
#ifndef MILTER_EXTRACT_PROGRAMS_H
#define MILTER_EXTRACT_PROGRAMS_H

#include "milter/extract/reading.h"

/*
 * Fills in an absolute file name for each program that is there.  A program
 * that is named but not there is an error, domain G_FILE_ERROR.
 */
bool programs_find(
    const struct extract_programs *, char *found[PROGRAM_COUNT], GError **);

#endif
