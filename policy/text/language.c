#include <stdbool.h>

#include "policy/text/language.h"
#include "policy/text/words.h"

/* No more than this is looked at, and fewer words tell nothing. */
enum { BYTES_MAX = 16384, FOUND_MIN = 2 };

/*
 * Words that nearly every sentence has one of and that the other language
 * does not, so not "i", "a", "am" or "ni".
 */
static const char *const english[] = {"and", "are", "as", "at", "be", "but",
    "by", "can", "for", "from", "has", "have", "if", "in", "is", "it", "me",
    "my", "not", "of", "on", "or", "our", "please", "regards", "that", "the",
    "this", "to", "was", "we", "will", "with", "would", "you", "your"};
static const char *const welsh[] = {"ac", "ar", "bod", "chi", "cyngor", "ddim",
    "diolch", "dros", "ei", "eich", "eu", "fe", "fod", "fy", "gan",
    "gwybodaeth", "gyda", "hoffwn", "hon", "hwn", "hyn", "hynny", "iawn", "mae",
    "mewn", "nhw", "nid", "oedd", "oes", "ond", "os", "roedd", "rwy", "rydw",
    "rydym", "sy", "sydd", "un", "wedi", "wrth", "ydy", "ydych", "yma", "yn",
    "yng", "yr"};

const char *
text_language(const char *text, gsize len)
{
	unsigned en = 0, cy = 0;
	struct word word;
	gsize pos = 0;

	len = MIN(len, BYTES_MAX);
	while (word_next(text, len, &pos, &word)) {
		en += word_is_in(word.text, english, G_N_ELEMENTS(english));
		cy += word_is_in(word.text, welsh, G_N_ELEMENTS(welsh));
	}
	if (MAX(en, cy) < FOUND_MIN || en == cy)
		return "";
	return en > cy ? "en" : "cy";
}
