#include <string.h>

#include "milter/edit/marker.h"

enum { DIGEST_DIGITS = 16, MAC_DIGITS = 32 };

struct marker {
	const struct message *m;
	const guint8 *key;
	gsize key_len;
	GHmac *identity;	/* which all digests go on from; NULL until
				 * there is one to make */
	GPtrArray *digests;	/* char *, those of our markers */
	GArray *ours;		/* bool, one a field */
};

/*
 * What stays the same while a message travels, and differs between messages.
 * White space does not count: header fields are folded anew on the way.
 */
static void
read_identity(struct marker *marker)
{
	static const char *const names[] = { "Message-ID", "From", "Date" };
	g_autoptr(GString) identity = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *value = message_find_header(marker->m, names[i]);

		for (; value != NULL && *value != '\0'; value++)
			if (!g_ascii_isspace(*value))
				g_string_append_c(identity, *value);
		g_string_append_c(identity, '\n');
	}
	marker->identity =
	    g_hmac_new(G_CHECKSUM_SHA256, marker->key, marker->key_len);
	g_hmac_update(marker->identity, (const guchar *)identity->str,
	    (gssize)identity->len);
}

/* An HMAC over identity, purpose and text, cut to so many digits. */
static char *
digest(struct marker *marker, const char *purpose, const char *text,
    gsize digits)
{
	GHmac *hmac;
	char *result;

	if (marker->identity == NULL)
		read_identity(marker);
	hmac = g_hmac_copy(marker->identity);
	g_hmac_update(hmac, (const guchar *)purpose, (gssize)strlen(purpose));
	g_hmac_update(hmac, (const guchar *)text, (gssize)strlen(text));
	result = g_strndup(g_hmac_get_string(hmac), digits);
	g_hmac_unref(hmac);
	return result;
}

static bool
equal_in_constant_time(const char *a, const char *b)
{
	gsize len = strlen(a);
	guint8 difference = 0;

	if (strlen(b) != len)
		return false;
	for (gsize i = 0; i < len; i++)
		difference |= (guint8)(a[i] ^ b[i]);
	return difference == 0;
}

/* "v=1; lines=…; mac=…" with any white space. */
static bool
read_value(struct marker *marker, const char *value)
{
	g_autofree char *plain = g_malloc(strlen(value) + 1);
	g_autofree char *expected = NULL;
	g_auto(GStrv) digests = NULL;
	char *lines, *mac, *out = plain;

	for (; *value != '\0'; value++)
		if (!g_ascii_isspace(*value))
			*out++ = *value;
	*out = '\0';
	if (!g_str_has_prefix(plain, "v=1;lines="))
		return false;
	lines = plain + strlen("v=1;lines=");
	if ((mac = strstr(lines, ";mac=")) == NULL)
		return false;
	*mac = '\0';
	mac += strlen(";mac=");
	expected = digest(marker, "marker\n", lines, MAC_DIGITS);
	if (!equal_in_constant_time(expected, mac))
		return false;
	digests = g_strsplit(lines, ",", -1);
	for (char **d = digests; *d != NULL; d++)
		if (**d != '\0')
			g_ptr_array_add(marker->digests, g_strdup(*d));
	return true;
}

struct marker *
marker_new(struct message *m, const guint8 *key, gsize key_len)
{
	struct marker *marker = g_new0(struct marker, 1);
	unsigned count = message_header_count(m);

	marker->m = m;
	marker->key = key;
	marker->key_len = key_len;
	marker->digests = g_ptr_array_new_with_free_func(g_free);
	marker->ours = g_array_new(FALSE, FALSE, sizeof(bool));
	for (unsigned i = 0; i < count; i++) {
		const char *name, *value;
		bool ours;

		message_header(m, i, &name, &value);
		if (g_ascii_strcasecmp(name, MARKER_NAME) != 0)
			continue;
		ours = read_value(marker, value);
		g_array_append_val(marker->ours, ours);
	}
	return marker;
}

void
marker_free(struct marker *marker)
{
	if (marker == NULL)
		return;
	if (marker->identity != NULL)
		g_hmac_unref(marker->identity);
	g_ptr_array_unref(marker->digests);
	g_array_unref(marker->ours);
	g_free(marker);
}

unsigned
marker_count(const struct marker *marker)
{
	return marker->ours->len;
}

bool
marker_is_ours(const struct marker *marker, unsigned i)
{
	return g_array_index(marker->ours, bool, i);
}

static bool
has_digest(const struct marker *marker, const char *wanted)
{
	for (guint i = 0; i < marker->digests->len; i++)
		if (strcmp(marker->digests->pdata[i], wanted) == 0)
			return true;
	return false;
}

bool
marker_has(struct marker *marker, const char *line)
{
	g_autofree char *wanted = NULL;

	if (marker->digests->len == 0)
		return false;
	wanted = digest(marker, "line\n", line, DIGEST_DIGITS);
	return has_digest(marker, wanted);
}

void
marker_add(struct marker *marker, const char *line)
{
	char *added = digest(marker, "line\n", line, DIGEST_DIGITS);

	if (has_digest(marker, added))
		g_free(added);
	else
		g_ptr_array_add(marker->digests, added);
}

/* Folded where lists grow long: a header line has 998 bytes at most. */
char *
marker_value(struct marker *marker)
{
	GString *plain = g_string_new(NULL);
	GString *value = g_string_new("v=1; lines=");
	g_autofree char *mac = NULL;

	for (guint i = 0; i < marker->digests->len; i++) {
		const char *d = marker->digests->pdata[i];

		if (i > 0)
			g_string_append_c(plain, ',');
		g_string_append(plain, d);
		if (i > 0)
			g_string_append(value, i % 3 == 0 ? ",\n\t" : ",");
		g_string_append(value, d);
	}
	mac = digest(marker, "marker\n", plain->str, MAC_DIGITS);
	g_string_append_printf(value, ";\n\tmac=%s", mac);
	g_string_free(plain, TRUE);
	return g_string_free(value, FALSE);
}
