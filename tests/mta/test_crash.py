"""kill -9 at every stage: nothing is lost, nothing leaves without its footer.

A proxy between Postfix and the filter sees each packet of the milter protocol
and kills the filter at the chosen one; it starts again at once, as a service
manager would see to.  The client tries again for as long as it is told to,
always with the same message.
"""

import random
import smtplib
import threading

import mail
from filter import Respawner
from mailsystem import CLERK, JONES, LOGINS, SMITH, MailSystem
from place import wait_until
from postfix import Postfix
from proxy import AFTER, BEFORE, TO_FILTER, TO_MTA, Proxy

MESSAGES = 200
PATIENCE = 120  # seconds that the client goes on trying
SAM = "CC councillor Sam Smith"

# Negotiation, connection, MAIL, RCPT, header, its end, body, end of message;
# then the replies: a header field, the body, the final word.
STAGES = ([(TO_FILTER, command, moment) for command in "OCMRLNBE"
           for moment in (BEFORE, AFTER)] +
          [(TO_MTA, command, moment) for command in "Oibac"
           for moment in (BEFORE, AFTER)])
# These must all have been met, or the test has tested too little.  Some of
# the others depend on what the filter asks the MTA for.
ESSENTIAL = {(TO_FILTER, command) for command in "OMRLBE"} | {
    (TO_MTA, "b")}


class TestCrash(MailSystem):
    @classmethod
    def make_mta(cls):
        cls.armed = None
        cls.met = set()
        cls.lock = threading.Lock()
        cls.proxy = Proxy(cls.place.port(), cls.place.file("milter.sock"),
                          cls.packet)
        return Postfix(cls.place, cls.out.port, cls.proxy.address,
                       logins=LOGINS)

    @classmethod
    def make_filter(cls):
        council_filter = super().make_filter()
        cls.respawner = Respawner(council_filter)
        return council_filter

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proxy.start()
        cls.place.at_end(cls.proxy.stop)

    @classmethod
    def packet(cls, direction, command, moment):
        with cls.lock:
            if cls.armed is None:
                return
            stage, skip = cls.armed
            if stage != (direction, command, moment):
                return
            if skip > 0:
                cls.armed = (stage, skip - 1)
                return
            cls.armed = None
            cls.met.add((direction, command))
        cls.respawner.kill()

    def arm(self, stage, skip=0):
        with self.lock:
            type(self).armed = (stage, skip)

    def persist(self, message, recipients):
        """A client that tries again until the message is taken."""
        def accepted():
            try:
                code, _ = self.submit(message, recipients)
            except (smtplib.SMTPException, OSError):
                return False
            self.assertIn(code // 100, (2, 4))
            return code == 250
        wait_until("the message to be taken", accepted, PATIENCE)

    def test_kill_at_every_stage(self):
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        bodies = list(mail.SHAPES.values()) + [
            b"\r\n" + b"a line of a long message\r\n" * 20000]
        messages = []
        # And while a report leaves: before the clerk's mail server has it, and
        # when it has, but did not say so yet.
        self.reports.before_data = self.reports.before_reply = lambda: (
            chance.random() < 0.05 and self.respawner.kill())
        for number in range(MESSAGES):
            message = mail.compose(bodies[number % len(bodies)], to=[JONES],
                                   subject="message %d" % number)
            messages.append(message)
            if number < len(STAGES) * 2:
                self.arm(STAGES[number // 2])
            else:
                self.arm(chance.choice(STAGES), chance.randrange(4))
            if number % 20 == 19:
                self.mta.sendmail(message.replace(b"\r\n", b"\n"), "-f",
                                  CLERK, JONES, SMITH)
            else:
                self.persist(message, [JONES, SMITH])
        with self.lock:
            type(self).armed = None
        self.reports.before_data = self.reports.before_reply = lambda: None

        with self.subTest("none lost, none without its footer", seed=seed):
            for message in messages:
                got = self.out.wait(mail.message_id(message), 2, 120)
                for delivery in got:
                    mail.check_edit(message, delivery.data, [SAM])
        with self.subTest("every finding reported", seed=seed):
            for message in messages:
                self.wait_report(message)
            wait_until("an empty outbox", lambda: not self.filter.waiting())
        with self.subTest("one Message-ID a finding", seed=seed):
            for message in messages:
                reports = self.reports_about(message)
                self.assertEqual(len({one.message_id for one in reports}), 1)
                self.assertEqual(len({one.data for one in reports}), 1)
        with self.subTest("every stage was met", seed=seed):
            self.assertEqual(ESSENTIAL - self.met, set())
            self.assertGreater(self.respawner.kills, MESSAGES // 4)
        repeats = len(self.reports.deliveries) - len(messages)
        print("# %d messages, %d kills, %d reports repeated" % (
            len(messages), self.respawner.kills, repeats))
