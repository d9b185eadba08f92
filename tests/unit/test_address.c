#include <string.h>

#include "policy/people/address.h"
#include "policy/policy.h"
#include "tests/unit/unit.h"

static struct address_rules *
council_rules(void)
{
	struct address_rules *rules = address_rules_new();

	ck_assert(address_rules_add_equivalent(
	    rules, "woodland.old.example", "woodland-pc.example", NULL));
	return rules;
}

static void
check_text(const char *name, const char *got, const char *want)
{
	ck_assert_msg(g_strcmp0(got, want) == 0, "%s: got %s, want %s", name,
	    got != NULL ? got : "NULL", want != NULL ? want : "NULL");
}

#define LABEL_60 "123456789012345678901234567890123456789012345678901234567890"

static const struct {
	const char *name, *input, *want;
} folds[] = {
    {"plain", "jane@woodland-pc.example", "jane@woodland-pc.example"},
    {"case", "Jane.SMITH@Woodland-PC.Example",
	"jane.smith@woodland-pc.example"},
    {"angle brackets", "<jane@a.example>", "jane@a.example"},
    {"space around it", " \tjane@a.example\r\n", "jane@a.example"},
    {"space in the brackets", "< jane@a.example>", NULL},
    {"source route", "<@a.example,@b.example:jane@c.example>",
	"jane@c.example"},
    {"source route with a literal", "@[IPv6:2001:db8::1]:jane@c.example",
	"jane@c.example"},
    {"source route without end", "@a.example", NULL},
    {"source route and nothing", "@a.example:", NULL},
    {"needless quotes", "\"jane.smith\"@a.example", "jane.smith@a.example"},
    {"needless quotes inside", "jane.\"smith\"@a.example",
	"jane.smith@a.example"},
    {"needless backslash", "\"ja\\ne\"@a.example", "jane@a.example"},
    {"needed quotes", "\"Jane Smith\"@a.example",
	"\"jane smith\"@a.example"},
    {"at sign in quotes", "\"jane@home\"@a.example",
	"\"jane@home\"@a.example"},
    {"quote in quotes", "\"a\\\"b\"@a.example", "\"a\\\"b\"@a.example"},
    {"backslash in quotes", "\"a\\\\b\"@a.example", "\"a\\\\b\"@a.example"},
    {"open quote", "\"jane@a.example", NULL},
    {"empty quotes", "\"\"@a.example", NULL},
    {"trailing dot", "jane@a.example.", "jane@a.example"},
    {"two trailing dots", "jane@a.example..", NULL},
    {"equivalent domain", "jane@Woodland.OLD.example",
	"jane@woodland-pc.example"},
    {"equivalent, quoted", "\"a b\"@woodland.old.example.",
	"\"a b\"@woodland-pc.example"},
    {"U-label", "jane@müller.example", "jane@xn--mller-kva.example"},
    {"U-label in capitals", "jane@MÜLLER.example",
	"jane@xn--mller-kva.example"},
    {"U-label decomposed", "jane@mu\xcc\x88ller.example",
	"jane@xn--mller-kva.example"},
    {"A-label", "jane@XN--Mller-KVA.example", "jane@xn--mller-kva.example"},
    {"U-label, trailing dot", "jane@müller.example.",
	"jane@xn--mller-kva.example"},
    {"ideographic full stop", "jane@müller。example。",
	"jane@xn--mller-kva.example"},
    {"sharp s is not ss", "jane@straße.example",
	"jane@xn--strae-oqa.example"},
    {"UTF-8 local part", "ZOË@a.example", "zoë@a.example"},
    {"UTF-8 local part decomposed", "zoe\xcc\x88@a.example",
	"zoë@a.example"},
    {"UTF-8 local part quoted", "\"Zoë\"@a.example", "zoë@a.example"},
    {"UTF-8 with a kelvin sign", "\xe2\x84\xaa@a.example", "k@a.example"},
    {"Latin-1 local part", "zo\xeb@a.example", NULL},
    {"Latin-1 domain", "zoe@m\xfcller.example", NULL},
    {"no-break space", "zoë\xc2\xa0@a.example", NULL},
    {"plus address is kept", "jane+News@a.example", "jane+news@a.example"},
    {"every atext", "!#$%&'*+-/=?^_`{|}~@a.example",
	"!#$%&'*+-/=?^_`{|}~@a.example"},
    {"dots that RFC 5322 forbids", ".jane..x.@a.example",
	".jane..x.@a.example"},
    {"literal", "jane@[192.0.2.1]", "jane@[192.0.2.1]"},
    {"IPv6 literal", "jane@[IPv6:2001:DB8::1]", "jane@[ipv6:2001:db8::1]"},
    {"open literal", "jane@[192.0.2.1", NULL},
    {"odd literal", "jane@[a b]", NULL},
    {"underscore", "jane@my_host.example", "jane@my_host.example"},
    {"local", "Jane", "jane"},
    {"local quoted", "\"Jane Smith\"", "\"jane smith\""},
    {"local UTF-8", "Zoë", "zoë"},
    {"sendmail's backslash", "\\jane", "jane"},
    {"empty", "", NULL},
    {"brackets", "<>", NULL},
    {"no local part", "@a.example:@b.example", NULL},
    {"no domain", "jane@", NULL},
    {"dot for a domain", "jane@.", NULL},
    {"empty label", "jane@a..example", NULL},
    {"two at signs", "jane@a@b.example", NULL},
    {"space inside", "jane smith@a.example", NULL},
    {"display name", "Jane <jane@a.example>", NULL},
    {"two addresses", "jane@a.example,sam@a.example", NULL},
    {"semicolon", "jane@a.example;", NULL},
    {"control character", "ja\001ne@a.example", NULL},
    {"line end inside quotes", "\"ja\nne\"@a.example", NULL},
    {"longest label", "j@" LABEL_60 "123.example",
	"j@" LABEL_60 "123.example"},
    {"label too long", "j@" LABEL_60 "1234.example", NULL},
    {"domain too long",
	"j@" LABEL_60 "." LABEL_60 "." LABEL_60 "." LABEL_60 ".example.org",
	NULL},
    {"local part too long",
	LABEL_60 LABEL_60 LABEL_60 LABEL_60 LABEL_60 "@a.example", NULL},
};

START_TEST(folds_an_address)
{
	struct address_rules *rules = council_rules();
	g_autofree char *got = address_fold(rules, folds[_i].input);

	check_text(folds[_i].name, got, folds[_i].want);
	if (got != NULL) {
		g_autofree char *again = address_fold(rules, got);

		check_text(folds[_i].name, again, got);
	}
	address_rules_free(rules);
}
END_TEST

START_TEST(refuses_a_giant)
{
	struct address_rules *rules = address_rules_new();
	g_autofree char *giant = g_strnfill(1 << 20, 'a');

	ck_assert_ptr_null(address_fold(rules, giant));
	ck_assert_ptr_null(address_fold_domain(rules, giant));
	address_rules_free(rules);
}
END_TEST

static const struct {
	const char *name, *input, *want;
} domains[] = {
    {"case", "Woodland-PC.Example", "woodland-pc.example"},
    {"trailing dot", "a.example.", "a.example"},
    {"equivalent", "woodland.old.example", "woodland-pc.example"},
    {"U-label", "Müller.example", "xn--mller-kva.example"},
    {"empty", "", NULL},
    {"dot", ".", NULL},
    {"space", "a b.example", NULL},
    {"address", "jane@a.example", NULL},
};

START_TEST(folds_a_domain)
{
	struct address_rules *rules = council_rules();
	g_autofree char *got = address_fold_domain(rules, domains[_i].input);

	check_text(domains[_i].name, got, domains[_i].want);
	address_rules_free(rules);
}
END_TEST

static const struct {
	const char *name, *delimiters, *input, *want;
} extensions[] = {
    {"plus", "+", "jane+news@a.example", "jane@a.example"},
    {"first of two", "+", "jane+a+b@a.example", "jane@a.example"},
    {"none", "+", "jane@a.example", NULL},
    {"empty extension", "+", "jane+@a.example", "jane@a.example"},
    {"delimiter first", "+", "+jane@a.example", NULL},
    {"delimiter first and later", "+", "+jane+x@a.example",
	"+jane@a.example"},
    {"in the domain only", "-", "jane@woodland-pc.example", NULL},
    {"two delimiters", "+-", "jane-x+y@a.example", "jane@a.example"},
    {"no delimiters", "", "jane+news@a.example", NULL},
    {"local", "+", "jane+news", "jane"},
    {"quotes no longer needed", "+", "\"jane+my news\"@a.example",
	"jane@a.example"},
    {"quotes still needed", "+", "\"jane smith+news\"@a.example",
	"\"jane smith\"@a.example"},
    {"quoted at sign", "+", "\"a@b+c\"", "\"a@b\""},
};

START_TEST(strips_an_extension)
{
	struct address_rules *rules = address_rules_new();
	g_autofree char *got = NULL;

	address_rules_set_delimiters(rules, extensions[_i].delimiters);
	got = address_strip_extension(rules, extensions[_i].input);
	check_text(extensions[_i].name, got, extensions[_i].want);
	address_rules_free(rules);
}
END_TEST

/* Pairs are added in order; the last one's error is wanted, or NULL. */
static const struct {
	const char *name;
	const char *pairs[6];
	const char *error;
	const char *input, *want;
} equivalents[] = {
    {"one", {"b.example", "a.example"}, NULL, "b.example", "a.example"},
    {"again", {"b.example", "a.example", "B.example", "a.example"}, NULL,
	"b.example", "a.example"},
    {"chain forwards",
	{"c.example", "b.example", "b.example", "a.example"}, NULL,
	"c.example", "a.example"},
    {"chain backwards",
	{"b.example", "a.example", "c.example", "b.example"}, NULL,
	"c.example", "a.example"},
    {"IDN", {"müller.example", "a.example"}, NULL, "xn--mller-kva.example",
	"a.example"},
    {"itself", {"a.example", "A.example."},
	"a.example cannot count as itself", NULL, NULL},
    {"circle", {"b.example", "a.example", "a.example", "b.example"},
	"a.example cannot count as itself", NULL, NULL},
    {"two meanings", {"c.example", "a.example", "c.example", "b.example"},
	"c.example counts as a.example already", NULL, NULL},
    {"no domain", {"a b", "a.example"}, "\"a b\" is not a domain name", NULL,
	NULL},
    {"no domain", {"a.example", ""}, "\"\" is not a domain name", NULL, NULL},
};

START_TEST(knows_equivalents)
{
	struct address_rules *rules = address_rules_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *got = NULL;
	const char *const *pair = equivalents[_i].pairs;

	for (; *pair != NULL; pair += 2) {
		ck_assert_msg(error == NULL, "%s", equivalents[_i].name);
		address_rules_add_equivalent(rules, pair[0], pair[1], &error);
	}
	check_text(equivalents[_i].name, error != NULL ? error->message : NULL,
	    equivalents[_i].error);
	if (equivalents[_i].input != NULL) {
		got = address_fold_domain(rules, equivalents[_i].input);
		check_text(equivalents[_i].name, got, equivalents[_i].want);
	}
	address_rules_free(rules);
}
END_TEST

static const struct {
	const char *input, *want;
} parts[] = {
    {"jane@a.example", "a.example"},
    {"jane", ""},
    {"\"jane@home\"", ""},
    {"\"jane@home\"@a.example", "a.example"},
    {"", ""},
};

START_TEST(finds_the_domain)
{
	check_text(parts[_i].input, address_domain(parts[_i].input),
	    parts[_i].want);
}
END_TEST

/* network: NULL inside means that it must not parse. */
static const struct {
	const char *network, *inside, *outside;
} networks[] = {
    {"192.0.2.1", "192.0.2.1", "192.0.2.2"},
    {"192.0.2.0/24", "192.0.2.255", "192.0.3.0"},
    {"192.0.2.128/25", "192.0.2.129", "192.0.2.127"},
    {"192.0.2.0/24", "::ffff:192.0.2.9", "::1"},
    {"0.0.0.0/0", "203.0.113.9", "2001:db8::1"},
    {"::/0", "203.0.113.9", "garbage"},
    {"::1", "::1", "127.0.0.1"},
    {"2001:db8::/32", "IPv6:2001:db8:ffff::1", "2001:db9::1"},
    {"[2001:db8::]/33", "2001:db8:7fff::1", "2001:db8:8000::1"},
    {"fe80::/10", "fe80::1%eth0", "fec0::1"},
    {"127.0.0.0/8", "127.1.2.3", ""},
    {"192.0.2.1/24", NULL, NULL},
    {"192.0.2.0/33", NULL, NULL},
    {"192.0.2.0/", NULL, NULL},
    {"192.0.2.0/-1", NULL, NULL},
    {"192.0.2/24", NULL, NULL},
    {"2001:db8::/129", NULL, NULL},
    {"2001:db8::1/64", NULL, NULL},
    {"", NULL, NULL},
    {"[]", NULL, NULL},
    {"localhost", NULL, NULL},
    {"1234567890123456789012345678901234567890123456789", NULL, NULL},
};

START_TEST(holds_networks)
{
	struct network network;
	bool parsed = network_parse(networks[_i].network, &network);

	ck_assert_msg(parsed == (networks[_i].inside != NULL), "%s",
	    networks[_i].network);
	if (!parsed)
		return;
	ck_assert_msg(network_holds(&network, networks[_i].inside), "%s in %s",
	    networks[_i].inside, networks[_i].network);
	ck_assert_msg(!network_holds(&network, networks[_i].outside),
	    "%s not in %s", networks[_i].outside, networks[_i].network);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("address");
	TCase *tcase = tcase_create("address");

	tcase_add_loop_test(tcase, folds_an_address, 0, G_N_ELEMENTS(folds));
	tcase_add_test(tcase, refuses_a_giant);
	tcase_add_loop_test(tcase, folds_a_domain, 0, G_N_ELEMENTS(domains));
	tcase_add_loop_test(
	    tcase, strips_an_extension, 0, G_N_ELEMENTS(extensions));
	tcase_add_loop_test(
	    tcase, knows_equivalents, 0, G_N_ELEMENTS(equivalents));
	tcase_add_loop_test(tcase, finds_the_domain, 0, G_N_ELEMENTS(parts));
	tcase_add_loop_test(tcase, holds_networks, 0, G_N_ELEMENTS(networks));
	suite_add_tcase(suite, tcase);
	return suite;
}
