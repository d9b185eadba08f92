"""What a message says: confidential matters and obligations, with the policy
that is shipped, through Postfix and Sendmail."""

import base64
import email
import email.policy
import os

import documents
import mail
from filter import Filter
from mailsystem import BUILD, CLERK, DEPUTY, JONES, PATEL, MailSystem
from place import run, wait_until
from postfix import Postfix
from sendmail import Sendmail

CONF = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "..", "..", "conf")
RESIDENT = "resident@else.example"
SOLICITOR = "solicitor@law.example"
BUILDER = "office@builder.example"
MINISTER = "secretary.of.state@communities.gov.example"
LOGINS = {CLERK: "clerk", DEPUTY: "deputy", JONES: "jones", PATEL: "patel"}
NAMES = {CLERK: "Alex Morgan", DEPUTY: "Robin Lee", JONES: "Jane Jones",
         PATEL: "Priya Patel"}

STAFF = ("Ms Tester has been signed off with stress since March, and her "
         "disciplinary hearing is now on 4 July.")
WELSH = {"fire": "Mae'r Cyngor yn derbyn eich dyfynbris. Dechreuwch y gwaith "
                 "ddydd Llun.",
         "miss": "Os bydd y Cyngor yn cytuno, bydd y Clerc yn anfon archeb."}


def plain(text):
    return mail.crlf("MIME-Version: 1.0\nContent-Type: text/plain; "
                     "charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" +
                     text + "\n")


def both(text):
    return mail.crlf("""MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=two

--two
Content-Type: text/plain; charset=utf-8

%s
--two
Content-Type: text/html; charset=utf-8

<html><body><p>%s</p></body></html>
--two--
""" % (text, text))


def attached(text, name, data):
    coded = base64.encodebytes(data).decode()
    return mail.crlf("""MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=parts

--parts
Content-Type: text/plain; charset=utf-8

%s
--parts
Content-Type: application/octet-stream; name="%s"
Content-Disposition: attachment; filename="%s"
Content-Transfer-Encoding: base64

%s
--parts--
""" % (text, name, name, coded))


def letter_text(letter):
    """What a letter says, as one line."""
    parsed = email.message_from_bytes(letter.data, policy=email.policy.default)
    return " ".join(parsed.get_body(("plain",)).get_content().split())


class Content:
    """For a MailSystem: submits as somebody, and tells what became of it."""

    @classmethod
    def make_filter(cls):
        return Filter(cls.place, BUILD, cls.reports.port, CONF)

    def send(self, body, to, cc=(), sender=CLERK, subject="The pavilion",
             headers=()):
        message = mail.compose(
            body, to=to, cc=cc, subject=subject, headers=headers,
            sender="%s <%s>" % (NAMES[sender], sender))
        reply = self.submit(message, list(to) + list(cc),
                            login=LOGINS[sender], sender=sender)
        self.assertEqual(reply[0], 250, reply)
        return message

    def passes(self, body, to, **how):
        message = self.send(body, to, **how)
        count = len(to) + len(how.get("cc", ()))
        got = self.out.wait(mail.message_id(message), count)[0]
        self.assertNotIn("held", self.fate_of(message))
        return got

    def fate_of(self, message):
        return " ".join(letter_text(one) for one in
                        self.reports_about(message))

    def holds(self, body, to, readers, **how):
        """It is held, and these get a letter about it."""
        message = self.send(body, to, **how)
        letters = wait_until("letters to " + ", ".join(readers), lambda: (
            {one.recipients[0] for one in self.reports_about(message)} >=
            set(readers)) and self.reports_about(message))
        self.assertEqual(self.out.by_id(mail.message_id(message)), [])
        return {one.recipients[0]: letter_text(one) for one in letters}


class Obligations(Content):
    """The second paragraph on correspondence."""

    def test_acceptance_is_held(self):
        letters = self.holds(
            plain("Dear builder,\n\nwe accept your quotation of 3 May. Please "
                  "start on Monday.\n\nJane Jones"), [BUILDER],
            [JONES, CLERK], sender=JONES)
        # The sender is told in plain words, and what to do; never "breach".
        self.assertIn("we accept your quotation", letters[JONES])
        self.assertIn("may", letters[JONES])
        self.assertIn("ask the Clerk to send this", letters[JONES])
        self.assertIn("If you think this is mistaken", letters[JONES])
        self.assertNotIn("breach", letters[JONES])
        self.assertIn("we accept your quotation", letters[CLERK])
        self.assertIn("obligation-in-councillors-name", letters[CLERK])
        self.assertNotIn(b"we accept", self.filter.log_text().encode())

    def test_acceptance_inside_of_a_signature_is_held(self):
        key, certificate = self.place.file("key"), self.place.file("cert")
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
            "-keyout", key, "-out", certificate, "-days", "2", "-subj",
            "/CN=Jane Jones/emailAddress=" + JONES)
        for how in ("smime",), ("cms", "-stream"):
            with self.subTest(how):
                self.holds(
                    mail.crlf(run(
                        "openssl", how[0], "-sign", "-nodetach", *how[1:],
                        "-signer", certificate, "-inkey", key, input=plain(
                            "Dear builder,\n\nwe accept your quotation of "
                            "3 May. Please start on Monday.\n\nJane "
                            "Jones")).decode()),
                    [BUILDER], [JONES, CLERK], sender=JONES)

    def test_asking_the_clerk_passes(self):
        self.passes(plain("Alex, could you please order the three bins that "
                          "Council agreed on?"), [CLERK], sender=JONES)

    def test_minuted_decision_passes(self):
        self.passes(plain("At its meeting on 12 May the Council resolved to "
                          "accept your quotation, minute 25/061. The Clerk "
                          "will send you the order."), [BUILDER],
                    sender=JONES)

    def test_clerk_passes(self):
        self.passes(plain("We accept your quotation. Please start on Monday."),
                    [BUILDER])

    def test_chair_to_a_minister_passes_and_is_counted(self):
        message = self.send(plain(
            "Dear Minister,\n\nI write on behalf of the Parish Council to "
            "express its concern about the bus service.\n\nCllr Priya Patel\n"
            "Chair of the Council"), [MINISTER], sender=PATEL)
        self.out.wait(mail.message_id(message), 1)
        self.filter.wait_log("chair-letter")

    def letters(self, signature):
        text = ("Woodland Parish Council\n\nDear Sir,\n\nwe are pleased to "
                "appoint your firm as contractor for the roof of the "
                "pavilion. Please start on 3 June.\n\nYours faithfully,\n\n" +
                signature)
        return [("letter.docx", documents.docx(text)),
                ("letter.pdf", documents.pdf(text))]

    def test_letter_signed_by_the_chair_is_held(self):
        for name, data in self.letters(
                "Cllr Priya Patel\nChair of the Council"):
            with self.subTest(name):
                self.holds(attached("Please see the letter.\n\nRobin", name,
                                    data), [BUILDER], [CLERK], sender=DEPUTY)

    def test_letter_signed_by_the_clerk_passes(self):
        for name, data in self.letters("Alex Morgan\nClerk to the Council"):
            with self.subTest(name):
                self.passes(attached("Please see the letter.\n\nRobin", name,
                                     data), [BUILDER], sender=DEPUTY)

    def test_welsh(self):
        self.holds(plain(WELSH["fire"]), [BUILDER], [JONES, CLERK],
                   sender=JONES)
        self.passes(plain(WELSH["miss"]), [BUILDER], sender=JONES)


class TestPostfixObligations(Obligations, MailSystem):
    @classmethod
    def make_mta(cls):
        return Postfix(cls.place, cls.out.port, cls.milter,
                       logins=LOGINS.values())


class TestSendmailObligations(Obligations, MailSystem):
    @classmethod
    def make_mta(cls):
        return Sendmail(cls.place, os.path.join(BUILD, "sendmail-packages"),
                        cls.out.port, cls.milter, logins=LOGINS.values())


class TestConfidential(Content, MailSystem):
    """The third paragraph on correspondence."""

    @classmethod
    def make_mta(cls):
        return Postfix(cls.place, cls.out.port, cls.milter,
                       logins=LOGINS.values())

    def test_unmarked_gains_its_marking(self):
        got = self.passes(both(STAFF), [JONES])
        parsed = email.message_from_bytes(got.data,
                                          policy=email.policy.default)
        self.assertEqual(parsed["Subject"], "[CONFIDENTIAL] The pavilion")
        self.assertEqual(parsed["Sensitivity"], "Company-Confidential")
        for kind in "plain", "html":
            text = " ".join(mail.visible_lines(parsed.get_body((kind,))))
            banner = text.split(STAFF[:20])[0]
            self.assertIn("Confidential:", banner)
            self.assertIn("member of staff", banner)
            self.assertIn("Jane Jones", banner)

    def test_marked_mail_is_left_alone(self):
        body = plain("Private and confidential\n\n" + STAFF)
        got = self.passes(body, [JONES])
        self.assertEqual(got.data.partition(b"\r\n\r\n")[2],
                         body.partition(b"\r\n\r\n")[2])

    def test_marked_mail_to_a_resident_is_held(self):
        letters = self.holds(plain("Private and confidential\n\n" + STAFF),
                             [JONES], [CLERK], cc=[RESIDENT], sender=DEPUTY)
        self.assertIn("confidential-to-third-party", letters[CLERK])
        # Content stays put: nothing of the text, and no stranger's name.
        for word in "Tester", "stress", RESIDENT:
            self.assertNotIn(word, letters[CLERK])
            self.assertNotIn(word.encode(), self.filter.journal_bytes())
            self.assertNotIn(word, self.filter.log_text())

    def test_to_the_solicitor_it_passes(self):
        self.passes(plain("Private and confidential\n\n" + STAFF), [JONES],
                    cc=[SOLICITOR], sender=DEPUTY)

    def test_reply_that_drops_the_marking_is_held(self):
        quoted = ("You should know this.\n\nOn 7 May 2026, Alex Morgan "
                  "<%s> wrote:\n> PRIVATE AND CONFIDENTIAL\n>\n> %s" % (
                      CLERK, STAFF))
        letters = self.holds(plain(quoted), [CLERK], [JONES], cc=[RESIDENT],
                             sender=JONES, subject="Re: The pavilion",
                             headers=["In-Reply-To: <0@client.example>"])
        self.assertIn("quotes something marked", letters[JONES])

    def test_encrypted_attachment_is_reported(self):
        body = attached("The papers are attached.", "papers.zip",
                        documents.locked_zip("minutes.txt", "secret"))
        message = self.send(body, [RESIDENT], sender=DEPUTY)
        self.out.wait(mail.message_id(message), 1)
        self.filter.wait_log(r"not-examined.*not fully inspected: "
                             r"attachments were not read.*1 encrypted")

    def test_ordinary_mail_is_left_alone(self):
        for text in ("The grievance and disciplinary policies are due for "
                     "review.", "The agenda is on our pages."):
            body = plain(text)
            got = self.passes(body, [JONES])
            self.assertEqual(got.data.partition(b"\r\n\r\n")[2],
                             body.partition(b"\r\n\r\n")[2])

    def test_exempt_channel(self):
        body = plain("Private and confidential\n\n" + STAFF)
        message = self.send(
            body, ["monitoring.officer@district.example", RESIDENT],
            sender=DEPUTY)
        self.out.wait(mail.message_id(message), 2)
        self.assertNotIn(mail.message_id(message).strip("<>").encode(),
                         self.filter.journal_bytes())
        self.assertEqual(self.reports_about(message), [])
