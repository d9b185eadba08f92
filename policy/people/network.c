#include <arpa/inet.h>
#include <string.h>

#include "policy/policy.h"

static const guint8 v4_mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* "192.0.2.1", "2001:db8::1", "IPv6:2001:db8::1", "fe80::1%eth0" */
static bool
parse_address(const char *text, guint8 bytes[16], bool *v4)
{
	char copy[INET6_ADDRSTRLEN];
	size_t len;

	if (g_ascii_strncasecmp(text, "IPv6:", 5) == 0)
		text += 5;
	len = strcspn(text, "%");
	if (len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	memcpy(bytes, v4_mapped, sizeof(v4_mapped));
	*v4 = inet_pton(AF_INET, copy, bytes + sizeof(v4_mapped)) == 1;
	return *v4 || inet_pton(AF_INET6, copy, bytes) == 1;
}

/* Are the bits after the prefix zero in a? */
static bool
is_masked(const guint8 a[16], unsigned prefix)
{
	unsigned i;

	for (i = prefix; i < 128; i++)
		if ((a[i / 8] & (0x80 >> i % 8)) != 0)
			return false;
	return true;
}

bool
network_parse(const char *text, struct network *network)
{
	const char *slash = strchr(text, '/');
	g_autofree char *address = NULL;
	guint64 prefix;
	size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
	bool v4;

	/* As Postfix writes them in mynetworks: "[2001:db8::]/32" */
	if (len >= 2 && text[0] == '[' && text[len - 1] == ']')
		address = g_strndup(text + 1, len - 2);
	else
		address = g_strndup(text, len);
	if (!parse_address(address, network->bytes, &v4))
		return false;
	prefix = v4 ? 32 : 128;
	if (slash != NULL && !g_ascii_string_to_unsigned(
				 slash + 1, 10, 0, prefix, &prefix, NULL))
		return false;
	network->prefix = (unsigned)prefix + (v4 ? 96 : 0);
	return is_masked(network->bytes, network->prefix);
}

bool
network_holds(const struct network *network, const char *address)
{
	unsigned whole = network->prefix / 8, rest = network->prefix % 8;
	guint8 bytes[16];
	bool v4;

	if (!parse_address(address, bytes, &v4) ||
	    memcmp(bytes, network->bytes, whole) != 0)
		return false;
	return rest == 0 ||
	       ((bytes[whole] ^ network->bytes[whole]) >> (8 - rest)) == 0;
}
