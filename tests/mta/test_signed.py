"""Signed mail that is wrapped: the signature inside still verifies."""

import email
import os
import re
import subprocess

import mail
from mailsystem import CLERK, JONES, LOGINS, SMITH, MailSystem
from place import run
from postfix import Postfix

SAM = "CC councillor Sam Smith"
TEXT = "The hall is open \non Mondays.  Caf=C3=A9 =\nopen, too.\n-- \nAlex\n"
PART = mail.crlf("Content-Type: text/plain; charset=utf-8\n"
                 "Content-Transfer-Encoding: quoted-printable\n\n" + TEXT)


class TestSigned(MailSystem):
    @classmethod
    def make_mta(cls):
        return Postfix(cls.place, cls.out.port, cls.milter, logins=LOGINS)

    @classmethod
    def make_filter(cls):
        council_filter = super().make_filter()
        with open(council_filter.policy, encoding="utf-8") as policy:
            text = policy.read()
        cls.place.file("rules/council.policy", text.replace(
            "signed mail leave", "signed mail wrap"))
        return council_filter

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls.place.file("key")
        cls.certificate = cls.place.file("certificate")
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes",
            "-keyout", cls.key, "-out", cls.certificate, "-days", "2",
            "-subj", "/CN=Alex Morgan/emailAddress=" + CLERK)
        cls.gnupg = cls.place.folder("gnupg", 0o700)
        cls.place.at_end(lambda: cls.gpg("gpgconf", "--kill", "all"))
        cls.gpg("gpg", "--batch", "--passphrase", "", "--quick-generate-key",
                CLERK, "default", "default", "never")

    @classmethod
    def gpg(cls, program, *arguments, **options):
        return run(program, *arguments,
                   env=dict(os.environ, GNUPGHOME=cls.gnupg), **options)

    def wrapped(self, body):
        """Sends it, and returns the bytes of the original in the wrapping."""
        message = mail.compose(body, to=[JONES])
        got = self.deliver(message, [JONES, SMITH]).data
        mail.check_headers(message, got, relabelled=True)
        wrapping = email.message_from_bytes(got)
        self.assertEqual(wrapping.get_content_type(), "multipart/mixed")
        original, footer = wrapping.get_payload()
        self.assertEqual(original.get_content_type(),
                         email.message_from_bytes(body).get_content_type())
        self.assertEqual(mail.visible_lines(footer).count(SAM), 1)
        part = mail.raw_parts(got)[0]
        self.assertEqual(mail.split(part)[1].rstrip(b"\r\n"),
                         mail.split(body)[1].rstrip(b"\r\n"))
        return part

    def openssl_accepts(self, part):
        return subprocess.run(
            ["openssl", "smime", "-verify", "-CAfile", self.certificate],
            input=part, check=False, capture_output=True).returncode == 0

    def test_smime(self):
        for how in (), ("-nodetach",):
            with self.subTest(how):
                signed = run("openssl", "smime", "-sign", "-signer",
                             self.certificate, "-inkey", self.key, "-crlfeol",
                             *how, input=PART)
                signed = re.sub(rb"\r?\n", b"\r\n", signed)
                self.assertTrue(self.openssl_accepts(signed))
                part = self.wrapped(signed)
                self.assertTrue(self.openssl_accepts(part))
        self.assertFalse(self.openssl_accepts(part.replace(b"MII", b"MIJ", 1)))

    def test_pgp(self):
        signature = self.gpg("gpg", "--batch", "--armor", "--detach-sign",
                             input=PART)
        body = (b"MIME-Version: 1.0\r\n"
                b"Content-Type: multipart/signed; micalg=pgp-sha512;\r\n"
                b' protocol="application/pgp-signature"; boundary=sig\r\n\r\n'
                b"--sig\r\n" + PART + b"\r\n--sig\r\n"
                b"Content-Type: application/pgp-signature\r\n\r\n" +
                signature.replace(b"\n", b"\r\n") + b"\r\n--sig--\r\n")
        part, signature = mail.raw_parts(self.wrapped(body))
        self.gpg("gpg", "--batch", "--verify", self.place.file(
            "signature", mail.split(signature)[1]), "-", input=part)
        with self.assertRaises(RuntimeError):
            self.gpg("gpg", "--batch", "--verify",
                     self.place.file("signature"), "-", input=part + b" ")
