"""SMTP clients: an officer who logs in, and a stranger from outside."""

import base64
import contextlib
import smtplib

PASSWORD = "correct horse"
STRANGER = "198.51.100.7"     # TEST-NET-2, RFC 5737
TRUSTED = "192.0.2.10"        # TEST-NET-1; in the test policy's networks


class Client(smtplib.SMTP):
    """Keeps the exact bytes of a message and tells every reply."""

    def __init__(self, port, proxied=None, source=None):
        self._proxied = proxied
        super().__init__("127.0.0.1", port, "client.example", 60,
                         source and (source, 0))

    def _get_socket(self, host, port, timeout):
        connection = super()._get_socket(host, port, timeout)
        if self._proxied:       # the haproxy protocol, version 1
            connection.sendall(b"PROXY TCP4 %s 127.0.0.1 40000 25\r\n" %
                               self._proxied.encode())
        return connection

    def login_plain(self, user, password=PASSWORD):
        self.ehlo_or_helo_if_needed()
        token = base64.b64encode(
            b"\0%s\0%s" % (user.encode(), password.encode())).decode()
        self._expect(self.docmd("AUTH", "PLAIN " + token), 235)

    def transact(self, sender, recipients, message, options=()):
        """One transaction; returns the final reply (code, text)."""
        self.ehlo_or_helo_if_needed()
        self._expect(self.mail(sender, list(options)), 250)
        for recipient in recipients:
            self._expect(self.rcpt(recipient), 250)
        return self.data(message)

    @staticmethod
    def _expect(reply, code):
        if reply[0] != code:
            raise smtplib.SMTPResponseException(*reply)


@contextlib.contextmanager
def connected(port, login=None, proxied=None, source=None):
    client = Client(port, proxied, source)
    try:
        if login is not None:
            client.login_plain(login)
        yield client
        with contextlib.suppress(smtplib.SMTPException, OSError):
            client.quit()
    finally:
        client.close()
