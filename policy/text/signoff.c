#include <string.h>

#include "policy/text/signoff.h"
#include "policy/text/words.h"

/* How many words a line may have to be something. */
enum {
	CLOSING_REST = 4, /* after closing words: a name */
	PROSE_MIN = 8,
	TAIL_WORDS = 16,
	NAME_WORDS = 5,
	TITLED_WORDS = 10,
	LINE_WORDS = 24, /* more are not looked at */
};

/* The words of a line, one blank between them, for whole phrases. */
struct phrase {
	char text[LINE_WORDS * (WORD_MAX + 1) + 2];
	unsigned words, capitals, small;
	bool complete; /* all words are in it */
};

static void
read_phrase(struct phrase *phrase, const char *line, gsize len)
{
	struct word word;
	gsize pos = 0, used = 0;

	*phrase = (struct phrase){.complete = true};
	while (word_next(line, len, &pos, &word)) {
		gsize n = strlen(word.text);

		if (phrase->words == LINE_WORDS) {
			phrase->complete = false;
			break;
		}
		memcpy(phrase->text + used, word.text, n);
		used += n;
		phrase->text[used++] = ' ';
		phrase->words++;
		phrase->capitals += word.capital;
		phrase->small += !word.capital;
	}
	phrase->text[used] = '\0';
}

static unsigned
count_words(const char *text)
{
	unsigned n = 0;

	for (; *text != '\0'; text++)
		n += *text == ' ';
	return n;
}

/* The words after the longest of the phrases that it begins with, or NULL. */
static const char *
after_phrase(const char *text, const char *const *phrases)
{
	const char *best = NULL;

	for (; *phrases != NULL; phrases++) {
		gsize len = strlen(*phrases);

		if (strncmp(text, *phrases, len) == 0 && text[len] == ' ' &&
		    (best == NULL || text + len + 1 > best))
			best = text + len + 1;
	}
	return best;
}

static const char *const thanks[] = {"thanks", "many thanks", "thank you",
    "thanks in advance", "thanks again", "with thanks", "thanks so much",
    "thanks very much", "thank you very much", "much appreciated",
    "with many thanks", "thanks and", "cheers", "ta", "best", "thx", "diolch",
    "diolch yn fawr", "diolch o galon", "gyda diolch", "llawer o ddiolch",
    "diolch yn fawr iawn", "diolch ymlaen llaw", "merci", "merci beaucoup",
    "merci davance", "un grand merci", "danke", "danke schön", "vielen dank",
    "besten dank", "herzlichen dank", "vielen dank im voraus",
    "danke im voraus", "gracias", "muchas gracias", "mil gracias",
    "gracias de antemano", "dziękuję", "z góry dziękuję", "dziękujemy",
    "grazie", "bedankt", "obrigado", "obrigada", "tack", "dzięki", NULL};
static const char *const closings[] = {"regards", "kind regards",
    "kindest regards", "best regards", "warm regards", "warmest regards",
    "many regards", "with regards", "with kind regards", "with best regards",
    "with kindest regards", "warmly", "sincere regards", "fond regards", "rgds",
    "kr", "brgds", "thanks and regards", "thanks and kind regards",
    "thanks and best regards", "many thanks and kind regards", "best wishes",
    "with best wishes", "all best wishes", "kind wishes", "all good wishes",
    "with all good wishes", "all the best", "all best", "very best",
    "very best wishes", "yours", "yours sincerely", "yours faithfully",
    "yours truly", "yours ever", "yours aye", "yours etc", "yours respectfully",
    "sincerely", "sincerely yours", "respectfully", "faithfully",
    "respectfully yours", "cordially", "with respect", "take care",
    "speak soon", "have a good weekend", "have a great weekend",
    "have a lovely weekend", "have a good day", "have a nice day", "in haste",
    "love", "lots of love", "for and on behalf of", "on behalf of",
    "sent on behalf of", "signed", "pp", "per pro", "ar ran", "dros y cyngor",
    "dros gyngor", "cofion", "cofion gorau", "cofion cynnes", "cofion caredig",
    "cofion cu", "cofion gorau oll", "yn gywir", "yn ddiffuant",
    "yr eiddoch yn gywir", "yr eiddoch yn ffyddlon", "eich yn gywir",
    "yn ffyddlon", "yn bur", "gyda pharch", "gyda phob dymuniad da",
    "cofion annwyl", "dymuniadau gorau", "gyda dymuniadau gorau",
    "gyda chofion", "gyda chofion gorau", "gyda chofion cynnes", "pob hwyl",
    "hwyl am y tro", "hwyl", "mit freundlichen grüßen", "mit freundlichem gruß",
    "mit freundlichen gruessen", "freundliche grüße", "viele grüße",
    "liebe grüße", "beste grüße", "schöne grüße", "mfg", "lg", "vg",
    "mit freundlichen grüssen", "mit besten grüßen", "mit besten grüssen",
    "freundlicher gruß", "freundliche grüsse", "herzliche grüße",
    "herzliche grüsse", "viele grüsse", "liebe grüsse", "beste grüsse", "gruß",
    "grüße", "hochachtungsvoll", "cordialement", "très cordialement",
    "bien cordialement", "bien à vous", "cdlt", "salutations",
    "meilleures salutations", "sincères salutations", "amicalement",
    "sincèrement", "respectueusement", "salutations distinguées", "bien à toi",
    "à bientôt", "bonne journée", "belle journée", "saludos", "un saludo",
    "saludos cordiales", "atentamente", "muy atentamente", "cordialmente",
    "un cordial saludo", "un saludo cordial", "un saludo muy cordial",
    "reciba un cordial saludo", "reciban un cordial saludo",
    "le saluda atentamente", "un abrazo", "cordiali saluti", "distinti saluti",
    "saluti", "un saluto", "cumprimentos", "melhores cumprimentos",
    "atenciosamente", "met vriendelijke groet", "met vriendelijke groeten",
    "vriendelijke groet", "groet", "groeten", "mvg", "hälsningar",
    "med vänliga hälsningar", "vänliga hälsningar", "mvh", "med vennlig hilsen",
    "vennlig hilsen", "med venlig hilsen", "venlig hilsen", "hilsen",
    "pozdrawiam", "z poważaniem", "z wyrazami szacunku", "z wyrazami poważania",
    "z pozdrowieniami", "z serdecznymi pozdrowieniami",
    "serdeczne pozdrowienia", "łączę pozdrowienia", "pozdrowienia",
    "pozdrawiam serdecznie", "pzdr", "serdecznie pozdrawiam",
    "ystävällisin terveisin", "с уважением", NULL};
/* These take a whole name or office with them. */
static const char *const behalf[] = {"for and on behalf of", "on behalf of",
    "sent on behalf of", "pp", "per pro", "ar ran", "dros gyngor",
    "dros y cyngor", "signed", NULL};

/* Titles before a name, and offices after it. */
static bool
is_title(const char *word)
{
	static const char *const titles[] = {"alderman", "cllr", "cllrs", "clr",
	    "councillor", "cyng", "cynghorydd", "dame", "dr", "gynghorydd",
	    "henadur", "lord", "miss", "mr", "mrs", "ms", "prof", "professor",
	    "rev", "revd", "sir"};

	return word_is_in(word, titles, G_N_ELEMENTS(titles));
}

static bool
is_office(const char *word)
{
	static const char *const offices[] = {"administrator", "assistant",
	    "cadeirydd", "chair", "chairman", "chairperson", "chairwoman",
	    "chief", "clerc", "clerk", "cllr", "councillor", "cyngor",
	    "cynghorydd", "deputy", "director", "dirprwy", "executive", "faer",
	    "head", "leader", "maer", "manager", "mayor", "member", "officer",
	    "president", "rfo", "secretary", "swyddog", "treasurer", "warden"};

	return word_is_in(word, offices, G_N_ELEMENTS(offices));
}

/* How many of the line's words are words of the author's name? */
static bool
is_name_of(const struct phrase *phrase, const char *author)
{
	g_auto(GStrv) words = NULL;
	struct phrase name;
	unsigned of_name = 0;

	if (author == NULL || *author == '\0' || phrase->words == 0 ||
	    phrase->words > NAME_WORDS)
		return false;
	read_phrase(&name, author, strlen(author));
	words = g_strsplit(phrase->text, " ", -1);
	for (char **w = words; *w != NULL; w++) {
		g_autofree char *inner = g_strconcat(" ", *w, " ", NULL);
		g_autofree char *outer = g_strconcat(" ", name.text, NULL);

		if (**w == '\0' || (*w)[1] == '\0' || is_title(*w))
			continue;
		if (strstr(outer, inner) == NULL)
			return false;
		of_name++;
	}
	return of_name > 0;
}

/* The author's whole name, then a dash: "Jane Jones - Town Clerk". */
static bool
is_author_dashed(const char *line, gsize len, const char *author)
{
	const char *dash = memmem(line, len, " - ", 3);
	struct phrase name;

	if (dash == NULL && (dash = memmem(line, len, " | ", 3)) == NULL)
		return false;
	read_phrase(&name, line, (gsize)(dash - line));
	return name.words >= 2 && is_name_of(&name, author);
}

enum naming
signoff_naming(const char *line, gsize len, const char *author)
{
	struct phrase phrase;
	g_autofree char *first = NULL;
	bool office = false, dashed;

	if (len == 0 || len > 120)
		return NAMING_NONE;
	read_phrase(&phrase, line, len);
	if (phrase.words == 0 || !phrase.complete ||
	    strchr("?!:", line[len - 1]) != NULL)
		return NAMING_NONE;
	if (is_name_of(&phrase, author))
		return NAMING_AUTHOR;
	if (phrase.words > TITLED_WORDS || line[len - 1] == '.')
		return NAMING_NONE;
	first = g_strndup(phrase.text, strcspn(phrase.text, " "));
	for (const char *p = phrase.text; *p != '\0';) {
		g_autofree char *word = g_strndup(p, strcspn(p, " "));

		office |= is_office(word);
		p += strlen(word) + 1;
	}
	if (is_title(first) && phrase.words >= 2 && phrase.words <= NAME_WORDS)
		return phrase.small == 0 ? NAMING_TITLED : NAMING_NONE;
	if (phrase.words > 2 && office && memchr(line, ',', len) != NULL &&
	    phrase.small <= phrase.words / 3 && memchr(line, '.', len) == NULL)
		return NAMING_TITLED;
	if (office && is_author_dashed(line, len, author))
		return NAMING_TITLED;
	dashed = line[0] == '-' && len > 1 && g_ascii_isupper(line[1]);
	if (dashed && phrase.words <= 3 && phrase.small == 0 &&
	    phrase.words >= 1 && memchr(line, ',', len) == NULL)
		return NAMING_DASHED;
	return phrase.words >= 2 && phrase.words <= NAME_WORDS &&
		       phrase.small == 0
		   ? NAMING_NAME
		   : NAMING_NONE;
}

/* What follows so many closing words: "Jane Jones, Clerk to the Council"? */
static bool
names_somebody(const char *line, gsize len, unsigned words)
{
	struct word word;
	gsize pos = 0;

	while (words-- > 0 && word_next(line, len, &pos, &word))
		continue;
	while (pos < len && (line[pos] == ' ' || line[pos] == ','))
		pos++;
	return signoff_naming(line + pos, len - pos, NULL) == NAMING_TITLED;
}

enum closing
signoff_closing(const char *line, gsize len)
{
	struct phrase phrase;
	const char *rest;
	bool by_another;

	if (len > 160)
		return CLOSING_NONE;
	read_phrase(&phrase, line, len);
	if (!phrase.complete || phrase.words == 0 ||
	    memchr(line, '?', len) != NULL)
		return CLOSING_NONE;
	by_another = after_phrase(phrase.text, behalf) != NULL;
	rest = after_phrase(phrase.text, closings);
	if (rest != NULL && by_another)
		return phrase.small <= 6 && line[len - 1] != '.' &&
			       line[len - 1] != ':'
			   ? CLOSING_WORDS
			   : CLOSING_NONE;
	/* "Yn gywir / Yours sincerely" */
	while (rest != NULL && *rest != '\0' &&
	       after_phrase(rest, closings) != NULL)
		rest = after_phrase(rest, closings);
	/* What follows is a name: "Kind regards, Jane", not "Regards the". */
	if (rest != NULL && *rest != '\0' &&
	    names_somebody(line, len, phrase.words - count_words(rest)))
		return CLOSING_WORDS;
	if (rest != NULL && count_words(rest) <= CLOSING_REST &&
	    phrase.capitals + 3 >= phrase.words &&
	    (*rest == '\0' || phrase.capitals > count_words(rest)))
		return CLOSING_WORDS;
	rest = after_phrase(phrase.text, thanks);
	if (rest != NULL &&
	    (*rest == '\0' || (count_words(rest) <= 2 &&
				  phrase.capitals > count_words(rest))))
		return *rest == '\0' ? CLOSING_THANKS : CLOSING_WORDS;
	return CLOSING_NONE;
}

bool
signoff_is_contact(const char *line, gsize len)
{
	unsigned digits = 0;
	g_autofree char *low = NULL;

	if (len > 400)
		return false;
	if (memchr(line, '@', len) != NULL)
		return true;
	for (gsize i = 0; i < len; i++)
		digits += g_ascii_isdigit(line[i]);
	low = g_ascii_strdown(line, (gssize)len);
	return digits >= 9 || strstr(low, "www.") != NULL ||
	       strstr(low, "http") != NULL || g_str_has_prefix(low, "tel") ||
	       g_str_has_prefix(low, "mob") || g_str_has_prefix(low, "ff");
}

bool
signoff_is_prose(const char *line, gsize len)
{
	struct phrase phrase;

	if (len == 0)
		return false;
	read_phrase(&phrase, line, len);
	if (phrase.words < PROSE_MIN)
		return phrase.words >= 4 &&
		       strchr(".?!", line[len - 1]) != NULL &&
		       phrase.small * 2 >= phrase.words;
	return phrase.small * 2 > phrase.words &&
	       !(signoff_is_contact(line, len) && phrase.words < 12);
}

static bool
is_excuse(const char *rest)
{
	return strstr(rest, "excuse") != NULL || strstr(rest, "typo") != NULL ||
	       strstr(rest, "brevity") != NULL ||
	       strstr(rest, "apologies") != NULL;
}

/* "BlackBerry 10 smartphone on the EE network" */
static bool
is_device(const char *rest)
{
	return g_str_has_suffix(rest, " network ") ||
	       g_str_has_suffix(rest, " device ") ||
	       g_str_has_suffix(rest, " smartphone ");
}

bool
signoff_is_tail(const char *line, gsize len)
{
	/* What follows is a device or a program. */
	static const char *const begins[] = {"sent from my", "sent from",
	    "sent from a", "sent from an", "sent from outlook",
	    "sent from mail", "sent from samsung", "sent from yahoo",
	    "sent via", "sent with", "sent using", "sent by", "sent on the",
	    "sent on the go", "sent on the move", "sent while mobile",
	    "get outlook for", "from my iphone", "from my ipad",
	    "from my mobile", "from my phone", "download outlook for",
	    "someone from mobile", "anfonwyd o fy", "anfonwyd o'm",
	    "anfonwyd om", "anfonwyd oddi ar fy", "wedi'i anfon o fy",
	    "wediianfon o fy", "wedii anfon o fy", "envoyé de mon",
	    "envoyé depuis mon", "envoyé à partir de", "envoyé de",
	    "télécharger outlook pour", "obtenez outlook pour",
	    "enviado desde mi", "enviado desde", "enviado do meu",
	    "enviado a partir do", "inviato da", "inviato dal mio",
	    "verzonden vanaf mijn", "verzonden met", "verstuurd vanaf mijn",
	    "verstuurd met", "gesendet von", "gesendet mit", "von meinem",
	    "diese nachricht wurde von", "skickat från", "sendt fra min",
	    "lähetetty", "wysłano z", "wysłane z", "отправлено с",
	    "отправлено из", NULL};
	struct phrase phrase;
	const char *rest;

	if (len < 8 || len > 240)
		return false;
	if (memmem(line, len, "iPhone \345\202\263\351\200\201",
		strlen("iPhone \345\202\263\351\200\201")) != NULL)
		return true;
	read_phrase(&phrase, line, len);
	rest = after_phrase(phrase.text, begins);
	if (rest == NULL || phrase.words > TAIL_WORDS)
		return false;
	if (is_excuse(rest) || g_str_has_suffix(rest, "gesendet ") ||
	    memchr(line, '/', len) != NULL)
		return true;
	if (is_device(rest))
		return true;
	/* "Sent from my desk, it is easier": a sentence. */
	return count_words(rest) <= 6 && memchr(line, ',', len) == NULL &&
	       memchr(line, ':', len) == NULL &&
	       (line[len - 1] != '.' || count_words(rest) <= 4);
}
