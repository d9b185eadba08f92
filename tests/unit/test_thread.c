#include <string.h>

#include "policy/detect/thread.h"
#include "tests/unit/detecting.h"
#include "tests/unit/mailing.h"
#include "tests/unit/unit.h"

/* A segment of somebody else's words. */
struct carried {
	enum origin origin; /* QUOTED or FORWARDED */
	unsigned depth;     /* 0: there is none */
	const char *address, *name;
};

/*
 * want: who, with "<" for whom it answers and ">" for whom it passes on, "?"
 * when guessed; names in the order of parents_find().
 */
static const struct {
	struct mail mail;
	bool is_reply;
	struct carried carried[3];
	const char *want;
} rows[] = {
    {{.name = "no reply", .to = "jones"}, false, {{0}}, ""},
    {{.name = "answers a councillor", .to = "jones"}, true,
	{{ORIGIN_QUOTED, 1, "jones@woodland-pc.example", "Jane Jones"}},
	"<jones"},
    {{.name = "quotes somebody who is not addressed", .to = "jones"}, true,
	{{ORIGIN_QUOTED, 1, "smith@woodland-pc.example", NULL}}, "<smith"},
    {{.name = "older history does not count", .to = "jones"}, true,
	{{ORIGIN_QUOTED, 1, "jones@woodland-pc.example", NULL},
	    {ORIGIN_QUOTED, 2, "smith@woodland-pc.example", NULL}},
	"<jones"},
    {{.name = "in both alternatives", .to = "jones"}, true,
	{{ORIGIN_QUOTED, 1, "jones@woodland-pc.example", NULL},
	    {ORIGIN_QUOTED, 1, "jane@jones.example", NULL}},
	"<jones"},
    {{.name = "extension", .to = "jones"}, true,
	{{ORIGIN_QUOTED, 1, "jones+pc@woodland-pc.example", NULL}}, "<jones"},
    {{.name = "stranger", .to = "jones"}, true,
	{{ORIGIN_QUOTED, 1, "Info@Supplier.Example", "A Supplier"}},
	"<info@supplier.example"},
    {{.name = "address outranks name", .to = "jones"}, true,
	{{ORIGIN_QUOTED, 1, "jj@mail.example", "Jane Jones"}},
	"<jj@mail.example"},
    {{.name = "name alone", .to = "jones"}, true,
	{{ORIGIN_QUOTED, 1, NULL, "Smith, Sam"}}, "<smith"},
    {{.name = "unknown name alone", .to = "jones"}, true,
	{{ORIGIN_QUOTED, 1, NULL, "Mr Tester"}}, "<"},
    {{.name = "nobody named", .to = "jones"}, true,
	{{ORIGIN_QUOTED, 1, NULL, NULL}}, "?<jones"},
    {{.name = "out of post", .to = "jones"}, true,
	{{ORIGIN_QUOTED, 1, "hughes@woodland-pc.example", "Owen Hughes"}},
	"<hughes@woodland-pc.example"},
    {{.name = "shared mailbox", .to = "office"}, true,
	{{ORIGIN_QUOTED, 1, "office@woodland-pc.example", NULL}},
	"<clerk+deputy"},
    {{.name = "quotes nothing", .to = "jones"}, true, {{0}}, "?<jones"},
    {{.name = "quotes nothing, to two", .to = "jones smith"}, true, {{0}}, ""},
    {{.name = "forwards a councillor", .to = "smith"}, false,
	{{ORIGIN_FORWARDED, 1, "jones@woodland-pc.example", NULL}}, ">jones"},
    {{.name = "answers by passing on", .to = "smith"}, true,
	{{ORIGIN_FORWARDED, 1, "jones@woodland-pc.example", NULL}},
	">jones ?<smith"},
    {{.name = "forwards a thread", .to = "smith"}, false,
	{{ORIGIN_FORWARDED, 1, "jones@woodland-pc.example", NULL},
	    {ORIGIN_FORWARDED, 2, "clerk@woodland-pc.example", NULL}},
	">jones"},
    {{.name = "resent",
	 .from = "jones",
	 .to = "clerk",
	 .resent_from = "clerk",
	 .resent_to = "smith"},
	true, {{0}}, ">jones"},
};

static void
carry(struct content *content, const struct carried *carried)
{
	struct segment *segment;

	if (carried->depth == 0)
		return;
	segment = add_text(content, carried->origin, "Hello.");
	segment->depth = carried->depth;
	segment->writer_address = g_strdup(carried->address);
	segment->writer_name = g_strdup(carried->name);
}

static GPtrArray *
find(const struct policy *policy, guint i)
{
	g_autoptr(content) content = content_new();
	g_autoptr(header_facts) headers = mail_headers(&rows[i].mail);
	guint j;
	day on = 0;

	headers->is_reply = rows[i].is_reply;
	add_text(content, ORIGIN_OWN, "Thank you.");
	for (j = 0; j < G_N_ELEMENTS(rows[i].carried); j++)
		carry(content, &rows[i].carried[j]);
	ck_assert(day_parse("2026-06-01", &on));
	return parents_find(policy, headers, content, on);
}

START_TEST(finds_parents)
{
	struct policy *policy = mail_policy();
	g_autoptr(GPtrArray) parents = find(policy, (guint)_i);
	g_autoptr(GString) got = g_string_new(NULL);
	guint i;

	for (i = 0; i < parents->len; i++) {
		const struct parent *parent = g_ptr_array_index(parents, i);

		g_string_append_printf(got, "%s%s%s%s", i > 0 ? " " : "",
		    parent->guessed ? "?" : "", parent->forwarded ? ">" : "<",
		    party_name(&parent->party));
	}
	check_text(rows[_i].mail.name, "parents", got->str, rows[_i].want);
	g_clear_pointer(&parents, g_ptr_array_unref);
	mail_policy_free(policy);
}
END_TEST

static const struct {
	const char *name, *address;
	bool forwarded;
	struct class class;
	bool want;
} classes[] = {
    {"role", "jones@woodland-pc.example", false,
	{.kind = CLASS_ROLE, .role = ROLE_COUNCILLOR}, true},
    {"other role", "jones@woodland-pc.example", false,
	{.kind = CLASS_ROLE, .role = ROLE_OFFICER}, false},
    {"forwarded only", "jones@woodland-pc.example", true,
	{.kind = CLASS_ROLE, .role = ROLE_COUNCILLOR}, false},
    {"outsider", "info@supplier.example", false, {.kind = CLASS_OUTSIDER},
	true},
    {"shared by officers", "office@woodland-pc.example", false,
	{.kind = CLASS_ROLE, .role = ROLE_OFFICER}, true},
    {"shared by both", "grievances@woodland-pc.example", false,
	{.kind = CLASS_ROLE, .role = ROLE_OFFICER}, false},
    {"address with extension", "info+bids@supplier.example", false,
	{.kind = CLASS_ADDRESS, .text = (char[]){"info@supplier.example"}},
	true},
    {"domain", "info@supplier.example", false,
	{.kind = CLASS_DOMAIN, .text = (char[]){"supplier.example"}}, true},
};

START_TEST(judges_classes)
{
	struct policy *policy = mail_policy();
	g_autoptr(content) content = content_new();
	g_autoptr(header_facts) headers = header_facts_new();
	struct carried carried = {ORIGIN_QUOTED, 1, classes[_i].address, NULL};
	GPtrArray *parents;
	day on = 0;

	ck_assert(day_parse("2026-06-01", &on));
	carry(content, &carried);
	parents = parents_find(policy, headers, content, on);
	ck_assert_msg((parents_in_class(parents, classes[_i].forwarded, policy,
			   &classes[_i].class, on) != NULL) == classes[_i].want,
	    "%s", classes[_i].name);
	g_ptr_array_unref(parents);
	mail_policy_free(policy);
}
END_TEST

/* However many there are. */
START_TEST(bears_many)
{
	struct policy *policy = mail_policy();
	g_autoptr(content) content = content_new();
	g_autoptr(header_facts) headers = header_facts_new();
	GPtrArray *parents;
	guint i;

	for (i = 0; i < 1000; i++) {
		g_autofree char *address =
		    g_strdup_printf("a%u@supplier.example", i);
		struct carried carried = {ORIGIN_QUOTED, 1, address, NULL};

		carry(content, &carried);
	}
	parents = parents_find(policy, headers, content, DAY_FIRST);
	ck_assert_uint_eq(parents->len, 32);
	g_ptr_array_unref(parents);
	mail_policy_free(policy);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("thread");
	TCase *tcase = tcase_create("thread");

	tcase_add_loop_test(tcase, finds_parents, 0, G_N_ELEMENTS(rows));
	tcase_add_loop_test(tcase, judges_classes, 0, G_N_ELEMENTS(classes));
	tcase_add_test(tcase, bears_many);
	suite_add_tcase(suite, tcase);
	return suite;
}
