/*
 * What the rules that hold ask for: whose names the footers carry and in what
 * words, and to whom the reports, notices and disclosures go.
 */
#include "tests/unit/judging.h"
#include "tests/unit/unit.h"

#define AT "@woodland-pc.example"
#define SILENT {.to = "jones", .bcc = "smith"}
#define WHEN_SILENT "when any hidden recipient is councillor "

static const struct verdict_case footers[] = {
    {"one line each, in roster order",
	"rule r " WHEN_SILENT "then footer \"CC councillor {name}\"\n",
	{.to = "jones", .bcc = "muller smith patel a@x.example deputy"},
	"accept | footer CC councillor Priya Patel | footer CC councillor Sam "
	"Smith | footer CC councillor Zoë Müller | r"},
    {"title, council and name",
	"rule r " WHEN_SILENT
	"then footer \"CC {title} {name}, {council}\"\n",
	{.to = "jones", .bcc = "smith muller"},
	"accept | footer CC Cllr Sam Smith, Woodland Parish Council"
	" | footer CC Zoë Müller, Woodland Parish Council | r"},
    {"by language", "footer in cy \"CC y Cynghorydd {name} / CC councillor "
	"{name}\"\n"
	"rule r " WHEN_SILENT "then footer\n",
	{.to = "jones", .bcc = "hughes smith"},
	"accept | footer CC councillor Sam Smith | footer.cy-gb CC y "
	"Cynghorydd Owen Hughes / CC councillor Owen Hughes | r"},
    {"the same line once", "rule first " WHEN_SILENT "then footer\n"
	"rule second when any recipient is councillor then "
	"footer \"CC councillor {name}\"\n",
	SILENT, "accept | footer CC councillor Sam Smith | first | second"},
    {"other lines of the same person",
	"rule first " WHEN_SILENT "then footer\n"
	"rule second when any recipient is councillor then "
	"footer \"Copied to {name}\"\n",
	{.to = "jones", .bcc = "smith patel"},
	"accept | footer CC councillor Priya Patel | footer Copied to Priya "
	"Patel | footer CC councillor Sam Smith | footer Copied to Sam Smith"
	" | first | second"},
    {"one line for many", "all above 2 \"CC all councillors\"\n"
	"rule first " WHEN_SILENT "then footer\n"
	"rule second when any recipient is councillor then footer \"{name}\"\n",
	{.to = "jones", .bcc = "smith patel hughes"},
	"accept | footer CC all councillors | first | second"},
    {"not above the number", "all above 2 \"CC all councillors\"\n"
	"rule r " WHEN_SILENT "then footer\n",
	{.to = "jones", .bcc = "smith patel"},
	"accept | footer CC councillor Priya Patel | footer CC councillor Sam "
	"Smith | r"},
    {"strangers and officers have no line",
	"rule r when message is submitted then footer\n",
	{.to = "jones", .bcc = "deputy a@x.example"}, "accept | r"},
    {"none when an address header was cut",
	"rule r when message is submitted then footer\n",
	{.to = "jones", .bcc = "smith", .cut = true}, "accept | r"},
    {"second address of a visible councillor",
	"rule r when message is submitted then footer\n",
	{.to = "jones", .bcc = "jane@jones.example"}, "accept | r"},
};

#define REPORT "rule r when any recipient is councillor then report\n"

static const struct verdict_case letters[] = {
    {"the first of the list", REPORT, {.from = "smith", .to = "jones"},
	"accept | report clerk" AT " | r"},
    {"not to the sender", REPORT, {.to = "jones"},
	"accept | report patel" AT " | r"},
    {"the post is vacant",
	REPORT, {.from = "smith", .to = "jones", .on = "2029-01-01"},
	"accept | report patel" AT " | r"},
    {"all of the list concerned: the chair",
	"rule r when any recipient is councillor then report to clerk\n",
	{.to = "smith", .on = "2027-06-01"}, "accept | report jones" AT " | r"},
    {"clerk vacant, chair concerned: the postmaster",
	"rule r when any recipient is councillor then report to clerk\n",
	{.from = "jones", .to = "smith", .on = "2030-06-01"},
	"accept | report postmaster" AT " | r"},
    {"every post vacant: the postmaster",
	"rule r when any recipient is councillor then report to clerk\n",
	{.from = "jones", .to = "smith", .on = "2031-06-01"},
	"accept | report postmaster" AT " | r"},
    {"an address as the policy writes it",
	"rule r when any recipient is councillor then report to deputy, "
	"Monitoring.Officer@district.example\n",
	{.to = "jones", .on = "2027-01-01"},
	"accept | report Monitoring.Officer@district.example | r"},
    {"an address whose owner is concerned",
	"rule r when any recipient is councillor then report to "
	"clerk" AT ", cllr.hughes\n",
	{.to = "jones"}, "accept | report hughes" AT " | r"},
    {"a role by day",
	"rule r when any recipient is councillor then report to chair\n",
	{.to = "smith", .on = "2027-05-11"}, "accept | report jones" AT " | r"},
    {"in the digest, and again at once to somebody else",
	"rule r when any recipient is councillor then report in digest and "
	"report to chair\n",
	{.from = "smith", .to = "jones"},
	"accept | report digest clerk" AT " | report patel" AT " | r"},
    {"reports on inbound mail",
	"rule r when message is inbound then report and notify sender\n",
	{.from = "clerk", .to = "jones", .inbound = true},
	"accept | report clerk" AT " | r"},
    {"a notice with words",
	"rule r when any recipient is councillor then notify sender \"Please "
	"ask.\"\n",
	{.from = "smith", .to = "jones"},
	"accept | notify sender smith" AT ": Please ask. | r"},
    {"a notice to somebody who is not on the roster",
	"rule r when any recipient is councillor then notify sender\n",
	{.from = "office", .to = "jones"},
	"accept | notify sender office" AT " | r"},
    {"no notice to a program",
	"rule r when any recipient is councillor then notify sender\n",
	{.to = "jones", .automatic = true}, "accept | r"},
    {"no notice to nobody",
	"rule r when any recipient is councillor then notify sender\n",
	{.to = "jones", .null_sender = true}, "accept | r"},
    {"disclosed to visible people of the classes",
	"rule r " WHEN_SILENT "then disclose to councillor \"A copy.\"\n",
	{.to = "jones deputy a@x.example", .cc = "clerk hughes",
	    .bcc = "smith"},
	"accept | disclose jones" AT ": A copy. | disclose hughes" AT
	": A copy. | r"},
    {"a forged author keeps no report from anybody",
	"rule r when message is inbound then report to officer@law.example\n",
	{.from = "officer@law.example", .to = "jones", .inbound = true},
	"accept | report officer@law.example | r"},
    {"neither to the sender nor to the author",
	"rule r when any recipient is councillor then report to cllr.smith, "
	"clerk, cllr.hughes\n",
	{.author = "smith", .to = "jones"},
	"accept | report hughes" AT " | r"},
    {"not by another address of the sender",
	"rule r when any recipient is councillor then report to "
	"jane@jones.example, cllr.hughes\n",
	{.from = "jones", .to = "smith"}, "accept | report hughes" AT " | r"},
    {"not to a sender who is not on the roster",
	"rule r when any recipient is councillor then report to office" AT
	", cllr.hughes\n",
	{.from = "office", .to = "smith"}, "accept | report hughes" AT " | r"},
    {"not to a shared mailbox that the sender reads",
	"rule r when any recipient is councillor then report to desk" AT
	", desk+reports" AT ", cllr.hughes\n",
	{.to = "smith"}, "accept | report hughes" AT " | r"},
    {"to a shared mailbox that the sender does not read",
	"rule r when any recipient is councillor then report to panel" AT "\n",
	{.to = "smith"}, "accept | report panel" AT " | r"},
    {"not to any who share the sender's mailbox",
	"rule r when any recipient is councillor then report to deputy, clerk, "
	"desk" AT ", cllr.hughes\n",
	{.from = "desk", .to = "smith"}, "accept | report hughes" AT " | r"},
    {"a notice to a shared mailbox",
	"rule r when sender is officer then notify sender\n",
	{.from = "desk", .to = "smith"},
	"accept | notify sender desk" AT " | r"},
    {"a report and a disclosure to the same person",
	"rule r when any recipient is councillor then report to cllr.jones "
	"and disclose to councillor\n",
	{.from = "smith", .to = "jones"},
	"accept | report jones" AT " | disclose jones" AT " | r"},
    {"each address once a kind and rule",
	"rule first when any recipient is councillor then report and "
	"report in digest\n"
	"rule second when any recipient is councillor then report\n",
	{.from = "smith", .to = "jones"},
	"accept | report clerk" AT " | report clerk" AT " | first | second"},
};

START_TEST(footer)
{
	verdict_case_run(&footers[_i]);
}
END_TEST

START_TEST(letter)
{
	verdict_case_run(&letters[_i]);
}
END_TEST

/* Two people are two copies, whatever they are called. */
START_TEST(namesakes)
{
	static const struct mail mail = {.to = "office", .bcc = "one two"};
	g_autoptr(policy) policy = council_policy_with(
	    "id,name,roles,addresses\n"
	    "one,Jane Jones,councillor,one@woodland-pc.example\n"
	    "two,Jane Jones,councillor,two@woodland-pc.example\n",
	    "rule r when message is submitted then footer\n");
	struct judged judged;

	judged_init(&judged, policy, &mail, false);
	ck_assert_uint_eq(judged.verdict->footers->len, 2);
	judged_clear(&judged);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("collect");
	TCase *tcase = tcase_create("collect");

	tcase_add_loop_test(tcase, footer, 0, G_N_ELEMENTS(footers));
	tcase_add_loop_test(tcase, letter, 0, G_N_ELEMENTS(letters));
	tcase_add_test(tcase, namesakes);
	suite_add_tcase(suite, tcase);
	return suite;
}
