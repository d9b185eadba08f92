#include <string.h>

#include "policy/detect/names_pieces.h"
#include "policy/utf8.h"

/* Spaces of a line that ends in a full stop and is a sentence. */
enum { SENTENCE_SPACES = 5 };

const char *
sheet_at(const struct sheet *s, gsize p)
{
	return s->lines->text + p;
}

gsize
sheet_hit_start(const struct sheet *s, const struct hit *hit)
{
	return s->lines->start + hit->start;
}

gsize
sheet_hit_end(const struct sheet *s, const struct hit *hit)
{
	return s->lines->start + hit->end;
}

guint
sheet_hits_from(const struct sheet *s, gsize p)
{
	guint i;

	for (i = 0; i < s->hits->len; i++)
		if (sheet_hit_start(
			s, &g_array_index(s->hits, struct hit, i)) >= p)
			break;
	return i;
}

const struct hit *
piece_next_hit(const struct sheet *s, const struct piece *piece, guint *i)
{
	const struct hit *hit;

	if (*i >= s->hits->len)
		return NULL;
	hit = &g_array_index(s->hits, struct hit, (*i)++);
	return sheet_hit_start(s, hit) < piece->end ? hit : NULL;
}

bool
hit_is_title(const struct hit *hit)
{
	return hit->office != NULL && hit->office->as != OFFICE_AMBIGUOUS;
}

bool
piece_has(const struct sheet *s, const struct piece *piece, enum cue cue)
{
	const struct hit *hit;
	guint i = sheet_hits_from(s, piece->start);

	while ((hit = piece_next_hit(s, piece, &i)) != NULL)
		if (hit->office == NULL && hit->cue == cue)
			return true;
	return false;
}

/* The end of the hit that covers p, or p. */
static gsize
skip_hits(const struct sheet *s, const struct piece *piece, gsize p)
{
	const struct hit *hit;
	guint i = sheet_hits_from(s, piece->start);
	gsize end = p;

	while ((hit = piece_next_hit(s, piece, &i)) != NULL)
		if (sheet_hit_start(s, hit) <= p &&
		    sheet_hit_end(s, hit) > end &&
		    (hit->office != NULL || hit->cue == CUE_FOR_ANOTHER ||
			hit->cue == CUE_OTHER_BODY || hit->cue == CUE_PRIVATE))
			end = sheet_hit_end(s, hit);
	return MIN(end, piece->end);
}

static bool
is_connector(const char *word, gsize len)
{
	static const char *const connectors[] = {"of", "for", "to", "the",
	    "and", "in", "at", "on", "upon", "by", "with", "de", "la", "le",
	    "van", "der", "von", "ap", "ab", "y", "yr", "i", "o", "a", "ac",
	    "dros", "ar", "am", "as", "fel", "your", "eich", "our", "ein",
	    "from", "via", "local", "grŵp", "ward", "cyngor", "gyngor",
	    "dwyrain", "pro", "tem", "dros", "dro", "r", "n", "s", NULL};
	g_autofree char *copy = g_strndup(word, len);

	return g_strv_contains(connectors, copy);
}

struct words
piece_words(const struct sheet *s, const struct piece *piece)
{
	struct words words = {.start = piece->end};
	gsize p = piece->start;

	while (p < piece->end) {
		gsize end = skip_hits(s, piece, p), from;
		gunichar c = g_utf8_get_char(sheet_at(s, p));

		if (end > p) {
			p = end;
			continue;
		}
		if (!g_unichar_isalnum(c)) {
			p = (gsize)(utf8_next(sheet_at(s, p)) - s->lines->text);
			continue;
		}
		for (from = p; p < piece->end;
		     p = (gsize)(utf8_next(sheet_at(s, p)) - s->lines->text)) {
			gunichar d = g_utf8_get_char(sheet_at(s, p));

			if (!g_unichar_isalnum(d) && !g_unichar_ismark(d) &&
			    strchr("'-@", (int)(d < 0x80 ? d : 'x')) == NULL)
				break;
		}
		if (g_unichar_isdigit(c) ||
		    memchr(sheet_at(s, from), '@', p - from) != NULL) {
			words.other++;
		} else if (is_connector(sheet_at(s, from), p - from)) {
			words.linked = words.linked || words.capital == 0;
		} else if (g_unichar_isupper(c)) {
			words.start = MIN(words.start, from);
			words.capital++;
		} else {
			words.small++;
		}
	}
	return words;
}

bool
piece_is_prose(
    const struct sheet *s, const struct piece *piece, const struct words *words)
{
	if (piece_has(s, piece, CUE_SENTENCE))
		return true;
	if (s->lines->closing)
		return words->small > 6;
	/* People who write everything small do so in their names, too. */
	return words->small > 0 && (words->small > 3 || words->capital > 0 ||
				       !piece->first || !piece->alone);
}

bool
piece_has_attribute(
    const struct sheet *s, const struct piece *piece, const struct hit *hit)
{
	gsize p = sheet_hit_end(s, hit), end;

	if (!g_unichar_isupper(
		g_utf8_get_char(sheet_at(s, sheet_hit_start(s, hit)))) ||
	    p >= piece->end || *sheet_at(s, p) != ' ')
		return false;
	p++;
	if (skip_hits(s, piece, p) > p)
		return false;
	for (end = p; end < piece->end && *sheet_at(s, end) != ' ';)
		end++;
	return g_unichar_islower(g_utf8_get_char(sheet_at(s, p))) &&
	       !is_connector(sheet_at(s, p), end - p);
}

bool
sheet_follows_title(const struct sheet *s, const struct hit *cue)
{
	guint i;

	for (i = 0; i < s->hits->len; i++) {
		const struct hit *hit = &g_array_index(s->hits, struct hit, i);

		if (hit_is_title(hit) &&
		    (hit->end == cue->start ||
			(hit->end + 1 == cue->start &&
			    *sheet_at(s, sheet_hit_end(s, hit)) == ' ')))
			return true;
	}
	return false;
}

/* Is there at p a space, and "on behalf of" or the like behind it? */
static bool
is_before_another(const struct sheet *s, gsize p)
{
	const struct hit *hit;
	struct piece rest = {.start = p + 1, .end = p + 2};
	guint i = sheet_hits_from(s, p + 1);

	if (*sheet_at(s, p) != ' ')
		return false;
	while ((hit = piece_next_hit(s, &rest, &i)) != NULL)
		if (hit->office == NULL && hit->cue == CUE_FOR_ANOTHER)
			return !sheet_follows_title(s, hit);
	return false;
}

gsize
piece_end(const struct sheet *s, gsize p, gsize line_end)
{
	gsize start = p;

	for (; p < line_end; p++) {
		const char *c = sheet_at(s, p);

		if (p > start && is_before_another(s, p))
			break;
		if (strchr(",;|()[]:/", *c) != NULL)
			break;
		if (*c == '-' && c[1] == ' ' && p > s->lines->start &&
		    c[-1] == ' ')
			break;
		/* Bullets: U+2022, U+00B7 */
		if (g_str_has_prefix(c, "\xe2\x80\xa2") ||
		    g_str_has_prefix(c, "\xc2\xb7"))
			break;
	}
	return p;
}

bool
piece_is_sentence(const struct sheet *s, const struct piece *line)
{
	guint i = sheet_hits_from(s, line->start), spaces = 0;
	const struct hit *first = piece_next_hit(s, line, &i);
	gsize p;

	for (p = line->start; p < line->end; p++)
		spaces += *sheet_at(s, p) == ' ';
	return spaces >= SENTENCE_SPACES &&
	       strchr(".?!", *sheet_at(s, line->end - 1)) != NULL &&
	       (first == NULL || first->office != NULL ||
		   first->cue != CUE_FOR_ANOTHER ||
		   sheet_hit_start(s, first) > line->start);
}

bool
piece_closes(const struct sheet *s, const struct piece *line)
{
	const struct hit *hit;
	guint i = sheet_hits_from(s, line->start);

	while ((hit = piece_next_hit(s, line, &i)) != NULL)
		if (hit->office == NULL && hit->cue == CUE_CLOSE &&
		    name_line_blank(
			s->lines->text, line->start, sheet_hit_start(s, hit)))
			return true;
	return false;
}

bool
piece_is_for_council(
    const struct sheet *s, const struct piece *piece, const struct hit *cue)
{
	const struct hit *hit;
	guint i = sheet_hits_from(s, piece->start);

	while ((hit = piece_next_hit(s, piece, &i)) != NULL)
		if (hit->office != NULL && !hit_is_title(hit) &&
		    hit->start <= cue->end + 1 && hit->end > cue->end)
			return true;
	return false;
}

const struct hit *
piece_title(const struct sheet *s, const struct piece *piece)
{
	const struct hit *hit, *last = NULL;
	guint i = sheet_hits_from(s, piece->start);

	while ((hit = piece_next_hit(s, piece, &i)) != NULL)
		if (hit_is_title(hit))
			last = hit;
	return last;
}
