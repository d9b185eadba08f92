/*
 * Memory that lives exactly as long as a policy.  What the parser builds comes
 * from here, so that a syntax error may drop half a rule at any point without
 * losing track of it, and freeing a policy is one call.
 *
 * An arena belongs to the thread that loads the policy.
 */
#ifndef POLICY_LANGUAGE_ARENA_H
#define POLICY_LANGUAGE_ARENA_H

#include <glib.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *);

/* Zeroed memory. */
gpointer arena_alloc(struct arena *, gsize size);
char *arena_string(struct arena *, const char *);
char *arena_printf(struct arena *, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
GPtrArray *arena_ptr_array(struct arena *);
GArray *arena_array(struct arena *, guint element_size);
/* Has the arena free something, too. */
void arena_keep(struct arena *, gpointer, GDestroyNotify);

#endif
