#include <string.h>

#include "policy/text/history_line.h"

/* Between dashes, in lower case. */
static const char *const separators[] = {"original message",
    "original appointment", "original text", "forwarded message",
    "forwarded by", "reply message", "begin forwarded message",
    "neges wreiddiol", "neges a anfonwyd ymlaen", "neges wedi'i hanfon ymlaen",
    "message d'origine", "message transféré", "message transmis",
    "ursprüngliche nachricht", "ursprungliche nachricht", "originalnachricht",
    "weitergeleitete nachricht", "mensaje original", "mensaje reenviado",
    "messaggio originale", "messaggio inoltrato", "mensagem original",
    "mensagem encaminhada", "oorspronkelijk bericht", "doorgestuurd bericht",
    "wiadomość oryginalna", "oryginalna wiadomość", "przekazana wiadomość",
    "ursprungligt meddelande", "vidarebefordrat meddelande",
    "oprindelig meddelelse", "videresendt meddelelse", "opprinnelig melding",
    "videresendt melding", "alkuperäinen viesti", "исходное сообщение",
    "пересылаемое сообщение", "neges wedi'i blaenyrru",
    "neges wedi ei hanfon ymlaen", "neges a flaenyrrwyd", NULL};

/* The same in Apple Mail, in whole lines without dashes, before the colon. */
static const char *const begins[] = {"begin forwarded message",
    "anfang der weitergeleiteten nachricht", "début du message transféré",
    "début du message réexpédié", "inicio del mensaje reenviado",
    "inizio messaggio inoltrato", "início da mensagem encaminhada",
    "początek przekazywanej wiadomości", "begin doorgestuurd bericht",
    "dechrau neges a anfonwyd ymlaen", "vidarebefordrat brev",
    "vidarebefordrat mejl", "påbegyndt videresendt besked",
    "start på videresendt besked", "videresendt melding", "forwarded message",
    "välitetty viesti alkaa", "továbbított levél kezdete",
    "začátek přeposílané zprávy", "začiatok preposlanej správy",
    "započni proslijeđenu poruku", "începe mesajul redirecționat",
    "início da mensagem reencaminhada", "ileti başlangıcı",
    "начало переадресованного сообщения", "початок листа, що пересилається",
    NULL};

/* Those of them that pass a message on. */
static const char *const forwards[] = {"forwarded", "neges a anfonwyd",
    "neges a flaenyrrwyd", "neges wedi'i blaenyrru", "neges wedi ei hanfon",
    "neges wedi'i hanfon", "message transféré", "message transmis",
    "weitergeleitete", "mensaje reenviado", "messaggio inoltrato",
    "mensagem encaminhada", "doorgestuurd", "przekazana", "vidarebefordrat",
    "videresendt", "пересылаемое", NULL};

/*
 * Others are made of the same: what is called a message, and the word that
 * calls it the first one or one that is passed on.
 */
static const char *const message_words[] = {"appointment", "bericht", "e-mail",
    "email", "ileti", "komunikat", "mail", "meddelande", "meddelelse",
    "melding", "mensagem", "mensaje", "mesaj", "message", "messaggio",
    "missatge", "nachricht", "neges", "poruka", "sporočilo", "správa",
    "teachtaireacht", "viesti", "wiadomości", "wiadomość", "zpráva", "üzenet",
    "μήνυμα", "листа", "повідомлення", "сообщение", "съобщение", NULL};
static const char *const original_words[] = {"alkuperäinen", "eredeti",
    "gwreiddiol", "isvirno", "izvirno", "izvorna", "oorspronkelijk",
    "oprindelig", "opprinnelig", "original", "originale", "originalna",
    "oryginalna", "oryginalnej", "orijinal", "pôvodná", "původní",
    "ursprungligt", "ursprüngliche", "wreiddiol", "özgün", "αρχικό", "вихідне",
    "исходное", "оригинално", NULL};
static const char *const passed_words[] = {"doorgestuurd", "edelleenlähetetty",
    "encaminhada", "forwarded", "fwd", "iletilen", "iletilmiş", "inoltrato",
    "przekazana", "przekazanej", "posredovano", "preposlaná", "proslijeđena",
    "przesłana", "přeposlaná", "redirecționat", "reenviado", "reenviat",
    "reencaminhada", "transféré", "transmis", "továbbított", "videresendt",
    "vidarebefordrat", "välitetty", "weitergeleitete", "προωθημένο",
    "пересланное", "переслане", "пересылаемое", "перенаправлене",
    "перенаправленное", "препратено", NULL};
enum { SEPARATOR_WORDS = 5, FENCE_MIN = 3, DATE_DIGITS = 8 };

/*
 * How header blocks begin and go on, in lower case, without the colon: of
 * every language that mail programs speak in Europe.
 */
static const char *const from_words[] = {"from", "oddi wrth", "o", "de", "von",
    "da", "van", "od", "från", "fra", "lähettäjä", "ó", "mittente", "nadawca",
    "de la", "expeditor", "expeditorul", "feladó", "saatja", "šalje",
    "pošiljatelj", "odosielateľ", "odesílatel", "kimden", "gönderen", "από",
    "nuo", "siuntėjas", "no", "от", "от кого", "отправитель", "від", "від кого",
    "відправник", NULL};
static const char *const date_words[] = {"sent", "date", "anfonwyd", "dyddiad",
    "envoyé", "envoyé le", "date d'envoi", "gesendet", "datum", "enviado",
    "enviado el", "enviada em", "fecha", "data", "inviato", "verzonden",
    "wysłano", "wysłane", "skickat", "sendt", "dato", "lähetetty", "päivämäärä",
    "seolta", "dáta", "enviat", "enviada", "odesláno", "odoslané", "dátum",
    "elküldve", "trimis", "dată", "poslano", "saadetud", "kuupäev", "päiväys",
    "tarih", "gönderilen", "gönderme tarihi", "στάλθηκε", "ημερομηνία",
    "išsiųsta", "nosūtīts", "datums", "изпратено", "отправлено", "дата",
    "надіслано", "відправлено", NULL};
static const char *const other_words[] = {"to", "subject", "cc", "at", "pwnc",
    "à", "a", "objet", "sujet", "an", "betreff", "para", "asunto", "assunto",
    "oggetto", "aan", "onderwerp", "do", "temat", "till", "ämne", "til", "emne",
    "vastaanottaja", "aihe", "copi", "importance", "chuig", "ábhar", "pour",
    "kopie", "kopia", "kopi", "kopio", "copie", "copia", "copie à", "dw",
    "adresat", "per a", "assumpte", "komu", "předmět", "predmet", "kópia",
    "címzett", "tárgy", "másolat", "másolatot kap", "către", "destinatar",
    "destinatarul", "subiect", "subiectul", "za", "prima", "naslov", "zadeva",
    "adressaat", "saaja", "teema", "kime", "alıcı", "konu", "προς", "θέμα",
    "kam", "tēma", "до", "относно", "кому", "тема", "копия", "копія", NULL};

/* How attributions end, in lower case, before the colon. */
static const char *const wrote_words[] = {"wrote", "writes", "said",
    "ysgrifennodd", "ysgrifenodd", "a écrit", "schrieb", "schrieb am",
    "geschrieben", "escribió", "ha scritto", "scrive", "escreveu", "schreef",
    "skrev", "kirjoitti", "pisze", "napisał", "napisał(a)", "a scris", "napsal",
    "napsal(a)", "napísal", "napísal(a)", "napisao", "napisao je", "je napisal",
    "ezt írta", "scríobh", "va escriure", "şunu yazdı", "kirjutas", "rašė",
    "έγραψε", "написал", "написал(а)", "пишет", "написав", "пише", NULL};
/* How they begin where the verb does not come last. */
static const char *const on_words[] = {"on ", "ar ", "le ", "am ", "el ",
    "il giorno ", "em ", "op ", "den ", "w dniu ", "dnia ", "dne ", "dňa ",
    "în ", "στις ", NULL};

/* In lower case, also beyond ASCII; the caller frees. */
static char *
lower(const char *text, gsize len)
{
	g_autofree char *valid = g_utf8_make_valid(text, (gssize)len);

	return g_utf8_strdown(valid, -1);
}

static bool
begins_with_any(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (g_str_has_prefix(text, *words))
			return true;
	return false;
}

static bool
is_beginning(const char *words)
{
	return g_strv_contains(begins, words);
}

static bool
is_one_of(const char *word, const char *const *words)
{
	return g_strv_contains(words, word);
}

/* "original message", "forwarded mail", in any order, up to the dashes. */
static bool
names_message(const char *low, bool *passed)
{
	g_autofree char *inner = g_strndup(low, strcspn(low, "-_=*:"));
	g_auto(GStrv) words = NULL;
	bool message = false, original = false;

	*passed = false;
	/* The only word with a hyphen inside. */
	if (strstr(low, "e-mail ") != NULL) {
		g_free(inner);
		inner = g_strndup(low, strcspn(low, "_=*:"));
	}
	words = g_strsplit(g_strstrip(inner), " ", SEPARATOR_WORDS + 1);
	if (g_strv_length(words) > SEPARATOR_WORDS)
		return false;
	for (char **w = words; *w != NULL; w++) {
		message |= is_one_of(*w, message_words);
		original |= is_one_of(*w, original_words);
		*passed |= is_one_of(*w, passed_words);
	}
	return message && (original || *passed);
}

/* The words between the dashes in lower case, or NULL: no separator. */
static char *
separator_words(const char *line, gsize len)
{
	g_autofree char *low = NULL;
	const char *inner;
	bool dashed, passed;

	if (len < 10 || len > 200)
		return NULL;
	inner = line;
	while (len > 0 && strchr("-_=* ", *inner) != NULL) {
		inner++;
		len--;
	}
	dashed = inner - line >= 3;
	if (!dashed && (len > 60 || inner[len - 1] != ':'))
		return NULL;
	low = lower(inner, len);
	if (!dashed) {
		g_strchomp(g_strdelimit(low, ":", ' '));
		return is_beginning(low) ? g_steal_pointer(&low) : NULL;
	}
	return begins_with_any(low, separators) || names_message(low, &passed)
		   ? g_steal_pointer(&low)
		   : NULL;
}

bool
line_is_separator(const char *line, gsize len)
{
	g_autofree char *words = separator_words(line, len);

	return words != NULL;
}

bool
separator_is_forward(const char *line, gsize len)
{
	g_autofree char *words = separator_words(line, len);
	bool passed = false;

	return words != NULL &&
	       (is_beginning(words) || begins_with_any(words, forwards) ||
		   (names_message(words, &passed) && passed));
}

bool
line_is_bare_separator(const char *line, gsize len)
{
	g_autofree char *low = NULL;

	if (len < 10 || len > 60)
		return false;
	low = lower(line, len);
	return g_strv_contains(separators, g_strstrip(low));
}

bool
line_is_fenced_attribution(const char *line, gsize len)
{
	gsize open = 0, close = 0;
	char fence = len > 0 ? *line : 0;

	if (len > ATTRIBUTION_MAX || (fence != '-' && fence != '>'))
		return false;
	while (open < len && line[open] == fence)
		open++;
	while (close < len - open && line[len - close - 1] == fence)
		close++;
	if (open < FENCE_MIN || close < FENCE_MIN)
		return false;
	line += open;
	len -= open + close;
	return fence == '>' ? line_has_date_or_address(line, len)
			    : line_mentions_writing(line, len);
}

/* The word before the colon of "Word: …" or "*Word:* …", or NULL. */
static char *
field_word(const char *line, gsize len)
{
	const char *colon;
	char *low;
	gsize size;

	while (len > 0 && *line == '*') {
		line++;
		len--;
	}
	colon = memchr(line, ':', MIN(len, 40));
	if (colon == NULL || colon == line)
		return NULL;
	size = (gsize)(colon - line);
	while (size > 0 && strchr("* ", line[size - 1]) != NULL)
		size--;
	low = lower(line, size);
	/* The no-break space that French puts before a colon. */
	if (g_str_has_suffix(low, "\302\240"))
		low[strlen(low) - 2] = '\0';
	return low;
}

unsigned
line_fields(const char *line, gsize len)
{
	g_autofree char *word = field_word(line, len);
	unsigned fields = 0;

	if (word == NULL)
		return 0;
	if (g_strv_contains(from_words, word))
		fields |= FIELD_FROM;
	if (g_strv_contains(date_words, word))
		fields |= FIELD_DATE;
	if (g_strv_contains(other_words, word))
		fields |= FIELD_OTHER;
	return fields;
}

bool
line_is_lone_field(const char *line, gsize len)
{
	g_autofree char *low = NULL;

	if (len < 2 || len > 24)
		return false;
	low = lower(line, len);
	return g_strv_contains(other_words, low);
}

bool
line_is_field(const char *line, gsize len, enum header_field field)
{
	return (line_fields(line, len) & field) != 0;
}

bool
line_is_from(const char *line, gsize len)
{
	return line_is_field(line, len, FIELD_FROM);
}

const char *
line_field_value(const char *line, gsize *len)
{
	const char *colon = memchr(line, ':', *len), *end = line + *len;

	if (colon == NULL)
		return line;
	for (line = colon + 1; line < end && strchr(" *", *line) != NULL;)
		line++;
	*len = (gsize)(end - line);
	return line;
}

bool
line_has_date_or_address(const char *text, gsize len)
{
	unsigned digits = 0;

	for (gsize i = 0; i < len; i++) {
		if (text[i] == '@' || text[i] == '<')
			return true;
		digits += g_ascii_isdigit(text[i]);
	}
	return digits >= 3;
}

bool
line_begins_attribution(const char *line, gsize len)
{
	g_autofree char *first = lower(line, MIN(len, 16));

	return begins_with_any(g_strchug(first), on_words);
}

/* In lower case, without the colon and the space before it. */
static char *
attribution_words(const char *line, gsize len)
{
	char *low = lower(line, len - 1);

	/* It may have been broken anywhere. */
	g_strchomp(g_strdelimit(low, "\n", ' '));
	if (g_str_has_suffix(low, "\302\240"))
		low[strlen(low) - 2] = '\0';
	return low;
}

static bool
ends_with_any(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (g_str_has_suffix(text, *words))
			return true;
	return false;
}

bool
line_mentions_writing(const char *line, gsize len)
{
	g_autofree char *low = NULL;

	if (len > ATTRIBUTION_MAX || !line_has_date_or_address(line, len))
		return false;
	low = lower(line, len);
	for (const char *const *w = wrote_words; *w != NULL; w++)
		if (strstr(low, *w) != NULL)
			return true;
	return false;
}

bool
line_is_short_attribution(const char *line, gsize len)
{
	g_autofree char *low = NULL;

	if (len < 8 || len > ATTRIBUTION_MAX || line[len - 1] != ':')
		return false;
	low = attribution_words(line, len);
	return ends_with_any(low, wrote_words);
}

/*
 * Some name only the date, the time and the address: "11 May 2026, 10:00, Jane
 * <j@a.example>:".
 */
static bool
is_dated_address(const char *line, gsize len)
{
	const char *at = memchr(line, '@', len);
	unsigned digits = 0;
	bool time = false;

	if (len < 3 || at == NULL || strchr(">)", line[len - 2]) == NULL)
		return false;
	for (gsize i = 1; i + 1 < (gsize)(at - line); i++) {
		digits += g_ascii_isdigit(line[i]);
		time |= line[i] == ':' && g_ascii_isdigit(line[i - 1]) &&
			g_ascii_isdigit(line[i + 1]);
	}
	return time && digits >= DATE_DIGITS;
}

bool
line_is_attribution(const char *line, gsize len)
{
	g_autofree char *low = NULL;

	while (len > 0 && g_ascii_isspace(line[len - 1]))
		len--;
	if (len < 8 || len > ATTRIBUTION_MAX || line[len - 1] != ':' ||
	    !line_has_date_or_address(line, len))
		return false;
	low = attribution_words(line, len);
	if (ends_with_any(low, wrote_words) || is_dated_address(line, len))
		return true;
	if (!begins_with_any(low, on_words))
		return false;
	for (const char *const *w = wrote_words; *w != NULL; w++)
		if (strstr(low, *w) != NULL)
			return true;
	return false;
}
