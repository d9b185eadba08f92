#include <string.h>

#include "policy/diag.h"
#include "policy/utf8.h"

/*
 * A file that is no policy at all must not fill the terminal or the memory:
 * findings beyond these limits are counted but not kept.
 */
enum { DIAGS_MAX = 200, SOURCE_LINE_MAX = 1000, SUGGEST_MAX = 64 };

struct source {
	const char *file; /* interned */
	char *text;       /* valid UTF-8 */
};

struct diags {
	GPtrArray *list;    /* struct diag, in the order of their coming */
	GPtrArray *sources; /* struct source, in the order of their coming */
	unsigned errors;
	bool full;
};

static void
diag_free(void *p)
{
	struct diag *diag = p;

	g_free(diag->message);
	g_free(diag->source);
	g_free(diag);
}

static void
source_free(void *p)
{
	struct source *source = p;

	g_free(source->text);
	g_free(source);
}

struct diags *
diags_new(void)
{
	struct diags *diags = g_new0(struct diags, 1);

	diags->list = g_ptr_array_new_with_free_func(diag_free);
	diags->sources = g_ptr_array_new_with_free_func(source_free);
	return diags;
}

void
diags_free(struct diags *diags)
{
	if (diags == NULL)
		return;
	g_ptr_array_unref(diags->list);
	g_ptr_array_unref(diags->sources);
	g_free(diags);
}

/* One printable line of valid UTF-8: a terminal must not obey what it shows. */
static char *
printable(const char *text, gssize len)
{
	char *line = g_utf8_make_valid(text, len);
	char *p;

	for (p = line; *p != '\0'; p++)
		if (g_ascii_iscntrl(*p) && *p != '\t')
			*p = '?';
	return line;
}

/* Where a file stands among the sources; their number if it is none. */
static guint
find_source(const struct diags *diags, const char *interned)
{
	guint i;

	for (i = 0; i < diags->sources->len; i++) {
		const struct source *source =
		    g_ptr_array_index(diags->sources, i);

		if (source->file == interned)
			break;
	}
	return i;
}

void
diags_set_source(
    struct diags *diags, const char *file, const char *text, size_t len)
{
	const char *interned = g_intern_string(file);
	guint i = find_source(diags, interned);
	struct source *source;

	if (i == diags->sources->len) {
		source = g_new0(struct source, 1);
		source->file = interned;
		g_ptr_array_add(diags->sources, source);
	}
	source = g_ptr_array_index(diags->sources, i);
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	g_free(source->text);
	source->text = g_utf8_make_valid(text, (gssize)len);
}

/* The line of a place, or NULL when it is not known or too long to quote. */
static char *
source_line(const struct diags *diags, const struct place *place)
{
	guint i = find_source(diags, place->file);
	const struct source *source;
	const char *text, *end;
	unsigned line;

	if (i == diags->sources->len || place->line == 0)
		return NULL;
	source = g_ptr_array_index(diags->sources, i);
	text = source->text;
	for (line = 1; text != NULL && line < place->line; line++) {
		text = strchr(text, '\n');
		if (text != NULL)
			text++;
	}
	if (text == NULL)
		return NULL;
	end = text + strcspn(text, "\n");
	if (end > text && end[-1] == '\r')
		end--;
	return end - text > SOURCE_LINE_MAX ? NULL
					    : printable(text, end - text);
}

void
diags_add(struct diags *diags, enum diag_level level, const struct place *place,
    const char *fmt, ...)
{
	g_autofree char *message = NULL;
	struct diag *diag;
	va_list ap;

	if (level == DIAG_ERROR)
		diags->errors++;
	if (diags->full)
		return;
	diag = g_new0(struct diag, 1);
	diag->level = level;
	diag->place = *place;
	if (place->file != NULL)
		diag->place.file = g_intern_string(place->file);
	if (diags->list->len == DIAGS_MAX) {
		diags->full = true;
		diag->level = DIAG_NOTE;
		diag->message = g_strdup("there is more, which is not shown");
	} else {
		va_start(ap, fmt);
		message = g_strdup_vprintf(fmt, ap);
		va_end(ap);
		diag->message = printable(message, -1);
		diag->source = source_line(diags, &diag->place);
	}
	g_ptr_array_add(diags->list, diag);
}

unsigned
diags_errors(const struct diags *diags)
{
	return diags->errors;
}

unsigned
diags_count(const struct diags *diags)
{
	return diags->list->len;
}

const struct diag *
diags_get(const struct diags *diags, unsigned i)
{
	return i < diags->list->len ? g_ptr_array_index(diags->list, i) : NULL;
}

/* How many cells of a terminal the character takes. */
static unsigned
cells(const char *p)
{
	gunichar c = g_utf8_get_char(p);

	return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

/* The caret under a quoted line; tabs and wide characters keep it aligned. */
static void
append_caret(GString *out, const char *source, const struct place *place)
{
	const char *p = source;
	unsigned i, n, width = 0;

	for (i = 1; i < place->column; i++) {
		if (*p == '\t')
			g_string_append_c(out, '\t');
		else
			for (n = *p != '\0' ? cells(p) : 1; n > 0; n--)
				g_string_append_c(out, ' ');
		if (*p != '\0')
			p = utf8_next(p);
	}
	for (i = 0; i < place->width && *p != '\0'; i++, p = utf8_next(p))
		width += cells(p);
	g_string_append_c(out, '^');
	for (i = 1; i < width; i++)
		g_string_append_c(out, '~');
	g_string_append_c(out, '\n');
}

static void
append_diag(GString *out, const struct diag *diag)
{
	static const char *const levels[] = {"error", "warning", "note"};
	const struct place *place = &diag->place;

	if (place->file != NULL)
		g_string_append_printf(out, "%s:", place->file);
	if (place->line > 0 && place->column > 0)
		g_string_append_printf(
		    out, "%u:%u:", place->line, place->column);
	else if (place->line > 0)
		g_string_append_printf(out, "%u:", place->line);
	if (place->file != NULL || place->line > 0)
		g_string_append_c(out, ' ');
	g_string_append_printf(
	    out, "%s: %s\n", levels[diag->level], diag->message);
	if (diag->source != NULL && *diag->source != '\0' &&
	    place->column > 0) {
		g_string_append_printf(out, "%s\n", diag->source);
		append_caret(out, diag->source, place);
	}
}

/* A finding together with the notes that follow it. */
struct group {
	guint first, count; /* in diags->list */
	guint source;       /* in diags->sources */
	const struct place *place;
};

static int
compare_groups(gconstpointer p, gconstpointer q)
{
	const struct group *a = p, *b = q;

	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	if (a->place->line != b->place->line)
		return a->place->line < b->place->line ? -1 : 1;
	if (a->place->column != b->place->column)
		return a->place->column < b->place->column ? -1 : 1;
	return a->first < b->first ? -1 : 1;
}

static GArray *
groups_new(const struct diags *diags)
{
	GArray *groups = g_array_new(FALSE, FALSE, sizeof(struct group));
	guint i;

	for (i = 0; i < diags->list->len; i++) {
		const struct diag *diag = g_ptr_array_index(diags->list, i);
		struct group group = {
		    .first = i, .count = 1, .place = &diag->place};

		if (diag->level == DIAG_NOTE && groups->len > 0) {
			g_array_index(groups, struct group, groups->len - 1)
			    .count++;
			continue;
		}
		group.source = find_source(diags, diag->place.file);
		g_array_append_val(groups, group);
	}
	g_array_sort(groups, compare_groups);
	return groups;
}

char *
diags_to_string(const struct diags *diags)
{
	g_autoptr(GArray) groups = groups_new(diags);
	GString *out = g_string_new(NULL);
	guint i, k;

	for (i = 0; i < groups->len; i++) {
		const struct group *group =
		    &g_array_index(groups, struct group, i);

		for (k = 0; k < group->count; k++)
			append_diag(out,
			    g_ptr_array_index(diags->list, group->first + k));
	}
	return g_string_free(out, FALSE);
}

void
diags_print(const struct diags *diags, FILE *stream)
{
	g_autofree char *text = diags_to_string(diags);

	fputs(text, stream);
}

/*
 * Damerau-Levenshtein distance in its optimal string alignment form: inserted,
 * lost, mistaken and swapped letters count one each.
 */
static unsigned
distance(const gunichar *a, glong a_len, const gunichar *b, glong b_len)
{
	unsigned rows[3][SUGGEST_MAX + 1];
	unsigned *before = rows[0], *last = rows[1], *now = rows[2], *spare;
	glong i, j;

	for (j = 0; j <= b_len; j++)
		before[j] = last[j] = (unsigned)j;
	for (i = 1; i <= a_len; i++) {
		now[0] = (unsigned)i;
		for (j = 1; j <= b_len; j++) {
			unsigned wrong = a[i - 1] != b[j - 1];

			now[j] = MIN(last[j], now[j - 1]) + 1;
			now[j] = MIN(now[j], last[j - 1] + wrong);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = MIN(now[j], before[j - 2] + 1);
		}
		spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[b_len];
}

static gunichar *
fold(const char *word, glong *len)
{
	g_autofree char *valid = g_utf8_make_valid(word, -1);
	g_autofree char *folded = g_utf8_casefold(valid, -1);

	return g_utf8_to_ucs4_fast(folded, -1, len);
}

const char *
diag_suggest(const char *word, const char *const *candidates)
{
	glong word_len, len;
	g_autofree gunichar *letters = fold(word, &word_len);
	const char *best = NULL;
	unsigned best_distance = G_MAXUINT, d;

	if (word_len > SUGGEST_MAX)
		return NULL;
	for (; *candidates != NULL; candidates++) {
		g_autofree gunichar *other = fold(*candidates, &len);

		if (len > SUGGEST_MAX)
			continue;
		d = distance(letters, word_len, other, len);
		/* A third of the letters may be wrong, no more. */
		if (d <= (unsigned)MAX(word_len, len) / 3 &&
		    d < best_distance) {
			best = *candidates;
			best_distance = d;
		}
	}
	return best;
}
