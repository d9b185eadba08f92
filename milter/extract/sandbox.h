/*
 * What a process that reads attachments gives up before it sees one.
 *
 * Each function is for a process with one thread and cannot be undone.
 */
#ifndef MILTER_EXTRACT_SANDBOX_H
#define MILTER_EXTRACT_SANDBOX_H

#include <sys/types.h>

#include "milter/extract/extract.h"

/*
 * For the supervisor, and so for all below it: root, new privileges, the
 * network (where the kernel lets us), every descriptor but one, signals that
 * are meant for the filter; and it ends with its parent.
 */
bool sandbox_enter(int keep, pid_t parent, GError **);

/*
 * For a worker: everything but memory, its open descriptors and its end.
 * No new descriptor can be had but one that is passed to it.
 */
bool sandbox_worker(const struct extract_limits *, GError **);

/*
 * For a program that is about to be started: sockets, files to write to, other
 * processes.  It may read files, as it must for its libraries and fonts.
 */
bool sandbox_program(const struct extract_limits *, GError **);

/* This process ends when its parent does, whose number it is given. */
bool sandbox_end_with_parent(pid_t parent, GError **);

#endif
