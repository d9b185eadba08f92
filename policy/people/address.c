#include <glib.h>
#include <idn2.h>
#include <string.h>

#include "policy/people/address.h"

/*
 * RFC 5321 4.5.3.1 allows 64 octets for a local part; addresses that encode
 * another address (VERP, SRS) are longer and are delivered all the same, so
 * the bound is the 256 octets of a path.  253 is what fits into the 255 octets
 * of a domain name on the wire.
 */
enum { ADDRESS_MAX = 1024, LOCAL_MAX = 256, DOMAIN_MAX = 253, LABEL_MAX = 63 };

struct address_rules {
	char *delimiters;
	GHashTable *equivalents; /* folded domain -> folded domain */
};

struct address_rules *
address_rules_new(void)
{
	struct address_rules *rules = g_new0(struct address_rules, 1);

	rules->delimiters = g_strdup("+");
	rules->equivalents =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return rules;
}

void
address_rules_free(struct address_rules *rules)
{
	if (rules == NULL)
		return;
	g_hash_table_unref(rules->equivalents);
	g_free(rules->delimiters);
	g_free(rules);
}

void
address_rules_set_delimiters(struct address_rules *rules, const char *chars)
{
	g_free(rules->delimiters);
	rules->delimiters = g_strdup(chars);
}

/* The domain that stands for this folded one; itself when there is none. */
static const char *
equivalent(const struct address_rules *rules, const char *domain)
{
	const char *next;

	while ((next = g_hash_table_lookup(rules->equivalents, domain)) != NULL)
		domain = next;
	return domain;
}

/* RFC 5322 atext, and the dot between atoms. */
static bool
is_plain(char c)
{
	return g_ascii_isalnum(c) ||
	       (c != '\0' && strchr("!#$%&'*+-./=?^_`{|}~", c) != NULL);
}

static bool
is_ascii(const char *s, size_t len)
{
	while (len > 0)
		if ((guchar)s[--len] >= 0x80)
			return false;
	return true;
}

/* Letters, digits, hyphens; underscores, which are in use, too. */
static bool
is_host_name(const char *domain, size_t len)
{
	size_t i, label = 0;

	if (len == 0 || len > DOMAIN_MAX)
		return false;
	for (i = 0; i < len; i++) {
		if (domain[i] == '.') {
			if (label == 0)
				return false;
			label = 0;
		} else if ((!g_ascii_isalnum(domain[i]) && domain[i] != '-' &&
			       domain[i] != '_') ||
			   ++label > LABEL_MAX) {
			return false;
		}
	}
	return label > 0;
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]" (RFC 5321 4.1.3) */
static char *
fold_literal(const char *s, size_t len)
{
	size_t i;

	if (len < 3 || len > DOMAIN_MAX || s[len - 1] != ']')
		return NULL;
	for (i = 1; i < len - 1; i++)
		if (!g_ascii_isalnum(s[i]) && strchr(".:-", s[i]) == NULL)
			return NULL;
	return g_ascii_strdown(s, (gssize)len);
}

/*
 * An A-label needs no more than lower case; everything else goes the way of a
 * lookup (RFC 5891 section 5, with the mapping of UTS #46).
 */
static char *
fold_idn(const char *s, size_t len)
{
	g_autofree char *text = g_strndup(s, len);
	g_autofree char *folded = NULL;
	guint8 *found = NULL;

	if (!g_utf8_validate(text, (gssize)len, NULL) ||
	    idn2_lookup_u8((const guint8 *)text, &found,
		IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return NULL;
	folded = g_ascii_strdown((const char *)found, -1);
	idn2_free(found);
	if (g_str_has_suffix(folded, ".")) /* "。" is a dot by now */
		folded[strlen(folded) - 1] = '\0';
	return is_host_name(folded, strlen(folded)) ? g_steal_pointer(&folded)
						    : NULL;
}

/* In its one spelling, equivalents aside. */
static char *
canonical_domain(const char *s, size_t len)
{
	if (len == 0 || len > ADDRESS_MAX)
		return NULL;
	if (s[0] == '[')
		return fold_literal(s, len);
	if (!is_ascii(s, len))
		return fold_idn(s, len);
	if (s[len - 1] == '.')
		len--;
	return is_host_name(s, len) ? g_ascii_strdown(s, (gssize)len) : NULL;
}

static char *
fold_domain(const struct address_rules *rules, const char *s, size_t len)
{
	g_autofree char *folded = canonical_domain(s, len);

	return folded == NULL ? NULL : g_strdup(equivalent(rules, folded));
}

/* Takes quotes and backslashes off; false when it is not a local part. */
static bool
unquote_local(GString *out, const char *s, size_t len)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < len; i++) {
		char c = s[i];

		if (c == '"') {
			quoted = !quoted;
			continue;
		}
		if (c == '\\') {
			if (++i == len)
				return false;
			c = s[i];
		} else if (!quoted && !is_plain(c) && (guchar)c < 0x80) {
			return false;
		}
		if (g_ascii_iscntrl(c))
			return false;
		g_string_append_c(out, c);
	}
	return !quoted && out->len > 0;
}

/* With quotes only where they are needed. */
static char *
quote_local(const char *local)
{
	GString *out;
	const char *p;

	for (p = local; is_plain(*p) || (guchar)*p >= 0x80; p++)
		continue;
	if (*p == '\0')
		return g_strdup(local);
	out = g_string_new("\"");
	for (p = local; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *p);
	}
	g_string_append_c(out, '"');
	return g_string_free(out, FALSE);
}

/*
 * A canonical caseless form (Unicode D145) in NFC, as RFC 6532 section 3.1
 * wants local parts; NULL when there is something in it that no mailbox has.
 */
static char *
fold_unicode(const char *text)
{
	g_autofree char *decomposed = NULL, *caseless = NULL;
	const char *p;

	if (!g_utf8_validate(text, -1, NULL))
		return NULL;
	for (p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
		gunichar c = g_utf8_get_char(p);

		if (c >= 0x80 && (g_unichar_iscntrl(c) || g_unichar_isspace(c)))
			return NULL;
	}
	decomposed = g_utf8_normalize(text, -1, G_NORMALIZE_NFD);
	caseless = g_utf8_casefold(decomposed, -1);
	return g_utf8_normalize(caseless, -1, G_NORMALIZE_NFC);
}

static char *
fold_local(const char *s, size_t len)
{
	g_autoptr(GString) bare = g_string_sized_new(len);
	g_autofree char *folded = NULL;

	if (!unquote_local(bare, s, len) || bare->len > LOCAL_MAX)
		return NULL;
	folded = is_ascii(bare->str, bare->len)
		     ? g_ascii_strdown(bare->str, (gssize)bare->len)
		     : fold_unicode(bare->str);
	return folded == NULL ? NULL : quote_local(folded);
}

/* Without space, angle brackets and a source route around it. */
static const char *
addr_spec(const char *s, size_t *len)
{
	const char *end = s + strlen(s), *p;

	while (g_ascii_isspace(*s))
		s++;
	while (end > s && g_ascii_isspace(end[-1]))
		end--;
	if (end - s >= 2 && *s == '<' && end[-1] == '>') {
		s++;
		end--;
	}
	if (s < end && *s == '@') { /* "@a.example,@b.example:jane@c.example" */
		bool literal = false;

		for (p = s; p < end && (literal || *p != ':'); p++)
			literal = *p == '[' || (literal && *p != ']');
		s = p < end ? p + 1 : end;
	}
	*len = (size_t)(end - s);
	return s;
}

/* The "@" between local part and domain: the last that is not quoted. */
static const char *
find_at(const char *s, size_t len, bool *plain)
{
	const char *at = NULL;
	bool quoted = false;
	size_t i;

	*plain = true;
	for (i = 0; i < len; i++) {
		if (s[i] == '@' && !quoted) {
			*plain = *plain && at == NULL;
			at = s + i;
		} else if (!is_plain(s[i])) {
			*plain = false;
			if (s[i] == '"')
				quoted = !quoted;
			else if (s[i] == '\\' && i + 1 < len)
				i++;
		}
	}
	return at;
}

/* The usual case, at the cost of one allocation. */
static char *
fold_plain(
    const struct address_rules *rules, const char *s, size_t local, size_t len)
{
	const char *stands_for;
	char *folded, *domain;

	if (s[len - 1] == '.')
		len--;
	if (local == 0 || local > LOCAL_MAX || len <= local + 1 ||
	    !is_host_name(s + local + 1, len - local - 1))
		return NULL;
	folded = g_ascii_strdown(s, (gssize)len);
	domain = folded + local + 1;
	stands_for = equivalent(rules, domain);
	if (stands_for != domain) {
		*domain = '\0';
		domain = g_strconcat(folded, stands_for, NULL);
		g_free(folded);
		return domain;
	}
	return folded;
}

char *
address_fold(const struct address_rules *rules, const char *address)
{
	g_autofree char *local = NULL, *domain = NULL;
	const char *at;
	size_t len;
	bool plain;

	address = addr_spec(address, &len);
	if (len == 0 || len > ADDRESS_MAX)
		return NULL;
	at = find_at(address, len, &plain);
	if (at == NULL)
		return fold_local(address, len);
	if (plain)
		return fold_plain(rules, address, (size_t)(at - address), len);
	local = fold_local(address, (size_t)(at - address));
	if (local == NULL)
		return NULL;
	domain = fold_domain(rules, at + 1, len - (size_t)(at + 1 - address));
	return domain == NULL ? NULL : g_strconcat(local, "@", domain, NULL);
}

char *
address_fold_domain(const struct address_rules *rules, const char *domain)
{
	return fold_domain(rules, domain, strlen(domain));
}

/*
 * Equivalents are followed to the end before they are stored, so a target is
 * never a key itself and no circle can close.
 */
bool
address_rules_add_equivalent(struct address_rules *rules, const char *other,
    const char *principal, GError **error)
{
	g_autofree char *from = canonical_domain(other, strlen(other));
	g_autofree char *to = address_fold_domain(rules, principal);

	if (from == NULL || to == NULL) {
		g_set_error(error, G_CONVERT_ERROR,
		    G_CONVERT_ERROR_ILLEGAL_SEQUENCE,
		    "\"%s\" is not a domain name",
		    from == NULL ? other : principal);
		return false;
	}
	if (strcmp(equivalent(rules, from), to) == 0 &&
	    g_hash_table_contains(rules->equivalents, from))
		return true;
	if (strcmp(from, to) == 0) {
		g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_FAILED,
		    "%s cannot count as itself", from);
		return false;
	}
	if (g_hash_table_contains(rules->equivalents, from)) {
		g_set_error(error, G_CONVERT_ERROR, G_CONVERT_ERROR_FAILED,
		    "%s counts as %s already", from, equivalent(rules, from));
		return false;
	}
	g_hash_table_insert(
	    rules->equivalents, g_steal_pointer(&from), g_steal_pointer(&to));
	return true;
}

const char *
address_domain(const char *folded)
{
	const char *at = strrchr(folded, '@');

	/* "jane@home" in quotes is a local part alone. */
	if (at == NULL || folded[strlen(folded) - 1] == '"')
		return "";
	return at + 1;
}

char *
address_strip_extension(const struct address_rules *rules, const char *folded)
{
	const char *domain = address_domain(folded);
	g_autoptr(GString) bare = NULL;
	g_autofree char *local = NULL;
	size_t len, cut;

	if (*rules->delimiters == '\0' ||
	    strpbrk(folded, rules->delimiters) == NULL)
		return NULL;
	len = *domain == '\0' ? strlen(folded) : (size_t)(domain - 1 - folded);
	bare = g_string_sized_new(len);
	if (!unquote_local(bare, folded, len))
		return NULL;
	cut = 1 + strcspn(bare->str + 1, rules->delimiters);
	if (cut >= bare->len)
		return NULL;
	g_string_truncate(bare, cut);
	local = quote_local(bare->str);
	return *domain == '\0' ? g_steal_pointer(&local)
			       : g_strconcat(local, "@", domain, NULL);
}
