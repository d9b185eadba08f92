#include "policy/language/arena.h"

struct kept {
	gpointer thing;
	GDestroyNotify destroy;
};

struct arena {
	GArray *kept; /* struct kept */
	GStringChunk *strings;
};

struct arena *
arena_new(void)
{
	struct arena *arena = g_new(struct arena, 1);

	arena->kept = g_array_new(FALSE, FALSE, sizeof(struct kept));
	arena->strings = g_string_chunk_new(4096);
	return arena;
}

void
arena_free(struct arena *arena)
{
	guint i;

	for (i = arena->kept->len; i > 0; i--) {
		struct kept *kept =
		    &g_array_index(arena->kept, struct kept, i - 1);

		kept->destroy(kept->thing);
	}
	g_array_unref(arena->kept);
	g_string_chunk_free(arena->strings);
	g_free(arena);
}

void
arena_keep(struct arena *arena, gpointer thing, GDestroyNotify destroy)
{
	struct kept kept = {thing, destroy};

	g_array_append_val(arena->kept, kept);
}

gpointer
arena_alloc(struct arena *arena, gsize size)
{
	gpointer memory = g_malloc0(size);

	arena_keep(arena, memory, g_free);
	return memory;
}

char *
arena_string(struct arena *arena, const char *text)
{
	return g_string_chunk_insert(arena->strings, text);
}

char *
arena_printf(struct arena *arena, const char *fmt, ...)
{
	g_autofree char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	return arena_string(arena, text);
}

static void
unref_ptr_array(gpointer array)
{
	g_ptr_array_unref(array);
}

GPtrArray *
arena_ptr_array(struct arena *arena)
{
	GPtrArray *array = g_ptr_array_new();

	arena_keep(arena, array, unref_ptr_array);
	return array;
}

static void
unref_array(gpointer array)
{
	g_array_unref(array);
}

GArray *
arena_array(struct arena *arena, guint element_size)
{
	GArray *array = g_array_new(FALSE, TRUE, element_size);

	arena_keep(arena, array, unref_array);
	return array;
}
