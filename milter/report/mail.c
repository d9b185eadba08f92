#include <stdbool.h>
#include <string.h>

#include "milter/report/mail.h"

enum {
	HEADER_WIDTH = 76, /* RFC 5322 2.1.1 asks for 78 at most */
	QP_WIDTH = 75,     /* and one for the soft break, RFC 2045 6.7 */
	TEXT_WIDTH = 78,
	ENCODED_WIDTH = 56, /* RFC 2047 2 allows 75 with all around */
};

/* Embeddings, overrides, isolates and marks that change the reading order. */
static bool
reorders(gunichar c)
{
	return c == 0x200e || c == 0x200f || c == 0x061c ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

char *
mail_clean(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);
	GString *out = g_string_new(NULL);
	char *p;

	for (p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029)
			g_string_append_c(out, ' ');
		else if (!reorders(c))
			g_string_append_unichar(out, c);
	}
	return g_strstrip(g_string_free(out, FALSE));
}

gsize
mail_columns(const char *text)
{
	gsize sum = 0;

	for (; *text != '\0'; text += g_utf8_skip[(guchar)*text]) {
		gunichar c = g_utf8_get_char(text);

		if (!g_unichar_iszerowidth(c))
			sum += g_unichar_iswide(c) ? 2 : 1;
	}
	return sum;
}

/*
 * An address for a header: no character that could end it.  Only a local part
 * that is not ASCII needs SMTPUTF8.
 */
static char *
clean_address(const char *address)
{
	g_autofree char *clean = mail_clean(address);
	g_autofree char *domain = NULL;
	char *at;

	g_strdelimit(clean, " <>,;", '_');
	at = strrchr(clean, '@');
	if (at == NULL || g_str_is_ascii(at))
		return g_steal_pointer(&clean);
	domain = g_hostname_to_ascii(at + 1);
	if (domain == NULL)
		return g_steal_pointer(&clean);
	return g_strdup_printf("%.*s%s", (int)(at + 1 - clean), clean, domain);
}

/* A Message-ID with brackets, or NULL when it cannot be one. */
static char *
clean_message_id(const char *id)
{
	gsize len = id ? strlen(id) : 0;
	gsize i;

	if (len < 3 || len > 250 || id[0] != '<' || id[len - 1] != '>')
		return NULL;
	for (i = 1; i < len - 1; i++)
		if (!g_ascii_isgraph(id[i]) || strchr("<>", id[i]) != NULL)
			return NULL;
	return g_strdup(id);
}

/* One character as RFC 2047's "Q" wants it within a phrase (5 (3)). */
static void
encode_character(GString *out, const char *text, gsize len)
{
	gsize i;

	for (i = 0; i < len; i++) {
		char c = text[i];

		if (c == ' ')
			g_string_append_c(out, '_');
		else if (g_ascii_isalnum(c))
			g_string_append_c(out, c);
		else
			g_string_append_printf(out, "=%02X", (guchar)c);
	}
}

/*
 * Encoded words, each of whole characters.  Not in base64, whose padding
 * between two words some readers take for the end.
 */
static void
add_encoded(GString *out, const char *text)
{
	g_autoptr(GString) word = g_string_new(NULL);

	while (*text != '\0') {
		gsize len = (gsize)g_utf8_skip[(guchar)*text];
		gsize before = word->len;

		encode_character(word, text, len);
		if (word->len > ENCODED_WIDTH) {
			g_string_truncate(word, before);
			g_string_append_printf(
			    out, "=?UTF-8?Q?%s?=\r\n ", word->str);
			g_string_truncate(word, 0);
			continue;
		}
		text += len;
	}
	g_string_append_printf(out, "=?UTF-8?Q?%s?=", word->str);
}

/* Can it stand as it is, and be folded at its spaces? */
static bool
is_plain(const char *text)
{
	const char *p;
	unsigned word = 0;

	if (!g_str_is_ascii(text) || strstr(text, "=?") != NULL)
		return false;
	for (p = text; *p != '\0'; p++) {
		word = *p == ' ' ? 0 : word + 1;
		if (word > HEADER_WIDTH - 20)
			return false;
	}
	return true;
}

/* A field's value after "Name:", folded at its spaces. */
static void
add_folded(GString *out, const char *name, const char *value)
{
	g_auto(GStrv) words = g_strsplit(value, " ", -1);
	gsize width = strlen(name) + 1;
	unsigned i;

	g_string_append_printf(out, "%s:", name);
	for (i = 0; words[i] != NULL; i++) {
		if (words[i][0] == '\0')
			continue;
		if (i > 0 && width + 1 + strlen(words[i]) > HEADER_WIDTH) {
			g_string_append(out, "\r\n");
			width = 0;
		}
		g_string_append_printf(out, " %s", words[i]);
		width += 1 + strlen(words[i]);
	}
	g_string_append(out, "\r\n");
}

static void
add_subject(GString *out, const char *subject)
{
	g_autofree char *clean = mail_clean(subject);

	if (is_plain(clean)) {
		add_folded(out, "Subject", clean);
		return;
	}
	g_string_append(out, "Subject: ");
	add_encoded(out, clean);
	g_string_append(out, "\r\n");
}

static void
add_from(GString *out, const char *name, const char *address)
{
	g_autofree char *clean_name = mail_clean(name);
	g_autofree char *clean = clean_address(address);

	g_string_append(out, "From: ");
	if (is_plain(clean_name) && strlen(clean_name) < HEADER_WIDTH - 10) {
		g_autofree char *quoted = g_strescape(clean_name, NULL);

		g_string_append_printf(out, "\"%s\"", quoted);
	} else {
		add_encoded(out, clean_name);
	}
	g_string_append_printf(out, "\r\n <%s>\r\n", clean);
}

/* RFC 5322 3.3, in UTC; strftime(3) would ask the locale. */
static void
add_date(GString *out, gint64 date)
{
	static const char *const days[] = {
	    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(date);

	if (time == NULL)
		time = g_date_time_new_from_unix_utc(0);
	g_string_append_printf(out,
	    "Date: %s, %d %s %04d %02d:%02d:%02d +0000\r\n",
	    days[g_date_time_get_day_of_week(time) - 1],
	    g_date_time_get_day_of_month(time),
	    months[g_date_time_get_month(time) - 1], g_date_time_get_year(time),
	    g_date_time_get_hour(time), g_date_time_get_minute(time),
	    g_date_time_get_second(time));
}

static bool
is_7bit(const char *text)
{
	gsize width = 0;

	for (; *text != '\0'; text++) {
		width = *text == '\n' ? 0 : width + 1;
		if (width > TEXT_WIDTH || (guchar)*text >= 127)
			return false;
	}
	return true;
}

static void
add_7bit(GString *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			g_string_append_c(out, '\r');
		g_string_append_c(out, *text);
	}
}

static void
add_quoted_printable(GString *out, const char *text)
{
	gsize width = 0;

	for (; *text != '\0'; text++) {
		guchar c = (guchar)*text;
		bool last = text[1] == '\n' || text[1] == '\0';
		char token[4] = {(char)c, '\0'};

		if (c == '\n') {
			g_string_append(out, "\r\n");
			width = 0;
			continue;
		}
		if (c == '=' || c >= 127 || c < ' ' || (c == ' ' && last))
			g_snprintf(token, sizeof(token), "=%02X", c);
		if (width + strlen(token) > QP_WIDTH) {
			g_string_append(out, "=\r\n");
			width = 0;
		}
		g_string_append(out, token);
		width += strlen(token);
	}
}

static void
add_part(GString *out, const char *boundary, const char *type, const char *text)
{
	bool plain = is_7bit(text);

	g_string_append_printf(out,
	    "--%s\r\n"
	    "Content-Type: %s; charset=UTF-8\r\n"
	    "Content-Transfer-Encoding: %s\r\n"
	    "\r\n",
	    boundary, type, plain ? "7bit" : "quoted-printable");
	if (plain)
		add_7bit(out, text);
	else
		add_quoted_printable(out, text);
	g_string_append(out, "\r\n");
}

static void
add_header(GString *out, const struct mail *mail)
{
	g_autofree char *to = clean_address(mail->to);
	g_autofree char *id = clean_message_id(mail->message_id);
	g_autofree char *reference = clean_message_id(mail->reference);

	add_from(out, mail->from_name, mail->from);
	g_string_append_printf(out, "To: %s\r\n", to);
	add_subject(out, mail->subject);
	add_date(out, mail->date);
	if (id != NULL)
		g_string_append_printf(out, "Message-ID: %s\r\n", id);
	if (reference != NULL)
		g_string_append_printf(out,
		    "In-Reply-To: %s\r\nReferences: %s\r\n", reference,
		    reference);
	/* RFC 3834 5, and what Exchange goes by. */
	g_string_append(out, "Auto-Submitted: auto-generated\r\n"
			     "X-Auto-Response-Suppress: All\r\n"
			     "MIME-Version: 1.0\r\n");
}

GBytes *
mail_render(const struct mail *mail)
{
	GString *out = g_string_new(NULL);
	/* "=_" cannot stand in quoted-printable, nor our words hold the hash.
	 */
	g_autofree char *hash = g_compute_checksum_for_string(
	    G_CHECKSUM_SHA256, mail->message_id ? mail->message_id : "", -1);
	g_autofree char *boundary = g_strdup_printf("=_%.32s", hash);

	add_header(out, mail);
	g_string_append_printf(out,
	    "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"%s\"\r\n"
	    "\r\n",
	    boundary);
	add_part(out, boundary, "text/plain", mail->text);
	add_part(out, boundary, "text/html", mail->html);
	g_string_append_printf(out, "--%s--\r\n", boundary);
	return g_string_free_to_bytes(out);
}
