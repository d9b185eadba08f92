"""A DKIM signer after the filter: its signatures hold for edited mail."""

import subprocess

import mail
from mailsystem import JONES, LOGINS, MULLER, SMITH, MailSystem
from place import end_process, listens, run, wait_until
from postfix import Postfix

SIGNER = """\
Mode s
Domain woodland-pc.example
Selector test
KeyFile {key}
Socket inet:{port}@127.0.0.1
Canonicalization relaxed/simple
OversignHeaders From
Background no
Syslog no
RequireSafeKeys no
"""

VERIFIER = """\
Mode v
TestPublicKeys {public}
Background no
Syslog no
"""


class TestDkim(MailSystem):
    @classmethod
    def make_mta(cls):
        place = cls.place
        folder = place.folder("dkim", 0o700)
        run("opendkim-genkey", "-D", folder, "-d", "woodland-pc.example", "-s",
            "test", "-b", "2048")
        cls.signer_port = place.port()
        cls.signer_config = place.file("signer.conf", SIGNER.format(
            key=folder + "/test.private", port=cls.signer_port))
        public = run("openssl", "rsa", "-in", folder + "/test.private",
                     "-pubout", "-outform", "PEM").decode()
        key = "".join(line for line in public.splitlines()
                      if not line.startswith("-"))
        cls.verifier_config = place.file("verifier.conf", VERIFIER.format(
            public=place.file("public", "test._domainkey.woodland-pc.example "
                              "v=DKIM1; k=rsa; p=%s\n" % key)))
        return Postfix(place, cls.out.port, cls.milter, logins=LOGINS,
                       signer="inet:127.0.0.1:%d" % cls.signer_port)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        signer = subprocess.Popen(["opendkim", "-x", cls.signer_config],
                                  stdin=subprocess.DEVNULL)
        cls.place.at_end(lambda: end_process(signer))
        wait_until("the signer", lambda: listens(cls.signer_port))

    def verifies(self, message):
        path = self.place.file("to-verify", message)
        done = subprocess.run(
            ["opendkim", "-x", self.verifier_config, "-t", path], check=False,
            stdin=subprocess.DEVNULL, capture_output=True)
        return done.returncode == 0 and b") succeeded" in done.stdout

    def test_signatures_verify(self):
        for name, body in mail.SHAPES.items():
            for hidden, footer in (SMITH, "CC councillor Sam Smith"), (
                    MULLER, "CC councillor Zoë Müller"):
                with self.subTest(name, hidden=hidden):
                    message = mail.compose(body, to=[JONES])
                    got = self.deliver(message, [JONES, hidden])
                    mail.check_edit(message, got.data, [footer],
                                    relabelled=hidden == MULLER)
                    self.assertEqual(len(got.headers("DKIM-Signature")), 1)
                    self.assertTrue(self.verifies(got.data))
        # And the verifier does notice a change.
        self.assertFalse(self.verifies(got.data + b"!\r\n"))
