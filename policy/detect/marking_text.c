#include <string.h>

#include "policy/detect/marking_text.h"

enum {
	FIRST_LINES = 5,
	/* Matches of one text that are judged, and how far one that leans on
	 * its neighbours is followed. */
	MAX_JUDGED = 400,
	MAX_LEANING = 3,
	NEIGHBOURS = 8,
	/* What is said about a marking stands in its sentence or as near. */
	NEAR = 300,
};

struct marking *
marking_new(const struct marking_rule *rule, const struct marking_view *view,
    enum marking_place place, struct span words)
{
	struct marking *marking = g_new0(struct marking, 1);

	marking->kind = rule->kind;
	marking->place = place;
	marking->origin = view->origin;
	marking->segment = view->segment;
	marking->start = words.start;
	marking->end = words.end;
	return marking;
}

void
marking_free(void *p)
{
	struct marking *marking = p;

	if (marking == NULL)
		return;
	g_free(marking->paragraph);
	g_free(marking->descriptor);
	g_free(marking);
}

/* Does a line begin with a field of a quoted header block? */
static bool
is_field(const char *line, gsize len)
{
	static const char *const fields[] = {"from", "sent", "date", "to", "cc",
	    "bcc", "importance", "attachments", "oddi wrth", "o", "anfonwyd",
	    "dyddiad", "at", "copi", NULL};
	const char *colon = memchr(line, ':', MIN(len, 16));
	g_autofree char *name = NULL;

	if (colon == NULL)
		return false;
	name = g_strndup(line, (gsize)(colon - line));
	g_strdelimit(name, ">*", ' ');
	g_strstrip(name);
	for (int i = 0; fields[i] != NULL; i++)
		if (g_ascii_strcasecmp(name, fields[i]) == 0)
			return true;
	return false;
}

static bool
is_subject_line(const struct marking_view *view, struct span line)
{
	static const char *const fields[] = {
	    "subject", "re", "pwnc", "testun", NULL};
	const char *p = view->text + line.start;
	gsize len = line.end - line.start;

	if (view->origin != ORIGIN_QUOTED && view->origin != ORIGIN_FORWARDED)
		return false;
	for (; len > 0 && strchr("> *", *p) != NULL; p++)
		len--;
	for (int i = 0; fields[i] != NULL; i++) {
		gsize n = strlen(fields[i]);

		if (len > n && g_ascii_strncasecmp(p, fields[i], n) == 0 &&
		    strchr(":*", p[n]) != NULL)
			return true;
	}
	return false;
}

void
marking_text_lay_out(struct marking_view *view, guint *lines)
{
	bool quoted =
	    view->origin == ORIGIN_QUOTED || view->origin == ORIGIN_FORWARDED;
	bool blank_before = true;
	gsize at = 0;

	view->top_end = 0;
	view->bottom = G_MAXSIZE;
	while (at < view->len) {
		struct span line = shape_line(view->text, view->len, at);
		bool blank = shape_blank(view->text, line);

		if (!blank && *lines < FIRST_LINES) {
			view->top_end = line.end;
			if (!quoted || !is_field(view->text + line.start,
					   line.end - line.start))
				++*lines;
		}
		if (!blank)
			view->bottom = blank_before ? line.start : G_MAXSIZE;
		blank_before = blank;
		at = line.end + 1;
	}
}

/* The matches of one text, while it is judged. */
struct judging {
	const struct marking_rules *rules;
	const struct marking_view *view;
	const GArray *matches; /* struct match */
};

static struct span
span_of(const struct judging *j, guint i)
{
	const struct match *match = &g_array_index(j->matches, struct match, i);

	return (struct span){match->start, match->end};
}

static const struct marking_word *
word_of(const struct judging *j, guint i)
{
	const struct match *match = &g_array_index(j->matches, struct match, i);

	return &g_array_index(j->rules->words, struct marking_word, match->id);
}

static bool
is_title_word(enum marking_use use)
{
	return use <= USE_OPENS;
}

/*
 * Cut off on that side, or leaning on other words that are ("private and
 * confidential", "CONFIDENTIAL NOT FOR PUBLICATION").
 */
static bool
free_before(const struct judging *j, guint i, struct span line, int depth)
{
	struct span words = span_of(j, i);

	if (shape_cut_before(j->view->text, line, words.start))
		return true;
	for (guint k = i; depth > 0 && k-- > 0 && i - k <= NEIGHBOURS;) {
		struct span other = span_of(j, k);

		if (is_title_word(word_of(j, k)->use) &&
		    other.end <= words.start && other.start >= line.start &&
		    shape_joined(j->view->text, other.end, words.start) &&
		    free_before(j, k, line, depth - 1))
			return true;
	}
	return false;
}

static bool
free_after(const struct judging *j, guint i, struct span line, int depth)
{
	struct span words = span_of(j, i);

	if (shape_cut_after(j->view->text, line, words.end))
		return true;
	for (guint k = i + 1;
	     depth > 0 && k < j->matches->len && k - i <= NEIGHBOURS; k++) {
		struct span other = span_of(j, k);

		if (is_title_word(word_of(j, k)->use) &&
		    other.start >= words.end && other.end <= line.end &&
		    shape_joined(j->view->text, words.end, other.start) &&
		    free_after(j, k, line, depth - 1))
			return true;
	}
	return false;
}

static bool
is_despite(const struct marking_rule *rule, const char *mention)
{
	for (guint i = 0; i < rule->despite->len; i++)
		if (strcmp(rule->despite->pdata[i], mention) == 0)
			return true;
	return false;
}

/* Is the match i a mere mention when it is used so? */
static bool
is_mention(
    const struct judging *j, guint i, enum marking_use use, struct span line)
{
	const struct marking_view *view = j->view;
	const struct marking_rule *rule = word_of(j, i)->rule;
	struct span words = span_of(j, i);
	struct span within[] = {
	    [WITHIN_SENTENCE] = shape_sentence(view->text, view->len, words),
	    [WITHIN_LINE] = line,
	    [WITHIN_PARAGRAPH] = shape_paragraph(view->text, view->len, words),
	};

	for (guint k = 0; k < j->matches->len; k++) {
		const struct marking_word *other = word_of(j, k);
		struct span at = span_of(j, k);

		if (at.start >= within[WITHIN_PARAGRAPH].end &&
		    at.start >= line.end)
			break;
		if (other->use == USE_UNLESS && other->rule == rule &&
		    spans_meet(at, within[WITHIN_SENTENCE]))
			return true;
		if (other->use == USE_MENTION &&
		    (other->rule->cancels & (1u << use)) != 0 &&
		    spans_meet(at, within[other->rule->scope]) &&
		    !is_despite(rule, other->rule->name))
			return true;
	}
	return false;
}

/* Does the sentence of the match i have what its rule wants with it? */
static bool
has_with(const struct judging *j, guint i)
{
	const struct marking_view *view = j->view;
	const struct marking_rule *rule = word_of(j, i)->rule;
	struct span sentence =
	    shape_sentence(view->text, view->len, span_of(j, i));

	if (!rule->needs_with)
		return true;
	for (guint k = 0; k < j->matches->len; k++) {
		if (span_of(j, k).start >= sentence.end)
			break;
		if (word_of(j, k)->use == USE_WITH &&
		    word_of(j, k)->rule == rule &&
		    spans_meet(span_of(j, k), sentence))
			return true;
	}
	return false;
}

/* Where the words stand, as prose or otherwise. */
static enum marking_place
place_of(const struct marking_view *view, struct span line, gsize at)
{
	if (view->place != MARKING_TOP)
		return view->place;
	if (is_subject_line(view, line))
		return MARKING_SUBJECT;
	if (at < view->top_end)
		return MARKING_TOP;
	return at >= view->bottom ? MARKING_BOTTOM : MARKING_BODY;
}

/*
 * The heart of the matter: do the words stand as the rule wants them?  A
 * title's words in capitals need no separator.
 */
static bool
stands(const struct judging *j, guint i, struct span line,
    enum marking_place place)
{
	const struct marking_view *view = j->view;
	struct span words = span_of(j, i);
	enum marking_use use = word_of(j, i)->use;
	bool title = place != MARKING_BODY;
	bool loud = title && shape_capitals(view->text, line, words);
	bool front, back;

	if (use == USE_SAYS)
		return !view->bare && has_with(j, i) &&
		       !is_mention(j, i, use, line);
	if (use == USE_NAMED)
		return view->name && !is_mention(j, i, use, line);
	if (use == USE_OPENS) {
		struct span sentence =
		    shape_sentence(view->text, view->len, words);

		return !view->bare &&
		       (shape_opens(view->text, sentence, words.start) ||
			   shape_cut_before(view->text, line, words.start)) &&
		       !is_mention(j, i, use, line);
	}
	if (!title)
		return false;
	front = free_before(j, i, line, MAX_LEANING);
	back = free_after(j, i, line, MAX_LEANING);
	if (front && back)
		return !is_mention(j, i, USE_ALONE, line);
	if (view->bare)
		return false;
	/* Beyond the first lines a page has headings, and prose. */
	if (words.start >= view->top_end && view->place == MARKING_ATTACHMENT)
		return false;
	if ((front && (use == USE_BEGINS || loud)) ||
	    (back && (use == USE_ENDS || loud)) ||
	    (loud && place == MARKING_SUBJECT))
		return !is_mention(j, i, front ? USE_BEGINS : USE_ENDS, line);
	return false;
}

static char *
group(const struct judging *j, guint i, const char *name)
{
	const struct match *match = &g_array_index(j->matches, struct match, i);
	gsize start, end;
	char *text;

	if (!matcher_group(j->rules->matcher, j->view->text, j->view->len,
		match, name, &start, &end) ||
	    start >= end)
		return NULL;
	text = g_strndup(j->view->text + start, end - start);
	g_strdelimit(text, "\n", ' ');
	return g_strstrip(text);
}

/* "Schedule 12A, paragraph {number}" filled in. */
static char *
paragraph_named(const struct judging *j, guint i)
{
	const char *as = word_of(j, i)->rule->as;
	g_autofree char *number = group(j, i, "number");
	g_autoptr(GString) text = g_string_new(as != NULL ? as : "{number}");

	g_string_replace(text, "{number}", number != NULL ? number : "", 0);
	return g_strdup(g_strchomp(text->str));
}

/* The sentence before the words, their own, and what follows soon. */
static struct span
surroundings(const struct marking_view *view, struct span words, bool heading)
{
	struct span out = shape_paragraph(view->text, view->len, words);

	out.start = MAX(out.start, words.start > NEAR ? words.start - NEAR : 0);
	/* A heading speaks of what stands below it. */
	if (heading)
		out.end = MAX(out.end, words.end + NEAR);
	out.end = MIN(out.end, MIN(words.end + NEAR, view->len));
	return out;
}

static void
add_details(
    const struct judging *j, guint i, struct span line, struct marking *marking)
{
	struct span words = span_of(j, i);
	bool heading = word_of(j, i)->use != USE_SAYS;
	struct span near = surroundings(j->view, words, heading);

	for (guint k = 0; k < j->matches->len; k++) {
		const struct marking_word *other = word_of(j, k);
		struct span at = span_of(j, k);

		if (other->use != USE_DETAIL || !spans_meet(at, near))
			continue;
		switch (other->rule->detail) {
		case DETAIL_SCOPE:
			marking->has_scope = true;
			break;
		case DETAIL_PARAGRAPH:
			if (marking->paragraph == NULL)
				marking->paragraph = paragraph_named(j, k);
			/* The law's paragraph says why. */
			marking->has_reason = true;
			break;
		case DETAIL_REASON:
			marking->has_reason = true;
			break;
		case DETAIL_TIME:
			if (marking->descriptor == NULL &&
			    word_of(j, i)->rule->needs_time &&
			    (spans_meet(at, line) || !heading))
				marking->descriptor = group(j, k, "time");
			break;
		default:
			break;
		}
	}
}

/* One marking of a kind in one place of a text is enough. */
static struct marking *
find_same(const struct marking_view *view, GPtrArray *found, guint first,
    const struct marking_rule *rule, enum marking_place place)
{
	for (guint i = first; i < found->len; i++) {
		struct marking *marking = found->pdata[i];

		if (strcmp(marking->kind, rule->kind) == 0 &&
		    marking->place == place &&
		    marking->segment == view->segment)
			return marking;
	}
	return NULL;
}

static void
judge(const struct judging *j, guint i, guint first, GPtrArray *found)
{
	const struct marking_view *view = j->view;
	const struct marking_rule *rule = word_of(j, i)->rule;
	struct span words = span_of(j, i);
	struct span line = shape_line(view->text, view->len, words.start);
	enum marking_place place = place_of(view, line, words.start);
	struct marking *marking;

	line.end = MAX(line.end, words.end);
	if ((rule->places & (1u << place)) == 0 ||
	    (view->bare && words.start < view->bottom) ||
	    !stands(j, i, line, place))
		return;
	marking = find_same(view, found, first, rule, place);
	if (marking == NULL) {
		marking = marking_new(rule, view, place, words);
		g_ptr_array_add(found, marking);
	}
	if (marking->descriptor == NULL)
		marking->descriptor = group(j, i, "descriptor");
	add_details(j, i, line, marking);
}

bool
marking_text_find(const struct marking_rules *rules,
    const struct marking_view *view, GPtrArray *found)
{
	g_autoptr(GArray) matches =
	    g_array_new(FALSE, FALSE, sizeof(struct match));
	struct judging j = {rules, view, matches};
	guint first = found->len, judged = 0;
	bool complete =
	    matcher_scan(rules->matcher, view->text, view->len, matches);

	for (guint i = 0; i < matches->len; i++) {
		if (word_of(&j, i)->use >= USE_UNLESS)
			continue;
		if (judged++ == MAX_JUDGED)
			return false;
		judge(&j, i, first, found);
	}
	return complete;
}
