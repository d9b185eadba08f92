#include <stdbool.h>
#include <string.h>

#include "policy/text/sentence.h"

/*
 * A line shorter than this that is followed by a capital was ended by its
 * writer, not by the width of a window.
 */
enum { SHORT_LINE = 50, SENTENCE_MAX = 2000, WORD_MAX = 16 };

/* Words whose full stop ends no sentence. */
static const char *const abbreviations[] = {"mr", "mrs", "ms", "dr", "rev",
    "revd", "cllr", "cllrs", "cyng", "st", "hon", "no", "nos", "rd", "ave",
    "ref", "tel", "ext", "approx", "incl", "excl", "e.g", "eg", "i.e", "ie",
    "viz", "vs", "cf", "para", "paras", "min", "fig", "p", "pp", "inc", "dept",
    "messrs", "prof", NULL};

/*
 * Words that begin a clause of their own: after a comma, after "and", and by
 * themselves.  "and" alone joins nouns more often than clauses.
 */
static const char *const after_comma[] = {"and", "but", "so", "or", "yet",
    "then", "please", "kindly", "which", "who", "whom", "whose", "where",
    "because", "as", "since", "for", "we", "i", "you", "he", "she", "it",
    "they", "the", "this", "that", "there", "if", "unless", "provided",
    "though", "although", "while", "whereas", "after", "before", "until",
    "once", "can", "could", "would", "will", "do", "is", "are", "let", "go",
    "start", "stop", "just", "we'll", "i'll", "you'll", "we've", "i've",
    "you've", "we're", "i'm", "it's", "let's", "ond", "felly", "a", "ac", "os",
    "mae", "mae'r", "bydd", "byddwn", "rwy'n", "rwyf", "rydym", "ewch", NULL};
static const char *const after_and[] = {"i", "we", "you", "he", "she", "it",
    "they", "the", "this", "please", "kindly", "will", "shall", "can", "may",
    "instruct", "authorise", "authorize", "direct", "confirm", "accept",
    "approve", "invoice", "bill", "send", "start", "go", "let", "look", "then",
    "am", "are", "is", "have", "has", "we'll", "i'll", "you'll", "we've",
    "i've", "you've", "we're", "i'm", "it's", "let's", "so", "if", NULL};
static const char *const by_itself[] = {"but", "because", "although", "though",
    "whereas", "which", "who", "whom", "whose", "ond", "oherwydd", NULL};
/* What "so" introduces when it means "therefore". */
static const char *const after_so[] = {"i", "we", "you", "he", "she", "it",
    "they", "the", "please", "go", "start", "we'll", "i'll", "you'll", "let's",
    "do", "can", NULL};

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool
is_word(char c)
{
	return g_ascii_isalnum(c) || c == '\'' || ((guchar)c & 0x80) != 0;
}

static bool
listed(const char *const *list, const char *word, gsize len)
{
	for (; *list != NULL; list++)
		if (strlen(*list) == len &&
		    g_ascii_strncasecmp(*list, word, len) == 0)
			return true;
	return false;
}

static void
add_span(GArray *spans, const char *text, gsize start, gsize end)
{
	struct span span;

	while (start < end && is_space(text[start]))
		start++;
	while (end > start && is_space(text[end - 1]))
		end--;
	span = (struct span){start, end};
	if (end > start)
		g_array_append_val(spans, span);
}

/* Does an item of a list begin at p? */
static bool
begins_item(const char *text, gsize len, gsize p)
{
	gsize digits = 0;

	if (p >= len)
		return false;
	if (is_one_of(text[p], "*>-+"))
		return true;
	if (g_str_has_prefix(text + p, "\xe2\x80\xa2"))
		return true;
	while (p + digits < len && g_ascii_isdigit(text[p + digits]))
		digits++;
	return digits > 0 && digits < 3 && p + digits + 1 < len &&
	       is_one_of(text[p + digits], ".)") &&
	       is_space(text[p + digits + 1]);
}

/*
 * Is the full stop at p that of an abbreviation, an initial, a number, or the
 * number of an item?
 */
static bool
is_abbreviation(const char *text, gsize len, gsize p)
{
	gsize start = p;

	if (p + 1 < len && !is_space(text[p + 1]) &&
	    !is_one_of(text[p + 1], "\"')]"))
		return true;
	while (
	    start > 0 && (is_word(text[start - 1]) || text[start - 1] == '.'))
		start--;
	if (p - start < 3 && g_ascii_isdigit(text[start]) &&
	    begins_item(text, len, start) &&
	    (start == 0 || text[start - 1] == '\n'))
		return true;
	if (p - start == 1 && g_ascii_isupper(text[start]) &&
	    text[start] != 'I')
		return true;
	return listed(abbreviations, text + start, p - start);
}

/*
 * Where the sentence ends whose mark stands at p: past further marks, closing
 * quotation marks and brackets.  0 when it is no end.
 */
static gsize
end_at_mark(const char *text, gsize len, gsize p)
{
	gsize end = p + 1;

	if (text[p] == '.' && is_abbreviation(text, len, p) &&
	    !(p + 1 < len && text[p + 1] == '.'))
		return 0;
	while (end < len && is_one_of(text[end], ".?!\"')]"))
		end++;
	return end == len || is_space(text[end]) ? end : 0;
}

/*
 * Does the line that ends at p end its sentence?  Blank lines and items do,
 * and so does a line that could have held the next word.
 */
static bool
ends_at_line(const char *text, gsize len, gsize line, gsize p)
{
	gsize next = p + 1;

	while (next < len && (text[next] == ' ' || text[next] == '\t'))
		next++;
	if (next >= len || text[next] == '\n' || begins_item(text, len, next))
		return true;
	if (text[line] == '>')
		return true;
	return p - line < SHORT_LINE && g_ascii_isupper(text[next]) &&
	       (p == line || !g_ascii_isalnum(text[p - 1]) || p - line < 30);
}

GArray *
sentences_find(const char *text, gsize len)
{
	GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct span));
	gsize start = 0, line = 0, p, end;

	for (p = 0; p < len; p++) {
		end = 0;
		if (text[p] == '\n') {
			if (ends_at_line(text, len, line, p))
				end = p;
			line = p + 1;
		} else if (is_one_of(text[p], ".?!")) {
			end = end_at_mark(text, len, p);
		} else if (p - start >= SENTENCE_MAX && text[p] == ' ') {
			end = p;
		}
		if (end == 0)
			continue;
		add_span(spans, text, start, end);
		start = end;
		if (end > p)
			p = end - 1;
	}
	add_span(spans, text, start, len);
	return spans;
}

/* The word at p: its length, 0 where none begins. */
static gsize
word_at(const char *text, gsize len, gsize p)
{
	gsize end = p;

	if (p > 0 && p < len && is_word(text[p - 1]))
		return 0;
	while (end < len && is_word(text[end]))
		end++;
	return end - p;
}

static gsize
skip_space(const char *text, gsize len, gsize p)
{
	while (p < len && is_space(text[p]))
		p++;
	return p;
}

static bool
next_is(const char *const *list, const char *text, gsize len, gsize p)
{
	p = skip_space(text, len, p);
	return listed(list, text + p, word_at(text, len, p));
}

/* Does a clause begin with the word of n bytes at p? */
static bool
word_begins(const char *text, gsize len, gsize p, gsize n)
{
	if (n == 0 || n > WORD_MAX)
		return false;
	if (listed(by_itself, text + p, n))
		return true;
	if (n == 3 && g_ascii_strncasecmp(text + p, "and", 3) == 0)
		return next_is(after_and, text, len, p + n);
	if (n == 2 && g_ascii_strncasecmp(text + p, "so", 2) == 0)
		return next_is(after_so, text, len, p + n);
	return false;
}

/* How many bytes at p divide two clauses. */
static gsize
divider_at(const char *text, gsize len, gsize p)
{
	bool digits = p > 0 && p + 1 < len && g_ascii_isdigit(text[p - 1]) &&
		      g_ascii_isdigit(text[p + 1]);

	switch (text[p]) {
	case ';':
	case '(':
	case ')':
		return 1;
	case ':':
		return digits ? 0 : 1;
	case ',':
		return !digits && next_is(after_comma, text, len, p + 1) ? 1
									 : 0;
	case '-':
		return p > 0 && is_space(text[p - 1]) && p + 1 < len &&
			       (is_space(text[p + 1]) || text[p + 1] == '-')
			   ? 1
			   : 0;
	default:
		return 0;
	}
}

GArray *
clauses_find(const char *sentence, gsize len)
{
	GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct span));
	gsize start = 0, p = 0, n;

	while (p < len) {
		n = word_at(sentence, len, p);
		if (p > start && word_begins(sentence, len, p, n)) {
			add_span(spans, sentence, start, p);
			start = p;
		}
		if (n > 0) {
			p += n;
			continue;
		}
		n = divider_at(sentence, len, p);
		if (n > 0) {
			add_span(spans, sentence, start, p);
			start = p + n;
		}
		p += MAX(n, 1);
	}
	add_span(spans, sentence, start, len);
	return spans;
}
