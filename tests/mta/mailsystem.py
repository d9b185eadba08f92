"""A council's mail system for one test class: filter, MTA, two sinks."""

import os
import unittest

import mail
from filter import Filter
from place import Place, wait_until
from sink import Sink

BUILD = os.environ.get("BUILDDIR", os.getcwd())

CLERK = "clerk@woodland-pc.example"
DEPUTY = "deputy@woodland-pc.example"
JONES = "cllr.jones@woodland-pc.example"
SMITH = "cllr.smith@woodland-pc.example"
PATEL = "cllr.patel@woodland-pc.example"
MULLER = "cllr.muller@woodland-pc.example"
LOGINS = ("clerk", "deputy", CLERK)


class MailSystem(unittest.TestCase):
    """Subclasses make their MTA in make_mta()."""

    @classmethod
    def setUpClass(cls):
        cls.place = Place(cls.__name__.lower())
        cls.addClassCleanup(cls.place.close)
        cls.out = Sink(cls.place.port())        # where all mail goes
        cls.reports = Sink(cls.place.port())    # where reports go
        cls.milter = "unix:" + cls.place.file("milter.sock")
        cls.mta = cls.make_mta()
        cls.filter = cls.make_filter()
        cls.place.release_ports()
        for sink in cls.out, cls.reports:
            sink.up()
            cls.place.at_end(sink.down)
        cls.filter.start()
        cls.mta.start()

    @classmethod
    def make_mta(cls):
        raise NotImplementedError

    @classmethod
    def make_filter(cls):
        return Filter(cls.place, BUILD, cls.reports.port)

    def submit(self, message, recipients, login="clerk", sender=CLERK,
               options=(), service="submission", **how):
        """One message over a connection of its own; returns the reply."""
        with self.mta.connected(service, login, **how) as client:
            return client.transact(sender, recipients, message, options)

    def deliver(self, message, recipients, copies=None, **how):
        """Submits and waits; returns the first delivery."""
        reply = self.submit(message, recipients, **how)
        self.assertEqual(reply[0], 250, reply)
        return self.out.wait(mail.message_id(message),
                             copies or len(recipients))[0]

    def check(self, message, recipients, footers, **how):
        """Submits, waits, and compares what each recipient gets."""
        options = {key: how.pop(key) for key in ("relabelled", "unfold")
                   if key in how}
        self.deliver(message, recipients, **how)
        deliveries = self.out.by_id(mail.message_id(message))
        for delivery in deliveries:
            mail.check_edit(message, delivery.data, footers, **options)
        return deliveries

    def reports_about(self, message):
        wanted = mail.message_id(message).strip("<>").encode()
        return self.reports.matching(lambda one: wanted in one.data)

    def wait_report(self, message):
        return wait_until("the report about " + mail.message_id(message),
                          lambda: self.reports_about(message))
