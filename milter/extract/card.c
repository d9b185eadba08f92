/*
 * vCard (RFC 6350) and iCalendar (RFC 5545): what people read of them, a line
 * for each property.
 */
#include <string.h>

#include "milter/extract/charset_guess.h"
#include "milter/extract/reader.h"
#include "milter/message/transfer.h"

/* Lines joined that were folded; a quoted-printable one goes on too. */
static char *
unfold(const char *text)
{
	GString *out = g_string_new(NULL);

	for (const char *p = text; *p != '\0'; p++) {
		bool ends = *p == '\n' || (*p == '\r' && p[1] != '\n');

		if (*p == '\r' && !ends)
			continue;
		if (ends && (p[1] == ' ' || p[1] == '\t')) {
			p++;
			continue;
		}
		g_string_append_c(out, ends ? '\n' : *p);
	}
	return g_string_free(out, FALSE);
}

static bool
is_wanted(const char *name)
{
	static const char *const names[] = {"SUMMARY", "DESCRIPTION",
	    "LOCATION", "COMMENT", "CONTACT", "CATEGORIES", "ATTENDEE",
	    "ORGANIZER", "FN", "N", "NICKNAME", "ORG", "TITLE", "ROLE", "NOTE",
	    "EMAIL", "TEL", "ADR", "URL", "BDAY"};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Escapes undone; the parts of a name or address are separated by spaces. */
static char *
plain_value(const char *value)
{
	GString *out = g_string_new(NULL);

	for (const char *p = value; *p != '\0'; p++) {
		if (*p == '\\' && (p[1] == 'n' || p[1] == 'N')) {
			g_string_append_c(out, '\n');
			p++;
		} else if (*p == '\\' && p[1] != '\0')
			g_string_append_c(out, *++p);
		else if (*p == ';')
			g_string_append_c(out, ' ');
		else
			g_string_append_c(out, *p);
	}
	return g_string_free(out, FALSE);
}

/* Where the value begins: after a colon that no quotation marks enclose. */
static char *
find_value(char *line)
{
	bool quoted = false;

	for (char *p = line; *p != '\0'; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == ':' && !quoted)
			return p + 1;
	}
	return NULL;
}

static char *
decode_value(const char *parameters, const char *value)
{
	g_autofree guint8 *octets = NULL;
	g_autofree char *text = NULL;
	gsize len;

	if (strcasestr(parameters, "QUOTED-PRINTABLE") == NULL)
		return plain_value(value);
	octets = qp_decode(value, strlen(value), &len);
	text = charset_guess(octets, len, NULL);
	return plain_value(text);
}

/* The name that an address is given, CN=..., is part of what people see. */
static void
write_common_name(struct document *document, const char *parameters)
{
	const char *name = strcasestr(parameters, ";CN=");
	gsize len;

	if (name == NULL)
		return;
	name += strlen(";CN=");
	name += *name == '"';
	len = strcspn(name, "\";:");
	document_text(document, name, (gssize)len);
	document_text(document, " ", 1);
}

static void
read_line(struct document *document, char *line)
{
	char *value = find_value(line), *name;
	g_autofree char *text = NULL;
	gsize name_len;

	if (value == NULL)
		return;
	value[-1] = '\0';
	name_len = strcspn(line, ";");
	name = g_strndup(line, name_len);
	/* "item1.EMAIL": a group. */
	if (strrchr(name, '.') != NULL)
		memmove(
		    name, strrchr(name, '.') + 1, strlen(strrchr(name, '.')));
	text = decode_value(line + name_len, value);
	if (g_ascii_strcasecmp(name, "CLASS") == 0)
		document_property(document, "class", text);
	else if (is_wanted(name)) {
		write_common_name(document, line + name_len);
		document_text(document, text, -1);
		document_line(document);
	}
	g_free(name);
}

void
read_card(struct document *document, const guint8 *data, gsize len)
{
	g_autofree char *text = charset_guess(data, len, NULL);
	g_autofree char *lines = unfold(text);
	char *next;

	for (char *line = lines; line != NULL; line = next) {
		next = strchr(line, '\n');
		/* Quoted-printable goes on after "=" at the end of a line. */
		while (
		    next != NULL && next > line && next[-1] == '=' &&
		    g_strstr_len(line, next - line, "QUOTED-PRINTABLE") != NULL)
			next = strchr(next + 1, '\n');
		if (next != NULL)
			*next++ = '\0';
		read_line(document, line);
	}
}
