"""Silent copies through Postfix: who sees what, and what leaves."""

import time

import mail
from client import STRANGER, TRUSTED
from mailsystem import (CLERK, DEPUTY, JONES, LOGINS, MULLER, PATEL, SMITH,
                        MailSystem)
from place import wait_until
from postfix import Postfix

SAM = "CC councillor Sam Smith"
PRIYA = "CC councillor Priya Patel"
ZOE = "CC councillor Zoë Müller"
OWEN = "CC councillor Owen Hughes"
SECRET = "zz.whistle@secret.example"


class TestPostfix(MailSystem):
    @classmethod
    def make_mta(cls):
        return Postfix(
            cls.place, cls.out.port, cls.milter, logins=LOGINS,
            aliases="planning: %s, %s\n" % (JONES, SMITH),
            virtual="all-councillors@woodland-pc.example %s, %s, %s\n" % (
                JONES, SMITH, PATEL),
            archive="archive@woodland-pc.example")

    # always_bcc adds one copy to every message.
    def deliver(self, message, recipients, copies=None, **how):
        return super().deliver(message, recipients,
                               (copies or len(recipients)) + 1, **how)

    def assert_silent(self, message):
        """Nothing was recorded about this message, and nothing reported."""
        self.assertNotIn(mail.message_id(message).strip("<>").encode(),
                         self.filter.journal_bytes())
        self.assertEqual(self.reports_about(message), [])

    def test_every_shape(self):
        for name, body in mail.SHAPES.items():
            with self.subTest(name):
                message = mail.compose(body, to=[JONES])
                self.check(message, [JONES, SMITH], [SAM])
                self.wait_report(message)

    def test_one_transaction_one_report(self):
        # A report about the clerk's own mail goes to the chair.
        for login, reader in ("deputy", CLERK), ("clerk", PATEL):
            message = mail.compose(mail.PLAIN, to=["Jane Jones <%s>" % JONES],
                                   sender=login + "@woodland-pc.example")
            self.check(message, [JONES, SMITH], [SAM], login=login)
            report, = self.wait_report(message)
            self.assertEqual(report.recipients, [reader])
            self.assertEqual(report.sender, "")
            self.assertIn(b"Sam Smith", report.data)
        self.filter.wait_log("silent-copy")

    def test_several_hidden(self):
        message = mail.compose(mail.ALTERNATIVE, to=[JONES])
        self.check(message, [JONES, SMITH, PATEL], [SAM, PRIYA])

    def test_visible_copy_is_none(self):
        message = mail.compose(mail.PLAIN, to=[JONES], cc=[SMITH])
        self.check(message, [JONES, SMITH], [])
        self.assert_silent(message)

    def test_many_address_headers(self):
        message = mail.compose(
            mail.PLAIN, to=["\"Smith, S.\" <nobody@outside.example>", JONES],
            headers=["To: second.to@outside.example",
                     "Cc: group: %s, x@outside.example;" % SMITH.upper()])
        self.check(message, [JONES, SMITH], [])

    def test_widened_charset(self):
        message = mail.compose(mail.PLAIN, to=[JONES])
        self.check(message, [JONES, MULLER], [ZOE], relabelled=True)

    def test_plus_address(self):
        message = mail.compose(mail.PLAIN, to=[JONES])
        self.check(message, [JONES, "cllr.smith+news@woodland-pc.example"],
                   [SAM])
        message = mail.compose(
            mail.PLAIN, to=[JONES, "CLLR.Smith@Woodland-PC.example"])
        self.check(message, [JONES, "cllr.smith+news@woodland-pc.example"], [])

    def test_second_address_of_a_visible_councillor(self):
        message = mail.compose(mail.PLAIN, to=[JONES, SMITH])
        self.check(message, [JONES, "sam@smith.example"], [])

    def test_idn_a_label(self):
        message = mail.compose(mail.PLAIN, to=[JONES])
        self.check(message, [JONES, "cllr.hughes@xn--dr-bva.example"], [OWEN])

    def test_idn_smtputf8(self):
        message = mail.compose(mail.PLAIN, to=["cllr.hughes@dŵr.example"])
        self.check(message, ["cllr.hughes@dŵr.example", SMITH], [SAM],
                   options=["SMTPUTF8"])

    def test_group_in_the_policy(self):
        # The list's address is visible, so are its members.
        message = mail.compose(
            mail.PLAIN, to=["all-councillors@woodland-pc.example"])
        self.check(message, ["all-councillors@woodland-pc.example"], [],
                   copies=3)
        message = mail.compose(
            mail.PLAIN, to=["all-councillors@woodland-pc.example"])
        self.check(message, ["all-councillors@woodland-pc.example", SMITH], [],
                   copies=3)

    def test_hidden_alias(self):
        message = mail.compose(mail.PLAIN, to=[PATEL])
        self.check(message, [PATEL, "planning@lists.woodland-pc.example"],
                   ["CC councillor Jane Jones", SAM], copies=3)

    def test_no_visible_councillor(self):
        for to in [], ["undisclosed-recipients:;"], ["x@outside.example"]:
            with self.subTest(to=to):
                message = mail.compose(mail.PLAIN, to=to)
                self.check(message, [JONES, SMITH, "x@outside.example"], [])
                self.assert_silent(message)

    def test_own_copy(self):
        message = mail.compose(mail.PLAIN, to=[JONES])
        self.check(message, [JONES, CLERK], [])
        self.assert_silent(message)
        # An officer's second address is the officer, too.
        message = mail.compose(mail.PLAIN, to=[JONES], sender=DEPUTY)
        self.check(message, [JONES, "robin.lee@woodland-pc.example"], [],
                   login="deputy", sender=DEPUTY)

    def test_outsider_is_never_named(self):
        message = mail.compose(mail.ALTERNATIVE, to=[JONES])
        deliveries = self.check(message, [JONES, SMITH, SECRET], [SAM])
        reports = self.wait_report(message)
        local, domain = SECRET.encode().split(b"@")
        places = {
            "message": b"".join(one.data for one in deliveries),
            "report": b"".join(one.data for one in reports),
            "log": self.filter.log_text().encode(),
            "journal": self.filter.journal_bytes(),
        }
        for place, data in places.items():
            for word in SECRET.encode(), local, domain, b"secret.example":
                self.assertNotIn(word, data, place)
        self.assertIn(b"Sam Smith", places["journal"])

    def test_inbound_forgery(self):
        # A stranger who writes the clerk's name into From stays a stranger.
        for sender in CLERK, "x@outside.example":
            message = mail.compose(mail.PLAIN, to=[JONES])
            self.check(message, [JONES, SMITH], [], login=None, sender=sender,
                       service="inbound", proxied=STRANGER)
            self.assert_silent(message)

    def test_inbound_from_trusted_network(self):
        message = mail.compose(mail.PLAIN, to=[JONES])
        self.check(message, [JONES, SMITH], [SAM], login=None,
                   service="inbound", proxied=TRUSTED)

    def test_bounce(self):
        message = mail.compose(mail.PLAIN, to=[JONES])
        self.check(message, [JONES, SMITH], [], sender="")
        self.assert_silent(message)

    def test_automatic(self):
        for header in ("Auto-Submitted: auto-replied",
                       "Auto-Submitted: auto-generated"):
            message = mail.compose(mail.PLAIN, to=[JONES], headers=[header])
            self.check(message, [JONES, SMITH], [])
            self.assert_silent(message)

    def test_second_pass(self):
        # After the content filter the same message comes once more, with the
        # archive's copy as a recipient like any other.
        for body in mail.PLAIN, mail.ALTERNATIVE, mail.BASE64:
            message = mail.compose(body, to=[JONES])
            self.check(message, [JONES, SMITH], [SAM], service="filtered")
            self.wait_report(message)

    def test_forged_marker(self):
        sent = mail.compose(mail.PLAIN, to=[JONES])
        self.deliver(sent, [JONES, SMITH])
        marked = self.out.by_id(mail.message_id(sent))[0].data
        fields = [one for one in mail.split(marked)[0]
                  if one.lower().startswith(b"x-council-milter")]
        self.assertEqual(len(fields), 1, marked)
        # The true marker of another message is a forged one in this.
        message = mail.compose(mail.HTML_ONLY, to=[JONES],
                               headers=[fields[0].decode()])
        self.deliver(message, [JONES, SMITH])
        for delivery in self.out.by_id(mail.message_id(message)):
            mail.check_edit(message.replace(fields[0] + b"\r\n", b""),
                            delivery.data, [SAM])
            self.assertNotIn(fields[0], mail.split(delivery.data)[0])

    def test_two_messages_on_a_connection(self):
        first = mail.compose(mail.PLAIN, to=[JONES])
        second = mail.compose(mail.PLAIN, to=[JONES])
        third = mail.compose(mail.QUOTED, to=[SMITH])
        with self.mta.connected(login="clerk") as client:
            client.transact(CLERK, [JONES, SMITH], first)
            client.mail(CLERK)          # and thought better of it
            client.rcpt(PATEL)
            client.rset()
            client.transact(CLERK, [JONES], second)
            client.transact(CLERK, [SMITH, PATEL], third)
        for message, footers in (first, [SAM]), (second, []), (third, [PRIYA]):
            got = self.out.wait(mail.message_id(message))[0]
            mail.check_edit(message, got.data, footers)

    def test_fifty_recipients_and_more(self):
        # Postfix delivers in pieces of fifty; each has the footer.
        strangers = ["reader%d@outside.example" % i for i in range(120)]
        message = mail.compose(mail.PLAIN, to=[JONES] + strangers)
        deliveries = self.check(message, [JONES, SMITH] + strangers, [SAM])
        self.assertGreaterEqual(len(deliveries), 3)
        self.wait_report(message)
        self.assertEqual(len(self.reports_about(message)), 1)

    def test_cut_address_field(self):
        # Postfix drops the lines beyond 60,000 bytes, and Sam with them: who
        # is hidden is not known then, and nobody is said to be.
        strangers = ["reader%d@outside.example" % i for i in range(3000)]
        message = mail.compose(mail.PLAIN, to=[JONES] + strangers + [SMITH])
        got = self.deliver(message, [JONES, SMITH])
        self.assertEqual(mail.split(got.data)[1], mail.split(message)[1])
        self.assert_silent(message)

    def test_fifty_hidden_strangers(self):
        strangers = ["reader%d@outside.example" % i for i in range(50)]
        message = mail.compose(mail.PLAIN, to=[JONES])
        self.check(message, [JONES] + strangers, [])
        self.assert_silent(message)

    def test_signed_is_left_and_disclosed(self):
        # The footer cannot go in, so a letter tells the visible councillor.
        message = mail.compose(mail.SIGNED, to=[JONES])
        self.check(message, [JONES, SMITH], [])
        letters = {}
        for one in wait_until("report and disclosure", lambda: len(
                self.reports_about(message)) > 1 and
                self.reports_about(message)):
            letters[one.recipients[0]] = one.data
        self.assertEqual(set(letters), {PATEL, JONES})
        self.assertIn(b"signed with PGP", letters[PATEL])
        self.assertIn(b"also went to Cllr Sam Smith", letters[JONES])

    def test_large_message(self):
        text = b"".join(b"line %d of a long message\r\n" % i
                        for i in range(120000))
        message = mail.compose(b"\r\n" + text, to=[JONES])
        self.check(message, [JONES, SMITH], [SAM])

    def test_local_bcc_header(self):
        # Postfix drops Bcc before the filter sees the header.
        message = mail.compose(mail.PLAIN, to=[JONES],
                               headers=["Bcc: " + SMITH])
        self.mta.sendmail(message.replace(b"\r\n", b"\n"), "-f", CLERK, "-t")
        got, = self.out.wait(mail.message_id(message), 3)
        self.assertIsNone(got.header("Bcc"))
        mail.check_edit(message.replace(b"Bcc: %s\r\n" % SMITH.encode(), b""),
                        got.data, [SAM])

    def test_local_recipients_on_the_command_line(self):
        message = mail.compose(mail.QUOTED, to=[JONES])
        self.mta.sendmail(message.replace(b"\r\n", b"\n"), "-f", CLERK,
                          JONES, SMITH)
        got, = self.out.wait(mail.message_id(message), 3)
        mail.check_edit(message, got.data, [SAM])

    def test_reject(self):
        message = mail.compose(mail.PLAIN, to=[JONES], subject="please refuse")
        code, text = self.submit(message, [JONES, SMITH])
        self.assertEqual(code, 550)
        self.assertIn(b"this council does not send that", text)
        self.assertTrue(text.startswith(b"5.7.1"), text)
        self.assertEqual(self.out.by_id(mail.message_id(message)), [])

    def test_hold(self):
        message = mail.compose(mail.PLAIN, to=[JONES], subject="please hold")
        code, text = self.submit(message, [JONES, SMITH])
        self.assertEqual(code, 250)
        queue_id = text.split()[-1].decode()
        self.assertIn(("hold", queue_id), self.mta.queued())
        self.assertEqual(self.out.by_id(mail.message_id(message)), [])
        # Once released it has its footer, too.
        self.wait_report(message)
        self.mta.release(queue_id)
        got = self.out.wait(mail.message_id(message), 3)[0]
        mail.check_edit(message, got.data, [SAM])

    def test_defer(self):
        message = mail.compose(mail.PLAIN, to=[JONES], subject="please defer")
        code, text = self.submit(message, [JONES])
        self.assertEqual(code, 451)
        self.assertIn(b"4.7.1 try again", text)
        self.assertEqual(self.out.by_id(mail.message_id(message)), [])

    def test_local_defer_stays_in_the_queue(self):
        message = mail.compose(mail.PLAIN, to=[JONES], subject="please defer")
        self.mta.sendmail(message.replace(b"\r\n", b"\n"), "-f", CLERK, JONES)
        time.sleep(0.5)
        self.assertEqual(self.out.by_id(mail.message_id(message)), [])

    def test_no_text_of_messages_in_log_or_journal(self):
        message = mail.compose(
            b"\r\nThe zebra crossing scandal.\r\n", to=[JONES],
            subject="Zebra crossing")
        self.check(message, [JONES, SMITH], [SAM])
        self.wait_report(message)
        self.assertNotIn("ebra", self.filter.log_text())
        self.assertNotIn(b"ebra", self.filter.journal_bytes())
        for report in self.reports_about(message):
            self.assertNotIn(b"ebra", report.data)
