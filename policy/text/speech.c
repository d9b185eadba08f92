#include <string.h>

#include "policy/text/signoff.h"
#include "policy/text/speech.h"
#include "policy/text/words.h"

enum { WORDS_MAX = 120, REQUEST_WORDS = 3 };

static bool
is_speaker(const char *word)
{
	static const char *const words[] = {"i", "ill", "im", "ive", "ni",
	    "rwyf", "rydw", "rydym", "rydyn", "we", "weve", "wnawn"};

	return word_is_in(word, words, G_N_ELEMENTS(words));
}

static bool
is_council(const char *word)
{
	static const char *const words[] = {
	    "council", "councils", "cyngor", "gyngor"};

	return word_is_in(word, words, G_N_ELEMENTS(words));
}

static bool
is_spoken_to(const char *word)
{
	static const char *const words[] = {
	    "chi", "eich", "gwelwch", "please", "you", "your"};

	return word_is_in(word, words, G_N_ELEMENTS(words));
}

/* What binds whoever does it, unless it is denied. */
static bool
is_deed(const char *word)
{
	static const char *const words[] = {"accept", "accepted", "accepts",
	    "agree", "agreed", "agrees", "appoint", "appointed", "appoints",
	    "approve", "approved", "approves", "archebu", "authorise",
	    "authorised", "authorises", "award", "awarded", "awards", "buy",
	    "buys", "confirm", "confirms", "contribute", "dalu", "engage",
	    "fund", "funds", "grant", "grants", "guarantee", "guarantees",
	    "hire", "indemnify", "instruct", "instructs", "lease", "order",
	    "ordered", "orders", "pay", "pays", "promise", "promises",
	    "purchase", "reimburse", "rent", "sell", "sells", "settle", "talu",
	    "undertake", "undertakes"};

	return word_is_in(word, words, G_N_ELEMENTS(words));
}

static bool
is_denial(const char *word)
{
	static const char *const words[] = {"cannot", "ddim", "doesnt", "dont",
	    "heb", "nad", "neither", "never", "nid", "no", "nor", "not",
	    "unable", "without", "wont"};

	return word_is_in(word, words, G_N_ELEMENTS(words));
}

static bool
is_of_hours(const char *word)
{
	static const char *const words[] = {"closed", "days", "flexibly",
	    "gweithio", "hours", "office", "oriau", "swyddfa", "work",
	    "working"};

	return word_is_in(word, words, G_N_ELEMENTS(words));
}

static bool
names_sum(const char *text, gsize len)
{
	static const char *const signs[] = {"\302\243", "\342\202\254", "$"};

	for (gsize i = 0; i < G_N_ELEMENTS(signs); i++) {
		gsize size = strlen(signs[i]);
		const char *p = text, *end = text + len;

		while (
		    (p = memmem(p, (gsize)(end - p), signs[i], size)) != NULL) {
			p += size;
			while (p < end && *p == ' ')
				p++;
			if (p < end && g_ascii_isdigit(*p))
				return true;
		}
	}
	return false;
}

/* What kinds of words are in a text. */
struct speech {
	bool speaker, council, spoken_to, deed, denial, hours;
	bool request; /* it begins with "please" */
	unsigned words;
};

static struct speech
read_speech(const char *text, gsize len)
{
	struct speech speech = {0};
	struct word word;
	gsize pos = 0;

	while (speech.words < WORDS_MAX && word_next(text, len, &pos, &word)) {
		const char *w = word.text;

		speech.request |= speech.words == 0 && strcmp(w, "please") == 0;
		speech.speaker |= is_speaker(w);
		speech.council |= is_council(w);
		speech.spoken_to |= is_spoken_to(w);
		speech.deed |= is_deed(w);
		speech.denial |= is_denial(w);
		speech.hours |= is_of_hours(w);
		speech.words++;
	}
	return speech;
}

static bool
binds(const struct speech *s)
{
	return (s->speaker || s->council) && s->deed && !s->denial;
}

bool
speech_binds(const char *text, gsize len)
{
	const struct speech s = read_speech(text, len);

	return binds(&s) || names_sum(text, len);
}

bool
speech_addresses(const char *line, gsize len)
{
	const struct speech s = read_speech(line, len);

	if (names_sum(line, len))
		return true;
	if (s.request && s.words >= REQUEST_WORDS)
		return !signoff_is_contact(line, len) && !s.hours;
	if (!signoff_is_prose(line, len))
		return false;
	return binds(&s) || ((s.speaker || s.spoken_to) && !s.hours);
}
