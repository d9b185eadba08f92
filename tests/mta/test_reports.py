"""Reports: while their SMTP server is down, what they say, and no loops."""

import email
import email.policy
import time

import mail
from filter import Filter
from mailsystem import (BUILD, CLERK, DEPUTY, JONES, LOGINS, PATEL, SMITH,
                        MailSystem)
from place import wait_until
from postfix import Postfix

SAM = "CC councillor Sam Smith"


class TestServerDown(MailSystem):
    @classmethod
    def make_mta(cls):
        return Postfix(cls.place, cls.out.port, cls.milter, logins=LOGINS)

    def test_all_arrive_once(self):
        self.reports.down()
        messages = [mail.compose(mail.PLAIN, to=[JONES]) for _ in range(20)]
        for number, message in enumerate(messages):
            self.check(message, [JONES, SMITH], [SAM])
            if number == 9:
                self.filter.stop()      # a restart forgets nothing
                self.filter.start()
        wait_until("tries that fail", lambda: any(
            "connect to" in line for line in self.filter.outbox()))
        self.assertEqual(self.filter.waiting(), 20)
        self.assertEqual(self.reports.deliveries, [])
        self.reports.up()
        for message in messages:
            self.wait_report(message)
        wait_until("an empty outbox", lambda: not self.filter.waiting())
        time.sleep(3)       # longer than the longest pause between tries
        self.assertEqual(len(self.reports.deliveries), 20)
        self.assertEqual(
            len({one.message_id for one in self.reports.deliveries}), 20)


class TestContents(MailSystem):
    @classmethod
    def make_mta(cls):
        return Postfix(cls.place, cls.out.port, cls.milter, logins=LOGINS)

    def test_what_the_clerk_reads(self):
        message = mail.compose(mail.PLAIN, to=[JONES], sender=DEPUTY)
        self.check(message, [JONES, SMITH, PATEL],
                   [SAM, "CC councillor Priya Patel"], login="deputy")
        delivery, = self.wait_report(message)
        self.assertEqual((delivery.sender, delivery.recipients), ("", [CLERK]))
        self.assertEqual(delivery.client, "gateway.woodland-pc.example")
        report = email.message_from_bytes(delivery.data,
                                          policy=email.policy.default)
        self.assertEqual(report["Auto-Submitted"], "auto-generated")
        self.assertIn("Woodland Parish Council", str(report["From"]))
        self.assertEqual(report["To"].addresses[0].addr_spec, CLERK)
        self.assertEqual(report.get_content_type(), "multipart/alternative")
        plain, page = report.iter_parts()
        self.assertEqual(plain.get_content_type(), "text/plain")
        self.assertEqual(page.get_content_type(), "text/html")
        self.assertIn('lang="en', page.get_content())
        for part in plain, page:
            text = " ".join(part.get_content().split())
            for word in ("silent-copy", "Correspondence, paragraph 1",
                         "Sam Smith", "Priya Patel", "Jane Jones",
                         "Robin Lee"):
                self.assertIn(word, text)
            self.assertNotIn(SMITH, text)       # names, no addresses
        self.assertEqual(delivery.data, delivery.data.decode(
            "ascii").encode())
        self.assertLessEqual(max(map(len, delivery.data.split(b"\r\n"))), 998)


class TestNoLoop(MailSystem):
    """The reports leave through the very MTA that the filter looks after."""

    @classmethod
    def make_mta(cls):
        return Postfix(cls.place, cls.out.port, cls.milter, logins=LOGINS)

    @classmethod
    def make_filter(cls):
        return Filter(cls.place, BUILD, cls.mta.ports["again"])

    def test_reports_are_not_examined(self):
        message = mail.compose(mail.PLAIN, to=[JONES], sender=DEPUTY)
        self.check(message, [JONES, SMITH], [SAM], login="deputy")
        wanted = mail.message_id(message).strip("<>").encode()
        report, = wait_until("the report", lambda: self.out.matching(
            lambda one: one.recipients == [CLERK] and wanted in one.data))
        fields = mail.split(report.data)[0]
        self.assertEqual([], [one for one in fields if
                              one.lower().startswith(b"x-council-milter")])
        wait_until("an empty outbox", lambda: not self.filter.waiting())
        time.sleep(1)
        self.assertEqual(len(self.out.matching(
            lambda one: one.recipients == [CLERK])), 1)
