"""An SMTP server that keeps what it gets, byte for byte, and can be down.

The stored data is what stood between DATA and the final dot, with the dots
unstuffed and CRLF line ends as they came over the wire.
"""

import re
import socket
import threading

from place import wait_until


class Delivery:
    """One transaction: the envelope and the message."""

    def __init__(self, client, sender, parameters, recipients, data):
        self.client = client    # as it called itself
        self.sender = sender
        self.parameters = parameters
        self.recipients = recipients
        self.data = data

    def header(self, name):
        """The first field of that name, unfolded, or None."""
        found = self.headers(name)
        return found[0] if found else None

    def headers(self, name):
        head = self.data.split(b"\r\n\r\n", 1)[0].decode("utf-8", "replace")
        lines = re.sub(r"\r\n([ \t])", r"\1", head).split("\r\n")
        return [line.split(":", 1)[1].strip() for line in lines
                if line.lower().startswith(name.lower() + ":")]

    @property
    def message_id(self):
        return self.header("Message-ID")


class Sink:
    EXTENSIONS = ("PIPELINING", "SIZE 0", "8BITMIME", "SMTPUTF8")

    def __init__(self, port):
        self.port = port
        # Hooks: before the message comes; and when it is kept, but the
        # client does not know yet.
        self.before_data = self.before_reply = lambda: None
        self._lock = threading.Lock()
        self._deliveries = []
        self._connections = set()
        self._listener = None
        self._thread = None

    def up(self):
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self.port))
        self._listener.listen(64)
        self._thread = threading.Thread(target=self._accept,
                                        args=(self._listener,), daemon=True)
        self._thread.start()

    def down(self):
        """From now on connections are refused; running ones are cut."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self._thread.join()

    @property
    def deliveries(self):
        with self._lock:
            return list(self._deliveries)

    def matching(self, test):
        return [one for one in self.deliveries if test(one)]

    def by_id(self, message_id):
        return self.matching(lambda one: one.message_id == message_id)

    def wait(self, message_id, recipients=1, seconds=60.0):
        """Waits until a message has come for that many recipients."""
        def arrived():
            found = self.by_id(message_id)
            count = sum(len(one.recipients) for one in found)
            return found if count >= recipients else None
        return wait_until("message " + message_id, arrived, seconds)

    def _accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,),
                             daemon=True).start()

    def _serve(self, connection):
        try:
            with connection, connection.makefile("rwb") as stream:
                self._converse(stream)
        except (OSError, ValueError):
            pass
        finally:
            with self._lock:
                self._connections.discard(connection)

    def _converse(self, stream):
        def say(text):
            stream.write(text.encode() + b"\r\n")
            stream.flush()

        client = sender = parameters = None
        recipients = []
        say("220 sink.example ESMTP")
        for line in iter(stream.readline, b""):
            command = line.decode("utf-8", "surrogateescape").rstrip("\r\n")
            verb = command[:4].upper()
            if verb == "EHLO":
                client = command[5:]
                for extension in self.EXTENSIONS[:-1]:
                    say("250-" + extension)
                say("250 " + self.EXTENSIONS[-1])
            elif verb == "MAIL":
                sender, parameters = _path(command)
                recipients = []
                say("250 2.1.0 ok")
            elif verb == "RCPT":
                recipients.append(_path(command)[0])
                say("250 2.1.5 ok")
            elif verb == "DATA":
                self.before_data()
                say("354 go ahead")
                data = _read_data(stream)
                if data is None:
                    return
                with self._lock:
                    self._deliveries.append(
                        Delivery(client, sender, parameters, recipients, data))
                self.before_reply()
                say("250 2.0.0 kept")
                recipients = []
            elif verb == "QUIT":
                say("221 2.0.0 bye")
                return
            else:
                say("250 2.0.0 ok")


def _path(command):
    found = re.match(r"[^<]*<([^>]*)>\s*(.*)", command)
    return (found.group(1), found.group(2)) if found else ("", "")


def _read_data(stream):
    lines = []
    for line in iter(stream.readline, b""):
        if line == b".\r\n":
            return b"".join(lines)
        lines.append(line[1:] if line.startswith(b".") else line)
    return None
