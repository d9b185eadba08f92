#include "tests/unit/mailing.h"
#include "tests/unit/unit.h"

static char *
recipient_names(const struct facts *facts, bool hidden)
{
	const GPtrArray *recipients = facts_recipients(facts);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	guint i;

	for (i = 0; i < recipients->len; i++) {
		const struct recipient *r = g_ptr_array_index(recipients, i);

		ck_assert(!r->hidden || (r->enveloped && !r->visible));
		if (hidden ? r->hidden : r->visible)
			g_ptr_array_add(
			    names, (gpointer)(guintptr)party_name(&r->party));
	}
	return join_names(names);
}

static char *
author_names(const struct facts *facts)
{
	const GPtrArray *authors = facts_authors(facts);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	guint i;

	for (i = 0; i < authors->len; i++)
		g_ptr_array_add(names,
		    (gpointer)(guintptr)party_name(
			g_ptr_array_index(authors, i)));
	return join_names(names);
}

/* Numbered as the list of what goes wrong between MTAs, milters and mailers. */
static const struct mail mails[] = {
    /* 1: the envelope alone has Bcc recipients. */
    {"plain", .rcpt = "jones", .to = "jones", .visible = "jones"},
    {"hidden", .rcpt = "jones smith", .to = "jones", .visible = "jones",
	.hidden = "smith"},
    {"several hidden", .rcpt = "jones smith patel zoë@müller.example",
	.to = "jones", .visible = "jones", .hidden = "muller patel smith"},
    {"Cc is visible", .rcpt = "jones smith", .to = "jones", .cc = "smith",
	.visible = "jones smith"},
    {"stranger hidden", .rcpt = "jones x@elsewhere.example", .to = "jones",
	.visible = "jones", .hidden = "x@elsewhere.example"},
    {"all hidden", .rcpt = "jones smith", .visible = "",
	.hidden = "jones smith"},
    /* 2: the argument, what it resolves to, the roster's aliases. */
    {"argument in the header", .rcpt = "jones|jj@backend.example",
	.to = "jones", .visible = "jones"},
    {"resolved in the header", .rcpt = "jj@gateway.example|jones",
	.to = "jones", .visible = "jones"},
    {"resolved names a person", .rcpt = "jj@gateway.example|smith",
	.to = "jones", .visible = "jones", .hidden = "smith"},
    {"argument of a stranger in the header",
	.rcpt = "x@elsewhere.example|x@backend.example",
	.to = "x@elsewhere.example", .visible = "x@elsewhere.example"},
    {"resolved of a stranger in the header",
	.rcpt = "y@elsewhere.example|x@elsewhere.example",
	.to = "x@elsewhere.example",
	.visible = "x@elsewhere.example y@elsewhere.example"},
    {"stranger in two forms is one", .rcpt = "x@elsewhere.example|=x",
	.visible = "", .hidden = "x@elsewhere.example"},
    {"visible address redirected to a person", .rcpt = "info|smith",
	.to = "info", .visible = "info@woodland-pc.example smith"},
    {"visible alias redirected to a person", .rcpt = "bin|smith",
	.to = "bin", .visible = "smith"},
    {"Sendmail's local mailer", .rcpt = "jones|=jones smith|=smith",
	.to = "jones", .visible = "jones", .hidden = "smith"},
    {"alias in the header and the envelope", .rcpt = "all", .to = "all",
	.visible = "friend@elsewhere.example jones muller patel smith"},
    {"alias hidden", .rcpt = "jones all", .to = "jones",
	.visible = "jones",
	.hidden = "friend@elsewhere.example muller patel smith"},
    {"alias in the header, already resolved",
	.rcpt = "jones smith patel zoë@müller.example friend@elsewhere.example",
	.to = "all",
	.visible = "friend@elsewhere.example jones muller patel smith"},
    {"alias of nobody", .rcpt = "jones bin", .to = "jones",
	.visible = "jones"},
    {"alias of a person's own address", .rcpt = "jones muller",
	.to = "jones", .visible = "jones", .hidden = "deputy muller"},
    {"alias of a person's own address, visible", .rcpt = "muller",
	.to = "muller", .visible = "deputy muller"},
    {"the person's other address", .rcpt = "muller smith",
	.to = "zoë@müller.example", .visible = "deputy muller",
	.hidden = "smith"},
    /* 3: local submission without a domain */
    {"local names", .rcpt = "=jones =smith", .to = "=jones",
	.visible = "jones", .hidden = "smith"},
    {"local alias", .rcpt = "=all", .to = "=all",
	.visible = "friend@elsewhere.example jones muller patel smith"},
    {"local stranger", .rcpt = "=postmaster", .to = "postmaster",
	.visible = "postmaster@woodland-pc.example"},
    /* 5: one message in several envelopes */
    {"the Bcc copy alone", .rcpt = "smith", .to = "jones",
	.visible = "jones", .hidden = "smith"},
    {"the To copy alone", .rcpt = "jones", .to = "jones", .cc = "patel",
	.visible = "jones patel"},
    /* 9: Resent blocks */
    {"resent openly", .rcpt = "smith", .to = "jones", .resent_to = "smith",
	.visible = "jones smith"},
    {"resent with a hidden copy", .rcpt = "smith patel", .to = "jones",
	.resent_from = "clerk", .resent_to = "smith", .resent_cc = "",
	.visible = "jones smith", .hidden = "patel"},
    {"resent to an original recipient", .rcpt = "jones", .to = "jones",
	.resent_to = "x@elsewhere.example",
	.visible = "jones x@elsewhere.example"},
    /* 10: groups */
    {"group of the roster", .rcpt = "planning", .to = "planning",
	.visible = "jones patel"},
    {"group of the roster, hidden", .rcpt = "jones planning", .to = "jones",
	.visible = "jones", .hidden = "patel"},
    {"member also in the envelope", .rcpt = "members smith", .to = "members",
	.visible = "jones muller patel smith"},
    {"undisclosed recipients", .rcpt = "jones smith", .to = "", .cc = "",
	.visible = "", .hidden = "jones smith"},
    {"empty addresses", .rcpt = "jones", .to = "= =", .visible = "",
	.hidden = "jones"},
    /* 11: cut headers */
    {"cut header", .rcpt = "jones smith", .to = "jones", .cut = true,
	.visible = "jones", .hidden = ""},
    /* 12: copies to oneself, and second addresses */
    {"sender's own Bcc", .rcpt = "jones clerk", .to = "jones",
	.visible = "jones"},
    {"sender's other address", .rcpt = "jones alex@home.example",
	.to = "jones", .visible = "jones"},
    {"sender in a group", .rcpt = "jones office", .to = "jones",
	.visible = "jones", .hidden = "deputy"},
    {"sender's own Cc is no recipient", .rcpt = "clerk smith",
	.to = "clerk", .visible = "", .hidden = "smith"},
    {"second address of a visible councillor",
	.rcpt = "jones jane@jones.example", .to = "jones",
	.visible = "jones"},
    {"other address in the header", .rcpt = "jones",
	.to = "jane@jones.example", .visible = "jones"},
    {"stranger's own Bcc", .path = "app@elsewhere.example", .login = "-",
	.from = "app@elsewhere.example",
	.rcpt = "jones app@elsewhere.example", .to = "jones",
	.visible = "jones", .by = "app@elsewhere.example", .early = ""},
    /* 13: spellings */
    {"case", .rcpt = "JONES@Woodland-PC.Example", .to = "Jones",
	.visible = "jones"},
    {"plus address", .rcpt = "jones+bcc@woodland-pc.example", .to = "jones",
	.visible = "jones"},
    {"plus address of the roster's own", .rcpt = "council+smith@mail.example",
	.to = "smith", .visible = "smith"},
    {"plus address of a stranger", .rcpt = "x+tag@elsewhere.example",
	.to = "x@elsewhere.example", .visible = "x@elsewhere.example"},
    {"old domain", .rcpt = "jones@woodland.old.example", .to = "jones",
	.visible = "jones"},
    {"alias in the old domain", .rcpt = "planning@woodland.old.example",
	.to = "planning", .visible = "jones patel"},
    {"IDN, U-label in the header", .rcpt = "zoë@xn--mller-kva.example",
	.to = "ZOË@MÜLLER.example", .visible = "muller"},
    {"IDN, A-label in the header", .rcpt = "zoë@müller.example",
	.to = "zoë@xn--mller-kva.example", .visible = "muller"},
    {"quotes, brackets, dots", .rcpt = "<\"jones\"@woodland-pc.example.>",
	.to = "jones", .visible = "jones"},
    {"garbage is somebody", .rcpt = "jones a@@B", .to = "jones",
	.visible = "jones", .hidden = "a@@b"},
    /* people who hold no office */
    {"former councillor", .rcpt = "hughes", .to = "jones",
	.visible = "jones", .hidden = "hughes@woodland-pc.example"},
    {"former councillor in two spellings", .rcpt = "owen@hughes.example",
	.to = "hughes", .visible = "hughes@woodland-pc.example"},
    /* who sends */
    {"login outranks everything", .path = "jones", .login = "alex",
	.from = "patel", .sender = "smith", .rcpt = "jones", .to = "jones",
	.visible = "jones", .by = "clerk", .authors = "patel smith"},
    {"login by address", .path = "x@elsewhere.example",
	.login = "Jane@Jones.example", .client = "203.0.113.5",
	.rcpt = "smith patel", .to = "patel", .visible = "patel",
	.hidden = "smith", .by = "jones"},
    {"unknown login, envelope", .path = "smith", .login = "scanner",
	.client = "203.0.113.5", .from = "patel", .rcpt = "jones",
	.to = "jones", .visible = "jones", .by = "smith"},
    {"shared login, Sender", .path = "office",
	.login = "office@woodland-pc.example", .sender = "deputy",
	.from = "patel", .rcpt = "jones", .to = "jones", .visible = "jones",
	.by = "deputy", .early = "", .authors = "deputy patel"},
    {"shared login, From", .path = "office", .login = "office",
	.sender = "office", .from = "office patel", .rcpt = "jones",
	.to = "jones", .visible = "jones", .by = "patel", .early = ""},
    {"alias of one person", .path = "assistant", .login = "-",
	.from = "assistant", .rcpt = "jones smith deputy", .to = "jones",
	.visible = "jones", .hidden = "smith", .by = "deputy",
	.authors = "deputy"},
    {"alias of one person, From alone", .path = "app@elsewhere.example",
	.login = "-", .from = "assistant", .rcpt = "jones", .to = "jones",
	.visible = "jones", .by = "deputy", .early = ""},
    {"shared login, nobody else named", .path = "office", .login = "office",
	.from = "office", .rcpt = "jones", .to = "jones", .visible = "jones",
	.by = "clerk+deputy", .early = "", .authors = "clerk+deputy"},
    {"shared mailbox in From alone", .path = "app@elsewhere.example",
	.login = "-", .from = "office", .rcpt = "jones", .to = "jones",
	.visible = "jones", .by = "clerk+deputy", .early = ""},
    {"alias with a stranger in it", .path = "all", .login = "-",
	.from = "all", .rcpt = "jones", .to = "jones", .visible = "jones",
	.by = "all@woodland-pc.example", .early = ""},
    {"inbound from a shared mailbox", .path = "office", .login = "-",
	.client = "203.0.113.5", .from = "office", .rcpt = "jones",
	.to = "jones", .visible = "jones", .by = "office@woodland-pc.example",
	.authors = "office@woodland-pc.example"},
    {"on behalf of a councillor, who has a copy", .path = "clerk",
	.from = "smith", .sender = "clerk", .rcpt = "jones smith patel",
	.to = "jones", .visible = "jones", .hidden = "patel",
	.authors = "clerk smith"},
    {"two authors", .from = "clerk smith", .rcpt = "jones smith",
	.to = "jones", .visible = "jones", .authors = "clerk smith"},
    {"author by the other address", .from = "council+smith@mail.example",
	.rcpt = "jones smith", .to = "jones", .visible = "jones"},
    {"Sender shows nobody", .sender = "smith", .rcpt = "jones smith",
	.to = "jones", .visible = "jones", .hidden = "smith"},
    {"inbound From may be forged", .path = "x@elsewhere.example",
	.login = "-", .client = "203.0.113.5", .from = "smith",
	.rcpt = "jones smith", .to = "jones", .visible = "jones",
	.hidden = "smith", .by = "x@elsewhere.example"},
    {"nobody on the roster", .path = "app@woodland-pc.example", .login = "-",
	.from = "x@elsewhere.example", .rcpt = "jones", .to = "jones",
	.visible = "jones", .by = "app@woodland-pc.example", .early = "",
	.authors = "x@elsewhere.example"},
    {"no envelope sender", .path = "", .login = "-", .from = "patel",
	.rcpt = "jones", .to = "jones", .visible = "jones", .by = "patel",
	.early = ""},
    {"trusted network", .path = "clerk", .login = "-",
	.client = "127.0.0.1", .rcpt = "jones", .to = "jones",
	.visible = "jones", .by = "clerk"},
    {"trusted IPv6 network", .path = "clerk", .login = "",
	.client = "IPv6:2001:db8::25", .rcpt = "jones", .to = "jones",
	.visible = "jones", .by = "clerk"},
    {"resent, by who resent it", .path = "app@elsewhere.example",
	.login = "-", .from = "jones", .resent_from = "deputy",
	.resent_to = "smith", .to = "clerk", .rcpt = "smith",
	.visible = "clerk smith", .by = "deputy", .early = "",
	.authors = "jones"},
    {"resent by a stranger", .path = "app@elsewhere.example", .login = "-",
	.from = "jones", .resent_from = "x@elsewhere.example",
	.resent_to = "smith", .to = "clerk", .rcpt = "smith",
	.visible = "clerk smith", .by = "app@elsewhere.example",
	.early = ""},
    {"former councillor's login", .path = "hughes", .login = "hughes",
	.from = "hughes", .rcpt = "jones owen@hughes.example", .to = "jones",
	.visible = "jones", .by = "hughes@woodland-pc.example",
	.authors = "hughes@woodland-pc.example"},
    {"no From", .from = "", .rcpt = "jones", .to = "jones",
	.visible = "jones", .authors = "clerk"},
    /* inbound */
    {"inbound", .path = "x@elsewhere.example", .login = "-",
	.client = "203.0.113.5", .from = "x@elsewhere.example",
	.rcpt = "jones smith", .to = "jones", .visible = "jones",
	.hidden = "smith", .by = "x@elsewhere.example"},
    {"inbound forgery", .path = "clerk", .login = "-",
	.client = "203.0.113.5", .from = "patel", .sender = "deputy",
	.rcpt = "jones clerk", .to = "jones clerk",
	.visible = "clerk jones", .by = "clerk@woodland-pc.example",
	.authors = "deputy@woodland-pc.example patel@woodland-pc.example"},
    {"inbound bounce", .path = "", .login = "-", .client = "203.0.113.5",
	.from = "mailer-daemon@elsewhere.example", .rcpt = "clerk",
	.to = "clerk", .visible = "clerk", .by = ""},
    {"inbound, empty login", .path = "clerk", .login = "",
	.client = "2001:db9::1", .rcpt = "jones", .to = "jones",
	.visible = "jones", .by = "clerk@woodland-pc.example"},
};

START_TEST(sorts_recipients)
{
	const struct mail *mail = &mails[_i];
	struct policy *policy = mail_policy();
	g_autoptr(facts) facts = facts_new(policy);
	g_autoptr(envelope) envelope = mail_envelope(mail);
	g_autoptr(header_facts) headers = mail_headers(mail);
	g_autofree char *visible = NULL, *hidden = NULL, *authors = NULL;
	const char *by = mail->by != NULL ? mail->by : "clerk";
	const char *early = mail->early != NULL ? NULL : by;

	facts_set_envelope(facts, envelope);
	ck_assert_ptr_null(facts_recipients(facts));
	ck_assert_ptr_null(facts_authors(facts));
	ck_assert(!facts_recipients_known(facts));
	check_text(mail->name, "early sender",
	    party_name(facts_sender(facts)), early);
	facts_set_headers(facts, headers);
	g_clear_pointer(&envelope, envelope_free);
	g_clear_pointer(&headers, header_facts_free);
	visible = recipient_names(facts, false);
	hidden = recipient_names(facts, true);
	authors = author_names(facts);
	check_text(mail->name, "visible", visible, mail->visible);
	check_text(mail->name, "hidden", hidden,
	    mail->hidden != NULL ? mail->hidden : "");
	check_text(mail->name, "sender", party_name(facts_sender(facts)), by);
	if (mail->authors != NULL)
		check_text(mail->name, "authors", authors, mail->authors);
	ck_assert(facts_recipients_known(facts) == !mail->cut);
	facts_free(g_steal_pointer(&facts));
	mail_policy_free(policy);
}
END_TEST

/* 4: archives, which are nobody; one by address, one by person. */
static const struct mail archived[] = {
    {"archive by *_bcc_maps", .rcpt = "jones archive", .to = "jones",
	.visible = "jones"},
    {"archive, resolved", .rcpt = "jones journal|archive", .to = "jones",
	.visible = "jones"},
    {"archive by year", .rcpt = "jones archive+2026@woodland-pc.example",
	.to = "jones", .visible = "jones"},
    {"archive in the header", .rcpt = "archive jones", .to = "archive",
	.visible = "", .hidden = "jones"},
    {"archive in an alias", .rcpt = "jones assistant", .to = "jones",
	.visible = "jones"},
};

START_TEST(ignores_archives)
{
	const struct mail *mail = &archived[_i];
	struct policy *policy = mail_policy();
	g_autoptr(facts) facts = facts_new(policy);
	g_autoptr(envelope) envelope = mail_envelope(mail);
	g_autoptr(header_facts) headers = mail_headers(mail);
	g_autofree char *visible = NULL, *hidden = NULL;
	char archive[] = "archive@woodland-pc.example";
	char *addresses[] = {archive, NULL};

	policy->archive = mail_class(policy, addresses, "deputy");
	facts_set_envelope(facts, envelope);
	facts_set_headers(facts, headers);
	visible = recipient_names(facts, false);
	hidden = recipient_names(facts, true);
	check_text(mail->name, "visible", visible, mail->visible);
	check_text(mail->name, "hidden", hidden,
	    mail->hidden != NULL ? mail->hidden : "");
	facts_free(g_steal_pointer(&facts));
	mail_policy_free(policy);
}
END_TEST

/* One entry each, in any number; slow sorting would meet check's timeout. */
START_TEST(sorts_many)
{
	enum { MANY = 50000 };
	static const struct mail mail = {.rcpt = "jones smith", .to = "jones"};
	struct policy *policy = mail_policy();
	g_autoptr(facts) facts = facts_new(policy);
	g_autoptr(envelope) envelope = mail_envelope(&mail);
	g_autoptr(header_facts) headers = mail_headers(&mail);
	const GPtrArray *recipients;
	unsigned i, visible = 0, hidden = 0;

	for (i = 0; i < MANY; i++) {
		g_autofree char *address =
		    g_strdup_printf("r%u+x@elsewhere.example", i);

		envelope_add_recipient(envelope, address, "planning@"
		    "woodland-pc.example");
		envelope_add_recipient(envelope, address, NULL);
		if (i % 2 == 0)
			g_ptr_array_add(
			    headers->cc, mailbox_new(NULL, address));
	}
	facts_set_envelope(facts, envelope);
	facts_set_headers(facts, headers);
	recipients = facts_recipients(facts);
	for (i = 0; i < recipients->len; i++) {
		const struct recipient *r = g_ptr_array_index(recipients, i);

		visible += r->visible;
		hidden += r->hidden;
	}
		ck_assert_uint_eq(visible, MANY / 2 + 2);
	ck_assert_uint_eq(hidden, MANY / 2 + 1);
	facts_free(g_steal_pointer(&facts));
	mail_policy_free(policy);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("recipients");
	TCase *tcase = tcase_create("recipients");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, sorts_recipients, 0, G_N_ELEMENTS(mails));
	tcase_add_loop_test(
	    tcase, ignores_archives, 0, G_N_ELEMENTS(archived));
	tcase_add_test(tcase, sorts_many);
	suite_add_tcase(suite, tcase);
	return suite;
}
