#include "tests/unit/detecting.h"
#include "tests/unit/naming.h"
#include "tests/unit/rosters.h"
#include "tests/unit/unit.h"

static const char PEOPLE[] = ROSTER_HEAD
    "clerk,,Alex Morgan,,clerk,clerk@woodland-pc.example,,,,,,\n"
    "deputy,,Robin Lee,,junior officer,deputy@woodland-pc.example,,,,,,\n"
    "patel,,Priya Patel,Cllr,councillor; chair from 2025-05-12,"
    "patel@woodland-pc.example,,,North,Planning,,\n"
    "jones,,Jane Jones,Cllr,councillor,jones@woodland-pc.example,,,,,,\n"
    "smith,,Sam Smith,Cllr,councillor,smith@woodland-pc.example,,,,,,\n"
    "smith2,,Sue Smith,Cllr,councillor,sue@woodland-pc.example,,,,,,\n"
    "smith3,,Jo Smith,,junior officer,jo@woodland-pc.example,,,,,,\n"
    "gone,,Owen Hughes,Cllr,councillor to 2025-05-11,"
    "hughes@woodland-pc.example,,,,,,\n"
    "muller,,Zoë Müller,Cllr,councillor,muller@woodland-pc.example,,,,,,\n"
    "both,,Kim Both,Cllr,councillor; clerk,kim@woodland-pc.example,,,,,,\n"
    "coopted,,Ann Other,,committee member,ann@woodland-pc.example,,,,,,\n";

void
council_init(struct council *council)
{
	struct pattern_file *file = read_patterns("names.patterns");
	g_autoptr(diags) diags = diags_new();
	g_autofree char *found = NULL;

	council->address_rules = address_rules_new();
	council->people = parse_roster(PEOPLE, council->address_rules, &found);
	ck_assert_ptr_nonnull(council->people);
	council->rules = name_rules_new(file->blocks, diags);
	ck_assert_uint_eq(diags_count(diags), 0);
	ck_assert(day_parse("2026-06-01", &council->on));
	pattern_file_free(file);
}

void
council_clear(struct council *council)
{
	name_rules_free(council->rules);
	roster_free(council->people);
	address_rules_free(council->address_rules);
}
