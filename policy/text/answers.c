/*
 * Answers inside the text of an earlier message: as Outlook marks them, each
 * begins with the name of who answers, "[Jane Jones] Yes.", or the initials;
 * or in a colour or in capitals, if the author says so above.
 */
#include <string.h>

#include "policy/text/lines.h"
#include "policy/text/signoff.h"
#include "policy/text/words.h"

enum {
	MARK_MAX_BYTES = 60,
	INITIALS_MIN = 2,
	INITIALS_MAX = 4,
	CAPITALS_MIN = 2,     /* words that are enough to tell capitals by */
	ANNOUNCE_LINES = 100, /* in which the author says how */
};

/* How the author says that answers are marked. */
struct announced {
	unsigned inks; /* 1 << enum ink */
	bool capitals;
};

/* Are these the initials of the first words of the author's name? */
static bool
are_initials(const char *text, gsize len, const char *author)
{
	if (len < INITIALS_MIN || len > INITIALS_MAX || author == NULL)
		return false;
	for (gsize i = 0; i < len; i++) {
		author += strspn(author, " ");
		if (!g_ascii_isupper(text[i]) || *author != text[i])
			return false;
		author += strcspn(author, " ");
	}
	return true;
}

static bool
is_answer(const struct document *d, const struct line *line)
{
	const char *text = line_text(d, line), *close;
	const char *author = d->input->author;
	gsize len;

	if (*text != '[')
		return false;
	close = memchr(text, ']', MIN(line_length(line), MARK_MAX_BYTES));
	if (close == NULL)
		return false;
	text++;
	len = (gsize)(close - text);
	return are_initials(text, len, author) ||
	       (signoff_naming(text, len, author) == NAMING_AUTHOR &&
		   memchr(text, ' ', len) != NULL);
}

/* The inks that a word stands for; 0: none. */
static unsigned
word_inks(const char *word)
{
	static const struct {
		const char *word;
		enum ink ink;
	} words[] = {
	    {"red", INK_RED},
	    {"rot", INK_RED},
	    {"rouge", INK_RED},
	    {"rojo", INK_RED},
	    {"rosso", INK_RED},
	    {"rood", INK_RED},
	    {"coch", INK_RED},
	    {"goch", INK_RED},
	    {"green", INK_GREEN},
	    {"grün", INK_GREEN},
	    {"vert", INK_GREEN},
	    {"verde", INK_GREEN},
	    {"groen", INK_GREEN},
	    {"gwyrdd", INK_GREEN},
	    {"wyrdd", INK_GREEN},
	    {"blue", INK_BLUE},
	    {"blau", INK_BLUE},
	    {"bleu", INK_BLUE},
	    {"azul", INK_BLUE},
	    {"blu", INK_BLUE},
	    {"blauw", INK_BLUE},
	    {"glas", INK_BLUE},
	    {"las", INK_BLUE},
	    {"purple", INK_PURPLE},
	    {"pink", INK_PURPLE},
	    {"magenta", INK_PURPLE},
	    {"porffor", INK_PURPLE},
	    {"yellow", INK_YELLOW},
	    {"highlighted", INK_YELLOW},
	    {"melyn", INK_YELLOW},
	    {"felyn", INK_YELLOW},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(word, words[i].word) == 0)
			return 1U << words[i].ink;
	/* Which one, is not said. */
	if (strcmp(word, "colour") == 0 || strcmp(word, "color") == 0)
		return ~(1U << INK_PLAIN);
	return 0;
}

static bool
is_capitals(const char *word)
{
	return strcmp(word, "capitals") == 0 || strcmp(word, "caps") == 0 ||
	       strcmp(word, "uppercase") == 0;
}

/* Does the word speak of answers, or of where they stand? */
static bool
is_of_answers(const char *word)
{
	static const char *const words[] = {"amendments", "annotations",
	    "answer", "answered", "answers", "antworten", "atebion", "below",
	    "comment", "commented", "comments", "feedback", "inline", "inside",
	    "interspersed", "isod", "kommentare", "notes", "remarks", "replied",
	    "replies", "reply", "responded", "responses", "respuestas",
	    "risposte", "réponses", "sylwadau", "thoughts", "unten", "view",
	    "views", "within"};

	return word_is_in(word, words, G_N_ELEMENTS(words));
}

/* "My answers are below in red": both in one line. */
static void
read_announcement(const struct document *d, const struct line *line,
    struct announced *announced)
{
	const char *text = line_text(d, line);
	struct announced found = {0};
	bool answers = false;
	struct word word;
	gsize pos = 0;

	while (word_next(text, line_length(line), &pos, &word)) {
		answers |= is_of_answers(word.text);
		found.inks |= word_inks(word.text);
		found.capitals |= is_capitals(word.text);
	}
	if (!answers)
		return;
	announced->inks |= found.inks;
	announced->capitals |= found.capitals;
}

static struct announced
find_announcement(const struct document *d)
{
	struct announced announced = {0};
	guint lines = MIN(d->lines->len, ANNOUNCE_LINES);

	for (guint i = 0; i < lines; i++) {
		const struct line *line = document_line(d, i);

		if (line->depth == 0 && !line_is_empty(line))
			read_announcement(d, line, &announced);
	}
	return announced;
}

/* Words in capitals, and none without. */
static bool
is_shouted(const struct document *d, const struct line *line)
{
	const char *p = line_text(d, line), *end = p + line_length(line);
	unsigned words = 0;
	bool inside = false;

	for (; p < end; p += g_utf8_skip[(guchar)*p]) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_islower(c))
			return false;
		words += g_unichar_isupper(c) && !inside;
		inside = g_unichar_isalnum(c);
	}
	return words >= CAPITALS_MIN;
}

static bool
is_announced(const struct document *d, const struct line *line,
    const struct announced *announced)
{
	return (line->hint->inks & announced->inks) != 0 ||
	       (announced->capitals && is_shouted(d, line));
}

void
answers_find(struct document *d)
{
	struct announced announced;

	if (!d->input->expected)
		return;
	announced = find_announcement(d);
	for (guint i = 0; i < d->lines->len; i++) {
		struct line *line = document_line(d, i);

		if (line->depth != 1 || line_is_empty(line))
			continue;
		if (!is_announced(d, line, &announced) &&
		    (line->origin != ORIGIN_QUOTED || d->input->forward ||
			!is_answer(d, line)))
			continue;
		line->origin = ORIGIN_OWN;
		line->depth = 0;
		line->writer = NO_WRITER;
	}
}
