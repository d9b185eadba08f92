#include <string.h>

#include "policy/detect/names_pieces.h"

/*
 * In the pieces of a sign-off stand titles, names, "on behalf of" and the names
 * of bodies, and each of them either says more of the signer before it or
 * begins the next one.
 */
enum { LINES_MAX = 14, LINE_BYTES_MAX = 200, PROSE_MAX = 2 };

struct reader {
	struct sheet sheet;
	const struct roster *roster;
	day on;
	GArray *signers;  /* struct signer */
	bool current;     /* the last of them may still gain words */
	bool for_another; /* whoever comes next */
	const struct office *council; /* a council as such is named */
	gsize council_start, council_end;
	bool private;              /* "as a resident" */
	bool body, body_for;       /* another body; "for" it */
	unsigned line, title_line; /* of the last title */
	bool spoken;               /* the line has the words of a sentence */
};

static struct signer *
current(struct reader *r)
{
	if (!r->current || r->signers->len == 0)
		return NULL;
	return &g_array_index(r->signers, struct signer, r->signers->len - 1);
}

/* Whoever signs next; NULL when there are too many. */
static struct signer *
begin_signer(struct reader *r, gsize start, gsize end)
{
	struct signer signer = {.role = -1,
	    .for_another = r->for_another,
	    .start = start,
	    .end = end};

	if (r->signers->len == SIGNERS_MAX)
		return NULL;
	r->for_another = false;
	r->current = true;
	g_array_append_val(r->signers, signer);
	return current(r);
}

static void
take_name(struct reader *r, const struct naming_of *who, gsize start, gsize end)
{
	struct signer *signer = current(r);

	if (r->for_another || signer == NULL ||
	    (signer->named && signer->who.naming == NAMED_NOT) ||
	    (signer->who.naming != NAMED_NOT &&
		signer->who.person != who->person))
		signer = begin_signer(r, start, end);
	if (signer == NULL)
		return;
	signer->named = true;
	if (who->naming > signer->who.naming)
		signer->who = *who;
	signer->end = MAX(signer->end, end);
}

static enum name_office
join_office(enum name_office a, enum name_office b)
{
	if (a == OFFICE_NONE || a == b)
		return b;
	if (b == OFFICE_NONE)
		return a;
	if ((a == OFFICE_OFFICER) != (b == OFFICE_OFFICER) ||
	    a == OFFICE_AMBIGUOUS || b == OFFICE_AMBIGUOUS)
		return OFFICE_AMBIGUOUS;
	return OFFICE_CHAIR;
}

static void
take_title(struct reader *r, const struct hit *hit, bool named_here)
{
	gsize start = sheet_hit_start(&r->sheet, hit),
	      end = sheet_hit_end(&r->sheet, hit);
	struct signer *signer = current(r);

	if (r->for_another || signer == NULL ||
	    (named_here && signer->named && signer->start < start &&
		signer->office != OFFICE_NONE))
		signer = begin_signer(r, start, end);
	if (signer == NULL)
		return;
	if (signer->first == NULL)
		signer->first = hit->office;
	signer->office = join_office(signer->office, hit->office->as);
	/* "Cllr" says less than "Chair", wherever it stands. */
	if (signer->role < 0 || signer->role == ROLE_COUNCILLOR ||
	    (signer->role == ROLE_OFFICER &&
		hit->office->role == ROLE_PROPER_OFFICER))
		signer->role = hit->office->role;
	signer->end = MAX(signer->end, end);
	r->title_line = r->line;
}

static void
take_body(struct reader *r)
{
	r->body_for = r->body_for || r->for_another;
	/* A club's name counts only beside a title or a name. */
	r->body = r->body || r->line <= r->title_line + 1;
	r->for_another = false;
}

static void
take_cue(struct reader *r, const struct piece *piece, const struct hit *hit)
{
	switch (hit->cue) {
	case CUE_FOR_ANOTHER:
		r->for_another = !sheet_follows_title(&r->sheet, hit) &&
				 !piece_is_for_council(&r->sheet, piece, hit);
		break;
	case CUE_PRIVATE:
		r->private = true;
		break;
	case CUE_OTHER_BODY:
		take_body(r);
		break;
	default:
		break;
	}
}

/* Who is named in a piece, after its title or anywhere. */
static struct naming_of
find_name(const struct reader *r, const struct piece *piece)
{
	const struct hit *title = piece_title(&r->sheet, piece);
	const char *text = r->sheet.lines->text;
	struct naming_of who, after;
	gsize end;

	who = name_people_find(r->roster, text + piece->start,
	    piece->end - piece->start, false, OFFICE_NONE, r->on);
	if (title == NULL)
		return who;
	end = MIN(sheet_hit_end(&r->sheet, title), piece->end);
	after = name_people_find(r->roster, text + end, piece->end - end, true,
	    title->office->as, r->on);
	if (after.naming == NAMED_NOT || who.naming > after.naming)
		return who;
	after.start += end - piece->start;
	return after;
}

static void
read_piece(
    struct reader *r, const struct piece *piece, const struct words *words)
{
	struct naming_of who = find_name(r, piece);
	bool known = who.naming != NAMED_NOT;
	/* A name nobody knows: "Cllr Sam Example", or a line of its own. */
	bool named = known || (words->capital > 0 && !words->linked &&
				  words->capital <= 4 && words->other == 0);
	gsize name_start = known ? piece->start + who.start : words->start;
	guint i = sheet_hits_from(&r->sheet, piece->start);
	bool taken = !known;
	const struct hit *hit;

	while ((hit = piece_next_hit(&r->sheet, piece, &i)) != NULL) {
		bool behind = sheet_hit_start(&r->sheet, hit) > name_start;

		if (!taken && behind) {
			take_name(r, &who, name_start, piece->end);
			taken = true;
		}
		if (hit_is_title(hit) &&
		    piece_has_attribute(&r->sheet, piece, hit)) {
			continue;
		} else if (hit_is_title(hit)) {
			take_title(r, hit, named && !known);
			if (named && !known && current(r) != NULL)
				current(r)->named = true;
		} else if (hit->office != NULL && r->spoken) {
			continue;
		} else if (hit->office != NULL) {
			r->council = hit->office;
			r->council_start = sheet_hit_start(&r->sheet, hit);
			r->council_end = sheet_hit_end(&r->sheet, hit);
			r->for_another = false;
		} else {
			take_cue(r, piece, hit);
		}
	}
	if (!taken)
		take_name(r, &who, name_start, piece->end);
	/* A name alone begins somebody where there is nobody yet. */
	if (named && !known && piece_title(&r->sheet, piece) == NULL &&
	    words->capital > 1 && piece->first &&
	    (current(r) == NULL || r->for_another)) {
		struct signer *signer = begin_signer(r, name_start, piece->end);

		if (signer != NULL)
			signer->named = true;
	}
}

/* False when the line, or the rest of it, is a sentence. */
static bool
read_line(struct reader *r, const struct piece *line)
{
	const struct sheet *sheet = &r->sheet;
	struct piece piece = *line;
	guint read = 0;

	if (line->end - line->start > LINE_BYTES_MAX ||
	    piece_is_sentence(sheet, line))
		return false;
	r->spoken = piece_has(sheet, line, CUE_SENTENCE);
	while (piece.start < line->end) {
		struct words words;

		piece.end = piece_end(sheet, piece.start, line->end);
		words = piece_words(sheet, &piece);
		if (piece_is_prose(sheet, &piece, &words))
			return read > 0 && sheet->lines->closing;
		if (piece.end > piece.start) {
			read_piece(r, &piece, &words);
			piece.first = false;
			read++;
		}
		piece.start = piece.end;
		piece.start +=
		    (gsize)g_utf8_skip[(guchar)*sheet_at(sheet, piece.end)];
	}
	return true;
}

static void
read_lines(struct reader *r)
{
	const struct lines *lines = r->sheet.lines;
	struct piece line = {.start = lines->start, .first = true};
	unsigned prose = 0;
	bool blank = true;

	while (line.start < lines->end && r->line < LINES_MAX &&
	       prose < PROSE_MAX) {
		line.end = name_line_end(lines->text, lines->end, line.start);
		if (name_line_blank(lines->text, line.start, line.end)) {
			blank = true;
		} else if (piece_closes(&r->sheet, &line)) {
			return;
		} else {
			line.alone =
			    blank && (line.end + 1 >= lines->end ||
					 lines->text[line.end + 1] == '\n');
			r->line++;
			prose = read_line(r, &line) ? 0 : prose + 1;
			blank = false;
		}
		line.start = line.end + 1;
	}
}

/* A club's chair is none of ours, but a councillor for a club still is one. */
static bool
is_elsewhere(const struct reader *r, const struct signer *signer)
{
	if (r->private || r->body_for)
		return true;
	return r->body && r->council == NULL &&
	       (signer->first == NULL ||
		   (strcmp(signer->first->name, "councillor") != 0 &&
		       signer->role != ROLE_MAYOR));
}

static double
signer_probability(const struct reader *r, const struct signer *signer)
{
	double p;

	if (signer->office == OFFICE_AMBIGUOUS)
		p = 0.4;
	else if (signer->first != NULL && signer->who.person != NULL)
		p = 0.95;
	else if (signer->first != NULL)
		p = signer->named ? 0.85 : 0.75;
	else
		p = signer->who.naming == NAMED_FULL ? 0.85 : 0.55;
	return r->sheet.lines->closing ? p : p * 0.85;
}

static void
finish_signer(const struct reader *r, struct signer *signer)
{
	enum name_office by_roster = signer->who.office;

	if (signer->first == NULL && by_roster != OFFICE_NONE)
		signer->office = by_roster;
	else if (signer->first == NULL && r->council != NULL)
		signer->office = OFFICE_AMBIGUOUS;
	else if (signer->first != NULL && signer->office != OFFICE_AMBIGUOUS &&
		 by_roster != OFFICE_NONE && by_roster != OFFICE_AMBIGUOUS &&
		 (by_roster == OFFICE_OFFICER) !=
		     (signer->office == OFFICE_OFFICER))
		signer->office = OFFICE_AMBIGUOUS;
	signer->other_capacity = is_elsewhere(r, signer);
	signer->probability = signer_probability(r, signer);
	if (signer->first == NULL && signer->office == OFFICE_AMBIGUOUS)
		signer->first = r->council;
}

GArray *
name_signers(const struct name_rules *rules, const struct roster *roster,
    const struct lines *lines, day on)
{
	g_autoptr(GArray) hits = name_rules_hits(
	    rules, lines->text + lines->start, lines->end - lines->start);
	struct reader r = {.sheet = {lines, hits},
	    .roster = roster,
	    .on = on,
	    .signers = g_array_new(FALSE, FALSE, sizeof(struct signer))};
	guint i;

	read_lines(&r);
	if (r.signers->len == 0 && r.council != NULL)
		begin_signer(&r, r.council_start, r.council_end);
	for (i = 0; i < r.signers->len; i++)
		finish_signer(&r, &g_array_index(r.signers, struct signer, i));
	return r.signers;
}
