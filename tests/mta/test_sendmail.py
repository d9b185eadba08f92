"""The same through Sendmail, and what Sendmail does otherwise."""

import os

import mail
from mailsystem import (BUILD, CLERK, JONES, LOGINS, MULLER, PATEL, SMITH,
                        MailSystem)
from place import wait_until
from sendmail import Sendmail

SAM = "CC councillor Sam Smith"
PRIYA = "CC councillor Priya Patel"
ZOE = "CC councillor Zoë Müller"
SECRET = "zz.whistle@secret.example"
ELSEWHERE = "127.0.0.9"     # not in the policy's trusted networks


class TestSendmail(MailSystem):
    @classmethod
    def make_mta(cls):
        return Sendmail(cls.place, os.path.join(BUILD, "sendmail-packages"),
                        cls.out.port, cls.milter, logins=LOGINS,
                        aliases="planning: %s, %s\n" % (JONES, SMITH))

    # Sendmail writes address fields anew.
    def check(self, message, recipients, footers, **how):
        return super().check(message, recipients, footers, unfold=True, **how)

    def test_every_shape(self):
        for name, body in mail.SHAPES.items():
            with self.subTest(name):
                message = mail.compose(body, to=[JONES])
                self.check(message, [JONES, SMITH], [SAM])
                self.wait_report(message)

    def test_bcc_header(self):
        # Sendmail shows the filter the Bcc field and drops it afterwards.
        message = mail.compose(mail.PLAIN, to=[JONES],
                               headers=["Bcc: Sam Smith <%s>" % SMITH])
        self.deliver(message, [JONES, SMITH])
        for got in self.out.by_id(mail.message_id(message)):
            self.assertNotIn(SMITH.encode(), got.data)
            mail.check_edit(
                message.replace(b"Bcc: Sam Smith <%s>\r\n" % SMITH.encode(),
                                b""), got.data, [SAM], unfold=True)

    def test_local_bcc_header(self):
        message = mail.compose(mail.PLAIN, to=[JONES],
                               headers=["Bcc: " + SMITH])
        self.mta.sendmail(message.replace(b"\r\n", b"\n"), "-f", CLERK, "-t")
        got = self.out.wait(mail.message_id(message), 2)[0]
        self.assertIsNone(got.header("Bcc"))
        mail.check_edit(message.replace(b"Bcc: %s\r\n" % SMITH.encode(), b""),
                        got.data, [SAM], unfold=True)

    def test_several_hidden(self):
        message = mail.compose(mail.ALTERNATIVE, to=[JONES])
        self.check(message, [JONES, SMITH, PATEL], [SAM, PRIYA])

    def test_visible_copy_is_none(self):
        message = mail.compose(mail.PLAIN, to=[JONES], cc=[SMITH])
        self.check(message, [JONES, SMITH], [])

    def test_widened_charset(self):
        message = mail.compose(mail.PLAIN, to=[JONES])
        self.check(message, [JONES, MULLER], [ZOE], relabelled=True)

    def test_alias(self):
        message = mail.compose(mail.PLAIN, to=[PATEL])
        self.check(message, [PATEL, "planning@lists.woodland-pc.example"],
                   ["CC councillor Jane Jones", SAM], copies=3)

    def test_plus_address(self):
        message = mail.compose(mail.PLAIN, to=[JONES])
        self.check(message, [JONES, "cllr.smith+news@woodland-pc.example"],
                   [SAM])

    def test_no_visible_councillor(self):
        # NoRecipientAction may add a field here, so only the body is held.
        for to in [], ["undisclosed-recipients:;"], ["x@outside.example"]:
            with self.subTest(to=to):
                message = mail.compose(mail.PLAIN, to=to)
                self.deliver(message, [JONES, SMITH])
                for got in self.out.by_id(mail.message_id(message)):
                    self.assertEqual(mail.split(got.data)[1],
                                     mail.split(message)[1])
                self.assertEqual(self.reports_about(message), [])

    def test_own_copy(self):
        message = mail.compose(mail.PLAIN, to=[JONES])
        self.check(message, [JONES, CLERK], [])

    def test_outsider_is_never_named(self):
        message = mail.compose(mail.PLAIN, to=[JONES])
        deliveries = self.check(message, [JONES, SMITH, SECRET], [SAM])
        reports = self.wait_report(message)
        for data in (deliveries[0].data, reports[0].data,
                     self.filter.log_text().encode(),
                     self.filter.journal_bytes()):
            self.assertNotIn(b"zz.whistle", data)
            self.assertNotIn(b"secret.example", data)

    def test_inbound_forgery(self):
        message = mail.compose(mail.PLAIN, to=[JONES])
        self.check(message, [JONES, SMITH], [], login=None, service="relay",
                   source=ELSEWHERE)
        self.assertEqual(self.reports_about(message), [])

    def test_bounce_and_automatic(self):
        message = mail.compose(mail.PLAIN, to=[JONES])
        self.check(message, [JONES, SMITH], [], sender="")
        message = mail.compose(mail.PLAIN, to=[JONES],
                               headers=["Auto-Submitted: auto-replied"])
        self.check(message, [JONES, SMITH], [])

    def test_two_messages_on_a_connection(self):
        first = mail.compose(mail.PLAIN, to=[JONES])
        second = mail.compose(mail.PLAIN, to=[JONES])
        third = mail.compose(mail.QUOTED, to=[SMITH])
        with self.mta.connected(login="clerk") as client:
            client.transact(CLERK, [JONES, SMITH], first)
            client.mail(CLERK)
            client.rcpt(PATEL)
            client.rset()
            client.transact(CLERK, [JONES], second)
            client.transact(CLERK, [SMITH, PATEL], third)
        for message, footers in (first, [SAM]), (second, []), (third, [PRIYA]):
            got = self.out.wait(mail.message_id(message))[0]
            mail.check_edit(message, got.data, footers, unfold=True)

    def test_fifty_recipients(self):
        strangers = ["reader%d@outside.example" % i for i in range(50)]
        message = mail.compose(mail.PLAIN, to=[JONES] + strangers)
        self.check(message, [JONES, SMITH] + strangers, [SAM])

    def test_second_pass(self):
        # What left comes back through the relay port, as from a list server.
        message = mail.compose(mail.ALTERNATIVE, to=[JONES])
        edited = self.deliver(message, [JONES, SMITH]).data
        before = len(self.out.by_id(mail.message_id(message)))
        self.assertEqual(self.submit(edited, [JONES, SMITH], login=None,
                                     service="relay")[0], 250)
        again = wait_until("the second pass", lambda: self.out.by_id(
            mail.message_id(message))[before:])[0]
        self.assertEqual(mail.split(again.data)[1], mail.split(edited)[1])

    def test_large_message(self):
        text = b"".join(b"line %d of a long message\r\n" % i
                        for i in range(60000))
        message = mail.compose(b"\r\n" + text, to=[JONES])
        self.check(message, [JONES, SMITH], [SAM])

    def test_reject(self):
        message = mail.compose(mail.PLAIN, to=[JONES], subject="please refuse")
        code, text = self.submit(message, [JONES, SMITH])
        self.assertEqual(code, 550)
        self.assertIn(b"5.7.1 this council does not send that", text)

    def test_defer(self):
        message = mail.compose(mail.PLAIN, to=[JONES], subject="please defer")
        code, text = self.submit(message, [JONES])
        self.assertEqual(code, 451)
        self.assertIn(b"4.7.1 try again", text)

    def test_hold(self):
        message = mail.compose(mail.PLAIN, to=[JONES], subject="please hold")
        self.assertEqual(self.submit(message, [JONES, SMITH])[0], 250)
        (_, reason), = self.mta.quarantined()
        self.assertIn("held", reason)
        self.assertEqual(self.out.by_id(mail.message_id(message)), [])
        self.wait_report(message)
