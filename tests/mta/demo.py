#!/usr/bin/env python3
"""demo.py [--keep]: what contrib/quickstart shows.

Three messages go through a private Postfix with the filter and the shipped
policy, one for each paragraph of the protocol on correspondence: a hidden copy,
a promise in a councillor's name, a confidential matter without a marking; then
what each reader gets.  BUILDDIR names the folder with the programs.
"""

import email
import email.policy
import os
import select
import signal
import sys
import textwrap

import client
from filter import Filter
from place import Place, run, wait_until
from postfix import Postfix
from sink import Sink

CLERK = "clerk@woodland-pc.example"
JONES = "cllr.jones@woodland-pc.example"
SMITH = "cllr.smith@woodland-pc.example"
BUILDER = "office@builder.example"
CONF = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "..", "..", "conf")

MESSAGE = """\
Date: Thu, 07 May 2026 10:00:00 +0100
From: Alex Morgan <{clerk}>
To: Jane Jones <{jones}>
Subject: The village hall
Message-ID: <demo@woodland-pc.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Dear Jane,

thank you for your questions about the village hall.  I will bring the
figures to the meeting on Monday.

Alex Morgan
Clerk to the Council
""".format(clerk=CLERK, jones=JONES)

ORDER = """\
Date: Thu, 07 May 2026 11:00:00 +0100
From: Jane Jones <{jones}>
To: The builder <{builder}>
Subject: Re: The roof of the pavilion
Message-ID: <order@woodland-pc.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Dear builder,

we accept your quotation.  Please start as soon as you can.

Cllr Jane Jones
""".format(jones=JONES, builder=BUILDER)

STAFF = """\
Date: Thu, 07 May 2026 12:00:00 +0100
From: Alex Morgan <{clerk}>
To: Sam Smith <{smith}>
Subject: The depot
Message-ID: <staff@woodland-pc.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Dear Sam,

Ms Tester has been signed off with stress since March, and her disciplinary
hearing is now on 4 July.

Alex Morgan
Clerk to the Council
""".format(clerk=CLERK, smith=SMITH)


def title(text):
    print("\n\033[1m%s\033[0m" % text if sys.stdout.isatty() else
          "\n%s\n%s" % (text, "-" * len(text)))


def show(text):
    print(textwrap.indent(text.rstrip(), "    ", lambda _: True))


def readable(data):
    """A message without the MTA's Received fields."""
    parsed = email.message_from_bytes(data)
    del parsed["Received"]
    return parsed.as_bytes().decode("utf-8", "replace")


def plain_text(data):
    report = email.message_from_bytes(data, policy=email.policy.default)
    fields = "".join("%s: %s\n" % (name, report[name])
                     for name in ("From", "To", "Subject"))
    return fields + "\n" + report.get_body(("plain",)).get_content()


class Demo:
    def __init__(self, place):
        build = os.environ.get("BUILDDIR", os.getcwd())
        self.out = Sink(place.port())
        self.reports = Sink(place.port())
        self.place = place
        self.postfix = Postfix(
            place, self.out.port, "unix:" + place.file("milter.sock"),
            logins=[CLERK, JONES])
        self.filter = Filter(place, build, self.reports.port, CONF)

    def start(self):
        self.place.release_ports()
        for sink in self.out, self.reports:
            sink.up()
            self.place.at_end(sink.down)
        self.filter.start()
        self.postfix.start()

    def submit(self, login, recipients, message):
        """Sends it and shows the server's answer."""
        with self.postfix.connected(login=login) as connection:
            code, text = connection.transact(
                login, recipients, message.replace("\n", "\r\n").encode())
        show("%d %s" % (code, text.decode()))

    def letters(self, message_id):
        """What the filter wrote about a message, by reader."""
        return {letter.recipients[0]: plain_text(letter.data)
                for letter in wait_until(
                    "the letters about " + message_id, lambda: (
                        lambda found: len(found) > 1 and found)(
                            self.reports.matching(
                                lambda one: message_id.encode() in one.data)))}

    def explain(self, sender, recipients, message):
        path = self.place.file("message.eml", message)
        show(run(self.filter.ctl, "--config", self.filter.config, "explain",
                 "--policy", self.filter.policy, "--from", sender, "--auth",
                 sender, *(word for one in recipients
                           for word in ("--rcpt", one)), path).decode())

    def tell(self):
        self.tell_of_a_copy()
        self.tell_of_a_promise()
        self.tell_of_a_secret()

    def tell_of_a_copy(self):
        title("1. The clerk writes to one councillor, with a hidden copy to "
              "another")
        show("MAIL FROM:<%s>\nRCPT TO:<%s>\nRCPT TO:<%s>    (the Bcc)\n\n" % (
            CLERK, JONES, SMITH) + MESSAGE)
        self.submit(CLERK, [JONES, SMITH], MESSAGE)
        title("2. What both councillors receive")
        show(readable(wait_until("the message", lambda: self.out.deliveries)[
            0].data))
        letters = self.letters("demo@woodland-pc.example")
        title("3. The notice that the clerk gets, as the sender")
        show(letters.pop(CLERK))
        title("4. The report: to the chair, since it is about the clerk's own "
              "mail")
        show(letters.popitem()[1])
        title("5. What the log says")
        show(self.filter.log_text())
        title("6. Why? councilctl explain")
        self.explain(CLERK, [JONES, SMITH], MESSAGE)

    def tell_of_a_promise(self):
        title("7. A councillor accepts a quotation")
        show(ORDER)
        self.submit(JONES, [BUILDER], ORDER)
        title("8. It is held; the notice that the councillor gets")
        show(self.letters("order@woodland-pc.example")[JONES])

    def tell_of_a_secret(self):
        title("9. The clerk writes of a staff matter, without a marking")
        show(STAFF)
        self.submit(CLERK, [SMITH], STAFF)
        title("10. What the councillor receives")
        show(readable(wait_until("the message", lambda: self.out.by_id(
            "<staff@woodland-pc.example>"))[0].data))

    def keep(self):
        """Shows what comes out until Enter, or the end of input."""
        title("Still running; press Enter to stop")
        show("SMTP submission on 127.0.0.1, port %d\nlogin %s\n"
             "password %s\npolicy %s\n\nWhat leaves is shown here." % (
                 self.postfix.ports["submission"], CLERK, client.PASSWORD,
                 self.filter.policy))
        shown = {sink: len(sink.deliveries)
                 for sink in (self.out, self.reports)}
        while not select.select([sys.stdin], [], [], 0.2)[0]:
            for sink, count in shown.items():
                for delivery in sink.deliveries[count:]:
                    title("To " + ", ".join(delivery.recipients))
                    show(plain_text(delivery.data) if sink is self.reports
                         else readable(delivery.data))
                shown[sink] = len(sink.deliveries)


def main(arguments):
    # Place cleans up on the way out of any exception, SystemExit included.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with Place("quickstart") as place:
            demo = Demo(place)
            demo.start()
            demo.tell()
            if "--keep" in arguments:
                demo.keep()
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
