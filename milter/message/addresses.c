/*
 * A list is first cut at its top-level commas, so that each mailbox is read on
 * its own: the plain forms by hand, whatever else by GMime, and of what GMime
 * gives up the last word with an "@" is kept.  Missing a visible recipient
 * would accuse somebody of hiding it, so nothing that looks like an address
 * may be lost.
 */
#include <gmime/gmime.h>
#include <stdbool.h>
#include <string.h>

#include "milter/message/addresses.h"
#include "policy/facts.h"

static const char space[] = " \t\r\n";

static bool
is_space(char c)
{
	return c != '\0' && strchr(space, c) != NULL;
}

static void
trim(const char **text, gsize *len)
{
	while (*len > 0 && is_space((*text)[0])) {
		(*text)++;
		(*len)--;
	}
	while (*len > 0 && is_space((*text)[*len - 1]))
		(*len)--;
}

static void
take(GPtrArray *list, const char *name, gsize name_len, const char *address,
    gsize len)
{
	struct mailbox *box = mailbox_new(NULL, NULL);

	if (name_len > 0)
		box->name = g_strndup(name, name_len);
	g_free(box->address);
	box->address = g_strndup(address, len);
	g_ptr_array_add(list, box);
}

/* An addr-spec without quotes, comments, spaces or a domain literal. */
static bool
is_plain_address(const char *text, gsize len)
{
	gsize at = 0;

	for (gsize i = 0; i < len; i++) {
		guchar c = (guchar)text[i];

		if (c == '@') {
			if (at != 0 || i == 0)
				return false;
			at = i;
		} else if (c <= ' ' || c == 0x7f ||
		    strchr("()<>[]:;\\,\"", c) != NULL)
			return false;
	}
	return at != 0 && at + 1 < len;
}

/* A display name that means just what it says. */
static bool
is_plain_name(const char *text, gsize len)
{
	for (gsize i = 0; i < len; i++) {
		guchar c = (guchar)text[i];

		if (c < ' ' || c >= 0x7f ||
		    strchr("()<>[]:;\\\"@", c) != NULL ||
		    (c == '=' && i + 1 < len && text[i + 1] == '?'))
			return false;
	}
	return true;
}

/* The forms "a@b", "<a@b>", "Name <a@b>" and "\"Name\" <a@b>". */
static bool
parse_plain(GPtrArray *list, const char *item, gsize len)
{
	const char *open, *name = item;
	gsize name_len;

	if (is_plain_address(item, len)) {
		take(list, NULL, 0, item, len);
		return true;
	}
	open = memchr(item, '<', len);
	if (open == NULL || item[len - 1] != '>' ||
	    !is_plain_address(open + 1, (gsize)(item + len - open) - 2))
		return false;
	name_len = (gsize)(open - item);
	trim(&name, &name_len);
	if (name_len >= 2 && name[0] == '"' && name[name_len - 1] == '"') {
		name++;
		name_len -= 2;
		if (memchr(name, '"', name_len) != NULL ||
		    memchr(name, '\\', name_len) != NULL)
			return false;
		for (gsize i = 0; i < name_len; i++)
			if ((guchar)name[i] >= 0x7f ||
			    (name[i] == '=' && name[i + 1] == '?'))
				return false;
	} else if (!is_plain_name(name, name_len))
		return false;
	take(list, name, name_len, open + 1, (gsize)(item + len - open) - 2);
	return true;
}

static bool
parse_with_gmime(GPtrArray *list, const char *item)
{
	InternetAddressList *addresses =
	    internet_address_list_parse(NULL, item);
	guint before = list->len;

	if (addresses == NULL)
		return false;
	for (int i = 0; i < internet_address_list_length(addresses); i++) {
		InternetAddress *a =
		    internet_address_list_get_address(addresses, i);
		const char *address, *name = internet_address_get_name(a);

		if (!INTERNET_ADDRESS_IS_MAILBOX(a))
			continue;
		address = internet_address_mailbox_get_addr(
		    INTERNET_ADDRESS_MAILBOX(a));
		if (name != NULL && name[0] == '\0')
			name = NULL;
		if (address != NULL && address[0] != '\0')
			g_ptr_array_add(list, mailbox_new(name, address));
	}
	g_object_unref(addresses);
	return list->len > before;
}

/* The last word with an "@" in it, without the brackets around it. */
static bool
salvage(GPtrArray *list, const char *item, gsize len)
{
	static const char bounds[] = " \t\r\n<>()\"',;:[]";
	const char *at = memrchr(item, '@', len), *start, *end;

	if (at == NULL)
		return false;
	for (start = at; start > item && strchr(bounds, start[-1]) == NULL;)
		start--;
	for (end = at + 1;
	     end < item + len && *end != '\0' && strchr(bounds, *end) == NULL;)
		end++;
	if (start == at || end == at + 1)
		return false;
	take(list, NULL, 0, start, (gsize)(end - start));
	return true;
}

static void
parse_item(GPtrArray *list, const char *item, gsize len)
{
	g_autofree char *copy = NULL;

	trim(&item, &len);
	if (len == 0 || parse_plain(list, item, len))
		return;
	copy = g_strndup(item, len);
	if (strchr(copy, '@') == NULL) {
		/* A local name is an address too: "To: postmaster". */
		parse_with_gmime(list, copy);
		return;
	}
	if (!parse_with_gmime(list, copy) ||
	    strchr(((struct mailbox *)list->pdata[list->len - 1])->address,
		'@') == NULL)
		salvage(list, item, len);
}

/* The end of a quoted string, comment or bracket; NULL: it has none. */
static const char *
skip_enclosed(const char *p)
{
	const char open = *p;
	const char close = open == '(' ? ')' : open == '<' ? '>' : '"';
	unsigned depth = 1;

	while (*++p != '\0') {
		if (*p == '\\' && open != '<' && p[1] != '\0')
			p++;
		else if (open == '(' && *p == '(')
			depth++;
		else if (*p == close && --depth == 0)
			return p;
		else if (open == '<' && *p == '<')
			return NULL;
	}
	return NULL;
}

void
addresses_parse(GPtrArray *list, const char *value)
{
	const char *start = value, *p, *end;
	bool in_group = false;

	for (p = value; *p != '\0'; p++) {
		switch (*p) {
		case '"':
		case '(':
		case '<':
			/* What never ends does not swallow the rest. */
			if ((end = skip_enclosed(p)) != NULL)
				p = end;
			break;
		case ':':
			/* "Group name: members;" */
			if (!in_group) {
				in_group = true;
				start = p + 1;
			}
			break;
		case ';':
		case ',':
			parse_item(list, start, (gsize)(p - start));
			start = p + 1;
			if (*p == ';')
				in_group = false;
			break;
		default:
			break;
		}
	}
	parse_item(list, start, (gsize)(p - start));
}
