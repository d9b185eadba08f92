#include <string.h>

#include "milter/edit/field.h"
#include "milter/edit/subject.h"

/* Longest header line that we write, where it can be folded (RFC 5322). */
enum { LINE_WIDTH = 78 };
/* An encoded word has 75 characters at most (RFC 2047, 2). */
enum { WORD_BYTES = 40 };

static bool
holds_tag(struct message *m, const char *tag)
{
	g_autofree char *subject =
	    g_utf8_casefold(message_header_facts(m)->subject, -1);
	g_autofree char *wanted = g_utf8_casefold(tag, -1);

	return strstr(subject, wanted) != NULL;
}

static bool
is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if ((guchar)*text >= 0x80)
			return false;
	return true;
}

/*
 * The tag as header text.  White space between two encoded words does not
 * count (RFC 2047, 6.2), so the last of ours brings its own.
 */
static char *
encode_tag(const char *tag, bool before_word)
{
	g_autofree char *spaced =
	    g_strconcat(tag, before_word ? " " : "", NULL);
	GString *out;

	if (is_plain(tag))
		return g_strdup(tag);
	out = g_string_new(NULL);
	for (const char *p = spaced; *p != '\0';) {
		g_autofree char *word = NULL;
		gsize size = 0;

		while (p[size] != '\0' && size < WORD_BYTES)
			size += g_utf8_skip[(guchar)p[size]];
		word = g_base64_encode((const guchar *)p, size);
		g_string_append_printf(out, "%s=?utf-8?b?%s?=",
		    p != spaced ? "\n " : "", word);
		p += size;
	}
	return g_string_free(out, FALSE);
}

bool
subject_add_tag(struct edit *e, struct message *m, const char *tag)
{
	const char *subject = message_find_header(m, "Subject");
	g_autofree char *encoded = NULL;
	gsize width;

	if (holds_tag(m, tag))
		return false;
	if (subject == NULL) {
		edit_insert_header(e, m, "Subject", encode_tag(tag, false));
		return true;
	}
	encoded = encode_tag(tag, g_str_has_prefix(subject, "=?"));
	width = strlen("Subject: ") + strlen(encoded) + 1 +
	    strcspn(subject, "\n");
	edit_add_header(e, HEADER_CHANGE, "Subject", 1,
	    g_strdup_printf("%s%s%s", encoded,
		width > LINE_WIDTH && subject[0] != '\n' ? "\n " : " ",
		subject));
	return true;
}

bool
sensitivity_set(struct edit *e, struct message *m, const char *value)
{
	const char *old = message_find_header(m, "Sensitivity");
	g_autofree char *trimmed = g_strdup(old != NULL ? old : "");
	unsigned count = message_count_header(m, "Sensitivity");

	if (count == 1 &&
	    g_ascii_strcasecmp(g_strstrip(trimmed), value) == 0)
		return false;
	for (unsigned i = count; i > 1; i--)
		edit_add_header(e, HEADER_DELETE, "Sensitivity", i, NULL);
	if (count > 0)
		edit_add_header(
		    e, HEADER_CHANGE, "Sensitivity", 1, g_strdup(value));
	else
		edit_insert_header(e, m, "Sensitivity", g_strdup(value));
	return true;
}
