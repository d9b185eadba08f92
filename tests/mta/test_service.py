"""The daemon as a service: reload, stop, and mail while it is not there."""

import smtplib

import mail
from mailsystem import JONES, LOGINS, SMITH, MailSystem
from postfix import Postfix

SAM = "CC councillor Sam Smith"


class TestService(MailSystem):
    @classmethod
    def make_mta(cls):
        return Postfix(cls.place, cls.out.port, cls.milter, logins=LOGINS)

    def setUp(self):
        with open(self.filter.policy, encoding="utf-8") as policy:
            self.original = policy.read()
        self.addCleanup(self.rewrite, self.original)

    def rewrite(self, text):
        with open(self.filter.policy, "w", encoding="utf-8") as policy:
            policy.write(text)

    def test_reload(self):
        # The connection is older than the new policy; its next message is
        # judged by the new one all the same.
        with self.mta.connected(login="clerk") as client:
            first = mail.compose(mail.PLAIN, to=[JONES])
            client.transact("clerk@woodland-pc.example", [JONES, SMITH], first)
            self.rewrite(self.original.replace('footer "CC councillor {name}"',
                                               'footer "Also to {name}"'))
            self.filter.reload()
            self.filter.wait_log("reloaded")
            second = mail.compose(mail.PLAIN, to=[JONES])
            client.transact("clerk@woodland-pc.example", [JONES, SMITH],
                            second)
        for message, footer in (first, SAM), (second, "Also to Sam Smith"):
            got = self.out.wait(mail.message_id(message))[0]
            mail.check_edit(message, got.data, [footer])
        # One that does not load changes nothing, and says where it is wrong.
        self.rewrite(self.original.replace("then   footer", "then   fotter"))
        self.filter.reload()
        self.filter.wait_log(r"council\.policy:\d+:\d+: .*fotter")
        self.filter.wait_log("not reloaded")
        message = mail.compose(mail.PLAIN, to=[JONES])
        self.check(message, [JONES, SMITH], ["Also to Sam Smith"])

    def test_mail_waits_while_it_is_down(self):
        self.filter.stop()
        message = mail.compose(mail.PLAIN, to=[JONES])
        with self.assertRaises(smtplib.SMTPException) as caught:
            self.submit(message, [JONES, SMITH])
        self.assertEqual(caught.exception.smtp_code // 100, 4)
        self.filter.start()
        self.check(message, [JONES, SMITH], [SAM])
