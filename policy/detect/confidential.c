#include <string.h>

#include "policy/detect/confidential_private.h"
#include "policy/text/normalise.h"

/* Text of one source: the author's, what is quoted, or one attachment. */
struct passage {
	GString *text;
	GArray *pieces; /* struct piece, ascending */
};

struct piece {
	gsize start; /* in the passage */
	guint segment;
};

/* Passages 0 and 1; attachments follow in their order. */
enum { PASSAGE_OWN, PASSAGE_QUOTED, PASSAGE_ATTACHMENTS };

static void
secret_free(void *p)
{
	struct secret *secret = p;

	g_free(secret->phrase);
	g_free(secret);
}

static void
passage_free(void *p)
{
	struct passage *passage = p;

	g_string_free(passage->text, TRUE);
	g_array_unref(passage->pieces);
	g_free(passage);
}

static struct passage *
passage_new(void)
{
	struct passage *passage = g_new0(struct passage, 1);

	passage->text = g_string_new(NULL);
	passage->pieces = g_array_new(FALSE, FALSE, sizeof(struct piece));
	return passage;
}

/*
 * The passage a segment belongs to, or -1.  Signatures, disclaimers and our
 * own footers say the same in every mail.
 */
static int
passage_of(const struct segment *segment)
{
	switch (segment->origin) {
	case ORIGIN_SUBJECT:
	case ORIGIN_OWN:
		return PASSAGE_OWN;
	case ORIGIN_QUOTED:
	case ORIGIN_FORWARDED:
		return PASSAGE_QUOTED;
	case ORIGIN_NAME:
	case ORIGIN_ATTACHMENT:
	case ORIGIN_PROPERTY:
		return segment->attachment < 0
			   ? PASSAGE_OWN
			   : PASSAGE_ATTACHMENTS + segment->attachment;
	default:
		return -1;
	}
}

static GPtrArray *
passages_new(const struct content *content)
{
	GPtrArray *passages = g_ptr_array_new_with_free_func(passage_free);
	guint i;

	for (i = 0; i < PASSAGE_ATTACHMENTS + content->attachments->len; i++)
		g_ptr_array_add(passages, passage_new());
	for (i = 0; i < content->segments->len; i++) {
		const struct segment *segment = content->segments->pdata[i];
		int k = passage_of(segment);
		struct passage *passage;
		struct piece piece;

		if (k < 0 || (guint)k >= passages->len)
			continue;
		passage = passages->pdata[k];
		piece = (struct piece){passage->text->len, i};
		g_array_append_val(passage->pieces, piece);
		g_string_append_len(
		    passage->text, segment->text, (gssize)segment->len);
		g_string_append(passage->text, "\n\n");
	}
	return passages;
}

/* The piece in which an offset of the passage lies. */
static const struct piece *
piece_at(const struct passage *passage, gsize offset)
{
	guint i = passage->pieces->len;

	while (--i > 0 &&
	       g_array_index(passage->pieces, struct piece, i).start > offset)
		;
	return &g_array_index(passage->pieces, struct piece, i);
}

static struct secret *
secret_new(const struct category *category, const struct window *window,
    const struct passage *passage)
{
	struct secret *secret = g_new0(struct secret, 1);
	const struct hit *hit = window->hit;
	const struct piece *piece = piece_at(passage, hit->start);

	secret->category = category->name;
	secret->title = category->title;
	secret->probability = window->probability;
	secret->segment = piece->segment;
	secret->start = hit->start - piece->start;
	secret->end = hit->end - piece->start;
	secret->count = window->count;
	secret->identifier = hit->anchor->evidence->checked;
	secret->phrase = confidential_phrase(passage->text->str + hit->start,
	    hit->end - hit->start, secret->identifier);
	return secret;
}

static void
find_in_passage(const struct confidential_rules *rules,
    const struct passage *passage, GPtrArray *secrets, bool *cut)
{
	g_autoptr(GArray) hits = NULL;
	guint i;

	if (passage->text->len == 0)
		return;
	hits = confidential_hits(
	    rules, passage->text->str, passage->text->len, cut);
	for (i = 0; hits->len > 0 && i < rules->categories->len; i++) {
		const struct category *category = rules->categories->pdata[i];
		struct window window =
		    confidential_combine(hits, category, passage->text->str);

		if (level_of(window.probability) >= LEVEL_LOW)
			g_ptr_array_add(
			    secrets, secret_new(category, &window, passage));
	}
}

/* The most probable first; of equals, the first in the message. */
static gint
compare_secrets(gconstpointer p, gconstpointer q)
{
	const struct secret *a = *(const struct secret *const *)p;
	const struct secret *b = *(const struct secret *const *)q;

	if (a->probability != b->probability)
		return a->probability > b->probability ? -1 : 1;
	if (a->segment != b->segment)
		return a->segment < b->segment ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return strcmp(a->category, b->category);
}

GPtrArray *
secrets_find(
    const struct confidential_rules *rules, const struct content *content,
    bool *cut)
{
	GPtrArray *secrets = g_ptr_array_new_with_free_func(secret_free);
	g_autoptr(GPtrArray) passages = passages_new(content);
	guint i;

	for (i = 0; i < passages->len; i++)
		find_in_passage(rules, passages->pdata[i], secrets, cut);
	g_ptr_array_sort(secrets, compare_secrets);
	return secrets;
}

/* How sure the rules are that a text is of a category. */
static double
probability_of(const struct confidential_rules *rules, const char *raw,
    const struct category *category)
{
	g_autofree char *text = NULL;
	g_autoptr(GArray) hits = NULL;
	bool cut = false;
	gsize len;

	text = text_normalise(raw, strlen(raw), &len, NULL);
	hits = confidential_hits(rules, text, len, &cut);
	return confidential_combine(hits, category, text).probability;
}

void
confidential_rules_try(
    const struct confidential_rules *rules, struct diags *diags)
{
	guint i;

	for (i = 0; rules->compiled && i < rules->examples->len; i++) {
		const struct example *example = rules->examples->pdata[i];
		double probability;

		if (example->category == NULL)
			continue;
		probability =
		    probability_of(rules, example->text, example->category);
		if ((level_of(probability) >= example->level) ==
		    example->matches)
			continue;
		diags_add(diags, DIAG_ERROR, &example->place,
		    "this example must%s be found as %s at %s: its "
		    "probability is %.2f",
		    example->matches ? "" : " not", example->category->name,
		    level_name(example->level), probability);
	}
}
