#include <string.h>

#include "policy/detect/marking_header.h"
#include "policy/detect/marking_text.h"

/* What a message may have at most; the rest would say the same again. */
enum { MAX_MARKINGS = 200 };

/* What is kept from one segment to the next. */
struct search {
	const struct marking_rules *rules;
	const struct content *content;
	GPtrArray *found;
	guint own_lines[2]; /* first lines seen, plain and HTML */
	bool *cut;
};

static void
find_in_view(struct search *s, const struct marking_view *view)
{
	if (!marking_text_find(s->rules, view, s->found))
		*s->cut = true;
}

static void
find_title(struct search *s, const struct segment *segment, guint i,
    enum marking_place place)
{
	const struct marking_view view = {.text = segment->text,
	    .len = segment->len,
	    .origin = segment->origin,
	    .segment = i,
	    .place = place,
	    .top_end = segment->len};

	find_in_view(s, &view);
}

/*
 * A file's name, every separator made a space; the extension is no word of
 * it.  Offsets stay true.
 */
static void
find_name(struct search *s, const struct segment *segment, guint i)
{
	g_autofree char *text = g_strndup(segment->text, segment->len);
	char *slash = strrchr(text, '/'), *dot = strrchr(text, '.');
	enum { EXTENSION_MAX = 6 };
	struct marking_view view = {.origin = segment->origin,
	    .segment = i,
	    .place = MARKING_ATTACHMENT,
	    .name = true};

	if (dot != NULL && (slash == NULL || dot > slash) &&
	    strlen(dot) <= EXTENSION_MAX)
		*dot = '\0';
	g_strdelimit(text, "_.+", ' ');
	/* "part-2-minutes", but not "OFFICIAL - SENSITIVE". */
	if (strchr(segment->text, ' ') == NULL)
		g_strdelimit(text, "-", ' ');
	view.text = text;
	view.len = view.top_end = strlen(text);
	find_in_view(s, &view);
}

/* "Name: value" of a document. */
static void
find_property(struct search *s, const struct segment *segment, guint i)
{
	guint first = s->found->len;

	if (!marking_header_property(s->rules, segment->text, s->found)) {
		find_title(s, segment, i, MARKING_ATTACHMENT);
		return;
	}
	for (; first < s->found->len; first++) {
		struct marking *marking = s->found->pdata[first];

		marking->place = MARKING_ATTACHMENT;
		marking->origin = ORIGIN_PROPERTY;
		marking->segment = i;
	}
}

static bool
has_opening(const struct content *content, int attachment)
{
	for (guint i = 0; i < content->segments->len; i++) {
		const struct segment *segment = content->segments->pdata[i];

		if (segment->attachment == attachment && segment->opens)
			return true;
	}
	return false;
}

/* The first page; when nobody knows where it ends, a screenful. */
static void
find_attached(struct search *s, const struct segment *segment, guint i)
{
	enum { SCREENFUL = 1500, FIRST_PAGE = 16 * 1024 };
	struct marking_view view = {.text = segment->text,
	    .len = MIN(segment->len, FIRST_PAGE),
	    .origin = segment->origin,
	    .segment = i,
	    .place = MARKING_ATTACHMENT};
	guint lines = 0;

	if (!segment->opens) {
		if (has_opening(s->content, segment->attachment))
			return;
		view.len = MIN(view.len, SCREENFUL);
	}
	while (view.len > 0 && view.len < segment->len &&
	       ((guchar)segment->text[view.len] & 0xc0) == 0x80)
		view.len--;
	marking_text_lay_out(&view, &lines);
	find_in_view(s, &view);
}

static bool
is_last_own(const struct search *s, guint i)
{
	const struct segment *segment = s->content->segments->pdata[i];

	for (i++; i < s->content->segments->len; i++) {
		const struct segment *later = s->content->segments->pdata[i];

		if (later->origin == ORIGIN_OWN &&
		    later->html == segment->html &&
		    !shape_blank(later->text, (struct span){0, later->len}))
			return false;
	}
	return true;
}

/* A disclaimer below a line makes the line its heading. */
static bool
heads_disclaimer(const struct search *s, guint i)
{
	const struct segment *next;

	if (i + 1 >= s->content->segments->len)
		return false;
	next = s->content->segments->pdata[i + 1];
	return next->origin == ORIGIN_DISCLAIMER;
}

/*
 * A sign-off block marks nothing, but the last line of a message may stand
 * below one.
 */
static void
find_below_signature(struct search *s, const struct segment *segment, guint i)
{
	struct marking_view view = {.text = segment->text,
	    .len = segment->len,
	    .origin = ORIGIN_OWN,
	    .segment = i,
	    .place = MARKING_TOP,
	    .bare = true};
	guint lines = 0;

	marking_text_lay_out(&view, &lines);
	view.top_end = 0;
	/* A block of one line is the name of its writer. */
	if (view.bottom == 0 || view.bottom == G_MAXSIZE ||
	    !is_last_own(s, i) || heads_disclaimer(s, i))
		return;
	find_in_view(s, &view);
}

static void
find_prose(struct search *s, const struct segment *segment, guint i)
{
	struct marking_view view = {.text = segment->text,
	    .len = segment->len,
	    .origin = segment->origin,
	    .segment = i,
	    .place = MARKING_TOP};
	guint quoted_lines = 0;
	bool own = segment->origin == ORIGIN_OWN;

	marking_text_lay_out(
	    &view, own ? &s->own_lines[segment->html] : &quoted_lines);
	if (own && (!is_last_own(s, i) || heads_disclaimer(s, i)))
		view.bottom = G_MAXSIZE;
	find_in_view(s, &view);
}

static void
find_in_segment(struct search *s, guint i)
{
	const struct segment *segment = s->content->segments->pdata[i];

	if (segment->text == NULL || segment->len == 0)
		return;
	switch (segment->origin) {
	case ORIGIN_SUBJECT:
		find_title(s, segment, i, MARKING_SUBJECT);
		break;
	case ORIGIN_OWN:
	case ORIGIN_QUOTED:
	case ORIGIN_FORWARDED:
		find_prose(s, segment, i);
		break;
	case ORIGIN_SIGNATURE:
		find_below_signature(s, segment, i);
		break;
	case ORIGIN_NAME:
		find_name(s, segment, i);
		break;
	case ORIGIN_ATTACHMENT:
		find_attached(s, segment, i);
		break;
	case ORIGIN_PROPERTY:
		find_property(s, segment, i);
		break;
	default:
		break;
	}
}

/* The same words of the same part, read from its HTML. */
static bool
is_twin(const struct content *content, const struct marking *a,
    const struct marking *b)
{
	const struct segment *of_a, *of_b;

	if (a->segment == G_MAXUINT || b->segment == G_MAXUINT)
		return false;
	of_a = content->segments->pdata[a->segment];
	of_b = content->segments->pdata[b->segment];
	return strcmp(a->kind, b->kind) == 0 && a->place == b->place &&
	       a->origin == b->origin && of_a->part == of_b->part &&
	       of_a->html != of_b->html &&
	       of_a->attachment == of_b->attachment &&
	       of_a->depth == of_b->depth;
}

static void
drop_twins(const struct content *content, GPtrArray *found)
{
	for (guint i = 0; i < found->len; i++) {
		for (guint k = found->len; k-- > i + 1;) {
			struct marking *kept = found->pdata[i];
			const struct marking *twin = found->pdata[k];

			if (!is_twin(content, kept, twin))
				continue;
			kept->has_scope |= twin->has_scope;
			kept->has_reason |= twin->has_reason;
			g_ptr_array_remove_index(found, k);
		}
	}
}

GPtrArray *
markings_find(const struct marking_rules *rules,
    const struct header_facts *headers, const struct content *content,
    bool *cut)
{
	struct search s = {.rules = rules, .content = content, .cut = cut};

	s.found = g_ptr_array_new_with_free_func(marking_free);
	if (headers != NULL)
		marking_header_find(rules, headers, s.found);
	for (guint i = 0; i < content->segments->len; i++)
		if (s.found->len < MAX_MARKINGS)
			find_in_segment(&s, i);
		else
			*cut = true;
	drop_twins(content, s.found);
	return s.found;
}

static bool
is_history(const struct marking *marking)
{
	return marking->origin == ORIGIN_QUOTED ||
	       marking->origin == ORIGIN_FORWARDED;
}

static const struct marking *
first_of(const GPtrArray *markings, bool history)
{
	for (guint i = 0; i < markings->len; i++) {
		const struct marking *marking = markings->pdata[i];

		if (is_history(marking) == history)
			return marking;
	}
	return NULL;
}

static const struct marking_rule *
rule_of_kind(const struct marking_rules *rules, const char *kind)
{
	for (guint i = 0; i < rules->rules->len; i++) {
		const struct marking_rule *rule = rules->rules->pdata[i];

		if (rule->kind != NULL && strcmp(rule->kind, kind) == 0 &&
		    (rule->needs_time || rule->not_public))
			return rule;
	}
	return NULL;
}

/* The words of a marking as people know it. */
static char *
words_of(const struct marking *marking, const struct content *content)
{
	const struct segment *segment;
	enum { SHOWN = 60 };

	if (marking->segment == G_MAXUINT || marking->start == marking->end)
		return g_strdup(marking->kind);
	segment = content->segments->pdata[marking->segment];
	if (marking->end > segment->len ||
	    marking->end - marking->start > SHOWN)
		return g_strdup(marking->kind);
	return g_strndup(
	    segment->text + marking->start, marking->end - marking->start);
}

/* "FOR PUBLIC RELEASE" where a marking would stand: subject, first lines. */
static char *
find_release(const struct marking_rules *rules, const struct content *content)
{
	for (guint i = 0; i < content->segments->len; i++) {
		const struct segment *segment = content->segments->pdata[i];
		g_autoptr(GArray) matches = NULL;
		struct marking_view view = {0};
		guint lines = 0;

		if (segment->text == NULL ||
		    (segment->origin != ORIGIN_SUBJECT &&
			segment->origin != ORIGIN_OWN))
			continue;
		matches = g_array_new(FALSE, FALSE, sizeof(struct match));
		view.text = segment->text;
		view.len = segment->len;
		marking_text_lay_out(&view, &lines);
		matcher_scan(
		    rules->matcher, segment->text, view.top_end, matches);
		for (guint k = 0; k < matches->len; k++) {
			const struct match *match =
			    &g_array_index(matches, struct match, k);
			const struct marking_word *word = &g_array_index(
			    rules->words, struct marking_word, match->id);

			if (word->use == USE_DETAIL &&
			    word->rule->detail == DETAIL_RELEASE)
				return g_strndup(segment->text + match->start,
				    match->end - match->start);
		}
	}
	return NULL;
}

static void add_remark(GString *remarks, const char *fmt, ...)
    G_GNUC_PRINTF(2, 3);

static void
add_remark(GString *remarks, const char *fmt, ...)
{
	va_list ap;

	if (remarks->len > 0)
		g_string_append(remarks, "; ");
	va_start(ap, fmt);
	g_string_append_vprintf(remarks, fmt, ap);
	va_end(ap);
}

/* Of one marking of the author's. */
static void
remark_on(const struct marking_rules *rules, const struct marking *marking,
    const struct content *content, const char *release, GString *remarks)
{
	const struct marking_rule *rule = rule_of_kind(rules, marking->kind);
	g_autofree char *words = words_of(marking, content);

	if (rule == NULL)
		return;
	if (rule->needs_time && marking->descriptor == NULL)
		add_remark(remarks, "%s without its time", words);
	if (rule->not_public && release != NULL)
		add_remark(remarks, "%s and %s", release, words);
}

static bool
has_time(const GPtrArray *markings, const char *kind)
{
	for (guint i = 0; i < markings->len; i++) {
		const struct marking *marking = markings->pdata[i];

		if (!is_history(marking) && strcmp(marking->kind, kind) == 0 &&
		    marking->descriptor != NULL)
			return true;
	}
	return false;
}

char *
markings_contradiction(const struct marking_rules *rules,
    const GPtrArray *markings, const struct header_facts *headers,
    const struct content *content)
{
	g_autofree char *release = find_release(rules, content);
	g_autoptr(GString) remarks = g_string_new(NULL);
	g_autoptr(GHashTable) kinds = g_hash_table_new(g_str_hash, g_str_equal);
	const struct marking *parent = first_of(markings, true);

	for (guint i = 0; i < markings->len; i++) {
		const struct marking *marking = markings->pdata[i];

		/* Said once in the message is enough. */
		if (is_history(marking) ||
		    !g_hash_table_add(kinds, (void *)(guintptr)marking->kind))
			continue;
		if (!has_time(markings, marking->kind) || release != NULL)
			remark_on(rules, marking, content, release, remarks);
	}
	if (parent != NULL && first_of(markings, false) == NULL &&
	    (headers == NULL || headers->is_reply || headers->is_forward)) {
		g_autofree char *words = words_of(parent, content);

		add_remark(remarks,
		    "what it answers or passes on is marked %s, the message "
		    "itself is not",
		    words);
	}
	return remarks->len > 0 ? g_strdup(remarks->str) : NULL;
}
