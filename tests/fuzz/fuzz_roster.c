/*
 * Any bytes as a roster, as an aliases file beside a sound roster, and as an
 * address.  Besides memory errors it looks for broken promises: folding twice
 * is folding once, and whatever a file says, asking ends.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/people/address.h"
#include "policy/people/roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char SOUND[] =
    "id,kind,name,roles,addresses,members\n"
    "a,,Jane Jones,chair from 2026-01-01,jane@x.example;j+a@müller.example,\n"
    "b,,Sam Smith,clerk,sam@x.example,\n"
    "g,group,,,g@x.example,a;all officers;all@x.example\n";

static void
fuzz_address(const struct address_rules *rules, const char *text)
{
	g_autofree char *folded = address_fold(rules, text);
	g_autofree char *domain = address_fold_domain(rules, text);
	g_autofree char *bare = NULL, *again = NULL;

	if (domain != NULL) {
		again = address_fold_domain(rules, domain);
		if (g_strcmp0(domain, again) != 0)
			abort();
		g_clear_pointer(&again, g_free);
	}
	if (folded == NULL)
		return;
	again = address_fold(rules, folded);
	if (g_strcmp0(folded, again) != 0)
		abort();
	g_clear_pointer(&again, g_free);
	bare = address_strip_extension(rules, folded);
	if (bare == NULL)
		return;
	again = address_fold(rules, bare);
	if (g_strcmp0(bare, again) != 0)
		abort();
}

static void
fuzz_questions(const struct roster *roster)
{
	static const char *const addresses[] = {"a@x.example", "g@x.example",
	    "all@x.example", "all", "b+c@x", NULL};
	day on = day_of_time(1780315200);
	unsigned i, j;

	for (i = 0; addresses[i] != NULL; i++) {
		g_autoptr(GPtrArray) members =
		    roster_expand(roster, addresses[i], on);

		roster_find_address(roster, addresses[i]);
		roster_find_login(roster, addresses[i]);
	}
	for (i = 0; i < roster_count(roster); i++) {
		const struct person *p = roster_person(roster, i);
		g_autofree char *display = person_display(p);

		if (p->index != i || roster_find_id(roster, p->id) != p)
			abort();
		for (j = 0; p->addresses[j] != NULL; j++)
			if (roster_find_folded(roster, p->addresses[j]) != p)
				abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char domain[] = "x.example";
	char *domains[] = {domain, NULL};
	struct address_rules *rules = address_rules_new();
	g_autoptr(diags) diags = diags_new();
	g_autofree char *text = NULL, *report = NULL;
	struct roster *roster = NULL;
	char kind = size > 0 ? (char)data[0] : '\0';

	if (size > 0) {
		data++;
		size--;
	}
	/* A copy of its own size, so that reading past the end shows. */
	text = g_malloc(MAX(size, 1));
	memcpy(text, data, size);
	if (kind == 'a') {
		g_autofree char *address = g_strndup(text, size);

		fuzz_address(rules, address);
	} else if (kind == 'l') {
		roster =
		    roster_parse("roster", SOUND, strlen(SOUND), rules, diags);
		roster_parse_aliases(
		    roster, "aliases", text, size, domains, diags);
	} else {
		roster = roster_parse("roster", text, size, rules, diags);
	}
	if (roster != NULL)
		fuzz_questions(roster);
	report = diags_to_string(diags);
	roster_free(roster);
	address_rules_free(rules);
	return 0;
}
