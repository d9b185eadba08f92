#include <string.h>

#include "milter/message/twins.h"
#include "policy/text/history_line.h"
#include "policy/text/words.h"

static guint64
hash_word(const char *word)
{
	guint64 hash = G_GUINT64_CONSTANT(14695981039346656037);

	for (; *word != '\0'; word++)
		hash =
		    (hash ^ (guchar)*word) * G_GUINT64_CONSTANT(1099511628211);
	return hash;
}

/* The end of a link's address or a picture's place at p, or NULL. */
static const char *
skip_address(const char *p, const char *end)
{
	static const char *const links[] = {
	    "http://", "https://", "mailto:", "tel:", "www."};
	static const char *const places[] = {"[cid:", "[image:", "[http"};

	for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
		gsize len = strlen(places[i]);

		if ((gsize)(end - p) > len && memcmp(p, places[i], len) == 0) {
			const char *close =
			    memchr(p, ']', MIN((gsize)(end - p), 2000));

			return close != NULL ? close + 1 : NULL;
		}
	}
	for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
		gsize len = strlen(links[i]);

		if ((gsize)(end - p) > len &&
		    g_ascii_strncasecmp(p, links[i], len) == 0) {
			while (p < end && (guchar)*p > ' ' && *p != '>' &&
			       *p != ')' && *p != ']')
				p++;
			return p;
		}
	}
	return NULL;
}

/* The end of a separator that begins here: HTML has a line drawn there. */
static const char *
skip_separator(const char *p, const char *end)
{
	const char *lf = memchr(p, '\n', (gsize)(end - p));
	gsize len = (gsize)((lf != NULL ? lf : end) - p);

	return *p == '-' && line_is_separator(p, len) ? p + len : p;
}

/* "1.", "b)", "iv.", "o" or a dot where a line begins: a list item's mark. */
static const char *
skip_bullet(const char *p, const char *end)
{
	static const char *const dots[] = {"\302\267", "\342\200\242",
	    "\342\200\243", "\342\227\217", "\342\227\246",
	    "\342\226\252", "\342\226\240", "\357\202\267"};
	const char *start = p;

	for (gsize i = 0; i < G_N_ELEMENTS(dots); i++) {
		gsize len = strlen(dots[i]);

		if ((gsize)(end - p) > len && memcmp(p, dots[i], len) == 0)
			return p + len;
	}

	while (p < end && p - start < 3 && g_ascii_isdigit(*p))
		p++;
	if (p == start)
		while (p < end && p - start < 4 && *p != '\0' &&
		       strchr("ivx", *p) != NULL)
			p++;
	if (p == start && p < end && g_ascii_isalpha(*p))
		p++;
	if (p > start && p + 1 < end && (*p == '.' || *p == ')') && p[1] == ' ')
		return p + 1;
	return end - start > 2 && start[0] == 'o' && start[1] == ' ' ? start + 1
								     : start;
}

static void
add_words(struct word_sum *sum, const char *text, gsize len)
{
	struct word word;
	gsize pos = 0;

	while (word_next(text, len, &pos, &word)) {
		guint64 hash = hash_word(word.text);

		sum->count++;
		sum->sum += hash;
		sum->mixed += hash * (hash >> 29 | 1);
	}
}

void
word_sum_add(struct word_sum *sum, const char *text, gsize len)
{
	const char *p = text, *end = text + len, *from = text, *skipped;
	bool line_start = true;

	while (p < end) {
		if (line_start) {
			skipped = skip_separator(p, end);
			if (skipped > p) {
				add_words(sum, from, (gsize)(p - from));
				from = p = skipped;
				continue;
			}
			while (p < end && strchr(" >*-", *p) != NULL && *p != 0)
				p++;
			skipped = skip_bullet(p, end);
			if (skipped > p) {
				add_words(sum, from, (gsize)(p - from));
				from = p = skipped;
			}
			line_start = false;
			continue;
		}
		line_start = *p == '\n';
		if (strchr("hHmMtTwW[", *p) != NULL &&
		    (p == text || !g_ascii_isalnum(p[-1])) &&
		    (skipped = skip_address(p, end)) != NULL) {
			add_words(sum, from, (gsize)(p - from));
			from = p = skipped;
		} else
			p++;
	}
	add_words(sum, from, (gsize)(end - from));
}

bool
word_sums_equal(const struct word_sum *a, const struct word_sum *b)
{
	return a->count == b->count && a->sum == b->sum && a->mixed == b->mixed;
}
