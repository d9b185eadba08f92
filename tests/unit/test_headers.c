/* What the header says: people, replies, machines. */
#include <string.h>

#include "tests/mail/mail.h"
#include "tests/unit/unit.h"

static struct message *
read_header(const char *header)
{
	g_autoptr(mail) m = mail_parse(header, strlen(header), true);

	return mail_message(m, NULL);
}

/* "name <address>; …" or "<address>; …" */
static char *
show(const GPtrArray *boxes)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < boxes->len; i++) {
		const struct mailbox *box = boxes->pdata[i];

		g_string_append_printf(out, "%s%s%s<%s>", i > 0 ? "; " : "",
		    box->name != NULL ? box->name : "",
		    box->name != NULL ? " " : "", box->address);
	}
	return g_string_free(out, FALSE);
}

/* clang-format off */
static const struct list_case {
	const char *name, *input, *want;
} list_cases[] = {
	{ "one", "To: cllr.jones@woodland-pc.example\n",
	    "<cllr.jones@woodland-pc.example>" },
	{ "named", "To: Jane Jones <cllr.jones@woodland-pc.example>\n",
	    "Jane Jones <cllr.jones@woodland-pc.example>" },
	{ "quoted comma",
	    "To: \"Jones, Jane\" <a@b.example>, \"Smith, Sam\" <c@d.example>\n",
	    "Jones, Jane <a@b.example>; Smith, Sam <c@d.example>" },
	{ "several fields", "To: a@b.example\nSubject: x\nTo: c@d.example\n",
	    "<a@b.example>; <c@d.example>" },
	{ "any case", "tO: a@b.example\n", "<a@b.example>" },
	{ "folded", "To: a@b.example,\n c@d.example,\n\tJane\n <e@f.example>\n",
	    "<a@b.example>; <c@d.example>; Jane <e@f.example>" },
	{ "undisclosed", "To: undisclosed-recipients:;\n", "" },
	{ "group", "To: Planning: a@b.example, Jane <c@d.example>;, e@f.example\n",
	    "<a@b.example>; Jane <c@d.example>; <e@f.example>" },
	{ "unclosed group", "To: Planning: a@b.example, c@d.example\n",
	    "<a@b.example>; <c@d.example>" },
	{ "encoded name", "To: =?utf-8?q?Zo=C3=AB_M=C3=BCller?= <a@b.example>\n",
	    "Zoë Müller <a@b.example>" },
	{ "encoded in latin-1", "To: =?iso-8859-1?Q?Zo=EB?= <a@b.example>\n",
	    "Zoë <a@b.example>" },
	{ "utf-8", "To: Zoë Müller <zoë@woodland-pc.example>\n",
	    "Zoë Müller <zoë@woodland-pc.example>" },
	{ "comment", "To: a@b.example (Jane Jones), c@d.example\n",
	    "Jane Jones <a@b.example>; <c@d.example>" },
	{ "semicolons", "To: a@b.example; c@d.example; Jane <e@f.example>\n",
	    "<a@b.example>; <c@d.example>; Jane <e@f.example>" },
	{ "empty items", "To: , ,a@b.example,, <c@d.example>,\n",
	    "<a@b.example>; <c@d.example>" },
	{ "broken in the middle",
	    "To: a@b.example, Jane Jones c@d.example, e@f.example\n",
	    "<a@b.example>; <c@d.example>; <e@f.example>" },
	{ "open bracket", "To: Jane <a@b.example, c@d.example\n",
	    "Jane <a@b.example>; <c@d.example>" },
	{ "open quote", "To: \"Jane <a@b.example>, c@d.example\n",
	    "Jane <a@b.example>; <c@d.example>" },
	{ "route", "To: <@x.example,@y.example:a@b.example>, c@d.example\n",
	    "<a@b.example>; <c@d.example>" },
	{ "quoted local part", "To: \"j o\"@b.example, c@d.example\n",
	    "<\"j o\"@b.example>; <c@d.example>" },
	{ "local name", "To: postmaster, a@b.example\n",
	    "<postmaster>; <a@b.example>" },
	{ "nothing", "To:\n", "" },
};
/* clang-format on */

START_TEST(test_list)
{
	const struct list_case *c = &list_cases[_i];
	g_autoptr(message) m = read_header(c->input);
	g_autofree char *got = show(message_header_facts(m)->to);

	ck_assert_msg(strcmp(got, c->want) == 0, "%s: got \"%s\"", c->name, got);
}
END_TEST

/* clang-format off */
static const struct flag_case {
	const char *name, *input;
	bool automatic, reply, forward;
} flag_cases[] = {
	{ "plain", "Subject: Allotments\n", false, false, false },
	{ "auto-replied", "Auto-Submitted: auto-replied\n", true, false, false },
	{ "auto no", "Auto-Submitted: no\n", false, false, false },
	{ "auto No with comment", "Auto-Submitted: No (typed)\n", false, false, false },
	{ "notified is not no", "Auto-Submitted: notified\n", true, false, false },
	{ "report", "Content-Type: multipart/report; boundary=x\n", true, false, false },
	{ "receipt", "Content-Type: message/disposition-notification\n", true, false, false },
	{ "calendar reply", "Content-Type: text/calendar;\n method=REPLY\n", true, false, false },
	{ "invitation", "Content-Type: text/calendar; method=REQUEST\n", false, false, false },
	{ "bulk", "Precedence: bulk\n", true, false, false },
	{ "junk", "Precedence: junk\n", true, false, false },
	{ "list mail by a person", "Precedence: bulk\nList-Id: <x.example>\n", false, false, false },
	{ "precedence list", "Precedence: list\n", false, false, false },
	{ "suppress all", "X-Auto-Response-Suppress: All\n", true, false, false },
	{ "suppress out of office", "X-Auto-Response-Suppress: OOF\n", false, false, false },
	{ "in reply", "In-Reply-To: <a@b.example>\n", false, true, false },
	{ "references", "References:\n <a@b.example>\n", false, true, false },
	{ "empty in reply", "In-Reply-To:\n", false, false, false },
	{ "fw", "Subject: FW: lease\n", false, false, true },
	{ "fwd after list tag", "Subject: [clerks] Fwd: lease\n", false, false, true },
	{ "fwd in brackets", "Subject: [Fwd: lease]\n", false, false, true },
	{ "german", "Subject: WG: Pacht\n", false, false, true },
	{ "reply to a forward", "Subject: Re: Fwd: lease\n", false, true, false },
	{ "reply of Outlook", "Subject: RE: lease\n", false, true, false },
	{ "reply in Welsh", "Subject: ATB: prydles\n", false, true, false },
	{ "no reply", "Subject: Rent: review\n", false, false, false },
	{ "forward as word", "Subject: Forward planning\n", false, false, false },
	{ "resent", "Resent-To: a@b.example\n", false, false, true },
};
/* clang-format on */

START_TEST(test_flags)
{
	const struct flag_case *c = &flag_cases[_i];
	g_autoptr(message) m = read_header(c->input);
	const struct header_facts *hf = message_header_facts(m);

	ck_assert_msg(hf->automatic == c->automatic, "%s: automatic", c->name);
	ck_assert_msg(hf->is_reply == c->reply, "%s: reply", c->name);
	ck_assert_msg(hf->is_forward == c->forward, "%s: forward", c->name);
}
END_TEST

/* The first block alone counts: RFC 5322, 3.6.6. */
START_TEST(test_resent)
{
	g_autoptr(message) m = read_header("Received: from x\n"
					   "Resent-From: clerk@a.example\n"
					   "Resent-To: one@a.example\n"
					   "Resent-To: two@a.example\n"
					   "Resent-Cc: three@a.example\n"
					   "Received: from y\n"
					   "Resent-To: four@a.example\n"
					   "To: five@a.example\n");
	const struct header_facts *hf = message_header_facts(m);
	g_autofree char *to = show(hf->resent_to), *cc = show(hf->resent_cc),
	    *from = show(hf->resent_from);

	ck_assert(hf->resent);
	ck_assert_str_eq(to, "<one@a.example>; <two@a.example>");
	ck_assert_str_eq(cc, "<three@a.example>");
	ck_assert_str_eq(from, "<clerk@a.example>");
}
END_TEST

START_TEST(test_resent_blocks_without_trace)
{
	g_autoptr(message) m = read_header("Resent-To: one@a.example\n"
					   "Resent-From: clerk@a.example\n"
					   "Resent-To: two@a.example\n"
					   "Resent-From: other@a.example\n");
	g_autofree char *to = show(message_header_facts(m)->resent_to);

	ck_assert_str_eq(to, "<one@a.example>");
}
END_TEST

START_TEST(test_subject)
{
	g_autoptr(message) m = read_header("Subject: =?utf-8?B?Wm/Dqw==?=\n"
					   " and the lease\n"
					   "Message-ID: <1@a.example>\n"
					   "Subject: another\n");
	const struct header_facts *hf = message_header_facts(m);

	ck_assert_str_eq(hf->subject, "Zoë and the lease");
	ck_assert_str_eq(hf->message_id, "<1@a.example>");
}
END_TEST

START_TEST(test_fields)
{
	g_autoptr(message) m = read_header("X-One: a\n\tb\nX-Two:  c\n");
	const GPtrArray *fields = message_header_facts(m)->fields;

	ck_assert_uint_eq(fields->len, 2);
	ck_assert_str_eq(((struct mailbox *)fields->pdata[0])->name, "X-One");
	ck_assert_str_eq(
	    ((struct mailbox *)fields->pdata[0])->address, "a\tb");
	ck_assert_str_eq(((struct mailbox *)fields->pdata[1])->address, "c");
}
END_TEST

/* A list of many recipients is whole; one as long as MTAs cut is not. */
START_TEST(test_long)
{
	g_autoptr(GString) header = g_string_new("Cc: ");
	g_autoptr(message) m = NULL, cut = NULL;

	for (unsigned i = 0; header->len < 57800; i++)
		g_string_append_printf(
		    header, "%suser%u@a.example", i > 0 ? ",\n " : "", i);
	g_string_append_c(header, '\n');
	m = read_header(header->str);
	ck_assert(!message_header_facts(m)->recipients_cut);
	ck_assert_uint_gt(message_header_facts(m)->cc->len, 2500);
	g_string_truncate(header, header->len - 1);
	for (unsigned i = 0; header->len < 61000; i++)
		g_string_append_printf(header, ",\n other%u@a.example", i);
	cut = read_header(header->str);
	ck_assert(message_header_facts(cut)->recipients_cut);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("headers");
	TCase *t = tcase_create("headers");

	tcase_add_loop_test(t, test_list, 0, G_N_ELEMENTS(list_cases));
	tcase_add_loop_test(t, test_flags, 0, G_N_ELEMENTS(flag_cases));
	tcase_add_test(t, test_resent);
	tcase_add_test(t, test_resent_blocks_without_trace);
	tcase_add_test(t, test_subject);
	tcase_add_test(t, test_fields);
	tcase_add_test(t, test_long);
	suite_add_tcase(s, t);
	return s;
}
